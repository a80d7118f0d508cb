"""What is exported, seen in TensorBoard itself, in a browser: each of its pages shows what the run has."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from browser import Browser, browser
from files import old_run
from gan_tui.run.events import Text
from recorded import append
from shell import said

pytestmark = [pytest.mark.slow, pytest.mark.prove]


@contextmanager
def tensorboard(board: Path) -> Iterator[str]:
    """The address of TensorBoard's own server on a folder."""
    pytest.importorskip("tensorboard", reason="it needs TensorBoard: pip install tensorboard")
    command = [sys.executable, "-m", "tensorboard.main", "--logdir", str(board), "--port", "0", "--bind_all"]
    command[-1:] = ["--host", "127.0.0.1"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stderr is not None
            yield next(found[0] for line in process.stderr if (found := re.search(r"http://127\.0\.0\.1:\d+/", line)))
        finally:
            process.terminate()


def test_each_page_of_tensorboard_shows_the_runs(
    runs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    append(old_run("finished", "pair", runs), Text("note", 60, "words of a run"))
    old_run("finished", "shapes", runs)
    board = tmp_path / "board"
    for name in ("pair", "shapes"):
        assert said(capsys, "export", name, "--tensorboard", str(board))[0] == 0
    with tensorboard(board) as address, browser() as page:
        look_at(page, address, tmp_path)


def look_at(page: Browser, address: str, pictures: Path) -> None:
    parts = ("pair/train", "shapes/train", "shapes/validation")
    pages = {
        "timeseries": (*parts, "accuracy", "0.9833", "classifier"),  # what was validated last, in words
        "scalars": (*parts, "d_loss", "real_output"),
        "images": ("shapes/train", "features-conv2d", "samples"),
        "histograms": ("shapes/train", "classifier/conv2d/kernel", "generator"),
        "text": ("words of a run", "BatchNormalization", "4,704"),
        "hparams": ("batch_size", "learning_rate", "0.0020000", "0.0050000", "train.accuracy", "train.d_loss"),
    }
    for name, words in pages.items():
        page.open(f"{address}#{name}")
        page.wait_for(*words)
        page.screenshot(pictures / f"{name}.png")
    page.open(f"{address}#images")
    page.wait_until(lambda: [16, 8] in page.pictures(), "two feature maps of 8 × 8, side by side")
