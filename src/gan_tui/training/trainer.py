"""The trainer process: `python -m gan_tui.training.trainer RUN_FOLDER MODE DESCRIPTOR`, started by the supervisor.

Commands come on standard input, answers go to the descriptor that the command line ends with; everything printed goes
to the trainer's log.
"""

import faulthandler
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from gan_tui import presets
from gan_tui.data import own
from gan_tui.errors import CRASHED, DONE, TRAINING_FAILED, UserError
from gan_tui.presets import Preset, layer_table, preparing, schedules
from gan_tui.presets.tasks.images import FLOAT32
from gan_tui.run.buffered_log import BufferedLog
from gan_tui.run.event_log import read_head
from gan_tui.run.events import START, Alert, Resumed, Started, State
from gan_tui.run.folder import INSPECT, RunFolder
from gan_tui.run.handover import WARM, Assignment
from gan_tui.system import unfailing_output
from gan_tui.system.answering import own_answers
from gan_tui.system.paths import keep_private
from gan_tui.training import awaited_run, computed_with, environment
from gan_tui.training.command_pipe import CommandPipe, StoppedEarly
from gan_tui.training.failures import in_words
from gan_tui.training.group.broken import GROUP, GroupBroken
from gan_tui.training.group.company import company
from gan_tui.training.stopped_early import stopped_early

if TYPE_CHECKING:  # they bring TensorFlow along
    from gan_tui.training.group.group import Group
    from gan_tui.training.loop import Loop
    from gan_tui.training.steering import Steering
    from gan_tui.training.tasks import Task

environment.prepare()

READING_SECONDS = 1.0
"""From one word about how many images have been read to the next."""


def main() -> int:
    answers = own_answers()
    os.dup2(2, 1)  # the supervisor has pointed standard error at trainer.log
    faulthandler.enable()  # a crash in a library's own code leaves its last words in the log, too
    sys.stdout = sys.stderr = unfailing_output.stream(2)
    stdin, warm = os.fdopen(0, "rb"), sys.argv[1] == WARM
    if warm:
        _load(stdin)
    assignment = awaited_run.assignment(stdin) if warm else _assigned(*sys.argv[1:])
    if assignment is None:
        os._exit(DONE)  # at once: there is nothing to be finished
    folder, inspecting = assignment.folder(), assignment.mode == INSPECT
    pipe = CommandPipe(stdin, answers)
    log = None
    try:
        log = BufferedLog(folder)
        _train(folder, pipe, inspecting, log, loaded=warm)
        return DONE
    except StoppedEarly:
        return stopped_early(folder, None if inspecting else log, pipe)
    except Exception as error:  # noqa: BLE001 (the last line of defence: whatever it was, the screen must say so)
        if pipe.stopped_early:
            return stopped_early(folder, None if inspecting else log, pipe)
        if not isinstance(error, UserError | MemoryError | GroupBroken):
            traceback.print_exc()
        return _failed(log, pipe, error, inspecting)
    finally:
        if log:
            log.close()


def _assigned(run: str, mode: str, place: str) -> Assignment:
    """What a command line tells a trainer that was not warm."""
    return Assignment(Path(run), mode, place=int(place))


def _load(stdin: BinaryIO) -> None:
    """Load whatever a run needs, and take a step of one: what is loaded at first use, or understood once, then is.

    Whoever has chosen meanwhile waits for no step; and none is taken on a GPU, which others may be using.
    """
    import keras

    on_gpu = computed_with.has_gpu()
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
    from gan_tui.training.tasks import task_of

    yield
    tried = task_of(presets.read(presets.bundled_folder() / "gan.toml", "gan"))
    yield
    for snapshot in tried.snapshots:
        list(snapshot.draw())
        yield
    tried.steps.run(1)
    yield


def _failed(log: BufferedLog | None, pipe: CommandPipe, error: Exception, inspecting: bool) -> int:
    """Say why, if need be once a full disk has room again; another `stop` ends the waiting."""
    reason = in_words(error)
    print(f"failed: {reason}", file=sys.stderr, flush=True)
    pipe.begin()
    if inspecting:
        pipe.refuse_all(f"{reason.rstrip('.')}.")
    elif log:
        if isinstance(error, GroupBroken):
            log.write(Alert(GROUP, f"{reason}. {error.advice}", error.step))
        log.write(State("failed", reason))
        while log.waiting and not _asked_to_stop(pipe):
            log.write()
    return TRAINING_FAILED if isinstance(error, UserError) else CRASHED


def _asked_to_stop(pipe: CommandPipe) -> bool:
    """Whether a `stop` comes within a second, while a run that failed only waits to say so."""
    command = pipe.within(1.0)
    if command:
        pipe.answer(command, command.name == "stop", "The run has failed.", 0)
    return command is not None and command.name == "stop"


