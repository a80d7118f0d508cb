"""One program for all that may be tried in turn on one menu."""

from collections.abc import Iterator

import pytest

from pty_terminal import GAN_TUI, Terminal


@pytest.fixture(scope="session")
def opened() -> Iterator[Terminal]:
    """The menu in a terminal; a container has exported another size, once and for all."""
    with Terminal(GAN_TUI, 100, 30, env={"COLUMNS": "70", "LINES": "20"}) as terminal:
        terminal.wait_for("e Settings")
        yield terminal


@pytest.fixture
def menu(opened: Terminal) -> Iterator[Terminal]:
    """The menu, at its first size; whatever was opened on it is closed."""
    yield opened
    if (opened.screen.columns, opened.screen.lines) != (100, 30):
        opened.resize(100, 30)
        opened.screen.reset()
    if "q Quit" not in opened.text():
        opened.type("\x1b")
    opened.wait_for(lambda: "q Quit" in opened.screen.display[29])
