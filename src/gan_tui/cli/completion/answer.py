"""What a shell's script is answered: one line that says what follows, then the words that may stand at the cursor.

The first line has three words: what to do where no word follows ("words": nothing; "files", "folders": find some),
whether a blank comes after what is chosen ("space", "nospace"), and how many characters of the word at the cursor stand
before the path. For bash, words are ready to be put in; for zsh and fish a tab and what is shown of each follow them.
"""

import os
import sys
from collections.abc import Sequence
from itertools import islice

from gan_tui.cli.completion import typed
from gan_tui.cli.completion.offers import Offer, Paths, offers
from gan_tui.cli.completion.places import Place, place
from gan_tui.cli.completion.typed import Typed
from gan_tui.errors import DONE
from gan_tui.system import switches
from gan_tui.text import can_be_written, clipped, harmless, padded, width

MOST = 1000
"""Words that are offered."""
_WIDEST = 79
"""Cells of a line that shows a word and what it is."""


def main(arguments: Sequence[str]) -> int:
    """bash LINE BREAKS, or zsh or fish with the words of the line, the last of which is at the cursor.

    Who completes a word is told nothing of what goes wrong with that: there is none to be offered then.
    """
    try:
        shell, *rest = arguments
        lines = answered(shell, _typed(shell, rest))
    except Exception:
        if switches.is_on(os.environ, switches.DEBUG):
            raise
        lines = ["words space 0"]
    encoding = sys.stdout.encoding
    os.write(1, "".join(f"{line}\n" for line in lines if can_be_written(line, encoding)).encode(encoding))
    return DONE


def _typed(shell: str, rest: Sequence[str]) -> Typed:
    if shell == "bash":
        return typed.of_line(*rest)
    return typed.of_tokens(rest) if shell == "fish" else Typed(tuple(rest))


def answered(shell: str, line: Typed) -> list[str]:
    """The lines of an answer; the line's first word is the program."""
    from gan_tui.cli import parser

    where = place(parser.tree(), line.words[1:])
    found = [each for each in offers(where) if isinstance(each, Paths) or _fits(each, where)]
    words = list(islice((each for each in found if isinstance(each, Offer)), MOST))
    paths = next((each for each in found if isinstance(each, Paths)), None) if not words else None
    kind, behind = (paths.kind, paths.behind) if paths else ("words", "")
    space = "nospace" if words and all(word.goes_on for word in words) else "space"
    return [f"{kind} {space} {len(where.before + behind)}", *_lines(shell, words, where, line)]


def _fits(offer: Offer, where: Place) -> bool:
    """Whether it goes on with what was typed; options only once one is begun, or where nothing else may stand.

    What no terminal shows as it is can be typed by nobody who looks at it, and is left out.
    """
    if offer.word.startswith("-") and not where.current.startswith("-") and where.argument is not None:
        return False
    return offer.word.startswith(where.current) and offer.word.isprintable()


def _lines(shell: str, words: Sequence[Offer], where: Place, line: Typed) -> list[str]:
    whole = [(where.before + each.word, harmless(each.about, 200)) for each in words]
    if shell == "bash":
        return [put for word, _ in whole if (put := line.inserted(word)) is not None]
    if shell == "fish":
        return [f"{word}\t{about}" for word, about in whole]
    widest = max((width(word) for word, _ in whole), default=0)
    return [f"{word}\t{_shown(word, about, widest)}" for word, about in whole]


def _shown(word: str, about: str, widest: int) -> str:
    return clipped(f"{padded(word, widest)}  {about}", _WIDEST).rstrip() if about else word
