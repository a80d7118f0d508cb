"""The loop obeys: pause, step, resume, save, stop; it validates, stops early, and pauses when numbers go wrong."""

import re
import resource
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import keras
import numpy as np
import pytest

from gan_tui import presets
from gan_tui.presets import Preset
from gan_tui.presets.plan import planned
from gan_tui.run import buffered_log, checkpoint
from gan_tui.run.commands import AS_BEFORE, Command
from gan_tui.run.events import Alert, Checkpoint, Confusion, Epoch, Metrics, State, Weights
from gan_tui.run.folder import RunFolder
from gan_tui.training.early_stopping import EarlyStopping
from gan_tui.training.loop import Loop
from gan_tui.training.tasks import Task
from product import events_of, state_of
from training_tasks import assert_same_arrays, attempt, in_turn, preset_with, small_cnn, stop_at, task_of


@pytest.fixture
def xor(tmp_path: Path) -> RunFolder:
    return presets.new_run(preset_with("xor", steps=200), tmp_path)


def steps_of(folder: RunFolder) -> list[int]:
    return [step for event in events_of(folder, Metrics) for step in event.steps]


def states_of(folder: RunFolder) -> list[str]:
    return [event.state for event in events_of(folder, State)]


# Commands ------------------------------------------------------------------------------------------------


def test_a_run_reports_every_step_once_in_order_and_ends_with_a_checkpoint(xor: RunFolder) -> None:
    attempt(xor, presets.of_run(xor))
    assert steps_of(xor) == list(range(1, 201))
    assert states_of(xor) == ["starting", "training", "saving", "finished"]
    assert [(event.step, event.why) for event in events_of(xor, Checkpoint)] == [(200, "end")]


def test_xor_learns_from_the_seed_that_its_preset_has(tmp_path: Path) -> None:
    folder = presets.new_run(presets.find("xor"), tmp_path)
    attempt(folder, presets.of_run(folder))
    accuracies = state_of(folder).series["accuracy"].values
    assert len(accuracies) == 1000 and (accuracies[-300:] == 1.0).all(), "long before its end, so that it is no chance"


def test_pause_step_save_resume_stop(tmp_path: Path) -> None:
    xor = presets.new_run(preset_with("xor", steps=1_000_000), tmp_path)
    _, answers = attempt(
        xor,
        presets.of_run(xor),
        in_turn(
            None, None, Command("pause", 1), Command("step", 2), Command("step", 3, steps=30), Command("save", 4),
            Command("resume", 5), None, None, Command("stop", 6),
        ),
    )  # fmt: skip
    assert [answer.id for answer in answers] == [1, 2, 3, 4, 5, 6]
    assert all(answer.ok for answer in answers)
    at = {answer.id: answer.step for answer in answers}
    assert at[2] == at[1] + 1, "a step is exactly one more"
    assert at[3] == at[2] + 30, "thirty are exactly thirty"
    assert at[4] == at[3] and at[5] == at[4], "nothing moves while paused"
    assert at[6] > at[5]
    texts = {answer.id: answer.text for answer in answers}
    assert texts[1] == f"paused at step {at[1]}" and texts[2] == f"paused at step {at[2]}"
    assert texts[4] == f"checkpoints/{at[4]:09d}" and (xor.path / texts[4] / "manifest.json").is_file()
    assert texts[6] == f"stopped at step {at[6]}"
    assert steps_of(xor) == list(range(1, at[6] + 1))
    assert states_of(xor) == [
        "starting", "training", "paused", "saving", "paused", "training", "saving", "stopped"
    ]  # fmt: skip


def test_a_pause_that_lasts_through_a_restart_says_so_before_the_first_step(xor: RunFolder) -> None:
    attempt(xor, presets.of_run(xor), in_turn(Command("pause", setting=AS_BEFORE), Command("stop")))
    assert steps_of(xor) == []
    assert [event.reason for event in events_of(xor, State) if event.state == "paused"] == ["as before its restart"]


def test_a_step_is_refused_when_another_takes_its_place(xor: RunFolder) -> None:
    left = [Command("step", 1, steps=50), Command("step", 2)]
    _, answers = attempt(
        xor,
        presets.of_run(xor),
        lambda loop: left.pop(0) if left else None if loop.commands.granted else Command("stop", 3),
    )
    assert [(answer.id, answer.ok, answer.step) for answer in answers] == [(1, False, 0), (2, True, 1), (3, True, 1)]


