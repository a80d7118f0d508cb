"""Small fits of Keras, watched, on the backend of the environment: what became of each is printed as JSON.

`python watched_fits.py` in a process of its own, because a process has one backend.
"""

import faulthandler
import json
import os
import sys
import threading
import time
from contextlib import suppress
from typing import Any

import keras
import numpy as np
from keras import layers

import gan_tui
from gan_tui.integrations.scripts import script_run
from gan_tui.integrations.scripts.layer_tables import networks_of
from gan_tui.integrations.scripts.own_socket import OwnSocket
from gan_tui.run import event_schema as schema
from gan_tui.run.commands import Command
from gan_tui.run.folder import RunFolder
from gan_tui.run.manifests import manifest
from gan_tui.run.state import RunState
from gan_tui.supervision.control_client import ask

ALL_AT_ONCE = keras.backend.backend() != "torch"
"""Whether Keras runs several steps in one call there."""
random = np.random.default_rng(0)
X = random.random((33 * 16 + 5, 8, 8, 1), "float32")
Y = (X.mean((1, 2, 3)) * 100).astype(int) % 4
REPEATABLE = 0.3 if ALL_AT_ONCE else 0.0
"""Dropout that draws the same again where a training is gone on with, or done in another way."""
quiet = {"verbose": 0, "shuffle": False, "batch_size": 16}


def network(at_once: int = 1, dropout: float = 0.3, **compiled: Any) -> Any:
    """The same one each time, to be trained at once: on torch, layers draw from what all of the process draws from."""
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)), layers.Conv2D(4, 3, activation="relu"), layers.Dropout(dropout), layers.Flatten(),
            layers.Dense(4, "softmax"),
        ],
        name="net",
    )  # fmt: skip
    asked = {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"], **compiled}
    model.compile("adam", steps_per_execution=at_once, **asked)
    return model


def state_of(folder: RunFolder) -> RunState:
    reader, state = folder.reader(), RunState()
    while records := reader.read():
        state = state.apply_all(records)
    assert reader.damaged == 0
    return state


def closed(watch: Any) -> RunState:
    folder = RunFolder(watch.run.path)
    watch.run.close()
    return state_of(folder)


def series(state: RunState, name: str) -> list[float]:
    return state.series[name].values.tolist()


def alerts(state: RunState) -> list[str]:
    return [alert.text for alert in state.alerts]


def equal(one: Any, other: Any) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one.get_weights(), other.get_weights(), strict=True))


# What is tried -----------------------------------------------------------------------------------------------


def nothing_changes() -> dict[str, Any]:
    """Watched with all there is to see, drawn at every step, and saved in between, against not watched."""
    bare = network()
    kept = bare.fit(X, Y, epochs=2, validation_split=0.1, **quiet).history
    watch = gan_tui.Watch("same", inputs=X[:40], labels=Y[:40], names="abcd", share=1.0)
    asked = _Asking(watch, {5: Command("save", 1)})
    watched = network()
    history = watched.fit(X, Y, epochs=2, validation_split=0.1, callbacks=[watch, asked], **quiet).history
    state = closed(watch)
    return {
        "weights": equal(bare, watched), "history": kept == history, "replies": asked.replies, "alerts": alerts(state),
        "pictures": sorted(state.pictures), "confusion": np.sum(state.confusion.counts) if state.confusion else 0,
        "names": state.started.dataset["names"], "val_loss": series(state, "val_loss") == history["val_loss"],
        "steps": state.step, "total": state.steps_total, "epochs": state.epoch, "obeys": state.started.commands,
        "settable": list(state.started.settable), "weights shown": sorted(state.weights[1].layers),
        "rows": [row["layer"] for row in state.started.networks["net"]],
    }  # fmt: skip


def own_values() -> dict[str, Any]:
    """What was told of each step, against what the step itself gave."""
    one, found = network(dropout=REPEATABLE), dict[str, Any]()
    truth = [one.train_on_batch(X[n : n + 16], Y[n : n + 16], return_dict=True) for n in range(0, len(X), 16)]
    for name, exact, at_once in (("undone", False, 1), ("exact", True, 1), ("at once", True, 10)):
        if at_once > 1 and not ALL_AT_ONCE:
            continue
        watch, model = gan_tui.Watch("own", exact=exact, share=0.0), network(at_once, REPEATABLE)
        model.fit(X, Y, epochs=2, callbacks=[watch], **quiet)
        state = closed(watch)
        for key in ("loss", "accuracy") if at_once == 1 else ("loss",):
            shown = np.array(series(state, key))
            found[f"{name} {key}"] = float(np.abs(shown[: len(truth)] - [row[key] for row in truth]).max())
            found[f"{name} {key} steps"] = len(shown)
    return found


