"""What the weights of a run begin as, where they do not begin anew: arrays that the run keeps a file of, so that it
begins with the same ones again after whatever became of where they came from.

A weight is called network/layer/place: as a checkpoint has it (`0.kernel`), or as a `.keras` file does (`vars/0`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gan_tui.errors import TRAINING_FAILED, UserError, told
from gan_tui.system import untrusted_files
from gan_tui.text import harmless

if TYPE_CHECKING:
    from numpy.typing import NDArray

FILE = "start.safetensors"
"""In a run's folder."""
_NUMBER = 8
"""Bytes at the most."""
_SPARE = 1 << 22
"""Bytes for names, and for what is there twice."""
_MOST_OTHERS = 1000


@dataclass(frozen=True)
class Start:
    """Starting weights, of a run or to be given to one."""

    origin: str
    """Where they came from, in words: 'cnn-1 at step 500', 'model.keras'."""
    sha256: str
    """Of the file."""
    content: bytes | Path = field(repr=False, compare=False)
    """The file, or where it is kept."""
    others: Mapping[str, str] = field(default_factory=dict)
    """network/layer → its shape in words, of each that is there and not in the file: it does not fit."""

    @staticmethod
    def of(origin: str, arrays: Mapping[str, NDArray[Any]], others: Mapping[str, str] | None = None) -> Start:
        from safetensors.numpy import save

        content = save(dict(arrays))
        return Start(origin, hashlib.sha256(content).hexdigest(), content, others or {})

    def as_document(self) -> dict[str, Any]:
        """As TOML holds it."""
        others = {"others": dict(self.others)} if self.others else {}
        return {"from": self.origin, "sha256": self.sha256, **others}

    def is_there(self) -> bool:
        return isinstance(self.content, bytes) or self.content.is_file()

    def arrays(self, parameters: int) -> dict[str, NDArray[Any]]:
        """The weights by their names, for networks of so many parameters.

        Raises UserError where they are gone, or are not what was kept: whose run it is may be anybody.
        """
        from safetensors import SafetensorError
        from safetensors.numpy import load

        try:
            content = self._content(2 * _NUMBER * parameters + _SPARE)
            if hashlib.sha256(content).hexdigest() != self.sha256:
                raise ValueError
            arrays = load(content)
            if not all(name.count("/") >= 2 and array.dtype.kind in "fiu" for name, array in arrays.items()):
                raise ValueError
        except OSError as error:
            raise UserError(f"The starting weights {FILE} cannot be read: {told(error)}.", TRAINING_FAILED) from None
        except (ValueError, TypeError, AttributeError, KeyError, SafetensorError):
            raise UserError(
                f"The starting weights {FILE} are not those that the run began with; restore them, or start another "
                "run.",
                TRAINING_FAILED,
            ) from None
        return arrays

    def _content(self, most: int) -> bytes:
        return self.content if isinstance(self.content, bytes) else untrusted_files.read(self.content, most, False)


def from_document(document: Mapping[str, Any], folder: Path | None, begun: bool) -> Start | None:
    """What a run's preset says of it; `begun` is whether it is the run's own, not a copy.

    Raises ValueError with a sentence that begins with the key.
    """
    if "start" not in document:
        return None
    table = document["start"]
    says = table if isinstance(table, dict) else {}
    origin, sha256, others = says.get("from"), says.get("sha256"), says.get("others", {})
    if not (isinstance(origin, str) and isinstance(sha256, str) and _is_of_words(others)) or folder is None:
        raise ValueError("start is written by gan-tui into what a run keeps; leave it out, and use --from instead")
    shown = {harmless(name, 120): harmless(words, 60) for name, words in others.items()}
    found = Start(harmless(origin, 200), sha256, folder / FILE, shown)
    if not begun and not found.is_there():
        raise ValueError(
            f"start: {FILE} is not beside the preset; leave start out, and name what to begin with: --from"
        )
    return found


def _is_of_words(table: object) -> bool:
    few = isinstance(table, dict) and len(table) <= _MOST_OTHERS
    return few and all(isinstance(words, str) for words in table.values())  # type: ignore[attr-defined]


def refuse_missing(start: Start | None) -> None:
    """Raises UserError where a run has not begun, and what it is to begin with is gone."""
    if start and not start.is_there():
        raise UserError(
            f"{FILE} is missing, with which this run began ({start.origin}); restore it, or start another run."
        )
