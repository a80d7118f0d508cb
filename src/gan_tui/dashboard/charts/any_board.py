"""What charts are of: one run, or several over each other. A widget shows either by this alone."""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from gan_tui.dashboard.charts.look import Look
from gan_tui.dashboard.charts.pages import Page
from gan_tui.dashboard.charts.panels import Group
from gan_tui.dashboard.themes import Inks
from gan_tui.drawing.plots.charts import Drawing
from gan_tui.drawing.terminal import Terminal

Shown = TypeVar("Shown")


class AnyBoard(ABC, Generic[Shown]):
    """All charts of something. What was computed is kept for the next time."""

    def __init__(self) -> None:
        self.groups: list[Group] = []
        """What is on the panels, from above."""
        self.page = Page([], 0, 0, 0)

    @abstractmethod
    def drawn_of(self, shown: Shown) -> tuple[object, ...]:
        """What of it is drawn: where this is the same, so are the charts."""

    @abstractmethod
    def last(self, shown: Shown, look: Look) -> int:
        """The last step, at least 1."""

    @abstractmethod
    def has_epochs(self, shown: Shown) -> bool:
        """Whether it is known how long an epoch is."""

    @abstractmethod
    def grouped(self, shown: Shown, look: Look) -> list[Group]:
        """The charts that there are, on show or not."""

    @abstractmethod
    def step_at(self, shown: Shown, look: Look, place: float) -> float:
        """The step at a place of the x axis."""

    @abstractmethod
    def draw(
        self, shown: Shown, look: Look, columns: int, rows: int, *, growing: bool, ink: Inks, terminal: Terminal
    ) -> Drawing:
        """While the metrics are `growing` the axis leaves room, so that little moves."""
