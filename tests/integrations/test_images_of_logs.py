"""Images in event files: of each kind that tools write, and those that are not what they say."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from event_files import event, field, record, summary, version
from gan_tui.integrations.logs import formats
from gan_tui.integrations.logs.log_folder import LogFolder
from gan_tui.run import pictures
from gan_tui.run.state import RunState
from logs import all_records, shown

NAME = "events.out.tfevents.1.host"
COLOURS = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3) * 3


def encoded(image: Image.Image, kind: str) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind)
    return stream.getvalue()


def log(root: Path, image: bytes, height: int = 4, width: int = 6, step: int = 1) -> LogFolder:
    """A log with one image that says so large it is."""
    value = field(1, b"image") + field(4, field(1, height) + field(2, width) + field(3, 3) + field(4, image))
    (root / NAME).write_bytes(version() + record(event(step, summary(value))))
    return formats.opened(root)


def levels(folder: LogFolder) -> np.ndarray:  # type: ignore[type-arg]
    (picture,) = shown(folder).pictures["image"]
    return pictures.read(folder, picture).levels[0]


@pytest.mark.parametrize("kind", ("PNG", "JPEG", "GIF"))
def test_each_kind_of_image_is_shown(kind: str, tmp_path: Path) -> None:
    plain = np.full((4, 6, 3), 90, np.uint8)
    folder = log(tmp_path, encoded(Image.fromarray(plain), kind))
    found = levels(folder)
    assert found.shape[:2] == (4, 6)
    assert np.abs(found.astype(int) - 90).max() <= 2
    videos = {"videos, but for their first image": 1} if kind == "GIF" else {}
    assert folder.not_shown == videos


def test_what_is_clear_in_an_image_is_white(tmp_path: Path) -> None:
    clear = np.zeros((4, 6, 4), np.uint8)
    clear[:2, :, 3] = 255
    found = levels(log(tmp_path, encoded(Image.fromarray(clear), "PNG")))
    assert (found[:2] == 0).all() and (found[2:] == 255).all()


def test_sixteen_bits_of_grey_are_shown_as_eight(tmp_path: Path) -> None:
    fine = (np.arange(24, dtype=np.uint16) * 2048).reshape(4, 6)
    found = levels(log(tmp_path, encoded(Image.fromarray(fine), "PNG")))
    assert found[..., 0].tolist() == (fine >> 8).tolist()


@pytest.mark.parametrize("content", (
    b"", b"not an image", encoded(Image.fromarray(COLOURS), "PNG")[:45],
    encoded(Image.new("RGB", (3000, 3000)), "PNG"),  # it says 4 × 6
    encoded(Image.fromarray(COLOURS), "BMP"),
))  # fmt: skip
def test_an_image_that_is_not_what_it_says_is_none(content: bytes, tmp_path: Path) -> None:
    folder = log(tmp_path, content)
    (picture,) = shown(folder).pictures["image"]
    with pytest.raises((ValueError, OSError)):
        pictures.read(folder, picture)


def test_a_picture_that_was_overwritten_in_the_log_is_none(tmp_path: Path) -> None:
    folder = log(tmp_path, encoded(Image.fromarray(COLOURS), "PNG"))
    (picture,) = shown(folder).pictures["image"]
    content = bytearray((tmp_path / NAME).read_bytes())
    content[-20] ^= 1
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises((ValueError, OSError)):
        pictures.read(folder, picture)


def test_another_log_in_the_place_of_one_has_other_pictures(tmp_path: Path) -> None:
    folder = log(tmp_path, encoded(Image.fromarray(COLOURS), "PNG"))
    reader, state = folder.reader(), RunState()
    for colours in (COLOURS, 255 - COLOURS):
        value = encoded(Image.fromarray(colours), "PNG")
        (tmp_path / NAME).unlink()
        log(tmp_path, value, step=1)
        state = RunState().apply_all(all_records(reader))
        (picture,) = state.pictures["image"]
        assert (pictures.read(folder, picture).levels[0] == colours).all()
