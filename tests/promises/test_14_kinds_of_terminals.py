"""Every kind and size of terminal: what it can show is drawn, what cannot be drawn is refused in a sentence."""

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from gan_tui.system.terminal import SMALLEST
from pty_terminal import GAN_TUI, Terminal
from recorded import recorded_run

pytestmark = [pytest.mark.promise(14), pytest.mark.slow, pytest.mark.timeout(1200)]

LATIN = {"PYTHONIOENCODING": "latin-1", "LC_ALL": "C"}
KINDS: dict[str, tuple[str, bool, dict[str, str]]] = {
    "true colour": ("xterm-256color", True, {}),
    "octants": ("xterm-256color", True, {"GAN_TUI_SYMBOLS": "octants"}),
    "256 colours": ("xterm-256color", False, {}),
    "16 colours": ("xterm", False, {}),
    "NO_COLOR": ("xterm-256color", True, {"NO_COLOR": "1"}),
    "a vt100": ("vt100", False, {}),
    "Latin-1": ("xterm-256color", False, LATIN),
    "ASCII": ("xterm-256color", True, {"GAN_TUI_ASCII": "1"}),
    "ASCII without colours": ("vt100", False, {"GAN_TUI_ASCII": "1"}),
    "the kernel's console": ("linux", False, {}),
}
_SELECTED = re.compile(rb"\x1b\[([0-9;]*)m")
LARGEST_CODE = {"256 colours": rb"[34]8;2;", "16 colours": rb"[34]8;", "NO_COLOR": rb"(?<![0-9])[349][0-8](?![0-9])"}
LARGEST_CODE |= {"a vt100": LARGEST_CODE["NO_COLOR"], "ASCII without colours": LARGEST_CODE["NO_COLOR"]}
"""Parameters that a kind of terminal does not know."""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
def test_a_kind_of_terminal(
    kind: str, size: tuple[int, int], runs: Path, proved: Callable[[str], None], at_length: bool
) -> None:
    if not at_length and (size != (80, 24) or kind not in ("256 colours", "NO_COLOR", "ASCII without colours")):
        pytest.skip("one of many: make promises tries all")
    recorded_run(runs)
    term, truecolor, env = KINDS[kind]
    with Terminal(GAN_TUI, *size, term=term, truecolor=truecolor, env=env) as terminal:
        terminal.wait_for("Quit")
        terminal.wait_for("5,000 examples")
        terminal.type("\t\r")  # the run
        terminal.wait_for("finished  step 120 of 400")
        for key, there in (
            ("2", "generator"),
            ("g", "in  100"),
            ("3", "trainer.log"),
            ("1", "generated"),
            ("?", "space"),
        ):
            terminal.type(key)
            terminal.wait_for(there)
            assert "\\u" not in terminal.text()
        sent = bytes(terminal.output)
        terminal.type("\x1b")
        terminal.pump(0.3)
        terminal.type("q")
        assert terminal.wait_for_exit() == 0
    if kind in LARGEST_CODE:
        unknown = {codes for codes in _SELECTED.findall(sent) if re.search(LARGEST_CODE[kind], codes)}
        assert not unknown, f"colours that {kind} lacks"
    if "ASCII" in kind:
        assert sent.isascii()
    if kind == "Latin-1":
        assert {c for c in sent.decode("latin-1") if ord(c) > 126} <= set("×·±é")
    proved(f"{kind} at {size[0]} × {size[1]}")


@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_a_terminal_that_cannot_place_text(term: str, proved: Callable[[str], None]) -> None:
    with Terminal(GAN_TUI, term=term) as terminal:
        assert terminal.wait_for_exit() == 2
        said = terminal.output.decode().replace("\r\n", "")
        assert said == (
            f'gan-tui: The terminal type "{term}" cannot show the dashboard; set TERM to '
            "your terminal's type, such as TERM=xterm-256color, or run gan-tui train gan --plain."
        )
        assert b"\x1b" not in terminal.output
    proved(f"TERM={term}: refused in a sentence")


@pytest.mark.parametrize("size", [(1, 1), (2, 200), (500, 1), (SMALLEST[0] - 1, SMALLEST[1]), (20, 10)], ids=str)
def test_a_window_that_is_too_small(size: tuple[int, int], proved: Callable[[str], None]) -> None:
    with Terminal(GAN_TUI, *size) as terminal:
        assert terminal.wait_for_exit() == 2
        assert f"gan-tui: This terminal is {size[0]} × {size[1]}; gan-tui needs at least 60 × 18".encode() in bytes(
            terminal.output
        )
    proved(f"{size[0]} × {size[1]}: refused in a sentence")


@pytest.mark.parametrize("size", [SMALLEST, (80, 24), (200, 60), (500, 200)], ids=str)
def test_a_window_of_any_size(
    size: tuple[int, int], runs: Path, proved: Callable[[str], None], at_length: bool
) -> None:
    if not at_length and size not in (SMALLEST, (500, 200)):
        pytest.skip("one between: make promises tries all")
    recorded_run(runs)
    with Terminal((*GAN_TUI, "attach"), *size) as terminal:
        terminal.wait_for("finished  step 120")
        terminal.wait_for("generated")
        terminal.type("q")
        assert terminal.wait_for_exit() == 0
    proved(f"{size[0]} × {size[1]}")


def test_resizes(runs: Path, trials: Callable[[int, int], int], proved: Callable[[str], None]) -> None:
    recorded_run(runs)
    chance, count = random.Random(14), trials(25, 200)
    with Terminal((*GAN_TUI, "attach")) as terminal:
        terminal.wait_for("generated")
        for trial in range(count):
            terminal.resize(
                *chance.choice([(1, 1), (7, 3), (30, 10), (60, 18), (80, 24), (121, 41), (200, 60), (500, 200)])
            )
            terminal.pump(0.05)
            if trial % 5 == 4:
                assert terminal.process.poll() is None
                terminal.resize(44, 15)
                terminal.wait_for("60 × 18 or")
                terminal.resize(90, 30)
                terminal.wait_for("generated")
                terminal.wait_for(lambda: " finished " in terminal.screen.display[1])
        terminal.type("q")
        assert terminal.wait_for_exit() == 0
    proved(f"{count} resizes")
