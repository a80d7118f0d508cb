"""From a preset to arrays ready for training: read, put in a range, part into training and validation."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_tui import data
from gan_tui.data import own, points
from gan_tui.data.arrays import Damaged
from gan_tui.data.own.found import some
from gan_tui.data.points import Points
from gan_tui.data.rows import StoredRows
from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.presets import Preset, fitting, losses, own_data
from gan_tui.presets.of_runs import READ_AS_NEEDED
from gan_tui.presets.plan import batch_size, made_by
from gan_tui.presets.preparing import wish_of


@dataclass(frozen=True)
class Examples:
    """Inputs as they are stored, and how they become numbers for a network: x × scale + offset."""

    x: NDArray[Any] | StoredRows
    """(count, …), uint8 for images: a quarter of the memory of float32. In their file, where they are very many."""
    y: NDArray[Any]
    """(count,) classes, or (count, classes) where the loss wants one-hot rows."""
    scale: float = 1.0
    offset: float = 0.0

    def __len__(self) -> int:
        return len(self.x)

    def part(self, positions: NDArray[np.intp]) -> "Examples":
        x = self.x.part(positions) if isinstance(self.x, StoredRows) else self.x[positions]
        return replace(self, x=x, y=self.y[positions])

    def inputs(self, positions: NDArray[np.intp]) -> NDArray[Any]:
        """Some of the inputs, as they are stored. Raises UserError when their file is no longer what it was."""
        if not isinstance(self.x, StoredRows):
            return np.asarray(self.x[positions])
        try:
            return self.x.read(positions)
        except Damaged as problem:
            raise UserError(problem.told("restore the data, and resume"), TRAINING_FAILED) from problem

    def numbers(self, positions: NDArray[np.intp]) -> NDArray[np.float32]:
        """Some of the inputs, as a network is given them. Raises as `inputs`."""
        return self.inputs(positions).astype(np.float32) * self.scale + self.offset


@dataclass(frozen=True)
class Dataset:
    """What a run trains on."""

    name: str
    origin: str
    """In words: embedded, a folder, a cache."""
    train: Examples
    validation: Examples | None
    batch_size: int
    """Examples in one step: all of them where the preset's setting is 0."""
    points: list[list[float]] | None = None
    """The inputs and the class of each point, [x, y, class] on a plane, where data are points and not pictures."""
    notes: tuple[str, ...] = ()
    """What a person may not expect: which better places were passed over, and why; classes that no example has."""

    def sha256(self) -> str:
        """Of all examples and their targets; of very many, of some that lie evenly among them."""
        digest = hashlib.sha256()
        for part in filter(None, (self.train, self.validation)):
            digest.update(part.y.tobytes())
            for positions in _looked_at(len(part)):
                digest.update(part.inputs(positions).tobytes())
        return digest.hexdigest()

    def sum(self) -> int:
        """Of all inputs, which tells whether they are the same in another order; 0 where they are too many to look at.

        Of a file's own numbers: bytes of images, bits of what a table holds.
        """
        parts = [part for part in (self.train, self.validation) if part]
        if any(len(part) > ALL_LOOKED_AT for part in parts):
            return 0
        return sum(
            int(np.frombuffer(np.ascontiguousarray(part.inputs(positions)).tobytes(), np.uint8).sum(dtype=np.uint64))
            for part in parts
            for positions in _looked_at(len(part))
        )


ALL_LOOKED_AT, LOOKED_AT, AT_ONCE = 100_000, 10_000, 4096
"""Examples of which all are looked at, and how many of more are: the same of those in memory and in their file."""


def _looked_at(count: int) -> Iterator[NDArray[np.intp]]:
    """The positions of the examples that a checksum is of, some at a time."""
    every = np.arange(count) if count <= ALL_LOOKED_AT else np.linspace(0, count - 1, LOOKED_AT).astype(np.intp)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]


def images_dataset(preset: Preset, folder: Path | None = None) -> Dataset:
    """Pictures, parted into training and validation.

    Raises UserError when a file is damaged or the batch is larger than the data.
    """
    if preset.found:
        return own_images(preset)
    images: NDArray[np.uint8] | StoredRows
    classes: NDArray[Any]
    notes: tuple[str, ...] = ()
    if make := preset.facts.make:
        (images, classes), origin = make(), made_by(preset)
    else:
        source = data.find(preset.dataset, folder, preset.origin)
        lacking = [kind for kind in range(len(preset.facts.names)) if kind not in source.classes]
        notes = (*source.notes, *(_of_classes("image is of", lacking) if preset.rules.learns_classes else ()))
        stored = data.load(source)
        images, classes, origin = stored.images, stored.labels, source.origin
        if isinstance(images, StoredRows):
            origin += READ_AS_NEEDED
    train, validation = _split(_in_range(preset, images, classes), preset)
    return Dataset(preset.dataset, origin, train, validation, batch_size(preset, len(train)), notes=notes)


