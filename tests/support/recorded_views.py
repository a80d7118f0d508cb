"""Runs with every picture and event that a view is drawn from, and the arrays that these came from."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from gan_tui import presets
from gan_tui.presets import Preset, layer_table
from gan_tui.run import pictures
from gan_tui.run.events import Answers, Checkpoint, Confusion, Event, Picture, Prediction, Started, State, Weights
from gan_tui.run.folder import RunFolder
from gan_tui.run.pictures import Tiles
from recorded import metrics

LAST = 120
"""The step at which a recorded run ended."""
NAMES = ("T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Boot")
KERNEL_RANGE = (-0.5, 0.5)


@dataclass
class Recording:
    """A run, and what it was recorded from."""

    folder: RunFolder
    preset: Preset
    arrays: dict[tuple[str, int], np.ndarray] = field(default_factory=dict)
    """(tag, step) → the numbers of a picture, (count, height, width), or with 3 channels behind."""
    weights: dict[int, dict[str, np.ndarray]] = field(default_factory=dict)
    """Step → weight → its values."""
    facts: dict[str, Any] = field(default_factory=dict)
    """Of other events."""

    def write(self, *events: Event) -> None:
        log = self.folder.writer()
        log.write(*events)
        log.close()

    def picture(self, tag: str, step: int, numbers: np.ndarray, low: float, high: float, **rest: Any) -> Picture:
        """Write tiles as a trainer does; returns the event."""
        kind = rest.pop("kind", tag.partition("-")[0])
        numbers = numbers.astype(np.float32)
        self.arrays[tag, step] = numbers
        whole = numbers if numbers.ndim == 4 else numbers[..., None]
        tiles = Tiles.of_numbers(tag, kind, whole, low, high, **rest)
        return pictures.write(tiles, step, self.folder.sample_file(tag, step), self.folder.path)

    def add_weights(self, step: int, random: np.random.Generator, spread: float) -> Weights:
        """Weights of every layer of the preset's networks, and what they are like."""
        arrays = {
            f"{network.name}/{row.name}/{name}": (spread * random.standard_normal(shape)).astype(np.float32)
            for network in self.preset.networks
            for row in network.rows
            for name, shape in shapes_of(network, row.name)
        }
        self.weights[step] = arrays
        return Weights(step, {name: described(values) for name, values in arrays.items()})

    def begin(self, state: str = "training", **dataset: Any) -> None:
        preset = self.preset
        networks = {network.name: layer_table.layer_rows(network) for network in preset.networks}
        about = {"name": preset.dataset, "origin": "embedded", "train": 4000, "validation": 1000, **dataset}
        steps = 400, 40, preset.settings["batch_size"]
        started = Started(preset.name, preset.title, preset.task, 42, networks, about, ["CPU: 2 cores"], {}, *steps)
        self.write(State("starting", "Loading TensorFlow"), started, State(state))

    def end(self, state: str) -> None:
        self.write(Checkpoint(LAST, f"checkpoints/{LAST:09d}", "end"), State(state, "all steps are done"))


def described(values: np.ndarray) -> dict[str, Any]:
    """What the event says of an array of weights."""
    low, high = float(values.min()), float(values.max())
    counts = np.histogram(values, 40, (low, high))[0].tolist()
    mean, std = float(values.mean()), float(values.std())
    return {"shape": list(values.shape), "mean": mean, "std": std, "low": low, "high": high, "counts": counts}


def shapes_of(network: presets.Network, layer: str) -> list[tuple[str, tuple[int, ...]]]:
    """(name, shape) of the weights of a layer, made few where there are many: only their statistics are recorded."""
    rows, before = network.rows, network.input
    for row in rows:
        if row.name == layer:
            break
        before = row.output_shape
    if row.kind == "Conv2D":
        filters = row.arguments["filters"]
        return [("kernel", (*row.arguments["kernel_size"], before[-1], filters)), ("bias", (filters,))]
    if row.kind == "Dense":
        units = row.arguments["units"]
        return [("kernel", (min(before[-1], 50), units)), ("bias", (units,))]
    return []


