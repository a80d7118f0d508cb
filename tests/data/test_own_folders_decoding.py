"""Whatever an image's format, depth, colours and turn, its pixels come out as a person sees them."""

import os
import struct
import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan_tui.data.own import Wish
from gan_tui.data.own.decoding import Broken, decoded, header
from gan_tui.errors import UserError
from photos import photo

GREY, COLOUR = 1, 3


def pixels(path: Path, channels: int = COLOUR, side: tuple[int, int] = (2, 2), resize: str = "crop") -> list:
    return decoded(path, Wish(*side, channels, resize))[0].tolist()


def saved(image: Image.Image, path: Path, **how: object) -> Path:
    image.save(path, **how)
    return path


def one(mode: str, value: object) -> Image.Image:
    return Image.new(mode, (2, 2), value)


@pytest.mark.parametrize(
    ("image", "ending", "grey", "colour"),
    [
        (one("1", 1), "png", 255, [255, 255, 255]),
        (one("L", 77), "png", 77, [77, 77, 77]),
        (one("RGB", (255, 0, 0)), "png", 76, [255, 0, 0]),
        (one("RGBA", (255, 0, 0, 0)), "png", 255, [255, 255, 255]),
        (one("RGBA", (0, 0, 0, 128)), "png", 127, [127, 127, 127]),
        (one("LA", (0, 51)), "png", 204, [204, 204, 204]),
        (one("P", 0), "gif", 0, [0, 0, 0]),
        (one("I;16", 65535), "png", 255, [255, 255, 255]),
        (one("I;16", 257 * 100), "png", 100, [100, 100, 100]),
        (one("F", 0.5), "tif", 128, [128, 128, 128]),
        (one("F", 200.0), "tif", 200, [200, 200, 200]),
        (one("F", float("nan")), "tif", 0, [0, 0, 0]),
        (one("I", 257 * 40), "tif", 40, [40, 40, 40]),
        (one("CMYK", (0, 255, 255, 0)), "tif", 76, [255, 0, 0]),
        (one("RGB", (0, 0, 255)), "bmp", 29, [0, 0, 255]),
        (one("RGB", (0, 0, 255)), "ppm", 29, [0, 0, 255]),
    ],
    ids=lambda value: value.mode if isinstance(value, Image.Image) else str(value),
)
def test_every_kind_of_pixel(image, ending, grey, colour, tmp_path: Path) -> None:
    path = saved(image, tmp_path / f"a.{ending}")
    assert pixels(path, GREY) == [[[grey]] * 2] * 2
    assert pixels(path, COLOUR) == [[colour] * 2] * 2


def test_a_palette_with_a_clear_colour_is_white_there(tmp_path: Path) -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([0, 0, 0, 255, 0, 0])
    image.putpixel((1, 0), 1)
    path = saved(image, tmp_path / "a.png", transparency=0)
    assert pixels(path, side=(1, 2)) == [[[255, 255, 255], [255, 0, 0]]]


def test_a_grey_image_with_a_clear_shade_is_white_there(tmp_path: Path) -> None:
    image = Image.new("L", (2, 1), 9)
    image.putpixel((1, 0), 90)
    assert pixels(saved(image, tmp_path / "a.png", transparency=9), GREY, (1, 2)) == [[[255], [90]]]


def test_a_jpeg_in_four_inks(tmp_path: Path) -> None:
    red, green, blue = pixels(saved(one("CMYK", (0, 255, 255, 0)), tmp_path / "a.jpg", quality=95))[0][0]
    assert red > 250 and green < 5 and blue < 5


def test_the_first_frame_of_a_film(tmp_path: Path) -> None:
    frames = [one("RGB", color) for color in ("red", "lime", "blue")]
    for ending in ("gif", "webp", "tif"):
        how = {"lossless": True} if ending == "webp" else {}
        path = saved(frames[0], tmp_path / f"a.{ending}", save_all=True, append_images=frames[1:], **how)
        assert pixels(path)[0][0] == [255, 0, 0]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_stands_upright(orientation: int, tmp_path: Path) -> None:
    upright = np.zeros((2, 4), np.uint8)
    upright[0] = 50, 100, 150, 200
    undo = {1: lambda a: a, 2: np.fliplr, 3: lambda a: np.rot90(a, 2), 4: np.flipud, 5: np.transpose,
            6: np.rot90, 7: lambda a: np.rot90(a, 2).T, 8: lambda a: np.rot90(a, -1)}  # fmt: skip
    exif = Image.Exif()
    exif[0x0112] = orientation
    lying = np.ascontiguousarray(undo[orientation](upright))
    path = saved(Image.fromarray(lying), tmp_path / "a.png", exif=exif)
    assert decoded(path, Wish(2, 4, 1))[0][..., 0].tolist() == upright.tolist()
    jpeg = saved(Image.fromarray(lying.repeat(8, 0).repeat(8, 1)), tmp_path / "a.jpg", exif=exif, quality=95)
    assert (header(jpeg).height, header(jpeg).width) == (16, 32)
    assert np.abs(decoded(jpeg, Wish(2, 4, 1))[0][..., 0].astype(int) - upright).max() < 40  # edges are soft


