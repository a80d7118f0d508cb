"""Presets, networks and runs as aligned text; `columns` are those of a terminal, which it then fits."""

from collections.abc import Sequence

from gan_tui.presets import TASKS, Network, Preset
from gan_tui.presets.layer_table import described, shape
from gan_tui.run.folder import RunFolder
from gan_tui.run.summaries import RunSummary, summary_of
from gan_tui.text import aligned, four_digits, harmless


def network_table(network: Network, columns: int | None = None) -> str:
    """A network's layers and totals, as Keras's summary gives them."""
    rows = [("layer", "output", "parameters"), ("input", shape(network.input), ""), *_layers(network)]
    totals = f"total {network.parameters:,}   trainable {network.trainable:,}   non-trainable {network.fixed:,}"
    return f"{network.name}\n{aligned(rows, (2,), columns)}\n{totals}"


def _layers(network: Network) -> list[tuple[str, str, str]]:
    """(layer, output shape, parameters) of each layer."""
    return [
        (described(row.kind, row.arguments), shape(row.output_shape), f"{row.parameters:,}") for row in network.rows
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


def results(folder: RunFolder, preset: Preset, columns: int | None = None) -> str:
    """What a run of a preset has come to: its state, the newest of all that is measured (of validation, what the
    weights have that it ended with), its checkpoints, and what is amiss.
    """
    from gan_tui.run.follower import state_of  # brings numpy, which no other table needs
    from gan_tui.run.outcome import best_before_last, stuck

    state, summary = state_of(folder), summary_of(folder)
    rows = [("state", f"{summary.state}: {state.reason}" if state.reason else summary.state)]
    rows += [("step", f"{summary.step:,} of {summary.steps_total:,}" if summary.steps_total else f"{summary.step:,}")]
    restores = preset.settings.get("restore_best") and state.state == "finished"
    best = best_before_last(folder) if restores else None
    for name, series in state.series.items():
        if best and state.metric(name).each == "epoch":
            rows += [(name, f"{four_digits(best.values.get(name))} (epoch {best.epoch}, restored)")]
        elif series.length:
            rows += [(name, four_digits(series.last))]
    rows += [("checkpoint", f"{saved.folder} ({saved.why})") for saved in state.checkpoints]
    rows += [("note", words) for words in (stuck(state), folder.trouble()) if words]
    return aligned([(f"  {name}", words) for name, words in rows], (), columns)


def run_table(runs: Sequence[RunSummary], columns: int | None = None) -> str:
    """Runs with their states, the newest first."""
    rows = [("run", "preset", "state", "step")]
    rows += [
        (
            run.folder.name,
            harmless(run.preset, 40),
            run.state,
            f"{run.step:,} of {run.steps_total:,}" if run.steps_total else f"{run.step:,}",
        )
        for run in runs
    ]
    return aligned(rows, (3,), columns)
