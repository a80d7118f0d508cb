"""A fit of Keras with a callback that does nothing, with numbers watched, with all there is to see: processor time.

`KERAS_BACKEND=jax python fits.py mlp` prints a JSON line a round: kind → milliseconds a step, and how much of it passes
in the callback's own calls. The first epoch, in which Keras and the views compile, does not count.
"""

import json
import os
import sys
import tempfile
import time
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["GAN_TUI_RUNS"] = tempfile.mkdtemp(prefix="gan-tui-bench-")

import keras
import numpy as np
from keras import layers

import gan_tui

ROUNDS, EPOCHS = 7, 4
random = np.random.default_rng(0)


def mlp() -> tuple[Any, Any, Any, int]:
    """About a millisecond a step."""
    model = keras.Sequential(
        [keras.Input((784,)), layers.Dense(128, "relu"), layers.Dense(64, "relu"), layers.Dense(10, "softmax")]
    )
    return model, random.random((64 * 2000, 784), "float32"), random.integers(10, size=64 * 2000), 64


def cnn() -> tuple[Any, Any, Any, int]:
    """As the preset fashion-cnn."""
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(100, "relu"),
            layers.Dropout(0.4),
            layers.Dense(10, "softmax"),
        ]
    )
    return model, random.random((32 * 300, 28, 28, 1), "float32"), random.integers(10, size=32 * 300), 32


class Timed(keras.callbacks.Callback):
    """Passes all on to another callback, and notes the processor time of each epoch, and of that one's calls."""

    def __init__(self, inner: Any) -> None:
        super().__init__()
        self._inner, self._own = inner, 0.0
        self.epochs: list[tuple[float, float]] = []

    def set_model(self, model: Any) -> None:
        super().set_model(model)
        self._inner.set_model(model)

    def set_params(self, params: Any) -> None:
        self._inner.set_params(params)

    def on_train_begin(self, logs: Any = None) -> None:
        self._inner.on_train_begin(logs)

    def on_train_end(self, logs: Any = None) -> None:
        self._inner.on_train_end(logs)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._begun, self._own = time.process_time(), 0.0
        self._inner.on_epoch_begin(epoch, logs)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        begun = time.process_time()
        self._inner.on_epoch_end(epoch, logs)
        now = time.process_time()
        self.epochs.append((now - self._begun, self._own + now - begun))

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        begun = time.process_time()
        self._inner.on_train_batch_end(batch, logs)
        self._own += time.process_time() - begun


def main() -> None:
    model, x, y, batch = {"mlp": mlp, "cnn": cnn}[sys.argv[1]]()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    kinds = {
        "nothing": keras.callbacks.Callback,
        "numbers": lambda: gan_tui.Watch(share=0.0),
        "all": lambda: gan_tui.Watch(inputs=x[:256], labels=y[:256]),
    }
    model.fit(x, y, batch_size=batch, verbose=0)
    steps = len(x) // batch
    for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS):
        found = {}
        for kind, watching in kinds.items():
            timed = Timed(watching())
            model.fit(x, y, batch_size=batch, epochs=EPOCHS, verbose=0, callbacks=[timed])
            whole, own = (1e3 * sum(each) / (EPOCHS - 1) / steps for each in zip(*timed.epochs[1:], strict=True))
            found[kind], found[f"{kind}, own"] = whole, own
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
