"""A question that needs TensorFlow, put to a process of its own: it answers in one line of JSON, and ends."""

import tempfile
import time
from collections.abc import Sequence
from select import select
from typing import IO, Any

import orjson

from gan_tui.errors import UserError, told
from gan_tui.supervision.exit_reasons import meant, signal_name
from gan_tui.system.answering import Answering
from gan_tui.text import duration, harmless

_PART = 1 << 16
"""Bytes that are read at a time."""


def answer(command: Sequence[str], said: bytes, who: str) -> dict[str, Any]:
    """What a process answers that is told this; it ends with this call, however that ends. `who` names it.

    Raises UserError, half a sentence that says why there is no answer.
    """
    return Question(command, who).answer(said)


class Question:
    """To be asked once. Whoever does not want to know any more takes it back, from any thread, before or meanwhile."""

    def __init__(self, command: Sequence[str], who: str, patience: float | None = None) -> None:
        """`patience` is for how many seconds an answer is waited for; None: as long as the process lives."""
        self._command, self._who, self._patience = command, who, patience
        self._process: Answering | None = None
        self._taken_back = False

    def take_back(self) -> None:
        """End the process at once; nobody is told."""
        self._taken_back = True
        if self._process:
            self._process.kill()

    def answer(self, said: bytes) -> dict[str, Any]:
        """As `answer`."""
        with tempfile.TemporaryFile() as log, tempfile.TemporaryFile() as question:
            try:
                question.write(said)
                question.seek(0)
                process = Answering(self._command, stdin=question, stdout=log, stderr=log, cwd="/")
            except OSError as error:
                raise UserError(f"no process could be started: {told(error)}") from None
            self._process = process
            try:
                line = b"" if self._taken_back else self._read(process)
            finally:
                process.kill()
                process.wait()
                process.answers.close()
            if not line:
                raise UserError(_died(process.returncode, log, self._who))
        words: dict[str, Any] = orjson.loads(line)
        if "failed" in words:
            raise UserError(str(words["failed"]).rstrip("."))
        return words

    def _read(self, process: Answering) -> bytes:
        """All that it answers, to its end. Raises UserError where that takes too long."""
        patience, since, parts = self._patience, time.monotonic(), list[bytes]()
        while True:
            left = None if patience is None else max(0.0, since + patience - time.monotonic())
            if not select([process.answers], [], [], left)[0]:
                raise UserError(f"{self._who} has not answered for {duration(patience or 0)}")
            part = process.answers.read1(_PART)
            if not part:
                return b"".join(parts)
            parts.append(part)


def _died(code: int, log: IO[bytes], who: str) -> str:
    """Why it said nothing."""
    if code < 0:
        return meant(code) or f"{who} was killed ({signal_name(-code)}), perhaps for want of memory"
    log.seek(0)
    lines = log.read().decode(errors="replace").strip().splitlines() or [f"exit code {code}"]
    return harmless(lines[-1], 200)
