"""Where presets lie, by their names: known without a look into one, so that a list of them is there at once."""

import os
import re
import unicodedata
import zlib
from contextlib import suppress
from pathlib import Path

from gan_tui.system.paths import own_folder, user_path

_NAME_OF_FILE = re.compile(r"[^a-z0-9_-]+")


def bundled_folder() -> Path:
    """The presets that come with the product: inside an installed package, at the top level of a checkout."""
    packaged = Path(__file__).parents[1] / "bundled_presets"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "presets"


def user_folder() -> Path | None:
    """Where a user's own presets lie: $GAN_TUI_PRESETS, else `presets` in the user's configuration folder.

    None where there is no home; raises UserError where $GAN_TUI_PRESETS leads to it.
    """
    if named := os.environ.get("GAN_TUI_PRESETS"):
        return user_path(named)
    own = own_folder("config")
    return own and own / "presets"


def files() -> dict[str, Path]:
    """Name → file of every preset at hand; a user's own goes before a bundled one of the same name."""
    found, own = in_folder(bundled_folder()), user_folder()
    with suppress(OSError):  # `every` says why
        found.update(in_folder(own) if own else {})
    return found


def in_folder(folder: Path) -> dict[str, Path]:
    """Name → file, by name; of files whose names come to the same, one that is written so."""
    named = sorted((name_of(path), path.stem == name_of(path), path) for path in folder.glob("*.toml"))
    return {name: path for name, _, path in named}


def name_of(path: Path) -> str:
    """What the preset in a file is called: letters lose their accents, and where none is Latin a number stands for all.

    Names become those of folders and are typed, on every keyboard.
    """
    latin = "".join(c for c in unicodedata.normalize("NFKD", path.stem.casefold()) if not unicodedata.combining(c))
    return (
        _NAME_OF_FILE.sub("-", latin).strip("-_")[:40] or f"preset-{zlib.crc32(path.stem.encode(errors='replace')):08x}"
    )
