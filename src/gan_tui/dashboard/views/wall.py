"""A wall of tiles: generated or real digits, mistakes; any of them can be chosen and enlarged, page after page."""

from collections.abc import Sequence

import numpy as np

from gan_tui.dashboard.views.base import Scene, View, draw_alone, latest
from gan_tui.drawing.cells import Cells
from gan_tui.drawing.pictures.blocks import Pixels, Shades
from gan_tui.drawing.pictures.pairs import draw_pairs, room_for_each
from gan_tui.drawing.pictures.tiles import TileLayout, draw_tiles, layout, mark_tile, tile_at, write_captions
from gan_tui.drawing.words import LEAST_LETTERS
from gan_tui.run.events import Picture
from gan_tui.run.pictures import Tiles
from gan_tui.run.state import RunState
from gan_tui.text import cut, width

_ACROSS = {100: 10, 64: 8, 32: 8}
"""Tiles in a row, where a grid is usual and there is room for it: 10 × 10, 8 × 8, 4 × 8."""
_ARROW = " → "


class WallView(View):
    """The newest picture of a tag, as tiles; or one of its tiles, as large as the pane."""

    hint = "arrows choose  ⏎ enlarge"

    def __init__(self, tag: str, name: str) -> None:
        self.tag, self.name = tag, name
        self.chosen: int | None = None
        """A tile, by its number from 0 on."""
        self.enlarged = False
        self._first = 0
        """The place of the first tile on show, of all places."""
        self._order: Sequence[int] = ()
        """Which tile is at each place."""
        self._wall: TileLayout | None = None
        self._page = 1
        """Tiles that there is room for."""

    def keys(self, state: RunState) -> str:
        return f"PgDn more  {self.hint}" if self._page < len(self._order) else self.hint

    def needs(self, state: RunState) -> list[Picture]:
        picture = latest(state, self.tag)
        return [picture] if picture else []

    def draw(self, scene: Scene, columns: int, rows: int) -> tuple[Cells, str]:
        tiles = scene.tiles(self.needs(scene.state)[-1])
        labels = [_label(tiles, number) for number in range(len(tiles))]
        captions = [tuple(label.replace(_ARROW, f"\n{_ARROW.lstrip()}").split("\n")) for label in tiles.labels]
        return self._draw(scene, tiles.pixels, labels, captions, columns, rows)

    def _draw(
        self,
        scene: Scene,
        pixels: Pixels,
        labels: Sequence[str],
        captions: Sequence[Sequence[str]],
        columns: int,
        rows: int,
        *,
        order: Sequence[int] = (),
        shades: Shades | None = None,
    ) -> tuple[Cells, str]:
        """The wall, or what is enlarged of it. `labels` and `captions` are of each tile, `order` its places."""
        self._order = order or range(len(pixels))
        if self.chosen is not None:
            self.chosen = min(self.chosen, len(pixels) - 1)
            if self.enlarged:
                return draw_alone(pixels[self.chosen], columns, rows, scene.terminal, shades), labels[self.chosen]
        across = _ACROSS.get(len(pixels)) or len(pixels)
        plans = [
            self._planned(pixels, across, (columns, rows), scene, lines)
            for lines in range(min(1, len(captions)), 1 + max((len(caption) for caption in captions), default=0))
        ]
        plan, margin = [one for one in plans if one[0].shown >= plans[0][0].shown][-1]
        self._turn_to_chosen(plan.shown)
        cells, self._wall = draw_tiles(
            pixels[np.asarray(self._order)], columns, rows, scene.terminal, across=across, margin=margin,
            first=self._first, lines=plan.lines, shades=shades,
        )  # fmt: skip
        if captions:
            shown = [captions[tile] for tile in self._on_show]
            if self._wall.lines == 1:
                shown = [(_in_one_line(caption, self._wall.tile_columns),) for caption in shown]
            write_captions(cells, self._wall, shown, scene.terminal, scene.ink.dim)
        return cells, self._marked(cells, scene, labels)

    @property
    def _on_show(self) -> Sequence[int]:
        return self._order[self._first : self._first + self._page]

    def _turn_to_chosen(self, page: int) -> None:
        """Show the page of so many tiles that the chosen one is on, or else the one where the first was."""
        self._page = max(1, page)
        place = self._first if self.chosen is None else list(self._order).index(self.chosen)
        self._first = min(place, max(0, len(self._order) - 1)) // self._page * self._page

    def _planned(
        self, pixels: Pixels, across: int, pane: tuple[int, int], scene: Scene, lines: int = 0
    ) -> tuple[TileLayout, int]:
        """How tiles lie in a pane, and the cells around them all that are kept free for the frame of the chosen one.

        None, where a frame would make them fewer or smaller: what is looked at stays as it is.
        """
        count, height, wide, _ = pixels.shape
        plan = layout(count, across, (height, wide), pane, scene.terminal, lines=lines)
        if self.chosen is None:
            return plan, 0
        within = max(0, pane[0] - 2), max(0, pane[1] - 2)
        framed = layout(count, across, (height, wide), within, scene.terminal, lines=lines, framed=True)
        return (framed, 1) if (framed.shown, framed.scale) == (plan.shown, plan.scale) else (plan, 0)

    def _marked(self, cells: Cells, scene: Scene, labels: Sequence[str]) -> str:
        """Frame the chosen tile, one of those on show; returns what is said of it, or of them all."""
        assert self._wall is not None
        if self.chosen is None:
            return self._range(self._first, self._first + self._wall.shown, self._wall.total)
        mark_tile(cells, self._wall, self._place - self._first, scene.ink.warning, scene.terminal)
        return labels[self.chosen]

    def _range(self, before: int, last: int, total: int) -> str:
        """Which of the tiles are on show, where so many are before them."""
        return f"{f'{before + 1}–{last}' if before else last} of {total}"

    @property
    def _place(self) -> int:
        """Where the chosen tile is."""
        return list(self._order).index(self.chosen or 0)

    def move(self, across: int, down: int) -> bool:
        if self._wall is None or not len(self._order):
            return False
        if self.chosen is None:
            self.chosen = self._order[self._first]
            return True
        wanted = self._place + across + down * self._wall.across
        if not 0 <= wanted < len(self._order):
            return False
        self.chosen = self._order[wanted]
        return True

    def page(self, pages: int) -> bool:
        first = self._first + pages * self._page
        if self.enlarged or not 0 <= first < len(self._order):
            return False
        self._first = first
        if self.chosen is not None:
            self.chosen = self._order[first]
        return True

    def enter(self) -> bool:
        if self.chosen is None and len(self._order):
            self.chosen = self._order[self._first]
        self.enlarged = not self.enlarged
        return True

    @property
    def is_nested(self) -> bool:
        return self.chosen is not None

    def back(self) -> bool:
        if self.enlarged:
            self.enlarged = False
        else:
            self.chosen = None
        return True

    def click(self, column: int, row: int) -> bool:
        if self.enlarged:
            self.enlarged = False
            return True
        place = tile_at(self._wall, column, row) if self._wall else None
        if place is None:
            return False
        chosen = self._order[self._first + place]
        self.enlarged = chosen == self.chosen  # a second click enlarges
        self.chosen = chosen
        return True


