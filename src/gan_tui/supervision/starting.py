"""Starting a run's processes, and starting them again: what the shell and the menu have in common."""

import os
import shlex
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from gan_tui import presets
from gan_tui.errors import TRAINING_FAILED, UserError, told
from gan_tui.presets import Preset
from gan_tui.presets.plan import planned
from gan_tui.run import catalog
from gan_tui.run.events import LIVE_STATES, Command
from gan_tui.run.folder import INSPECT, RunFolder
from gan_tui.run.holder import COPIED, ELSEWHERE, NOT_HERE, UNKNOWN
from gan_tui.run.summaries import RunSummary, summary_of
from gan_tui.supervision import control_client
from gan_tui.supervision.warm_start import WarmSupervisor
from gan_tui.system import signals, untrusted_files
from gan_tui.text import harmless, shown_path

CANNOT_START = "The run cannot be started: {}."
IF_INSPECTING = "looking"
"""What a `stop` names that is meant for a process that only inspects its run: one that trains refuses it."""


def start(preset: Preset, runs: Path, name: str | None, warm: WarmSupervisor | None = None) -> RunFolder:
    """A new run of a preset, already training in the background. Leaves nothing behind when it cannot start.

    A `warm` supervisor is taken where it is still there. Raises UserError.
    """
    planned(preset)  # refuses one that cannot be trained, before anything is made
    folder = presets.new_run(preset, runs, name)
    try:
        _spawn(folder, "train", warm)
    except UserError:
        catalog.discard(folder)
        raise
    return folder.held()


class MayBeElsewhereError(UserError):
    """A run that may be trained elsewhere, or is a copy of one, is not started here without a clear word."""


def restart(folder: RunFolder, warm: WarmSupervisor | None = None, here: bool = False) -> None:
    """Start the processes of a run that is not alive. Raises UserError when it has nothing left to do.

    `here` is the word without which a MayBeElsewhereError is raised.
    """
    summary = _looked_at(folder)
    if summary.state == "finished":
        known = summary.preset in presets.files()
        which = summary.preset if known else shlex.quote(shown_path(folder.preset_file))
        raise UserError(f"{folder.name} has finished; gan-tui train {which} starts another run.")
    if summary.state in NOT_HERE and not here:
        ways = {ELSEWHERE: "stop it there, or train it here all the same", COPIED: "train the copy"}
        way = ways.get(summary.state, "train it all the same")
        raise MayBeElsewhereError(
            f"{folder.name} was not resumed: {summary.standing.about}; {way}: gan-tui resume --here {folder.name}."
        )
    release(folder)
    if summary.state not in LIVE_STATES:
        _wait_until_unlocked(folder)  # a run that has just ended is let go of in a moment
    launch(folder, "train", warm)


def launch(folder: RunFolder, mode: str = "train", warm: WarmSupervisor | None = None) -> IO[bytes] | None:
    """Start the processes of a run that is there already, which may be anybody's.

    `mode` is "train", or "inspect": the run's networks are loaded to be asked about (`set` commands), and nothing is
    trained; that ends when what is returned is closed, as it is when this process ends, however that does. Raises
    UserError where that cannot be, and before anything is started where the run's preset is damaged, or needs more
    memory than there is.
    """
    if mode == INSPECT and _looked_at(folder).state in (ELSEWHERE, UNKNOWN):
        raise UserError(f"{folder.name} cannot be asked now: {folder.standing().about}.")
    try:
        planned(presets.of_run(folder))
    except UserError:
        _looked_at(folder)  # says so where it was deleted
        raise
    untrusted_files.refuse_links(folder.path)
    return _spawn(folder, mode, warm).stdin


def _looked_at(folder: RunFolder) -> RunSummary:
    """What is known of a run. Raises UserError when it was deleted."""
    if not folder.is_there():
        raise UserError(folder.deleted())
    return summary_of(folder)


def _spawn(folder: RunFolder, mode: str, warm: WarmSupervisor | None) -> "subprocess.Popen[bytes]":
    """Have a detached supervisor for a run, and return once it listens. Raises UserError when it cannot."""
    process = warm.assign(folder, mode) if warm else None
    answer = _first_line(process) if process else ""
    if process and not answer:  # it has died meanwhile
        _wait_until_unlocked(folder)
    if process is None or not answer:
        try:
            process = _cold_supervisor(folder, mode)
        except OSError as error:
            raise UserError(CANNOT_START.format(told(error)), TRAINING_FAILED) from None
        answer = _first_line(process)
    if answer != "ready":
        process.wait()
        problem = CANNOT_START.format(f"{_last_log_line(folder)}; trainer.log may say more")
        raise UserError(harmless(answer) or problem, TRAINING_FAILED)
    return process


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
    viewer = subprocess.PIPE if mode == INSPECT else subprocess.DEVNULL
    log = log_for_processes(folder)
    try:
        with signals.held_back():
            return subprocess.Popen(
                command, stdin=viewer, stdout=subprocess.PIPE, stderr=log, cwd="/", start_new_session=True,
            )  # fmt: skip
    finally:
        os.close(log)


def log_for_processes(folder: RunFolder) -> int:
    """The descriptor of the trainer's log, to print into. Raises UserError where it cannot be opened."""
    try:
        return folder.opened_log()
    except FileNotFoundError:
        raise UserError(folder.deleted()) from None
    except OSError as error:
        raise UserError(CANNOT_START.format(told(error)), TRAINING_FAILED) from None


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
