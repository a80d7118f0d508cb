"""What a shell may have done to a command before it begins: no current folder, no home, folders named oddly."""

import fcntl
import os
import pwd
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from files import old_run
from gan_tui import data, presets
from gan_tui.cli.arguments import main
from gan_tui.data.sources import EMBEDDED
from gan_tui.errors import UserError
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import launching
from gan_tui.system import paths
from pty_terminal import GAN_TUI

NOWHERE = "gan-tui: The current folder is not there any more; go to another (cd), or write whole paths.\n"


@pytest.fixture
def no_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shell is where another one has removed the folder."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()


@pytest.fixture
def no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container whose user has only a number."""

    def nobody(number: int) -> NoReturn:
        raise KeyError(f"getpwuid(): uid not found: {number}")

    for name in ("HOME", "KERAS_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "GAN_TUI_PRESETS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", nobody)


@pytest.mark.usefixtures("no_current_folder")
def test_runs_are_found_by_their_names_from_a_folder_that_is_gone(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old_run("finished", "xor", runs)
    assert main(["show", "xor"]) == 0
    assert main(["resume", "xor"]) == 2
    assert "xor has finished" in capsys.readouterr().err
    assert main(["stop", "xro"]) == 2
    assert 'There is no run "xro"' in capsys.readouterr().err


@pytest.mark.usefixtures("no_current_folder")
@pytest.mark.parametrize(
    "arguments",
    [
        ("--runs-dir", "r", "runs"), ("--data-dir", "d", "data"),
        ("train", "plane", "--set", "points=p.csv"), ("train", "gan", "--set", "data_folder=d"),
    ],
)  # fmt: skip
def test_what_needs_the_current_folder_says_that_it_is_gone(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr() == ("", NOWHERE)


@pytest.mark.usefixtures("no_home")
def test_without_a_home_the_folders_that_are_named_do(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old_run("stopped", "xor", runs)
    for command, words in ("runs", "240 of 400"), ("presets", "dcgan"), ("data", "embedded"), ("show xor", "layer"):
        assert main(command.split()) == 0
        out, err = capsys.readouterr()
        assert words in out and (err == "" or err.startswith("xor is also a preset"))


@pytest.mark.usefixtures("no_home")
def test_without_a_home_what_would_lie_there_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["data", "fetch", "mnist"]) == 2
    asked = "gan-tui: There is no home folder; set HOME, or name a folder with KERAS_HOME.\n"
    assert capsys.readouterr().err == asked
    assert main(["--runs-dir", "~/r", "runs"]) == 2
    assert capsys.readouterr().err == 'gan-tui: There is no home folder for "~/r"; set HOME, or write the whole path.\n'
    monkeypatch.delenv("GAN_TUI_RUNS")
    assert main(["runs"]) == 2
    asked = "gan-tui: There is no home folder; set HOME, or name a folder with --runs-dir or GAN_TUI_RUNS.\n"
    assert capsys.readouterr().err == asked


@pytest.mark.parametrize("home", ["", "home", "~"])
def test_a_home_that_is_no_whole_path_is_not_taken(home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", home)
    assert paths.user_path("~/r") == Path(pwd.getpwuid(os.getuid()).pw_dir) / "r"


def test_folders_that_the_environment_does_not_name_whole_are_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else runs would lie wherever one happened to be."""
    for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, "mine")
    monkeypatch.setenv("HOME", str(tmp_path))
    for kind in ("data", "config", "cache"):
        own = paths.own_folder(kind)
        assert own and own.is_relative_to(tmp_path)


# Names of files that are no UTF-8 ----------------------------------------------------------------


@pytest.fixture
def latin_1(tmp_path: Path) -> Path:
    """A folder called café by a system that wrote é as the byte E9, with points and with images."""
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    (folder / "p.csv").write_text("0,0,0\n1,1,1\n")
    (folder / "mnist.npz").symlink_to(EMBEDDED / "mnist.npz")
    return folder


