"""What every view is given, and what it must offer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from gan_tui.dashboard.themes import Inks
from gan_tui.drawing.cells import Cells
from gan_tui.drawing.pictures.blocks import Pixels, Shades
from gan_tui.drawing.pictures.whole import draw_picture, largest
from gan_tui.drawing.terminal import Terminal
from gan_tui.run.events import Picture
from gan_tui.run.pictures import Tiles
from gan_tui.run.state import RunState


@dataclass(frozen=True)
class Scene:
    """All that a drawing depends on."""

    state: RunState
    read: Mapping[tuple[str, int], Tiles]
    """(tag, step) → the tiles of each picture that was asked for."""
    ink: Inks
    terminal: Terminal

    def tiles(self, picture: Picture) -> Tiles:
        return self.read[picture.tag, picture.step]

    def names(self, count: int) -> list[str]:
        """What so many classes are called; the number of one that has no name."""
        started = self.state.started
        known = [str(name) for name in started.dataset.get("names") or []] if started else []
        return [*known[:count], *map(str, range(len(known), count))]


class View:
    """One thing to look at. It keeps what a person has chosen in it: a tile, a point, a way of drawing."""

    hint: ClassVar[str] = ""
    """Its own keys, in words."""
    name = ""

    def keys(self, state: RunState) -> str:
        """The keys that do something now, in words."""
        return self.hint

    def needs(self, state: RunState) -> list[Picture]:
        """The pictures to read before it can be drawn."""
        return []

    def step(self, state: RunState) -> int:
        """The step that what it shows was made at."""
        needed = self.needs(state)
        return needed[-1].step if needed else state.step

    def draw(self, scene: Scene, columns: int, rows: int) -> tuple[Cells, str]:
        """The cells, and a note for the caption."""
        raise NotImplementedError

    def move(self, across: int, down: int) -> bool:
        """An arrow key; True when something changed."""
        return False

    def enter(self) -> bool:
        """The enter key; True when something changed."""
        return False

    @property
    def is_nested(self) -> bool:
        """Whether there is something to go back from: a tile that is enlarged, or chosen."""
        return False

    def back(self) -> bool:
        """The escape key, one step back; True when something changed."""
        return False

    def switch(self) -> bool:
        """The key v, another way of drawing; True when there is one."""
        return False

    def rank(self) -> bool:
        """The key k, another order; True when there is one."""
        return False

    def page(self, pages: int) -> bool:
        """So many pages on; True when there are as many."""
        return False

    def click(self, column: int, row: int) -> bool:
        """A click on a cell of what was drawn; True when something changed."""
        return False


def table_of(state: RunState) -> Mapping[str, Any]:
    """What a run tells of the table that it learns; nothing where it learns none."""
    started = state.started
    return (started.dataset.get("table") or {}) if started else {}


def latest(state: RunState, tag: str) -> Picture | None:
    """The newest picture of a tag."""
    pictures = state.pictures.get(tag)
    return pictures[-1] if pictures else None


def draw_alone(image: Pixels, columns: int, rows: int, terminal: Terminal, shades: Shades | None = None) -> Cells:
    """An image (height, width, channels) as large as it fits, and no cells around it."""
    height, width, _ = image.shape
    _, (high, wide) = largest(height, width, columns, rows, terminal)
    return draw_picture(image, wide, high, terminal, shades)
