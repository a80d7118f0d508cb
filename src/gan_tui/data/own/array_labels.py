"""Labels in arrays: numbers from any base, one-hot rows or words, made the numbers and names of classes."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gan_tui.data.arrays import Damaged, StoredArray, check_length, read
from gan_tui.data.own.array_form import refused
from gan_tui.data.own.found import MOST_CLASSES, some
from gan_tui.data.own.image_files import in_natural_order
from gan_tui.errors import UserError
from gan_tui.system import machine, untrusted_files
from gan_tui.text import harmless, size

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONGEST_NAMES = 1_000_000
"""Bytes."""
LONGEST_NAME, LONGEST_KEY = 60, 300
"""Characters of a word: shown, and looked at to put it in order."""
_LINE_END = re.compile(r"\r\n?|\n")
"""Others that Unicode knows may stand in a name."""
LARGEST = 2**53
"""Beyond it not each whole number is a float."""
FEW, HELD = 50_000_000, 4
"""Labels of more bytes than the first may take up a part of the free memory, and no more."""


@dataclass(frozen=True)
class Classes:
    """What labels say."""

    names: tuple[str, ...]
    numbers: NDArray[np.int64]
    """The class of each example, of several arrays one after the other."""
    notes: tuple[str, ...] = ()


def classes_of(labels: Sequence[StoredArray], given: tuple[str, ...], given_in: str) -> Classes:
    """The classes that labels tell, with the names that are given for them where they fit.

    Raises UserError where they tell none, Damaged where they cannot be read.
    """
    import numpy as np

    each = [_flat(stored) for stored in labels]
    one_hot = {stored.shape[1] for stored in labels if len(stored.shape) == 2 and stored.shape[1] > 1}
    if len({values.dtype.kind in "SU" for values in each}) > 1 or len(one_hot) > 1:
        raise refused(labels[0], "labels of another kind than those held back", "give both the same kind")
    values = np.concatenate(each)
    kinds, numbers = np.unique(values, return_inverse=True)
    if len(kinds) > MOST_CLASSES:
        raise refused(labels[0], f"{len(kinds):,} different labels", f"at most {MOST_CLASSES:,} classes are possible")
    if values.dtype.kind in "SU":
        classes = _of_words(labels[0], kinds, numbers)
    else:
        if one_hot:
            kinds, numbers = np.arange(one_hot.pop()), values
        classes = _named(kinds, np.asarray(numbers, np.int64).reshape(-1), given, given_in)
    _refuse_unknown(labels, classes, len(each[0]))
    return classes


def _refuse_unknown(labels: Sequence[StoredArray], classes: Classes, trained: int) -> None:
    """Raises UserError where images held back are of classes that none to train on is of."""
    import numpy as np

    unknown = np.setdiff1d(classes.numbers[trained:], classes.numbers[:trained])
    if unknown.size:
        names, which = some([classes.names[number] for number in unknown.tolist()]), labels[0].name
        classed, them = ("class", "it") if unknown.size == 1 else ("classes", "them")
        remedy = f"train on images of {them}, too, or hold none back"
        raise refused(labels[1], f"the {classed} {names}, and {which} does not", remedy)


def _flat(stored: StoredArray) -> NDArray[Any]:
    """(n,) whole numbers or words: of one-hot rows the place of the one."""
    import numpy as np

    if not (len(stored.shape) == 1 or (len(stored.shape) == 2 and stored.shape[1] >= 1)):
        raise refused(stored, f"labels of shape {stored.shape}", "labels must be one for each image, or one-hot rows")
    if stored.nbytes > FEW and stored.nbytes > (free := machine.free_memory()) / HELD:
        raise refused(stored, f"labels of {size(stored.nbytes)}, too much for {size(free)} of memory", "use integers")
    check_length(stored)
    values = read(stored)
    values = values.reshape(-1) if len(stored.shape) == 1 or stored.shape[1] == 1 else values
    if stored.is_words:
        return _words(stored, values)
    if (wrong := _not_whole(values)).any():
        raise _refused_number(stored, values, wrong)
    return _hot(stored, values) if values.ndim == 2 else values.astype(np.int64)


def _words(stored: StoredArray, values: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    if values.ndim == 2:
        raise refused(stored, f"words of shape {stored.shape}", "labels must be one for each image")
    if values.dtype.kind == "S":
        values = np.array([word.decode("utf-8", "replace") for word in values.tolist()])
    elif (values.view(_codes(values)) > 0x10FFFF).any():
        raise Damaged(stored.file, "holds labels that are no text")
    if (empty := np.flatnonzero(values == "")).size:
        raise refused(stored, f"{empty.size:,} empty labels, the first of image {empty[0]}", "give each image one")
    return _composed(values)


def _composed(words: NDArray[Any]) -> NDArray[Any]:
    """Words with letters and their accents in one way: systems write the same in several."""
    import numpy as np

    if words.size == 0 or not (words.view(_codes(words)) > 0x7F).any():
        return words
    kinds, places = np.unique(words, return_inverse=True)
    return np.array([unicodedata.normalize("NFC", word) for word in kinds.tolist()])[places]


def _codes(words: NDArray[Any]) -> str:
    return f"{words.dtype.str[0]}u4"


def _hot(stored: StoredArray, values: NDArray[Any]) -> NDArray[Any]:
    """Raises UserError where rows are not of a single one among zeros."""
    import numpy as np

    if values.shape[1] > MOST_CLASSES:
        raise refused(stored, f"rows of {values.shape[1]:,} labels", f"at most {MOST_CLASSES:,} classes are possible")
    if not (((values == 0) | (values == 1)).all() and (np.count_nonzero(values, axis=1) == 1).all()):
        raise _not_hot(stored)
    return np.asarray(values.argmax(axis=1))


def _not_whole(values: NDArray[Any]) -> NDArray[Any]:
    """Which numbers stand for no class."""
    import numpy as np

    wide = values.astype(np.float64)
    with np.errstate(invalid="ignore"):
        return np.asarray(~(np.abs(wide) < LARGEST) | (wide != np.rint(wide)))


def _refused_number(stored: StoredArray, values: NDArray[Any], wrong: NDArray[Any]) -> UserError:
    if values.ndim == 2:
        return _not_hot(stored)
    place = int(wrong.argmax())
    label = values[place].item()
    if LARGEST <= abs(label) < math.inf:
        where = f"the label {label}, of image {place}, which is too large"
        return refused(stored, where, "labels of classes must be smaller numbers, such as 0 to 9")
    return refused(stored, f"the label {label:g}, of image {place}", "labels of classes must be whole numbers")


def _not_hot(stored: StoredArray) -> UserError:
    what = f"labels of shape {stored.shape} that are not one-hot"
    return refused(stored, what, "save y.argmax(axis=1), say, in their place")


def _of_words(stored: StoredArray, kinds: NDArray[Any], numbers: NDArray[Any]) -> Classes:
    """In natural order: class2 before class10. Raises UserError where two could not be told apart."""
    import numpy as np

    words = [str(kind) for kind in kinds]
    order = sorted(range(len(words)), key=lambda place: in_natural_order(words[place][:LONGEST_KEY]))
    rank = np.empty(len(words), np.int64)
    rank[order] = np.arange(len(words))
    names = tuple(_shown(words[place]) for place in order)
    if alike := _alike(names):
        remedy = f"have them differ in their first {LONGEST_NAME} characters, or save numbers in their place"
        raise refused(stored, f"two labels that look alike, {alike}", remedy)
    return Classes(names, rank[numbers.reshape(-1)])


def _shown(word: str) -> str:
    return harmless(word, LONGEST_NAME) or "?"


def _alike(names: Sequence[str]) -> str:
    """A name that there is twice; "" where there is none."""
    return next((name for name, count in Counter(names).items() if count > 1), "")


def _named(kinds: NDArray[Any], numbers: NDArray[np.int64], given: tuple[str, ...], given_in: str) -> Classes:
    """Classes called by their numbers, or by the names that are given, counted from 0 or from 1."""
    if not given:
        return Classes(tuple(str(kind) for kind in kinds.tolist()), numbers)
    low, high = int(kinds[0]), int(kinds[-1])
    base = 0 if low >= 0 and high < len(given) else 1 if low >= 1 and high == len(given) else None
    if base is None:
        said = (
            f"{len(given)} class names of {given_in} do not fit labels of {low} to {high}: classes are called by them"
        )
        return Classes(tuple(str(kind) for kind in kinds.tolist()), numbers, (said,))
    of_numbers = kinds.astype("int64")[numbers] - base if len(kinds) else numbers
    return Classes(given, of_numbers)


def given_names(stored: Callable[[], StoredArray] | None, file: Path) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """(names of classes, where they are written, notes): in an array, or else a line each in a file."""
    if stored is not None:
        try:
            return _names_in(stored())
        except (Damaged, UserError) as problem:
            return (), "", (f"class names are left out: {str(problem).rstrip('.')}",)
    try:
        text = untrusted_files.read(file, LONGEST_NAMES).decode("utf-8", "replace")
    except OSError:
        return (), "", ()
    return _checked([line for line in _LINE_END.split(text) if line.strip()], file.name)


def _names_in(stored: StoredArray) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    if not stored.is_words or len(stored.shape) != 1 or stored.nbytes > LONGEST_NAMES:
        return (), "", (f"{stored.name} is no list of words, and left out",)
    return _checked([str(word) for word in _words(stored, read(stored)).tolist()], stored.name)


def _checked(words: list[str], where: str) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    where = harmless(where, 60)
    if not 0 < len(words) <= MOST_CLASSES:
        return (), "", (f"{where} holds {len(words):,} class names, and is left out",)
    names = tuple(map(_shown, words))
    if alike := _alike(names):
        return (), "", (f"{where} holds two class names that look alike, {alike}, and is left out",)
    return names, where, ()
