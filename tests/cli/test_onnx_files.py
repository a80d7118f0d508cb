"""What is said where a run's networks cannot be exported; tests/training has what is written where they can."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from files import old_run
from gan_tui.supervision import onnx_networks
from shell import said

has_onnx = pytest.mark.skipif(
    any(find_spec(name) is None for name in onnx_networks.EXTRA), reason="it needs ONNX: pip install 'gan-tui[onnx]'"
)


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    code, out, err = said(capsys, "export", *words)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    return err.removeprefix("gan-tui: ").strip()


def test_without_the_extra_it_is_named(
    capsys: pytest.CaptureFixture[str], runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_run("finished", "xor", runs)
    monkeypatch.setattr(onnx_networks, "EXTRA", ("tf2onnx_of_nobody", "onnx_of_nobody"))
    words = "ONNX needs tf2onnx_of_nobody and onnx_of_nobody: pip install 'gan-tui[onnx]'."
    assert refused(capsys, "xor", "--onnx", "xor.onnx") == words


def test_a_script_exports_its_own(capsys: pytest.CaptureFixture[str], runs: Path) -> None:
    (runs / "mine").mkdir(parents=True)
    (runs / "mine" / "preset.toml").write_text('task = "script"\nname = "mine"\n')
    (runs / "mine" / "events.jsonl").write_text("")
    assert refused(capsys, "mine", "--onnx", "mine.onnx").startswith("mine was made by a script, whose networks no")


def test_a_log_has_no_networks(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (log := tmp_path / "log.csv").write_text("step,loss\n1,0.5\n2,0.25\n")
    assert refused(capsys, str(log), "--onnx", "log.onnx").endswith("which has no networks; export what it measured.")


@has_onnx
def test_a_run_without_a_checkpoint_says_how_it_gets_one(capsys: pytest.CaptureFixture[str], runs: Path) -> None:
    old_run("finished", "pair", runs)
    words = "pair has no checkpoint whose networks could be exported; train it until it saves one."
    assert refused(capsys, "pair", "--onnx", "pair.onnx") == words


@has_onnx
def test_a_step_without_a_checkpoint_is_answered_with_those_that_there_are(
    capsys: pytest.CaptureFixture[str], runs: Path
) -> None:
    old_run("stopped", "shapes", runs)
    words = "shapes has no checkpoint at step 80; it has 75, 110."
    assert refused(capsys, "shapes@80", "--onnx", "shapes.onnx") == words


def test_a_step_is_for_networks_alone(capsys: pytest.CaptureFixture[str], runs: Path, tmp_path: Path) -> None:
    old_run("stopped", "shapes", runs)
    words = "Only --onnx is of one checkpoint; leave @75 out, or export the rest by itself."
    assert refused(capsys, "shapes@75", "--csv", str(tmp_path / "all.csv")) == words


def test_a_file_must_be_named(capsys: pytest.CaptureFixture[str], runs: Path) -> None:
    old_run("finished", "xor", runs)
    for word in ("", "-"):
        assert refused(capsys, "xor", "--onnx", word).startswith("--onnx needs the name of a file: gan-tui export")


@has_onnx
def test_each_file_is_looked_for_before_anything_is_computed(
    capsys: pytest.CaptureFixture[str], runs: Path, tmp_path: Path
) -> None:
    old_run("stopped", "pair", runs)
    (taken := tmp_path / "pair-discriminator.onnx").write_text("mine")
    assert refused(capsys, "pair", "--onnx", str(tmp_path / "pair.onnx")).startswith(f"{taken} exists already;")
    assert refused(capsys, "pair", "--onnx", str(tmp_path / "no" / "pair.onnx")).startswith("There is no folder")
