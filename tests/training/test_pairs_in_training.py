"""Pairs with every loss and mode: their step against the same maths written out plainly, and their exact resume."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tui import presets
from gan_tui.presets import Preset
from gan_tui.run.pictures import Tiles
from gan_tui.training.fast import forward
from gan_tui.training.models.gan import AdversarialPair
from gan_tui.training.trainer import started
from training_tasks import assert_same_arrays, in_chunks, task_of

BATCH = 8


def tiny(folder: Path, normalized: bool = False, **settings: Any) -> Preset:
    """The `gan` preset with few weights, or `cgan`; its discriminator ends as the loss wants it.

    `normalized` puts a spectral and a batch normalization into the discriminator.
    """
    document = presets.find("gan").as_document()
    ends_in = "sigmoid" if settings.get("loss", "cross-entropy") == "cross-entropy" else "linear"
    document["networks"] = {
        "generator": {"input": [5], "layers": [{"layer": "Dense", "units": 784, "activation": "tanh"}]},
        "discriminator": {
            "input": [784],
            "layers": [
                {"layer": "Dense", "units": 6}, {"layer": "LeakyReLU", "negative_slope": 0.2},
                {"layer": "Dense", "units": 1, "activation": ends_in},
            ],
        },
    }  # fmt: skip
    if normalized:
        layers = document["networks"]["discriminator"]["layers"]
        layers[0] = {"layer": "SpectralNormalization", "wraps": layers[0]}
        layers.insert(1, {"layer": "BatchNormalization", "momentum": 0.9})
    if settings.get("conditional"):
        for first, network in (("latent", "generator"), ("image", "discriminator")):
            table = document["networks"][network]
            table["inputs"] = {first: table.pop("input"), "label": [10]}
            table["layers"].insert(0, {"layer": "Concatenate", "from": [first, "label"]})
    document["settings"] |= {"batch_size": BATCH, "data_folder": str(folder), "real_label": 1.0, **settings}
    return presets.from_document(document, "tiny")


@pytest.fixture(scope="module")
def real(few_images: Path) -> np.ndarray:
    return np.load(few_images / "mnist.npz")["x_train"][: 3 * BATCH].reshape(-1, 784).astype(np.float32) / 127.5 - 1


# A step ----------------------------------------------------------------------------------------------------


def answers_of(weights: list[np.ndarray], images: np.ndarray) -> np.ndarray:
    """The tiny discriminator's, before its last activation, by numpy alone."""
    hidden = images.astype(np.float64) @ weights[0] + weights[1]
    return np.where(hidden > 0, hidden, 0.2 * hidden) @ weights[2] + weights[3]


def penalty_of(weights: list[np.ndarray], real: np.ndarray, made: np.ndarray, shares: np.ndarray) -> float:
    """The mean of (slope - 1)², from the slope of each layer."""
    between = shares * real + (1 - shares) * made
    active = np.where(between.astype(np.float64) @ weights[0] + weights[1] > 0, 1.0, 0.2)
    slopes = (active * weights[2][:, 0]) @ weights[0].T
    return float(((np.linalg.norm(slopes, axis=1) - 1) ** 2).mean())


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


Loss = Callable[[np.ndarray, np.ndarray], float]
D_LOSSES: dict[str, Loss] = {
    "cross-entropy": lambda r, g: -(np.log(sigmoid(r)).mean() + np.log(1 - sigmoid(g)).mean()) / 2,
    "least-squares": lambda r, g: (((r - 0.9) ** 2).mean() + ((g - 0.1) ** 2).mean()) / 2,
    "hinge": lambda r, g: np.maximum(0, 1 - r).mean() + np.maximum(0, 1 + g).mean(),
    "wasserstein": lambda r, g: g.mean() - r.mean(),
}
G_LOSSES: dict[str, Callable[[np.ndarray], float]] = {
    "cross-entropy": lambda g: -np.log(sigmoid(g)).mean(),
    "least-squares": lambda g: ((g - 1) ** 2).mean(),
    "hinge": lambda g: -g.mean(),
    "wasserstein": lambda g: -g.mean(),
}
LABELS = {"least-squares": {"real_label": 0.9, "fake_label": 0.1}}


