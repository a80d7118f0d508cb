"""A loop of one's own with a GradientTape (TensorFlow), told to gan-tui: the lines for gan-tui are marked."""

import sys

import keras
import tensorflow as tf
from sklearn.datasets import load_digits

import gan_tui  # gan-tui

steps = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
digits = load_digits()
x, y = digits.data.astype("float32") / 16, digits.target
batches = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x)).repeat().batch(64).as_numpy_iterator()
model = keras.Sequential([keras.Input((64,)), keras.layers.Dense(32, "relu"), keras.layers.Dense(10)])
optimizer = keras.optimizers.Adam(1e-3)
judge = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


@tf.function
def train(images, labels):
    with tf.GradientTape() as tape:
        logits = model(images, training=True)
        loss = judge(labels, logits)
    weights = model.trainable_weights
    optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
    return loss, tf.reduce_mean(tf.cast(tf.argmax(logits, 1) == labels, tf.float32))


def save(folder):
    model.save(folder / "model.keras")


run = gan_tui.Run(config={"optimizer": "Adam", "rate": 1e-3}, on_save=save)  # gan-tui
for step in run.steps(steps):  # gan-tui: instead of range(1, steps + 1)
    loss, accuracy = train(*next(batches))
    run.log(loss=loss, accuracy=accuracy)  # gan-tui
    if step % 100 == 0:
        run.histogram("dense/kernel", model.layers[0].kernel)  # gan-tui
run.close()  # gan-tui: or at the script's end
print(f"loss {float(loss):.3f}")
