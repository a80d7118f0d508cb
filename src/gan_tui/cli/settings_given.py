"""The settings that a command line gives: --set, and the options that are settings, too."""

from collections.abc import Sequence

from gan_tui.errors import UserError
from gan_tui.presets import Preset
from gan_tui.text import harmless


def configured(
    preset: Preset,
    changes: Sequence[str],
    steps: int | None,
    epochs: int | None,
    seed: int | None,
    restarts: int | None = None,
) -> Preset:
    """The preset with a command line's changes. Raises UserError for an unknown or impossible setting."""
    try:
        values = dict(_change(preset, change) for change in changes)
        if epochs is not None:
            values |= {"epochs": epochs, "steps": 0}
        if steps is not None:
            if steps < 1:
                raise UserError(f"--steps must be at least 1, not {steps}.")
            values["steps"] = steps
        options = {"seed": seed, "restarts": restarts}
        values |= {name: value for name, value in options.items() if value is not None}
        return preset.with_settings(values)
    except ValueError as error:
        raise UserError(f"{preset.name}: {error}.") from None


def on_data_of(preset: Preset, folder: str, changes: Sequence[str]) -> Preset:
    """The preset on the data in the folder that --data-dir names.

    Raises UserError where it takes none from a folder, or another one is named as well.
    """
    if "data_folder" not in preset.settings:
        instead = "; --set points=FILE.csv names points of your own" if "points" in preset.settings else ""
        raise UserError(f"{preset.name} takes no data from a folder: leave out --data-dir{instead}.")
    if any(_name(change) == "data_folder" for change in changes):
        raise UserError("--data-dir and --set data_folder name a folder each; leave out one of them.")
    return preset.with_settings({"data_folder": folder})


def _name(change: str) -> str:
    return change.partition("=")[0].strip()


def _change(preset: Preset, change: str) -> tuple[str, object]:
    """(setting, value) of --set's word. Raises UserError where it is none, ValueError for a wrong value."""
    name, equals, text = change.partition("=")
    if not equals:
        raise UserError(f'--set takes KEY=VALUE, such as --set batch_size=64, not "{harmless(change, 60)}".')
    return name.strip(), preset.rules.from_text(name.strip(), text, preset.dataset)
