"""The terminal's own signs as its bytes: each kind of terminal gets those that it knows, and has them taken back."""

import os
import re
import shlex
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from gan_tui.run.events import Alert, Metrics, State
from gan_tui.run.folder import RunFolder
from pty_terminal import GAN_TUI, SANE, Terminal, modes_left_on
from recorded import append, held, recorded_run

pytestmark = pytest.mark.slow

KEEP, GIVE_BACK = b"\x1b[22;2t", b"\x1b]2;\x1b\\\x1b[23;2t"
NAME = b"\x1b[>0q"
"""What asks the terminal what it is."""
TITLE = re.compile(rb"\x1b\]2;([^\x1b]*)\x1b\\")
PROGRESS = re.compile(rb"\x1b\]9;4;([0-9;]*)\x1b\\")
NOTICE = re.compile(rb"\x1b\](?:9;gan-tui|99;|777;)[^\x1b]*\x1b\\")
LINK = re.compile(rb"\x1b\]8;;([^\x1b]*)\x1b\\")
Attach = Callable[..., Terminal]


def called(name: bytes) -> dict[bytes, bytes]:
    """The answer of a terminal that calls itself so."""
    return {NAME: b"\x1bP>|" + name + b"\x1b\\"}


@pytest.fixture
def folder(runs: Path) -> Iterator[RunFolder]:
    """A run that trains, and has come to step 120 of 400."""
    folder = recorded_run(runs, state="training")
    with held(folder):
        yield folder


@pytest.fixture
def attach(folder: RunFolder, tmp_path: Path) -> Iterator[Attach]:
    """Opens the dashboard on it."""
    with ExitStack() as opened:

        def attached(*, env: Mapping[str, str] | None = None, **kind: object) -> Terminal:
            mine = {"GAN_TUI_RUNS": str(folder.path.parent), **(env or {})}
            command = (*GAN_TUI, "attach", folder.path.name)
            terminal = opened.enter_context(Terminal(command, 100, 30, env=mine, **kind))  # type: ignore[arg-type]
            terminal.wait_for("generated")
            return terminal

        yield attached


def titles(terminal: Terminal) -> list[str]:
    terminal.pump()
    return [found.decode() for found in TITLE.findall(terminal.output)]


def test_the_title_says_how_far_the_run_has_come_and_is_given_back(attach: Attach, folder: RunFolder) -> None:
    terminal = attach()
    terminal.wait_for(lambda: titles(terminal)[-1:] == ["gan-1 30 % · gan-tui"])
    for step in (121, 122, 123):  # within a per cent
        append(folder, Metrics([step], {"d_loss": [0.5], "g_loss": [0.5]}))
        terminal.wait_for(f"step {step} of 400")
    assert titles(terminal).count("gan-1 30 % · gan-tui") == 1
    append(folder, Metrics([200], {"d_loss": [0.5], "g_loss": [0.5]}), State("paused", "asked to pause"))
    terminal.wait_for(lambda: titles(terminal)[-1] == "gan-1 paused · gan-tui")
    terminal.type("\x1b")
    terminal.wait_for(lambda: titles(terminal)[-1] == "gan-tui")
    assert terminal.screen.title == "gan-tui"
    terminal.type("q")
    assert terminal.wait_for_exit() == 0
    assert terminal.output.count(KEEP) == terminal.output.count(GIVE_BACK) == 1
    assert terminal.output.rindex(GIVE_BACK) < terminal.output.rindex(b"\x1b[?1049l")
    assert not NOTICE.search(terminal.output) and not PROGRESS.search(terminal.output), "nothing that it may not know"


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGHUP, marks=pytest.mark.prove)])
def test_a_signal_gives_everything_back(number: signal.Signals, attach: Attach) -> None:
    terminal = attach(env={"VTE_VERSION": "8000"})
    terminal.wait_for(lambda: PROGRESS.search(terminal.output))
    terminal.process.send_signal(number)
    terminal.wait_for_exit()
    assert PROGRESS.findall(terminal.output)[-1] == b"0"
    assert terminal.output.count(KEEP) == terminal.output.count(GIVE_BACK) == 1
    assert LINK.findall(terminal.output)[-1] == b""
    assert modes_left_on(terminal.output) == SANE
    after = terminal.output.rpartition(b"\x1b[?1049l")[2]
    assert not TITLE.search(after) and not PROGRESS.search(after)


