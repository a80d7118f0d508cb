"""Which checkpoint a script's run goes on from: the newest that says what it is made of, and is."""

import hashlib
from pathlib import Path

import pytest

from gan_tui.run.manifests import FORMAT, MANIFEST, content_of, goes_on_from, newest_whole


def checkpoint(checkpoints: Path, step: int, *names: str) -> Path:
    folder = checkpoints / f"{step:09d}"
    sums = {}
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("weights")
        sums[name] = hashlib.sha256(b"weights").hexdigest()
    (folder / MANIFEST).write_bytes(content_of({"format": FORMAT, "step": step, "sha256": sums}))
    return folder


def test_it_is_the_newest_that_is_whole(tmp_path: Path) -> None:
    assert newest_whole(tmp_path / "checkpoints") is None
    older = checkpoint(tmp_path, 10, "weights", "parts/optimizer")
    newer = checkpoint(tmp_path, 200, "weights", "parts/optimizer")
    assert newest_whole(tmp_path) == newer
    (newer / "parts" / "optimizer").unlink()
    assert (newest_whole(tmp_path), goes_on_from(tmp_path)) == (older, 10)
    (older / MANIFEST).write_text("{}")
    assert (newest_whole(tmp_path), goes_on_from(tmp_path)) == (None, None)


@pytest.mark.parametrize("name", ["../10/weights", "/etc/passwd"])
def test_one_that_names_files_elsewhere_is_not(tmp_path: Path, name: str) -> None:
    folder = checkpoint(tmp_path, 10, "weights")
    (folder / MANIFEST).write_bytes(content_of({"format": FORMAT, "step": 10, "sha256": {name: "0" * 64}}))
    assert newest_whole(tmp_path) is None
