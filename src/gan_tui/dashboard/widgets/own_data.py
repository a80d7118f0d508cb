"""A preset on the data that a person types, which are looked at in a thread once they pause."""

from collections.abc import Mapping
from dataclasses import dataclass

from textual.timer import Timer
from textual.widget import Widget

from gan_tui.dashboard.looks import TROUBLES, NewestLook, words_of
from gan_tui.presets import Preset

PAUSE_SECONDS = 0.4
"""After the last key."""
PLACES = ("data", "label", "data_folder", "points")
"""The settings that say which data, in the order in which one decides what the next may be."""


@dataclass(frozen=True)
class _Asked:
    """What is to be looked at."""

    base: Preset
    typed: tuple[tuple[str, str], ...]
    """(setting, text) of each of the places that is typed."""


@dataclass(frozen=True)
class _Answer:
    """What became of that: a preset on the data, or a sentence."""

    asked: _Asked
    preset: Preset | None
    problem: str


class OwnData:
    """Says whether it is looking; then what the preset is on those data, or what is wrong with them."""

    def __init__(self, widget: Widget) -> None:
        """`widget` is told `Looked` when there is an answer, to be given to `take`."""
        self._widget, self._looks = widget, NewestLook(widget)
        self._asked: _Asked | None = None
        self._answer: _Answer | None = None
        self._pause: Timer | None = None

    @property
    def place(self) -> str:
        """The data that are typed; empty for the preset's own."""
        return dict(self._asked.typed).get("data", "") if self._asked else ""

    @property
    def asked(self) -> tuple[str, str]:
        """(setting, text) of what is typed first of all that is looked at; empty where nothing is."""
        return self._asked.typed[0] if self._asked and self._asked.typed else ("", "")

    @property
    def is_looking(self) -> bool:
        """Whether there is no answer yet to what is typed."""
        return bool(self.asked[1]) and self._of_asked is None

    @property
    def problem(self) -> str:
        """What is wrong with the data, a sentence."""
        return self._of_asked.problem if self._of_asked else ""

    @property
    def preset(self) -> Preset:
        """The preset on the data that were found, else on its own."""
        assert self._asked is not None
        return (self._of_asked and self._of_asked.preset) or self._asked.base

    @property
    def _of_asked(self) -> _Answer | None:
        return self._answer if self._answer and self._answer.asked == self._asked else None

    def want(self, base: Preset, typed: Mapping[str, str], at_once: bool) -> None:
        """Have a preset on what is typed; look when typing pauses, or `at_once`."""
        places = ((name, typed[name].strip()) for name in PLACES if name in typed)
        asked = _Asked(base, tuple((name, text) for name, text in places if text and text != base.settings[name]))
        if asked == self._asked and not (at_once and self._pause):
            return
        self._asked = asked
        if self._pause:
            self._pause.stop()
            self._pause = None
        self._looks.forget()
        if not asked.typed or self._of_asked:
            return
        if at_once:
            self._look()
        else:
            self._pause = self._widget.set_timer(PAUSE_SECONDS, self._look)

    def take(self, answer: object) -> None:
        """What the look has come to."""
        assert isinstance(answer, _Answer)
        self._answer = answer

    def _look(self) -> None:
        self._pause, asked = None, self._asked
        if asked:
            self._looks.ask(lambda: _looked(asked))


def _looked(asked: _Asked) -> _Answer:
    rules, dataset = asked.base.rules, asked.base.dataset
    try:
        values = {name: rules.from_text(name, text, dataset) for name, text in asked.typed}
        return _Answer(asked, asked.base.with_settings(values), "")
    except TROUBLES as trouble:
        return _Answer(asked, None, words_of(trouble))
