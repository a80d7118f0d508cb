"""Where the output of a command goes: nowhere, onto a full disk, to somebody who has read enough."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from files import old_run
from gan_tui.run.folder import RunFolder
from product import wait_for
from pty_terminal import GAN_TUI
from recorded import held, recorded_run

pytestmark = pytest.mark.slow  # programs of their own

COMMANDS = ("runs", "presets", "presets --json", "show dcgan", "--help", "train --help")


def shell(line: str, seconds: float = 120) -> "subprocess.CompletedProcess[str]":
    command = f"{' '.join(GAN_TUI)} {line}"
    return subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=seconds)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "<&- >&-"])
def test_streams_that_a_shell_has_closed_are_no_error(closed: str) -> None:
    ended = shell(f"presets {closed}")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert bool(ended.stdout) is (closed == "<&-")


def test_with_standard_error_closed_the_exit_code_tells() -> None:
    assert shell("presets 2>&-").returncode == 0
    assert shell("prests 2>&-").returncode == 2


def test_without_an_input_there_is_no_terminal() -> None:
    ended = shell("<&-")
    assert (ended.returncode, ended.stderr.startswith("gan-tui: The menu needs a terminal; ")) == (2, True)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="it needs /dev/full")
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("python", ["", "-u"])
def test_output_that_cannot_be_written_is_said_in_a_sentence(command: str, python: str) -> None:
    if python and command != "runs":
        pytest.skip("one is enough to see that it does not wait in a buffer")
    line = f"{sys.executable} {python} -m gan_tui {command} >/dev/full"
    ended = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60)
    said = "gan-tui: The output cannot be written: No space left on device; free some space.\n"
    assert (ended.returncode, ended.stderr) == (1, said)


QUERIES = ("status", "metrics", "metrics --json", "metrics --csv", "events --json", "wait")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="it needs /dev/full")
@pytest.mark.parametrize("query", QUERIES)
def test_an_answer_that_cannot_be_written_is_said_in_a_sentence(query: str, runs: Path) -> None:
    old_run("finished", "pair", runs)
    name, _, options = query.partition(" ")
    ended = shell(f"{name} pair {options} >/dev/full")
    said = "gan-tui: The output cannot be written: No space left on device; free some space.\n"
    assert (ended.returncode, ended.stderr) == (1, said)


@pytest.mark.parametrize("query", ["metrics --csv", "events --json"])
def test_an_answer_is_given_up_when_nobody_reads_it(query: str, runs: Path) -> None:
    recorded_run(runs, steps=40_000)
    name, _, options = query.partition(" ")
    piped = f"{name} gan-1 {options} 2>{runs}/err | head -c 100 >/dev/null"
    ended = shell(f"{piped}; echo ${{PIPESTATUS[0]}}; cat {runs}/err")
    assert ended.stdout == "130\n"


@pytest.mark.parametrize("query", ["events gan-1 --json --follow", "wait gan-1"])
def test_ctrl_c_ends_whoever_waits_and_not_the_run(query: str, runs: Path) -> None:
    folder = recorded_run(runs, state="training")
    with held(folder):
        waiting = subprocess.Popen([*GAN_TUI, *query.split()], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        wait_for(lambda: children_wait(waiting.pid))
        waiting.send_signal(signal.SIGINT)
        assert (waiting.wait(20), waiting.communicate()[1]) == (130, b"")
        assert folder.is_alive()


def children_wait(pid: int) -> bool:
    """Whether a process has loaded all that it needs, and sleeps between two looks."""
    process = psutil.Process(pid)
    loaded = any("numpy" in mapped.path for mapped in process.memory_maps())
    return loaded and process.status() == psutil.STATUS_SLEEPING


@pytest.mark.usefixtures("no_training_is_left")
def test_whoever_has_read_enough_is_told_that_the_training_goes_on(runs: Path) -> None:
    ended = shell("train xor --steps 100000000 | head -2")
    assert ended.stderr == (
        "gan-tui: Nobody reads the output any more. xor-1 trains on in the background; gan-tui stop xor-1 ends it.\n"
    )
    assert len(ended.stdout.splitlines()) == 2
    folder = RunFolder(runs / "xor-1")
    assert folder.is_alive()
    assert shell("stop xor-1").returncode == 0
    wait_for(lambda: not folder.is_held())


CANNOT = "gan-tui: The output cannot be written: No space left on device; free some space. "


@pytest.mark.prove
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="it needs /dev/full")
@pytest.mark.usefixtures("no_training_is_left")
def test_a_training_whose_output_meets_a_full_disk_goes_on_and_that_is_said(runs: Path) -> None:
    goes_on = f"{CANNOT}xor-1 trains on in the background; gan-tui stop xor-1 ends it.\n"
    folder = RunFolder(runs / "xor-1")
    for command in ("train xor --steps 100000000 --plain", "attach xor-1 --plain"):
        ended = shell(f"{command} >/dev/full")
        assert (ended.returncode, ended.stderr) == (130, goes_on)
        assert folder.is_alive()
    assert shell("stop xor-1").returncode == 0
    ended = shell("attach xor-1 --plain >/dev/full")
    assert (ended.returncode, ended.stderr) == (130, f"{CANNOT}gan-tui attach xor-1 shows how it ended.\n")
    assert shell("attach xor-1 --plain | true").stderr == "", "whoever wants no more of what has ended needs no word"
    for command in ("resume xor-1", "resume xor-1 --steps 200000000", "train xor --detach --name xor-1"):
        if command.startswith("train"):
            shutil.rmtree(folder.path)
        ended = shell(f"{command} >/dev/full")
        assert (ended.returncode, ended.stderr) == (130, goes_on)
        assert shell("stop xor-1").returncode == 0


@pytest.mark.parametrize(
    ("unbuffered", "reader"),
    [
        ("", "true"),
        ("1", "head -1"),
        *(
            pytest.param(*each, marks=pytest.mark.prove)
            for each in (("1", "true"), ("", "read heading"), ("1", "read heading"), ("", "head -1"))
        ),
    ],
)
def test_a_sweep_whose_output_nobody_reads_any_more_says_how_it_is_gone_on_with(
    reader: str, unbuffered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)  # each print is then two writes
    ended = shell(f"sweep xor --set batch_size=1,2 --steps 4 | {reader}")
    assert re.fullmatch(
        r"gan-tui: Nobody reads the output any more\. [012] of 2 trainings are done; gan-tui sweep --resume xor-1 "
        r"continues with the rest\.\n",
        ended.stderr,
    )


ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}


@pytest.mark.parametrize(
    ("name", "environment", "word"),
    [
        ("größe", {"PYTHONIOENCODING": "utf-8"}, "'größe'"),
        ("größe", {"PYTHONIOENCODING": "ascii"}, r"$'gr\303\266\303\237e'"),
        ("größe", {"GAN_TUI_ASCII": "1"}, r"$'gr\303\266\303\237e'"),
        ("größe", ASCII, r"$'gr\303\266\303\237e'"),
        ("größe 'a' \\", ASCII, r"$'gr\303\266\303\237e\040\047a\047\040\134'"),
        ("-größe", ASCII, r"$'./-gr\303\266\303\237e'"),
        ("a\nb", {}, r"$'a\012b'"),
        ("a  b", {}, r"$'a\040\040b'"),
        ("gro\u0308n", {"PYTHONIOENCODING": "utf-8"}, r"$'gro\314\210n'"),
        ("a\u200bb", {}, r"$'a\342\200\213b'"),
        ("gr\udcffn", {}, r"$'gr\377n'"),
        ("a b", ASCII, "'a b'"),
    ],
)
def test_a_command_that_is_suggested_names_the_run_in_characters_that_the_terminal_has(
    name: str, environment: dict[str, str], word: str, runs: Path
) -> None:
    folder = old_run("stopped", "xor", runs).path.rename(runs / name)
    environment = {**os.environ, **environment}
    named = os.fsencode(f"./{name}" if name.startswith("-") else name)
    command = [*map(os.fsencode, GAN_TUI), b"stop", named]
    ended = subprocess.run(command, capture_output=True, env=environment, cwd=runs, timeout=60)
    said = ended.stderr.decode("utf-8")
    assert f"; gan-tui resume {word} continues from its last checkpoint.\n" in said
    there = subprocess.run(["bash", "-c", f"ls -d {word}"], capture_output=True, cwd=runs)
    assert os.fsdecode(there.stdout.rstrip(b"\n").removeprefix(b"./")) == folder.name