def test_other_proportions_are_cut_padded_or_stretched(tmp_path: Path) -> None:
    image = Image.fromarray(np.array([[10, 20, 30, 40]] * 2, np.uint8).repeat(4, 0).repeat(4, 1))  # 16 × 8
    path = saved(image, tmp_path / "a.png")
    grey = {how: np.array(pixels(path, GREY, (4, 4), how), int)[..., 0] for how in ("crop", "pad", "stretch")}
    assert np.abs(grey["crop"][1] - [20, 20, 30, 30]).max() <= 2
    assert grey["pad"][0].tolist() == [0] * 4 and grey["pad"][3].tolist() == [0] * 4
    assert np.abs(grey["pad"][1] - [10, 20, 30, 40]).max() <= 2
    assert np.abs(grey["stretch"][0] - [10, 20, 30, 40]).max() <= 2


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (500, 1), (3, 2)])
@pytest.mark.parametrize("resize", ["crop", "pad", "stretch"])
def test_any_size_becomes_the_one_wished(size: tuple[int, int], resize: str, tmp_path: Path) -> None:
    assert decoded(photo(tmp_path / "a.png", size=size), Wish(28, 20, 3, resize))[0].shape == (28, 20, 3)


def test_a_jpeg_of_the_size_wished_is_as_pillow_unpacks_it(tmp_path: Path) -> None:
    path = photo(tmp_path / "a.jpg", size=(28, 28), quality=95)
    assert np.array_equal(decoded(path, Wish(28, 28, 3))[0], np.asarray(Image.open(path)))


def test_a_large_jpeg_unpacked_small_looks_the_same(tmp_path: Path) -> None:
    rows, columns = np.mgrid[:1200, :1600]
    waves = (127 + 127 * np.sin(rows / 90) * np.cos(columns / 70)).astype(np.uint8)
    image = Image.fromarray(np.dstack([waves, waves.T[:1200, :1200].repeat(2, 1)[:, :1600], 255 - waves]))
    exact = decoded(saved(image, tmp_path / "a.png"), Wish(48, 64, 3))[0].astype(int)
    soon = decoded(saved(image, tmp_path / "a.jpg", quality=95), Wish(48, 64, 3))[0].astype(int)
    assert np.abs(exact - soon).mean() < 1.5


def bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def sound(path: Path) -> bytes:
    return photo(path, size=(64, 64)).read_bytes()


BROKEN = {
    "empty.png": (lambda path: b"", "no image that gan-tui reads"),
    "page.jpg": (lambda path: b"<html>404 Not Found</html>", "no image that gan-tui reads"),
    "cut.png": (lambda path: sound(path)[:3000], "cut short"),
    "cut.jpg": (lambda path: sound(path)[:1500], "cut short"),
    "cut.bmp": (lambda path: sound(path)[:1500], "cut short"),
    "cut.gif": (lambda path: sound(path)[:1500], "cut short"),
    "bomb.png": (lambda path: bomb(60_000, 60_000), "far too many pixels"),
    "large.png": (lambda path: bomb(12_000, 10_000), "12,000 × 10,000 pixels are too many"),
    "script.png": (lambda path: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "no image that gan-tui reads"),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore")  # of Pillow; the product ignores them, too
@pytest.mark.parametrize("name", BROKEN)
def test_broken_images_say_what_is_wrong(name: str, tmp_path: Path) -> None:
    make, reason = BROKEN[name]
    content = make(tmp_path / name)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Broken, match=f"^{reason}$"):
        decoded(tmp_path / name, Wish(8, 8, 3))


def test_what_is_no_file_is_broken_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "nowhere.png").symlink_to(tmp_path / "gone")
    for name, reason in (("pipe", "it is not a file"), ("nowhere", "No such file")):
        with pytest.raises(Broken, match=reason):
            decoded(tmp_path / f"{name}.png", Wish(8, 8, 3))


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_that_may_not_be_read_is_no_broken_image(tmp_path: Path) -> None:
    photo(tmp_path / "a.png").chmod(0)
    with pytest.raises(UserError, match=r"a\.png cannot be read: Permission denied; check who owns it\."):
        decoded(tmp_path / "a.png", Wish(8, 8, 3))


@pytest.mark.filterwarnings("ignore")  # of Pillow; the product ignores them, too
@pytest.mark.parametrize("ending", ["png", "jpg", "gif", "webp", "bmp", "tif"])
def test_whatever_a_spoilt_file_holds_it_is_broken_or_an_image(ending: str, tmp_path: Path) -> None:
    content, random = sound(tmp_path / f"a.{ending}"), np.random.default_rng(1)
    spoilt = tmp_path / f"b.{ending}"
    for _ in range(60):
        bytes_ = np.frombuffer(content, np.uint8).copy()
        places = random.integers(0, min(len(bytes_), 400), 3)
        bytes_[places] = random.integers(0, 256, 3)
        spoilt.write_bytes(bytes_.tobytes())
        with suppress(Broken):
            assert decoded(spoilt, Wish(8, 8, 3))[0].shape == (8, 8, 3)
