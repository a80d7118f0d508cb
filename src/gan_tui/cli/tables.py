"""Presets, networks and runs as aligned text."""

from collections.abc import Sequence

from gan_tui.presets import TASKS, Network, Preset
from gan_tui.presets.layer_table import described, shape
from gan_tui.run.summaries import RunSummary
from gan_tui.text import aligned, harmless


def network_table(network: Network) -> str:
    """A network's layers and totals, as Keras's summary gives them."""
    rows = [("layer", "output", "parameters"), ("input", shape(network.input), ""), *_layers(network)]
    totals = f"total {network.parameters:,}   trainable {network.trainable:,}   non-trainable {network.fixed:,}"
    return f"{network.name}\n{aligned(rows, right=(2,))}\n{totals}"


def _layers(network: Network) -> list[tuple[str, str, str]]:
    """(layer, output shape, parameters) of each layer."""
    return [
        (described(row.kind, row.arguments), shape(row.output_shape), f"{row.parameters:,}") for row in network.rows
    ]


def preset_table(presets: Sequence[Preset]) -> str:
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
            lines += ["", rules.heading, aligned(rows)]
    return "\n".join(lines[1:])


def run_table(runs: Sequence[RunSummary]) -> str:
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
    return aligned(rows, right=(3,))