def own_images(preset: Preset, on_read: own.OnRead | None = None) -> Dataset:
    """Images of a person's own. Raises as `images_dataset`."""
    assert preset.found is not None
    found = own_data.found_again(preset.rules, preset.settings, preset.found)
    rows = own.image_rows(found, wish_of(preset), on_read)
    labels = np.zeros(len(rows.images), np.int64) if rows.labels is None else rows.labels
    whole, origin = _in_range(preset, rows.images, labels), str(rows.found.path)
    held_back, said = rows.held_back, tuple[str, ...]()
    if held_back is None:
        held_back = stratified(labels, preset.settings.get("validation_split", 0.0), preset.settings["seed"])
        said = tuple(lacking(labels, held_back, rows.found.names))
    train, validation = parted(whole, held_back)
    if isinstance(rows.images, StoredRows):
        origin += READ_AS_NEEDED
    batch = batch_size(preset, len(train))
    notes = (*rows.found.notes, *said, *fitting.notes(rows.found, preset.facts))
    return Dataset(rows.found.name, origin, train, validation, batch, notes=notes)


def _in_range(preset: Preset, images: NDArray[np.uint8] | StoredRows, classes: NDArray[Any]) -> Examples:
    """Images as the networks take them, and their targets."""
    low, high = preset.settings["image_range"]
    shaped = images.reshape(-1, *preset.networks[-1].input)
    return Examples(shaped, targets(preset, classes), scale=(high - low) / 255, offset=low)


def points_dataset(preset: Preset) -> Dataset:
    """Few points, all of them to train on. Raises as `images_dataset`."""
    chosen = points_of(preset)
    numbers = np.column_stack([chosen.x, chosen.classes]).tolist()
    examples = Examples(chosen.x, targets(preset, chosen.classes))
    batch, notes = batch_size(preset, len(examples)), tuple(_of_classes("point has", chosen.without_points))
    return Dataset(preset.dataset, made_by(preset), examples, None, batch, numbers, notes)


def _of_classes(has: str, lacking: Sequence[int]) -> Iterator[str]:
    """What may surprise whoever counts from 1."""
    if lacking:
        yield f"classes are counted from 0, and no {has} {' or '.join(map(str, lacking))}"


def with_points(dataset: Dataset, chosen: Points, preset: Preset) -> Dataset:
    """The same data set with other points, all of them in one step."""
    numbers = np.column_stack([chosen.x, chosen.classes]).tolist()
    examples = Examples(chosen.x, targets(preset, chosen.classes))
    return replace(dataset, train=examples, batch_size=len(examples), points=numbers)


def points_of(preset: Preset) -> Points:
    """The points that a preset on few inputs trains on. Raises UserError when their file is no good."""
    if file := preset.files().get("points"):
        return points.read_csv(file)
    return points.make(preset.settings.get("points", preset.dataset))


def targets(preset: Preset, classes: NDArray[Any]) -> NDArray[Any]:
    """Classes as the loss of a preset wants them."""
    if losses.wants_rows(preset.settings):
        return np.asarray(np.eye(preset.facts.classes, dtype=np.float32)[classes])
    return classes.astype(np.int32)


def parted(whole: Examples, held_back: NDArray[np.intp]) -> tuple[Examples, Examples | None]:
    """Training and validation parts, where examples at some positions are held back."""
    if not len(held_back):
        return whole, None
    kept = np.setdiff1d(np.arange(len(whole)), held_back)
    return whole.part(kept), whole.part(held_back)


def stratified(labels: NDArray[np.int64], share: float, seed: int) -> NDArray[np.intp]:
    """The positions of a share of each class, in order, as many in all as the share is of all.

    Of a class that is held back whole, one goes back to be learnt, for one of the class of which most are learnt.
    """
    order = np.random.default_rng(seed).permutation(len(labels))
    by_class = order[np.argsort(labels[order], kind="stable")]
    before = np.arange(len(labels) + 1) * round(len(labels) * share) // max(len(labels), 1)
    held = np.diff(before) > 0
    kinds = labels[by_class]
    there, learnt = np.bincount(kinds), np.bincount(kinds[~held], minlength=len(np.bincount(kinds)))
    for kind in np.flatnonzero((there > 0) & (learnt == 0)):
        if learnt.max() > 1:
            most = learnt.argmax()
            held[np.flatnonzero(kinds == kind)[-1]], held[np.flatnonzero((kinds == most) & ~held)[0]] = False, True
            learnt[kind], learnt[most] = 1, learnt[most] - 1
    return np.sort(by_class[held])


def lacking(labels: NDArray[np.int64], held_back: NDArray[np.intp], names: Sequence[str]) -> Iterator[str]:
    """A note on classes that are learnt, and of which nothing is held back."""
    if not names:
        return
    held = set(labels[held_back].tolist())
    if held and (without := [names[kind] for kind in np.unique(labels).tolist() if kind not in held]):
        yield f"no example that is held back is of {some(without)}"


def _split(whole: Examples, preset: Preset) -> tuple[Examples, Examples | None]:
    """Training and validation parts, a shuffle of the seed's apart."""
    share = preset.settings.get("validation_split", 0.0)
    count = round(len(whole) * share)
    if not count:
        return whole, None
    order = np.random.default_rng(preset.settings["seed"]).permutation(len(whole))
    return whole.part(order[count:]), whole.part(order[:count])
