"""Scripts from the shell: which words are the script's, what is refused, what is said of their runs."""

import json
import os
import sys
from pathlib import Path

import pytest

from gan_tui.cli import parser
from gan_tui.cli.printed import Printed
from gan_tui.run.commands import COMMANDS
from gan_tui.run.events import Checkpoint, Metrics, Started, State
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import script_runs
from product import wait_for
from shell import said

# Words ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "script", "name"),
    [
        (["train.py"], ["train.py"], None),
        (["train.py", "--name", "x", "--plain", "-h", "--"], ["train.py", "--name", "x", "--plain", "-h", "--"], None),
        (["--name", "night", "train.py", "-m", "x"], ["train.py", "-m", "x"], "night"),
        (["--name=night", "--restarts", "2", "./a b.py", "--lr"], ["./a b.py", "--lr"], "night"),
        (["--", "--odd.py", "--name"], ["--odd.py", "--name"], None),
        (["--plain", "-m", "package.module", "--plain"], ["-m", "package.module", "--plain"], None),
        (["--runs-dir", "runs", "train.py", "--runs-dir", "mine"], ["train.py", "--runs-dir", "mine"], None),
    ],
)
def test_what_follows_the_script_is_its_own(words: list[str], script: list[str], name: str | None) -> None:
    given = parser.parsed(["run", *words])
    assert (given.script, given.name) == (script, name)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "gan-tui run needs a SCRIPT, such as gan-tui run train.py; see gan-tui run --help."),
        (["--detach"], "gan-tui run needs a SCRIPT, such as gan-tui run train.py; see gan-tui run --help."),
        ([""], "gan-tui run needs a SCRIPT, such as gan-tui run train.py; see gan-tui run --help."),
        (["--"], "gan-tui run needs a SCRIPT, such as gan-tui run train.py; see gan-tui run --help."),
        (["-m"], "-m needs the name of a module, such as gan-tui run -m package.module; see gan-tui run --help."),
        (["--nam", "x", "train.py"], 'run has no option "--nam", did you mean "--name"? See gan-tui run --help.'),
        (["--name"], "--name needs a value; see gan-tui run --help."),
        (["--plain", "--detach", "a.py"], "--plain and --detach cannot be used together; see gan-tui run --help."),
        (["--restarts", "two", "a.py"],
         '--restarts must be a whole number, such as 3, not "two"; see gan-tui run --help.'),
    ],
)  # fmt: skip
def test_words_that_make_no_command_are_refused(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(capsys, "run", *words) == (2, "", f"gan-tui: {sentence}\n")


def test_a_script_that_is_typed_as_a_command_is_told_the_way(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = said(capsys, "train.py", "--lr", "1")
    assert (code, err) == (
        2, 'gan-tui: unknown command "train.py": it is a script, so gan-tui run train.py; see gan-tui --help.\n'
    )  # fmt: skip


# What cannot run ----------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "train.py").write_text("print('trained')")
    (tmp_path / "broken.py").write_text("import os\nx = = 3\n")
    (tmp_path / "binary.py").write_bytes(b"\x7fELF\x00\x00")
    (tmp_path / "shell.sh").write_text("#!/bin/sh\necho hello\n")
    (tmp_path / "notebook.ipynb").write_text('{"cells": []}')
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__main__.py").touch()
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe.py")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["trian.py"], 'There is no script trian.py in {project}, did you mean "train.py"?'),
        (["train"], 'There is no script train in {project}, did you mean "train.py"?'),
        (["other.py"],
         "There is no script other.py in {project}, choose from binary.py, broken.py, pipe.py, train.py."),
        (["train.py/"], 'There is no script train.py/ in {project}, did you mean "train.py"?'),
        (["empty/train.py"], "There is no script empty/train.py in {project}/empty; name one by its path."),
        (["package"], "package is a folder; name a script in it, such as package/__main__.py."),
        (["empty"], "empty is a folder; name a script in it."),
        (["broken.py"], "broken.py is not Python that could run: line 2: invalid syntax."),
        (["binary.py"], "binary.py is not Python that could run: source code string cannot contain null bytes."),
        (["shell.sh"], "shell.sh is a script for /bin/sh, and run takes one for Python."),
        (["notebook.ipynb"],
         "notebook.ipynb is a notebook; make a script of it: jupyter nbconvert --to script notebook.ipynb."),
        (["pipe.py"], "pipe.py is no file that could be read twice; name a script."),
        (["xor"], "xor is a preset, and run takes a script: gan-tui train xor."),
        (["my.keras"], "my.keras is a saved model, and run takes a script: gan-tui train my.keras."),
        (["--python", "nowhere", "train.py"],
         '--python: there is no program "nowhere"; name a Python, such as python3.'),
        (["--python", "/bin/echo", "train.py"], "/bin/echo does not work as a Python; name another with --python."),
        (["-m", "nowhere.train", "--lr"],
         f"{sys.executable} finds no module nowhere; install it there, go to the folder that it is in, or name another "
         "Python with --python."),
        (["--restarts", "-1", "train.py"], "--restarts must be 0 or more."),
        (["--name", "two words", "train.py"],
         '"two words" is not a valid run name: it has " "; use the letters a to z and A to Z, digits, ".", "_" and '
         '"-".'),
        (["train.py", "x" * 60_000],
         "The script's arguments have 60,008 characters; use at most 50,000: name a file."),
        (["train.py", "caf\udce9"],
         "$'caf\\351' is not UTF-8, so no run could keep it; write it in other letters."),
    ],
)  # fmt: skip
def test_what_can_be_known_not_to_run_makes_no_run(
    words: list[str], sentence: str, project: Path, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(capsys, "run", "--detach", *words) == (2, "", f"gan-tui: {sentence.format(project=project)}\n")
    assert not runs.exists()


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_a_script_that_may_not_be_read_is_said_to_be(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "train.py").chmod(0)
    assert said(capsys, "run", "train.py")[2] == (
        "gan-tui: train.py cannot be read: Permission denied; check who owns it.\n"
    )


# With which Python --------------------------------------------------------------------------------------


@pytest.fixture
def elsewhere(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment beside ours, in which Python is."""
    (project / "env" / "bin").mkdir(parents=True)
    for name in ("python", "python3"):
        (project / "env" / "bin" / name).symlink_to(sys.executable)
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(variable, raising=False)
    return project / "env"


def test_it_is_that_of_the_active_environment_else_gan_tuis_own(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert script_runs.command_of(["train.py"]).words == (sys.executable, "train.py")
    for variable in ("CONDA_PREFIX", "VIRTUAL_ENV"):
        monkeypatch.setenv(variable, str(elsewhere))
        assert script_runs.command_of(["train.py"]).words[0] == str(elsewhere / "bin" / "python")
        monkeypatch.setenv(variable, str(elsewhere / "gone"))
    assert script_runs.command_of(["train.py"], "env/bin/python").words[0] == str(elsewhere / "bin" / "python")
    Path("mine").symlink_to(sys.executable)
    assert script_runs.command_of(["train.py"], "./mine").words[0] == str(Path.cwd() / "mine")


def test_where_gan_tui_has_an_environment_to_itself_it_is_the_python_on_the_path(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{elsewhere / 'bin'}:{os.environ['PATH']}")
    assert script_runs.command_of(["train.py"]).words[0] == sys.executable
    monkeypatch.setattr(sys, "prefix", str(elsewhere))
    (elsewhere / "pipx_metadata.json").touch()
    assert script_runs.command_of(["train.py"]).words[0] == str(elsewhere / "bin" / "python")


# What is said of runs -----------------------------------------------------------------------------------


@pytest.fixture
def ended(project: Path, runs: Path) -> RunFolder:
    """A script's run that was stopped at step 30."""
    command = script_runs.command_of(["train.py", "--lr", "0.1"])
    folder = script_runs.made(command, runs, "night")
    folder.preset_file.write_text(folder.preset_file.read_text() + '\n[config]\nlr = 0.1\ndata.path = "here"\n')
    rows = [
        {"name": "dense", "kind": "Dense", "layer": "Dense 8", "output_shape": [8], "parameters": 24, "trainable": 24}
    ]
    dataset = {"name": "own", "origin": "script", "train": 0, "validation": 0}
    writer = folder.writer()
    writer.write(
        State("starting"),
        Started("night", "train.py", "script", 0, {"model": rows}, dataset, [], {}, 0, 1, 0, commands=list(COMMANDS)),
        State("training"), Metrics([10, 20, 30], {"loss": [3.0, 2.0, 1.0]}),
        Checkpoint(30, "checkpoints/000000030", "asked"), State("stopped", "asked to stop"),
    )  # fmt: skip
    writer.close()
    folder.trainer_log.write_text("[gan-tui] python train.py\nhello\n")
    return folder


def test_it_is_shown_with_its_command_and_configuration(ended: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "show", "night")
    assert code == 0
    assert [" ".join(line.split()) for line in out.splitlines()] == [
        "train.py (night)", "",
        f"command {sys.executable} train.py --lr 0.1", f"folder {Path.cwd()}", "",
        "model", "layer output parameters", "Dense 8 8 24", "total 24", "",
        "configuration", "lr 0.1", "data.path here", "",
        "results", "state stopped: asked to stop", "step 30", "loss 1.0000", "best 1.0000 loss at step 30",
        "checkpoint checkpoints/000000030 (asked)",
    ]  # fmt: skip
    document = json.loads(said(capsys, "show", "night", "--json")[1])
    assert (document["task"], document["config"]["lr"], document["command"][1:]) == (
        "script", 0.1, ["train.py", "--lr", "0.1"]
    )  # fmt: skip
    assert said(capsys, "show", "night", "--settings")[0] == 2


def test_it_is_listed_by_what_runs(ended: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "runs")[1].splitlines()[1].split()[:4] == ["night", "night", "stopped", "30"]


def test_followed_as_text_it_has_what_the_script_has_printed(
    ended: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = said(capsys, "attach", "night", "--plain")
    assert code == 0
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert any(line.startswith("30 1.0000") for line in lines), "the step, no epoch, the loss"
    assert "| hello" in lines and "Stopped at step 30; gan-tui resume night continues from there." in lines
    assert not any("0 examples" in line or "seed" in line for line in lines)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["train", "gan", "--from", "night"],
         "night was made by a script, whose networks no preset describes; name a .keras file of its checkpoints: "
         "{runs}/night/checkpoints."),
        (["train", "{runs}/night/preset.toml"],
         "{runs}/night/preset.toml is of a script's run, and no preset; gan-tui run starts scripts."),
        (["sweep", "{runs}/night/preset.toml", "--set", "seed=1,2"],
         "{runs}/night/preset.toml is of a script's run, and no preset; gan-tui run starts scripts."),
        (["resume", "night", "--steps", "100"],
         "night was made by a script, which says itself how long it trains; change that in it."),
        (["pause", "night"], "night is not running; gan-tui resume night restarts it from the first step: it has no "
         "checkpoint yet."),
    ],
)  # fmt: skip
def test_what_only_presets_can_do_is_refused(
    words: list[str], sentence: str, ended: RunFolder, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [word.format(runs=runs) for word in words]
    assert said(capsys, *words) == (2, "", f"gan-tui: {sentence.format(runs=runs)}\n")


def test_a_run_whose_folder_or_python_is_gone_is_told_so(
    ended: RunFolder, elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = ended.preset_file.read_text()
    ended.preset_file.write_text(text.replace(sys.executable, "/gone/python"))
    code, _, err = said(capsys, "resume", "--here", "night")
    assert (code, err) == (
        2, "gan-tui: The Python of night is gone: /gone/python; make it anew, or gan-tui run --python /gone/python "
        "train.py --lr 0.1 starts another run.\n",
    )  # fmt: skip
    ended.preset_file.write_text(text.replace(str(Path.cwd()), "/gone"))
    assert said(capsys, "resume", "--here", "night")[2] == (
        "gan-tui: night ran in /gone, which is gone; put it back, and resume.\n"
    )


@pytest.mark.parametrize(
    ("words", "where"),
    [(["-c", "import gan_tui"], "by python -c"), (["/x/ipykernel_launcher.py", "-f"], "in a notebook")],
)
def test_what_no_command_can_start_again_is_said_to_be(
    words: list[str], where: str, ended: RunFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    text = ended.preset_file.read_text()
    ended.preset_file.write_text(text.replace('    "train.py",\n', "".join(f'    "{word}",\n' for word in words)))
    assert said(capsys, "resume", "--here", "night")[2] == (
        f"gan-tui: night was made {where}, so no command can start it again; run it there once more.\n"
    )


# What a script prints -----------------------------------------------------------------------------------


def test_new_lines_are_shown_as_they_come_harmless_and_whole(tmp_path: Path) -> None:
    log = tmp_path / "trainer.log"
    printed = Printed(log)
    assert list(printed.lines()) == []
    log.write_bytes(b"one\n\x1b[31m  two\xff\x1b[0m\n\n  10%\r  99%\r 100%\nthr")
    assert list(printed.lines()) == ["one", "  two�", " 100%"]
    with log.open("ab") as file:
        file.write(b"ee\n")
    assert list(printed.lines()) == ["three"]
    log.write_bytes(b"shortened\nlast")
    assert list(printed.lines(ended=True)) == ["shortened", "last"]


def test_columns_stand_as_they_were_printed(tmp_path: Path) -> None:
    log = tmp_path / "trainer.log"
    log.write_text("step\tloss\n100\t0.5\n\tx  y\n")
    assert list(Printed(log).lines()) == ["step    loss", "100     0.5", "        x  y"]


@pytest.mark.slow
def test_a_script_that_fails_fails_the_command(
    project: Path, no_training_is_left: None, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "fails.py").write_text("print('begun')\nraise SystemExit('no data')")
    code, out, _ = said(capsys, "run", "--plain", "--name", "night", "fails.py")
    assert code == 1 and "| no data" in out
    assert 'Failed: The script ended with exit code 1; the last line of trainer.log: "no data".' in out
    assert said(capsys, "run", "--plain", "train.py")[0] == 0
    code, out, _ = said(capsys, "run", "--detach", "train.py")
    assert (code, out) == (0, f"{project}/runs/train-2\n")
    wait_for(lambda: not RunFolder(project / "runs" / "train-2").is_held())