class _Asking(keras.callbacks.Callback):
    """Has commands sent before some batches, and waits until they have come."""

    def __init__(self, watch: Any, commands: dict[int, Any]) -> None:
        super().__init__()
        self._watch, self._commands, self._batch = watch, commands, 0
        self.replies: list[str] = []
        self.threads: list[threading.Thread] = []

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        self._batch += 1
        command = self._commands.get(self._batch)
        if command:
            thread = threading.Thread(target=self._send, args=(command,), daemon=True)
            self.threads.append(thread)
            thread.start()
            while not self._watch.run.is_asked:
                time.sleep(0.01)

    def _send(self, commands: Any) -> None:
        folder = RunFolder(self._watch.run.path)
        for command in commands if isinstance(commands, list) else [commands]:
            reply = ask(folder, command, 60)
            self.replies.append(("" if reply.ok else "not ok: ") + reply.text)


def place_in(folder: RunFolder, checkpoint: str) -> Any:
    """Whole epochs, and batches of the next, that a checkpoint has behind it."""
    says, sound = manifest(folder.checkpoints / checkpoint)
    assert sound
    return [says["fit"]["epoch"], says["fit"]["batch"]]


def commands() -> dict[str, Any]:
    watch, model = gan_tui.Watch("asked", share=0.0), network()
    paused = [
        Command("pause", 1), Command("step", 2, steps=3), Command("set", 3, setting="learning_rate", value=0.5),
        Command("set", 4, setting="learning_rate", value="fast"), Command("save", 5), Command("resume", 6),
    ]  # fmt: skip
    asked = _Asking(watch, {3: paused, 20: Command("stop", 7)})
    history = model.fit(X, Y, epochs=3, validation_split=0.1, callbacks=[watch, asked], **quiet).history
    folder = RunFolder(watch.run.path)
    rate = float(keras.ops.convert_to_numpy(model.optimizer.learning_rate))
    later = model.fit(X, Y, epochs=2, callbacks=[watch], **quiet).history
    state = closed(watch)
    for thread in asked.threads:
        thread.join(10)
    saved = sorted(path.name for path in folder.checkpoints.iterdir())
    return {
        "replies": asked.replies, "rate": rate, "state": state.state, "validated": len(history["val_loss"]),
        "saved": saved, "files": sorted(path.name for path in (folder.checkpoints / saved[0]).iterdir()),
        "step": state.step, "later": later, "places": [place_in(folder, name) for name in saved],
    }  # fmt: skip


def goes_on() -> dict[str, Any]:
    """Stopped after its second epoch and begun again in the same run, against never stopped."""
    whole = network(dropout=REPEATABLE)
    whole.fit(X, Y, epochs=4, **quiet)
    watch, model = gan_tui.Watch("on", share=0.0), network(dropout=REPEATABLE)
    stop = _Asking(watch, {2 * 34: Command("stop", 1)})
    model.fit(X, Y, epochs=4, callbacks=[watch, stop], **quiet)
    folder = RunFolder(watch.run.path)
    closed(watch)
    usual, script_run.opened = script_run.opened, lambda *_: (folder, OwnSocket(folder))
    after_an_error = _trained_after_an_error()
    again, second = gan_tui.Watch("on", share=0.0), network(dropout=REPEATABLE)
    history = second.fit(X, Y, epochs=4, callbacks=[again], **quiet).history
    script_run.opened = usual
    state = closed(again)
    return {
        "alike": [float(np.abs(a - b).max()) for a, b in zip(whole.get_weights(), second.get_weights(), strict=True)],
        "epochs": len(history["loss"]), "step": state.step, "alerts": alerts(state), "left": second._initial_epoch,
        "loss": len(series(state, "loss")), "total": state.steps_total, "after an error": after_an_error,
    }  # fmt: skip


class _Broken(keras.callbacks.Callback):
    """Ends a fit in its first epoch."""

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        raise RuntimeError("the data of this part is broken")


class _BrokenEarly(keras.callbacks.Callback):
    """Ends a fit before its first epoch."""

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        raise RuntimeError("the data of this part is not there")


