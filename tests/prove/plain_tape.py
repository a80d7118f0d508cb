"""The algorithm of `conv10-tape` as a plain TensorFlow script; nothing here comes from gan_tui."""

import math
from typing import Any

import numpy as np
import tensorflow as tf

RATE, BATCH = 0.1, 32
Pairs = tuple[np.ndarray, np.ndarray]


def train_plainly(train: Pairs, held_back: Pairs, epochs: int, seed: int = 1) -> list[float]:
    """Validation accuracy after each epoch; images are (n, 28, 28, 1) in 0…1, classes (n,)."""
    random = tf.random.Generator.from_seed(seed)
    weights = [
        _glorot(random, (3, 3, 1, 10), 9 + 90), tf.Variable(tf.zeros(10)),
        _glorot(random, (1960, 10), 1960 + 10), tf.Variable(tf.zeros(10)),
        _glorot(random, (10, 10), 10 + 10), tf.Variable(tf.zeros(10)),
    ]  # fmt: skip

    def logits(x: Any) -> Any:
        x = tf.nn.relu(tf.nn.conv2d(x, weights[0], 1, "SAME") + weights[1])
        x = tf.reshape(tf.nn.max_pool2d(x, 2, 2, "VALID"), (-1, 1960))
        x = tf.nn.relu(x @ weights[2] + weights[3])
        return x @ weights[4] + weights[5]

    @tf.function(reduce_retracing=True)
    def step(x: Any, classes: Any) -> None:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(tf.one_hot(classes, 10), logits(x)))
        for weight, gradient in zip(weights, tape.gradient(loss, weights), strict=True):
            weight.assign_sub(RATE * gradient)

    images, classes = (tf.constant(array) for array in train)
    accuracies = []
    for _ in range(epochs):
        order = tf.random.experimental.stateless_shuffle(tf.range(len(images)), random.make_seeds(1)[:, 0])
        for start in range(0, len(images) - BATCH + 1, BATCH):
            batch = order[start : start + BATCH]
            step(tf.gather(images, batch), tf.gather(classes, batch))
        taken = np.concatenate([logits(part).numpy().argmax(axis=1) for part in np.array_split(held_back[0], 12)])
        accuracies.append(float((taken == held_back[1]).mean()))
    return accuracies


def _glorot(random: tf.random.Generator, shape: tuple[int, ...], fans: int) -> tf.Variable:
    limit = math.sqrt(6 / fans)
    return tf.Variable(random.uniform(shape, -limit, limit))
