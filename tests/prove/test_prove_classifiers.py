"""Classifiers reach what their articles reached; every figure a run reports is checked on its `.keras` file, too."""

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from plain_tape import BATCH, SHAPES, PlainTape, train_plainly
from proving import SEED, Clothes, Line, by_epoch, clothes, end_of, events_of, judge, trained

from gan_tui.data import shapes
from gan_tui.run.events import Metrics, State
from gan_tui.run.folder import RunFolder

pytestmark = [pytest.mark.prove, pytest.mark.timeout(3600)]


def probabilities(folder: RunFolder, x: np.ndarray) -> np.ndarray:
    """(n, classes) of the network that the run has left, as plain Keras computes them."""
    return keras.models.load_model(end_of(folder, "classifier")).predict(x, batch_size=500, verbose=0)


def accuracy_at_end(folder: RunFolder, x: np.ndarray, y: np.ndarray) -> float:
    return float((probabilities(folder, x).argmax(axis=1) == y).mean())


def assert_left_with(folder: RunFolder, images: Clothes, accuracy: float) -> None:
    """The network that a run has left is the one it says: plain Keras finds its validation accuracy, too."""
    assert accuracy_at_end(folder, images.held_x, images.held_y) == pytest.approx(accuracy, abs=2e-4)


def test_fashion_cnn(runs: Path, lines: list[Line]) -> None:
    images = clothes()
    least, most = (0.915, 0.25) if images.full else (0.855, 0.41)
    folder = trained(runs, "fashion-cnn", *images.arguments, seconds=3000)
    accuracies, losses = by_epoch(folder, "val_accuracy"), by_epoch(folder, "val_loss")
    best, epoch, lowest = accuracies[:8].max(), accuracies[:8].argmax() + 1, losses[:8].min()
    what = f"fashion-cnn{images.name}, 8 epochs: best validation"
    lines += [
        Line(f"{what} accuracy", "0.9179 (epoch 7)", f"≥ {least}", f"{best:.4f} (epoch {epoch})", best >= least),
        Line(f"{what} loss", "0.2278 (epoch 5)", f"≤ {most}",
             f"{lowest:.4f} (epoch {losses[:8].argmin() + 1})", lowest <= most),
    ]  # fmt: skip
    assert_left_with(folder, images, accuracies[losses.argmin()])
    if len(losses) < 10:
        assert losses.argmin() == len(losses) - 3, "two epochs without a better one end it"
        assert "early stopping" in events_of(folder, State)[-1].reason
    judge(lines)


def test_fashion_cnn_avgpool(runs: Path, lines: list[Line]) -> None:
    assert_reaches(runs, "fashion-cnn-avgpool", 0.88, 0.80, "0.889 (fit)", 2400, lines)


def test_resnet_small(runs: Path, lines: list[Line]) -> None:
    assert_reaches(runs, "resnet-small", 0.90, 0.84, "–", 3000, lines)


def assert_reaches(
    runs: Path, name: str, of_all: float, of_embedded: float, elsewhere: str, seconds: float, lines: list[Line]
) -> None:
    """The best validation accuracy is at least so much, and the run is left with the weights of its best epoch."""
    images = clothes()
    least = of_all if images.full else of_embedded
    folder = trained(runs, name, *images.arguments, seconds=seconds)
    accuracies, losses = by_epoch(folder, "val_accuracy"), by_epoch(folder, "val_loss")
    best, epoch = accuracies.max(), accuracies.argmax() + 1
    what = f"{name}{images.name}, 10 epochs: best validation accuracy"
    lines.append(Line(what, elsewhere, f"≥ {least}", f"{best:.4f} (epoch {epoch})", best >= least))
    assert_left_with(folder, images, accuracies[losses.argmin()])
    judge(lines)


def test_conv10(runs: Path, lines: list[Line]) -> None:
    images = clothes()
    least = 0.90 if images.full else 0.865
    folder = trained(runs, "conv10", *images.arguments, seconds=3000)
    accuracies = by_epoch(folder, "val_accuracy")
    best, epoch = accuracies.max(), accuracies.argmax() + 1
    what = f"conv10{images.name}, 20 epochs: best validation accuracy"
    lines.append(Line(what, "–", f"≥ {least}", f"{best:.4f} (epoch {epoch})", best >= least))
    assert len(accuracies) == 20
    assert_left_with(folder, images, accuracies[-1])
    judge(lines)


def test_conv10_tape(runs: Path, lines: list[Line]) -> None:
    images = clothes()
    most = 0.01 if images.full else 0.03
    folder = trained(runs, "conv10-tape", *images.arguments, seconds=2400)
    accuracies = by_epoch(folder, "val_accuracy")
    plain = np.array(train_plainly((images.x, images.y), (images.held_x, images.held_y), epochs=20))
    what = f"conv10-tape{images.name}, 20 epochs:"
    for which, mine, other in (
        ("best validation accuracy", accuracies.max(), plain.max()),
        ("median validation accuracy of the last 10", np.median(accuracies[-10:]), np.median(plain[-10:])),
    ):
        met = bool(abs(mine - other) <= most)
        lines.append(Line(f"{what} {which}", f"{other:.4f} (plain TensorFlow)", f"within {most}", f"{mine:.4f}", met))
    print("\nours ", accuracies.round(4), "\nplain", plain.round(4))
    assert len(accuracies) == 20
    assert_left_with(folder, images, accuracies[-1])
    judge(lines)


def test_conv10_tape_steps(runs: Path, lines: list[Line]) -> None:
    """The same weights and the same order give the same losses; only the order is made as the product makes it."""
    images = clothes()
    folder = trained(runs, "conv10-tape", "--steps", "50", *images.arguments, seconds=300)
    ours = np.array([loss for event in events_of(folder, Metrics) for loss in event.values["loss"]])
    keras.utils.set_random_seed(SEED)
    glorot = [keras.initializers.GlorotUniform() for _ in SHAPES]
    plain = PlainTape([make(shape).numpy() for make, shape in zip(glorot, SHAPES, strict=True)])
    order = tf.random.experimental.stateless_shuffle(tf.range(len(images.x)), tf.constant([SEED, 0], tf.int64)).numpy()
    batches = order[: 50 * BATCH].reshape(50, BATCH)
    losses = np.array([float(plain.step(images.x[batch], images.y[batch])) for batch in batches])
    apart = float(np.abs(ours / losses - 1).max())
    what = "conv10-tape: first 50 losses, from the same weights in the same order"
    lines.append(Line(what, "plain TensorFlow", "within 1e-4, relative", f"{apart:.1e}", apart <= 1e-4))
    judge(lines)


def test_shapes(runs: Path, lines: list[Line]) -> None:
    folder = trained(runs, "shapes", seconds=900)
    images, classes = shapes.make(3000, seed=2026)
    known = {image.tobytes() for image in shapes.make(shapes.COUNT, shapes.SEED)[0]}
    assert not known & {image.tobytes() for image in images}, "none was trained on"
    right = accuracy_at_end(folder, images[..., None].astype(np.float32) / 255, classes)
    lines.append(Line("shapes: accuracy on 3,000 unseen shapes", "–", "≥ 0.95", f"{right:.4f}", right >= 0.95))
    judge(lines)
