"""A question that needs TensorFlow, put to a process of its own: it answers in one line of JSON, and ends."""

import subprocess
import tempfile
from collections.abc import Sequence
from typing import IO, Any

import orjson

from gan_tui.errors import UserError, told
from gan_tui.supervision.exit_reasons import meant, signal_name
from gan_tui.system.answering import Answering
from gan_tui.text import harmless


def answer(command: Sequence[str], said: bytes, who: str) -> dict[str, Any]:
    """What a process answers that is told this; it ends with this call, however that ends. `who` names it.

    Raises UserError, half a sentence that says why there is no answer.
    """
    with tempfile.TemporaryFile() as log:
        try:
            process = Answering(command, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd="/")
        except OSError as error:
            raise UserError(f"no process could be started: {told(error)}") from None
        try:
            process.communicate(said)
            line = process.answers.read()
        finally:
            process.kill()
            process.wait()
            process.answers.close()
        if not line:
            raise UserError(_died(process.returncode, log, who))
    words: dict[str, Any] = orjson.loads(line)
    if "failed" in words:
        raise UserError(str(words["failed"]).rstrip("."))
    return words


def _died(code: int, log: IO[bytes], who: str) -> str:
    """Why it said nothing."""
    if code < 0:
        return meant(code) or f"{who} was killed ({signal_name(-code)}), perhaps for want of memory"
    log.seek(0)
    lines = log.read().decode(errors="replace").strip().splitlines() or [f"exit code {code}"]
    return harmless(lines[-1], 200)