def test_ctrl_z_gives_the_title_back_and_fg_takes_it_again(folder: RunFolder) -> None:
    shell = ("bash", "--norc", "--noprofile", "-i")
    env = {"PS1": "ready> ", "GAN_TUI_RUNS": str(folder.path.parent)}
    with Terminal(shell, 100, 30, env=env) as terminal:
        terminal.wait_for("ready>")
        terminal.type(f"{shlex.join(GAN_TUI)} attach gan-1\r")
        terminal.wait_for(lambda: titles(terminal)[-1:] == ["gan-1 30 % · gan-tui"])
        terminal.type("\x1a")
        terminal.wait_for("Stopped")
        assert terminal.output.count(KEEP) == terminal.output.count(GIVE_BACK) == 1
        terminal.type("fg\r")
        terminal.wait_for(lambda: terminal.output.count(KEEP) == 2)
        terminal.wait_for(lambda: titles(terminal)[-1] == "gan-1 30 % · gan-tui")
        terminal.type("q")
        terminal.wait_for(lambda: terminal.output.endswith(b"ready> "))
        assert terminal.output.count(GIVE_BACK) == 2


def test_after_a_stop_without_notice_nothing_is_kept_twice(attach: Attach) -> None:
    terminal = attach()
    program = psutil.Process(terminal.process.pid)
    program.send_signal(signal.SIGSTOP)
    terminal.pump(0.2)
    program.send_signal(signal.SIGCONT)
    terminal.wait_for(lambda: terminal.output.count(KEEP) == 2)
    assert terminal.output.count(GIVE_BACK) == 1
    terminal.type("q")
    terminal.wait_for_exit()
    assert terminal.output.count(GIVE_BACK) == 2


@pytest.mark.parametrize(
    ("kind", "progress", "notice"),
    [
        ({}, False, b""),
        pytest.param({"replies": called(b"XTerm(390)")}, False, b"", marks=pytest.mark.prove),
        ({"env": {"WT_SESSION": "b2"}}, True, b""),
        ({"replies": called(b"ghostty 1.2.3")}, True, b"\x1b]9;gan-tui: gan-1 has finished at step 130.\x1b\\"),
        pytest.param({"replies": called(b"iTerm2 3.5.11")}, False,
                     b"\x1b]9;gan-tui: gan-1 has finished at step 130.\x1b\\", marks=pytest.mark.prove),
        ({"replies": called(b"kitty(0.48.2)"), "term": "xterm-kitty"}, True,
         b"\x1b]99;i=gan-tui:o=unfocused:d=1:p=body;gan-1 has finished at step 130.\x1b\\"),
        ({"term": "foot"}, False, b"\x1b]777;notify;gan-tui;gan-1 has finished at step 130.\x1b\\"),
        pytest.param({"replies": called(b"kitty(0.48.2)"), "env": {"GAN_TUI_SYMBOLS": "halves"}}, True,
                     b"\x1b]99;i=gan-tui:o=unfocused:d=1:p=body;gan-1 has finished at step 130.\x1b\\",
                     marks=pytest.mark.prove),
    ],
)  # fmt: skip
def test_each_kind_is_sent_what_it_knows(
    kind: dict[str, object], progress: bool, notice: bytes, attach: Attach, folder: RunFolder
) -> None:
    terminal = attach(**kind)
    terminal.wait_for(lambda: titles(terminal)[-1:] == ["gan-1 30 % · gan-tui"])
    if progress:
        terminal.wait_for(lambda: PROGRESS.findall(terminal.output) == [b"1;30"])
    last = Metrics([130], {"d_loss": [0.5], "g_loss": [0.5]})
    append(folder, last, State("finished", "all steps are done"))
    terminal.wait_for(lambda: titles(terminal)[-1] == "gan-1 finished · gan-tui")
    if notice:
        terminal.wait_for(lambda: notice in terminal.output)
    terminal.pump(0.3)
    assert bool(PROGRESS.search(terminal.output)) == progress
    assert not progress or PROGRESS.findall(terminal.output)[-1] == b"0"
    assert bool(NOTICE.search(terminal.output)) == bool(notice)


