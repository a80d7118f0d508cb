"""The settings that a command line gives: --set, and the options that are settings, too."""

from collections.abc import Sequence

from gan_tui.data import own, sources
from gan_tui.errors import UserError
from gan_tui.presets import Preset
from gan_tui.system.paths import whole_path
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
        options: dict[str, object] = {"steps": steps, "epochs": epochs, "seed": seed, "restarts": restarts}
        given = [(f"--{name}", name, value) for name, value in options.items() if value is not None]
        given += [(f"--set {name}", name, value) for name, value in (_change(preset, change) for change in changes)]
        _refuse_two(given)
        if steps is not None and steps < 1:
            raise UserError(f"--steps must be at least 1, not {steps}.")
        return preset.with_settings({name: value for _, name, value in given})
    except ValueError as error:
        raise UserError(f"{preset.name}: {error}.") from None


def _refuse_two(given: Sequence[tuple[str, str, object]]) -> None:
    """Raises UserError where two words of a command line set the same, of which one would be ignored."""
    said: dict[str, str] = {}
    for word, name, value in given:
        sets = "length" if name == "epochs" or (name == "steps" and value) else name
        if sets in said:
            which = f"{word} is given twice" if said[sets] == word else f"{said[sets]} and {word} set the same"
            raise UserError(f"{which}; leave out one of them.")
        said[sets] = word


def on_data_of(preset: Preset, folder: str, changes: Sequence[str]) -> Preset:
    """The preset on the data in the folder that --data-dir names, an older word for --data.

    Raises UserError where it takes none from a folder, or another one is named as well.
    """
    if "data_folder" not in preset.settings:
        instead = "; --set points=FILE.csv names points of your own" if "points" in preset.settings else ""
        raise UserError(f"{preset.name} takes no data from a folder: leave out --data-dir{instead}.")
    if any(_name(change) == "data_folder" for change in changes):
        raise UserError("--data-dir and --set data_folder name a folder each; leave out one of them.")
    if "data" in preset.settings and _is_own(folder):
        return on_own_data(preset, folder, None, changes)
    return preset.with_settings({"data_folder": folder})


def _is_own(folder: str) -> bool:
    """Whether a folder holds none of the sets that --data-dir was made for, and yet data: as --data names them."""
    place = whole_path(folder)
    try:
        return not sources.holds_any(place) and bool(own.look(str(place)))
    except UserError:
        return False  # whoever looks for a set there says so


def instead(place: str | None, label: str | None) -> dict[str, str]:
    """What --data and --label name in place of what a preset says, where they name anything."""
    named = {"data": place, "label": label}
    return {name: value for name, value in named.items() if value and value.strip()}


def on_own_data(preset: Preset, place: str | None, label: str | None, changes: Sequence[str]) -> Preset:
    """The preset on the data that --data names, of which --label is to be learnt.

    Raises UserError where they cannot be used, or --set names others.
    """
    given = {name: value for name, value in (("data", place), ("label", label)) if value is not None}
    for name, value in given.items():
        if not value.strip():
            raise UserError(f"--{name} needs {'the path of your data' if name == 'data' else 'the name of a column'}.")
        if any(_name(change) == name for change in changes):
            raise UserError(f"--{name} and --set {name} set the same; leave out one of them.")
        if name not in preset.settings:
            raise UserError(f"{preset.name} takes no {name}: leave out --{name}.")
    try:
        return preset.with_settings(given) if given else preset
    except ValueError as error:
        raise UserError(f"{preset.name}: {error}.") from None


def _name(change: str) -> str:
    return change.partition("=")[0].strip()


def _change(preset: Preset, change: str) -> tuple[str, object]:
    """(setting, value) of --set's word. Raises UserError where it is none, ValueError for a wrong value."""
    name, equals, text = change.partition("=")
    if not equals:
        raise UserError(f'--set takes KEY=VALUE, such as --set batch_size=64, not "{harmless(change, 60)}".')
    return name.strip(), preset.rules.from_text(name.strip(), text, preset.dataset)
