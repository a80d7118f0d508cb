"""XOR often gets stuck. Ours must get stuck as often as Keras's own `fit`, seed by seed, from the same weights."""

from pathlib import Path

import keras
import numpy as np
import pytest
from proving import Line, events_of, judge, trained

from gan_tui.run.events import Metrics

pytestmark = [pytest.mark.prove, pytest.mark.timeout(6000)]

SEEDS = range(20)
EPOCHS = 1000


def test_as_many_seeds_get_there_as_with_fit(runs: Path, lines: list[Line]) -> None:
    ours, theirs = [], []
    for seed in SEEDS:
        first_loss, reached = by_gan_tui(runs, seed)
        fit_loss, fit_reached = by_fit(seed)
        assert first_loss == pytest.approx(fit_loss, rel=1e-5), "both start from the same weights"
        print(f"seed {seed}: ours {reached or 'never'}, fit {fit_reached or 'never'}", flush=True)
        ours.append(reached)
        theirs.append(fit_reached)
    differing = sum(bool(a) != bool(b) for a, b in zip(ours, theirs, strict=True))
    there, there_by_fit = (f"{sum(map(bool, epochs))} of {len(SEEDS)}" for epochs in (ours, theirs))
    lines += [
        Line(f"xor: seeds that reach accuracy 1.0 within {EPOCHS:,} epochs", f"{there_by_fit} (fit)", "the same ± 2",
             there, abs(sum(map(bool, ours)) - sum(map(bool, theirs))) <= 2),
        Line("xor: seeds that end otherwise than with fit", "0", "≤ 2", str(differing), differing <= 2),
    ]  # fmt: skip
    judge(lines)


def by_gan_tui(runs: Path, seed: int) -> tuple[float, int]:
    """The first step's loss, and the epoch that first had an accuracy of 1.0; 0 where none had."""
    folder = trained(runs, "xor", "--seed", str(seed), seconds=300, name=f"xor-{seed}")
    events = events_of(folder, Metrics)
    losses, accuracies = ([v for event in events for v in event.values[name]] for name in ("loss", "accuracy"))
    assert len(losses) == EPOCHS
    return losses[0], first_perfect(accuracies)


def by_fit(seed: int) -> tuple[float, int]:
    """The same by `fit`, of a model that Keras alone makes from the same seed."""
    keras.utils.set_random_seed(seed)
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(2, activation="sigmoid"),
            layers.Dense(4),
            layers.Dense(2, activation="softmax"),
        ]
    )
    model.compile("rmsprop", "categorical_crossentropy", metrics=["accuracy"])
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
    y = np.eye(2, dtype=np.float32)[[0, 1, 1, 0]]
    history = model.fit(x, y, epochs=EPOCHS, batch_size=4, verbose=0).history
    return history["loss"][0], first_perfect(history["accuracy"])


def first_perfect(accuracies: list[float]) -> int:
    return next((epoch for epoch, value in enumerate(accuracies, start=1) if value == 1.0), 0)