def test_who_looks_is_not_told_and_who_does_not_is(attach: Attach, folder: RunFolder) -> None:
    terminal = attach(replies=called(b"WezTerm 20240203-110809"))
    terminal.type("\x1b[I")  # it is looked at
    terminal.wait_for(lambda: NAME in terminal.output)
    append(folder, Alert("gpu", "The card has become hot.", 121))
    terminal.wait_for("The card has become hot.")
    terminal.pump(0.3)
    assert not NOTICE.search(terminal.output)
    terminal.type("\x1b[O")
    append(folder, Alert("gpu", "The card has become hotter.", 122))
    terminal.wait_for(lambda: b"\x1b]777;notify;gan-tui;gan-1: The card has become hotter.\x1b\\" in terminal.output)


def test_a_console_that_prints_what_it_does_not_know_is_sent_none(attach: Attach) -> None:
    terminal = attach(term="linux", truecolor=False, env={"VTE_VERSION": "8000"})
    terminal.type("q")
    terminal.wait_for_exit()
    assert b"\x1b]" not in terminal.output and KEEP not in terminal.output and NAME not in terminal.output


def test_each_is_off_by_a_line_of_config_toml(attach: Attach, folder: RunFolder, tmp_path: Path) -> None:
    (tmp_path / "gan-tui").mkdir()
    (tmp_path / "gan-tui" / "config.toml").write_text(
        "[signs]\ntitle = false\nprogress = false\nnotify = false\nlinks = false\nbell = true\n"
    )
    terminal = attach(replies=called(b"ghostty 1.2.3"), env={"XDG_CONFIG_HOME": str(tmp_path)})
    append(folder, State("failed", "no memory is left"))
    terminal.wait_for(lambda: b"\x07" in terminal.output)
    terminal.type("q")
    terminal.wait_for_exit()
    for sign in (TITLE, PROGRESS, NOTICE, LINK):
        assert not sign.search(terminal.output)
    assert KEEP not in terminal.output and GIVE_BACK not in terminal.output


def test_no_name_and_no_word_of_a_run_can_act(runs: Path) -> None:
    hostile = "gan\x1b]0;owned\x07\x9c;4;1;5"
    folder = recorded_run(runs, state="training")
    folder = RunFolder(folder.path.rename(folder.path.with_name(hostile)))
    env = {"GAN_TUI_RUNS": str(runs), "VTE_VERSION": "8000"}
    with held(folder), Terminal((*GAN_TUI, "attach"), 100, 30, env=env) as terminal:
        terminal.wait_for("generated")
        append(folder, Alert("x", hostile * 3, 120))
        terminal.wait_for(lambda: NOTICE.search(terminal.output))
        terminal.type("q")
        terminal.wait_for_exit()
        strings = re.findall(rb"\x1b\]([^\x07\x1b]*)(\x07|\x1b\\)", terminal.output)
        assert {end for _, end in strings} == {b"\x1b\\"}
        kinds = {inside.split(b";")[0] for inside, _ in strings}
        assert kinds == {b"2", b"8", b"9", b"777", b"11"}
        assert all(inside.decode().isprintable() for inside, _ in strings)
        assert terminal.screen.title != "owned"


# Links ----------------------------------------------------------


def leads_to(path: Path) -> bytes:
    return f"file://{os.uname().nodename}{path}".encode()


@pytest.mark.parametrize("kind", [{"env": {"VTE_VERSION": "7600"}}, {"replies": called(b"ghostty 1.0.0")}])
def test_the_runs_name_leads_to_its_folder_and_costs_nothing_afterwards(
    kind: dict[str, object], attach: Attach, folder: RunFolder
) -> None:
    terminal = attach(**kind)
    opened = b"\x1b]8;;" + leads_to(folder.path) + b"\x1b\\"
    terminal.wait_for(lambda: opened in terminal.output)
    shown = terminal.output.partition(opened)[2].partition(b"\x1b]8;;\x1b\\")[0]
    assert re.sub(rb"\x1b\[[0-9;]*m", b"", shown) == b"gan-1"
    append(folder, Metrics([121], {"d_loss": [0.5], "g_loss": [0.5]}))
    terminal.wait_for("step 121")
    assert terminal.output.count(opened) == 1
    terminal.type("3")
    checkpoint = b"\x1b]8;;" + leads_to(folder.path / "checkpoints" / "000000120") + b"\x1b\\"
    terminal.wait_for(lambda: checkpoint in terminal.output)


