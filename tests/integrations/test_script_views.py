"""What else scripts tell: pictures, histograms, words, layers, and what was run; as a reader finds it."""

import os
import tomllib
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gan_tui
from gan_tui.integrations.scripts.bounded import bounded_networks, plain_name
from gan_tui.run import pictures
from gan_tui.run.documents import is_script
from gan_tui.run.event_schema import MOST_LAYERS, networks
from gan_tui.run.folder import RunFolder
from gan_tui.run.pictures import Tiles
from gan_tui.run.state import RunState
from scripts import whole


@pytest.fixture
def run() -> Iterator[gan_tui.Run]:
    run = gan_tui.Run("night")
    yield run
    run.close()


def folder_of(run: gan_tui.Run) -> RunFolder:
    assert run.path is not None
    return RunFolder(run.path)


def told(run: gan_tui.Run) -> tuple[RunFolder, RunState]:
    folder = folder_of(run)
    run.close()
    return folder, whole(folder)


def drawn(run: gan_tui.Run, tag: str = "wall") -> Tiles:
    """The last picture of a tag, as it is read."""
    folder, state = told(run)
    assert not state.alerts
    return pictures.read(folder, state.pictures[tag][-1])


RAMP = np.arange(2 * 4 * 5 * 3).reshape(2, 4, 5, 3)


@pytest.mark.parametrize(
    ("array", "shape"),
    [
        (RAMP[0, :, :, 0], (1, 4, 5, 1)),
        (RAMP[0], (1, 4, 5, 3)),
        (RAMP[0, :, :, :1], (1, 4, 5, 1)),
        (RAMP[:, :, :, 0], (2, 4, 5, 1)),
        (RAMP, (2, 4, 5, 3)),
        (RAMP[:, :, :, :1], (2, 4, 5, 1)),
        (np.moveaxis(RAMP, -1, 1), (2, 4, 5, 3)),
        (np.concatenate([RAMP, RAMP[..., :1]], -1), (2, 4, 5, 3)),
    ],
)
def test_images_of_every_form_are_tiles(run: gan_tui.Run, array: Any, shape: tuple[int, ...]) -> None:
    run.image("wall", array.astype(np.float32), low=0, high=255)
    tiles = drawn(run)
    assert tiles.levels.shape == shape
    assert (tiles.low, tiles.high) == (0, 255)
    expected = RAMP[: shape[0], ..., : shape[3]]
    np.testing.assert_array_equal(tiles.levels, expected)


@pytest.mark.parametrize(
    ("array", "scale", "numbers"),
    [
        (np.array([[0, 128], [64, 255]], np.uint8), {}, [[0, 128], [64, 255]]),
        (np.array([[False, True]]), {}, [[0, 255]]),
        (np.array([[-1.0, 1.0]]), {}, [[-1, 1]]),
        (np.array([[-1.0, 1.0]]), {"low": -1, "high": 3}, [[-1, 1.0078431]]),
        (np.array([[2.0, 2.0]]), {}, [[2, 2]]),
        (np.array([[np.nan, 0.0, 1.0]]), {}, [[0, 0, 1]]),
        ([[0, 1], [1, 0]], {}, [[0, 1], [1, 0]]),
    ],
)
def test_numbers_are_on_the_scale_that_was_said_or_their_own(
    run: gan_tui.Run, array: Any, scale: dict[str, float], numbers: Any
) -> None:
    run.image("wall", array, **scale)
    np.testing.assert_allclose(drawn(run).numbers[0, :, :, 0], numbers, atol=1e-6)


@pytest.mark.parametrize(
    "tag", ["a/b", "../../outside", "/etc/passwd", "a b", "🙂", ".hidden", "x" * 300, "", "..", "a\x1b[2Jb", "con\0"]
)
def test_a_picture_may_have_any_tag(run: gan_tui.Run, tag: str) -> None:
    run.image(tag, np.zeros((2, 2)))
    folder, state = told(run)
    (shown,) = state.pictures
    assert len(pictures.read(folder, state.pictures[shown][0])) == 1
    made = list(folder.path.parent.rglob("*.png"))
    assert [path.parent.parent for path in made] == [folder.path / "samples"]


def test_tags_that_are_alike_have_folders_of_their_own(run: gan_tui.Run) -> None:
    for number, tag in enumerate(("a/b", "a-b", "a b", "a\\b")):
        run.image(tag, np.full((1, 1), number, np.uint8))
    folder, state = told(run)
    assert [pictures.read(folder, shown[0]).levels.item() for shown in state.pictures.values()] == [0, 1, 2, 3]
    assert list(state.pictures) == ["a/b", "a-b", "a b", "a\\b"]


@pytest.mark.parametrize(
    ("array", "why"),
    [
        (np.zeros(3), "its shape is (3,); images are"),
        (np.zeros((2, 2, 2, 2, 2)), "its shape is (2, 2, 2, 2, 2)"),
        (np.zeros((0, 4)), "its shape is (1, 0, 4, 1)"),
        (np.array(["a"]), "it has values of the type <U1"),
        (None, "it has values of the type object"),
        (np.zeros((2, 2), complex), "it has values of the type complex128"),
    ],
)
def test_what_is_no_image_is_said_once_and_the_script_goes_on(run: gan_tui.Run, array: Any, why: str) -> None:
    run.image("wall", array)
    run.image("wall", array)
    _, state = told(run)
    assert not state.pictures
    (alert,) = state.alerts
    assert alert.text.startswith(f"The picture wall cannot be drawn: {why}")


