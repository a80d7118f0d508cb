"""Presets, layers and runs as aligned text, for the shell."""

from collections.abc import Sequence
from typing import Any

from gan_tui.presets import Network, Preset
from gan_tui.run_folder import RunSummary
from gan_tui.settings import TASKS
from gan_tui.text import harmless


def aligned(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Rows as columns two spaces apart; the columns in `right` end together."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell.rjust(widths[n]) if n in right else cell.ljust(widths[n]) for n, cell in enumerate(row)).rstrip()
        for row in rows
    ]
    return "\n".join(lines)


def shape(dimensions: Sequence[int]) -> str:
    """28 × 28 × 1"""
    return " × ".join(str(n) for n in dimensions)


def layer_cells(network: Network) -> list[tuple[str, str, str]]:
    """(layer, output shape, parameters) of each layer, as text."""
    return [
        (described(row.kind, row.arguments), shape(row.output_shape), f"{row.parameters:,}") for row in network.rows
    ]


def described(kind: str, arguments: object) -> str:
    """'Conv2D 32 3×3 relu': a layer with the arguments that matter, as short as they can be told apart."""
    given = dict(arguments)  # type: ignore[call-overload]
    words = [kind]
    for key, value in given.items():
        if key == "strides":
            words[-1] += "" if tuple(value) == (1, 1) else f"/{_window(value)}"
        elif key == "use_bias":
            words += [] if value else ["no bias"]
        elif isinstance(value, tuple):
            words.append(shape(value).replace(" ", ""))
        else:
            words.append(f"{value:g}" if isinstance(value, float) else str(value))
    return " ".join(words)


def _window(value: Sequence[int]) -> str:
    """2 for a square one, 1×2 for another."""
    return str(value[0]) if value[0] == value[1] else shape(value).replace(" ", "")


def layer_rows(network: Network) -> list[dict[str, Any]]:
    """The layer table as plain values, for events and screens; the input is its first row."""
    head = {
        "name": "input",
        "kind": "Input",
        "layer": "input",
        "output_shape": list(network.input),
        "parameters": 0,
        "trainable": 0,
    }
    return [
        head,
        *(
            {
                "name": row.name,
                "kind": row.kind,
                "layer": described(row.kind, row.arguments),
                "arguments": {name: _listed(value) for name, value in row.arguments.items()},
                "output_shape": list(row.output_shape),
                "parameters": row.parameters,
                "trainable": row.trainable,
            }
            for row in network.rows
        ),
    ]


def _listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def network_table(network: Network) -> str:
    """A network's layers and totals, as Keras's summary gives them."""
    rows = [("layer", "output", "parameters"), ("input", shape(network.input), ""), *layer_cells(network)]
    totals = f"total {network.parameters:,}   trainable {network.trainable:,}   not trainable {network.fixed:,}"
    return f"{network.name}\n{aligned(rows, right=(2,))}\n{totals}"


def preset_table(presets: Sequence[Preset]) -> str:
    """Presets grouped by task, with the parameters of each network."""
    lines: list[str] = []
    for task, heading in TASKS.items():
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
            lines += ["", heading, aligned(rows)]
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
