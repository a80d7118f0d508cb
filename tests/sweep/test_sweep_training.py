"""Sweeps that really train: the same numbers as `gan-tui train`, and whole again after an interruption."""

import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import psutil
import pytest

from gan_tui import data, presets
from gan_tui.presets import Preset
from gan_tui.run.events import Metrics
from gan_tui.run.folder import RunFolder
from gan_tui.run.follower import state_of
from gan_tui.sweep import sweep
from gan_tui.sweep.engines import local
from gan_tui.sweep.folder import find_or_make
from gan_tui.sweep.sweep import Sweep
from gan_tui.system import machine
from product import START_SECONDS, events_of, gan_tui, wait_for
from pty_terminal import GAN_TUI
from sweeping import on_one_processor

pytestmark = pytest.mark.slow


def rows_of_sweep(*arguments: str) -> list[dict[str, Any]]:
    with on_one_processor():
        ended = gan_tui("sweep", *arguments, "--json")
    assert (ended.returncode, ended.stderr) == (0, "")
    rows: list[dict[str, Any]] = orjson.loads(ended.stdout)
    return rows


def epochs_of_train(runs: Path, preset: Preset) -> dict[str, np.ndarray]:
    """The means of the metrics over each epoch's steps, from the events of a run as a trainer makes it."""
    from training_tasks import attempt

    folder = presets.new_run(preset, runs)
    attempt(folder, preset)
    steps: dict[str, list[float]] = {"loss": [], "accuracy": []}
    for event in events_of(folder, Metrics):
        for metric, values in steps.items():
            values += event.values[metric]
    return {
        metric: np.array(values, np.float32).astype(np.float64).reshape(preset.settings["epochs"], -1).mean(axis=1)
        for metric, values in steps.items()
    }


# The same numbers --------------------------------------------------------------------------------


def test_a_repeat_is_the_run_that_train_makes_of_its_seed(runs: Path) -> None:
    rows = rows_of_sweep("xor", "--set", "batch_size=4,2", "--epochs", "100", "--seed", "5", "--repeats", "2")
    assert [row["trained"] for row in rows] == [2, 2]
    last = rows[1]
    second = last["trainings"][1]  # by a process that had compiled the step for another seed
    assert (second["seed"], second["epochs"], second["ended"]) == (6, 100, "done")
    trained = epochs_of_train(runs, presets.find("xor").with_settings({"epochs": 100, "seed": 6, **last["settings"]}))
    assert len(trained["loss"]) == 100
    assert second["last"] == {metric: epochs[-1] for metric, epochs in trained.items()}
    kept = state_of(RunFolder(runs / "sweeps" / "xor-1" / "trainings" / "2-seed-6"), history=True)
    assert (kept.state, kept.step, kept.live) == ("finished", 200, False)
    for metric, epochs in trained.items():  # two steps an epoch, each of them kept
        steps = kept.series[metric].values.astype(np.float64)
        assert np.array_equal(steps.reshape(100, 2).mean(axis=1), epochs), metric


@pytest.mark.prove
def test_the_first_epoch_is_the_first_at_which_train_is_there(runs: Path) -> None:
    preset = presets.find("xor").with_settings({"batch_size": 1, "epochs": 1500, "seed": 1})
    _, second = ended(sweep.made(preset, [], "accuracy=0.75", 2))
    trained = epochs_of_train(runs, preset.with_settings({"seed": 2}))["accuracy"]
    there = np.flatnonzero(trained >= 0.75)
    assert second.reached == (int(there[0]) + 1 if len(there) else None)
    assert second.last["accuracy"] == trained[(second.reached or 0) - 1]


REUSED = [
    pytest.param("xor", {"batch_size": 1}, 50, id="shuffled"),
    pytest.param("xor", {"batch_size": 4, "optimizer": "adam"}, 50, id="optimizer slots", marks=pytest.mark.prove),
    pytest.param("plane", {"points": "circle"}, 20, id="examples that may be replaced", marks=pytest.mark.prove),
    pytest.param("conv10", {"batch_size": 16, "validation_split": 0.0}, 6, id="dropout", marks=pytest.mark.prove),
    pytest.param("gan", {"batch_size": 16}, 4, id="two optimizers, latents", marks=pytest.mark.prove),
    pytest.param("conv10-tape", {"batch_size": 16, "validation_split": 0.0}, 6, id="raw variables"),
]


@pytest.mark.prove
@pytest.mark.parametrize(("name", "settings", "steps"), REUSED)
def test_a_compiled_step_starts_again_as_if_it_were_new(name: str, settings: dict[str, Any], steps: int) -> None:
    from gan_tui.training.sweep_worker import Tasks
    from gan_tui.training.tasks import task_of

    one = sweep.made(presets.find(name).with_settings(settings), [], None, 3)
    tasks = Tasks(one)
    used = tasks.task(0, 42)
    used.steps.run(steps)
    assert tasks.task(0, 43) is used
    used.steps.run(steps)
    assert tasks.task(0, 44) is used
    new = task_of(one.with_values({}, 44))
    np.testing.assert_array_equal(used.steps.run(steps), new.steps.run(steps))
    for key, array in new.arrays().items():
        np.testing.assert_array_equal(used.arrays()[key], array, key)


