"""What the articles do: `model.fit`. python fit.py xor|fashion-cnn|resnet-small|tensorboard"""

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


def network(shape: tuple[int, ...]) -> keras.Model:
    """The CNN of the clothes, on images of a shape, compiled."""
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input(shape),
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
    return model


def residual(shape: tuple[int, ...]) -> keras.Model:
    """The residual network of the clothes, compiled."""
    layers = keras.layers

    def normalized(x: keras.KerasTensor, filters: int, strides: int = 1) -> keras.KerasTensor:
        x = layers.Conv2D(filters, 3, strides, padding="same", use_bias=False)(x)
        return layers.BatchNormalization(momentum=0.9)(x)

    inputs = keras.Input(shape)
    x = layers.ReLU()(normalized(inputs, 16))
    for filters, strides in ((16, 1), (32, 2), (64, 2)):
        changed = normalized(layers.ReLU()(normalized(x, filters, strides)), filters)
        shortcut = layers.Conv2D(filters, 1, strides)(x) if strides > 1 else x
        x = layers.ReLU()(layers.Add()([shortcut, changed]))
    outputs = layers.Dense(10, activation="softmax")(layers.GlobalAveragePooling2D()(x))
    model = keras.Model(inputs, outputs)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def fashion(model: keras.Model, callbacks: list[keras.callbacks.Callback]) -> None:
    stored = data.load(gan_tui.data.find("fashion-mnist"))
    images, labels = stored.images.reshape(-1, 28, 28, 1).astype(np.float32) / 255, stored.labels.astype(np.int32)
    held_back = len(images) // 5
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
        model = (residual if sys.argv[1] == "resnet-small" else network)((28, 28, 1))
        fashion(model, [keras.callbacks.TensorBoard(folder)] if folder else [])
