"""Copies of presets among a person's own: their text, the names that are free for them, and how one is put there."""

import os
import tempfile
from collections.abc import Iterator
from itertools import chain, count
from pathlib import Path

import tomli_w

from gan_tui.errors import UserError, told
from gan_tui.presets import own_data, toml_text
from gan_tui.presets.files import LARGEST_FILE, find, from_document, place_of
from gan_tui.presets.preset import Preset
from gan_tui.run import names
from gan_tui.system import untrusted_files
from gan_tui.system.fsync import sync
from gan_tui.system.paths import no_home
from gan_tui.system.preset_files import files, user_folder
from gan_tui.text import harmless, shown_path

_LONGEST = 36
"""Characters of a name that others may follow."""


def folder() -> Path:
    """Where a person's own presets lie; not made yet, perhaps. Raises UserError where there is no place for them."""
    own = user_folder()
    if own is None:
        raise no_home("GAN_TUI_PRESETS")
    return own


def candidates(name: str) -> Iterator[str]:
    """What copies of a preset may be called: my-gan, my-gan-2, my-gan-3, …; of a copy, too."""
    stem = (name if name.startswith("my-") else f"my-{name}")[:_LONGEST]
    return chain([stem], (f"{stem}-{number}" for number in count(2)))


def free_name(name: str) -> str:
    """The first of them that no preset has."""
    taken, own = files(), folder()
    return next(each for each in candidates(name) if each not in taken and not os.path.lexists(own / f"{each}.toml"))


def refusal(name: str) -> str:
    """Why a copy cannot be called that, and what to do, without a full stop; empty where it can."""
    if broken := names.PRESET.refusal(name):
        return broken
    if name in files() or os.path.lexists(folder() / f"{name}.toml"):
        return f"there is a preset {name} already; choose another name, such as {free_name(name)}"
    return ""


def text_of(preset: Preset, place: Path) -> str:
    """What a copy holds of the preset in a file: its own text, and the settings in which `preset` differs.

    Raises UserError where the file cannot be read any more.
    """
    try:
        text = untrusted_files.read(place, LARGEST_FILE).decode("utf-8-sig")
        edited = toml_text.with_settings(text, _differing(preset, place, text))
        if _means(edited, preset):
            return edited
    except OSError as error:
        raise UserError(f"Cannot read the preset {harmless(str(place))}: {told(error, 'check the path')}.") from None
    except ValueError:
        pass  # written in a way that is not understood here, or changed since
    return tomli_w.dumps(preset.as_document(following=True))


def _differing(preset: Preset, place: Path, text: str) -> dict[str, object]:
    """The settings that a text does not have as the preset does, once it lies among the person's own."""
    document, known = untrusted_files.toml(text), preset.rules.settings_for(preset.dataset)
    given = own_data.with_place(document, document.get("settings", {}))
    moved = place.parent != folder()
    return {
        name: value
        for name, value in preset.settings.items()
        if (known[name].checked(given[name]) if name in given else known[name].default) != value
        or (moved and name in given and known[name].is_path(given[name], place.parent))
    }


def _means(text: str, preset: Preset) -> bool:
    """Whether a text is that preset, to the last setting."""
    again = from_document(untrusted_files.toml(text), preset.name, folder())
    return (again.settings, again.networks) == (preset.settings, preset.networks)


def keep(text: str, name: str) -> Path:
    """Put a copy among the person's own presets, private and whole; returns its file.

    Raises UserError where the name is none or taken, or it cannot be written: nothing half-made stays behind.
    """
    if why := refusal(name):
        raise UserError(f"{why[:1].upper()}{why[1:]}.")
    own = folder()
    path = own / f"{name}.toml"
    try:
        own.mkdir(parents=True, exist_ok=True, mode=0o700)
        return _placed(text, path)
    except OSError as error:
        if os.path.lexists(path):  # put there by somebody else, since
            raise UserError(f"There is a preset {name} already; choose another name.") from None
        raise UserError(f"Cannot write {shown_path(path)}: {told(error)}.") from None


def _placed(text: str, path: Path) -> Path:
    """A new file, whole from its first moment. Raises FileExistsError where there is one, and never replaces it."""
    descriptor, made = tempfile.mkstemp(prefix=f".{path.stem}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(descriptor)
        try:
            os.link(made, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            _renamed(Path(made), path)
        sync(path.parent)
    finally:
        Path(made).unlink(missing_ok=True)
    return path


def _renamed(made: Path, path: Path) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    made.replace(path)


def copy(name_or_path: str, name: str | None = None) -> Path:
    """Copy a preset among the person's own, under a name or else the first that is free; returns its file.

    Raises UserError.
    """
    preset = find(name_or_path)
    place = place_of(name_or_path)
    return keep(text_of(preset, place), free_name(preset.name) if name is None else name)