@pytest.mark.parametrize("loss", D_LOSSES)
def test_a_step_is_the_plain_maths(loss: str, few_images: Path, real: np.ndarray) -> None:
    preset = tiny(few_images, loss=loss, optimizer="sgd", learning_rate=0.01, **LABELS.get(loss, {}))
    pair = AdversarialPair(preset)
    d_latents, g_latents, shares = drawn(pair, loss)
    kernel, bias = pair.generator.get_weights()
    made, of_g = np.tanh(d_latents @ kernel + bias), np.tanh(g_latents @ kernel + bias)
    weights = pair.discriminator.get_weights()

    logs = {name: float(value) for name, value in pair.train_step((real[:BATCH], None)).items()}

    assert list(logs) == list(dict.fromkeys(logs)) and set(logs) == set(preset.rules.step_metrics(preset.settings))
    on_real, on_made = answers_of(weights, real[:BATCH]), answers_of(weights, made)
    penalty = penalty_of(weights, real[:BATCH], made, shares) if loss == "wasserstein" else 0.0
    assert logs["d_loss"] == pytest.approx(D_LOSSES[loss](on_real, on_made) + 10 * penalty, rel=1e-4)
    ends = sigmoid if loss == "cross-entropy" else (lambda answers: answers)
    assert logs["real_output"] == pytest.approx(ends(on_real).mean(), rel=1e-4)
    assert logs["generated_output"] == pytest.approx(ends(on_made).mean(), rel=1e-4)
    if loss == "wasserstein":
        assert logs["penalty"] == pytest.approx(penalty, rel=1e-4)
        assert logs["wasserstein"] == pytest.approx(on_real.mean() - on_made.mean(), rel=1e-3)
    else:
        middle = 0.5 if loss == "least-squares" else 0.0  # before a sigmoid
        right = np.concatenate([on_real > middle, on_made <= middle])
        assert logs["d_accuracy"] == pytest.approx(right.mean())

    changed = pair.discriminator.get_weights()
    for number, place in ((0, (400, 3)), (1, (2,)), (2, (4, 0)), (3, (0,))):  # by differences of the whole loss
        slope = slope_of(loss, weights, number, place, real[:BATCH], made, shares)
        moved = (weights[number][place] - changed[number][place]) / 0.01
        assert moved == pytest.approx(slope, rel=2e-2, abs=2e-4), number

    assert logs["g_loss"] == pytest.approx(G_LOSSES[loss](answers_of(changed, of_g)), rel=1e-4)


