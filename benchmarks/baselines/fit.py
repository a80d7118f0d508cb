"""What the articles do: `model.fit`. python fit.py xor|fashion-cnn|tensorboard"""

import sys
import tempfile

import keras
import numpy as np
from windows import measure

import gan_tui.data
from gan_tui import data


def xor() -> None:
    model = keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(2, activation="sigmoid"),
            keras.layers.Dense(4),
            keras.layers.Dense(2, activation="softmax"),
        ]
    )
    model.compile("rmsprop", "categorical_crossentropy", metrics=["accuracy"])
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
    y = np.eye(2)[[0, 1, 1, 0]]
    epochs = iter([20])  # to warm up

    def train() -> int:
        count = next(epochs, 500)
        model.fit(x, y, epochs=count, batch_size=4, verbose=0)
        return count

    measure(train)


def fashion(callbacks: list[keras.callbacks.Callback]) -> None:
    stored = data.load(gan_tui.data.find("fashion-mnist"))
    images, labels = stored.images.reshape(-1, 28, 28, 1).astype(np.float32) / 255, stored.labels.astype(np.int32)
    held_back = len(images) // 5
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(100, activation="relu"),
            layers.Dropout(0.4),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    x, y, validation = images[held_back:], labels[held_back:], (images[:held_back], labels[:held_back])

    def train() -> int:
        model.fit(x, y, batch_size=32, epochs=1, validation_data=validation, verbose=0, callbacks=callbacks)
        return -(-len(x) // 32)

    measure(train)


if __name__ == "__main__":
    if sys.argv[1] == "xor":
        xor()
    else:
        folder = tempfile.mkdtemp() if sys.argv[1] == "tensorboard" else ""
        fashion([keras.callbacks.TensorBoard(folder)] if folder else [])
