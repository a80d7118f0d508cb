"""A wall of tiles: generated or real digits, feature maps, mistakes; any of them can be chosen and enlarged."""

from gan_tui.dashboard.views.base import Scene, View, draw_alone, latest
from gan_tui.drawing.cells import Cells
from gan_tui.drawing.pictures.pairs import draw_pairs
from gan_tui.drawing.pictures.tiles import TileLayout, draw_tiles, mark_tile, tile_at
from gan_tui.run.events import Picture
from gan_tui.run.pictures import Meaning, Tiles
from gan_tui.run.state import RunState

_ACROSS = {100: 10, 64: 8, 32: 8}
"""Tiles in a row, where a grid is usual and there is room for it: 10 × 10, 8 × 8, 4 × 8."""


class WallView(View):
    """The newest picture of a tag, as tiles; or one of its tiles, as large as the pane."""

    hint = "arrows choose  ⏎ enlarge"

    def __init__(self, tag: str, name: str) -> None:
        self.tag, self.name = tag, name
        self.chosen: int | None = None
        self.enlarged = False
        self._wall: TileLayout | None = None

    def needs(self, state: RunState) -> list[Picture]:
        picture = latest(state, self.tag)
        return [picture] if picture else []

    def draw(self, scene: Scene, columns: int, rows: int) -> tuple[Cells, str]:
        tiles = scene.tiles(self.needs(scene.state)[-1])
        if self.enlarged and self.chosen is not None:
            self.chosen = min(self.chosen, len(tiles) - 1)
            return draw_alone(tiles.pixels[self.chosen], columns, rows, scene.terminal), _label(tiles, self.chosen)
        across = _ACROSS.get(len(tiles))
        cells, self._wall = draw_tiles(tiles.pixels, columns, rows, scene.terminal, across=across, margin=self._margin)
        span = f"  {tiles.low:.2g}…{tiles.high:.2g}" if tiles.meaning is Meaning.FEATURE_MAP else ""
        return cells, self._marked(cells, scene, tiles) + span

    @property
    def _margin(self) -> int:
        """Cells around the tiles, for the frame of the chosen one."""
        return 0 if self.chosen is None else 1

    def _marked(self, cells: Cells, scene: Scene, tiles: Tiles) -> str:
        """Frame the chosen tile, one of those on show; returns what is said of it, or of them all."""
        assert self._wall is not None
        if self.chosen is None:
            return f"{self._wall.shown} of {self._wall.total}"
        self.chosen = max(0, min(self.chosen, self._wall.shown - 1))
        mark_tile(cells, self._wall, self.chosen, scene.ink.warning, scene.terminal)
        return _label(tiles, self.chosen)

    def move(self, across: int, down: int) -> bool:
        if self._wall is None:
            return False
        if self.chosen is None:
            self.chosen = 0
            return True
        wanted = self.chosen + across + down * self._wall.across
        if not 0 <= wanted < (self._wall.total if self.enlarged else self._wall.shown):
            return False
        self.chosen = wanted
        return True

    def enter(self) -> bool:
        self.chosen = self.chosen or 0
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
        chosen = tile_at(self._wall, column, row) if self._wall else None
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
        *beside, generated = (scene.tiles(picture) for picture in self.needs(scene.state))
        if self.enlarged or not beside or beside[0].pixels.shape[1:] != generated.pixels.shape[1:]:
            return super().draw(scene, columns, rows)
        (real,), count = beside, min(len(beside[0]), len(generated))
        cells, (self._wall, _) = draw_pairs(
            generated.pixels[:count], real.pixels[:count], columns, rows, scene.terminal,
            headings=("generated", "real"), tones=scene.ink, margin=self._margin,
        )  # fmt: skip
        return cells, self._marked(cells, scene, generated)


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