def test_no_link_is_sent_to_who_may_not_know_them(attach: Attach) -> None:
    terminal = attach(env={"VTE_VERSION": "4800"})
    terminal.type("3")
    terminal.wait_for("checkpoints/000000120")
    assert b"\x1b]8;" not in terminal.output


# tmux ----------------------------------------------------------


@pytest.mark.parametrize("passes", ["on", "off"])
def test_within_tmux_the_terminal_outside_is_told_where_that_may_be(
    passes: str, folder: RunFolder, tmp_path: Path
) -> None:
    if not shutil.which("tmux"):
        pytest.skip("no tmux here; install tmux")
    config = tmp_path / "tmux.conf"
    config.write_text(f"set -g allow-passthrough {passes}\nset -g status off\nset -sg escape-time 0\n")
    tmux = ("tmux", "-u", "-S", str(tmp_path / "socket"), "-f", str(config))
    env = {"GAN_TUI_RUNS": str(folder.path.parent), "PS1": "ready> "}
    answers = {b"\x1b[>q": b"\x1bP>|ghostty 1.2.3\x1b\\", b"\x1b[>c": b"\x1b[>1;10;0c"}

    def told(form: str) -> str:
        return subprocess.run((*tmux, "display", "-p", form), check=True, capture_output=True, text=True).stdout.strip()

    shell = "env PS1='ready> ' bash --norc --noprofile -i"
    try:
        with Terminal((*tmux, "new-session", shell), 100, 30, env=env, replies=answers) as outside:
            outside.wait_for("ready>")
            outside.wait_for(lambda: told("#{client_termtype}") == "ghostty 1.2.3")
            before = told("#{pane_title}")
            outside.type(f"{shlex.join(GAN_TUI)} attach gan-1\r")
            outside.wait_for("generated")
            outside.wait_for(lambda: told("#{pane_title}") == "gan-1 30 % · gan-tui")
            append(folder, State("finished", "all steps are done"))
            outside.wait_for(lambda: told("#{pane_title}") == "gan-1 finished · gan-tui")
            if passes == "on":
                outside.wait_for(lambda: b"\x1b]9;4;1;30\x1b\\" in outside.output)
                outside.wait_for(lambda: b"\x1b]9;gan-tui: gan-1 has finished at step 120.\x1b\\" in outside.output)
            outside.type("q")
            outside.wait_for("ready>")
            outside.wait_for(lambda: told("#{pane_title}") == before)
            if passes == "on":
                assert PROGRESS.findall(outside.output)[-1] == b"0"
            else:
                assert not PROGRESS.search(outside.output) and not NOTICE.search(outside.output)
    finally:
        subprocess.run((*tmux, "kill-server"), check=False, capture_output=True)


# In the shell ----------------------------------------------------------


@pytest.mark.parametrize(("env", "is_link"), [({"VTE_VERSION": "7600"}, True), ({}, False)])
def test_a_folder_that_is_printed_is_a_link_where_the_terminal_knows_them(
    env: Mapping[str, str], is_link: bool, runs: Path
) -> None:
    folder = recorded_run(runs)
    command = (*GAN_TUI, "attach", "gan-1", "--plain")
    with Terminal(command, 200, 30, env=env) as terminal:
        assert terminal.wait_for_exit() == 0
        assert terminal.text().rstrip().endswith(str(folder.path))
        assert (leads_to(folder.path) in terminal.output) == is_link
    piped = subprocess.run(command, capture_output=True, env={**os.environ, **env, "TERM": "xterm"}, check=True)
    assert b"\x1b" not in piped.stdout
