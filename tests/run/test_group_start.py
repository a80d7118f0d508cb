"""How the group of a run is started, as its folder tells."""

from pathlib import Path

import pytest

from gan_tui.errors import UserError
from gan_tui.run.folder import RunFolder
from gan_tui.run.group_start import ALONE, FILE, GroupStart, checked, is_group, of_run


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


def test_the_environment_tells_of_a_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAN_TUI_GROUP", "SLURM")
    assert is_group(RunFolder(tmp_path))
