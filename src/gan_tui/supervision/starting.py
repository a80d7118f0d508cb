"""Starting a run's processes, and starting them again: what the shell and the menu have in common."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from gan_tui import presets
from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.presets import Preset, plan
from gan_tui.run import catalog
from gan_tui.run.events import Command
from gan_tui.run.folder import RunFolder
from gan_tui.run.summaries import summary_of
from gan_tui.supervision import control_client
from gan_tui.supervision.warm_start import PreparedSupervisor
from gan_tui.system import signals, untrusted_files
from gan_tui.text import harmless

CANNOT_START = "The run cannot be started: {}; free some space or check who owns its folder."
LOOKING = "looking"
"""What a `stop` names that is meant for a process that only looks: one that has begun to train refuses it."""


def configured(
    preset: Preset,
    changes: Sequence[str],
    steps: int | None,
    epochs: int | None,
    seed: int | None,
    restarts: int | None = None,
) -> Preset:
    """The preset with a command line's changes. Raises UserError for an unknown or impossible setting."""
    values: dict[str, object] = {}
    try:
        for change in changes:
            name, equals, text = change.partition("=")
            if not equals:
                raise UserError(f'--set takes KEY=VALUE, such as --set batch_size=64, not "{harmless(change, 60)}".')
            values[name.strip()] = preset.rules.from_text(name.strip(), text)
        if epochs is not None:
            values |= {"epochs": epochs, "steps": 0}
        if steps is not None:
            if steps < 1:
                raise UserError(f"--steps must be at least 1, not {steps}.")
            values["steps"] = steps
        if seed is not None:
            values["seed"] = seed
        if restarts is not None:
            values["restarts"] = restarts
        preset = preset.with_settings(values)
    except ValueError as error:
        raise UserError(f"{preset.name}: {error}.") from None
    plan.plan(preset)
    return preset


def start(preset: Preset, runs: Path, name: str | None, prepared: PreparedSupervisor | None = None) -> RunFolder:
    """A new run of a preset, already training in the background. Leaves nothing behind when it cannot start."""
    plan.plan(preset)
    folder = presets.new_run(preset, runs, name)
    try:
        launch(folder, prepared=prepared)
    except UserError:
        catalog.delete(folder)
        raise
    return folder


def restart(folder: RunFolder, prepared: PreparedSupervisor | None = None) -> None:
    """Start the processes of a run that is not alive. Raises UserError when it has nothing left to do."""
    summary = summary_of(folder)
    if summary.state == "finished":
        raise UserError(f"{folder.name} has finished; gan-tui train {summary.preset} starts another run.")
    release(folder)
    launch(folder, prepared=prepared)


def launch(folder: RunFolder, mode: str = "train", prepared: PreparedSupervisor | None = None) -> None:
    """Start a detached supervisor for a run and return once it listens. Raises UserError when it cannot.

    A `prepared` one is taken where it is still there.

    Also where the run's preset, which may be anybody's, needs more memory than there is. `mode` "inspect" trains
    nothing: the run's networks are loaded to be looked at (`set` commands).
    """
    try:
        plan.plan(presets.of_run(folder))  # refuses a damaged one, or one too large, before anything is started
    except UserError:
        if not folder.preset_file.exists():
            raise UserError(deleted(folder)) from None
        raise
    untrusted_files.refuse_links(folder.path)
    process = prepared.given(folder, mode) if prepared else None
    said = _said(process) if process else ""
    if process and not said:  # it has died meanwhile
        _wait_until_let_go(folder)
    if process is None or not said:
        process = _started(folder, mode)
        said = _said(process)
    if said != "ready":
        process.wait()
        raise UserError(harmless(said) or CANNOT_START.format(_last_words(folder)), TRAINING_FAILED)


def _wait_until_let_go(folder: RunFolder, seconds: float = 5.0) -> None:
    """Let the trainer of a supervisor that died go, too: it holds the lock until it has noticed."""
    deadline = time.monotonic() + seconds
    while folder.is_held() and time.monotonic() < deadline:
        time.sleep(0.02)


def _said(process: "subprocess.Popen[bytes]") -> str:
    """Its first words: "ready", or what is wrong; empty where it died without a word."""
    assert process.stdout is not None
    try:
        with process.stdout as pipe:
            return pipe.readline(4096).decode(errors="replace").strip()
    except KeyboardInterrupt:
        process.terminate()  # whoever asked for it does not want it any more
        raise


def _started(folder: RunFolder, mode: str) -> "subprocess.Popen[bytes]":
    """A supervisor's process. Signals wait until it has its handlers: to be stopped at birth is to be stopped."""
    command = [sys.executable, "-P", "-m", "gan_tui.supervision.supervisor", str(folder.path), mode]
    log = opened_log(folder)
    try:
        with signals.held_back():
            return subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, cwd="/", start_new_session=True,
            )  # fmt: skip
    finally:
        os.close(log)


def opened_log(folder: RunFolder) -> int:
    """The descriptor of the trainer's log. Raises UserError where it cannot be opened."""
    try:
        return folder.opened_log()
    except FileNotFoundError:
        raise UserError(deleted(folder)) from None
    except OSError as error:
        raise UserError(CANNOT_START.format(error.strerror), TRAINING_FAILED) from None


def release(folder: RunFolder, seconds: float = 10.0) -> None:
    """End a process that only looks at a run, if there is one, so that others may have the run."""
    if folder.is_held() and not folder.is_alive():
        control_client.ask(folder, Command("stop", setting=LOOKING), seconds)
        _wait_until_let_go(folder, seconds)


def _last_words(folder: RunFolder) -> str:
    """The last line of the trainer's log: what a traceback ends with."""
    try:
        lines = folder.trainer_log.read_bytes()[-4096:].decode(errors="replace").split("\n")
    except OSError:
        lines = []  # the run was deleted meanwhile
    return harmless(next((line for line in reversed(lines) if line.strip()), "no reason was given"))


def deleted(folder: RunFolder) -> str:
    """What is said of a run whose folder is gone."""
    return f"There is no run {folder.name} any more: it was deleted."