def test_a_step_that_a_resume_overtakes_is_not_said_to_be_paused(tmp_path: Path) -> None:
    xor = presets.new_run(preset_with("xor", steps=1_000_000), tmp_path)
    left = [Command("step", 1, steps=500_000), Command("resume", 2), Command("stop", 3)]
    _, answers = attempt(xor, presets.of_run(xor), lambda loop: left.pop(0) if left else None)
    assert [(answer.id, answer.ok) for answer in answers] == [(1, False), (2, True), (3, True)]
    assert answers[0].text == "the run was resumed meanwhile"


def test_stepping_past_the_end_finishes(xor: RunFolder) -> None:
    _, answers = attempt(xor, presets.of_run(xor), in_turn(Command("step", 1, steps=1000)))
    assert (answers[0].id, answers[0].text) == (1, "finished at step 200")
    assert state_of(xor).state == "finished"


def test_stopped_before_the_first_step_it_can_be_resumed(xor: RunFolder) -> None:
    _, answers = attempt(xor, presets.of_run(xor), in_turn(Command("stop", 1)))
    assert answers[0].text == "stopped at step 0"
    attempt(xor, presets.of_run(xor))
    assert steps_of(xor) == list(range(1, 201))


def test_a_step_is_seen_in_the_epoch_and_its_validation_too(few_images: Path, tmp_path: Path) -> None:
    folder = presets.new_run(small_cnn(few_images, epochs=3), tmp_path)  # 6 steps an epoch
    _, answers = attempt(folder, presets.of_run(folder), stop_at(14))
    assert [answer.step for answer in answers[:-1]] == list(range(1, 15))
    epochs = events_of(folder, Epoch)
    assert [(event.epoch, event.step) for event in epochs] == [(1, 6), (2, 12)]
    losses = state_of(folder).series["loss"].values
    for event in epochs:
        assert set(event.values) == {"loss", "accuracy", "val_loss", "val_accuracy"}
        assert event.values["loss"] == pytest.approx(losses[event.step - 6 : event.step].mean(), rel=1e-5)


def test_a_step_that_ends_an_epoch_is_answered_after_its_validation(few_images: Path, tmp_path: Path) -> None:
    folder = presets.new_run(small_cnn(few_images, epochs=3), tmp_path)  # 6 steps an epoch
    _, answers = attempt(folder, presets.of_run(folder), in_turn(Command("step", 1, steps=6), Command("stop", 2)))
    assert [(answer.id, answer.ok, answer.text) for answer in answers] == [
        (1, True, "paused at step 6"), (2, True, "stopped at step 6")
    ]  # fmt: skip
    assert [(event.epoch, event.step) for event in events_of(folder, Epoch)] == [(1, 6)]


# Early stopping ------------------------------------------------------------------------------------------

CURVES = [
    [0.5, 0.4, 0.3, 0.35, 0.32, 0.2, 0.21, 0.22, 0.1],
    [0.5, 0.6, 0.4, 0.5, 0.3, 0.3, 0.3, 0.3],
    [0.9, 0.8, 0.7, 0.6, 0.5],
    [0.5, float("nan"), 0.4, float("nan"), float("nan"), 0.3],
]


def keras_early_stopping(curve: list[float], patience: int, monitor: str, mode: str) -> tuple[int, float]:
    """(epochs run, the weight that is left) with Keras's own callback; the weight is the epoch's number."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    callback = keras.callbacks.EarlyStopping(monitor, patience=patience, mode=mode, restore_best_weights=True)
    callback.set_model(model)
    model.stop_training = False
    callback.on_train_begin()
    epochs = 0
    for loss in curve:
        epochs += 1
        model.set_weights([np.full((1, 1), float(epochs))])
        callback.on_epoch_end(epochs - 1, {monitor: loss})
        if model.stop_training:
            break
    callback.on_train_end()
    return epochs, float(model.get_weights()[0][0, 0])


@pytest.fixture(scope="module")
def plane() -> Task:
    return task_of(preset_with("xor"))


@pytest.mark.parametrize(("monitor", "mode"), [("val_loss", "min"), ("val_accuracy", "max")])
@pytest.mark.parametrize("patience", [1, 2, 3])
@pytest.mark.parametrize("curve", CURVES, ids=str)
def test_early_stopping_is_keras_early_stopping(
    curve: list[float], patience: int, monitor: str, mode: str, plane: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What rises towards its best is the same curve, upside down."""
    chosen = presets.find("fashion-cnn").with_settings({"patience": patience, "monitor": monitor})
    curve = curve if mode == "min" else [1 - value for value in curve]
    monkeypatch.setattr(plane, "preset", chosen)
    stopping, epochs = EarlyStopping(plane), 0
    shapes = [weight.shape for weight in plane.weights()]
    for loss in curve:
        epochs += 1
        plane.set_weights([np.full(shape, float(epochs), np.float32) for shape in shapes])
        stopping.best_so_far(epochs, {monitor: loss})
        if stopping.reason:
            break
    words = stopping.restore_best_weights()
    left = {float(number) for weight in plane.weights() for number in weight.ravel()}
    ran, weight = keras_early_stopping(curve, patience, monitor, mode)
    assert (epochs, left) == (ran, {weight})
    assert f"weights of epoch {int(*left)} restored" in words
    waited = "1 epoch;" if patience == 1 else f"{patience} epochs;"
    early = f"early stopping: no better validation {monitor.removeprefix('val_')} for {waited}"
    assert words.startswith(early if stopping.reason else "all steps are done")


