"""Where each set may be found, best first: a folder named, Keras's cache, Debian's package, our own copy."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from gan_tui.data import cifar
from gan_tui.data.arrays import Damaged, npz
from gan_tui.data.layout import describe, is_file, locate, other_name
from gan_tui.errors import UserError
from gan_tui.system.paths import home, no_home, refuse_not_unicode, user_path
from gan_tui.text import harmless, nearest, shown_path

NAMES = ("mnist", "fashion-mnist")
CIFAR = tuple(cifar.VERSIONS)
"""Sets that are taken by their name alone: none of their images are in the package."""
LICENCES = {"mnist": "CC BY-SA 3.0", "fashion-mnist": "MIT"} | dict.fromkeys(CIFAR, "none stated")
FULL = 60_000
"""Training images in either set as it was published."""

DEBIAN = Path("/usr/share/datasets")
EMBEDDED = Path(__file__).parent
FOLDER_VARIABLE = "GAN_TUI_DATA"
FOLDER_ORIGIN = "folder "
"""How the origin of a set begins that lies in a folder of the user's; its path follows."""


@dataclass(frozen=True)
class Source:
    """A data set that was found.

    `origin` says where in words, `path` is an .npz file or a folder of IDX files, `count` the images usable
    for training, `full` whether that is the whole published set. `notes` tell which better places were
    passed over and why; `remedy` what to do should the files prove damaged when they are loaded; `folder` is
    the user's own, where they are in one; `classes` are those that any image is of.
    """

    name: str
    origin: str
    path: Path
    count: int
    full: bool
    remedy: str
    notes: tuple[str, ...] = ()
    folder: Path | None = None
    classes: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Place:
    """Somewhere to look. A fault in a place that must do is an error; in another, a note."""

    origin: str
    path: Path
    remedy: str
    must_do: bool = False
    folder: Path | None = None


_named: Path | None = None


def use_folder(folder: Path | None) -> None:
    """From now on, sets come from the folder that the command line of this process names; None: it names none."""
    global _named
    _named = folder


def find(name: str, folder: Path | None = None, origin: str = "") -> Source:
    """The best source of a set, from file headers, and labels looked through once.

    A folder of the user's holds IDX files (gzipped or not), an .npz with x_train and y_train or images and labels, or
    a subfolder called as the set with one of these. Loose files that bear no set's name serve whichever set is asked
    for. `folder` must have it; so must one that the command line names, and one that is the `origin` of a run which
    goes on with what it began with. Another origin is only looked at first. Where the folder of the environment's
    GAN_TUI_DATA has nothing for this set, the next place is taken, with a note. Raises UserError where the name is
    unknown, the user's folder is missing or what it holds is damaged, or gan-tui's own copy is.
    """
    refuse_unknown(name)
    notes: list[str] = []
    if folder is None and origin.startswith(FOLDER_ORIGIN):
        folder = Path(origin.removeprefix(FOLDER_ORIGIN))
    if folder is None and not origin:
        folder = _named
    if folder is not None:
        return _first(name, [_argument(name, user_path(str(folder)))], notes)
    kept = (place for place in _common(name) if place.origin == origin)
    return _first(name, chain(kept, _places(name, notes)), notes)


def _first(name: str, places: Iterable[_Place], notes: list[str]) -> Source:
    """The first of the places that is sound; why others are not is noted."""
    for place in places:
        try:
            layout = describe(place.path)
        except Damaged as damaged:
            if place.must_do:
                raise UserError(damaged.told(place.remedy)) from damaged
            notes.append(f"skipped {place.origin}: {damaged}; {place.remedy}")
        else:
            classes, full = tuple(sorted(map(int, layout.classes))), layout.count >= FULL
            return Source(
                name, place.origin, place.path, layout.count, full, place.remedy, tuple(notes), place.folder, classes
            )
    raise AssertionError("the embedded place must do")


def refuse_unknown(name: str, names: tuple[str, ...] = NAMES) -> None:
    """Raises UserError where no set is called so."""
    if name not in names:
        raise UserError(f'There is no data set "{harmless(name, 60)}", {nearest(name, names)}.')


def of_cifar(name: str) -> Source | None:
    """Where one of CIFAR's sets is: as it was fetched, or as Keras keeps it; None where it must be fetched."""
    try:
        kept, origin = cached(name), f"Keras's cache ({shown_path(_short(caches()))})"
    except UserError:
        return None  # no home, no cache
    remedy = f"remove it, and fetch the set again with `gan-tui data fetch {name}`"
    try:
        count = npz(kept, ("x_train",))["x_train"].shape[0] if is_file(kept) else 0
    except (Damaged, KeyError, IndexError):
        count = 0
    if count:
        return Source(name, origin, kept, count, True, remedy)
    pickles = cifar.kept_by_keras(name, caches())
    return Source(name, origin, pickles, cifar.COUNT, True, remedy) if pickles else None


