"""What a report says, as rows of words: the same in a shell and on the screen."""

from __future__ import annotations

from collections.abc import Sequence

from gan_tui.data.own.found import GREY, Form, Found
from gan_tui.data.own.report import Report

Row = tuple[str, str]
"""What it is, and how much."""


def facts(report: Report) -> list[Row]:
    """Size, levels, label and split, a row each."""
    found = report.found
    rows: list[Row] = []
    if found.form is Form.IMAGES:
        rows.append(("size", _by(*found.sides) if found.sides else "of several sizes"))
        rows.append(("color", _colors(found.channels)))
        if report.form and report.form != (*(found.sides or ()), found.channels):
            *sides, channels = report.form
            taken = f"{_by(*sides)}, {_colors(channels)}, unless image_size or color says another"
            rows.append(("taken as", taken))
        if levels := report.levels:
            rows.append(("levels", f"{levels.low} to {levels.high}, {levels.mean:.0f} in the mean, of 0 to 255"))
    elif found.label:
        rows.append(("label", found.label))
    rows.append(("validation", _split(found)))
    return rows


def _colors(channels: int) -> str:
    return "grey" if channels == GREY else "red, green, blue"


def _by(height: int, width: int) -> str:
    return f"{width} × {height}"


def _split(found: Found) -> str:
    if found.held_back:
        return f"{found.held_back:,} examples that the data set apart"
    return f"none set apart; validation_split takes a share{' of each class' if found.names else ''}"


def changed_at_random(changes: Sequence[str]) -> str:
    """What stands before examples that are shown as training may see them."""
    return f"Each as it is, then as training may see it: {', '.join(changes)}."


def left_out(found: Found) -> Sequence[str]:
    """The notes, a sentence each."""
    return [f"{note[:1].upper()}{note[1:]}{'' if note.endswith('.') else '.'}" for note in found.notes]
