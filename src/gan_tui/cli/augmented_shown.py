"""What `gan-tui data show --augment` adds: examples as training may see them, drawn below the others."""

from collections.abc import Iterator

from gan_tui import presets
from gan_tui.cli import data_shown
from gan_tui.data import own
from gan_tui.data.own.described import changed_at_random
from gan_tui.data.own.found import Form
from gan_tui.data.own.report import various
from gan_tui.errors import UserError
from gan_tui.presets.augmentation import AMOUNTS, SHOWN
from gan_tui.supervision.augmenting import Augmenting
from gan_tui.system.painted_line import meanwhile
from gan_tui.text import flowed

_RULES = next(rules for rules in presets.TASKS.values() if rules.learns_classes and rules.takes is Form.IMAGES)
"""Those that take every word."""
NOTHING = "There is nothing to augment in a table: only images are changed at random."
ON_A_TERMINAL = "Augmented examples are drawn on a terminal alone."


def changes(text: str) -> tuple[str, ...]:
    """What was typed, as presets have it. Raises UserError as for a preset."""
    try:
        words: tuple[str, ...] = _RULES.from_text("augment", text)
    except ValueError as problem:
        raise UserError(f"{problem}.") from None
    if not words:
        raise UserError(f"--augment needs some of {', '.join(AMOUNTS)}, such as --augment 'flip, rotate 0.1'.")
    return words


def lines(report: own.Report, words: tuple[str, ...], columns: int | None, drawn: bool) -> Iterator[str]:
    """The block, after a blank line; without pictures where nothing can be `drawn`. Raises UserError."""
    yield ""
    if report.found.form is not Form.IMAGES:
        yield flowed(NOTHING, columns)
        return
    if not drawn:
        yield flowed(ON_A_TERMINAL, columns)
        return
    yield "augmented"
    yield flowed(changed_at_random(words), columns)
    with meanwhile("loading TensorFlow, to draw them …"):
        rows = Augmenting(words, _RULES.settings_for()["seed"].default).rows(various(report, SHOWN))
    for number, row in enumerate(rows):
        yield from [""] * bool(number)
        yield from data_shown.drawn(row, columns or 80)
