"""A script's run as text: what was run, with which configuration, what it is made of, and what it has come to."""

from collections.abc import Iterator
from typing import Any

from gan_tui.cli import tables
from gan_tui.presets.layer_table import in_words, shape
from gan_tui.run import documents
from gan_tui.run.event_log import read_tail
from gan_tui.run.events import Started
from gan_tui.run.folder import RunFolder
from gan_tui.run.script_command import ScriptCommand
from gan_tui.text import aligned, flowed, harmless, shown_path


def as_document(folder: RunFolder) -> dict[str, Any]:
    """For programs: what preset.toml says."""
    told = documents.written(folder.preset_file)
    return {key: told.get(key) for key in ("name", "title", "task", "command", "folder", "config", "restarts")}


def text(folder: RunFolder, columns: int | None = None) -> str:
    told, command = documents.written(folder.preset_file), ScriptCommand.of_run(folder)
    parts = [f"{harmless(str(told.get('title', folder.name)), 80)} ({folder.name})"]
    if command:
        parts.append(flowed(f"command  {command.line}\nfolder   {shown_path(command.folder)}", columns))
    parts += _networks(folder, columns)
    config = told.get("config")
    if isinstance(config, dict) and config:
        rows = [(f"  {harmless(name, 80)}", harmless(str(value), 200)) for name, value in documents.flat(config)]
        parts.append("configuration\n" + aligned(rows, (), columns))
    parts.append(f"results\n{tables.results(folder, {}, columns)}")
    return "\n\n".join(parts)


def _networks(folder: RunFolder, columns: int | None) -> Iterator[str]:
    """A table of layers for each, as the script has told them."""
    for record in read_tail(folder.events_file, (Started,))[-1:]:
        networks = record.event.networks if isinstance(record.event, Started) else {}
        for network, layers in networks.items():
            rows = [
                ("".join(words), shape(row["output_shape"]), "" if row["kind"] == "Input" else f"{row['parameters']:,}")
                for words, row in zip(in_words(layers), layers, strict=True)
            ]
            total = sum(row["parameters"] for row in layers)
            yield f"{network}\n{aligned([('layer', 'output', 'parameters'), *rows], (2,), columns)}\ntotal {total:,}"
