"""The words and tables of a page: what a run is, what it has come to, its settings, layers, events and versions."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from gan_tui.integrations.export.markup import Markup, joined, tag
from gan_tui.integrations.export.whole_run import WholeRun
from gan_tui.run.events import LOG
from gan_tui.run.holder import ENDED
from gan_tui.run.results import best_place
from gan_tui.run.script_command import ScriptCommand
from gan_tui.text import counted, duration, four_digits, harmless

MOST_ROWS = 500
"""Of a table."""
MOST_EVENTS = 200
_COLORS = {"training": "good", "finished": "good", "failed": "bad", ENDED: "bad"}


class Setting(Protocol):
    """A setting of a run, in words."""

    @property
    def name(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def usual(self) -> str | None:
        """What its preset has, where that is something else."""

    @property
    def is_default(self) -> bool: ...


def head(run: WholeRun) -> Markup:
    """What it is, how it stands, when it ran."""
    state, shown = run.state, run.folder.standing().shown(run.state.state)
    title = state.started.title if state.started and state.started.title != run.folder.name else ""
    said: list[str] = [tag("span", shown, class_=f"state {_COLORS.get(shown, 'warning')}")]
    said += [f": {state.reason}"] if state.reason else []
    trouble = run.folder.trouble()
    lines = [
        tag("h1", run.folder.name),
        *([tag("p", title, class_="dim")] if title else []),
        tag("p", *said),
        *([tag("p", trouble, class_="bad")] if trouble else []),
    ]
    return joined(tag("header", *lines), _table("The run", [], _facts(run)))


def _facts(run: WholeRun) -> Iterator[tuple[str, str | Markup]]:
    state, started = run.state, run.state.started
    yield "began", _moment(state.first_time)
    yield "last event", _moment(state.last_time)
    yield "trained for", duration(state.course.seconds)
    yield "steps", f"{state.step:,} of {state.steps_total:,}" if state.steps_total else f"{state.step:,}"
    if state.epoch or state.has_epochs:
        per_epoch = started.steps_per_epoch if started and state.has_epochs else 0
        yield "epochs", f"{max(state.epoch, state.step // per_epoch if per_epoch else 0):,}"
    if started and not state.is_of_others:
        yield "preset", started.preset
        yield "seed", str(started.seed)
        yield "weights", started.start
    if started and (started.dataset.get("train") or not state.is_of_others):
        yield "data", _data(started.dataset)
    if started and started.task != LOG:
        yield "devices", ", ".join(started.devices)
    command = ScriptCommand.of_run(run.folder)
    yield "command", command.line if command else ""


def _moment(seconds: float) -> Markup:
    """A time as it was on the clock here, with its zone."""
    if not seconds:
        return Markup("")
    try:
        moment = datetime.fromtimestamp(seconds).astimezone()
    except (ValueError, OverflowError, OSError):
        return Markup("")
    return tag("time", f"{moment:%Y-%m-%d %H:%M %Z}", datetime=moment.isoformat(timespec="seconds"))


def _data(dataset: Mapping[str, Any]) -> str:
    counts = [
        f"{count:,} for {words}"
        for part, words in (("train", "training"), ("validation", "validation"))
        if isinstance(count := dataset.get(part), int) and count
    ]
    told = [str(dataset.get(key) or "") for key in ("name", "origin")]
    return ", ".join(filter(None, [*told, *counts]))


def results(run: WholeRun) -> Iterator[Markup]:
    """The newest and the best value of each metric."""
    rows = list[tuple[str, ...]]()
    for name, series in run.state.series.items():
        if not series.length:
            continue
        metric, best = run.state.metric(name), best_place(series.values, run.state.metric(name))
        told = ("", "") if best is None else (four_digits(float(series.values[best])), f"{series.steps[best]:,}")
        rows.append((name, four_digits(series.last), "least" if metric.falls else "most", *told))
    if rows:
        columns = ("metric", "newest", "least or most", "value", "at step")
        yield _table("What was measured", columns, rows, numbers=(1, 3, 4))


def settings(run: WholeRun, given: Sequence[Setting]) -> Iterator[Markup]:
    """Those that differ from the preset are marked; those that are as by default are folded, below them."""
    own = [one for one in given if one.usual is not None or not one.is_default]
    others = [(one.name, one.value) for one in given if one.usual is None and one.is_default and one.value]
    marked = {one.name for one in own if one.usual is not None}
    if own:
        caption = "Marked ones differ from the preset" if marked else "As they were set"
        columns = ("setting", "value", "its preset has") if marked else ("setting", "value")
        yield _table(
            caption, columns, [(one.name, one.value, one.usual or "")[: len(columns)] for one in own], (), marked
        )
    changed = [(name, _value(value)) for name, value in run.state.settings.items() if name not in ("image", "latent")]
    if changed:
        yield _table("Changed while it trained", ("setting", "newest value"), changed)
    if others:
        summary = tag("summary", f"{counted(len(others), 'setting')} as by default")
        yield tag("details", summary, _table("As by default", ("setting", "value"), others))


def _value(value: Any) -> str:
    return harmless(str(value), 200)


def layers(run: WholeRun) -> Iterator[Markup]:
    """A table for each network."""
    for network, rows in (run.state.started.networks if run.state.started else {}).items():
        total = sum(row["parameters"] for row in rows)
        trainable = sum(int(row.get("trainable") or 0) for row in rows)
        cells = [
            (str(row["name"]), str(row.get("layer", row["kind"])), ", ".join(map(str, row.get("from", ()))),
             " × ".join(map(str, row["output_shape"])), f"{row['parameters']:,}")
            for row in rows
        ]  # fmt: skip
        columns = ("name", "layer", "takes", "output", "parameters")
        kept = [place for place in range(5) if place != 2 or any(row[2] for row in cells)]
        yield tag("h3", network)
        yield _table(
            f"{counted(total, 'parameter')}, {trainable:,} of them trainable",
            [columns[place] for place in kept], [[row[place] for place in kept] for row in cells],
            numbers=(len(kept) - 1,),
        )  # fmt: skip


def events(run: WholeRun) -> Iterator[Markup]:
    """Alerts, pauses, changed settings and checkpoints by their steps; what was written under tags."""
    state = run.state
    told = [(alert.step, f"Alert: {alert.text}") for alert in state.alerts]
    told += [(mark.step, mark.words) for mark in state.course.marks]
    told += [(saved.step, f"checkpoint ({saved.why})") for saved in state.checkpoints]
    told.sort(key=lambda one: one[0])
    if told:
        rows = [(f"{step:,}", words) for step, words in told[-MOST_EVENTS:]]
        caption = "By step" if len(rows) == len(told) else f"By step, the last {MOST_EVENTS} of {len(told):,}"
        yield _table(caption, ("step", "what"), rows, numbers=(0,))
    for name, text in state.texts.items():
        yield tag("h3", f"{name}, step {text.step:,}")
        yield from (tag("p", line) for line in text.text.splitlines()[:MOST_ROWS])
    if run.damaged:
        yield tag("p", run.folder.damage(run.damaged))


def versions(run: WholeRun) -> Iterator[Markup]:
    """Of what it was trained with."""
    if run.state.started and run.state.started.versions:
        yield _table("Trained with", ("package", "version"), [*run.state.started.versions.items()])


def _table(
    caption: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str | Markup]],
    numbers: Sequence[int] = (),
    marked: Container[str] = (),
) -> Markup:
    """The first cell of a row is its heading, by which some are `marked`; rows without words are left out."""
    told = [row for row in rows if any(row[1:])][: MOST_ROWS + 1]
    more = [tag("p", f"The first {MOST_ROWS} rows are shown.", class_="dim")] if len(told) > MOST_ROWS else []
    kinds = ["number" if place in numbers else None for place in range(max(map(len, told), default=0))]
    top = [tag("th", column, scope="col", class_=kinds[place]) for place, column in enumerate(columns)]
    body = [
        tag(
            "tr",
            tag("th", row[0], scope="row", class_=kinds[0]),
            *(tag("td", cell, class_=kinds[place]) for place, cell in enumerate(row[1:], 1)),
            class_="changed" if row[0] in marked else None,
        )
        for row in told[:MOST_ROWS]
    ]
    head_row = [tag("thead", tag("tr", *top))] if columns else []
    whole = tag("table", tag("caption", caption), *head_row, tag("tbody", *body))
    return joined(tag("div", whole, class_="wide"), *more)
