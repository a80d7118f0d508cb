"""Whether the terminal shows pixels: asked at the start and never guessed, answered at any time or never."""

import re
from dataclasses import dataclass

from gan_tui.dashboard.terminal.flow_control import GOODBYE
from gan_tui.dashboard.terminal.kitty import ANSWER as KITTY
from gan_tui.dashboard.terminal.kitty import WITH_PLACEHOLDERS, Kitty
from gan_tui.system.terminal import sound_cell

ASK_NAME, NAME = "\x1b[>0q", "P>|"
"""Which terminal it is (xterm's XTVERSION), and how the control string begins that answers."""
ASK_CELL = "\x1b[16t"
_CELL = re.compile(r"\x1b\[6;([0-9]{1,4});([0-9]{1,4})t")
IDENTITY = re.compile(r"\x1b\[\?([0-9;]*)c")
"""The answer to GOODBYE: what the terminal is."""
_SIXEL = "4"


@dataclass
class PixelAnswers:
    """What has been answered so far."""

    name: str = ""
    """Of the terminal, or of the one that tmux is shown on."""
    has_kitty: bool = False
    has_sixel: bool = False
    cell: tuple[int, int] | None = None
    """How many pixels it is wide and high."""

    @staticmethod
    def questions(kitty: Kitty) -> str:
        """Whoever knows one of them answers it; what is asked last, every terminal does."""
        return kitty.question() + ASK_NAME + ASK_CELL + GOODBYE

    @staticmethod
    def is_one(sequence: str) -> bool:
        """Whether a sequence that came from the terminal is an answer to one of them."""
        return sequence.startswith((f"\x1b{KITTY}", f"\x1b{NAME}")) or bool(
            _CELL.fullmatch(sequence) or IDENTITY.fullmatch(sequence)
        )

    def take(self, answer: str) -> None:
        """Remember an answer."""
        if cell := _CELL.fullmatch(answer):
            self.cell = sound_cell(int(cell[2]), int(cell[1]))
        elif identity := IDENTITY.fullmatch(answer):
            self.has_sixel = _SIXEL in identity[1].split(";")[1:]
        elif answer.startswith("\x1b" + NAME):
            self.name = self.name or answer.removeprefix("\x1b" + NAME)
        else:
            self.has_kitty = self.has_kitty or Kitty.is_yes(answer[1:])

    @property
    def shows_parts(self) -> bool:
        """Whether its cells can show parts of images."""
        return self.has_kitty and any(name in self.name.lower() for name in WITH_PLACEHOLDERS)
