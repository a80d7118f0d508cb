"""The terminal is given back as it was found, also where it could not be taken, or was taken away and given again."""

import os
import signal
import sys
import termios
from pathlib import Path

import psutil
import pytest

import gan_tui
from files import old_run
from product import wait_for
from pty_terminal import GAN_TUI, SANE, Terminal, modes_left_on

pytestmark = pytest.mark.slow


def without_a_thread(name: str) -> tuple[str, ...]:
    """The program where the system has no thread left when one of that name is wanted."""
    return (
        sys.executable, "-c",
        "import threading\n"
        "start = threading.Thread.start\n"
        "def refused(self):\n"
        f"    if self.name == {name!r}:\n"
        "        raise RuntimeError(\"can't start new thread\")\n"
        "    start(self)\n"
        "threading.Thread.start = refused\n"
        "from gan_tui.cli.arguments import main\n"
        "raise SystemExit(main())",
    )  # fmt: skip


@pytest.mark.parametrize("name", ["textual-output", "textual-input"])
def test_a_terminal_that_cannot_be_taken_is_left_as_it_was(name: str) -> None:
    with Terminal(without_a_thread(name)) as terminal:
        own = os.dup(terminal.descriptor)  # stays when the program has gone
        before = termios.tcgetattr(own)
        assert terminal.wait_for_exit() == 1
        assert modes_left_on(terminal.output) == SANE
        assert termios.tcgetattr(own) == before
        os.close(own)
        said = terminal.output.rpartition(b"\x1b[?25h")[2].decode()
        assert said.count("gan-tui: the dashboard failed (RuntimeError: can't start new thread)") == 1
        assert "Traceback" not in said


def test_a_program_that_was_replaced_while_it_was_open_says_so(tmp_path: Path) -> None:
    package = tmp_path / "gan_tui"
    package.symlink_to(Path(gan_tui.__file__).parent)
    starts = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from gan_tui.cli.arguments import main; sys.exit(main())"
    )
    with Terminal((sys.executable, "-c", starts), 120, 24) as terminal:
        terminal.wait_for("q Quit")
        package.unlink()
        terminal.type("\x10")  # ctrl+p, which loads the palette
        assert terminal.wait_for_exit() == 1
        assert terminal.words() == (
            "gan-tui: its files were replaced or removed while it was open; "
            "training continues, and gan-tui attach reopens it."
        )


def test_what_fails_while_keys_are_read_is_said_in_a_sentence() -> None:
    fails = (
        "from gan_tui.dashboard.terminal.keys import Keyboard\n"
        "Keyboard.events = lambda *_: 1 / 0\n"
        "from gan_tui.cli.arguments import main\n"
        "raise SystemExit(main())"
    )
    with Terminal((sys.executable, "-c", fails), 180, 24) as terminal:
        assert terminal.wait_for_exit() == 1
        assert terminal.words().startswith(
            "gan-tui: the dashboard failed (ZeroDivisionError: division by zero); training"
        )
        assert "traceback)." in terminal.words() and "Traceback" not in terminal.words()
        assert modes_left_on(terminal.output) == SANE


@pytest.mark.parametrize(("way", "term"), [("q", "linux"), (signal.SIGTERM, "screen.linux")], ids=str)
def test_nothing_of_the_interface_stays_where_there_is_no_second_screen(way: str | signal.Signals, term: str) -> None:
    """The one that the test looks at has none, as GNU screen by default, and the Linux console: which would also print
    the question for its background."""
    with Terminal(("sh", "-c", f"{' '.join(GAN_TUI)}; echo ready"), 80, 24, term=term, truecolor=False) as terminal:
        terminal.wait_for("q Quit")
        does_not_stop(terminal, psutil.Process(terminal.process.pid).children()[0])
        if isinstance(way, str):
            terminal.type(way)
        else:
            psutil.Process(terminal.process.pid).children()[0].send_signal(way)
        assert terminal.wait_for_exit() == 0
        assert terminal.words() == "ready"
        assert b"]11;" not in terminal.output


def does_not_stop(terminal: Terminal, program: psutil.Process) -> None:
    """Without a shell that could bring it back, it would stand still for good: ssh or a container has started it."""
    terminal.type("\x1a")
    terminal.wait_for("There is no shell to go back to")
    program.send_signal(signal.SIGTSTP)
    terminal.type("?")
    terminal.wait_for("esc Close")
    assert terminal.output.count(b"\x1b[?1049h") == 1 and b"\x1b[?1049l" not in terminal.output, "never given back"
    terminal.type("\x1b")
    terminal.wait_for(lambda: "q Quit" in terminal.screen.display[-1])


def test_a_dashboard_that_was_stopped_without_notice_goes_on_and_gives_back_what_it_found() -> None:
    """`kill -STOP` cannot be handled: the shell takes the terminal with all modes on, and sets some of its own."""
    with Terminal(GAN_TUI) as terminal:
        own = os.dup(terminal.descriptor)
        before = termios.tcgetattr(own)
        terminal.wait_for("q Quit")
        program = psutil.Process(terminal.process.pid)
        does_not_stop(terminal, program)
        for _ in range(2):
            os.kill(program.pid, signal.SIGSTOP)
            wait_for(lambda: program.status() == psutil.STATUS_STOPPED)
            termios.tcsetattr(own, termios.TCSANOW, before)
            painted = len(terminal.output)
            os.kill(program.pid, signal.SIGCONT)
            terminal.wait_for(lambda painted=painted: b"Quit" in terminal.output[painted:], 5)  # all of it again
            assert modes_left_on(terminal.output) >= {1049, 1000, 2004}
            assert termios.tcgetattr(own)[3] & termios.ECHO == 0
        terminal.type("q")
        assert terminal.wait_for_exit() == 0
        assert modes_left_on(terminal.output) == SANE
        assert termios.tcgetattr(own) == before
        os.close(own)


def test_what_has_started_the_dashboard_stops_with_it_and_goes_on_with_it() -> None:
    """As at any Ctrl-Z: else its shell would wait for a script or `make`, and they for the dashboard."""
    with Terminal(("bash", "--norc", "--noprofile", "-i"), 80, 24, env={"PS1": "ready> "}) as terminal:
        terminal.wait_for("ready>")
        terminal.type(f"sh -c '{' '.join(GAN_TUI)}; true'\r")
        terminal.wait_for("q Quit")
        terminal.type("\x1a")
        terminal.wait_for("Stopped")
        terminal.type("fg\r")
        terminal.wait_for("q Quit")
        terminal.type("q")
        terminal.wait_for(lambda: terminal.output.endswith(b"ready> "))


def test_what_is_printed_as_an_error_meanwhile_is_not_painted(runs: Path) -> None:
    """Python reports each module that it loads, where a variable asks for that: views load when they are opened."""
    old_run("finished", "xor", runs)
    with Terminal([*GAN_TUI, "attach", "xor"], env={"PYTHONPROFILEIMPORTTIME": "1"}) as terminal:
        terminal.wait_for("q Quit")
        terminal.type("?")
        terminal.wait_for("esc Close")
        terminal.type("\x1b")
        terminal.wait_for("q Quit")
        terminal.type("q")
        assert terminal.wait_for_exit() == 0
        before, _, shown = terminal.output.partition(b"\x1b[?1049h")
        assert b"import time" in before and b"import time" not in shown.partition(b"\x1b[?1049l")[0]
