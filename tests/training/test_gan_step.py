"""One step of an adversarial pair against the same maths written out plainly."""

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from gan_tui import presets
from gan_tui.training.models.gan import AdversarialPair
from training_tasks import preset_with, small_gan, task_of, without_dropout


def cross_entropy(targets: np.ndarray, answers: np.ndarray) -> float:
    answers = np.clip(answers.astype(np.float64), 1e-7, 1 - 1e-7)
    return float(-(targets * np.log(answers) + (1 - targets) * np.log(1 - answers)).mean())


@pytest.fixture(scope="module")
def pair(few_images: Path) -> AdversarialPair:
    """The `gan` preset without dropout, which would draw differently each time."""
    return task_of(without_dropout(preset_with("gan", batch_size=16, data_folder=str(few_images)))).learner


@pytest.fixture(scope="module")
def real(few_images: Path) -> np.ndarray:
    return np.load(few_images / "mnist.npz")["x_train"][:16].reshape(16, 784).astype(np.float32) / 127.5 - 1


def test_the_losses_of_a_step_are_the_plain_maths(pair: AdversarialPair, real: np.ndarray) -> None:
    seed = np.array(pair.seeds.state)
    d_latents, g_latents = pair.latents(16).numpy(), pair.latents(16).numpy()
    pair.seeds.state.assign(seed)
    generator, discriminator = keras.models.clone_model(pair.generator), keras.models.clone_model(pair.discriminator)
    generator.set_weights(pair.generator.get_weights())
    discriminator.set_weights(pair.discriminator.get_weights())

    logs = {name: float(value) for name, value in pair.train_step((real, None)).items()}

    both = np.concatenate([real, generator(d_latents, training=False).numpy()])
    answers = discriminator(both).numpy()
    targets = np.array([[0.9]] * 16 + [[0.0]] * 16)
    assert logs["d_loss"] == pytest.approx(cross_entropy(targets, answers), rel=1e-5)
    assert logs["d_accuracy"] == pytest.approx(((answers > 0.5) == (targets > 0.5)).mean())

    optimizer = keras.optimizers.Adam(2e-4, beta_1=0.5)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.binary_crossentropy(targets.astype(np.float32), discriminator(both)))
    gradients = tape.gradient(loss, discriminator.trainable_variables)
    optimizer.apply(gradients, discriminator.trainable_variables)
    for ours, plain in zip(pair.discriminator.get_weights(), discriminator.get_weights(), strict=True):
        np.testing.assert_allclose(ours, plain, rtol=1e-4, atol=1e-7)

    answers = discriminator(generator(g_latents)).numpy()  # through the discriminator as it is after its own update
    assert logs["g_loss"] == pytest.approx(cross_entropy(np.ones((16, 1)), answers), rel=1e-4)
    assert logs["g_accuracy"] == pytest.approx((answers > 0.5).mean())

    optimizer = keras.optimizers.Adam(2e-4, beta_1=0.5)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.binary_crossentropy(np.ones((16, 1)), discriminator(generator(g_latents))))
    gradients = tape.gradient(loss, generator.trainable_variables)
    optimizer.apply(gradients, generator.trainable_variables)
    for ours, plain in zip(pair.generator.get_weights(), generator.get_weights(), strict=True):
        np.testing.assert_allclose(ours, plain, rtol=1e-4, atol=1e-6)


def test_each_networks_weights_change_in_its_own_update_alone(
    pair: AdversarialPair, real: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Resting:
        def apply_gradients(self, pairs: object) -> None:
            list(pairs)  # type: ignore[call-overload]

    def changed_by_a_step() -> tuple[bool, bool]:
        before = [[w.copy() for w in network.get_weights()] for network in (pair.generator, pair.discriminator)]
        pair.train_step((real, None))
        after = [network.get_weights() for network in (pair.generator, pair.discriminator)]
        return tuple(
            any(not np.array_equal(b, a) for b, a in zip(one, other, strict=True))
            for one, other in zip(before, after, strict=True)
        )

    assert changed_by_a_step() == (True, True)
    with monkeypatch.context() as resting:
        resting.setattr(pair, "d_optimizer", Resting())
        assert changed_by_a_step() == (True, False), "the generator's update leaves the discriminator alone"
    with monkeypatch.context() as resting:
        resting.setattr(pair, "g_optimizer", Resting())
        assert changed_by_a_step() == (False, True), "the discriminator's update leaves the generator alone"


def test_a_discriminators_averages_move_in_its_own_half_alone(few_images: Path) -> None:
    document = small_gan(few_images).as_document()
    layers = document["networks"]["discriminator"]["layers"]
    layers.insert(1, {"layer": "BatchNormalization", "momentum": 0.5})
    pair = task_of(without_dropout(presets.from_document(document, "normalized"))).learner
    real = np.random.default_rng(0).random((16, 28, 28, 1), np.float32)
    seed = np.array(pair.seeds.state)
    generated = pair.generator(pair.latents(16), training=False)
    pair.seeds.state.assign(seed)
    first, normalized = pair.discriminator.layers[:2]
    seen = first(np.concatenate([real, generated.numpy()])).numpy()

    pair.train_step((real, None))

    np.testing.assert_allclose(normalized.moving_mean, seen.mean((0, 1, 2)) / 2, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(normalized.moving_variance, (1 + seen.var((0, 1, 2))) / 2, rtol=1e-4)


def test_at_the_least_label_for_real_images_accuracy_still_means_what_is_real(few_images: Path) -> None:
    pair = task_of(preset_with("gan", batch_size=16, data_folder=str(few_images), real_label=0.5)).learner
    *_, last = pair.discriminator.layers
    images = np.zeros((16, 784), np.float32)
    for bias, share in ((5.0, 0.5), (-5.0, 0.5)):
        last.set_weights([np.zeros_like(last.kernel), np.array([bias], np.float32)])  # all taken for real, or for made
        logs = pair.train_step((images, None))
        assert float(logs["d_accuracy"]) == share


def test_the_two_updates_draw_fresh_latent_vectors(
    pair: AdversarialPair, real: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn, latents = [], pair.latents
    monkeypatch.setattr(pair, "latents", lambda count: drawn.append(latents(count)) or drawn[-1])
    pair.train_step((real, None))
    monkeypatch.undo()
    one, other = (each.numpy() for each in drawn)
    assert not np.array_equal(one, other)
    assert np.array_equal(pair.latents(16, seed=7).numpy(), pair.latents(16, seed=7).numpy()), "unless a seed is named"


@pytest.mark.parametrize(("preset", "low", "high", "deviation"), [("gan", -5, 5, 1.0), ("dcgan", -1, 1, 1 / 3**0.5)])
def test_latent_vectors_are_drawn_as_the_preset_says(
    preset: str, low: float, high: float, deviation: float, few_images: Path
) -> None:
    chosen = preset_with(preset, data_folder=str(few_images)) if preset == "gan" else small_gan(few_images)
    latents = AdversarialPair(chosen).latents(2000).numpy()
    assert latents.shape == (2000, 100)
    assert low <= latents.min() < low * 0.7 and high * 0.7 < latents.max() <= high
    assert latents.std() == pytest.approx(deviation, rel=0.01) and abs(latents.mean()) < 0.01


def test_the_metrics_are_the_contracts() -> None:
    names = [metric.name for metric in presets.find("gan").metrics]
    assert names == ["d_loss", "d_accuracy", "g_loss", "g_accuracy", "real_output", "generated_output"]