def _trained_after_an_error() -> list[list[int]]:
    """The epochs of fits that a script begins after one which went on and was ended by an exception: one that is not
    watched, and one that is."""
    found = []
    for broken, order in ((_Broken(), 1), (_BrokenEarly(), -1)):
        watch, model = gan_tui.Watch("on", share=0.0), network(dropout=REPEATABLE)
        with suppress(RuntimeError):
            model.fit(X, Y, epochs=4, callbacks=[watch, broken][::order], **quiet)
        found.append(model.fit(X[:16], Y[:16], epochs=2, callbacks=[watch] if order < 0 else [], **quiet).epoch)
        watch.run.close()
    return found


class Pair(keras.Model):
    """Two networks in a subclassed model, and a loss of its own."""

    def __init__(self) -> None:
        super().__init__(name="pair")
        self.generator = keras.Sequential([keras.Input((3,)), layers.Dense(64), layers.Reshape((8, 8, 1))], name="g")
        self.discriminator = keras.Sequential([keras.Input((8, 8, 1)), layers.Flatten(), layers.Dense(1)], name="d")
        self.d_loss = keras.metrics.Mean(name="d_loss")
        self.calls = 0

    def call(self, x: Any, training: bool = False) -> Any:
        return self.discriminator(x, training=training)

    def compute_loss(self, x: Any = None, y: Any = None, y_pred: Any = None, *_: Any, **__: Any) -> Any:
        made = self.generator(keras.ops.ones((4, 3)))
        return keras.ops.mean((y_pred - 1) ** 2) + keras.ops.mean(self.discriminator(made) ** 2)


def pair() -> dict[str, Any]:
    keras.utils.set_random_seed(2)
    model = Pair()
    model.compile("sgd")
    watch = gan_tui.Watch("pair", generator=model.generator)
    model.fit(X, Y, epochs=1, callbacks=[watch], **quiet)
    state = closed(watch)
    tiles = state.pictures["samples"][-1]
    return {
        "networks": {name: len(rows) for name, rows in state.started.networks.items()}, "tiles": tiles.count,
        "tile": tiles.tile, "alerts": alerts(state), "metrics": sorted(state.series),
    }  # fmt: skip


def shapes_of_fits() -> dict[str, Any]:
    """Several fits, unknown lengths, several outputs, subclassed and unbuilt models, weights of classes, no metrics."""
    found: dict[str, Any] = {}
    watch, model = gan_tui.Watch("several"), network()
    for epochs in (1, 2):
        weights = {0: 2.0, 1: 1.0, 2: 1.0, 3: 1.0} if epochs > 1 else None
        model.fit(X, Y, epochs=epochs, callbacks=[watch], class_weight=weights, **quiet)
    state = closed(watch)
    found["several"] = [state.step, state.epoch, state.steps_total, alerts(state)]

    def batches() -> Any:
        for n in range(0, 160, 16):
            yield X[n : n + 16], Y[n : n + 16]

    class Unbuilt(keras.Model):
        def __init__(self) -> None:
            super().__init__(name="unbuilt")
            self.flat, self.dense = layers.Flatten(), layers.Dense(4)

        def call(self, x: Any) -> Any:
            return self.dense(self.flat(x))

    model = Unbuilt()
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    watch = gan_tui.Watch("unknown", inputs=X[:20], labels=Y[:20])
    stopping = keras.callbacks.EarlyStopping("loss", patience=0, min_delta=1e9)
    model.fit(batches(), epochs=1, verbose=0, callbacks=[watch, stopping])
    state = closed(watch)
    found["unknown"] = [
        state.step, state.steps_total, {k: len(v) for k, v in state.started.networks.items()},
        sorted(state.series), sorted(state.pictures), bool(state.confusion), alerts(state),
    ]  # fmt: skip

    inputs = keras.Input((8, 8, 1))
    flat = layers.Flatten()(inputs)
    both = keras.Model(inputs, {"class": layers.Dense(4, "softmax", name="c")(flat), "size": layers.Dense(1)(flat)})
    both.compile(
        keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)),
        {"class": "sparse_categorical_crossentropy", "size": "mse"}, metrics={"class": "accuracy"},
    )  # fmt: skip
    watch = gan_tui.Watch("outputs", inputs=X[:9], labels=Y[:9])
    labels = {"class": Y, "size": X.mean((1, 2))}
    both.fit(
        X,
        labels,
        epochs=2,
        validation_data=(X[:32], {k: v[:32] for k, v in labels.items()}),
        callbacks=[watch],
        **quiet,
    )
    state = closed(watch)
    groups = {name: metric.group for name, metric in state.metrics.items()}
    found["outputs"] = [groups, list(state.started.settable), state.started.commands, alerts(state)]
    return found


