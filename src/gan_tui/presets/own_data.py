"""Data of a person's own in a preset: what lies where its setting `data` says, and what of that a run keeps.

A run keeps what was found when it began, so that it can be looked at when the data are not there any more.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gan_tui.data import own
from gan_tui.data.layout import held_of
from gan_tui.data.own import Form, Found
from gan_tui.data.own.found import from_document, some
from gan_tui.errors import UserError
from gan_tui.presets.tasks.base import TaskRules
from gan_tui.text import harmless, shown_path

_LOOKED_AT = ("data", "label")
"""The settings that what is found depends on."""
_KEPT = "the [settings] of its preset.toml"


def with_place(document: Mapping[str, Any], settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """The settings of a preset, `data` among them where it is written beside its data set, as it may be.

    Raises ValueError where it is written twice.
    """
    if "data" not in document:
        return settings
    if "data" in settings:
        raise ValueError("data is written twice; leave it out of the settings")
    return {**settings, "data": document["data"]}


def of_its_set(values: Mapping[str, Any], dataset: str) -> dict[str, Any]:
    """Settings whose `data` are, where a folder holds several sets, those called as the preset's own."""
    place = values.get("data")
    if not place or own.is_name(place) or not (held := held_of(Path(place), dataset)):
        return dict(values)
    return {**values, "data": str(held)}


def found_in(document: Mapping[str, Any], rules: TaskRules, values: Mapping[str, Any], begun: bool) -> Found | None:
    """What lies where a preset's settings say: of a run that has begun, what lay there then.

    Raises ValueError with a sentence that begins with the key where nothing usable lies there, or where what a run kept
    of it was spoilt.
    """
    if not values.get("data"):
        return None
    kept = document.get("found")
    if begun and isinstance(kept, dict):
        return from_document(kept, Path(values["data"]))
    try:
        return found_at(rules, values)
    except UserError as error:
        raise ValueError(f"data: {str(error).rstrip('.')}") from None


def found_at(
    rules: TaskRules, values: Mapping[str, Any], before: Mapping[str, Any] | None = None, then: Found | None = None
) -> Found | None:
    """What lies where settings say; `then` is what was found with the settings of `before`. Raises UserError."""
    if not values.get("data"):
        return None
    if then and before and all(values.get(name) == before.get(name) for name in _LOOKED_AT):
        return then
    return looked_at(rules, values)


def looked_at(rules: TaskRules, values: Mapping[str, Any], origin: str = "") -> Found:
    """What lies where settings say, as a task takes it. Raises UserError."""
    found = own.look(values["data"], values.get("label", ""), origin)
    found = found.with_number() if rules.learns_number else found
    refuse_unfit(rules, found)
    return found


def found_again(rules: TaskRules, values: Mapping[str, Any], then: Found) -> Found:
    """What lies there now that a run began with. Raises UserError where it is gone, or is plainly something else."""
    refuse_missing(values)
    now = looked_at(rules, values, then.origin)
    if then.form is Form.TABLE:
        _refuse_other_table(then, now)
    elif now.names != then.names:
        raise UserError(f"{now.path} has other classes than this run began with: {_others(then.names, now.names)}.")
    return now


def refuse_missing(values: Mapping[str, Any], whose: str = "run", kept: str = _KEPT) -> None:
    """Raises UserError where the data of a run, or of a sweep, are not where they were, or that cannot be told; `kept`
    says where their place is written.
    """
    place = values.get("data", "")
    if place and not own.is_there(place):
        raise UserError(
            f"The data of this {whose} are not at {shown_path(place)} any more: have them mounted or put back, or, if "
            f'they were moved, write where they are now as data = "…" into {kept}.'
        )


def _others(then: Sequence[str], now: Sequence[str]) -> str:
    """'bird is new, and dog and cat are gone; restore them, or start another run'"""
    new, gone = ([name for name in a if name not in b] for a, b in ((now, then), (then, now)))
    parts = [f"{some(new)} {'is' if len(new) == 1 else 'are'} new"] if new else []
    parts += [f"{some(gone)} {'is' if len(gone) == 1 else 'are'} gone"] if gone else []
    return f"{', and '.join(parts) or 'they have another order'}; restore them, or start another run"


def _refuse_other_table(then: Found, now: Found) -> None:
    """Raises UserError where a table has other columns or classes than when the run began."""
    differences = (
        ("learns from", then.inputs, now.inputs),
        ("has the label", (then.label,), (now.label,)),
        ("has the classes", then.names, now.names),
    )
    for what, before, after in differences:
        if before != after:
            place = next((n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
            shown = (
                f"{_at(after, place)}, and was {_at(before, place)}"
                if place is not None
                else (f"{len(after):,} of them, and were {len(before):,}")
            )
            raise UserError(
                f"{harmless(str(now.path), 300)} is another table than this run was trained on: what it {what} is "
                f"{shown}; restore it, or start another run."
            )


def _at(names: tuple[str, ...], place: int) -> str:
    return f'"{names[place]}"'


def refuse_unfit(rules: TaskRules, found: Found) -> None:
    """Raises UserError where data are not what a task learns from: what they are, and what would do."""
    if found.form is not rules.takes:
        wants = {Form.IMAGES: "images", Form.TABLE: "a table, such as a CSV file"}[rules.takes]
        raise UserError(
            f"{found.path} holds {found.says}, and this preset learns from {wants}: choose another of them."
        )
    if rules.learns_number and found.names:
        raise UserError(
            f"{found.path} holds {found.says}, and this preset learns a number: name a column of numbers as the "
            "label, or choose the preset plane."
        )
    if rules.learns_classes and found.is_number:
        raise UserError(
            f"{found.path} holds {found.says}, and this preset tells classes apart: name a column of words as the "
            "label, or choose the preset regression."
        )
    if rules.learns_classes and len(found.names) < 2:
        raise UserError(
            f"{found.path} holds {found.says}, and this preset tells classes apart: name data of two classes or more."
        )
