"""The processes of a run: a supervisor for it, warm or cold, once it is known that its trainer can do something."""

import errno
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from gan_tui import presets
from gan_tui.errors import TRAINING_FAILED, UserError, remedy, why
from gan_tui.presets import made_of
from gan_tui.presets.plan import planned
from gan_tui.run import catalog, group_around, group_start
from gan_tui.run.commands import Command
from gan_tui.run.folder import INSPECT, RunFolder
from gan_tui.run.group_start import ALONE, GroupStart
from gan_tui.run.handover import Assignment
from gan_tui.run.holder import ELSEWHERE, UNKNOWN
from gan_tui.run.printed_line import came_to
from gan_tui.run.summaries import RunSummary, summary_of
from gan_tui.supervision import control_client, ways_on
from gan_tui.supervision.exit_reasons import signal_name
from gan_tui.supervision.warm_start import WarmSupervisor
from gan_tui.system import signals, untrusted_files
from gan_tui.system.answering import Answering
from gan_tui.text import harmless, shown_path

IF_INSPECTING = "looking"
"""What a `stop` names that is meant for a process that only inspects its run: one that trains refuses it."""


def launch(
    folder: RunFolder, mode: str = "train", warm: WarmSupervisor | None = None, length: tuple[str, int] | None = None
) -> IO[bytes] | None:
    """Start the processes of a run that is there already, which may be anybody's.

    `mode` is "train", or "inspect": the run's networks are loaded to be asked about (`set` commands), and nothing is
    trained; that ends when what is returned is closed, as it is when this process ends, however that does. `length` is
    another one, so many "steps" or "epochs": who has the run writes it down. Raises UserError where that cannot be, and
    before anything is started where the run's preset is damaged, or needs more memory than there is, or is not what its
    checkpoints were made with.
    """
    if mode == INSPECT and looked_at(folder).state in (ELSEWHERE, UNKNOWN):
        raise UserError(f"{folder.name} cannot be asked now: {folder.standing().about}.")
    try:
        preset = presets.of_run(folder)
        preset = preset.of_length(*length) if length else preset
        planned(preset)
    except UserError:
        looked_at(folder)  # says so where it was deleted
        raise
    made_of.changes(folder, preset)
    untrusted_files.refuse_links(folder.path)
    return spawn(folder, Assignment(folder.path, mode, length), warm)


def looked_at(folder: RunFolder) -> RunSummary:
    """What is known of a run. Raises UserError when it was deleted."""
    if not folder.is_there():
        raise UserError(folder.deleted())
    return summary_of(folder)


def begun(folder: RunFolder, warm: WarmSupervisor | None = None, group: GroupStart = ALONE) -> RunFolder:
    """A new run, started, and held. Leaves nothing behind when it cannot start. Raises UserError."""
    try:
        keep_group(folder, group)
        spawn(folder, Assignment(folder.path, "train"), warm)
    except UserError:
        if not folder.is_held():  # else somebody has resumed it meanwhile, and trains it
            catalog.discard(folder)
        raise
    return folder.held()


def keep_group(folder: RunFolder, group: GroupStart) -> None:
    """Have a run's folder tell what it is started with. Raises UserError."""
    try:
        group.keep(folder)
    except OSError as error:
        raise UserError(cannot_start(folder, "train", error), TRAINING_FAILED) from None


def spawn(folder: RunFolder, asked: Assignment, warm: WarmSupervisor | None) -> IO[bytes] | None:
    """Have a detached supervisor for a run, and return once it listens, with what it hears of us on, if it does.

    Raises UserError when it cannot.
    """
    process = warm.assign(asked) if warm and not group_start.is_group(folder) else None
    answer = _first_line(process) if process else ""
    if process and not answer:  # it has died meanwhile
        wait_until_unlocked(folder)
    if process is None or not answer:
        try:
            process = _cold_supervisor(folder, asked)
        except OSError as error:
            raise UserError(cannot_start(folder, asked.mode, error), TRAINING_FAILED) from None
        answer = _first_line(process)
    if answer != "ready":
        code = process.wait()  # also one that has said why: who is refused leaves no process behind
        raise UserError(harmless(answer) or _died(folder, asked.mode, code), TRAINING_FAILED)
    return process.stdin