def at_hand(name: str) -> Source:
    """As `find`, to be told and not to be trained on: what a folder of the user's lacks is looked for elsewhere."""
    notes: list[str] = []
    return _first(name, _places(name, notes), notes)


def available() -> list[Source]:
    """The best source of every set. Raises as `find`."""
    return [at_hand(name) for name in NAMES]


def published() -> list[Source]:
    """What is at hand of all sets that have a name, some of them without an image. Raises as `find`."""
    lacking = (Source(name, "not at hand", Path(), 0, False, "") for name in CIFAR)
    return [*available(), *(of_cifar(none.name) or none for none in lacking)]


def cached(name: str) -> Path:
    """Where a set is kept once downloaded, as Keras's loaders do but for CIFAR: fashion-mnist in a folder."""
    return caches() / ("fashion-mnist" if name == "fashion-mnist" else f"{name}.npz")


def caches() -> Path:
    """Keras's folder of downloaded data sets. Raises UserError where there is no home for it."""
    named = os.environ.get("KERAS_HOME", "")
    if named := _hidden if named == os.devnull else named:
        return user_path(named) / "datasets"
    own = home()
    if own is None:
        raise no_home("KERAS_HOME")
    return own / ".keras" / "datasets"


_hidden = ""
"""What KERAS_HOME was before it was hidden."""


def hide_keras_home() -> None:
    """From now on Keras finds no keras.json of a person's, and makes none; data sets are found as before."""
    global _hidden
    if (named := os.environ.get("KERAS_HOME", "")) != os.devnull:
        _hidden, os.environ["KERAS_HOME"] = named, os.devnull


def _places(name: str, notes: list[str]) -> Iterator[_Place]:
    variable = os.environ.get(FOLDER_VARIABLE)
    if _named:
        yield from _folder(name, _named, "leave out --data-dir", notes)
    elif variable:
        yield from _folder(name, user_path(variable), f"unset {FOLDER_VARIABLE}", notes)
    yield from _common(name)


def _common(name: str) -> Iterator[_Place]:
    """Where a set lies that is nobody's own."""
    yield from _downloaded(name)
    if packaged := locate(DEBIAN / name, name):
        remedy = f"reinstall it with `apt install --reinstall dataset-{name}`"
        yield _Place(f"Debian's dataset-{name}", packaged, remedy)
    yield _Place("embedded", EMBEDDED / f"{name.replace('-', '_')}.npz", "reinstall gan-tui", must_do=True)


def _downloaded(name: str) -> Iterator[_Place]:
    try:
        cache = cached(name)
    except UserError:
        return  # no home, no cache
    if is_file(cache) or locate(cache, name) == cache:
        remedy = f"download it again with `gan-tui data fetch {name}`"
        yield _Place(f"Keras's cache ({shown_path(_short(caches()))})", cache, remedy)


def _argument(name: str, folder: Path) -> _Place:
    path = _held(name, folder)
    if not path:
        raise UserError(
            f"{folder} holds no {name}: put {name}.npz or train-images-idx3-ubyte.gz and its labels there, or name "
            "data of your own with --data."
        )
    remedy = "replace it or name another folder"
    return _Place(f"{FOLDER_ORIGIN}{folder}", path, remedy, must_do=True, folder=folder)


def _folder(name: str, folder: Path, otherwise: str, notes: list[str]) -> Iterator[_Place]:
    path = _held(name, folder)
    if path:
        yield _Place(f"{FOLDER_ORIGIN}{folder}", path, f"replace it or {otherwise}", must_do=True, folder=folder)
    else:
        notes.append(f"skipped folder {folder}: it holds no {name}")


def holds_any(folder: Path) -> bool:
    """Whether anything in a folder of the user's, or the file that it is, is taken for one of the sets."""
    return is_file(folder) or any(locate(folder / name, name) or locate(folder, name) for name in NAMES)


def _held(name: str, folder: Path) -> Path | None:
    """What a folder of the user's holds of the set; the other set's files, of the same names, do not count."""
    refuse_not_unicode(folder)
    if is_file(folder):
        return folder
    if not os.access(folder, os.R_OK | os.X_OK):
        raise UserError(f"{folder} is not a readable folder: check the path and its permissions.")
    path = locate(folder / name, name) or locate(folder, name)
    return None if path is None or other_name(path, name) else path


def _short(path: Path) -> str:
    own = home()
    return f"~/{path.relative_to(own)}" if own and path.is_relative_to(own) else str(path)