def test_a_run_that_stops_early_ends_with_the_weights_of_its_best_epoch(few_images: Path, tmp_path: Path) -> None:
    preset = small_cnn(few_images, epochs=30, learning_rate=0.05, patience=2)
    folder = presets.new_run(preset, tmp_path)
    task, _ = attempt(folder, preset)
    state = state_of(folder)
    val_losses = state.series["val_loss"].values
    best = int(val_losses.argmin()) + 1
    assert state.state == "finished" and state.epoch == best + 2 < 30
    assert state.reason.startswith("early stopping: no better validation loss for 2 epochs")
    assert f"weights of epoch {best} restored (validation loss {val_losses.min():.4f})" in state.reason
    held = task.dataset.validation
    assert held is not None
    again = task.networks[0].evaluate(held.x / np.float32(255), held.y, verbose=0, return_dict=True)
    assert again["loss"] == pytest.approx(val_losses.min(), rel=1e-5)
    shown = np.array(events_of(folder, Confusion)[-1].counts)
    assert shown.trace() / shown.sum() == pytest.approx(again["accuracy"]), "the matrix is of the restored weights"
    loaded = keras.saving.load_model(folder.path / state.checkpoints[-1].folder / "classifier.keras")
    assert loaded.evaluate(held.x / np.float32(255), held.y, verbose=0)[0] == pytest.approx(val_losses.min(), rel=1e-5)


def test_without_patience_a_run_goes_to_its_last_epoch(few_images: Path, tmp_path: Path) -> None:
    preset = small_cnn(few_images, epochs=4, patience=0, restore_best=False, learning_rate=0.1)
    folder = presets.new_run(preset, tmp_path)
    attempt(folder, preset)
    state = state_of(folder)
    assert (state.epoch, state.reason) == (4, "all steps are done")
    assert [event.why for event in events_of(folder, Checkpoint)] == ["end"]


# Checkpoints that come by themselves ---------------------------------------------------------------------


def on_disk(folder: RunFolder) -> list[str]:
    return sorted(path.name for path in folder.checkpoints.iterdir())


def test_the_best_epoch_is_kept_and_the_best_before_it_is_not(few_images: Path, tmp_path: Path) -> None:
    preset = small_cnn(few_images, epochs=4, learning_rate=0.001)
    folder = presets.new_run(preset, tmp_path)
    attempt(folder, preset, stop_at(20))
    bests = [event.step for event in events_of(folder, Checkpoint) if event.why == "best"]
    assert len(bests) >= 2, "the losses fall at first"
    assert on_disk(folder) == [f"{step:09d}" for step in sorted({bests[-1], 20})]


def test_the_last_automatic_checkpoints_are_kept_and_what_was_asked_for(tmp_path: Path) -> None:
    preset = preset_with("xor", steps=50, autosave_minutes=1e-9)
    folder = presets.new_run(preset, tmp_path)

    asked = [Command("save")]
    attempt(folder, preset, lambda loop: asked.pop() if loop.step == 3 and asked else stop_at(12)(loop))
    whys = {event.step: event.why for event in events_of(folder, Checkpoint)}
    assert whys == {**dict.fromkeys(range(1, 12), "autosave"), 3: "asked", 12: "stop"}
    assert on_disk(folder) == ["000000003", "000000010", "000000011", "000000012"]