def wait_until_unlocked(folder: RunFolder, seconds: float = 5.0) -> None:
    """Wait for the trainer of a supervisor that died: it holds the lock until it has noticed that."""
    deadline = time.monotonic() + seconds
    while folder.is_held() and time.monotonic() < deadline:
        time.sleep(0.02)


def _first_line(process: Answering) -> str:
    """What a supervisor answers: "ready", or what is wrong; empty where it died before."""
    try:
        with process.answers as pipe:
            return pipe.readline(4096).decode(errors="replace").strip()
    except KeyboardInterrupt:
        process.terminate()  # whoever asked for it does not want it any more
        raise


def _cold_supervisor(folder: RunFolder, asked: Assignment) -> Answering:
    """A supervisor's process. Signals wait until it has its handlers: to be stopped at birth is to be stopped."""
    command = [sys.executable, "-P", "-m", "gan_tui.supervision.supervisor", *asked.to_words()]
    viewer = subprocess.PIPE if asked.mode == INSPECT else subprocess.DEVNULL
    log = log_for_processes(folder, asked.mode)
    environment = {**os.environ, **group_around.variables_of(folder.path)}
    try:
        with signals.held_back():
            return Answering(command, stdin=viewer, stdout=log, stderr=log, cwd="/", env=environment)
    finally:
        os.close(log)


def log_for_processes(folder: RunFolder, mode: str) -> int:
    """The descriptor of the trainer's log, to print into. Raises UserError where it cannot be opened."""
    try:
        return folder.opened_log()
    except FileNotFoundError:
        raise UserError(folder.deleted()) from None
    except OSError as error:
        raise UserError(cannot_start(folder, mode, error), TRAINING_FAILED) from None


def cannot_start(folder: RunFolder, mode: str, error: OSError) -> str:
    """What is said where the processes of a run cannot be started, and what helps, in a sentence."""
    file = Path(str(error.filename or ""))
    inside = error.filename and file.is_relative_to(folder.root)
    named = folder.path / file.relative_to(folder.root) if inside else error.filename
    where = f": {shown_path(named)}" if named else ""
    way = f", or copy the run ({ways_on.copy(folder)})" if inside and error.errno in _NOT_OURS else ""
    return f"{_cannot(folder, mode)}: {why(error)}{where}; {remedy(error)}{way}."


_NOT_OURS = (errno.EACCES, errno.EPERM, errno.EROFS)
"""What writing meets in a folder that one may only read."""


def _cannot(folder: RunFolder, mode: str) -> str:
    return f"{folder.name} cannot be opened for viewing" if mode == INSPECT else "The run cannot be started"


def _died(folder: RunFolder, mode: str, code: int) -> str:
    """What is said of a supervisor that has ended with an exit code, and without a word."""
    if code < 0:
        return f"{_cannot(folder, mode)}: its supervisor was ended ({signal_name(-code)}); try again."
    if line := _last_log_line(folder):
        return f"{_cannot(folder, mode)}: {line}; trainer.log may say more."
    return f"{_cannot(folder, mode)}: its supervisor ended with exit code {code}; try again."


def release(folder: RunFolder, seconds: float = 10.0) -> None:
    """End a process that only inspects a run, if there is one, so that others may have the run."""
    if folder.is_held() and not folder.is_alive():
        control_client.ask(folder, Command("stop", setting=IF_INSPECTING), seconds)
        wait_until_unlocked(folder, seconds)


def _last_log_line(folder: RunFolder) -> str:
    """The last line of the trainer's log: what a traceback ends with; empty where it has none."""
    try:
        lines = folder.trainer_log.read_bytes()[-4096:].decode(errors="replace").split("\n")
    except OSError:
        lines = []  # the run was deleted meanwhile
    return harmless(next((words for line in reversed(lines) if (words := came_to(line).strip())), ""))