def test_pictures_beyond_the_bounds_are_cut_and_said(run: gan_tui.Run) -> None:
    run.image("many", np.zeros((3000, 100, 100), np.uint8))
    run.image("large", np.zeros((5000, 5000), np.uint8))
    folder, state = told(run)
    assert [alert.text for alert in state.alerts] == [
        "The picture many has 3,000 images: 1,640 are shown.",
        "The picture large has 5,000 × 5,000 pixels: one in 2 each way is shown.",
    ]
    assert len(pictures.read(folder, state.pictures["many"][0])) == 1640
    assert pictures.read(folder, state.pictures["large"][0]).levels.shape == (1, 2500, 2500, 1)


def test_pictures_have_labels_and_the_step_they_are_of(run: gan_tui.Run) -> None:
    for _ in run.steps(2):
        run.image("wall", np.zeros((2, 5, 5)), labels=["cat\n", "dog"])
    run.image("wall", np.zeros((2, 5, 5)), step=7)
    _, state = told(run)
    assert [picture.step for picture in state.pictures["wall"]] == [1, 2, 7]
    assert state.pictures["wall"][0].labels == ["cat", "dog"]


def test_histograms_of_several_arrays_are_told_together(run: gan_tui.Run) -> None:
    values = np.random.default_rng(0).normal(size=(20, 30)).astype(np.float32)
    run.histogram("dense/kernel", values)
    run.histogram("dense/bias", np.array([1.0, np.nan, np.inf, 3.0]))
    run.histogram("dense/kernel", 2 * values, step=30)
    _, state = told(run)
    assert state.weights is not None
    assert state.weights[1].step == 30
    layers = state.weights[1].layers
    assert list(layers) == ["dense/kernel", "dense/bias"]
    kernel, bias = layers.values()
    assert kernel["shape"] == [20, 30]
    assert kernel["std"] == pytest.approx(2 * float(values.astype(np.float64).std()), rel=1e-6)
    assert sum(kernel["counts"]) == 600
    assert (bias["low"], bias["high"], sum(bias["counts"]), bias["mean"]) == (1, 3, 2, 2)


def test_texts_keep_their_lines(run: gan_tui.Run) -> None:
    run.text("note", "first\n\x1b[2Jsecond")
    run.text("long", "x" * 20_001)
    run.text("number", 7)  # type: ignore[arg-type]
    _, state = told(run)
    assert state.texts["note"].text == "first\n [2Jsecond"
    assert state.texts["number"].text == "7"
    assert [alert.text for alert in state.alerts] == ["The text long is cut after 20,000 characters."]


def test_layers_beyond_the_bounds_are_cut_and_said(run: gan_tui.Run) -> None:
    def row(name: str, **more: Any) -> dict[str, Any]:
        return {
            "name": name,
            "kind": "Dense",
            "layer": "dense",
            "output_shape": [3],
            "parameters": 4,
            "trainable": 4,
        } | more

    rows = [row(f"layer {number}") for number in range(MOST_LAYERS + 1)]
    run.describe(networks={"my model": rows, "two": [row("a/b"), row("a-b", **{"from": ["a/b"]}), row("a/b")]})
    _, state = told(run)
    assert state.started is not None
    first, second = state.started.networks.values()
    assert (len(first), len(second)) == (MOST_LAYERS, 3)
    assert [alert.text for alert in state.alerts] == ["my model has 2,049 layers: the first 2,048 are shown."]
    assert second[1]["from"] == [second[0]["name"]]
    assert networks(bounded_networks({str(n): [] for n in range(20)})[0])


@pytest.mark.parametrize("name", ["conv2d_1", "a.b-c_D9"])
def test_a_usual_name_is_kept(name: str) -> None:
    assert plain_name(name) == name


# What was run -----------------------------------------------------------------------------------------


@dataclass
class Config:
    rate: float = 0.1
    layers: tuple[int, ...] = (64, 64)


@pytest.mark.parametrize(
    ("config", "kept"),
    [
        ({"lr": 0.1, "none": None, "deep": {"x": [1, None, "y"]}}, {"lr": 0.1, "deep": {"x": [1, "y"]}}),
        (Config(), {"rate": 0.1, "layers": [64, 64]}),
        (Namespace(lr=0.5, out=Path("/tmp/x")), {"lr": 0.5, "out": "/tmp/x"}),
        ({"lr": np.float32(0.5), "n": np.int64(3), "a": np.zeros(2)}, {"lr": 0.5, "n": 3, "a": "[0. 0.]"}),
        ({"big": 2**70, "f": float("inf"), 7: True}, {"big": str(2**70), "f": float("inf"), "7": True}),
        ({"\x1b[2J": "\x1b[2J\ud800", "s": {1}}, {"[2J": "[2J", "s": [1]}),
        (None, {}),
        (7, {}),
    ],
)  # fmt: skip
def test_what_was_run_is_kept(config: Any, kept: dict[str, Any]) -> None:
    run = gan_tui.Run("My Night!", config=config, title="A *night*")
    folder = folder_of(run)
    document = tomllib.loads(folder.preset_file.read_text())
    run.close()
    assert is_script(folder)
    assert document["config"] == kept
    assert (folder.name, document["name"], document["title"]) == ("my-night", "my-night", "A *night*")
    assert document["folder"] == str(Path.cwd())
    assert document["command"][1:]


@pytest.mark.parametrize("name", ["../night", "/night", "Üb er", "🙂", "x" * 300, "-rf", "sweeps"])
def test_any_name_is_made_one_that_runs_may_have(name: str, runs: Path) -> None:
    run = gan_tui.Run(name)
    folder = folder_of(run)
    run.close()
    assert folder.path.parent == runs
    assert whole(folder).state == "finished"


def test_the_log_says_where_the_output_of_a_script_is_that_was_started_by_hand(run: gan_tui.Run) -> None:
    said = folder_of(run).trainer_log.read_text()
    assert said == f"What this script prints is where it was started (process {os.getpid()}), not here.\n"