def test_zero_minutes_are_no_automatic_checkpoints(tmp_path: Path) -> None:
    preset = preset_with("xor", steps=20, autosave_minutes=0)
    folder = presets.new_run(preset, tmp_path)
    attempt(folder, preset)
    assert on_disk(folder) == ["000000020"]


@pytest.mark.parametrize("minutes", [5.0, 0.0], ids=["autosave", "no autosave"])
def test_a_pause_that_lasts_is_saved_once(minutes: float, tmp_path: Path) -> None:
    preset = preset_with("xor", steps=1_000_000, autosave_minutes=minutes)
    folder = presets.new_run(preset, tmp_path)
    lasts = (None,) * 4
    script = in_turn(None, Command("pause", 1), *lasts, Command("step", 2), *lasts, Command("stop", 3))
    _, (paused, stepped, _) = attempt(folder, preset, script)
    saved = [(event.step, event.why) for event in events_of(folder, Checkpoint)]
    at_rest = [(paused.step, "autosave"), (stepped.step, "autosave")] if minutes else []
    assert saved == [*at_rest, (stepped.step, "stop")]


# When things go wrong ------------------------------------------------------------------------------------


def test_a_loss_that_is_not_finite_raises_an_alert_and_pauses(tmp_path: Path) -> None:
    preset = preset_with("xor", steps=500, optimizer="sgd", learning_rate=1000, autosave_minutes=1e-9)
    document = preset.as_document()
    document["networks"]["classifier"]["layers"][0]["activation"] = "relu"
    preset = presets.from_document(document, "explodes")
    folder = presets.new_run(preset, tmp_path)
    waited = []

    def script(loop: Loop) -> Command | None:
        if loop.commands.paused:
            waited.append(loop.step)
            return Command("stop") if len(waited) > 2 else None
        return None

    _, (answer,) = attempt(folder, preset, script)
    state = state_of(folder)
    assert not np.isfinite(state.series["loss"].values).all()
    first = int(np.isfinite(state.series["loss"].values).argmin()) + 1
    (alert,) = events_of(folder, Alert)
    assert alert.kind == "non-finite" and alert.step == first
    assert re.fullmatch(r"loss became (inf|nan) at step .* try a smaller learning rate\.", alert.text)
    assert "paused" in states_of(folder) and state.state == "stopped"
    assert waited == [state.step] * 3, "it waited there"
    saved = [event.step for event in events_of(folder, Checkpoint)]
    assert all(step < first for step in saved), "no checkpoint of broken weights, not even at the end"
    unsaved = f"nothing was saved after step {saved[-1]:,}" if saved else "nothing was saved"
    assert state.reason == f"loss was not a finite number, so {unsaved}"
    assert (answer.ok, answer.text) == (True, f"stopped at step {state.step}; {state.reason}")


def test_once_numbers_are_finite_again_they_are_saved_and_watched_again(tmp_path: Path) -> None:
    preset = preset_with("xor", steps=400, autosave_minutes=1e-9)
    folder, spoilt = presets.new_run(preset, tmp_path), [100, 250]

    def script(loop: Loop) -> Command | None:
        if "run" not in vars(loop.task.steps):
            run = loop.task.steps.run

            def now_and_then_infinite(k: int) -> np.ndarray:
                rows = run(min(k, 50))
                if spoilt and loop.step >= spoilt[0]:
                    spoilt.pop(0)
                    rows[-1, 0] = np.inf
                return rows

            loop.task.steps.run = now_and_then_infinite
        return Command("resume") if loop.commands.paused else None

    attempt(folder, preset, script)
    first, second = events_of(folder, Alert)
    assert "became inf" in first.text and second.step > first.step, "the second time is said, too"
    saved = [event.step for event in events_of(folder, Checkpoint) if event.why == "autosave"]
    assert any(first.step < step < second.step for step in saved) and any(step > second.step for step in saved)


def exploding(folder: Path, batch_size: int) -> Preset:
    """A CNN whose weights overflow within 30 steps."""
    document = small_cnn(folder, steps=30, optimizer="sgd", learning_rate=1000, batch_size=batch_size).as_document()
    for layer in document["networks"]["classifier"]["layers"]:
        if layer.get("activation") == "relu":
            layer["activation"] = "linear"  # else units die before anything overflows
    return presets.from_document(document, "explodes")