@pytest.mark.parametrize(
    "arguments",
    [
        ("train", "gan", "--detach", "--set", "data_folder={}"), ("--data-dir", "{}", "train", "gan", "--detach"),
        ("sweep", "gan", "--set", "data_folder={}"), ("sweep", "plane", "--set", "points=xor,{}/p.csv"),
    ],
)  # fmt: skip
def test_a_name_that_cannot_be_kept_is_refused_before_anything_is_made(
    arguments: tuple[str, ...], latin_1: Path, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([word.format(latin_1) for word in arguments]) == 2
    out, err = capsys.readouterr()
    way = "has a name that is not UTF-8, so no run could say where it is; rename it, or name a link to it (ln -s).\n"
    assert out == "" and err.startswith(f"gan-tui: {latin_1.parent}/caf ") and err.endswith(way)
    assert not runs.exists()


def test_points_and_presets_may_lie_in_any_folder(latin_1: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run keeps a copy of them."""
    preset = presets.find("plane").with_settings({"points": str(latin_1 / "p.csv")})
    folder = presets.new_run(preset, latin_1 / "runs")
    assert presets.of_run(folder).files() == {"points": folder.path / "points.csv"}
    monkeypatch.setenv("KERAS_HOME", str(latin_1))
    (latin_1 / "datasets").mkdir()
    (latin_1 / "datasets" / "mnist.npz").symlink_to(EMBEDDED / "mnist.npz")
    assert data.find("mnist").origin.encode().endswith(b"/datasets)"), "an event can hold it"


# What the shell has set for Python ----------------------------------------------------------------


def test_what_is_set_for_python_itself_reaches_no_process_of_ours(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name, value in {
        "OPTIMIZE": "2", "WARNINGS": "error", "INSPECT": "1", "PROFILEIMPORTTIME": "1", "VERBOSE": "1", "DEVMODE": "1",
        "HASHSEED": "7", "DEBUG": "1", "_A_LATER_ONE": "1", "PATH": "/where/modules/lie", "NOUSERSITE": "1",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"PYTHON{name}", value)
    assert main(["runs"]) == 0
    asked = "import os; print(sorted(name for name in os.environ if name.startswith('PYTHON')))"
    kept = {name for name in os.environ if name in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")}
    capfd.readouterr()
    subprocess.run([sys.executable, "-c", asked], check=True)
    assert capfd.readouterr() == (f"{sorted(kept | {'PYTHONNOUSERSITE', 'PYTHONPATH'})}\n", "")


def test_modules_that_greet_whoever_loads_them_are_not_taken_for_answers(
    runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = old_run("stopped", "xor", runs)
    (tmp_path / "sitecustomize.py").write_text("print('welcome to this cluster', flush=True)")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}")
    with folder.lock_file.open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(UserError) as caught:
            launching.launch(folder)
    assert str(caught.value) == "xor is already running; gan-tui attach xor shows it."


@pytest.fixture
def odd_signals() -> Iterator[None]:
    """Whoever started us ignores the end of its own processes, and does not want to be interrupted just now."""
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN), signal.pthread_sigmask(signal.SIG_BLOCK, ())
    signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTERM, signal.SIGWINCH, signal.SIGCHLD))
    yield
    signal.signal(signal.SIGCHLD, before[0])
    signal.pthread_sigmask(signal.SIG_SETMASK, before[1])


@pytest.mark.usefixtures("odd_signals")
def test_signals_are_as_usual_whatever_was_inherited() -> None:
    """Else a trainer that was killed "ended with exit code 0", and none can be stopped."""
    assert main(["runs"]) == 0
    assert subprocess.run(["sh", "-c", "kill -KILL $$"]).returncode == -signal.SIGKILL
    assert subprocess.run(["sh", "-c", "kill -TERM $$"], timeout=5).returncode == -signal.SIGTERM


@pytest.mark.slow
def test_modules_in_the_current_folder_are_not_taken_for_pythons(tmp_path: Path) -> None:
    """`python -m` looks there first."""
    for name in ("random", "numpy", "keras", "tempfile", "textual"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('mine')")
    ended = subprocess.run([*GAN_TUI, "doctor", "--help"], cwd=tmp_path, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    ended = subprocess.run([*GAN_TUI, "runs"], cwd=tmp_path, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize("name", ["xor", "my run's", "-old", "--old", "$(id)", "a;b *", "Größe", "x" * 100])
def test_a_command_for_a_run_can_be_typed_as_it_is_printed(
    name: str, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = old_run("stopped", "xor", runs)
    folder = RunFolder(folder.path.rename(runs / name))
    assert main(["stop", str(folder.path)]) == 2
    said = capsys.readouterr().err
    command = re.search(r"gan-tui (resume .*) continues from its last checkpoint", said)
    assert command
    typed = subprocess.run(["sh", "-c", f"printf '%s\\n' {command[1]}"], capture_output=True, text=True, cwd="/")
    assert main(["show", *typed.stdout.splitlines()[1:]]) == 0
    assert "240" in capsys.readouterr().out


def test_a_command_for_a_run_that_lies_elsewhere_finds_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Printed for a person who has given --runs-dir, and may not give it again."""
    folder = old_run("stopped", "xor", tmp_path / "else where")
    assert main(["stop", "xor", "--runs-dir", str(folder.path.parent)]) == 2
    command = re.search(r"gan-tui (resume .*) continues from its last checkpoint", capsys.readouterr().err)
    assert command
    assert main(["show", *shlex.split(command[1])[1:]]) == 0
    assert "240" in capsys.readouterr().out
