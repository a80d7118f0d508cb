"""Nothing that can be typed, pasted or sent by a broken terminal ends or freezes the program."""

import random
import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from pty_terminal import GAN_TUI, Terminal
from recorded import recorded_run

pytestmark = [pytest.mark.promise(12), pytest.mark.slow, pytest.mark.timeout(1800)]

REDRAW = "\x0c"
ANSWER_SECONDS = 6.0
LEAVING = re.compile(rb"[qQdDrR\r\n\x1a\x11]")
"""Keys with which a person leaves, resumes, deletes, starts or suspends: no accident when they do."""
TYPED = ("any bytes", "invalid UTF-8", "letters")
"""What has such keys in it; in all else they are letters of something that is no key."""

Noise = Callable[[random.Random], bytes]


def noises() -> dict[str, Noise]:
    number = lambda chance: chance.choice([0, 1, 5, 96, 223, 9999, 2**31, 10**18])  # noqa: E731
    tail = lambda chance: chance.choice(b"ABCDEFHPQRSu~tMmInyRZ")  # noqa: E731
    return {
        "any bytes": lambda chance: chance.randbytes(chance.randint(1, 40)),
        "invalid UTF-8": lambda chance: chance.choice([b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80"]),
        "an X10 mouse report": lambda chance: b"\x1b[M" + bytes(chance.randint(32, 255) for _ in range(3)),
        "a mouse report": lambda chance: b"\x1b[<%d;%d;%d%c"
        % (number(chance), number(chance), number(chance), chance.choice(b"Mm")),
        "a key of the Kitty protocol": lambda chance: b"\x1b[%d;%d;%du"
        % (1000 + number(chance), number(chance), 1000 + number(chance)),
        "a size": lambda chance: b"\x1b[48;%d;%d;%d;%dt" % tuple(number(chance) for _ in range(4)),
        "a position": lambda chance: b"\x1b[%d;%dR" % (number(chance), number(chance)),
        "any sequence": lambda chance: b"\x1b[%s%c"
        % (b";".join(b"%d" % number(chance) for _ in range(chance.randint(0, 6))), tail(chance)),
        "an unfinished sequence": lambda chance: chance.choice([b"\x1b", b"\x1b[", b"\x1b[<", b"\x1b]0;", b"\x1bP"]),
        "a pasted piece": lambda chance: b"\x1b[200~" + chance.randbytes(200).replace(b"\x1b", b"") + b"\x1b[201~",
        "an end without a beginning": lambda chance: b"\x1b[201~",
        "letters": lambda chance: bytes(chance.choice(b"abefghilmnopstuvwyz123 \t?+-./<>[]{}") for _ in range(12)),
        "an answer": lambda chance: chance.choice(
            [b"\x1b[?1;2c", b"\x1b[>41;354;0c", b"\x1b]11;rgb:dddd/rrrr/qqqq\x1b\\", b"\x1bP>|tmux 3.4, quiet\x1b\\",
             b"\x1bP1$r0 q\x1b\\", b"\x1b_Gi=31;query\x1b\\", b"\x1b[?1u", b"\x1b]52;c;cXF4\x07", b"\x1b[0n",
             b"\x1b_Gi=31;OK\x1b\\", b"\x1bP>|kitty(9)\x1b\\", b"\x1b[?62;4c", b"\x1b[6;9999;9999t", b"\x1b[6;0;0t"]),
        "focus": lambda chance: chance.choice([b"\x1b[I", b"\x1b[O"]),
    }  # fmt: skip


def obeys(terminal: Terminal) -> bool:
    """Whether it still does as it is told: to draw its screen again."""
    terminal.pump(0.05)
    for _ in range(3):  # keys that come while hundreds wait are dropped: a person presses again
        before = terminal.bytes_received
        terminal.type(REDRAW)
        with suppress(TimeoutError):
            terminal.wait_for(lambda before=before: terminal.bytes_received > before + 500, ANSWER_SECONDS)
            return True
    return False


def leave(terminal: Terminal) -> None:
    """Leave as a person does: back from wherever it is, and again where keys were dropped, because hundreds waited."""
    for _ in range(3):
        time.sleep(0.3)  # an unfinished sequence is given up
        terminal.type_bytes(b"\x1b[201~")  # it may be left in the middle of a paste
        for _ in range(8):
            terminal.type("\x1b")
            terminal.pump(0.3)
        terminal.type("q")
        with suppress(TimeoutError):
            assert terminal.wait_for_exit(30) == 0, terminal.text()
            return
    raise AssertionError(f"it cannot be left\n{terminal.text()}")


@pytest.mark.parametrize("screen", ["menu", "run"])
def test_noise(screen: str, runs: Path, trials: Callable[[int, int], int], proved: Callable[[str], None]) -> None:
    recorded_run(runs)
    kinds, chance, count = noises(), random.Random(12), trials(60, 1500)
    command = GAN_TUI if screen == "menu" else (*GAN_TUI, "attach")
    tried: list[tuple[str, bytes]] = []
    with Terminal(command) as terminal:
        terminal.wait_for("q Quit")
        for trial in range(count):
            kind = chance.choice(list(kinds))
            noise = kinds[kind](chance)
            noise = LEAVING.sub(b"a", noise) if kind in TYPED else noise
            tried.append((kind, noise))
            terminal.type_bytes(noise)
            if trial % 20 == 19:
                assert obeys(terminal), f"frozen or ended after {tried[-20:]}\n{terminal.text()}"
        leave(terminal)
    proved(f"{count:,} inputs of {len(kinds)} kinds on the {screen}: it obeyed whenever it was asked, after every 20")


def test_a_paste_of_a_megabyte(runs: Path, proved: Callable[[str], None]) -> None:
    recorded_run(runs)
    piece = ("no keys at all, only words " * 40).replace("q", "k").encode()
    with Terminal(GAN_TUI) as terminal:
        terminal.wait_for("q Quit")
        begin = time.monotonic()
        terminal.type_bytes(b"\x1b[200~" + piece * (1_000_000 // len(piece)) + b"\x1b[201~")
        assert obeys(terminal)
        marked = time.monotonic() - begin
        begin = time.monotonic()
        terminal.type_bytes(b"bvz " * 250_000)  # from a terminal that does not mark what is pasted
        assert obeys(terminal)
        proved(f"1 MB pasted: obeyed {marked:.1f} s later; unmarked: {time.monotonic() - begin:.1f} s later")
        terminal.type("q")
        assert terminal.wait_for_exit() == 0