class SampleWallView(WallView):
    """Generated images; `v` puts real ones beside them."""

    hint = "v real  arrows choose  ⏎ enlarge"

    def __init__(self, tag: str, name: str) -> None:
        super().__init__(tag, name)
        self.beside_real = False

    def keys(self, state: RunState) -> str:
        keys = super().keys(state)
        return keys if "real" in state.pictures else keys.replace("v real  ", "")

    def needs(self, state: RunState) -> list[Picture]:
        real = latest(state, "real") if self.beside_real else None
        return [*([real] if real else []), *super().needs(state)]

    def switch(self) -> bool:
        self.beside_real = not self.beside_real
        return True

    def draw(self, scene: Scene, columns: int, rows: int) -> tuple[Cells, str]:
        *beside, generated = (scene.tiles(picture) for picture in self.needs(scene.state))
        if self.enlarged or not beside or beside[0].pixels.shape[1:] != generated.pixels.shape[1:]:
            return super().draw(scene, columns, rows)
        (real,), count = beside, min(len(beside[0]), len(generated))
        self._order = range(count)
        if self.chosen is not None:
            self.chosen = min(self.chosen, count - 1)
        plan, margin = self._planned(generated.pixels[:count], count, room_for_each(columns, rows), scene)
        self._turn_to_chosen(plan.shown)
        cells, (self._wall, _) = draw_pairs(
            generated.pixels[:count], real.pixels[:count], columns, rows, scene.terminal,
            headings=("generated", "real"), tones=scene.ink, margin=margin, first=self._first,
        )  # fmt: skip
        return cells, self._marked(cells, scene, [_label(generated, number) for number in range(count)])


class OneView(View):
    """A single picture, as large as the pane."""

    hint = "n new latent"

    def __init__(self, tag: str, name: str) -> None:
        self.tag, self.name = tag, name

    def needs(self, state: RunState) -> list[Picture]:
        picture = latest(state, self.tag)
        return [picture] if picture else []

    def draw(self, scene: Scene, columns: int, rows: int) -> tuple[Cells, str]:
        tiles = scene.tiles(self.needs(scene.state)[0])
        return draw_alone(tiles.pixels[0], columns, rows, scene.terminal), " ".join(tiles.labels[:1])


def _label(tiles: Tiles, number: int) -> str:
    named = f"  {tiles.labels[number]}" if number < len(tiles.labels) else ""
    return f"no. {number + 1}{named}"


def _in_one_line(caption: Sequence[str], columns: int) -> str:
    """A caption's lines in one; where a truth and an answer have no room, as much of either as of the other."""
    whole = " ".join(caption)
    if width(whole) <= columns or len(caption) == 1:
        return whole
    truth, answer = caption[0], caption[1]
    sure = answer.rpartition(" ")
    answer = sure[0] if sure[2].replace(".", "").isdigit() else answer
    room = columns - 1  # for the blank between them
    if room < 2 * LEAST_LETTERS + len(_ARROW.lstrip()):
        return cut(answer, columns)  # what it was taken for; who chooses the tile is told both
    truth = cut(truth, max(LEAST_LETTERS, (room - 2) // 2, room - width(answer)))
    return f"{truth} {cut(answer, room - width(truth))}"
