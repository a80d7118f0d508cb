"""The command line: wrong use gets one sentence with its remedy, the right exit code, and leaves nothing behind."""

# ruff: noqa: E501 (a table reads best with a row a line)

import os
import re
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import numpy as np
import orjson
import pytest
import tomli_w

from files import old_run
from gan_tui import __version__, presets
from gan_tui.cli import commands
from gan_tui.errors import UserError
from gan_tui.run import folder
from gan_tui.run.events import Checkpoint, Metrics, Resumed, Started, State
from gan_tui.run.folder import RunFolder
from gan_tui.run.handover import Assignment
from gan_tui.supervision import launching
from product import state_of
from pty_terminal import GAN_TUI
from recorded import append, epoch, held, metrics, recorded_run, saved
from serving import Serving
from shell import said

DATA = {"name": "xor", "origin": "made by gan-tui", "train": 4, "validation": 0}


def recorded(runs: Path, name: str | None = None, *more: object) -> folder.RunFolder:
    """A run that ended, without a process."""
    folder = presets.new_run(presets.find("xor"), runs, name)
    writer = folder.writer()
    started = Started("xor", "XOR", "plane", 42, {}, DATA, ["CPU"], {}, 1000, 1, 4)
    writer.write(State("starting"), started, State("training"), Metrics([1, 2], {"loss": [0.7, 0.6]}), *more)
    writer.close()
    return folder


# Wrong use -----------------------------------------------------------------------------------------------