def _train(folder: RunFolder, pipe: CommandPipe, inspecting: bool, log: BufferedLog, loaded: bool) -> None:
    pipe.obey_signals()
    preset = presets.of_run(folder)
    again = bool(read_head(folder.events_file, Started))

    def stage(text: str) -> None:
        if not inspecting:  # a run that is only looked at stays in the state it is in
            log.write(State("starting", text))

    if not loaded:
        stage("Loading TensorFlow")
    if inspecting:
        loop, steering = _built(folder, preset, pipe, log, stage)
        _resumed(loop)
        _answer_questions(pipe, steering, loop.step)
        return
    with company(folder, log, pipe) as gathered:
        loop, steering = _built(folder, preset, pipe, log, stage, gathered.group)
        to_say = _resumed(loop)
        gathered.begin(loop.task, lambda: loop.step)
        loop.recorder.event(started(preset, loop.task, computed_with.devices()))
        for kind, sentence in (*to_say, *gathered.to_know(loop.task), *(() if again else _to_know(loop.task))):
            loop.recorder.alert(kind, sentence, loop.step)
        pipe.begin()
        if again:
            loop.recorder.event(Resumed(loop.step))
            if other := loop.stopping.goes_on_from(loop.progress.epochs_done):
                loop.recorder.alert("longer", other, loop.step)
        loop.run()


def _built(
    folder: RunFolder, preset: Preset, pipe: CommandPipe, log: BufferedLog, stage: Callable[[str], None],
    group: "Group | None" = None,
) -> tuple["Loop", "Steering"]:  # fmt: skip
    """The loop of a run at its first step, and what carries out settings; `stage` is told what is done meanwhile."""
    from gan_tui.run.recorder import Recorder
    from gan_tui.training.loop import Loop
    from gan_tui.training.steering import Steering
    from gan_tui.training.tasks import load, task_of

    stage(f"Reading the data set {preset.data_name}")
    with own.telling(_now_and_then(stage)):
        dataset = load(preset)
    stage("Building the networks")
    task, recorder = task_of(preset, dataset, group), Recorder(folder, log=log, on_gpu=computed_with.has_gpu())
    recorder.show(task.snapshots)
    _keep(task.documents(), folder)
    steering = Steering(task, recorder)
    return Loop(task, recorder, pipe, steering), steering


def _now_and_then(stage: Callable[[str], None]) -> own.OnRead:
    """Tells how many images have been read, not more often than a person looks."""
    told = time.monotonic()

    def tell(done: int, count: int) -> None:
        nonlocal told
        if time.monotonic() - told >= READING_SECONDS:
            told = time.monotonic()
            stage(preparing.words(done, count))

    return tell


def _keep(documents: Mapping[str, bytes], folder: RunFolder) -> None:
    """Files of a run's own, which each of its checkpoints has, too: a full disk may take them later."""
    for name, content in documents.items():
        with suppress(OSError):
            making = folder.root / f".{name}.making"
            making.write_bytes(content)
            keep_private(making)
            making.replace(folder.root / name)


def _to_know(task: "Task") -> Iterator[tuple[str, str]]:
    """(kind of alert, sentence) of whatever a person may not expect of a run that begins."""
    for note in task.dataset.notes:
        yield "data", f"Trains on {task.dataset.name}, {task.dataset.origin}: {note}."
    for sentence in task.preset.without_effect():
        yield "setting", sentence
    for sentence in schedules.to_know(task.preset.settings, task.steps_total):
        yield "setting", sentence
    if len(task.begun_with) > 1:  # not all of it fitted
        yield START, " ".join(task.begun_with)
    precision = task.preset.settings.get("precision", FLOAT32)
    if precision != FLOAT32 and not computed_with.has_gpu():
        yield "setting", f"precision {precision} makes no step sooner without a GPU; {FLOAT32} is more exact."


def _resumed(loop: "Loop") -> list[tuple[str, str]]:
    """Take a run up where it was left; returns what there is to say of that, as `_to_know`."""
    to_say = [("checkpoint", sentence) for sentence in loop.resume()]
    if not loop.step:
        loop.task.recall(loop.recorder.folder.root)
    return to_say


def _answer_questions(pipe: CommandPipe, steering: "Steering", step: int) -> None:
    from gan_tui.training.question_loop import answer_questions

    pipe.begin()
    answer_questions(pipe, steering, step)


def started(preset: Preset, task: "Task", devices: list[str]) -> Started:
    """What is told of a run that begins; `devices` in words."""
    dataset = task.dataset
    facts: dict[str, Any] = {
        "name": dataset.name, "origin": dataset.origin, "train": len(dataset.train),
        "validation": len(dataset.validation) if dataset.validation is not None else 0,
    }  # fmt: skip
    facts["names"] = list(preset.facts.names)
    facts |= task.facts()
    networks = {network.name: layer_table.layer_rows(network) for network in preset.networks}
    versions = {name: version(name) for name in ("gan-tui", "keras", "tensorflow", "numpy")}
    return Started(
        preset.name, preset.title, preset.task, preset.settings["seed"], networks, facts, devices, versions,
        task.steps_total, task.steps.per_epoch, preset.settings["batch_size"] or task.dataset.batch_size,
        [metric.as_row() for metric in preset.metrics], list(task.settable()), " ".join(task.begun_with),
    )  # fmt: skip


if __name__ == "__main__":
    code = main()
    if "TF_CONFIG" in os.environ:
        os._exit(code)  # at once: TensorFlow's server would wait for the others
    sys.exit(code)
