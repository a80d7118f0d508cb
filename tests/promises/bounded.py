"""Commands of the shell with what they needed: time, memory, and what they said."""

import os
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from pty_terminal import GAN_TUI

SECONDS = 2.0
"""Opening anything takes less."""
MEGABYTES = 300
"""And it takes less memory."""


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: bytes
    err: bytes
    seconds: float
    """Of processors: others may be at work on this machine."""
    megabytes: float

    @property
    def text(self) -> str:
        return (self.out + self.err).decode(errors="replace")


def gan_tui(*arguments: str | bytes | Path, patience: float = 30.0, folder: Path | None = None) -> Ended:
    """Run a command to its end, or kill it: one that waits or needs much is a failure of its own."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            [*GAN_TUI, *arguments], stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=folder,
            start_new_session=True,
        )  # fmt: skip
        deadline, most = time.monotonic() + patience, 0.0
        while not (found := os.wait4(process.pid, os.WNOHANG))[0]:
            if time.monotonic() > deadline:
                os.kill(process.pid, signal.SIGKILL)
            most = max(most, _peak(process.pid))
            time.sleep(0.005)
        _, status, used = found
        process.returncode = os.waitstatus_to_exitcode(status)
        for file in (out, err):
            file.seek(0)
        return Ended(
            process.returncode, out.read(), err.read(), used.ru_utime + used.ru_stime, most
        )  # fmt: skip


def _peak(process: int) -> float:
    """The most memory it has had in MB; what wait4 tells begins with that of whoever started it."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def faults(ended: Ended, seconds: float = SECONDS) -> list[str]:
    """What is wrong with how a command ended, whatever it was asked."""
    wrong = []
    if ended.code < 0:
        wrong.append(f"killed by signal {-ended.code}")
    if ended.seconds > seconds:
        wrong.append(f"{ended.seconds:.1f} s")
    if ended.megabytes > MEGABYTES:
        wrong.append(f"{ended.megabytes:.0f} MB")
    if b"Traceback" in ended.err or b"GAN_TUI_DEBUG" in ended.err:
        wrong.append("a traceback, or an error that is no sentence")
    return wrong


def refused(ended: Ended, *words: str) -> list[str]:
    """What is wrong with a refusal: it is one sentence, on standard error, with these words."""
    wrong = faults(ended)
    said = ended.err.decode(errors="replace")
    if ended.code not in (1, 2):
        wrong.append(f"exit code {ended.code}")
    if ended.out:
        wrong.append(f"said {ended.out[:100]!r}")
    if not said.startswith("gan-tui: ") or said.count("\n") != 1 or len(said) > 700:
        wrong.append("not one sentence")
    wrong += [f"does not say {word!r}" for word in words if word not in said]
    return wrong
