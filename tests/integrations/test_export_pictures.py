"""Pictures taken along: PNG files in true colours and large, and the history of a view as a GIF, read by Pillow."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan_tui import presets
from gan_tui.dashboard.themes import inks
from gan_tui.integrations.export import gif_history
from gan_tui.integrations.export.sheets import Sheets
from gan_tui.integrations.export.whole_run import WholeRun
from gan_tui.run import pictures
from gan_tui.run.events import Picture, Resumed, State
from gan_tui.run.folder import RunFolder
from gan_tui.run.pictures import Tiles
from recorded import append, picture, started, tile_numbers
from shell import said

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(runs: Path) -> RunFolder:
    preset = presets.find("gan")
    folder = presets.new_run(preset, runs, "own")
    append(folder, State("starting"), started(preset), State("training"))
    return folder


def drawn(folder: RunFolder, tiles: Tiles, step: int) -> Picture:
    file = folder.sample_file(tiles.tag, step)
    event = pictures.write(tiles, step, file, folder.path)
    append(folder, event)
    return event


def opened(file: Path) -> np.ndarray:
    with Image.open(file) as image:
        return np.asarray(image.convert("RGBA"))


def small(pixels: np.ndarray, factor: int) -> np.ndarray:
    """What an image enlarged so many times was before; fails where pixels were smoothed."""
    before = pixels[::factor, ::factor]
    assert np.array_equal(before.repeat(factor, 0).repeat(factor, 1), pixels)
    return before


# PNG -----------------------------------------------------------------------------------------------------


def test_the_newest_picture_large_and_with_gaps(folder: RunFolder, tmp_path: Path, capsys: Capture) -> None:
    append(folder, picture(folder, 0), picture(folder, 120))
    file = tmp_path / "digits.png"
    assert said(capsys, "export", "own", "--png", f"samples={file}") == (0, f"{file}\n", "")
    whole = opened(file)
    assert max(whole.shape) >= 1000
    sheet = small(whole, len(whole) // (2 * 28 + 2))
    for place, tile in enumerate(tile_numbers(120)):
        top, left = place // 2 * 30, place % 2 * 30
        shown = sheet[top : top + 28, left : left + 28]
        assert (shown[..., 3] == 255).all()
        assert all(np.array_equal(shown[..., channel], tile) for channel in range(3))
    assert not sheet[28:30].any(), "between them is nothing"


def test_a_picture_of_a_step(folder: RunFolder, tmp_path: Path, capsys: Capture) -> None:
    append(folder, *(picture(folder, step) for step in (0, 60, 120)))
    assert said(capsys, "export", "own", "--png", f"samples@60={tmp_path / 'then.png'}")[0] == 0
    sheet = small(opened(tmp_path / "then.png"), 18)
    assert np.array_equal(sheet[:28, :28, 0], tile_numbers(60)[0])
    assert said(capsys, "export", "own", "--png", "samples@61=x.png") == (
        2, "", "gan-tui: own has no picture of samples at step 61; there are those of 0, 60, 120.\n"
    )  # fmt: skip


def test_true_colours(folder: RunFolder, tmp_path: Path, capsys: Capture) -> None:
    levels = np.random.default_rng(0).integers(0, 256, (3, 48, 64, 3)).astype(np.uint8)
    drawn(folder, Tiles("photos", "samples", levels, 0.0, 1.0), 7)
    assert said(capsys, "export", "own", "--png", f"photos={tmp_path / 'p.png'}")[0] == 0
    whole = opened(tmp_path / "p.png")
    factor = whole.shape[1] // (2 * 64 + 3)
    sheet = small(whole, factor)
    assert np.array_equal(sheet[:48, :64, :3], levels[0])
    assert np.array_equal(sheet[51:99, :64, :3], levels[2])
    assert not sheet[51:, 67:, 3].any(), "the fourth place is empty"


def test_images_of_classes_have_a_row_each(folder: RunFolder) -> None:
    labels = tuple(str(n) for n in range(5) for _ in range(8))
    tiles = Tiles("samples", "samples", np.zeros((40, 16, 16, 1), np.uint8), 0.0, 1.0, labels)
    event = drawn(folder, tiles, 1)
    assert Sheets(WholeRun.read(folder), "samples", inks(True)).draw(event).shape[:2] == (5 * 17 - 1, 8 * 17 - 1)


def test_weights_and_activity_have_the_colours_of_the_screen(folder: RunFolder) -> None:
    numbers = np.linspace(-0.3, 0.3, 18).reshape(2, 3, 3, 1)
    kernels = drawn(folder, Tiles.of_numbers("kernels-c", "kernels", numbers, -0.3, 0.3, fine=True), 1)
    maps = drawn(folder, Tiles.of_numbers("features-c", "features", np.abs(numbers), 0.0, 0.3), 1)
    run = WholeRun.read(folder)
    weights = Sheets(run, "kernels-c", inks(True)).draw(kernels)
    blue, orange = (inks(True).series[n] for n in (0, 1))
    assert tuple(weights[0, 0, :3]) == (blue >> 16, blue >> 8 & 255, blue & 255)
    assert tuple(weights[2, 6, :3]) == (orange >> 16, orange >> 8 & 255, orange & 255)
    active = Sheets(run, "features-c", inks(True)).draw(maps)[..., :3]
    assert len(np.unique(active.reshape(-1, 3), axis=0)) > 4
    assert (active[0, 0] != active[0, 0, 0]).any(), "no grey"


def test_a_surface_is_painted_by_class(folder: RunFolder) -> None:
    left = np.zeros((50, 50))
    left[:, :25] = 1
    event = drawn(folder, Tiles.of_numbers("surface", "surface", np.stack([left, 1 - left])[..., None], 0, 1), 9)
    square = Sheets(WholeRun.read(folder), "surface", inks(True)).draw(event, 1000)
    assert square.shape == (1000, 1000, 4)
    colors = {tuple(color) for color in square.reshape(-1, 4).tolist()}
    assert len(colors) == 2
    assert tuple(square[500, 100]) != tuple(square[500, 900])


def test_a_tag_that_is_not_there(folder: RunFolder, capsys: Capture) -> None:
    assert said(capsys, "export", "own", "--png", "samples=x.png")[2] == "gan-tui: own has no pictures.\n"
    append(folder, picture(folder, 1), picture(folder, 1, "real"))
    assert said(capsys, "export", "own", "--png", "sample=x.png")[::2] == (
        2, 'gan-tui: own has no pictures of "sample", did you mean "samples"?\n'
    )  # fmt: skip
    assert said(capsys, "export", "own", "--gif", "kernels=x.gif")[2] == (
        'gan-tui: own has no pictures of "kernels", choose from samples, real.\n'
    )


@pytest.mark.parametrize("tag", ["a=b", "a@7", "a@b=c"])
def test_a_tag_with_signs_in_it(tag: str, folder: RunFolder, tmp_path: Path, capsys: Capture) -> None:
    append(folder, picture(folder, 7, tag))
    assert said(capsys, "export", "own", "--png", f"{tag}={tmp_path / 'a.png'}")[0] == 0
    assert said(capsys, "export", "own", "--png", f"{tag}@7={tmp_path / 'b.png'}")[0] == 0
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


@pytest.mark.parametrize("file", ["../secret.png", "samples/gone.png", "samples"])
def test_a_picture_is_no_way_out_of_a_run(file: str, folder: RunFolder, tmp_path: Path, capsys: Capture) -> None:
    Image.new("L", (28, 28)).save(folder.path.parent / "secret.png")
    append(folder, Picture("samples", 1, file, "samples", [28, 28]))
    out = tmp_path / "x.png"
    assert said(capsys, "export", "own", "--png", f"samples={out}") == (
        1, "", "gan-tui: The picture samples of step 1 cannot be read; name another step: samples@STEP.\n"
    )  # fmt: skip
    assert said(capsys, "export", "own", "--gif", f"samples={out}")[0] == 1
    assert not out.exists()


@pytest.mark.parametrize("tile", [[], [0, 0], [28], [1 << 20, 1 << 20]])
def test_tiles_that_are_none(tile: list[int], folder: RunFolder, tmp_path: Path, capsys: Capture) -> None:
    event = picture(folder, 1)
    append(folder, Picture("samples", 1, event.file, "samples", tile, 4))
    for option in ("--png", "--gif"):
        code, out, err = said(capsys, "export", "own", option, f"samples={tmp_path / 'x'}")
        assert (code, out) == (1, "")
        assert "cannot be read" in err or "can be read" in err


# GIF -----------------------------------------------------------------------------------------------------


def frames_of(file: Path) -> list[np.ndarray]:
    with Image.open(file) as image:
        frames = []
        for number in range(image.n_frames):
            image.seek(number)
            frames.append(np.asarray(image.convert("RGB")))
        return frames


def test_a_history_has_a_frame_a_step_in_exact_greys(folder: RunFolder, tmp_path: Path, capsys: Capture) -> None:
    steps = (0, 60, 120)
    append(folder, *(picture(folder, step) for step in steps))
    file = tmp_path / "h.gif"
    assert said(capsys, "export", "own", "--gif", f"samples={file}") == (0, f"{file}\n", "")
    with Image.open(file) as image:
        assert (image.n_frames, image.info["loop"]) == (3, 0)
    for step, frame in zip(steps, frames_of(file), strict=True):
        factor = frame.shape[1] // 58
        tile = frame[: 28 * factor : factor, : 28 * factor : factor, 0]
        assert np.array_equal(tile, tile_numbers(step)[0])
    written = [frame[-26:].tobytes() for frame in frames_of(file)]
    assert len({*written}) == 3, "each has its step below"


def test_a_history_in_colour(folder: RunFolder, tmp_path: Path, capsys: Capture) -> None:
    across = np.linspace(0, 255, 64).astype(np.uint8)
    photo = np.stack(np.broadcast_arrays(across, across[:, None], np.uint8(128)), axis=-1)[None]
    for step in (1, 2):
        drawn(folder, Tiles("photos", "samples", photo, 0.0, 1.0), step)
    assert said(capsys, "export", "own", "--gif", f"photos={tmp_path / 'p.gif'}")[0] == 0
    frame = frames_of(tmp_path / "p.gif")[1]
    factor = frame.shape[1] // 64
    shown = frame[: 64 * factor : factor, ::factor].astype(int)
    assert np.abs(shown - photo[0]).mean() < 8, "256 colours of its own are near to all of them"


def test_many_pictures_are_thinned_out_evenly(folder: RunFolder) -> None:
    append(folder, *(Picture("samples", step, "x", "samples", [1, 1]) for step in range(1000)))
    run = WholeRun.read(folder)
    assert len(run.history("samples")) == 1000, "a screen keeps fewer"
    steps = [picture.step for picture in gif_history.evenly(run.history("samples"), gif_history.MOST_FRAMES)]
    assert (len(steps), steps[0], steps[-1]) == (200, 0, 999)
    assert {*np.diff(steps).tolist()} == {5, 6} or {*np.diff(steps).tolist()} == {5}


def test_what_a_resumed_run_did_not_keep_is_not_in_it(folder: RunFolder) -> None:
    append(folder, *(picture(folder, step) for step in (0, 60, 120)), Resumed(60), picture(folder, 90))
    assert [each.step for each in WholeRun.read(folder).history("samples")] == [0, 60, 90]


def test_a_frame_is_written_before_the_next_one_is_made(folder: RunFolder, tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (1, 160, 160, 1)).astype(np.uint8)
    for step in range(4):
        drawn(folder, Tiles("noise", "samples", noise, 0.0, 1.0), step)
    (tmp_path / "out").mkdir()
    sizes = list[int]()

    def look(done: int, total: int) -> None:
        (making,) = (tmp_path / "out").iterdir()
        sizes.append(making.stat().st_size)

    gif_history.export(WholeRun.read(folder), "noise", tmp_path / "out" / "n.gif", inks(True), progress=look)
    assert min(np.diff(sizes)) > 20_000


def test_pictures_that_cannot_be_read_are_left_out(folder: RunFolder, tmp_path: Path, capsys: Capture) -> None:
    gone = Picture("samples", 3, "samples/gone", "samples", [28, 28], 4)
    append(folder, picture(folder, 0), gone, picture(folder, 9))
    file = tmp_path / "h.gif"
    assert said(capsys, "export", "own", "--gif", f"samples={file}") == (
        0, f"{file}\n", "Left out, because they cannot be read: 1 picture.\n"
    )  # fmt: skip
    assert len(frames_of(file)) == 2
