"""What is told of a run beside a list: how far it has come, to what, what differs from its preset, what is noted."""

from collections.abc import Mapping
from typing import Any

from textual.content import Content

from gan_tui.dashboard.listed.rows import Row
from gan_tui.dashboard.script_words import script_words, title_of
from gan_tui.run.listing import Listed
from gan_tui.run.maker import Maker, maker_of
from gan_tui.run.results import Results
from gan_tui.system.paths import from_home
from gan_tui.text import counted, duration, four_digits, harmless, padded, percent

_LABEL = 9
"""Columns."""
Fact = tuple[str, str]


def words_of(row: Row, document: Mapping[str, Any], results: Results | None = None) -> Content:
    """All of it. `document` is what the run's preset.toml says, where it was read."""
    listed, run = row.listed, row.run
    if run is None:
        lead = "Enter opens it, T lists its trainings here."
        if row.is_training:
            lead = f"{listed.summary.reason.capitalize()}. Enter opens it."
        return _assembled(lead, _facts(listed, listed.results), "")
    maker = Maker.LOGGER if run.is_log else maker_of("", document)
    again = maker is Maker.COMMAND and not run.alive and run.state != "finished"
    step = f", step {run.step:,}" if run.step else ""
    of_all = f" of {run.steps_total:,} ({percent(run.step, run.steps_total).strip()})" if run.steps_total else ""
    lead = f"{run.shown.capitalize()}{step}{of_all}. Enter opens it{', r starts its script again' if again else ''}."
    facts = _facts(listed, listed.results or results)
    if run.data and run.examples:
        facts.append(("data", f"{run.data}, {counted(run.examples, 'example')}"))
    told = script_words(document) if maker in (Maker.COMMAND, Maker.PROCESS) else ""
    return _assembled(lead, facts, told or harmless(from_home(run.folder.path), 500))


def title_in(row: Row, document: Mapping[str, Any]) -> str:
    """What stands above it."""
    title = title_of(document)
    return f"{row.title}: {title}" if title and title != row.title else row.title


def _facts(listed: Listed, results: Results | None) -> list[Fact]:
    facts = list[Fact]()
    if results and results.judged_by:
        name = harmless(results.judged_by.name, 60)
        if results.newest is not None:
            facts.append(("newest", f"{four_digits(results.newest)} {name}"))
        if results.best is not None:
            at = f" at step {results.best_step:,}" if results.best_step else ""
            facts.append(("best", f"{four_digits(results.best)} {name}{at}"))
    if results and results.seconds:
        facts.append(("trained", duration(results.seconds)))
    facts += [("changed", f"{name} = {value}") for name, value in listed.setup.changed.items()]
    return [*facts, ("note", listed.note)] if listed.note else facts


def _assembled(lead: str, facts: list[Fact], told: str) -> Content:
    lines = [
        Content.assemble((padded("" if place and facts[place - 1][0] == name else name, _LABEL), "$dim"), value)
        for place, (name, value) in enumerate(facts)
    ]
    parts = [Content(lead), Content("\n").join(lines), Content(told)]
    return Content("\n\n").join([part for part in parts if part])
