"""How scripts end, and what their runs hear of it: an exception, `sys.exit`, a signal, a fork.

Python itself remembers the exception that ended it, but not an exit code: `sys.exit`, `exit` and `quit` are replaced by
what notes it and does the same. A `raise SystemExit(3)`, and a `sys.exit` that was caught, are known for what they are
under the launcher alone, which sees how a script ends. Signals that the script has a handler for, or ignores, are left
to it. Others end it as they always do, once the run has been told; in Python, that is when the call that the script is
in has returned.
"""

import _sitebuiltins
import atexit
import importlib
import os
import signal
import sys
import threading
import weakref
from typing import Any, NoReturn, Protocol

from gan_tui.integrations.scripts.words import in_words

_SIGNALS = (signal.SIGTERM, signal.SIGHUP)
"""What ends a script that people do without: kill, a job system, a terminal that goes away."""


class Ending(Protocol):
    """A run that is to hear how its script ends."""

    @property
    def is_writing(self) -> bool:
        """Whether the main thread is in the midst of writing, so that it cannot write anything else."""

    def close(self, state: str = "finished", reason: str = "") -> None: ...

    def forked(self) -> None: ...

    def cell_begins(self) -> None: ...

    def cell_failed(self, why: str) -> None: ...


_runs: "weakref.WeakSet[Ending]" = weakref.WeakSet()
_installed = False
_exit: list[object] = []
"""What the main thread ends itself with: what `sys.exit` was last called with."""
_masks: dict[int, set[int]] = {}
"""Thread that forks → the signals that were held back in it before."""
_signal: list[int] = []
"""What ends the process as soon as nothing is being written."""


def watch(run: Ending) -> None:
    """Tell a run how the script ends."""
    global _installed
    _runs.add(run)
    _hear_exit()
    if not _installed:
        _installed = True
        os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_in_child)
        _remember_exits()
        _hear_signals()
        _hear_cells()


def forget(run: Ending) -> None:
    """It has ended."""
    _runs.discard(run)


def ended_by(error: BaseException | None) -> tuple[str, str]:
    """The state of a run whose script an exception ended, and why, in words."""
    if error is None:
        return "finished", ""
    if isinstance(error, KeyboardInterrupt):
        return "stopped", "interrupted (Ctrl-C)"
    if isinstance(error, SystemExit):
        return _exited(error.code)
    return "failed", f"{in_words(error)}."


def _exited(code: object) -> tuple[str, str]:
    if code in (None, 0, False):
        return "finished", ""
    words = f"its exit code was {code}" if isinstance(code, int) else str(code).strip().splitlines()[-1:]
    return "failed", f"The script has ended itself: {words if isinstance(words, str) else ''.join(words)}."


def _remember_exits() -> None:
    """Have `sys.exit`, `exit` and `quit` note what they are called with: nothing else tells it, once a script ends."""
    usual, usual_quitter = sys.exit, _sitebuiltins.Quitter.__call__

    def remembered(status: object = None, /) -> NoReturn:
        _ends_itself(status)
        usual(status)  # type: ignore[arg-type, unused-ignore]

    def remembered_quitter(quitter: Any, code: object = None) -> NoReturn:
        _ends_itself(code)
        usual_quitter(quitter, code)  # type: ignore[arg-type, unused-ignore]

    sys.exit, _sitebuiltins.Quitter.__call__ = remembered, remembered_quitter  # type: ignore[assignment, method-assign, unused-ignore]


def _ends_itself(status: object) -> None:
    if threading.current_thread() is threading.main_thread():
        _exit[:] = [status]


def script_ended(status: object) -> None:
    """The launcher has seen it: with an exit code, or None where it has come to its end."""
    _exit[:] = [status]


def _hear_signals() -> None:
    if threading.current_thread() is threading.main_thread():
        for number in _SIGNALS:
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _on_signal)


def _on_signal(number: int, _: object) -> None:
    signal.signal(number, signal.SIG_DFL)  # the next one ends it at once
    _signal.append(number)
    obey_signal()


def obey_signal() -> None:
    """End as a signal wants that has come, unless something is being written: then it is asked again afterwards."""
    if not _signal or any(run.is_writing for run in list(_runs)):
        return
    number = _signal.pop()
    for run in list(_runs):
        run.close("stopped", f"ended by {signal.Signals(number).name}")
    signal.raise_signal(number)


def _hear_exit() -> None:
    """As the first of all that do: what others end may take long. Children of multiprocessing end in their own way."""
    atexit.unregister(_at_exit)
    atexit.register(_at_exit)
    process = sys.modules.get("multiprocessing.process")
    if process and process.parent_process() is not None:
        importlib.import_module("multiprocessing.util").Finalize(None, _at_exit, exitpriority=1000)


def _at_exit() -> None:
    if hasattr(sys, "ps1") or _notebook():  # what a line of it has raised, does not end it
        for run in list(_runs):
            run.close("stopped", "its notebook or prompt was closed")
        return
    error = sys.exc_info()[1] or getattr(sys, "last_exc", None) or getattr(sys, "last_value", None)
    state, reason = ended_by(error) if error is not None else _exited(_exit[0]) if _exit else ("finished", "")
    for run in list(_runs):
        run.close(state, reason)


def goes_on() -> None:
    """Something was written: the script goes on, unless a signal was to end it. One that has called `sys.exit`, and
    trains nevertheless, has taken that back."""
    if _exit and threading.current_thread() is threading.main_thread():
        _exit.clear()
    obey_signal()


# Notebooks --------------------------------------------------------------------------------------------


def _notebook() -> Any:
    """The IPython that this is a session of; None where there is none."""
    module = sys.modules.get("IPython")
    return module.get_ipython() if module and hasattr(module, "get_ipython") else None


def _hear_cells() -> None:
    """A cell that fails, or is interrupted, ends the loop in it and not the process."""
    if notebook := _notebook():
        notebook.events.register("pre_run_cell", _before_cell)
        notebook.events.register("post_run_cell", _after_cell)


def _before_cell(_: Any) -> None:
    for run in list(_runs):
        run.cell_begins()


def _after_cell(result: Any) -> None:
    error = result.error_in_exec or result.error_before_exec
    if error is not None:
        why = "its cell was interrupted" if isinstance(error, KeyboardInterrupt) else in_words(error)
        for run in list(_runs):
            run.cell_failed(why)


# Forks ------------------------------------------------------------------------------------------------


def _before_fork() -> None:
    """Signals wait: one that a child is sent before it is our handler's no more would be forgotten."""
    _masks[threading.get_ident()] = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)


def _after_fork() -> None:
    if (before := _masks.pop(threading.get_ident(), None)) is not None:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _in_child() -> None:
    """What was the script's is another process's: this one ends as if there were no run."""
    for run in list(_runs):
        run.forked()
    _runs.clear()
    for number in _SIGNALS:
        if signal.getsignal(number) is _on_signal:
            signal.signal(number, signal.SIG_DFL)
    _after_fork()
