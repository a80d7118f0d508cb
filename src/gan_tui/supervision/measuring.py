"""How long a step of a preset takes here, and how much memory: measured in a process of its own, by the real thing."""

import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from typing import IO

import orjson
import tomli_w

from gan_tui.errors import UserError, told
from gan_tui.presets import Preset
from gan_tui.supervision.exit_reasons import meant, signal_name
from gan_tui.system.answering import Answering
from gan_tui.text import harmless

MEASURE = (sys.executable, "-P", "-m", "gan_tui.training.measure")


@dataclass(frozen=True)
class Measured:
    """What was measured."""

    step: float
    """Seconds that a step takes."""
    steps: int
    """How many were measured."""
    validation: float
    """Seconds after each epoch; 0 where nothing is held back."""
    memory: int
    """Bytes of the whole process, at the most."""
    device: str
    """What it was computed on, in words."""


def measured(preset: Preset) -> Measured:
    """Train some steps of a preset that is ready, in a process that ends with this call, however that ends.

    Raises UserError, half a sentence that says why it could not be measured.
    """
    with tempfile.TemporaryFile() as log:
        try:
            process = Answering(MEASURE, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd="/")
        except OSError as error:
            raise UserError(f"no process could be started: {told(error)}") from None
        try:
            assert process.stdin is not None
            anew = replace(preset, start=None)  # whatever weights are, a step of them takes as long
            process.communicate(tomli_w.dumps(anew.as_document()).encode())
            answer = process.answers.read()
        finally:
            process.kill()
            process.wait()
            process.answers.close()
        if not answer:
            raise UserError(_died(process.returncode, log))
    words = orjson.loads(answer)
    if "failed" in words:
        raise UserError(str(words["failed"]).rstrip("."))
    return Measured(**words)


def _died(code: int, log: IO[bytes]) -> str:
    """Why it said nothing."""
    if code < 0:
        return meant(code) or f"the process that measured was killed ({signal_name(-code)}), perhaps for want of memory"
    log.seek(0)
    lines = log.read().decode(errors="replace").strip().splitlines() or [f"exit code {code}"]
    return harmless(lines[-1], 200)
