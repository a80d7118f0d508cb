"""Textual's compositor, less the work for what nobody sees."""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from textual._compositor import Compositor
from textual.geometry import Region
from textual.strip import Strip

Chops = dict[int, Strip | None]
"""A line in pieces: by their first columns, what they show."""


class VisibleCompositor(Compositor):
    """Asks a widget for those of its lines alone that nothing before it covers.

    Textual asks every container for all of its lines, and drops them where its children are: on a screen that they
    cover, that is most of the lines, each with its styles.
    """

    def _render_chops(self, crop: Region, is_rendered_line: Callable[[int], bool]) -> Sequence[Mapping[int, Strip]]:
        lines: list[Chops] = [dict.fromkeys(cuts[:-1]) for cuts in self.cuts]
        for widget, (region, clip) in self.visible_widgets.items():  # from front to back
            visible = region.intersection(clip)
            if not (visible and crop.overlaps(clip)):
                continue
            first_column, last_column = visible.column_span
            wanted = [
                y for y in visible.line_range if is_rendered_line(y) and _is_open(lines[y], first_column, last_column)
            ]
            if not wanted:
                continue
            top, bottom = wanted[0], wanted[-1] + 1
            part = Region(visible.x - region.x, top - region.y, visible.width, bottom - top)
            strips = widget.render_lines(part)
            for y in wanted:
                _fill(lines[y], strips[y - top], self.cuts[y], first_column, last_column)
        return cast("Sequence[Mapping[int, Strip]]", lines)


def _is_open(line: Chops, first: int, last: int) -> bool:
    return any(piece is None and first <= start < last for start, piece in line.items())


def _fill(line: Chops, strip: Strip, all_cuts: list[int], first: int, last: int) -> None:
    """Put a widget's line, which begins at column `first`, where nothing else is."""
    cuts = [cut for cut in all_cuts if first <= cut <= last]
    for cut, piece in zip(cuts, _divided(strip, [cut - first for cut in cuts[1:]]), strict=False):
        if line[cut] is None:
            line[cut] = piece


def _divided(strip: Strip, ends: list[int]) -> Sequence[Strip]:
    """The pieces of a line. A whole one is not asked to divide itself: it would remember that it is its own piece, and
    so stay, with all that is drawn of it, until garbage is collected.
    """
    return [strip] if ends == [strip.cell_length] else strip.divide(ends)
