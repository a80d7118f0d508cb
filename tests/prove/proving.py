"""What the proofs share: runs of the product itself, the same data parted independently, lines of the table."""

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gan_tui import data
from gan_tui.data.sources import EMBEDDED, FULL
from gan_tui.run.events import Epoch, State
from gan_tui.run.folder import RunFolder
from product import events_of
from pty_terminal import GAN_TUI

SEED = 42
ONLY_EMBEDDED = os.environ.get("PROVE_EMBEDDED") == "1"
"""Whether to do without the full sets even where they are at hand, as a machine without them must."""

Array = np.ndarray


# The table ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One number: what it is, what the article or Keras gave, what is asked for, what came out."""

    what: str
    reference: str
    goal: str
    ours: str
    met: bool

    def __str__(self) -> str:
        return f"{self.what} | {self.reference} | {self.goal} | {self.ours}{'' if self.met else '  NOT MET'}"


def as_table(lines: Sequence[Line]) -> str:
    return "\n".join(["what | article or Keras | goal | ours", *map(str, lines)])


def judge(lines: Sequence[Line]) -> None:
    """Fail where a line's goal is not met."""
    assert lines, "a proof says what it found"
    assert all(line.met for line in lines), "\n".join(str(line) for line in lines if not line.met)


# Data --------------------------------------------------------------------------------------------------------


def embedded(name: str) -> Path:
    """The file of the set that comes with the product."""
    return EMBEDDED / f"{name.replace('-', '_')}.npz"


@dataclass(frozen=True)
class Clothes:
    """Fashion-MNIST as `validation_split = 0.2` parts it, a shuffle of the seed's: images in 0…1, (n, 28, 28, 1)."""

    x: Array
    y: Array
    held_x: Array
    held_y: Array
    full: bool
    arguments: tuple[str, ...]
    """What makes the product train on the same images."""

    @property
    def name(self) -> str:
        return "" if self.full else f" (only {len(self.x) + len(self.held_x):,} embedded images at hand)"


def clothes() -> Clothes:
    """All images that are at hand."""
    file = embedded("fashion-mnist") if ONLY_EMBEDDED else None
    source = data.find("fashion-mnist", file)
    stored = data.load(source)
    x, y = stored.images[..., None].astype(np.float32) / 255, stored.labels.astype(np.int64)
    order, held = np.random.default_rng(SEED).permutation(len(x)), round(0.2 * len(x))
    arguments = ("--data-dir", str(file)) if file else ()
    return Clothes(
        x[order[held:]], y[order[held:]], x[order[:held]], y[order[:held]], len(x) >= FULL, arguments
    )  # fmt: skip


# Runs --------------------------------------------------------------------------------------------------------


def trained(runs: Path, preset: str, *arguments: str, seconds: float, name: str = "proof") -> RunFolder:
    """A run that `gan-tui train --plain` has brought to its end within so many seconds."""
    command = [*GAN_TUI, "train", preset, "--plain", "--seed", str(SEED), "--name", name, *arguments]
    begin = time.monotonic()
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds)
    said = [line for line in ended.stderr.splitlines() if not line.startswith("Reading ")]
    assert (ended.returncode, said) == (0, []), ended.stdout[-2000:]
    folder = RunFolder(runs / name)
    assert events_of(folder, State)[-1].state == "finished"
    print(f"\n{preset} {' '.join(arguments)}: {time.monotonic() - begin:.0f} s")
    return folder


def by_epoch(folder: RunFolder, metric: str) -> Array:
    """(epochs,) a metric of each epoch in turn."""
    epochs = events_of(folder, Epoch)
    assert [epoch.epoch for epoch in epochs] == [*range(1, len(epochs) + 1)]
    return np.array([epoch.values[metric] for epoch in epochs], np.float64)


def end_of(folder: RunFolder, network: str) -> Path:
    """The `.keras` file of a network as the run has left it."""
    newest = max(path for path in folder.checkpoints.iterdir() if path.name.isdigit())
    return newest / f"{network}.keras"
