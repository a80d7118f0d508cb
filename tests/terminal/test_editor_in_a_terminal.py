"""An editor in the terminal, and the screen that comes back after it, however it ended."""

import os
import signal
import termios
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from product import wait_for
from pty_terminal import GAN_TUI, SANE, Terminal, modes_left_on

pytestmark = pytest.mark.slow

ROWS = 30
TAKES_OVER = r"stty raw -echo; printf '\033[?1049h\033[?1000h\033[?2004h\033[?1hEDITING'"
"""As full-screen editors do, with all that one may leave behind."""
LEAVES = r"stty sane; printf '\033[?1l\033[?2004l\033[?1000l\033[?1049l'"


def editor(folder: Path, script: str) -> dict[str, str]:
    """The environment with an editor that does this to the file $1."""
    path = folder / "editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    (folder / "presets").mkdir(exist_ok=True)
    return {"EDITOR": str(path), "VISUAL": "", "GAN_TUI_PRESETS": str(folder / "presets")}


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[Terminal]:
    """The menu, on which an editor was opened that waits for `go`."""
    script = f"{TAKES_OVER}; while [ ! -e {tmp_path}/go ]; do sleep 0.05; done; echo '# x' >> \"$1\"; {LEAVES}"
    with Terminal(GAN_TUI, 100, ROWS, env=editor(tmp_path, script)) as terminal:
        terminal.wait_for("7,800 steps")
        terminal.type("E")
        terminal.wait_for("EDITING")
        yield terminal


def whole(terminal: Terminal) -> None:
    """The check is on the screen, whole, and the terminal is the interface's again."""
    columns, rows = terminal.screen.columns, terminal.screen.lines
    terminal.wait_for(lambda: "Leave as draft" in (shown := terminal.screen.display)[-1] and shown[-2].startswith("╰"))
    assert "EDITING" not in terminal.text()
    assert all(line.strip() for line in terminal.text().split("\n")[: rows - 1]), terminal.text()
    assert all(line.rstrip()[-1] in "│╮╯╭╰" for line in terminal.screen.display[2 : rows - 1] if len(line) == columns)
    assert modes_left_on(terminal.output) >= {1049, 1000, 2004} and 1 not in modes_left_on(terminal.output)


def left_as_it_was(terminal: Terminal, before: list[object]) -> None:
    own = os.dup(terminal.descriptor)
    terminal.type("\x1b")
    terminal.wait_for("q Quit")
    terminal.type("q")
    assert terminal.wait_for_exit() == 0
    assert modes_left_on(terminal.output) == SANE
    assert termios.tcgetattr(own) == before
    os.close(own)


def test_what_is_typed_ahead_for_the_editor_does_nothing_here(tmp_path: Path) -> None:
    with Terminal(GAN_TUI, 100, ROWS, env=editor(tmp_path, "echo '# x' >> \"$1\"; sleep 0.3")) as terminal:
        terminal.wait_for("7,800 steps")
        terminal.type("Ewqq")
        whole(terminal)
        assert "It is right" in terminal.text()


def test_an_editor_changes_the_copy_and_the_window_another_size_meanwhile(waiting: Terminal, tmp_path: Path) -> None:
    assert modes_left_on(waiting.output) & {25}, "an editor finds the cursor shown"
    waiting.resize(80, 24)
    waiting.type("qqq\x1a\x03")  # for the editor, which has the terminal as it wants it
    waiting.pump(0.3)
    (tmp_path / "go").touch()
    whole(waiting)
    assert "It is right" in waiting.text()
    waiting.type("\r")
    waiting.wait_for("The name of your preset")
    waiting.type("\r")
    waiting.wait_for("Kept as my-gan")
    assert (tmp_path / "presets" / "my-gan.toml").read_text().endswith("]\n# x\n")


ENDS = {
    "killed": ("kill -9 $$", "The editor was ended by signal 9"),
    "failed": ("exit 7", "The editor ended with code 7"),
}


@pytest.mark.parametrize(("end", "words"), ENDS.values(), ids=ENDS)
def test_an_editor_that_leaves_the_terminal_in_a_mess_is_tidied_up_after(end: str, words: str, tmp_path: Path) -> None:
    script = f"{TAKES_OVER}; echo 'nonsense' >> \"$1\"; {end}"
    with Terminal(GAN_TUI, 100, ROWS, env=editor(tmp_path, script)) as terminal:
        own = os.dup(terminal.descriptor)
        before = termios.tcgetattr(own)
        os.close(own)
        terminal.wait_for("7,800 steps")
        terminal.type("E")
        terminal.wait_for(words)
        whole(terminal)
        terminal.wait_for("↑ It is not valid TOML: Expected '='")
        left_as_it_was(terminal, before)


def test_an_editor_and_we_are_stopped_by_ctrl_z_and_go_on_together(tmp_path: Path) -> None:
    """A shell waits for both; also where the editor stops itself alone, as some do."""
    script = f"printf EDITING; echo '# x' >> \"$1\"; while [ ! -e {tmp_path}/go ]; do sleep 0.05; done"
    alone = f"kill -STOP $$; {script}"
    with Terminal(("bash", "--norc", "--noprofile", "-i"), 100, ROWS, env={"PS1": "ready> "}) as terminal:
        terminal.wait_for("ready>")
        for each in (script, alone):
            words = editor(tmp_path, each)
            (tmp_path / "go").unlink(missing_ok=True)
            terminal.type(f"{' '.join(f'{name}={value}' for name, value in words.items())} {' '.join(GAN_TUI)}\r")
            terminal.wait_for("7,800 steps")
            terminal.type("E")
            if each == script:
                terminal.wait_for("EDITING")
                terminal.type("\x1a")
            terminal.wait_for("Stopped")
            terminal.type("fg\r")
            terminal.wait_for("EDITING")
            (tmp_path / "go").touch()
            whole(terminal)
            terminal.type("x")
            terminal.wait_for("Throw away what was written of my-gan?")
            terminal.type("y")
            terminal.wait_for("q Quit")
            terminal.type("q")
            terminal.wait_for(lambda: terminal.output.endswith(b"ready> "))


def test_who_is_to_end_meanwhile_ends_the_editor_too(waiting: Terminal, tmp_path: Path) -> None:
    program = psutil.Process(waiting.process.pid)
    (opened,) = program.children()
    program.send_signal(signal.SIGTERM)
    assert waiting.wait_for_exit() == 128 + signal.SIGTERM
    wait_for(lambda: not opened.is_running() or opened.status() == psutil.STATUS_ZOMBIE)
    assert 1 not in modes_left_on(waiting.output) and 1049 not in modes_left_on(waiting.output)
    assert list((tmp_path / "presets" / "drafts").iterdir()), "what was written is there"
