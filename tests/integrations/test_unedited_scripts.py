"""Keras scripts that know nothing of gan-tui, under `gan-tui run`: watched, stopped, and taken up again."""

import json
import re
from pathlib import Path

import pytest

from gan_tui.run.commands import Command
from gan_tui.run.events import Checkpoint, Epoch, Metrics, Resumed, Started
from gan_tui.run.folder import RunFolder
from gan_tui.run.summaries import summary_of
from gan_tui.supervision import control_client, script_runs, starting
from product import START_SECONDS, events_of, state_of, wait_for

pytestmark = pytest.mark.slow

MODEL = """
import sys
assert not {"keras", "gan_tui"} & set(sys.modules), "nothing is loaded that the script has not asked for"
import json, keras, numpy as np
keras.utils.set_random_seed(1)
x = np.linspace(-1, 1, 640).reshape(160, 4).astype("float32")
y = (x.sum(1) > 0).astype("float32")
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8), keras.layers.Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_training_is_left: None) -> None:
    monkeypatch.chdir(tmp_path)


def begun(text: str, runs: Path) -> RunFolder:
    Path("train.py").write_text(MODEL + text)
    return script_runs.begin(script_runs.command_of(["train.py"]), runs, "night")


def ended(folder: RunFolder) -> str:
    wait_for(lambda: not folder.is_held(), START_SECONDS)
    return folder.trainer_log.read_text()


def test_every_fit_is_watched(runs: Path) -> None:
    text = """
first = model.fit(x, y, epochs=2, batch_size=16, validation_split=0.2, verbose=0)
second = model.fit(x, y, epochs=3, batch_size=16, verbose=0)
print("history", json.dumps([first.history, second.history]))
"""
    folder = begun(text, runs)
    log = ended(folder)
    history = json.loads(log.partition("history ")[2].splitlines()[0])
    state = state_of(folder)
    assert (state.state, state.step) == ("finished", 2 * 8 + 3 * 10)
    assert state.started and list(state.started.networks) == ["sequential"]
    steps = [step for event in events_of(folder, Metrics) for step in event.steps]
    assert steps == list(range(1, 47))
    epochs = [event.values["loss"] for event in events_of(folder, Epoch)]
    assert epochs == pytest.approx(history[0]["loss"] + history[1]["loss"])
    assert [path.name for path in runs.iterdir()] == ["night"]


@pytest.mark.prove
def test_it_is_stopped_saved_and_goes_on_with_its_next_epoch(runs: Path) -> None:
    text = """
class Slow(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        import time; time.sleep(0.01)
model.fit(x, y, epochs=60, batch_size=16, verbose=0, callbacks=[Slow()])
print("weights", float(abs(model.get_weights()[0]).sum()))
"""
    folder = begun(text, runs)
    wait_for(lambda: summary_of(folder).step >= 25, START_SECONDS)
    saved = control_client.ask(folder, Command("save"), START_SECONDS)
    assert saved.ok and (folder.path / saved.text / "manifest.json").is_file()
    stopped = control_client.ask(folder, Command("stop"), START_SECONDS)
    assert stopped.ok, stopped.text
    ended(folder)
    assert state_of(folder).state == "stopped"
    last = events_of(folder, Checkpoint)[-1]
    words = starting.restart(folder)
    assert re.match(rf"It is given its checkpoint of step {last.step:,}; what the script itself draws at random", words)
    ended(folder)
    state = state_of(folder)
    assert (state.state, state.step) == ("finished", 600)
    (resumed,) = events_of(folder, Resumed)
    assert 0 <= last.step - resumed.from_step < 10, "at most the epoch that was under way is trained again"
    assert len(events_of(folder, Started)) > 2


@pytest.mark.prove
def test_a_fit_that_is_told_of_by_its_script_is_not_told_of_twice(runs: Path) -> None:
    text = """
import gan_tui
run = gan_tui.Run(config={"by": "hand"})
log = keras.callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: run.log(loss=logs["loss"]))
model.fit(x, y, epochs=1, batch_size=16, verbose=0, callbacks=[log])
"""
    folder = begun(text, runs)
    ended(folder)
    state = state_of(folder)
    assert (state.state, state.step, list(state.series)) == ("finished", 10, ["loss"])
    assert [path.name for path in runs.iterdir()] == ["night"]
