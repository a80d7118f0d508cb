"""Saved models in the shell: shown, and refused before anything is started."""

# ruff: noqa: E501 (a table reads best with a row a line)

import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from files import OLD_RUNS, old_run
from gan_tui import presets
from gan_tui.cli import dispatch
from gan_tui.cli.parser import parsed
from gan_tui.presets.starting_weights import begun_with
from gan_tui.run.events import Alert, Started, State
from gan_tui.supervision import measuring
from keras_files import given, layer, sequential, written
from shell import said

GENERATOR = OLD_RUNS / "stopped/pair/checkpoints/000000036/generator.keras"


def test_show_gives_the_layer_table_of_a_model_and_what_it_was_saved_with(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "show", str(GENERATOR))
    assert (code, err) == (0, "")
    assert out.splitlines()[:8] == [
        "generator.keras, saved with Keras 3.15.1, 2026-11-27",
        "",
        "generator",
        "layer               output  parameters",
        "input               8",
        "Dense 5             5               45",
        "BatchNormalization  5               20",
        "LeakyReLU 0.2       5                0",
    ]
    assert "total 4,769   trainable 4,759   non-trainable 10" in out
    assert f"gan-tui train {GENERATOR} --data PATH trains it on" in " ".join(out.split())


def test_show_as_toml_is_a_preset_with_the_same_network(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = OLD_RUNS / "stopped/shapes/checkpoints/000000110/classifier.keras"
    code, out, _ = said(capsys, "show", str(model), "--toml")
    (tmp_path / "mine.toml").write_text(out)
    preset = presets.find(str(tmp_path / "mine.toml"))
    assert code == 0 and preset.networks == presets.read(OLD_RUNS / "stopped/shapes/preset.toml", begun=True).networks
    assert (preset.task, preset.settings["validation_split"]) == ("classifier", 0.2)
    assert (
        '  {layer = "Conv2D", name = "conv2d", filters = 2, kernel_size = [3, 3], padding = "same", activation = "relu"},'
        in out.splitlines()
    )
    assert said(capsys, "show", "xor", "--toml")[0] == 2


def test_what_was_made_of_a_model_may_have_another_end_for_other_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = OLD_RUNS / "stopped/shapes/checkpoints/000000110/classifier.keras"
    _, out, _ = said(capsys, "show", str(model), "--toml")
    (tmp_path / "mine.toml").write_text(out.replace('"dense_1", units = 3', '"last", units = 2'))
    np.savez(tmp_path / "two.npz", x=np.zeros((40, 8, 8), np.uint8), y=np.arange(40) % 2)
    given = parsed(["train", str(tmp_path / "mine.toml"), "--data", str(tmp_path / "two.npz"), "--from", str(model)])
    preset = begun_with(dispatch._on_its_data(given), given.start, tmp_path)
    assert preset.networks[0].output == (2,)
    assert preset.start and preset.start.others == {"classifier/dense_1": "8 × 3"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("net.keras",), 'unknown command "net.keras": it is a saved model, so gan-tui train net.keras --data PATH'),
        (("resume", "xor", "--from", "x"), "a new run begins with the weights of any: gan-tui train PRESET --from RUN@STEP"),
        (("sweep", "xor", "--from", "x"), "a sweep begins each training anew; one alone may begin with weights"),
        (("show", "nowhere.keras"), "Cannot read the model nowhere.keras: No such file or directory; check the path."),
        (("train", str(GENERATOR)), "generator.keras says what is trained, not on what: add --data PATH"),
        (("train", str(GENERATOR), "--data", "mnist"), "generator.keras takes 8 and gives 784 through tanh"),
        (("train", str(GENERATOR), "--data", "mnist", "--data-dir", "/"), "A saved model learns what --data names"),
        (("sweep", str(GENERATOR), "--set", "seed=1,2"), "A sweep begins each training anew, so it takes presets"),
        (("train", "xor", "--from", "nobody"), 'There is no run "nobody"'),
        (("train", "xor", "--from", str(GENERATOR)), "Nothing of generator.keras fits xor: dense has 45 weights there and 6"),
    ],
)  # fmt: skip
def test_what_cannot_be_trained_is_said_and_leaves_nothing_behind(
    arguments: tuple[str, ...], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = said(capsys, "--runs-dir", str(tmp_path / "runs"), *arguments)
    assert (code, out) == (2, "") and says in err and err.count("\n") == 1
    assert not (tmp_path / "runs").exists()


def test_code_in_a_model_is_refused_by_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "net.keras", sequential(given(4), layer("Lambda", "\x1b[31mred", function="x")))
    code, _, err = said(capsys, "show", str(path))
    assert code == 2 and err == (
        f'gan-tui: {path}: layer 1 ("31mred") is Lambda: Lambda runs code of its own, which gan-tui does not take; build '
        "the model without it.\n"
    )


def test_a_run_with_the_name_of_a_file_is_shown_as_a_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old_run("stopped", "xor", tmp_path).path.rename(tmp_path / "xor.keras")
    code, out, _ = said(capsys, "show", "xor.keras", "--runs-dir", str(tmp_path))
    assert code == 0 and "results" in out


def test_what_a_run_began_with_is_shown_and_printed_where_it_is_followed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old_run("stopped", "xor", tmp_path)
    folder = presets.new_run(begun_with(presets.find("xor"), "xor", tmp_path), tmp_path, "next")
    words = "The weights are taken from xor at step 240: of 2 of 3 layers. Begun anew: dense (not there)."
    data = {"name": "xor", "origin": "made by gan-tui", "train": 4, "validation": 0}
    started = Started("xor", "XOR", "plane", 42, {}, data, ["CPU"], {}, 1000, 1, 4, start=words)
    writer = folder.writer()
    writer.write(State("starting"), started, Alert("start", words, 0), State("stopped", "asked to stop"))
    writer.close()
    _, out, _ = said(capsys, "show", "next", "--runs-dir", str(tmp_path))
    assert "\nstart  xor at step 240\n" in out and f"  start  {words}" in out
    _, out, _ = said(capsys, "attach", "next", "--plain", "--runs-dir", str(tmp_path))
    assert f"  start: {words}\n" in out and out.count(words) == 1
    code, _, err = said(capsys, "sweep", str(folder.preset_file), "--set", "batch_size=2,4")
    assert code == 2 and "xor begins with the weights of xor at step 240, and a sweep begins each training anew" in err


def test_a_dry_run_tells_what_is_begun_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"step": 0.5, "steps": 4, "validation": 0.0, "memory": 7_000_000, "device": "CPU: 2 cores"}
    code = f"import os, sys; assert '[start]' not in sys.stdin.read(); os.write(int(sys.argv[1]), {json.dumps(told)!r}.encode())"
    monkeypatch.setattr(measuring, "MEASURE", (sys.executable, "-c", code))
    np.savez(tmp_path / "three.npz", x=np.zeros((60, 8, 8), np.uint8), y=np.arange(60) % 3)
    model = OLD_RUNS / "stopped/shapes/checkpoints/000000110/classifier.keras"
    words = ("--data", str(tmp_path / "three.npz"), "--epochs", "2", "--dry-run")
    ended, out, err = said(capsys, "train", str(model), *words)
    assert (ended, err) == (0, "")
    assert re.search(r"settings +epochs 2 \(the preset has 10\)", out)
    assert re.search(r"start +the weights of classifier.keras", out)
    old_run("stopped", "xor", tmp_path)
    ended, out, _ = said(capsys, "train", "xor", "--from", "xor", "--dry-run", "--json", "--runs-dir", str(tmp_path))
    assert ended == 0 and json.loads(out)["start"] == "xor at step 240"