def recorded_classifier(runs: Path, state: str = "finished") -> Recording:
    """The two convolutions of fashion-cnn, trained for 120 steps."""
    preset = presets.find("fashion-cnn").with_settings({"steps": 400})
    run, random = Recording(presets.new_run(preset, runs), preset), np.random.default_rng(1)
    run.begin(names=list(NAMES))
    for step, spread in ((0, 0.08), (LAST, 0.22)):
        for layer, count, side in (("conv2d", 32, 28), ("conv2d_1", 64, 14)):
            maps = random.uniform(0, 3, (count, side, side))
            run.write(run.picture(f"features-{layer}", step, maps, float(maps.min()), float(maps.max())))
            kernels = (spread * random.standard_normal((count, 3, 3))).clip(-0.7, 0.7)
            run.write(run.picture(f"kernels-{layer}", step, kernels, *KERNEL_RANGE))
        run.write(run.picture("input", step, blobs(random, 1), 0.0, 1.0))
        probabilities = random.dirichlet(np.full(10, 0.4)).round(6)
        run.facts["probabilities"], run.facts["truth"] = probabilities, int(probabilities.argsort()[-2])
        run.write(Prediction(step, 3, run.facts["truth"], probabilities.tolist()))
        run.write(run.add_weights(step, random, spread))
        if step == 0:
            run.write(metrics("classifier", 1, LAST))
    counts = random.multinomial(100, [0.1] * 10, 10) + 500 * np.eye(10, dtype=int)
    run.facts["confusion"] = counts
    labels = [f"{NAMES[n % 10]} → {NAMES[(n + 3) % 10]} {0.99 - n / 100:.2f}" for n in range(32)]
    run.facts["labels"] = labels
    mistakes = run.picture("mistakes", LAST, blobs(random, 32), 0.0, 1.0, labels=tuple(labels))
    run.write(Confusion(LAST, counts.tolist()), mistakes)
    run.end(state)
    return run


def recorded_pair(runs: Path, state: str = "finished") -> Recording:
    """A GAN with its wall, its one picture and real digits."""
    preset = presets.find("gan").with_settings({"steps": 400})
    run, random = Recording(presets.new_run(preset, runs), preset), np.random.default_rng(2)
    run.begin(names=[str(n) for n in range(10)])
    for step in (0, LAST):
        run.write(run.picture("samples", step, 2 * blobs(random, 100) - 1, -1.0, 1.0))
        run.write(run.picture("one", step, 2 * blobs(random, 1) - 1, -1.0, 1.0, labels=("latent vector 0",)))
        if step == 0:
            run.write(run.picture("real", 0, 2 * blobs(random, 100) - 1, -1.0, 1.0, kind="samples"))
            run.write(metrics("gan", 1, LAST))
        run.write(run.add_weights(step, random, 0.1 + step / 1000))
    run.end(state)
    return run


POINTS = [[0.1, 0.1, 0], [0.9, 0.9, 0], [0.1, 0.9, 1], [0.9, 0.1, 1], [0.5, 0.5, 2]]


def recorded_plane(runs: Path, state: str = "finished", **settings: object) -> Recording:
    """A plane with three classes, five points and what the network answers to them."""
    preset = presets.find("plane").with_settings({"steps": 400, **settings})
    run, random = Recording(presets.new_run(preset, runs), preset), np.random.default_rng(3)
    run.begin(names=["face", "eyes and mouth", "outside"], name="points", train=5, validation=0, points=POINTS)
    for step in (0, LAST):
        run.write(run.picture("surface", step, surface(step), 0.0, 1.0, fine=True))
        answers = random.dirichlet([1, 1, 1], len(POINTS)).round(5)
        run.facts["answers"] = answers
        run.write(Answers(step, answers.tolist()), run.add_weights(step, random, 0.3))
        if step == 0:
            run.write(metrics("plane", 1, LAST))
    run.end(state)
    return run


def surface(step: int) -> np.ndarray:
    """(3, 100, 100) probabilities over numpy.mgrid[0:1:0.01, 0:1:0.01], y first."""
    y, x = np.mgrid[0:1:0.01, 0:1:0.01]
    return surface_at(x, y, step)


def surface_at(x: np.ndarray, y: np.ndarray, step: int) -> np.ndarray:
    """(3, …) probabilities at points: three classes around three places, which move from step to step."""
    turn = step / 60
    far = (0.2, 0.35, 0.45)  # so that the middle is nobody's
    places = [(0.5 + far[k] * np.cos(turn + k * 2.1), 0.5 + far[k] * np.sin(turn + k * 2.1)) for k in range(3)]
    grown = np.exp(np.stack([-12 * ((x - a) ** 2 + (y - b) ** 2) for a, b in places]))
    return grown / grown.sum(axis=0)


def blobs(random: np.random.Generator, count: int) -> np.ndarray:
    """(count, 28, 28) smooth pictures in 0 … 1, each another."""
    y, x = np.mgrid[0:28, 0:28]
    centres, sizes = random.uniform(6, 22, (count, 2)), random.uniform(3, 7, count)
    far = (x - centres[:, 0, None, None]) ** 2 + (y - centres[:, 1, None, None]) ** 2
    return np.exp(-far / sizes[:, None, None] ** 2)
