"""How a run of a script ends: with the script, by its own word, or because it is lost."""

import sys
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

from gan_tui.integrations.scripts import endings
from gan_tui.integrations.scripts.run_parts import RunParts


class RunEnds(RunParts):
    """A part of `ScriptRun`, which hears how the script ends (`endings.Ending`)."""

    _is_closing = False
    _step_before = 0
    """The step at which the present cell of a notebook was begun."""

    def _give_up(self, why: str, since: str = "") -> None:
        """Go on without a run."""
        self._recording = self._obedience = None
        print(f"gan-tui: this training is not recorded{since}: {why}", file=sys.stderr)

    def close(self, state: str = "finished", reason: str = "") -> None:
        """The training has ended. state: "finished", "stopped" or "failed"; reason: why, in words."""
        recording, obedience = self._recording, self._obedience
        if self._is_closing or recording is None or obedience is None:
            return
        self._is_closing = True
        if self.before_close:
            with suppress(Exception):  # what is still to be told is not worth the end of a script
                self.before_close()
        if obedience.stop and state == "finished":
            state, reason = "stopped", "asked to stop"
        recording.show(state, reason)
        recording.close()
        obedience.end(reason if state == "failed" else "")
        obedience.source.close("The run has ended.")
        self._recording, self._obedience, self._is_closing = None, None, False
        endings.forget(self)
        endings.obey_signal()

    def _lose(self) -> None:
        """The folder is not ours any more: the training goes on without it."""
        assert self._recording and self._obedience
        lost, recording, source = self._obedience.source.lost, self._recording, self._obedience.source
        self._give_up(lost, " any more")
        recording.close()
        source.close(lost)

    @property
    def is_writing(self) -> bool:
        """Whether this thread is in the midst of writing, or of ending the run."""
        return self._is_closing or (self._recording is not None and self._recording.writer == threading.get_ident())

    def cell_begins(self) -> None:
        """A cell of a notebook is run."""
        self._step_before = self.step

    def cell_failed(self, why: str) -> None:
        """It has failed: where it has trained, nothing trains now. It may be run again, and go on."""
        if self._recording and self.step != self._step_before:
            self._recording.show("paused", why)
            self._recording.is_starting = True

    def forked(self) -> None:
        """In a process that was forked from the one that has the run: it writes nothing, and keeps nothing open."""
        if self._obedience:
            self._obedience.source.let_go()
        self._recording = self._obedience = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(*endings.ended_by(error))

    def __del__(self) -> None:
        if getattr(self, "_recording", None) is not None:
            self.close()
