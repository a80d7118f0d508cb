"""A person's own script of two workers on this machine: Keras, TensorFlow's strategy, many steps in one compiled call.

python bare_group.py fashion-cnn|gan
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from gan_tui.system.listening import free_ports
from gan_tui.training import environment

environment.prepare()
OTHER: subprocess.Popen[str] | None = None
WORKERS, CHUNK_SECONDS = 2, 0.075

if "TF_CONFIG" not in os.environ:
    addresses = [f"127.0.0.1:{port}" for port in free_ports(WORKERS)]
    first, second = (
        json.dumps({"cluster": {"worker": addresses}, "task": {"type": "worker", "index": index}}) for index in (0, 1)
    )
    environ = {**os.environ, "TF_CONFIG": second}
    OTHER = subprocess.Popen([sys.executable, *sys.argv], env=environ, stdin=subprocess.PIPE, text=True)
    os.environ["TF_CONFIG"] = first

import keras  # noqa: E402 (after what TensorFlow reads from the environment)
import tensorflow as tf  # noqa: E402

from gan_tui import data, presets  # noqa: E402
from gan_tui.training.models.build import build_network, build_optimizer  # noqa: E402

Step = Callable[[Any, Any], list[Any]]


def main(name: str) -> None:
    kinds = tf.distribute.experimental.CommunicationImplementation
    options = tf.distribute.experimental.CommunicationOptions(implementation=kinds.RING)
    strategy = tf.distribute.MultiWorkerMirroredStrategy(communication_options=options)
    preset = presets.find(name)
    own = int(preset.settings["batch_size"]) // WORKERS
    with strategy.scope():
        step = {"fashion-cnn": classifier, "gan": pair}[name](preset, own)
    found = data.load(data.find(preset.dataset))
    images = tf.constant(found.images.reshape(-1, *preset.networks[-1].input))
    labels = tf.constant(found.labels, tf.int32)

    @tf.function
    def chunk(k: Any) -> Any:
        rows = tf.TensorArray(tf.float32, size=k)
        for row in tf.range(k):
            values = strategy.run(one)
            rows = rows.write(row, values)
        return rows.stack()

    def one() -> Any:
        rows = tf.random.uniform((own,), 0, len(found.labels), tf.int32)
        x = tf.cast(tf.gather(images, rows), tf.float32) / 255.0
        return tf.stack(step(x, tf.gather(labels, rows)))

    def take(k: int, calls: int) -> float:
        """Steps a second."""
        begun = time.monotonic()
        for _ in range(calls):
            chunk(tf.constant(k)).numpy()
        return k * calls / (time.monotonic() - begun)

    lead(take) if OTHER else follow(take)


def follow(take: Callable[[int, int], float]) -> None:
    for line in sys.stdin:
        take(*map(int, line.split()))


def lead(take: Callable[[int, int], float]) -> None:
    """As `windows.measure`, for both."""

    def together(k: int, calls: int) -> float:
        assert OTHER and OTHER.stdin
        print(k, calls, file=OTHER.stdin, flush=True)
        return take(k, calls)

    together(1, 2)
    rate = together(1, 10)
    print("ready", flush=True)
    for line in sys.stdin:
        k = max(1, round(CHUNK_SECONDS * rate))
        rate = together(k, max(1, round(float(line) * rate / k)))
        print(rate, flush=True)


def classifier(preset: presets.Preset, own: int) -> Step:
    model, optimizer = build_network(preset.networks[0]), build_optimizer(preset.settings)
    optimizer.build(model.trainable_variables)
    vars(optimizer).pop("update_step", None)  # ours: Keras's is under it

    def step(x: Any, y: Any) -> list[Any]:
        with tf.GradientTape() as tape:
            answers = model(x, training=True)
            losses = keras.losses.sparse_categorical_crossentropy(y, answers)
            loss = tf.reduce_sum(losses) / (own * WORKERS)
        optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables,
                                      strict=True))  # fmt: skip
        right = tf.equal(tf.argmax(answers, 1, tf.int32), y)
        return [loss, tf.reduce_mean(tf.cast(right, tf.float32))]

    return step


def pair(preset: presets.Preset, own: int) -> Step:
    generator, discriminator = (build_network(preset.network(name)) for name in ("generator", "discriminator"))
    ours, theirs = (build_optimizer(preset.settings) for _ in range(2))
    for optimizer, model in ((ours, generator), (theirs, discriminator)):
        optimizer.build(model.trainable_variables)
        vars(optimizer).pop("update_step", None)

    def descend(optimizer: Any, model: keras.Model, labels: Any, answers: Callable[[], Any]) -> list[Any]:
        with tf.GradientTape() as tape:
            said = answers()
            losses = keras.losses.binary_crossentropy(labels, said)
            loss = tf.reduce_sum(losses) / (len(labels) * WORKERS)
        weights = model.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        return [loss, tf.reduce_mean(tf.cast((said > 0.5) == (labels > 0.5), tf.float32))]

    def step(x: Any, _: Any) -> list[Any]:
        made = generator(tf.random.normal((own, 100)), training=False)
        both = tf.concat([tf.reshape(x, (own, -1)) * 2 - 1, made], 0)
        labels = tf.concat([tf.fill((own, 1), 0.9), tf.zeros((own, 1))], 0)
        told = descend(theirs, discriminator, labels, lambda: discriminator(both, training=True))
        latents = tf.random.normal((own, 100))
        fooled = lambda: discriminator(generator(latents, training=True), training=True)  # noqa: E731
        return told + descend(ours, generator, tf.ones((own, 1)), fooled)

    return step


if __name__ == "__main__":
    main(sys.argv[1])
