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
from gan_tui.presets import Preset, made_of
from gan_tui.presets.plan import planned, settled
from gan_tui.run import catalog
from gan_tui.run.events import LIVE_STATES, Command
from gan_tui.run.folder import INSPECT, RunFolder
from gan_tui.run.handover import Assignment
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
    folder = presets.new_run(settled(preset), runs, name)
    try:
        _spawn(Assignment(folder.path, "train"), folder, warm)
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
        raise UserError(f"{folder.name} has finished; {_way_on(folder, summary)}.")
    _ask_for_a_word(summary, here)
    _wait_until_let_go(folder, summary)
    launch(folder, "train", warm)


def _wait_until_let_go(folder: RunFolder, summary: RunSummary) -> None:
    """End what only looks at a run; and one that has just ended is let go of in a moment."""
    release(folder)
    if summary.state not in LIVE_STATES:
        _wait_until_unlocked(folder)


def _ask_for_a_word(summary: RunSummary, here: bool) -> None:
    """Raises MayBeElsewhereError unless there is a word, or no need of one."""
    if summary.state in NOT_HERE and not here:
        name, about = summary.folder.name, summary.standing.about
        ways = {ELSEWHERE: "stop it there, or train it here all the same", COPIED: "train the copy"}
        way = ways.get(summary.state, "train it all the same")
        raise MayBeElsewhereError(
            f"{name} was not resumed: {about}; {way}: gan-tui resume --here {summary.folder.word}."
        )


def train_longer(
    folder: RunFolder, unit: str, count: int, warm: WarmSupervisor | None = None, here: bool = False
) -> str:
    """Start the processes of a run that is not alive, to train to so many "steps" or "epochs" in all.

    It is the run that it would have been with that length from the beginning; returns what makes it another one, in a
    sentence. Raises UserError.
    """
    summary, before = _looked_at(folder), presets.of_run(folder)
    _ask_for_a_word(summary, here)
    if summary.alive and summary.state in LIVE_STATES:
        raise UserError(f"{folder.name} is still training; stop it first: gan-tui stop {folder.word}.")
    try:
        asked = before.of_length(unit, count)
        total = planned(asked).steps_total
    except ValueError as error:
        raise UserError(f"{error}.") from None
    if summary.ended_early:
        raise UserError(f"{folder.name} was ended by early stopping, and would be again; {_another(folder, summary)}.")
    if total <= summary.step:
        raise UserError(f"{folder.name} has trained {summary.step:,} steps; --{unit} {count} would be no more.")
    _wait_until_let_go(folder, summary)
    launch(folder, "train", warm, (unit, count))
    restored = summary.state == "finished" and before.settings.get("restore_best")
    return "It goes on from the weights of its best epoch, which it ended with." if restored else ""


def _way_on(folder: RunFolder, summary: RunSummary) -> str:
    if summary.ended_early:
        return _another(folder, summary)
    unit, count = presets.of_run(folder).length
    return f"gan-tui resume {folder.word} --{unit} {2 * count} trains it longer"


def _another(folder: RunFolder, summary: RunSummary) -> str:
    known = summary.preset in presets.files()
    which = summary.preset if known else _own_preset(folder)
    return f"gan-tui train {which} starts another run"


def with_other_seed(folder: RunFolder) -> str:
    """The command that trains the same as a run from another seed."""
    try:
        preset = presets.of_run(folder)
        known = presets.find(preset.name) if preset.name in presets.files() else None
    except UserError:
        return f"gan-tui train {_own_preset(folder)} --seed N"
    seed = presets.other_seed(preset)
    same = known is not None and known.with_settings({"seed": preset.settings["seed"]}) == preset
    return f"gan-tui train {preset.name if same else _own_preset(folder)} --seed {seed}"


def _own_preset(folder: RunFolder) -> str:
    return shlex.quote(shown_path(folder.preset_file))


def launch(
    folder: RunFolder, mode: str = "train", warm: WarmSupervisor | None = None, length: tuple[str, int] | None = None
) -> IO[bytes] | None:
    """Start the processes of a run that is there already, which may be anybody's.

    `mode` is "train", or "inspect": the run's networks are loaded to be asked about (`set` commands), and nothing is
    trained; that ends when what is returned is closed, as it is when this process ends, however that does. `length` is
    another one, as `train_longer` has it: who has the run writes it down. Raises
    UserError where that cannot be, and before anything is started where the run's preset is damaged, or needs more
    memory than there is, or is not what its checkpoints were made with.
    """
    if mode == INSPECT and _looked_at(folder).state in (ELSEWHERE, UNKNOWN):
        raise UserError(f"{folder.name} cannot be asked now: {folder.standing().about}.")
    try:
        preset = presets.of_run(folder)
        preset = preset.of_length(*length) if length else preset
        planned(preset)
    except UserError:
        _looked_at(folder)  # says so where it was deleted
        raise
    made_of.changes(folder, preset)
    untrusted_files.refuse_links(folder.path)
    return _spawn(Assignment(folder.path, mode, length), folder, warm)


def _looked_at(folder: RunFolder) -> RunSummary:
    """What is known of a run. Raises UserError when it was deleted."""
    if not folder.is_there():
        raise UserError(folder.deleted())
    return summary_of(folder)


def _spawn(asked: Assignment, folder: RunFolder, warm: WarmSupervisor | None) -> IO[bytes] | None:
    """Have a detached supervisor for a run, and return once it listens, with what it hears of us on, if it does.

    Raises UserError when it cannot.
    """
    process = warm.assign(asked) if warm else None
    answer = _first_line(process) if process else ""
    if process and not answer:  # it has died meanwhile
        _wait_until_unlocked(folder)
    if process is None or not answer:
        try:
            process = _cold_supervisor(asked, folder)
        except OSError as error:
            raise UserError(CANNOT_START.format(told(error)), TRAINING_FAILED) from None
        answer = _first_line(process)
    if answer != "ready":
        process.wait()
        problem = CANNOT_START.format(f"{_last_log_line(folder)}; trainer.log may say more")
        raise UserError(harmless(answer) or problem, TRAINING_FAILED)
    return process.stdin


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


def _cold_supervisor(asked: Assignment, folder: RunFolder) -> "subprocess.Popen[bytes]":
    """A supervisor's process. Signals wait until it has its handlers: to be stopped at birth is to be stopped."""
    command = [sys.executable, "-P", "-m", "gan_tui.supervision.supervisor", *asked.to_words()]
    viewer = subprocess.PIPE if asked.mode == INSPECT else subprocess.DEVNULL
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