@pytest.mark.prove
def test_examples_in_their_file_start_again_as_if_they_were_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gan_tui.data.rows import StoredRows
    from gan_tui.training.sweep_worker import Tasks
    from gan_tui.training.tasks import task_of

    found = data.load(data.find("fashion-mnist"))
    np.savez(tmp_path / "fashion-mnist.npz", x_train=found.images[:100], y_train=found.labels[:100])
    settings = {"batch_size": 16, "validation_split": 0.0, "data_folder": str(tmp_path)}
    one = sweep.made(presets.find("conv10").with_settings(settings), [], None, 3)
    with monkeypatch.context() as short_of_memory:
        short_of_memory.setattr(machine, "free_memory", lambda: 100_000)
        tasks = Tasks(one)
        used = tasks.task(0, 42)
        used.steps.run(9)
    assert isinstance(used.dataset.train.x, StoredRows)
    assert tasks.task(0, 43) is used
    used.steps.run(9)
    assert tasks.task(0, 44) is used
    new = task_of(one.with_values({}, 44))
    np.testing.assert_array_equal(used.steps.run(9), new.steps.run(9))


def test_data_parted_by_the_seed_are_parted_anew() -> None:
    from gan_tui.training.sweep_worker import Tasks

    tasks = Tasks(sweep.made(presets.find("shapes"), [], None, 2))
    first = tasks.task(0, 42)
    second = tasks.task(0, 43)
    assert second is not first
    assert not np.array_equal(first.dataset.train.x, second.dataset.train.x)


# What ends a training ----------------------------------------------------------------------------


def ended(one: Sweep) -> Iterator[Any]:
    from gan_tui.training.sweep_worker import Tasks, trained

    tasks = Tasks(one)
    for job in one.jobs:
        yield trained(tasks, one.until, job.combination, job.seed, lambda *_: None)[0]


def test_early_stopping_ends_a_repeat_and_validation_counts() -> None:
    preset = presets.find("shapes").with_settings({"epochs": 6, "patience": 1, "batch_size": 128})
    stuck, good = ended(sweep.made(preset, ["learning_rate=1e-12,0.01"], "val_accuracy=0.5", 1))
    assert (stuck.ended, stuck.reached, stuck.epochs < 6) == ("early stopping", None, True)
    assert set(stuck.last) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert (good.ended, good.epochs, good.steps) == ("reached", good.reached, good.reached * 10)
    assert good.last["val_accuracy"] >= 0.5


def test_what_ends_a_repeat_is_the_mean_over_an_epochs_examples() -> None:
    from gan_tui.training.tasks import task_of

    preset = presets.find("xor").with_settings({"batch_size": 3, "epochs": 40})
    (one,) = ended(sweep.made(preset, [], "accuracy=0.6", 1))
    rows = task_of(preset).steps.run(80)[:, 1].reshape(40, 2)  # steps of three examples and of one
    means = rows @ [0.75, 0.25]
    assert (rows.mean(axis=1) >= 0.6).any() and one.reached == _first(means >= 0.6)
    assert one.last["accuracy"] == pytest.approx(means[(one.reached or 40) - 1])


def _first(reached: np.ndarray) -> int | None:
    """The first epoch that did."""
    return int(reached.argmax()) + 1 if reached.any() else None


def test_numbers_that_are_not_finite_end_a_repeat() -> None:
    preset = presets.find("xor").with_settings({"optimizer": "sgd", "learning_rate": 1000.0})
    (lost,) = ended(sweep.made(preset, [], "accuracy=1", 1))
    assert (lost.ended, lost.reached) == ("diverged", None)
    assert lost.epochs == lost.steps < 1000
    assert all(value is not None for value in lost.last.values())


def test_a_last_epoch_that_is_not_whole_does_not_count() -> None:
    preset = presets.find("xor").with_settings({"batch_size": 2, "steps": 7})
    (one,) = ended(sweep.made(preset, [], None, 1))
    assert (one.epochs, one.steps, one.ended) == (3, 7, "done")
    (short,) = ended(sweep.made(preset.with_settings({"steps": 1}), [], None, 1))
    assert (short.epochs, short.steps, short.last) == (0, 1, {})


# The command -------------------------------------------------------------------------------------


