"""The files of pictures: what was written is read back, and what is no picture of a run is refused."""

import struct
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan_tui.run import pictures
from gan_tui.run.events import Picture
from gan_tui.run.folder import RunFolder
from gan_tui.run.pictures import Meaning, Tiles


def written(root: Path, numbers: np.ndarray, low: float, high: float, kind: str = "samples", **rest: object) -> Picture:
    tiles = Tiles.of_numbers("it", kind, numbers, low, high, **rest)
    return pictures.write(tiles, 12, root / "samples" / "it" / "000000012.png", root)


def numbers_in(root: Path, picture: Picture) -> np.ndarray:
    """(count, height, width, channels), cut out of the PNG here, tile by tile in reading order."""
    with Image.open(root / picture.file) as image:
        sheet, most = np.asarray(image).astype(np.float64), 65535 if image.mode.startswith("I") else 255
    height, width = picture.tile
    across = sheet.shape[1] // width
    assert sheet.shape[0] % height == sheet.shape[1] % width == 0
    corners = [(n // across * height, n % across * width) for n in range(picture.count)]
    tiles = np.stack([sheet[row : row + height, column : column + width] for row, column in corners])
    tiles = tiles if tiles.ndim == 4 else tiles[..., None]
    return tiles / most * (picture.high - picture.low) + picture.low


# Written ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("count", [1, 2, 3, 7, 10, 32, 64, 100])
def test_tiles_lie_in_reading_order_and_come_back_within_a_shade(count: int, channels: int, tmp_path: Path) -> None:
    numbers = np.random.default_rng(count).uniform(-1, 1, (count, 5, 7, channels)).astype(np.float32)
    picture = written(tmp_path, numbers, -1.0, 1.0)
    file = tmp_path / "samples/it/000000012.png"
    assert (picture.step, picture.file, picture.tile, picture.count) == (
        12, "samples/it/000000012.png", [5, 7], count
    )  # fmt: skip
    np.testing.assert_allclose(numbers_in(tmp_path, picture), numbers, atol=1.01 / 255)
    assert [path.name for path in file.parent.iterdir()] == ["000000012.png"]
    assert file.stat().st_mode & 0o077 == 0
    with Image.open(file) as image:
        assert image.mode == {1: "L", 3: "RGB"}[channels]
        assert image.width // 7 == {1: 1, 2: 2, 3: 2, 7: 3, 10: 10, 32: 8, 64: 8, 100: 10}[count]


def test_numbers_beyond_the_range_and_not_finite_do_no_harm(tmp_path: Path) -> None:
    numbers = np.array([[-5.0, 0.0, 5.0], [np.nan, np.inf, -np.inf]], np.float32)
    shown = numbers_in(tmp_path, written(tmp_path, numbers[None, :, :, None], -1.0, 1.0))[0, ..., 0]
    assert shown[0] == pytest.approx([-1, 0, 1], abs=0.01)
    assert shown[1, 1:] == pytest.approx([1, -1])


def test_a_flat_picture_is_no_division_by_zero(tmp_path: Path) -> None:
    picture = written(tmp_path, np.full((4, 3, 3, 1), 0.5, np.float32), 0.5, 0.5, "features")
    assert np.isfinite(numbers_in(tmp_path, picture)).all()


@pytest.mark.parametrize("shape", [(4, 3), (4, 3, 3), (4, 3, 3, 2), (4, 3, 3, 4), (1, 4, 3, 3, 1)])
def test_what_is_neither_grey_nor_in_three_colours_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="channels"):
        Tiles.of_numbers("it", "samples", np.zeros(shape), 0.0, 1.0)
    with pytest.raises(ValueError, match="uint16"):
        Tiles.of_numbers("it", "samples", np.zeros((1, 2, 2, 3)), 0.0, 1.0, fine=True)


# Read -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("channels", "fine"), [(1, False), (1, True), (3, False)])
@pytest.mark.parametrize("count", [1, 3, 10, 32, 33])
def test_what_is_read_is_what_was_written(count: int, channels: int, fine: bool, tmp_path: Path) -> None:
    numbers = np.random.default_rng(count).uniform(-3, 2, (count, 48, 64, channels))
    labels = tuple(f"no. {n}" for n in range(count))
    picture = written(tmp_path, numbers, -3.0, 2.0, "features", fine=fine, labels=labels)
    tiles = pictures.read(RunFolder(tmp_path), picture)
    assert (tiles.tag, tiles.kind, tiles.low, tiles.high, tiles.labels) == ("it", "features", -3.0, 2.0, labels)
    assert tiles.fine == fine and len(tiles) == count
    half = 2.5001 / (65535 if fine else 255)
    np.testing.assert_allclose(tiles.numbers, numbers, atol=half)
    np.testing.assert_allclose(tiles.shares, (numbers + 3) / 5, atol=half / 5 + 1e-6)
    np.testing.assert_allclose(tiles.pixels, (numbers + 3) * 51, atol=1.01)
    assert tiles.pixels.dtype == np.uint8


@pytest.mark.parametrize(
    ("kinds", "meaning"),
    [
        (("samples", "one", "real", "input", "mistakes", "what comes later"), Meaning.IMAGE),
        (("features",), Meaning.FEATURE_MAP),
        (("kernels",), Meaning.SIGNED_WEIGHT),
        (("surface",), Meaning.PROBABILITY),
    ],
)
def test_the_kind_says_what_the_numbers_are(kinds: tuple[str, ...], meaning: Meaning) -> None:
    for kind in kinds:
        assert Tiles.of_numbers("it", kind, np.zeros((1, 2, 2, 1)), 0.0, 1.0).meaning is meaning


def test_a_picture_of_black_and_white_is_grey(tmp_path: Path) -> None:
    Image.fromarray(np.eye(4, dtype=np.bool_)).save(tmp_path / "a.png")
    tiles = pictures.read(RunFolder(tmp_path), Picture("it", 1, "a.png", tile=[4, 4]))
    assert (tiles.levels[0, ..., 0] == 255 * np.eye(4)).all()


# Refused ----------------------------------------------------------------------------------------


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def header_of(width: int, height: int, depth: int, color: int) -> bytes:
    """A PNG that says it is so large, with nothing in it."""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "broken|cannot identify"),
        (b"\x89PNG\r\n\x1a\n" + b"\xff" * 100, "broken|cannot identify"),
        (header_of(8, 8, 8, 2) + chunk(b"IDAT", zlib.compress(b"\0" * 40)), "broken|truncated"),
        (header_of(4096, 4097, 8, 0) + chunk(b"IDAT", b""), "larger than any picture"),
        (header_of(4096, 4097, 16, 0) + chunk(b"IDAT", b""), "larger than any picture"),
        (header_of(2400, 2400, 8, 2) + chunk(b"IDAT", b""), "larger than any picture"),
        (header_of(10**6, 10**6, 8, 2) + chunk(b"IDAT", b""), "decompression bomb"),
    ],
    ids=["empty", "noise", "half of its colours", "17 M greys", "17 M fine greys", "17 M values of colours", "vast"],
)
def test_what_is_broken_or_larger_than_any_picture_is_refused(content: bytes, why: str, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises((ValueError, OSError), match=why):
        pictures.read(RunFolder(tmp_path), Picture("it", 1, "a.png", tile=[2, 2]))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_colours_with_an_alpha_or_a_palette_are_refused(mode: str, tmp_path: Path) -> None:
    Image.new(mode, (4, 4)).save(tmp_path / "a.png")
    with pytest.raises(ValueError, match="neither grey nor in three colours"):
        pictures.read(RunFolder(tmp_path), Picture("it", 1, "a.png", tile=[2, 2]))


def test_another_format_and_a_link_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    folder.path.mkdir()
    Image.new("RGB", (4, 4)).save(folder.path / "a.png", "JPEG")
    Image.new("RGB", (4, 4)).save(tmp_path / "elsewhere.png")
    (folder.path / "link.png").symlink_to(tmp_path / "elsewhere.png")
    for name in ("a.png", "link.png"):
        with pytest.raises((ValueError, OSError)):
            pictures.read(folder, Picture("it", 1, name, tile=[2, 2]))


def test_what_the_file_does_not_hold_is_refused(tmp_path: Path) -> None:
    picture = written(tmp_path, np.zeros((4, 2, 3, 3)), 0.0, 1.0)
    assert len(pictures.read(RunFolder(tmp_path), picture)) == 4
    for wrong in (
        {"count": 5}, {"count": 0}, {"tile": [3, 4]}, {"tile": [0, 3]}, {"tile": [2]}, {"tile": [2, 2**60]},
        {"file": "../a.png"}, {"file": "/dev/zero"},
    ):  # fmt: skip
        with pytest.raises(ValueError, match=r"fewer tiles|not a picture"):
            pictures.read(RunFolder(tmp_path), replace(picture, **wrong))