def test_a_validation_that_is_not_finite_raises_an_alert_and_pauses(few_images: Path, tmp_path: Path) -> None:
    whole = planned(small_cnn(few_images)).train  # an epoch is a step
    preset = exploding(few_images, whole)
    folder = presets.new_run(preset, tmp_path)
    attempt(folder, preset, lambda loop: Command("stop") if loop.commands.paused else None)
    (alert,) = events_of(folder, Alert)
    assert alert.text.startswith("val_loss became nan at step"), "a step's loss is that of the weights before it"
    assert state_of(folder).state == "stopped" and state_of(folder).step == alert.step < 30
    assert all(event.step < alert.step for event in events_of(folder, Checkpoint)), "no checkpoint of broken weights"


def test_weights_that_are_not_finite_leave_no_damaged_lines(few_images: Path, tmp_path: Path) -> None:
    preset = exploding(few_images, 4)
    folder = presets.new_run(preset, tmp_path)
    attempt(folder, preset, lambda loop: Command("resume") if loop.commands.paused else None)
    state = state_of(folder)
    assert np.isnan(state.series["loss"].values).any(), "some were not finite"
    assert state.state == "finished"
    assert any(event.step > 0 for event in events_of(folder, Weights)), "no line is damaged, and weights are told of"


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """No file may grow beyond `size` bytes, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [0, 300, 20_000])
def test_a_full_disk_costs_the_new_checkpoint_and_no_other(size: int, tmp_path: Path) -> None:
    task = task_of(preset_with("xor"))
    old = checkpoint.save(tmp_path, 1, "asked", task.arrays(), task.networks)
    with files_of_at_most(size), pytest.raises(OSError):
        checkpoint.save(tmp_path, 2, "asked", task.arrays(), task.networks)
    with files_of_at_most(size), pytest.raises(OSError):
        checkpoint.save(tmp_path, 1, "asked", task.arrays(), task.networks)
    assert [path.name for path in tmp_path.iterdir()] == [old.name], "nothing half-made is left"
    assert_same_arrays(task.arrays(), {name: checkpoint.read(old)[name] for name in task.arrays()})


def test_a_full_disk_is_said_and_the_training_goes_on(few_images: Path, tmp_path: Path) -> None:
    preset = small_cnn(few_images, steps=8)
    folder = presets.new_run(preset, tmp_path)
    asked = [Command("step", 1, steps=3), Command("save", 2), Command("step", 3, steps=2), Command("save", 4)]
    with ExitStack() as disk:

        def script(loop: Loop) -> Command | None:
            answered = len(loop.commands.pipe.answers)
            if len(asked) + answered != 4:
                return None  # the last one is not answered yet
            if answered == 1:
                disk.enter_context(files_of_at_most(40_000))  # enough for events and pictures, not for the weights
            elif answered == 2:
                disk.close()
            return asked.pop(0) if asked else Command("resume")

        _, answers = attempt(folder, preset, script)
    first, refused, more, saved, *_ = answers
    assert first.ok and more.ok and more.step == 5
    assert not refused.ok
    what_to_do = "allow longer files (ulimit -f unlimited), and save again."
    assert refused.text == f"Cannot save a checkpoint: File too large; {what_to_do}"
    assert saved.ok and (folder.path / saved.text / "manifest.json").is_file()
    assert {"000000005", "000000008"} <= set(on_disk(folder)) and "000000003" not in on_disk(folder)
    assert steps_of(folder) == list(range(1, 9)) and state_of(folder).state == "finished"


def test_training_waits_when_too_much_waits_in_memory_and_goes_on_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    preset = preset_with("xor", steps=6_000, autosave_minutes=0)
    folder = presets.new_run(preset, tmp_path)
    monkeypatch.setattr(buffered_log, "MOST_WAITING", 2000)
    seen: list[tuple[int, bool]] = []
    with ExitStack() as disk:

        def script(loop: Loop) -> Command | None:
            if seen and seen[-1][0] == 0 < loop.step:
                disk.enter_context(files_of_at_most(folder.events_file.stat().st_size))
            seen.append((loop.step, loop.recorder.log.is_full))
            if [step for step, _ in seen[-3:]] == [loop.step] * 3 and loop.recorder.log.is_full:
                disk.close()
            return None

        attempt(folder, preset, script)
    waited = [step for step, full in seen if full]
    assert waited and max(waited) == min(waited) < 6_000, "it stood still"
    assert steps_of(folder) == list(range(1, 6_001)) and state_of(folder).state == "finished"
