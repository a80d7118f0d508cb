"""What the command line says of groups, before any process of one is started."""

import json
import os
from argparse import Namespace
from pathlib import Path

import pytest

from files import old_run
from gan_tui import presets
from gan_tui.cli import groups
from gan_tui.errors import DONE, INTERRUPTED, TRAINING_FAILED
from gan_tui.run import group_around, group_start
from gan_tui.run.folder import RunFolder
from gan_tui.run.group_start import GroupStart
from gan_tui.system.cluster import Cluster
from shell import said

TWO = {"cluster": {"worker": ["127.0.0.1:2", "127.0.0.1:3"]}, "task": {"type": "worker", "index": 0}}
CLUSTER = Cluster(("127.0.0.1:2", "127.0.0.1:3"), 0, "TF_CONFIG")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--workers", "0"), "--workers is how many processes of this machine train together, from 1 to 64."),
        (("--workers", "two"), '--workers must be a whole number, such as 2, not "two"'),
        (("--gpus", "some"), '--gpus is how many GPUs of this machine train together, a number or "all".'),
        (("--workers", "2", "--gpus", "all"), "--workers and --gpus cannot be used together"),
        (("--workers", "3"), "cannot be shared evenly by 3"),
        (("--gpus", "3"), "cannot be shared evenly by 3"),
        (("--workers", "3", "--dry-run"), "cannot be shared evenly by 3"),
    ],
)
def test_what_cannot_be_shared_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    code, out, err = said(capsys, "train", "xor", *words)
    assert (code, out) == (2, "") and sentence in err
    assert not (tmp_path / "runs").exists()


def test_a_layer_that_looks_at_a_whole_batch_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = (presets.bundled_folder() / "fashion-cnn.toml").read_text()
    own = tmp_path / "own.toml"
    own.write_text(
        text.replace('{layer = "Conv2D"', '{layer = "RandomElasticTransform", factor = 0.5},\n    {layer = "Conv2D"', 1)
    )
    code, out, err = said(capsys, "train", str(own), "--workers", "2")
    assert (code, out) == (2, "") and "changes images by the first of their batch" in err


@pytest.mark.parametrize("option", ["--workers", "--gpus"])
def test_a_group_that_is_there_takes_no_other(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    monkeypatch.setenv("TF_CONFIG", json.dumps(TWO))
    code, _, err = said(capsys, "train", "xor", "--plain", option, "2")
    assert code == 2
    assert f"TF_CONFIG tells of a group of 2 workers already; leave out {option}, or unset TF_CONFIG." in err


def test_public_addresses_are_refused(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    public = {"cluster": {"worker": ["192.0.2.1:2", "192.0.2.2:2"]}, "task": {"type": "worker", "index": 1}}
    monkeypatch.setenv("TF_CONFIG", json.dumps(public))
    code, _, err = said(capsys, "train", "xor", "--plain")
    assert code == 2 and "192.0.2.1:2 is a public address" in err


def test_a_resume_by_others_is_checked_too(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    run = old_run("stopped", "xor", tmp_path / "runs")
    code, _, err = said(capsys, "resume", "xor", "--workers", "3")
    assert code == 2 and "cannot be shared evenly by 3" in err
    assert group_start.of_run(run) == group_start.ALONE


def test_the_run_that_is_started_belongs_to_the_group_and_none_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The dashboard is shown meanwhile, from which others are started; and it again."""
    monkeypatch.setenv("TF_CONFIG", "as it was")
    ours, other = RunFolder(Path("/runs/together")), RunFolder(Path("/runs/other"))
    with groups.entered(CLUSTER, trusted=True):
        for _ in range(2):
            told = group_around.variables_of(ours.path)
            assert json.loads(told["TF_CONFIG"])["task"] == {"type": "worker", "index": 0}
            assert told["GAN_TUI_GROUP"] == "TF_CONFIG" and told["GAN_TUI_TRUST_NETWORK"] == "1"
            assert group_around.variables_of(other.path) == {} and not group_start.is_group(other)
        assert group_start.is_group(ours)
        assert os.environ["TF_CONFIG"] == "as it was" and "GAN_TUI_GROUP" not in os.environ
    assert group_around.variables_of(ours.path) == {}


def test_whoever_ends_all_has_ended_them_well() -> None:
    assert groups.ended(INTERRUPTED, CLUSTER) == DONE
    assert groups.ended(INTERRUPTED, None) == INTERRUPTED
    assert groups.ended(TRAINING_FAILED, CLUSTER) == TRAINING_FAILED


def test_what_options_ask_for() -> None:
    assert groups.asked_for(Namespace(workers=None, gpus=None)) is None
    assert groups.asked_for(Namespace(workers=2, gpus=None)) == GroupStart(2)
    assert groups.asked_for(Namespace(workers=None, gpus="all")) == GroupStart(gpus="all")
