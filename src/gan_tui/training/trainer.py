"""The trainer process: `python -m gan_tui.training.trainer RUN_FOLDER [inspect]`, started by the supervisor.

Commands come on standard input, answers go to what standard output was; everything printed goes to the
trainer's log.
"""

import faulthandler
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

from gan_tui import presets
from gan_tui.errors import CRASHED, DONE, TRAINING_FAILED, UserError, remedy
from gan_tui.presets import Preset, layer_table
from gan_tui.run.buffered_log import BufferedLog
from gan_tui.run.event_log import read_head
from gan_tui.run.events import Resumed, Started, State
from gan_tui.run.folder import RunFolder
from gan_tui.run.handover import WARM, Assignment
from gan_tui.system import unfailing_output
from gan_tui.system.memory import MORE_MEMORY, lacks_memory
from gan_tui.training import awaited_run
from gan_tui.training.command_pipe import Commands, StoppedEarly

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ["KERAS_BACKEND"] = "tensorflow"
for _optional in ("matplotlib", "pandas", "scipy", "sklearn"):
    sys.modules[_optional] = None  # type: ignore[assignment]  # Keras imports them when they are there: 3 s for nothing we use


def main() -> int:
    answers = os.dup(1)
    os.dup2(2, 1)  # the supervisor has pointed standard error at trainer.log
    faulthandler.enable()  # a crash in a library's own code leaves its last words in the log, too
    sys.stdout = sys.stderr = unfailing_output.stream(2)
    stdin, warm = os.fdopen(0, "rb"), sys.argv[1] == WARM
    if warm:
        _load(stdin)
    assignment = awaited_run.assignment(stdin) if warm else Assignment(Path(sys.argv[1]), sys.argv[2])
    if assignment is None:
        os._exit(DONE)  # at once: there is nothing to be finished
    folder, inspecting = RunFolder(assignment.run), assignment.mode == "inspect"
    commands = Commands(stdin, answers)
    log = None
    try:
        log = BufferedLog(folder)
        _train(folder, commands, inspecting, log, loaded=warm)
        return DONE
    except StoppedEarly:
        return _stopped_early(log, commands, inspecting)
    except Exception as error:  # noqa: BLE001 (the last line of defence: whatever it was, the screen must say so)
        if not isinstance(error, UserError | MemoryError):
            traceback.print_exc()
        return _failed(log, commands, error, inspecting)
    finally:
        if log:
            log.close()


def _load(stdin: BinaryIO) -> None:
    """Load whatever a run needs, and take a step of one: what is loaded at first use, or understood once, then is.

    Whoever has chosen meanwhile waits for no step; and none is taken on a GPU, which others may be using.
    """
    import keras

    on_gpu = any(device.startswith("GPU") for device in _devices())
    from gan_tui.training import loop, question_loop, steering  # noqa: F401 (to be there)

    if on_gpu:
        return
    with suppress(Exception):  # nobody has asked for this; a run that meets the same will say so
        for _ in _tried():
            if awaited_run.is_assigned(stdin):
                break
    keras.utils.clear_session()  # names and seeds begin anew, as if there had been nothing


def _tried() -> Iterator[None]:
    """Build a pair, draw it and train it for a step, piece by piece."""
    from gan_tui.training.models import task
    from gan_tui.training.models.examples import load_dataset
    from gan_tui.training.snapshots import views

    yield
    preset = presets.read(presets.bundled_folder() / "gan.toml", "gan")
    tried = task.Task(preset, load_dataset(preset))
    yield
    for view in views.views_of(tried):
        list(view.draw())
        yield
    tried.steps.run(1)
    yield


def _stopped_early(log: BufferedLog | None, commands: Commands, inspecting: bool) -> int:
    """What a run was before it was started, it stays."""
    if log and not inspecting:
        log.write(State("stopped", "asked to stop"))
    commands.refuse_all("stopped before it began to train")
    return DONE


def _in_words(error: Exception) -> str:
    if isinstance(error, UserError):
        return str(error)
    if lacks_memory(f"{type(error).__name__}: {error}"):
        return f"there was not enough memory; {MORE_MEMORY}"
    if isinstance(error, OSError):
        return f"{error.strerror or error}: {error.filename or 'a file of the run'}; {remedy(error)} and resume"
    return f"{type(error).__name__}: {(str(error).strip().splitlines() or [''])[0]}"


def _failed(log: BufferedLog | None, commands: Commands, error: Exception, inspecting: bool) -> int:
    """Say why, if need be once a full disk has room again; another `stop` ends the waiting."""
    reason = _in_words(error)
    print(f"failed: {reason}", file=sys.stderr, flush=True)
    commands.begin()
    if log and not inspecting:
        log.write(State("failed", reason))
        while log.waiting and not _asked_to_stop(commands):
            log.write()
    return TRAINING_FAILED if isinstance(error, UserError) else CRASHED


def _asked_to_stop(commands: Commands) -> bool:
    """Whether a `stop` comes within a second, while a run that failed only waits to say so."""
    command = commands.within(1.0)
    if command:
        commands.answer(command, command.name == "stop", "The run has failed.", 0)
    return command is not None and command.name == "stop"


def _train(folder: RunFolder, commands: Commands, inspecting: bool, log: BufferedLog, loaded: bool) -> None:
    commands.obey_signals()
    preset = presets.of_run(folder)
    again = bool(read_head(folder.events_file, Started))

    def stage(text: str) -> None:
        if not inspecting:  # a run that is only looked at stays in the state it is in
            log.write(State("starting", text))

    if not loaded:
        stage("Loading TensorFlow")
    devices = _devices()
    from gan_tui.data.points import read_csv
    from gan_tui.run.recorder import Recorder
    from gan_tui.training.loop import Loop
    from gan_tui.training.models.examples import load_dataset
    from gan_tui.training.models.task import Task
    from gan_tui.training.question_loop import answer_questions
    from gan_tui.training.snapshots import views
    from gan_tui.training.steering import POINTS_NOW, Steering

    stage(f"Reading the data set {preset.dataset}")
    named = preset.settings.get("data_folder")
    dataset = load_dataset(preset, Path(named) if named else None)
    stage("Building the networks")
    task = Task(preset, dataset)
    recorder, shown = Recorder(folder, log=log), views.views_of(task)
    steering = Steering(task, recorder, shown)
    loop = Loop(task, recorder, commands, steering)
    passed_over = loop.resume()
    if not loop.step and (folder.path / POINTS_NOW).exists():
        task.set_points(read_csv(folder.path / POINTS_NOW))
    if not inspecting:
        recorder.event(_started(preset, task, devices))
        for problem in passed_over:
            recorder.alert("checkpoint", f"{problem} The one before it is used.", loop.step)
    commands.begin()
    if inspecting:
        answer_questions(commands, steering, loop.step)
        return
    if again:
        recorder.event(Resumed(loop.step))
    recorder.show(shown)
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
    facts["names"] = list(presets.facts(preset).names)
    if dataset.points is not None:
        facts["points"] = dataset.points
    networks = {network.name: layer_table.layer_rows(network) for network in preset.networks}
    versions = {name: version(name) for name in ("gan-tui", "keras", "tensorflow", "numpy")}
    return Started(
        preset.name, preset.title, preset.task, preset.settings["seed"], networks, facts, devices, versions,
        task.steps_total, task.steps.per_epoch, task.dataset.batch_size,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