def tables() -> dict[str, Any]:
    """Tables of layers: a model within a model, a layer used twice, branches, an operation, wrappers, many layers."""

    def told(model: Any) -> list[Any]:
        (network,) = networks_of(model)
        rows = network.as_events()
        assert schema.networks({network.name: rows})
        return [
            [row["name"], row["layer"], row["output_shape"], row["parameters"], row["trainable"], row.get("from")]
            for row in rows
        ]

    x = keras.Input((6,), name="x")
    inner = keras.Sequential(
        [keras.Input((6,)), layers.Dense(4, name="one"), layers.Dense(4, name="two")], name="inner"
    )
    twice, fixed = layers.Dense(4, "relu", use_bias=False, name="twice"), layers.Dense(4, name="fixed")
    a = inner(x)
    b = twice(twice(a))
    fixed.trainable = False
    c = layers.Add(name="sum")([a, fixed(b)])
    graph = keras.Model(x, layers.Dense(2, "softmax", name="end")(c * 2.0), name="graph")

    class Block(keras.Model):
        def __init__(self) -> None:
            super().__init__(name="block")
            self.inner, self.norm = inner, layers.BatchNormalization(name="norm")
            self.scale = self.add_weight(shape=(3,), name="scale")

        def call(self, x: Any) -> Any:
            return self.norm(self.inner(x))

    block = Block()
    block(X[:1, 0, :6, 0])
    windows = keras.Sequential([
        keras.Input((8, 8, 1), name="image"), layers.Conv2D(2, (3, 1), 2, "same", dilation_rate=1, name="conv"),
        layers.MaxPooling2D(name="pool"), layers.Reshape((4, 2), name="rows"),
        layers.Bidirectional(layers.LSTM(3), name="both"), layers.Dropout(0.25, name="drop"),
    ])  # fmt: skip
    deep = y = keras.Input((2,))
    for _ in range(820):
        y = layers.ReLU()(y)
    return {
        "graph": told(graph), "graph counts": graph.count_params(), "block": told(block), "windows": told(windows),
        "deep": len(told(keras.Model(deep, y))),
    }  # fmt: skip


def what_fails() -> dict[str, Any]:
    """Views that cannot be drawn, a fit that Ctrl-C ends, and the same callback in another one after that."""

    class Interrupts(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            if batch == 3:
                raise KeyboardInterrupt

    class Odd(layers.Layer):
        def call(self, x: Any, training: bool = False) -> Any:
            if training is False and x.shape[0] == 1:
                raise RuntimeError("not for one alone")
            return x

    odd = keras.Sequential([keras.Input((8, 8, 1)), layers.Flatten(), Odd(), layers.Dense(4, "softmax")], name="odd")
    odd.compile("sgd", "sparse_categorical_crossentropy")
    watch = gan_tui.Watch("fails", inputs=X[:9], labels=X[:9], generator=layers.Flatten(), latents=None)
    odd.fit(X, Y, epochs=1, callbacks=[watch], **quiet)
    state = closed(watch)
    found: dict[str, Any] = {"views": alerts(state), "step": state.step}
    watch, model = gan_tui.Watch("ctrl-c", share=0.0), network()
    try:
        model.fit(X, Y, epochs=1, callbacks=[watch, Interrupts()], **quiet)
    except KeyboardInterrupt:
        model.fit(X, Y, epochs=1, callbacks=[watch], **quiet)
    state = closed(watch)
    found["after ctrl-c"] = [state.step, state.state, alerts(state)]
    first, second = gan_tui.Watch("two", share=0.0), gan_tui.Watch("two", share=0.0)
    network().fit(X, Y, epochs=1, callbacks=[first, second], **quiet)
    found["two"] = [first.run.path.name, second.run.path.name, closed(first).step, closed(second).step]
    os.environ["RANK"] = "1"
    watch = gan_tui.Watch("rank", inputs=X[:4])
    found["rank"] = [len(network().fit(X, Y, epochs=1, callbacks=[watch], **quiet).history["loss"]), watch.run.path]
    del os.environ["RANK"]
    return found


if __name__ == "__main__":
    faulthandler.dump_traceback_later(840, exit=True)  # where it waits, before whoever waits for it gives up
    asked = sys.argv[1:] or [
        "nothing_changes",
        "own_values",
        "commands",
        "goes_on",
        "pair",
        "shapes_of_fits",
        "what_fails",
    ]
    results = {name: globals()[name]() for name in asked}
    print(json.dumps(results, default=lambda value: value.item() if hasattr(value, "item") else str(value)))
