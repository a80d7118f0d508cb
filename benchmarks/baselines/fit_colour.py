"""What a person would write for colour images: `model.fit` on a tf.data pipeline. python fit_colour.py FILE.npz"""

import sys

import numpy as np
import tensorflow as tf
from fit import network
from windows import measure

with np.load(sys.argv[1]) as archive:
    images, labels = archive["images"], archive["labels"]
held_back = len(images) // 5


def pipeline(x: np.ndarray, y: np.ndarray) -> tf.data.Dataset:
    return tf.data.Dataset.from_tensor_slices((x, y))


def as_numbers(image: tf.Tensor, label: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    return tf.cast(image, tf.float32) / 255, label


train_set = pipeline(images[held_back:], labels[held_back:]).shuffle(len(images)).batch(32)
train_set = train_set.map(as_numbers, tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)
held_set = pipeline(images[:held_back], labels[:held_back]).batch(32).map(as_numbers, tf.data.AUTOTUNE)

model = network((32, 32, 3))


def train() -> int:
    model.fit(train_set, epochs=1, validation_data=held_set, verbose=0)
    return -(-(len(images) - held_back) // 32)


measure(train)
