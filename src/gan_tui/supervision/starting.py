"""Starting a run's processes, and starting them again: what the shell and the menu have in common."""

import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

from gan_tui import presets
from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.presets import Preset, made_of
from gan_tui.presets.plan import planned, settled
from gan_tui.run import catalog
from gan_tui.run.events import Command
from gan_tui.run.folder import RunFolder
from gan_tui.run.summaries import summary_of
from gan_tui.supervision import control_client
from gan_tui.supervision.warm_start import WarmSupervisor
from gan_tui.system import signals, untrusted_files
from gan_tui.text import harmless, shown_path

CANNOT_START = "The run cannot be started: {}; free some space or check who owns its folder."
IF_INSPECTING = "looking"
"""What a `stop` names that is meant for a process that only inspects its run: one that trains refuses it."""


def start(preset: Preset, runs: Path, name: str | None, warm: WarmSupervisor | None = None) -> RunFolder:
    """A new run of a preset, already training in the background. Leaves nothing behind when it cannot start.

    A `warm` supervisor is taken where it is still there. Raises UserError.
    """
    planned(preset)  # refuses one that cannot be trained, before anything is made
    folder = presets.new_run(settled(preset), runs, name)
    try:
        _spawn(folder, "train", warm)
    except UserError:
        catalog.delete(folder)
        raise
    return folder


def restart(folder: RunFolder, warm: WarmSupervisor | None = None) -> None:
    """Start the processes of a run that is not alive. Raises UserError when it has nothing left to do."""
    summary = summary_of(folder)
    if summary.state == "finished":
        known = summary.preset in presets.files()
        which = summary.preset if known else shlex.quote(shown_path(folder.preset_file))
        raise UserError(f"{folder.name} has finished; gan-tui train {which} starts another run.")
    release(folder)
    launch(folder, "train", warm)


def launch(folder: RunFolder, mode: str = "train", warm: WarmSupervisor | None = None) -> None:
    """Start the processes of a run that is there already, which may be anybody's.

    `mode` is "train", or "inspect": the run's networks are loaded to be asked about (`set` commands), and nothing is
    trained. Raises UserError where that cannot be, and before anything is started where the run's preset is damaged,
    or needs more memory than there is, or is not what its checkpoints were made with.
    """
    try:
        preset = presets.of_run(folder)
        planned(preset)
    except UserError:
        if not folder.preset_file.exists():
            raise UserError(deleted(folder)) from None
        raise
    made_of.changes(folder, preset)
    untrusted_files.refuse_links(folder.path)
    _spawn(folder, mode, warm)


def _spawn(folder: RunFolder, mode: str, warm: WarmSupervisor | None) -> None:
    """Have a detached supervisor for a run, and return once it listens. Raises UserError when it cannot."""
    process = warm.assign(folder, mode) if warm else None
    answer = _first_line(process) if process else ""
    if process and not answer:  # it has died meanwhile
        _wait_until_unlocked(folder)
    if process is None or not answer:
        process = _cold_supervisor(folder, mode)
        answer = _first_line(process)
    if answer != "ready":
        process.wait()
        raise UserError(harmless(answer) or CANNOT_START.format(_last_log_line(folder)), TRAINING_FAILED)


def _wait_until_unlocked(folder: RunFolder, seconds: float = 5.0) -> None:
    """Wait for the trainer of a supervisor that died: it holds the lock until it has noticed that."""
    deadline = time.monotonic() + seconds
    while folder.is_held() and time.monotonic() < deadline:
        time.sleep(0.02)


def _first_line(process: "subprocess.Popen[bytes]") -> str:
    """What a supervisor prints first: "ready", or what is wrong; empty where it died before."""
    assert process.stdout is not None
    try:
        with process.stdout as pipe:
            return pipe.readline(4096).decode(errors="replace").strip()
    except KeyboardInterrupt:
        process.terminate()  # whoever asked for it does not want it any more
        raise


def _cold_supervisor(folder: RunFolder, mode: str) -> "subprocess.Popen[bytes]":
    """A supervisor's process. Signals wait until it has its handlers: to be stopped at birth is to be stopped."""
    command = [sys.executable, "-P", "-m", "gan_tui.supervision.supervisor", str(folder.path), mode]
    log = log_for_processes(folder)
    try:
        with signals.held_back():
            return subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, cwd="/", start_new_session=True,
            )  # fmt: skip
    finally:
        os.close(log)


def log_for_processes(folder: RunFolder) -> int:
    """The descriptor of the trainer's log, to print into. Raises UserError where it cannot be opened."""
    try:
        return folder.opened_log()
    except FileNotFoundError:
        raise UserError(deleted(folder)) from None
    except OSError as error:
        raise UserError(CANNOT_START.format(error.strerror), TRAINING_FAILED) from None


def release(folder: RunFolder, seconds: float = 10.0) -> None:
    """End a process that only inspects a run, if there is one, so that others may have the run."""
    if folder.is_held() and not folder.is_alive():
        control_client.ask(folder, Command("stop", setting=IF_INSPECTING), seconds)
        _wait_until_unlocked(folder, seconds)


def _last_log_line(folder: RunFolder) -> str:
    """The last line of the trainer's log: what a traceback ends with."""
    try:
        lines = folder.trainer_log.read_bytes()[-4096:].decode(errors="replace").split("\n")
    except OSError:
        lines = []  # the run was deleted meanwhile
    return harmless(next((line for line in reversed(lines) if line.strip()), "no reason was given"))


def deleted(folder: RunFolder) -> str:
    """What is said of a run whose folder is gone."""
    return f"The run {folder.name} was deleted."