@pytest.mark.prove
def test_interrupted_and_resumed_a_sweep_ends_with_the_same_table(runs: Path) -> None:
    command = (
        "sweep",
        "xor",
        "--set",
        "batch_size=2,4",
        "--epochs",
        "1200",
        "--until",
        "accuracy=1.0",
        "--repeats",
        "3",
    )
    with on_one_processor():
        whole = gan_tui(*command, "--name", "whole")
    assert whole.returncode == 0, whole.stderr
    is_answered_honestly(whole.stdout)
    process = subprocess.Popen(
        [*GAN_TUI, *command, "--name", "cut"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    results = runs / "sweeps" / "cut" / "results.jsonl"
    wait_for(lambda: results.exists() and results.read_bytes().count(b"\n") >= 2, START_SECONDS)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    done = results.read_bytes().count(b"\n")
    assert process.returncode == 130
    assert 2 <= done < 6
    assert said == (
        f"gan-tui: Interrupted with {done} of 6 trainings done; gan-tui sweep --resume cut continues with the rest.\n"
    )
    before = results.read_bytes()
    with on_one_processor():
        resumed = gan_tui("sweep", "--resume", "cut")
    assert (resumed.returncode, resumed.stderr) == (0, "")
    assert f"\n{done} of 6 were already trained; continuing with the rest.\n" in resumed.stdout
    assert results.read_bytes().startswith(before) and results.read_bytes().count(b"\n") == 6
    assert table(resumed.stdout) == table(whole.stdout)
    again = gan_tui(*command, "--name", "cut")  # nothing is left to train
    assert table(again.stdout) == table(whole.stdout)
    assert gan_tui("runs").stdout.startswith("No runs yet")


@pytest.mark.prove
def test_a_random_search_that_was_killed_goes_on_to_the_same_table_and_so_does_one_made_longer(runs: Path) -> None:
    search = ("sweep", "xor", "--set", "learning_rate=log:0.01..1", "--set", "batch_size=1..4", "--steps", "40")
    search += ("--search", "random", "--seed", "7", "--trials")
    with on_one_processor():
        whole = gan_tui(*search, "4", "--name", "whole")
        process = subprocess.Popen([*GAN_TUI, *search, "3", "--name", "cut"], stdout=subprocess.DEVNULL)
        results = runs / "sweeps" / "cut" / "results.jsonl"
        wait_for(lambda: results.exists() and results.read_bytes().count(b"\n") >= 1, START_SECONDS)
        process.kill()
        process.wait()
        wait_for(lambda: not processes_on(results.parent), START_SECONDS)
        before = results.read_bytes()
        resumed = gan_tui("sweep", "--resume", "cut", "--trials", "4")
    assert (whole.returncode, whole.stderr, resumed.returncode, resumed.stderr) == (0, "", 0, "")
    assert before.count(b"\n") < 4 and results.read_bytes().startswith(before), "what was trained still counts"
    shown = whole.stdout[whole.stdout.index("\nlearning_rate") :]
    assert shown.count("trained 1 of 1") == 4 and "Best first: least loss at the end." in shown
    assert resumed.stdout[resumed.stdout.index("\nlearning_rate") :] == shown
    again = gan_tui(*search, "4", "--name", "cut")  # nothing is left to train
    assert again.stdout[again.stdout.index("\nlearning_rate") :] == shown


def is_answered_honestly(output: str) -> None:
    """The table and the last line agree on how many got there."""
    counts = re.findall(r"^\d +reached (\d) of 3 ", output, re.MULTILINE)
    assert len(counts) == 2
    reached = sum(map(int, counts))
    assert output.endswith(f"In all, {reached} of 6 reached accuracy >= 1 and {6 - reached} did not.\n")


def table(output: str) -> str:
    return output[output.index("\nbatch_size") :]


def test_a_combination_whose_data_are_gone_fails_alone(
    runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "workers_for", lambda jobs: 1)
    for name in ("gone", "there"):
        (tmp_path / f"{name}.csv").write_text("x,y,class\n0,0,0\n1,1,1\n0,1,1\n")
    points = f"points={tmp_path}/gone.csv,{tmp_path}/there.csv"
    swept = sweep.made(presets.find("plane").with_settings({"epochs": 2}), [points], None, 1)
    folder = find_or_make(swept, runs, None)
    (tmp_path / "gone.csv").unlink()
    story = local.Pool(folder, swept.jobs).happenings()
    failed, trained = (each for each in story if isinstance(each, local.Failed | local.Trained))
    assert isinstance(failed, local.Failed) and "gone.csv: No such file" in failed.reason
    assert isinstance(trained, local.Trained) and trained.result.epochs == 2


def test_workers_whose_parent_is_killed_do_not_stay(runs: Path) -> None:
    command = ("sweep", "xor", "--set", "steps=1,10000000", "--name", "left")
    with on_one_processor():
        process = subprocess.Popen([*GAN_TUI, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    folder = runs / "sweeps" / "left"
    results = folder / "results.jsonl"
    wait_for(lambda: results.exists() and results.read_bytes().endswith(b"\n"), START_SECONDS)  # it has the long one
    assert processes_on(folder)
    process.kill()
    process.wait()
    wait_for(lambda: not processes_on(folder), START_SECONDS)


def processes_on(folder: Path) -> list[int]:
    found = []
    for process in psutil.process_iter(["pid", "cmdline"]):
        line = process.info["cmdline"] or []
        if "gan_tui.training.sweep_worker" in line and str(folder) in line:
            found.append(process.info["pid"])
    return found
