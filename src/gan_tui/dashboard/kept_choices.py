"""What a person has chosen by a key of a screen: it holds at once, and the next time, unless config.toml names it.

Names are those of config.toml (`system/config_keys.py`) where it has them.
"""

import json
import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from gan_tui.system import config, kept_answers
from gan_tui.system.config_keys import KNOWN

if TYPE_CHECKING:
    from gan_tui.dashboard.terminal.app import TerminalApp

_FILE = "choices"
Value = TypeVar("Value", str, float, bool)


class _Choices:
    """Those of one app."""

    def __init__(self, app: "TerminalApp | None" = None) -> None:
        self.app = app
        self.now: dict[str, Any] = {}
        """What was chosen since the start."""
        self.unwritten: dict[str, Any] = {}
        """What of it is not on the disk: all else may have been chosen otherwise since, by another dashboard."""
        self.said = False
        """Whether it was said that the disk refuses them."""
        self._writing, self._lock = threading.Lock(), threading.Lock()
        """One is held while the disk is asked, the other never for longer than a dictionary takes."""
        self._before: dict[str, str] | None = None

    @property
    def before(self) -> dict[str, str]:
        """What was kept when it was first asked for."""
        if self._before is None:
            self._before = kept_answers.kept(_FILE)
        return self._before

    def choose(self, name: str, value: Any) -> None:
        with self._lock:
            self.now[name] = self.unwritten[name] = value

    def write(self) -> None:
        """Beside what others have kept meanwhile. Raises OSError, once."""
        with self._writing:
            with self._lock:
                chosen = self.unwritten.copy()
            try:
                kept_answers.change(_FILE, lambda kept: {**kept, **{name: json.dumps(chosen[name]) for name in chosen}})
            except OSError:
                said, self.said = self.said, True
                if not said:
                    raise
            else:
                with self._lock:
                    for name in chosen:
                        if self.unwritten[name] == chosen[name]:
                            del self.unwritten[name]

    def write_away(self, app: "TerminalApp") -> None:
        """In a thread: a home folder on a network may not answer."""
        with app.saying_what_is_not_kept("What you choose"):
            self.write()


_choices = _Choices()


def begin(app: "TerminalApp | None" = None) -> None:
    """A start: what is kept and what config.toml says are read anew, and `app` says what cannot be kept."""
    global _choices
    _choices = _Choices(app)
    config.written.cache_clear()


def chosen(name: str, default: Value) -> Value:
    """What was chosen since the start, or is written in config.toml, or was kept, or else the default."""
    if name in _choices.now:
        return _choices.now[name]  # type: ignore[no-any-return]
    if config.is_written(name):
        return config.value(name)  # type: ignore[no-any-return]
    return kept(name, default)


def is_kept(name: str) -> bool:
    """Whether it was chosen at an earlier time."""
    return name in _choices.before


def kept(name: str, default: Value) -> Value:
    """What was kept of an earlier time, if it is of the default's kind."""
    with suppress(KeyError, ValueError, RecursionError):
        found = json.loads(_choices.before[name])
        kind = (int, float) if isinstance(default, float) else type(default)
        known = KNOWN.get(name)
        if isinstance(found, kind) and isinstance(found, bool) == isinstance(default, bool):
            return found if known is None or known.fits(found) else default  # type: ignore[return-value]
    return default


def keep(name: str, value: str | float | bool) -> None:
    """From now on, and the next time. What cannot be kept is said, once."""
    if _choices.now.get(name) == value and name in _choices.now:
        return
    _choices.choose(name, value)
    app = _choices.app
    if app is not None and app.is_running:
        app.run_worker(partial(_choices.write_away, app), thread=True, group="choices", exit_on_error=False)
    else:
        with suppress(OSError):
            _choices.write()
