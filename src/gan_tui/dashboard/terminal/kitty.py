"""Images for terminals with the Kitty graphics protocol (https://sw.kovidgoyal.net/kitty/graphics-protocol/).

An image is sent as a PNG and placed nowhere: cells show its parts (`placeholders.py`). Within tmux what is meant for
the terminal outside is wrapped. tmux passes it on where `allow-passthrough` is on; where it is not, no answer comes.
"""

from base64 import b64encode
from collections.abc import Iterable

_CHUNK = 4096
"""Characters of an image in one sequence, as the protocol demands."""
_ASKED_ABOUT = 31
"""The number of the image that is asked about, and never kept."""
_QUERY = f"\x1b_Gi={_ASKED_ABOUT},s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"
ANSWER = "_G"
"""How the control string begins that answers."""
_YES = f"_Gi={_ASKED_ABOUT};OK"
WITH_PLACEHOLDERS = ("kitty", "ghostty")
"""Terminals whose cells can show parts of images; others that have the protocol can only lay images over cells."""


def through_tmux(sequence: str) -> str:
    """The sequence as tmux passes it on to the terminal outside."""
    return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"


class Kitty:
    """What is said to the terminal."""

    def __init__(self, in_tmux: bool) -> None:
        self._in_tmux = in_tmux

    def _said(self, sequence: str) -> str:
        return through_tmux(sequence) if self._in_tmux else sequence

    def question(self) -> str:
        """Asks whether it has the protocol; it need not answer."""
        return self._said(_QUERY)

    @staticmethod
    def is_yes(answer: str) -> bool:
        """Whether a control string says that it has."""
        return answer.startswith(_YES)

    def transmission(self, number: int, png: bytes, rows: int, columns: int) -> str:
        """The image of a number, instead of the one that had it, for cells that show its parts."""
        data = b64encode(png).decode("ascii")
        pieces = [data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK)]
        controls = [f"a=t,f=100,q=2,i={number},", *("q=2," for _ in pieces[1:])]
        sent = [
            self._said(f"\x1b_G{control}m={int(part is not pieces[-1])};{part}\x1b\\")
            for control, part in zip(controls, pieces, strict=True)
        ]
        return "".join(sent) + self._said(f"\x1b_Ga=p,U=1,q=2,i={number},c={columns},r={rows}\x1b\\")

    def deletion(self, numbers: Iterable[int]) -> str:
        """Frees what the terminal has of these images."""
        return "".join(self._said(f"\x1b_Ga=d,d=I,q=2,i={number}\x1b\\") for number in numbers)
