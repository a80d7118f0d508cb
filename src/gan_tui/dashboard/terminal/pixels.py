"""Whether images are shown in pixels now: where the terminal has them, the link is fast, and a person wants them."""

from collections.abc import Callable

from gan_tui.dashboard.terminal.encoding import Soon
from gan_tui.dashboard.terminal.flow_control import FlowControl
from gan_tui.dashboard.terminal.images import Images
from gan_tui.dashboard.terminal.kitty import Kitty
from gan_tui.dashboard.terminal.kitty_images import KittyImages
from gan_tui.dashboard.terminal.pixel_answers import PixelAnswers
from gan_tui.dashboard.terminal.screen_diff import ScreenDiff
from gan_tui.dashboard.terminal.sixel_images import SixelImages

FAST, SLOW = 25_000, 12_000
"""Characters a second: from FAST on a link is good for images, of which one has 12,000, until it is below SLOW."""

Cell = tuple[int, int]
"""How many pixels a cell is wide and high."""


class Pixels:
    """Asks for them, takes the answers, and says when the way of showing images changes."""

    may_be_shown = False
    """Whether there are colours to tell images by, and nobody has chosen characters; set by the app at the start."""
    are_usual = True
    """Whether a person has not switched them off, the last time in this terminal."""
    in_tmux = False
    outer_name = ""
    """The terminal that tmux is shown on."""

    def __init__(
        self, diff: ScreenDiff, soon: Soon, send: Callable[[], object], change: Callable[[Cell | None], object]
    ) -> None:
        """`send` is called when there is something `due`, `change` with the cells' size when images are to be shown in
        pixels from now on, and with None when they are not."""
        self._kitty = Kitty(self.in_tmux)
        self._by_parts, self._painted = KittyImages(self._kitty, soon, send), SixelImages(diff, soon, send)
        diff.high = self._by_parts.high
        self._diff, self._change = diff, change
        self.images = Images(self._by_parts)
        self._answers = PixelAnswers(self.outer_name)
        self._now: Cell | None = None
        self.is_wanted = self.are_usual
        """Whether a person has not switched them off."""

    def questions(self) -> str:
        """What to ask the terminal when it is taken: it may be another one."""
        if not self.may_be_shown:
            return ""
        self._answers = PixelAnswers(self.outer_name)
        return PixelAnswers.questions(self._kitty)

    def take(self, answer: str) -> None:
        """An answer of the terminal to one of them."""
        self._answers.take(answer)

    @property
    def are_there(self) -> bool:
        """Whether the terminal has them."""
        return self.may_be_shown and (self._answers.shows_parts or self._answers.has_sixel)

    def consider(self, flow: FlowControl, cell: Cell | None) -> None:
        """Something that it depends on may have changed: `cell` is its size as the system knows it."""
        if not self.may_be_shown:
            return
        fast = flow.rate >= (SLOW if self._now else FAST)
        now = (cell or self._answers.cell) if self.are_there and self.is_wanted and fast else None
        if now != self._now:
            if now:
                self._diff.paints_parts = not self._answers.shows_parts
                self._painted.cell = now
                self.images.way = self._painted if self._diff.paints_parts else self._by_parts
            self._now = now
            self._change(now)

    def due(self) -> str:
        """What to send next where all cells are as they should be; empty where there is nothing."""
        return self._by_parts.due() or self._painted.due()

    def send_again(self) -> None:
        """The terminal may have lost all images."""
        for number, image in self.images.wanted.items():
            self.images.way.lost(number)
            self.images.way.changed(number, image)

    def size(self, owner: object) -> int:
        """How many characters the newest images of a widget had that were sent."""
        return sum(map(self.images.way.size, self.images.numbers(owner)))