TRAIN = ("train", "xor", "--detach")
WRONG: list[tuple[tuple[str, ...], int, str]] = [
    # arguments, exit code, what standard error says after "gan-tui: "
    (("train", "dcgna"), 2, r'There is no preset "dcgna", did you mean "dcgan"\? \(gan-tui presets lists them; .*\)\.'),
    (("train", "nowhere.toml"), 2, r"Cannot read the preset nowhere\.toml: No such file or directory; check the path\."),
    (("train", "~nobody-is-called-that/x.toml"), 2, r"Cannot read the preset .*: No such file .*; check the path\."),
    (("train",), 2, r"the following arguments are required: PRESET; see gan-tui train --help\."),
    ((*TRAIN, "--set", "batch_size=0"), 2, r"xor: batch_size must be a whole number from 1 to 1,000,000, not 0\."),
    ((*TRAIN, "--set", "batch_size=5"), 2, r"batch_size 5 is more than the 4 training examples of xor; choose a smaller one\."),
    ((*TRAIN, "--set", "batchsize=4"), 2, r'xor: unknown setting "batchsize" for this task, did you mean "batch_size"\?'),
    ((*TRAIN, "--set", "foo=1"), 2, r'xor: unknown setting "foo" for this task, choose from (?!.*points).*'),
    ((*TRAIN, "--set", "hidden=[2]"), 2, r'xor: unknown setting "hidden" for this data set, choose from (?!.*points).*'),
    (("train", "plane", "--set", "hidden=16,16"), 2, r'plane: hidden must be a list of 0 to 8 whole numbers, such as \[16, 16\], not "16,16"\.'),
    ((*TRAIN, "--set", "batch_size"), 2, r'--set takes KEY=VALUE, such as --set batch_size=64, not "batch_size"\.'),
    ((*TRAIN, "--set", "learning_rate=nan"), 2, r"xor: learning_rate must be a number from 1e-12 to 1000, not nan\."),
    ((*TRAIN, "--set", "optimizer=adm"), 2, r'xor: optimizer cannot be "adm", did you mean "adam"\?'),
    ((*TRAIN, "--steps", "0"), 2, r"--steps must be at least 1, not 0\."),
    ((*TRAIN, "--steps", "-3"), 2, r"--steps must be at least 1, not -3\."),
    ((*TRAIN, "--steps", "9999999999"), 2, r"xor: steps must be a whole number from 0 to 1,000,000,000, not 9999999999\."),
    ((*TRAIN, "--restarts", "-1"), 2, r"xor: restarts must be a whole number from 0 to 1,000, not -1\."),
    ((*TRAIN, "--steps", "many"), 2, r'--steps must be a whole number, such as 2000, not "many"; see gan-tui train --help\.'),
    ((*TRAIN, "--steps", "1e3"), 2, r'--steps must be a whole number, such as 2000, not "1e3"; see gan-tui train --help\.'),
    ((*TRAIN, "--steps", "a'b"), 2, r'--steps must be a whole number, such as 2000, not "a\'b"; see gan-tui train --help\.'),
    (("sweep", "xor", "--repeats", "x"), 2, r'--repeats must be a whole number, such as 3, not "x"; see gan-tui sweep --help\.'),
    ((*TRAIN, "--restarts", "x"), 2, r'--restarts must be a whole number, such as 3, not "x"; see gan-tui train --help\.'),
    ((*TRAIN, "--seed", "x"), 2, r'--seed must be a whole number, such as 42, not "x"; see gan-tui train --help\.'),
    ((*TRAIN, "--epochs", "0"), 2, r"xor: epochs must be a whole number from 1 to 10,000,000, not 0\."),
    ((*TRAIN, "--seed", "-1"), 2, r"xor: seed must be a whole number from 0 to 2,147,483,647, not -1\."),
    ((*TRAIN, "--steps", "5", "--epochs", "5"), 2, r"--steps and --epochs cannot be used together; see gan-tui train --help\."),
    ((*TRAIN, "--plain"), 2, r"--detach and --plain cannot be used together; .*"),
    ((*TRAIN, "--name", "../x"), 2, r'"\.\./x" is not a valid run name: it has "/"; use the letters .*, digits, "\.", "_" and "-"\.'),
    ((*TRAIN, "--runs-dir", "/dev/null/runs"), 2, r"Cannot create a run in /dev/null/runs: Not a directory; choose another folder with --runs-dir or GAN_TUI_RUNS\."),
    (("train", "gan", "--detach", "--set", "data_folder=/nowhere"), 2, r"/nowhere is not a readable folder.*"),
    (("attach", "nothing"), 2, r'There is no run "nothing" in .*, start one with gan-tui train gan .*'),
    (("attach",), 2, r"No runs yet; start one with gan-tui, or gan-tui train gan\."),
    (("attach", "x" * 300), 2, r'There is no run "x+…" in .*'),
    (("pause", "nothing"), 2, r'There is no run "nothing" in .*'),
    (("resume", "nothing"), 2, r'There is no run "nothing" in .*'),
    (("save", "nothing"), 2, r'There is no run "nothing" in .*'),
    (("stop", "nothing"), 2, r'There is no run "nothing" in .*'),
    (("stop",), 2, r"No run is alive; name one \(gan-tui runs lists them\), or start one with gan-tui train gan\."),
    (("show", "fashoin-cnn"), 2, r'There is no preset or run "fashoin-cnn", did you mean "fashion-cnn"\?'),
    (("show", "y" * 300), 2, r'There is no preset or run "y+…", .*'),
    (("data", "fetch", "minst"), 2, r'There is no data set "minst", did you mean "mnist"\?'),
    (("data", "fetch"), 2, r"the following arguments are required: NAME; .*"),
    (("dance",), 2, r'unknown command "dance", choose from .*train.*; see gan-tui --help\.'),
    (("delete", "xor-1", "--yes"), 2, r'There is no run "xor-1" in .*'),
    (("rm",), 2, r'unknown command "rm", did you mean "delete"\? See gan-tui --help\.'),
    (("ls",), 2, r'unknown command "ls", did you mean "runs"\? See gan-tui --help\.'),
    (("list", "--json"), 2, r'unknown command "list", did you mean "runs"\? See gan-tui --help\.'),
    (("kill", "xor-1"), 2, r'unknown command "kill", did you mean "stop"\? See gan-tui --help\.'),
    (("xor",), 2, r'unknown command "xor": it is a preset, so gan-tui train xor; see gan-tui --help\.'),
    (("mine.toml", "--steps", "5"), 2, r'unknown command "mine\.toml": it is a preset, so gan-tui train mine\.toml; see gan-tui --help\.'),
    (("juggle",), 2, r'unknown command "juggle", choose from train, run, .*'),
    (("resume", "xor-1", "--set", "epochs=9"), 2, r"resume goes on with the run's own settings, but for its length \(--steps, --epochs\); for others start a new run: gan-tui train PRESET --set KEY=VALUE; see .*"),
    (("trian",), 2, r'unknown command "trian", did you mean "train"\? See gan-tui --help\.'),
    (("it's",), 2, r'unknown command "it\'s", choose from train, run, .*, data; see gan-tui --help\.'),
    (("--runs-dir", "/nowhere", "trian"), 2, r'unknown command "trian", did you mean "train"\? See gan-tui --help\.'),
    (("data", "get"), 2, r'unknown word "get", choose from fetch, clear, show; see gan-tui data --help\.'),
    (("data", "ftch"), 2, r'unknown word "ftch", did you mean "fetch"\? See gan-tui data --help\.'),
    (("data", "fetch", "mnist", "--hlep"), 2, r'data fetch has no option "--hlep", did you mean "--help"\? See gan-tui data fetch --help\.'),
    (("--versoin",), 2, r'gan-tui has no option "--versoin", did you mean "--version"\? See gan-tui --help\.'),
    ((*TRAIN, "--stpes", "4"), 2, r'train has no option "--stpes", did you mean "--steps"\? See gan-tui train --help\.'),
    ((*TRAIN, "--stpes=4"), 2, r'train has no option "--stpes", did you mean "--steps"\? See gan-tui train --help\.'),
    (("--versoin", "train", "xor"), 2, r'gan-tui has no option "--versoin", did you mean "--version"\? See gan-tui --help\.'),
    ((*TRAIN, "gan"), 2, r'train takes no "gan" there; see gan-tui train --help\.'),
    ((*TRAIN, "--name"), 2, r"--name needs a value; see gan-tui train --help\."),
    ((*TRAIN, "--se", "3"), 2, r'train has no option "--se", did you mean "--(set|seed)"\? See gan-tui train --help\.'),
    (("train", "xor", "--plain=yes"), 2, r"--plain takes no value; see gan-tui train --help\."),
    ((), 2, r"The menu needs a terminal; run gan-tui train gan --plain instead\."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"), WRONG, ids=[" ".join(row[0])[:60] or "menu" for row in WRONG]
)
def test_wrong_use_is_answered_in_one_sentence(
    arguments: tuple[str, ...], code: int, sentence: str, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended, out, err = said(capsys, *arguments)
    assert re.fullmatch(f"gan-tui: {sentence}\n", err)
    assert out == ""
    assert ended == code
    assert not runs.exists(), "nothing half-written"


def test_what_the_user_typed_is_shown_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    attack = "x\x1b]52;c;aGk=\x07\u202e"
    for arguments in (("train", attack), ("attach", attack), ("show", attack), ("data", "fetch", attack), (attack,),
                      ("train", f"{attack}.toml"), (*TRAIN, "--set", attack), (*TRAIN, "--set", f"{attack}=1"),
                      (*TRAIN, "--name", attack), (*TRAIN, "--runs-dir", f"/dev/null/{attack}")):  # fmt: skip
        code, out, err = said(capsys, *arguments)
        assert code == 2 and out == ""
        assert err.endswith("\n") and err[:-1].isprintable(), arguments


def test_a_wrong_preset_file_is_refused_by_file_and_key(
    tmp_path: Path, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("title = 'x'\nabout = [")
    code, _, err = said(capsys, "train", str(file))
    assert code == 2
    assert err.startswith(f"gan-tui: {file} is not valid TOML: ") and err.count("\n") == 1
    document = presets.find("xor").as_document()
    document["settings"]["batch_size"] = 0
    file.write_text(tomli_w.dumps(document))
    code, _, err = said(capsys, "show", str(file))
    assert (code, err) == (
        2, f"gan-tui: {file}: settings: batch_size must be a whole number from 1 to 1,000,000, not 0.\n"
    )  # fmt: skip
    assert not runs.exists()


def test_what_is_wrong_with_a_preset_is_said_before_what_is_wrong_with_the_terminal(
    runs: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for stream in (sys.stdin, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    assert said(capsys, "train", "xor", "--set", "batch_size=5") == (
        2, "", "gan-tui: batch_size 5 is more than the 4 training examples of xor; choose a smaller one.\n"
    )  # fmt: skip
    assert said(capsys, "train", "xor")[2].startswith('gan-tui: The terminal type "dumb" cannot show the dashboard; ')
    monkeypatch.delenv("TERM")
    assert said(capsys, "train", "xor")[2].startswith("gan-tui: TERM is not set; set TERM to your terminal's type, ")
    assert not runs.exists()


def test_a_preset_that_cannot_be_trained_is_not_swept_either(
    tmp_path: Path, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = presets.find("xor").as_document()
    document["settings"]["batch_size"] = 5
    (tmp_path / "mine.toml").write_text(tomli_w.dumps(document))
    assert said(capsys, "sweep", str(tmp_path / "mine.toml"), "--set", "batch_size=1,2") == (
        2, "", "gan-tui: batch_size 5 is more than the 4 training examples of xor; choose a smaller one.\n"
    )  # fmt: skip
    assert not runs.exists()


def test_more_than_the_data_is_refused_for_images_too(
    tmp_path: Path, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    images, labels = np.zeros((50, 28, 28), np.uint8), np.arange(50, dtype=np.uint8) % 10
    np.savez(tmp_path / "mnist.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    code, _, err = said(capsys, "train", "gan", "--detach", "--data-dir", str(tmp_path), "--set", "batch_size=51")
    assert (code, err) == (
        2, "gan-tui: batch_size 51 is more than the 50 training examples of mnist; choose a smaller one.\n"
    )  # fmt: skip
    assert not runs.exists()


def test_a_name_that_is_taken_leaves_the_run_that_has_it(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = recorded(runs, "mine")
    before = folder.events_file.read_bytes()
    code, _, err = said(capsys, *TRAIN, "--name", "mine")
    assert (code, err) == (
        2, 'gan-tui: A run "mine" already exists; choose another --name, or open it with gan-tui attach mine.\n'
    )  # fmt: skip
    assert folder.events_file.read_bytes() == before


def test_a_start_that_fails_leaves_nothing_behind(
    runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "orjson.py").write_text('raise ImportError("a broken installation")')
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))  # of the processes that are started
    code, out, err = said(capsys, *TRAIN)
    assert (code, out) == (1, "")
    assert re.fullmatch(r"gan-tui: The run cannot be started: ImportError: a broken installation; .*\n", err)
    assert list(runs.iterdir()) == []


def test_a_start_that_is_killed_says_so_and_points_to_no_empty_log(
    runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    killed = tmp_path / "python"
    killed.write_text("#!/bin/sh\nkill -9 $$\n")
    killed.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(killed))
    assert said(capsys, *TRAIN) == (
        1, "", "gan-tui: The run cannot be started: its supervisor was ended (SIGKILL); try again.\n"
    )  # fmt: skip
    assert list(runs.iterdir()) == []


# Runs that have ended ------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["pause", "save", "stop"])
def test_a_run_that_has_ended_takes_no_commands(command: str, runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = recorded(runs, "old", State("stopped", "asked to stop"))
    recorded(runs, "done", State("finished", "all steps are done"))
    assert said(capsys, command, "old") == (
        2, "", "gan-tui: old is not running; gan-tui resume old restarts it from the first step: it has no checkpoint yet.\n"
    )  # fmt: skip
    old.checkpoints.mkdir()
    (old.checkpoints / "000000010").write_text("no folder")
    assert "it has no checkpoint yet" in said(capsys, command, "old")[2]
    sound = saved(old, 20)
    assert said(capsys, command, "old") == (
        2, "", "gan-tui: old is not running; gan-tui resume old continues from its last checkpoint.\n"
    )  # fmt: skip
    sound.rename(old.checkpoints / ".000000020.old")  # as a kill leaves it; a resumed run puts it back
    assert "continues from its last checkpoint" in said(capsys, command, "old")[2]
    (old.checkpoints / ".000000020.old" / "manifest.json").unlink()
    assert said(capsys, command, "old") == (
        2, "", "gan-tui: old is not running, and none of its checkpoints can be used; restore what is missing or "
        "changed, or move the folder checkpoints away to train from the first step.\n"
    )  # fmt: skip
    assert said(capsys, command, "done") == (2, "", "gan-tui: done has finished; gan-tui attach done shows it.\n")


def test_a_finished_run_has_nothing_to_resume(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recorded(runs, "done", State("finished", "early stopping: no better validation loss for 1 epoch"))
    assert said(capsys, "resume", "done") == (
        2, "", "gan-tui: done has finished; gan-tui train xor starts another run.\n"
    )  # fmt: skip


def test_a_finished_run_of_a_preset_that_is_not_at_hand_names_its_own(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = runs / "my runs"
    mine = Started("good", "Mine", "plane", 42, {}, DATA, ["CPU"], {}, 1000, 1, 4)
    early = State("finished", "early stopping: no better validation loss for 1 epoch")
    folder = recorded(runs, "done", mine, early)
    assert said(capsys, "resume", "done", "--runs-dir", str(runs)) == (
        2, "", f"gan-tui: done has finished; gan-tui train '{folder.preset_file}' starts another run.\n"
    )  # fmt: skip


def test_a_run_whose_preset_was_damaged_is_not_resumed(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = recorded(runs, "old", State("stopped"))
    folder.preset_file.write_text("title = ")
    code, _, err = said(capsys, "resume", "old")
    assert code == 2
    assert err.startswith(f"gan-tui: {folder.preset_file} is not valid TOML")
    assert not folder.is_alive()


def test_attach_without_a_terminal_says_what_to_run_instead(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recorded(runs, "old")
    assert said(capsys, "attach", "old") == (
        2, "", "gan-tui: gan-tui attach needs a terminal; run gan-tui attach old --plain instead.\n"
    )  # fmt: skip


# What is there -------------------------------------------------------------------------------------------


def test_presets_as_json_hold_the_parameters(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "presets", "--json")
    assert (code, err) == (0, "")
    rows = {row["name"]: row for row in orjson.loads(out)}
    five = {
        "xor": {"classifier": 28},
        "fashion-cnn": {"classifier": 333_526},
        "gan": {"generator": 1_486_352, "discriminator": 1_460_225},
        "dcgan": {"generator": 2_394_241, "discriminator": 4_311_553},
        "dcgan-small": {"generator": 396_961, "discriminator": 271_489},
    }
    assert {name: rows[name]["parameters"] for name in five} == five
    assert rows["dcgan"]["not_trainable"] == {"generator": 25_536, "discriminator": 0}
    assert (rows["gan"]["task"], rows["gan"]["title"]) == ("gan", "GAN: digits from noise")


def test_presets_lists_the_rest_when_one_is_broken(own_presets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (own_presets / "broken.toml").write_text("title = ")
    code, out, err = said(capsys, "presets")
    assert code == 0
    assert "dcgan-small" in out
    assert err.startswith(f"{own_presets / 'broken.toml'} is not valid TOML")


def test_show_gives_the_layer_table_and_the_settings(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, "show", "fashion-cnn")
    assert code == 0
    assert re.search(r"\nConv2D 32 3×3 same relu +28 × 28 × 32 +320\n", out)
    assert "\ntotal 333,526   trainable 333,526   non-trainable 0\n" in out
    assert re.search(r"\n  patience +2 +epochs without a better validation loss", out)
    assert re.search(r"\n  metrics +\[accuracy\] +metrics besides", out) and re.search(
        r"\n  restore_best +true +end", out
    )
    recorded(runs, "mine")
    code, out, _ = said(capsys, "show", "mine")
    assert code == 0 and out.startswith("XOR (xor)\n")


def test_runs_as_text_and_as_json(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "runs") == (0, f"No runs yet in {runs}; start one with gan-tui, or gan-tui train gan.\n", "")
    for more in ((), ("--json",)):
        assert said(capsys, "--runs-dir", "/dev/null", "runs", *more) == (
            2, "", "gan-tui: /dev/null is not a folder; name one with --runs-dir or GAN_TUI_RUNS.\n"
        )  # fmt: skip
    assert said(capsys, "runs", "--json") == (0, "[]\n", "")
    folder = recorded(runs, "mine", Checkpoint(2, "checkpoints/000000002", "stop"), State("stopped"))
    (row,) = orjson.loads(said(capsys, "runs", "--json")[1])
    assert row.items() >= {
        "name": "mine", "folder": str(folder.path), "preset": "xor", "state": "stopped", "alive": False,
        "step": 2, "steps_total": 1000, "data": "xor", "examples": 4,
    }.items()  # fmt: skip
    assert re.search(r"\nmine +xor +stopped +2 of 1,000 ", said(capsys, "runs")[1])
    assert said(capsys, "--runs-dir", str(runs / "none"), "runs")[1].startswith("No runs yet")


def test_data_says_where_the_sets_are(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "data")
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()[1:3]] == ["mnist", "fashion-mnist"]


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "--version") == (0, f"gan-tui {__version__}\n", "")
    for arguments in (("--help",), ("train", "--help"), ("attach", "--help"), ("data", "--help")):
        code, out, err = said(capsys, *arguments)
        assert (code, err) == (0, "") and out.startswith("usage: gan-tui")


# The real program ----------------------------------------------------------------------------------------


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*GAN_TUI, *arguments], stdin=subprocess.DEVNULL, capture_output=True, encoding="latin-1", timeout=60,
        env={**os.environ, **environment},
    )  # fmt: skip


def test_the_program_itself_ends_with_the_code_and_the_sentence() -> None:
    ended = run("train", "dcgna")
    assert ended.returncode == 2
    assert ended.stderr.startswith('gan-tui: There is no preset "dcgna", did you mean "dcgan"?')
    assert ended.stdout == "" and "Traceback" not in ended.stderr


@pytest.mark.slow
@pytest.mark.parametrize("debug", ["", "1"])
def test_a_fault_of_our_own_shows_its_traceback_to_developers_alone(debug: str) -> None:
    code = "import sys; from gan_tui.cli import arguments, preset_commands; del preset_commands.list_presets; sys.exit(arguments.main(['presets']))"
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60,
        env={**os.environ, "GAN_TUI_DEBUG": debug},
    )  # fmt: skip
    assert ended.returncode == 1
    assert ("Traceback" in ended.stderr) == bool(debug)
    assert debug or re.fullmatch(r"gan-tui: AttributeError: .* \(GAN_TUI_DEBUG=1 shows where\)\.\n", ended.stderr)


@pytest.mark.slow
def test_a_reader_that_leaves_early_is_no_error() -> None:
    shell = f"{sys.executable} -m gan_tui show dcgan | head -n 1; exit ${{PIPESTATUS[0]}}"
    ended = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, timeout=60)
    assert ended.stdout == "DCGAN: digits with convolutions (dcgan)\n"
    assert ended.stderr == ""


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_a_terminal_of_few_characters_gets_an_answer_too(encoding: str) -> None:
    environment = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    assert "3,277,312" in run("show", "dcgan", **environment).stdout
    ended = run("train", "日本", **environment)
    assert ended.returncode == 2 and "There is no preset" in ended.stderr and "Traceback" not in ended.stderr


@pytest.mark.slow
def test_a_full_disk_is_answered_in_one_sentence(runs: Path) -> None:
    ended = subprocess.run(
        ["bash", "-c", f"ulimit -f 0; exec {sys.executable} -m gan_tui train xor --detach"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"gan-tui: Cannot create a run in {runs}: ")
    assert ended.stderr.endswith("choose another folder with --runs-dir or GAN_TUI_RUNS.\n")
    assert list(runs.iterdir()) == []


def test_attach_in_plain_text_prints_what_there_is_and_leaves_the_run_alone(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old_run("finished", "xor", runs)
    code, out, err = said(capsys, "attach", "--plain")
    assert (code, err) == (0, "xor is the newest run.\n")
    lines = out.splitlines()
    assert "xor: XOR" in lines and "  classifier: 3 layers, 28 parameters" in lines
    assert [line.split()[:3] for line in lines if " of 400" in line][-1] == ["400", "of", "400"]
    assert "Finished at step 400: all steps are done" in lines
    assert lines[-1] == str(runs / "xor")


def test_show_says_where_a_run_has_a_presets_name_and_how_the_preset_is_shown(
    runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    presets.new_run(presets.find("xor"), runs, "gan")
    code, out, err = said(capsys, "show", "gan")
    assert code == 0 and out.startswith("XOR (xor)")
    file = presets.files()["gan"]
    assert err == f"gan is also a preset, which gan-tui show {file} shows.\n"
    assert said(capsys, "show", str(file))[1].startswith("GAN: digits from noise (gan)")
    presets.new_run(presets.find("xor"), tmp_path / "here", "plane")
    monkeypatch.chdir(tmp_path / "here")
    assert said(capsys, "show", "plane")[1].startswith("Draw a picture with a network (plane)"), "no run of that name"
    assert said(capsys, "show", "./plane")[1].startswith("XOR (xor)")


def test_show_gives_the_results_of_a_run(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old_run("finished", "shapes", runs)
    results = said(capsys, "show", "shapes")[1].partition("\nresults\n")[2]
    rows = dict(line.split(maxsplit=1) for line in results.splitlines())
    state = state_of(RunFolder(runs / "shapes"))
    assert rows["state"].startswith("finished: ") and rows["step"] == f"{state.step:,} of {state.steps_total:,}"
    for name in ("val_loss", "val_accuracy"):
        assert float(rows[name]) == pytest.approx(float(state.series[name].values[-1]), abs=1e-4)
    assert (rows["loss"], rows["accuracy"]) == ("0.1217 (mean of epoch 3)", "0.9708 (mean of epoch 3)")
    assert rows["checkpoint"] == f"{state.checkpoints[-1].folder} ({state.checkpoints[-1].why})"
    assert "results" not in said(capsys, "show", "xor")[1], "a preset has none"


def test_show_gives_the_results_of_the_weights_that_a_run_ended_with(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    best = [(0.5, 0.8), (0.3, 0.99996), (0.4, 0.85)]
    epochs = [epoch(n, 39 * n, val_loss=loss, val_accuracy=right) for n, (loss, right) in enumerate(best, start=1)]
    for name, restores, shown in (
        ("kept", True, ("0.3000 (epoch 2, restored)", "0.9999 (epoch 2, restored)")),
        ("last", False, ("0.4000", "0.8500")),
    ):
        folder = recorded_run(runs, "fashion-cnn", steps=117, state="training", restore_best=restores)
        append(folder, *epochs, State("finished", "all steps are done"))
        folder.path.rename(runs / name)
        results = said(capsys, "show", name)[1].partition("\nresults\n")[2]
        rows = dict(line.split(maxsplit=1) for line in results.splitlines())
        assert (rows["val_loss"], rows["val_accuracy"]) == shown


def test_show_gives_the_means_of_the_last_epoch_and_says_where_there_is_a_step_alone(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def rows(folder: RunFolder) -> dict[str, str]:
        shown = said(capsys, "show", folder.name)[1].partition("\nresults\n")[2]
        return dict(line.split(maxsplit=1) for line in shown.splitlines())

    pair = recorded_run(runs, "gan", steps=30, state="training")
    assert rows(pair)["d_loss"] == "0.0333 (last step)"
    append(pair, metrics("gan", 31, 50), epoch(1, 39, d_loss=0.25, g_accuracy=0.125))
    assert rows(pair)["d_loss"] == "0.2500 (mean of epoch 1)"
    assert rows(pair)["g_accuracy"] == "0.1250 (mean of epoch 1)"
    assert rows(pair)["g_loss"] == "0.9800 (last step)", "of which the epoch tells nothing"
    append(pair, Resumed(20))
    assert rows(pair)["d_loss"] == "0.0500 (last step)", "the epoch is not over any more"
    old_run("finished", "xor", runs)
    assert re.fullmatch("[0-9.e-]+", rows(RunFolder(runs / "xor"))["loss"]), "each step is all examples"


@pytest.mark.parametrize("command", ["pause", "resume", "save", "stop"])
def test_a_command_without_a_run_is_for_the_newest_that_is_alive_which_is_said(
    command: str, runs: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said(capsys, command) == (
        2, "", "gan-tui: No run is alive; name one (gan-tui runs lists them), or start one with gan-tui train gan.\n"
    )  # fmt: skip
    for name in ("ended", "alive"):
        old_run("finished", "xor", runs).path.rename(runs / name)
    serving = Serving(RunFolder(runs / "alive"))
    monkeypatch.setattr(commands, "_wait_until_gone", lambda folder: None)
    try:
        code, out, err = said(capsys, command)
    finally:
        serving.close()
    assert (code, err) == (0, "alive is the newest run that is alive.\n")
    assert [asked.name for asked in serving.commands] == [command]
    assert "alive" in out


# Training longer -----------------------------------------------------------------------------------------


def test_a_finished_run_trains_longer(runs: Path, capsys: pytest.CaptureFixture[str], launched: list[str]) -> None:
    done = old_run("finished", "xor", runs)
    before = tomllib.loads(done.preset_file.read_text())
    assert before["settings"]["steps"] == 400
    assert said(capsys, "resume", "xor") == (
        2, "", "gan-tui: xor has finished; gan-tui resume xor --steps 800 trains it longer.\n"
    )  # fmt: skip
    assert said(capsys, "resume", "xor", "--steps", "400") == (
        2, "", "gan-tui: xor has trained 400 steps; --steps 400 would be no more.\n"
    )  # fmt: skip
    assert said(capsys, "resume", "xor", "--epochs", "900") == (
        0, "xor: trains on to 900 epochs in the background; gan-tui attach xor shows it.\n", ""
    )  # fmt: skip
    assert launched == ["xor"]
    after = tomllib.loads(done.preset_file.read_text())
    assert after["settings"] == {**before["settings"], "steps": 0, "epochs": 900}
    assert {**after, "settings": {}} == {**before, "settings": {}}, "all else is as it was"
    assert done.preset_file.stat().st_mode & 0o077 == 0
    assert [path.name for path in done.path.glob(".*")] == []
    assert "400 of 900" in said(capsys, "runs")[1]


def test_the_newest_run_is_trained_longer_where_none_is_named(
    runs: Path, capsys: pytest.CaptureFixture[str], launched: list[str]
) -> None:
    old_run("finished", "xor", runs)
    assert said(capsys, "resume", "--steps", "900") == (
        0, "xor: trains on to 900 steps in the background; gan-tui attach xor shows it.\n", "xor is the newest run.\n"
    )  # fmt: skip
    assert launched == ["xor"]


def test_the_newest_run_is_trained_here_where_none_is_named(
    runs: Path, capsys: pytest.CaptureFixture[str], launched: list[str]
) -> None:
    old_run("stopped", "xor", runs)
    assert said(capsys, "resume", "--here")[::2] == (0, "xor is the newest run.\n")
    assert launched == ["xor"]


def test_a_run_that_cannot_be_started_keeps_its_preset_to_the_byte(
    runs: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    done = old_run("finished", "xor", runs)
    text = done.preset_file.read_text() + "# mine\n"
    done.preset_file.write_text(text)

    def refuse(*_: object) -> None:
        raise UserError("The run cannot be started: no space left.")

    monkeypatch.setattr(launching, "spawn", refuse)
    assert said(capsys, "resume", "xor", "--epochs", "900")[0] == 2
    assert done.preset_file.read_text() == text


def test_what_early_stopping_has_ended_is_not_said_to_train_longer(
    runs: Path, capsys: pytest.CaptureFixture[str], launched: list[str]
) -> None:
    early = "early stopping: no better validation loss for 2 epochs; weights of epoch 998 restored"
    recorded(runs, "done", State("finished", early))
    recorded(runs, "last", Metrics([1000], {"loss": [0.5]}), State("finished", early))  # at the last step asked for
    for name in ("done", "last"):
        assert said(capsys, "resume", name, "--epochs", "4000") == (
            2, "",
            f"gan-tui: {name} was ended by early stopping, and would be again; gan-tui train xor starts another run.\n",
        )  # fmt: skip
    assert launched == []


def test_a_run_whose_length_was_written_and_not_yet_trained_was_not_ended_early(
    runs: Path, capsys: pytest.CaptureFixture[str], launched: list[str]
) -> None:
    folder = old_run("finished", "xor", runs)
    folder.preset_file.write_text(folder.preset_file.read_text().replace("steps = 400", "steps = 900"))
    assert presets.of_run(folder).length == ("steps", 900), "as of a power cut before its trainer began"
    assert said(capsys, "resume", "xor", "--steps", "900")[0] == 0
    assert launched == ["xor"]


def test_a_run_that_has_just_finished_is_waited_for(
    runs: Path, capsys: pytest.CaptureFixture[str], launched: list[str]
) -> None:
    folder = old_run("finished", "xor", runs)
    with ThreadPoolExecutor() as pool:
        with held(folder):
            asked = pool.submit(said, capsys, "resume", "xor", "--steps", "900")
            assert not wait([asked], 0.1).done and presets.of_run(folder).length == ("steps", 400)
        assert asked.result()[0] == 0
    assert launched == ["xor"] and presets.of_run(folder).length == ("steps", 900)


def test_a_run_that_trains_is_not_given_another_length(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = old_run("stopped", "xor", runs)
    folder.writer().write(State("training"))
    with held(folder):
        assert said(capsys, "resume", "xor", "--steps", "900") == (
            2, "", "gan-tui: xor is still training; stop it first: gan-tui stop xor.\n"
        )  # fmt: skip


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of runs whose processes are started; none is, and what they would write first is written."""
    names: list[str] = []

    def spawn(folder: RunFolder, asked: Assignment, _: object) -> None:
        names.append(folder.name)
        if asked.length:
            presets.set_length(folder, *asked.length)

    monkeypatch.setattr(launching, "spawn", spawn)
    return names
