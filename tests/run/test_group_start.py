"""How the group of a run is started, as its folder tells."""

import subprocess
import sys
from pathlib import Path

import pytest

from gan_tui.errors import UserError
from gan_tui.run import group_worker
from gan_tui.run.folder import RunFolder
from gan_tui.run.group_start import ALONE, FILE, GroupStart, checked, is_group, of_run
from gan_tui.system.cluster import Cluster


@pytest.mark.parametrize("start", [GroupStart(3), GroupStart(gpus="all"), GroupStart(gpus="2"), ALONE])
def test_it_is_kept(tmp_path: Path, start: GroupStart) -> None:
    folder = RunFolder(tmp_path)
    start.keep(folder)
    assert of_run(folder) == start
    assert is_group(folder) == (start != ALONE)


def test_alone_again(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    GroupStart(3).keep(folder)
    ALONE.keep(folder)
    assert not (tmp_path / FILE).exists() and not is_group(folder)


@pytest.mark.parametrize(
    "said",
    ["workers = 1000000", "workers = true", 'workers = "2"', "gpus = 2", 'gpus = "²"', "[", 'workers = 2\ngpus = "all"']
)  # fmt: skip
def test_a_file_from_elsewhere_starts_nothing_strange(tmp_path: Path, said: str) -> None:
    (tmp_path / FILE).write_text(said)
    assert of_run(RunFolder(tmp_path)) == ALONE


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("workers = 2")
    (tmp_path / FILE).symlink_to(tmp_path / "other")
    assert of_run(RunFolder(tmp_path)) == ALONE


@pytest.mark.parametrize(
    ("workers", "gpus", "words"),
    [(0, "", "from 1 to 64"), (65, "", "from 1 to 64"), (1, "some", 'a number or "all"'), (1, "0", "a number"),
     (2, "all", "cannot be used together")],
)  # fmt: skip
def test_what_cannot_be_is_refused(workers: int, gpus: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        checked(workers, gpus)


@pytest.mark.parametrize("trusted", [True, False])
def test_a_worker_is_told_whom_it_is_of_and_whether_its_network_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool
) -> None:
    """It looks itself once more: names may be known by then that are not yet."""
    says = "import os; print(os.environ['TF_CONFIG'], os.environ.get('GAN_TUI_TRUST_NETWORK'))"
    monkeypatch.setattr(group_worker, "WORKER", (sys.executable, "-c", says))
    cluster = Cluster(("127.0.0.1:2", "127.0.0.1:3"), 1, "TF_CONFIG")
    process = group_worker.started(RunFolder(tmp_path), cluster, trusted, stdout=subprocess.PIPE)
    said, _ = process.communicate(timeout=60)
    assert said.decode() == f"{cluster.as_tf_config()} {'1' if trusted else None}\n"
