"""Saved models in the shell: shown as they are, and made presets of."""

from pathlib import Path

from gan_tui.cli import tables
from gan_tui.errors import DONE
from gan_tui.presets import Preset, saved, saved_presets
from gan_tui.system import terminal
from gan_tui.system.paths import user_path
from gan_tui.system.shell_words import shell_word
from gan_tui.text import flowed


def show(named: str, as_toml: bool) -> int:
    """The layer table of a model, and what it was saved with; or the preset that it would be."""
    model = saved.read(user_path(named))
    if as_toml:
        print(saved_presets.text_of(model))
        return DONE
    columns = terminal.columns_of_output()
    print(flowed(f"{model.name}, saved with {model.file.saved_with}", columns) + "\n")
    print(tables.network_table(model.network, columns) + "\n")
    word = shell_word(Path(named))
    print(flowed(f"gan-tui train {word} --data PATH trains it on from the weights in the file.", columns))
    return DONE


def preset(named: str, data: str | None, label: str | None) -> Preset:
    """The preset that trains a model on. Raises UserError."""
    return saved_presets.preset_of(saved.read(user_path(named)), data, label)
