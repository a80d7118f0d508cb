"""A preset with what a person types for its settings, read at each key; wherever it is typed, it is read the same."""

import re
from collections.abc import Mapping

from textual.widget import Widget

from gan_tui.dashboard.widgets.own_data import PLACES, OwnData
from gan_tui.errors import UserError
from gan_tui.presets import Preset
from gan_tui.presets.plan import planned
from gan_tui.presets.settings import value_words

OF_OWN_DATA = ("label", "image_size", "color", "resize")
"""Those that mean something with data of a person's own alone."""
EMPTY = {"steps": "by epochs", "data": "its own", "label": "the last", "image_size": "auto"}
"""Those that are empty unless something is typed, and what that means."""
LOOKING = "the data are still being looked at"


def own_words(preset: Preset, name: str) -> str:
    """A preset's own value of a setting, as it stands in its field."""
    value = preset.settings[name]
    if name in EMPTY and (not value or name != "steps"):
        return ""
    return value if isinstance(value, str) else value_words(value)


def shown_value(name: str, value: object) -> str:
    """A value of a setting, or what it means that there is none."""
    words = value_words(value) or "none"
    return words if value else EMPTY.get(name, words)


class TypedPreset:
    """`preset` is the preset with what was typed, or None while that is wrong, or its data are looked at."""

    def __init__(self, widget: Widget) -> None:
        """`widget` is told `Looked` once data of a person's own were looked at, to be given to `take`."""
        self._own = OwnData(widget)
        self.preset: Preset | None = None
        self.problem = ""
        """What is wrong first, in a sentence or half of one."""
        self.outcome = ""
        """What training comes to, in words."""
        self.wrong: frozenset[str] = frozenset()
        """The settings whose text is no value, or fits no other."""

    def read(self, base: Preset, typed: Mapping[str, str], at_once: bool = False) -> None:
        """Have a preset with some texts, by setting; those that are left out are its own."""
        self._own.want(base, typed, at_once)
        changes, wrong = dict[str, object](), dict[str, str]()
        for name, text in {
            "steps": own_words(base, "steps"),
            **typed,
        }.items():  # steps go before epochs, wherever typed
            if name in PLACES or (name in OF_OWN_DATA and not (text and self.has_own)):
                continue
            try:
                changes[name] = base.rules.from_text(name, text or _unless_typed(base, name), base.dataset)
            except (ValueError, UserError) as error:
                wrong[name] = str(error)
        if self._own.problem:
            wrong[self._own.asked[0]] = self._own.problem
        problem = next(iter(wrong.values()), "")
        self.preset, self.outcome = None, ""
        if not problem and not self.is_looking:
            problem = self._made(changes)
            wrong = {_named(problem, base): problem} if problem else {}
        self.problem, self.wrong = problem, frozenset(wrong)

    def _made(self, changes: Mapping[str, object]) -> str:
        """Make the preset; returns what is wrong with it as a whole."""
        try:
            preset = self._own.preset.with_settings(changes)
            self.outcome = outcome_of(preset)
            self.preset = preset
        except (UserError, ValueError) as error:
            return str(error)
        return ""

    def take(self, answer: object) -> None:
        """What a look at data has come to; `read` again then."""
        self._own.take(answer)

    @property
    def is_looking(self) -> bool:
        return self._own.is_looking

    @property
    def has_own(self) -> bool:
        """Whether there are data of a person's own, or such are typed."""
        return bool(self._own.place or self._own.preset.found)

    @property
    def found(self) -> str:
        """What lies at a person's own data, in words; empty while that is not known."""
        found = self._own.preset.found
        return found.says if found and not self._own.problem and not self.is_looking else ""

    @property
    def looks_at(self) -> str:
        """What is being looked at, as it was typed."""
        return self._own.asked[1] if self.is_looking else ""


def _unless_typed(base: Preset, name: str) -> str:
    return "0" if name == "steps" else own_words(base, name)


def _named(problem: str, base: Preset) -> str:
    """The setting that a sentence begins with; empty where it begins with none."""
    word = re.match(r"[a-z_0-9]*", problem)
    return word[0] if word and word[0] in base.settings else ""


def outcome_of(preset: Preset) -> str:
    """What training comes to, in words. Raises UserError where it cannot be trained."""
    plan = planned(preset)
    validation = f", {plan.validation:,} more for validation" if plan.validation else ""
    return f"{plan.steps_total:,} steps, {plan.steps_per_epoch:,} per epoch; {plan.train:,} examples{validation}"
