"""The trainer process: `python -m gan_tui.training.trainer RUN_FOLDER`, started by the supervisor.

Commands come on standard input, answers go to what standard output was; everything printed goes to the
trainer's log.
"""

import os
import sys
import traceback
from importlib.metadata import version
from pathlib import Path
from typing import Any

from gan_tui.errors import DONE, TRAINING_FAILED, UserError
from gan_tui.event_log import read_head
from gan_tui.events import Resumed, Started, State
from gan_tui.presets import Preset
from gan_tui.run_folder import RunFolder
from gan_tui.tables import layer_rows

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ["KERAS_BACKEND"] = "tensorflow"
for _optional in ("matplotlib", "pandas", "scipy", "sklearn"):
    sys.modules[_optional] = None  # type: ignore[assignment]  # Keras imports them when they are there: 3 s for nothing we use


def main() -> int:
    answers = os.dup(1)
    os.dup2(2, 1)  # the supervisor has pointed standard error at trainer.log
    folder = RunFolder(Path(sys.argv[1]))
    try:
        _train(folder, answers)
    except UserError as error:
        return _failed(folder, str(error))
    except MemoryError:
        return _failed(folder, "there is not enough memory; try a smaller batch_size")
    except OSError as error:
        traceback.print_exc()
        return _failed(
            folder,
            f"{error.strerror or error}: {error.filename or 'a file of the run'}; free some space and resume",
        )
    except Exception as error:  # noqa: BLE001 (the last line of defence: whatever it was, the screen must say so)
        traceback.print_exc()
        text = (str(error).strip().splitlines() or [""])[0]
        return _failed(folder, f"{type(error).__name__}: {text}")
    return DONE


def _failed(folder: RunFolder, reason: str) -> int:
    print(f"failed: {reason}", file=sys.stderr, flush=True)
    try:
        folder.writer().write(State("failed", reason))
    except OSError:
        return TRAINING_FAILED + 1  # the supervisor will find the reason in the log
    return TRAINING_FAILED


def _train(folder: RunFolder, answers: int) -> None:
    from gan_tui.training.commands import Commands

    commands = Commands(os.fdopen(0, "rb"), answers)
    commands.obey_signals()
    preset = folder.preset()
    again = any(isinstance(record.event, Started) for record in read_head(folder.events_file))
    folder.writer().write(State("starting", "Loading TensorFlow"))
    devices = _devices()
    from gan_tui.training import checkpoint, datasets, pictures
    from gan_tui.training.loop import Loop
    from gan_tui.training.report import Report
    from gan_tui.training.task import Task

    report = Report(folder)

    report.state("starting", f"Reading the data set {preset.dataset}")
    named = preset.settings.get("data_folder")
    dataset = datasets.load(preset, Path(named) if named else None)
    report.state("starting", "Building the networks")
    task = Task(preset, dataset)
    report.event(_started(preset, task, devices))
    loop = Loop(task, report, commands)
    step, arrays, passed_over = checkpoint.newest_readable(folder.checkpoints)
    for problem in passed_over:
        report.alert("checkpoint", f"{problem} The one before it is used.", step)
    if arrays:
        loop.restore(step, arrays)
    if again:
        report.event(Resumed(step))
    report.show_pictures_of(pictures.artist(task))
    loop.run()


def _devices() -> list[str]:
    """The devices TensorFlow will use, in words; a GPU's memory is taken as it is needed, not all at once."""
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    for gpu in gpus:
        tf.config.experimental.set_memory_growth(gpu, True)
    if gpus:
        names = [tf.config.experimental.get_device_details(gpu).get("device_name", "GPU") for gpu in gpus]
        return [f"GPU: {name}" for name in names]
    return [f"CPU: {os.cpu_count()} cores"]


def _started(preset: Preset, task: Any, devices: list[str]) -> Started:
    dataset = task.dataset
    facts: dict[str, Any] = {
        "name": dataset.name, "origin": dataset.origin, "train": len(dataset.train),
        "validation": len(dataset.validation) if dataset.validation is not None else 0,
    }  # fmt: skip
    if dataset.points is not None:
        facts["points"] = dataset.points
    networks = {network.name: layer_rows(network) for network in preset.networks}
    versions = {name: version(name) for name in ("gan-tui", "keras", "tensorflow", "numpy")}
    return Started(
        preset.name, preset.title, preset.task, preset.settings["seed"], networks, facts, devices, versions,
        task.steps_total, task.steps.per_epoch, preset.settings["batch_size"],
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
