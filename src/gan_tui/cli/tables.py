"""Presets, networks and runs as aligned text; `columns` are those of a terminal, which it then fits."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gan_tui.presets import DATASETS, TASKS, Network, Preset
from gan_tui.presets.changed import changed_of
from gan_tui.presets.layer_table import in_words, layer_rows, shape
from gan_tui.run import notes
from gan_tui.run.events import Epoch
from gan_tui.run.folder import RunFolder
from gan_tui.run.results import of_state
from gan_tui.run.summaries import RunSummary, summary_of
from gan_tui.text import aligned, duration, four_digits, harmless

if TYPE_CHECKING:  # it brings numpy, which no other table needs
    from gan_tui.run.state import RunState


def network_table(network: Network, columns: int | None = None) -> str:
    """A network's layers and totals, as Keras's summary gives them."""
    rows = [("layer", "output", "parameters"), *_layers(network)]
    totals = f"total {network.parameters:,}   trainable {network.trainable:,}   non-trainable {network.fixed:,}"
    return f"{network.name}\n{aligned(rows, (2,), columns)}\n{totals}"


def _layers(network: Network) -> list[tuple[str, str, str]]:
    """(layer, output shape, parameters) of each input and each layer."""
    rows = layer_rows(network)
    return [
        ("".join(words), shape(row["output_shape"]), "" if row["kind"] == "Input" else f"{row['parameters']:,}")
        for words, row in zip(in_words(rows), rows, strict=True)
    ]


def preset_table(presets: Sequence[Preset], columns: int | None = None) -> str:
    """Presets grouped by task, with the parameters of each network."""
    lines: list[str] = []
    for task, rules in TASKS.items():
        rows = [
            (
                f"  {preset.name}",
                preset.title,
                "  ".join(f"{network.name} {network.parameters:,}" for network in preset.networks),
            )
            for preset in presets
            if preset.task == task
        ]
        if rows:
            lines += ["", rules.heading, aligned(rows, (), columns)]
    return "\n".join(lines[1:])


def results(folder: RunFolder, settings: Mapping[str, Any], columns: int | None = None) -> str:
    """What a run with these settings has come to: its state, what its last epoch gave (or the one whose weights it
    ended with), its best value, what was changed and noted, its checkpoints, and what is amiss.
    """
    from gan_tui.run.follower import state_of  # brings numpy, which no other table needs
    from gan_tui.run.outcome import best_before_last, stuck

    state, summary = state_of(folder, history=True), summary_of(folder)
    says_why = state.reason and not summary.standing.waits
    rows = [("state", f"{summary.state}: {state.reason}" if says_why else summary.shown)]
    if state.started and state.started.start:
        rows += [("start", state.started.start)]
    rows += [("step", f"{summary.step:,} of {summary.steps_total:,}" if summary.steps_total else f"{summary.step:,}")]
    restores = settings.get("restore_best") and state.state == "finished"
    best = best_before_last(folder, state.metric(settings.get("monitor", "val_loss"))) if restores else None
    rows += [(name, _result(state, name, best)) for name, series in state.series.items() if series.length]
    rows += [(name, words) for name, words in _in_a_list(folder, state, summary) if words]
    rows += [("checkpoint", f"{saved.folder} ({saved.why})") for saved in state.checkpoints[-1:]]
    rows += [("note", words) for words in (stuck(state), folder.trouble()) if words]
    return aligned([(f"  {name}", words) for name, words in rows], (), columns)


def _in_a_list(folder: RunFolder, state: "RunState", summary: RunSummary) -> list[tuple[str, str]]:
    """What a list of runs tells of it."""
    from gan_tui.run.telling import EPOCH, PART, telling

    found = of_state(state)
    changed = " ".join(f"{name}={value}" for name, value in changed_of(summary).items())
    best = ""
    if found.judged_by and found.best_step:
        each = telling(state, found.judged_by.name).each
        of = {EPOCH: " (mean of an epoch)", PART: " (mean of a part of its course)"}.get(each, "")
        best = f"{four_digits(found.best)} {harmless(found.judged_by.name, 80)} at step {found.best_step:,}{of}"
    trained = duration(found.seconds) if found.seconds else ""
    return [("best", best), ("trained", trained), ("changed", changed), ("noted", notes.of(folder))]


def _result(state: "RunState", name: str, best: Epoch | None) -> str:
    """What was measured last under a name, and of what it is; `best` is the epoch that was gone back to."""
    epoch, is_mean = best or state.last_epoch, state.metric(name).each == "step"
    if epoch and name in epoch.values and (best or is_mean):
        mean, restored = "mean of " if is_mean else "", ", restored" if best else ""
        return f"{four_digits(epoch.values[name])} ({mean}epoch {epoch.epoch}{restored})"
    is_all = not is_mean or (state.started and state.started.steps_per_epoch == 1)
    return four_digits(state.series[name].last) + ("" if is_all else " (last step)")


def run_table(runs: Sequence[RunSummary], columns: int | None = None) -> str:
    """Runs with their states, the newest first; with their data where any are a person's own."""
    rows = [("run", "preset", "state", "step", "data")]
    rows += [
        (
            run.folder.name,
            harmless(run.preset, 40),
            run.shown,
            f"{run.step:,} of {run.steps_total:,}" if run.steps_total else f"{run.step:,}",
            f"{run.data}, {run.examples:,}" if run.data and run.examples else "",
        )
        for run in runs
    ]
    if all(run.data in ("", *DATASETS) or not run.examples for run in runs):
        rows = [row[:-1] for row in rows]  # type: ignore[misc]
    return aligned(rows, (3,), columns)
