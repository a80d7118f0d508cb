"""A `fit` of Keras, on TensorFlow, JAX or torch (as KERAS_BACKEND says): the lines for gan-tui are marked."""

import sys

import keras
from sklearn.datasets import load_digits

import gan_tui  # gan-tui

epochs = int(sys.argv[1]) if len(sys.argv) > 1 else 20
digits = load_digits()
x, y = digits.images[..., None].astype("float32") / 16, digits.target
x_val, y_val, x, y = x[:297], y[:297], x[297:], y[297:]

model = keras.Sequential(
    [
        keras.Input((8, 8, 1)),
        keras.layers.Conv2D(16, 3, activation="relu"),
        keras.layers.Conv2D(32, 3, activation="relu"),
        keras.layers.Flatten(),
        keras.layers.Dropout(0.3),
        keras.layers.Dense(10, activation="softmax"),
    ],
    name="digits",
)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
watch = gan_tui.Watch(inputs=x_val, labels=y_val)  # gan-tui; Watch() alone shows numbers, networks and weights
model.fit(x, y, epochs=epochs, validation_data=(x_val, y_val), callbacks=[watch], verbose=0)  # gan-tui: callbacks
loss, accuracy = model.evaluate(x_val, y_val, verbose=0)
print(f"accuracy {accuracy:.3f}")
