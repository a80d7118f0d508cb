"""A wall of tiles: generated or real digits, feature maps, mistakes; any of them can be chosen and enlarged."""

from gan_tui.dashboard.views.base import Scene, View, fitting, latest, sheet
from gan_tui.drawing.cells import Cells
from gan_tui.drawing.pictures.blocks import draw_picture
from gan_tui.drawing.pictures.pairs import draw_pairs
from gan_tui.drawing.pictures.tiles import TileLayout, draw_tiles, mark_tile, tile_at
from gan_tui.run.events import Picture
from gan_tui.run.state import RunState

_ACROSS = {100: 10, 64: 8, 32: 8}
"""Tiles in a row of the sheet, where a grid is usual: 10 × 10, 8 × 8, 4 × 8."""


class WallView(View):
    """The newest picture of a tag, as tiles; or one of its tiles, as large as the pane."""

    hint = "arrows choose  ⏎ enlarge"

    def __init__(self, tag: str, name: str) -> None:
        self.tag, self.name = tag, name
        self.chosen: int | None = None
        self.enlarged = False
        self._shown: TileLayout | None = None

    def needs(self, state: RunState) -> list[Picture]:
        picture = latest(state, self.tag)
        return [picture] if picture else []

    def draw(self, scene: Scene, columns: int, rows: int) -> tuple[Cells, str]:
        picture = self.needs(scene.state)[-1]
        tiles = scene.tiles(picture)
        if self.enlarged and self.chosen is not None:
            self.chosen = min(self.chosen, len(tiles) - 1)
            size = fitting(tiles, columns, rows)
            return draw_picture(tiles[self.chosen], *size, scene.terminal), self._label(picture, self.chosen)
        _, height, width = tiles.shape
        cells, self._shown = draw_tiles(
            sheet(tiles, _ACROSS.get(len(tiles))), height, width, columns, rows, scene.terminal, margin=self._margin
        )
        span = f"  {picture.low:.2g}…{picture.high:.2g}" if picture.kind == "features" else ""
        return cells, self._marked(cells, scene, picture) + span

    @property
    def _margin(self) -> int:
        """Cells around the tiles, for the frame of the chosen one."""
        return 0 if self.chosen is None else 1

    def _marked(self, cells: Cells, scene: Scene, picture: Picture) -> str:
        """Frame the chosen tile, one of those on show; returns what is said of it, or of them all."""
        assert self._shown is not None
        if self.chosen is None:
            return f"{self._shown.tiles} of {self._shown.total}"
        self.chosen = max(0, min(self.chosen, self._shown.tiles - 1))
        mark_tile(cells, self._shown, self.chosen, scene.ink.warning, scene.terminal)
        return self._label(picture, self.chosen)

    def _label(self, picture: Picture, number: int) -> str:
        named = f"  {picture.labels[number]}" if number < len(picture.labels) else ""
        return f"no. {number + 1}{named}"

    def move(self, across: int, down: int) -> bool:
        if self._shown is None:
            return False
        if self.chosen is None:
            self.chosen = 0
            return True
        wanted = self.chosen + across + down * self._shown.columns
        if not 0 <= wanted < (self._shown.total if self.enlarged else self._shown.tiles):
            return False
        self.chosen = wanted
        return True

    def enter(self) -> bool:
        self.chosen = self.chosen or 0
        self.enlarged = not self.enlarged
        return True

    def click(self, column: int, row: int) -> bool:
        if self.enlarged:
            self.enlarged = False
            return True
        chosen = tile_at(self._shown, column, row) if self._shown else None
        if chosen is None:
            return False
        self.enlarged = chosen == self.chosen  # a second click enlarges
        self.chosen = chosen
        return True


class SampleWallView(WallView):
    """Generated images; `v` puts real ones beside them."""

    hint = "v real  arrows choose  ⏎ enlarge"

    def __init__(self, tag: str, name: str) -> None:
        super().__init__(tag, name)
        self.beside_real = False

    def needs(self, state: RunState) -> list[Picture]:
        real = latest(state, "real") if self.beside_real else None
        return [*([real] if real else []), *super().needs(state)]

    def switch(self) -> bool:
        self.beside_real = not self.beside_real
        return True

    def draw(self, scene: Scene, columns: int, rows: int) -> tuple[Cells, str]:
        needed = self.needs(scene.state)
        if len(needed) < 2 or self.enlarged:
            return super().draw(scene, columns, rows)
        real, generated = (scene.tiles(picture) for picture in needed)
        count, (height, width) = min(len(real), len(generated)), generated.shape[1:]
        cells, (self._shown, _) = draw_pairs(
            sheet(generated[:count]), sheet(real[:count]), height, width, columns, rows, scene.terminal,
            headings=("generated", "real"), tones=scene.tones, margin=self._margin,
        )  # fmt: skip
        return cells, self._marked(cells, scene, needed[-1])


class OneView(View):
    """A single picture, as large as the pane."""

    hint = "n new latent"

    def __init__(self, tag: str, name: str) -> None:
        self.tag, self.name = tag, name

    def needs(self, state: RunState) -> list[Picture]:
        picture = latest(state, self.tag)
        return [picture] if picture else []

    def draw(self, scene: Scene, columns: int, rows: int) -> tuple[Cells, str]:
        picture = self.needs(scene.state)[0]
        tile = scene.tiles(picture)[0]
        size = fitting(tile, columns, rows)
        return draw_picture(tile, *size, scene.terminal), " ".join(picture.labels[:1])
