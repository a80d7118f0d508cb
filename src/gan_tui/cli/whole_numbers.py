"""Options of the command line that take whole numbers."""

import argparse
from collections.abc import Callable

from gan_tui.text import harmless


class UsageError(Exception):
    """A whole sentence. Of no kind that argparse catches: it would put words of its own before it."""


def _whole_number(option: str, such_as: int) -> Callable[[str], int]:
    """For `type`: the number in an option's value."""

    def number(word: str) -> int:
        try:
            return int(word)
        except ValueError:
            sentence = f'{option} must be a whole number, such as {such_as}, not "{harmless(word, 40)}"'
            raise UsageError(sentence) from None

    return number


def add_number(to: "argparse._ActionsContainer", option: str, about: str, such_as: int = 3, metavar: str = "N") -> None:
    to.add_argument(option, type=_whole_number(option, such_as), metavar=metavar, help=about)
