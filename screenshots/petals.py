"""A Keras script as anybody has one, with the one line that makes it a run: `make.py` starts it."""

import keras

import gan_tui
from gan_tui.data.flowers import NAMES, make

images, classes = make(1200, seed=0)
images = images[:, ::2, ::2].astype("float32") / 255

model = keras.Sequential(
    [
        keras.Input(images.shape[1:]),
        keras.layers.Conv2D(32, 3, activation="relu"),
        keras.layers.MaxPooling2D(),
        keras.layers.Conv2D(48, 3, activation="relu"),
        keras.layers.MaxPooling2D(),
        keras.layers.Flatten(),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(len(NAMES), activation="softmax"),
    ],
    name="petals",
)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(
    images,
    classes,
    batch_size=16,
    epochs=12,
    validation_split=0.2,
    callbacks=[gan_tui.Watch(name="petals", inputs=images[-200:], labels=classes[-200:])],
)
