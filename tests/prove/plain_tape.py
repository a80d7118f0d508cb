"""The algorithm of `conv10-tape` as a plain TensorFlow script; nothing here comes from gan_tui."""

import math
from typing import Any

import numpy as np
import tensorflow as tf

RATE, BATCH = 0.1, 32
SHAPES = ((3, 3, 1, 10), (1960, 10), (10, 10))
"""Of the kernels; each has a bias as long as its last dimension."""

Pairs = tuple[np.ndarray, np.ndarray]


class PlainTape:
    """Raw variables, TensorFlow's operations, a tape, and steps of plain gradient descent."""

    def __init__(self, kernels: list[Any]) -> None:
        """`kernels` have the SHAPES; biases begin at zero."""
        self.weights = [
            tf.Variable(value) for kernel in kernels for value in (kernel, np.zeros(kernel.shape[-1], np.float32))
        ]

    def logits(self, x: Any) -> Any:
        """(n, 10) of images (n, 28, 28, 1) in 0…1."""
        weights = self.weights
        x = tf.nn.relu(tf.nn.conv2d(x, weights[0], 1, "SAME") + weights[1])
        x = tf.reshape(tf.nn.max_pool2d(x, 2, 2, "VALID"), (-1, 1960))
        x = tf.nn.relu(x @ weights[2] + weights[3])
        return x @ weights[4] + weights[5]

    @tf.function
    def step(self, x: Any, classes: Any) -> Any:
        """The loss of a batch, before it is learned from."""
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(tf.one_hot(classes, 10), self.logits(x)))
        for weight, gradient in zip(self.weights, tape.gradient(loss, self.weights), strict=True):
            weight.assign_sub(RATE * gradient)
        return loss


def train_plainly(train: Pairs, held_back: Pairs, epochs: int, seed: int = 1) -> list[float]:
    """Validation accuracy after each epoch, from weights and in an order of its own."""
    random = tf.random.Generator.from_seed(seed)
    network = PlainTape([_glorot(random, shape) for shape in SHAPES])
    images, classes = (tf.constant(array) for array in train)
    accuracies = []
    for _ in range(epochs):
        order = tf.random.experimental.stateless_shuffle(tf.range(len(images)), random.make_seeds(1)[:, 0])
        for start in range(0, len(images) - BATCH + 1, BATCH):
            batch = order[start : start + BATCH]
            network.step(tf.gather(images, batch), tf.gather(classes, batch))
        parts = np.array_split(held_back[0], 12)
        taken = np.concatenate([network.logits(part).numpy().argmax(axis=1) for part in parts])
        accuracies.append(float((taken == held_back[1]).mean()))
    return accuracies


def _glorot(random: tf.random.Generator, shape: tuple[int, ...]) -> tf.Tensor:
    places = math.prod(shape[:-2])
    limit = math.sqrt(6 / (places * (shape[-2] + shape[-1])))
    return random.uniform(shape, -limit, limit)
