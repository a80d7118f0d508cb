"""TensorBoard's events, in the forms that TensorFlow 2 writes: scalars, images, histograms, texts, hyperparameters.

The numbers of fields are those of its files event.proto, summary.proto, tensor.proto and hparams/plugin_data.proto.
"""

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gan_tui.integrations.export.wire import double, part, varint, whole

SCALARS = "scalars"
_FLOAT, _DOUBLE, _STRING = 1, 2, 7
"""Kinds of numbers in a tensor."""
_SCALAR, _TENSOR, _BLOB = 1, 2, 3
"""Classes of data, by which TensorBoard knows how to store a summary."""
SUCCEEDED, FAILED = 1, 2
"""How a session ended."""


def event(wall: float, step: int, content: bytes) -> bytes:
    return double(1, wall) + (whole(2, step) if step else b"") + content


def version() -> bytes:
    """What a file begins with."""
    return part(3, "brain.Event:2")


def begins_again() -> bytes:
    """In an event: what was written before, of this step and later ones, no longer counts."""
    return part(7, whole(1, 1))


@dataclass(frozen=True)
class Summary:
    """A value of an event."""

    tag: str
    plugin: str
    data_class: int
    tensor: bytes
    content: bytes = b""
    """What the plugin itself has to say of the tag."""

    def value(self, is_first: bool) -> bytes:
        """In an event; the first of its tag in a file says what it is."""
        plugin = part(1, self.plugin) + (part(2, self.content) if self.content else b"")
        metadata = part(9, part(1, plugin) + whole(4, self.data_class)) if is_first else b""
        return part(5, part(1, part(1, self.tag) + metadata + part(8, self.tensor)))


def _tensor(kind: int, shape: Sequence[int], content: bytes = b"", texts: Sequence[bytes] = ()) -> bytes:
    sizes = b"".join(part(2, whole(1, size)) for size in shape)  # also a size of 0
    return (
        whole(1, kind) + part(2, sizes) + (part(4, content) if content else b"") + b"".join(part(8, x) for x in texts)
    )


def scalar(tag: str, value: float) -> Summary:
    with np.errstate(over="ignore"):
        return Summary(tag, SCALARS, _SCALAR, _tensor(_FLOAT, (), np.float32(value).tobytes()))


def image(tag: str, png: bytes) -> Summary:
    """Raises ValueError where it is no PNG."""
    if png[:8] != b"\x89PNG\r\n\x1a\n" or png[12:16] != b"IHDR":
        raise ValueError("not a PNG")
    sides = [str(side).encode() for side in struct.unpack(">II", png[16:24])]
    return Summary(tag, "images", _BLOB, _tensor(_STRING, (3,), texts=[*sides, png]))


def histogram(tag: str, low: float, high: float, counts: Sequence[float]) -> Summary:
    """Of equal bins from `low` to `high`."""
    share = np.linspace(0, 1, len(counts) + 1)
    edges = low * (1 - share) + high * share  # what lies between them may be too large a number
    rows = np.stack([edges[:-1], edges[1:], np.asarray(counts, np.float64)], axis=1).astype("<f8")
    return Summary(tag, "histograms", _TENSOR, _tensor(_DOUBLE, rows.shape, rows.tobytes()))


def text(tag: str, words: str) -> Summary:
    """Markdown."""
    return Summary(tag, "text", _TENSOR, _tensor(_STRING, (1,), texts=[words.encode()]))


def session_began(settings: Mapping[str, object], name: str, at: float) -> Summary:
    """What a run was made with, for the page of hyperparameters."""
    entries = b"".join(part(1, part(1, key) + part(2, _any(value))) for key, value in settings.items())
    return _session("_hparams_/session_start_info", part(3, entries + part(4, name) + double(5, at)))


def session_ended(status: int, at: float) -> Summary:
    return _session("_hparams_/session_end_info", part(4, whole(1, status) + double(2, at)))


def _session(tag: str, content: bytes) -> Summary:
    return Summary(tag, "hparams", _TENSOR, _tensor(_FLOAT, (0,)), content)


def _any(value: object) -> bytes:
    """A google.protobuf.Value: true or false, a number, or a text."""
    if isinstance(value, bool):
        return whole(4, int(value))
    if isinstance(value, int | float):
        return double(2, float(value))
    return part(3, value if isinstance(value, str) else json.dumps(value, default=str))


# Many scalars at once -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Form:
    """The events of one tag's scalars, whose steps take equally many bytes: they differ in three places alone."""

    first: bytes
    wall_at: int
    step_at: int
    step_bytes: int
    value_at: int

    @staticmethod
    def of(tag: str, step_bytes: int) -> "Form":
        largest = (1 << 7 * step_bytes) - 1
        body = event(0.0, largest, scalar(tag, 1.0).value(is_first=False))
        return Form(body, 1, 10, step_bytes, len(body) - 4)


def varint_bytes(number: int) -> int:
    return len(varint(number))
