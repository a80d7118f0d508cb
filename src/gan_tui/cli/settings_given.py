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


def _change(preset: Preset, change: str) -> tuple[str, object]:
    """(setting, value) of --set's word. Raises UserError where it is none, ValueError for a wrong value."""
    name, equals, text = change.partition("=")
    if not equals:
        raise UserError(f'--set takes KEY=VALUE, such as --set batch_size=64, not "{harmless(change, 60)}".')
    return name.strip(), preset.rules.from_text(name.strip(), text, preset.dataset)
