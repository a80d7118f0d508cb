"""Runs and their processes, for proofs: started in the background, found, signalled, looked at from the end."""

import subprocess
from pathlib import Path

import psutil

from gan_tui.run.folder import RunFolder
from product import START_SECONDS, wait_for
from pty_terminal import GAN_TUI, processes_of

ENDLESS = "1000000000"
"""More steps than any proof waits for."""
SUPERVISOR, TRAINER = "gan_tui.supervision.supervisor", "gan_tui.training.trainer"


def started(preset: str, *options: str, **how: object) -> RunFolder:
    """A new run in the background; `how` goes to the process that starts it."""
    command = [*GAN_TUI, "train", preset, "--detach", *options]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, **how)  # type: ignore[call-overload]
    assert (ended.returncode, ended.stderr) == (0, "")
    return RunFolder(Path(ended.stdout.strip()))


def resumed(folder: RunFolder, **how: object) -> None:
    command = [*GAN_TUI, "resume", str(folder.path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, **how)  # type: ignore[call-overload]
    assert ended.returncode == 0, ended.stderr


def wait_until_it_is_gone(folder: RunFolder, seconds: float = 30) -> float:
    """How long it took until nobody held the run and neither of its processes was left."""
    return wait_for(lambda: not folder.is_held() and not workers(folder), seconds)


def workers(folder: RunFolder, *modules: str) -> list[psutil.Process]:
    """The supervisor and the trainer of a run, as far as they are there."""
    found = []
    for process in processes_of(folder.path):
        try:
            if set(process.cmdline()) & set(modules or (SUPERVISOR, TRAINER)):
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return found


def supervisor_of(folder: RunFolder) -> psutil.Process:
    return workers(folder, SUPERVISOR)[0]


def wait_for_a_trainer(folder: RunFolder, other_than: int = 0) -> psutil.Process:
    found: list[psutil.Process] = []

    def there() -> bool:
        found[:] = [trainer for trainer in workers(folder, TRAINER) if trainer.pid != other_than]
        return bool(found)

    wait_for(there, START_SECONDS)
    return found[0]


def is_gone(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True