def drawn(pair: AdversarialPair, loss: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The random numbers of its next step, which it will draw again: latents of both halves, and places between."""
    seed = np.array(pair.seeds.state)
    d_latents = pair.latents(BATCH).numpy()
    shares = keras.random.uniform((BATCH, 1), seed=pair.seeds).numpy() if loss == "wasserstein" else np.zeros(0)
    g_latents = pair.latents(BATCH).numpy()
    pair.seeds.state.assign(seed)
    return d_latents, g_latents, shares


def slope_of(
    loss: str,
    weights: list[np.ndarray],
    number: int,
    place: Any,
    real: np.ndarray,
    made: np.ndarray,
    shares: np.ndarray,
) -> float:
    """Of the discriminator's loss, along one of its weights."""
    near = 1e-5

    def at(moved: float) -> float:
        other = [weight.astype(np.float64) for weight in weights]
        other[number][place] += moved
        penalty = penalty_of(other, real, made, shares) if loss == "wasserstein" else 0.0
        return D_LOSSES[loss](answers_of(other, real), answers_of(other, made)) + 10 * penalty

    return (at(near) - at(-near)) / (2 * near)


def test_the_gradient_of_the_penalty_is_that_of_keras_layers(few_images: Path, real: np.ndarray) -> None:
    """Large Dense layers have a gradient of their own, of which the penalty takes the gradient once more."""
    document = presets.find("gan").as_document()
    layers = document["networks"]["discriminator"]["layers"]
    layers[-1] = {"layer": "Dense", "units": 1}
    document["settings"] |= {"loss": "wasserstein", "batch_size": BATCH, "data_folder": str(few_images)}
    pair = AdversarialPair(presets.from_document(document, "wide"))
    network = keras.Sequential([layer for layer in pair.discriminator.layers if "dropout" not in layer.name])
    made, shares = real[BATCH : 2 * BATCH], np.linspace(0, 1, BATCH, dtype=np.float32)[:, None]

    with tf.GradientTape() as tape:
        between = tf.constant(shares * real[:BATCH] + (1 - shares) * made)
        with tf.GradientTape() as inner:
            inner.watch(between)
            answers = network(between)
        norms = tf.norm(inner.gradient(answers, between), axis=1)
        plain = tf.reduce_mean((norms - 1) ** 2)
    expected = tape.gradient(plain, network.trainable_variables)

    for layer in pair.discriminator.layers:
        layer.rate = 0.0  # of those that have one: dropout

    @tf.function(autograph=False)
    def ours() -> Any:
        with tf.GradientTape() as tape:
            penalty = pair.slopes(tf.constant(real[:BATCH]), tf.constant(made), tf.constant(shares))
        return penalty, tape.gradient(penalty, pair.discriminator.trainable_variables[::2])  # biases change no slope

    penalty, found = ours()
    assert float(penalty) == pytest.approx(float(plain), rel=1e-5)
    for one, other in zip(found, expected[::2], strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-6)


def test_a_discriminator_at_rest_changes_nothing_of_itself(few_images: Path, real: np.ndarray) -> None:
    pair = AdversarialPair(tiny(few_images, normalized=True, loss="hinge"))
    images = tf.constant(real[:BATCH])

    def state() -> dict[str, np.ndarray]:
        return {weight.path: np.array(weight) for weight in pair.discriminator.weights}

    before = state()
    pair._train_generator(images, None)
    pair.slopes(images, images[::-1], np.full((BATCH, 1), 0.5, np.float32))
    after = state()
    assert all(np.array_equal(before[name], after[name]) for name in before)
    resting = forward.run(pair.discriminator, images, training=True, resting=True).numpy()
    pair._train_discriminator(images, None)
    moved = {name for name, value in state().items() if not np.array_equal(value, before[name])}
    assert any("vector_u" in name for name in moved) and any("moving_mean" in name for name in moved)
    pair.discriminator.set_weights(list(before.values()))
    np.testing.assert_allclose(pair.discriminator(images, training=True), resting, rtol=1e-5)


# Several steps of the discriminator, noise, an average -----------------------------------------------------


def test_the_discriminator_takes_its_steps_on_parts_of_the_images_one_after_the_other(
    few_images: Path, real: np.ndarray
) -> None:
    three, one = (AdversarialPair(tiny(few_images, loss="hinge", d_steps=steps)) for steps in (3, 1))
    for ours, theirs in zip(one.networks, three.networks, strict=True):
        ours.set_weights(theirs.get_weights())
    logs = three.train_step((real, None))
    means = []
    for part in np.split(real, 3):
        means.append(one._train_discriminator(tf.constant(part), None))
    last = one._train_generator(tf.constant(real[:BATCH]), None)
    for ours, theirs in zip(one.networks, three.networks, strict=True):
        for weight, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
            np.testing.assert_allclose(weight, other, rtol=1e-5, atol=1e-7)
    assert float(logs["d_loss"]) == pytest.approx(np.mean([float(row["d_loss"]) for row in means]), rel=1e-5)
    assert float(logs["g_loss"]) == pytest.approx(float(last["g_loss"]), rel=1e-5)


def test_a_run_tells_of_its_batch_and_an_epoch_has_as_many_steps_as_the_images_give(few_images: Path) -> None:
    preset = tiny(few_images, d_steps=3)
    told = started(preset, task_of(preset), ["CPU"])
    assert (told.batch_size, told.steps_per_epoch) == (BATCH, 120 // (3 * BATCH))


def test_label_noise_tells_the_wrong_way_round_and_accuracy_still_means_what_is_real(
    few_images: Path, real: np.ndarray
) -> None:
    pair = AdversarialPair(tiny(few_images, loss="least-squares", label_noise=0.5))
    pair.discriminator.layers[-1].set_weights([np.zeros((6, 1), np.float32), np.array([1.0], np.float32)])
    losses = [float(pair.train_step((real[:BATCH], None))["d_loss"])]
    told_real = 1 - losses[0]  # each that it is told is made has an error of 1 where all answers are 1
    assert told_real * 2 * BATCH == pytest.approx(round(told_real * 2 * BATCH)) and 0 < told_real < 1
    still = AdversarialPair(tiny(few_images, loss="least-squares"))
    still.discriminator.layers[-1].set_weights([np.zeros((6, 1), np.float32), np.array([1.0], np.float32)])
    logs = still.train_step((real[:BATCH], None))
    assert (float(logs["d_loss"]), float(logs["d_accuracy"])) == (0.5, 0.5)


def test_instance_noise_is_on_what_both_halves_see(few_images: Path, real: np.ndarray) -> None:
    pair = AdversarialPair(tiny(few_images, instance_noise=0.5))
    noise = (pair._noisy(tf.constant(real)) - real).numpy()
    assert noise.std() == pytest.approx(0.5, rel=0.02) and abs(noise.mean()) < 0.02


def test_the_averaged_generator_is_the_mean_that_is_meant_and_makes_the_samples(
    few_images: Path, real: np.ndarray
) -> None:
    pair = AdversarialPair(tiny(few_images, generator_average=0.3, learning_rate=0.01))
    generator, _, average = pair.networks
    assert average.name == "generator_average"
    generator.set_weights([weight + 1 for weight in generator.get_weights()])  # as weights to begin with are given
    pair.begun()
    mean = [weight.astype(np.float64) for weight in average.get_weights()]
    for weight, other in zip(mean, generator.get_weights(), strict=True):
        assert np.array_equal(weight, other), "it begins where training does"
    for step in range(1, 6):
        pair.train_step((real[:BATCH], None))
        kept = min(0.3, (1 + step) / (10 + step))
        mean = [kept * one + (1 - kept) * now for one, now in zip(mean, generator.get_weights(), strict=True)]
    for weight, expected in zip(average.get_weights(), mean, strict=True):
        np.testing.assert_allclose(weight, expected, rtol=1e-4, atol=1e-6)
    latents = pair.latents(3, seed=1)
    np.testing.assert_allclose(pair.sample(latents), average(latents), rtol=1e-5)
    assert not np.allclose(pair.sample(latents), generator(latents), atol=1e-4)


def test_the_discriminator_has_settings_of_its_own(few_images: Path, real: np.ndarray) -> None:
    settings = {"d_learning_rate": 0.5, "d_optimizer": "sgd", "beta_1": 0.5}
    pair = AdversarialPair(tiny(few_images, **settings))
    assert isinstance(pair.d_optimizer, keras.optimizers.SGD) and float(pair.d_optimizer.learning_rate) == 0.5
    assert isinstance(pair.g_optimizer, keras.optimizers.Adam)
    assert float(pair.g_optimizer.learning_rate) == pytest.approx(2e-4)
    pair.set_learning_rate(0.1)
    assert float(pair.g_optimizer.learning_rate) == pytest.approx(0.1)
    assert float(pair.d_optimizer.learning_rate) == 0.5, "its own"
    both = AdversarialPair(tiny(few_images, d_beta_1=0.0))
    assert (both.d_optimizer.beta_1, both.g_optimizer.beta_1) == (0.0, 0.5)
    both.set_learning_rate(0.1)
    assert float(both.d_optimizer.learning_rate) == pytest.approx(0.1)


@pytest.mark.parametrize("settings", [
    {"schedule": "cosine", "warmup_steps": 2},  # to the end of the run
    {"schedule": "exponential", "schedule_steps": 3},
    {"schedule": "piecewise", "schedule_at": [2, 4], "schedule_factors": [0.5, 0.1]},
    {"learning_rate_decay": 0.5},
], ids=["cosine", "exponential", "piecewise", "inverse"])  # fmt: skip
def test_the_discriminators_rate_follows_the_steps_of_the_run(settings: dict[str, Any], few_images: Path) -> None:
    pair = AdversarialPair(tiny(few_images, d_steps=3, d_learning_rate=0.002, learning_rate=0.001, **settings))
    pair.lasts(8)
    for step in range(8):
        pair.g_optimizer.iterations.assign(step)
        pair.d_optimizer.iterations.assign(3 * step)
        rates = [float(each._get_current_learning_rate()) for each in (pair.g_optimizer, pair.d_optimizer)]
        assert rates[1] == pytest.approx(2 * rates[0], rel=1e-5), step
    assert rates[0] < 0.001


# Told a class ----------------------------------------------------------------------------------------------


def test_both_networks_are_told_the_classes_of_the_real_images(few_images: Path, real: np.ndarray) -> None:
    pair = AdversarialPair(tiny(few_images, conditional=True, optimizer="sgd"))
    classes = np.arange(BATCH, dtype=np.int32) % 3
    labels = np.eye(10, dtype=np.float32)[classes]
    latents, *_ = drawn(pair, "")
    made = pair.generator([latents, labels]).numpy()
    answers = pair.discriminator([np.concatenate([real[:BATCH], made]), np.concatenate([labels, labels])]).numpy()
    logs = pair.train_step((real[:BATCH], classes))
    targets = np.repeat([[1.0], [0.0]], BATCH, axis=0)
    wrong = -(targets * np.log(answers) + (1 - targets) * np.log(1 - answers)).mean()
    assert float(logs["d_loss"]) == pytest.approx(wrong, rel=1e-4)


def test_the_wall_has_a_row_for_each_class_and_the_same_latent_vectors_in_each(few_images: Path) -> None:
    task = task_of(tiny(few_images, conditional=True))
    pair, (dense,) = task.learner, [layer for layer in task.learner.generator.layers if layer.weights]
    kernel = np.zeros((15, 784), np.float32)
    kernel[:5] = 0.01  # a little of each latent number, and of each class as much as its number says
    kernel[5:] = np.arange(10)[:, None] / 10
    dense.set_weights([kernel, np.zeros(784, np.float32)])
    wall, one = task.snapshots[:2]
    (tiles,) = wall.draw()
    assert tiles.labels == tuple(str(digit) for digit in range(10) for _ in range(10))
    latents = pair.latents(10, seed=task.preset.settings["seed"]).numpy().sum(axis=1)
    expected = np.tanh(0.01 * latents[None, :] + np.arange(10)[:, None] / 10)
    np.testing.assert_allclose(tiles.numbers[:, 5, 5, 0].reshape(10, 10), expected, atol=0.005)
    (beside,) = task.snapshots[2].draw()  # what v puts beside it
    held = task.dataset.train
    shown = [np.isclose(held.numbers(np.arange(len(held))), row, atol=1e-3).all(axis=1) for row in levels_of(beside)]
    assert [{*held.y[match].tolist()} for match in shown] == [{digit} for digit in range(10) for _ in range(10)]
    (settable,) = [value for name, value in task.settable().items() if name == "latent"]
    settable.set(23)
    (tile,) = one.draw()
    assert tile.labels == ("latent vector 23 as 3",)
    assert tile.numbers.mean() == pytest.approx(np.tanh(0.3), abs=0.05)


def levels_of(tiles: Tiles) -> np.ndarray:
    """(count, pixels) from -1 to 1, as they were before they were bytes."""
    return (tiles.levels.reshape(len(tiles), -1) * np.float32(2 / 255) - 1).astype(np.float32)


# Resumed ---------------------------------------------------------------------------------------------------

MODES: list[dict[str, Any]] = [
    {"loss": "least-squares", "d_steps": 2, "label_noise": 0.1, "instance_noise": 0.1, "fake_label": 0.1},
    {"loss": "hinge", "generator_average": 0.99, "d_optimizer": "rmsprop", "d_learning_rate": 0.001},
    {"loss": "wasserstein", "d_steps": 3, "generator_average": 0.9, "d_beta_1": 0.0},
    {"loss": "cross-entropy", "d_steps": 2, "conditional": True, "generator_average": 0.9},
]


@pytest.mark.parametrize("settings", MODES, ids=[mode["loss"] for mode in MODES])
def test_it_goes_on_exactly_from_what_a_checkpoint_holds(settings: dict[str, Any], few_images: Path) -> None:
    task = task_of(tiny(few_images, normalized=settings["loss"] == "hinge", **settings))
    in_chunks(task, 3, 2)
    then = {name: array.copy() for name, array in task.arrays().items()}
    rows, end = in_chunks(task, 5, 5), task.arrays()
    task.restore(then)  # what it lacks is left as it is now
    task.steps.go_to(3)
    assert in_chunks(task, 5, 2).tobytes() == rows.tobytes()
    assert_same_arrays(task.arrays(), end)
    assert ("generator_average/dense/0.kernel" in then) == ("generator_average" in settings)
