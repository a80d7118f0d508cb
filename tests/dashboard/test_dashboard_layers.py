"""The layers of a run as a table and as a diagram, with the settings and weights of the one that is chosen."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from rich.segment import Segment
from textual.containers import VerticalScroll
from textual.events import MouseDown, MouseUp
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import OptionList

from gan_tui.dashboard.widgets.cells_view import CellsView
from gan_tui.dashboard.widgets.layer_details import LayerDetails
from gan_tui.dashboard.widgets.layer_diagram import LayerDiagram
from gan_tui.dashboard.widgets.layers_pane import LayersPane
from histograms import assert_outlines
from on_screen import LOW, WIDE, cells_at, mouse, opened, press, screen_text, seen, soon
from recorded import metrics
from recorded_views import LAST, Recording, recorded_classifier, recorded_pair


@dataclass
class Looked:
    """A recording on the screen, in one app for all tests."""

    run: Recording
    pilot: Pilot


@pytest.fixture(scope="module")
async def opened_classifier(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Looked]:
    run = recorded_classifier(tmp_path_factory.mktemp("runs"))
    async with opened(run, LOW) as pilot:
        yield Looked(run, pilot)


@pytest.fixture(scope="module")
async def opened_pair(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Looked]:
    run = recorded_pair(tmp_path_factory.mktemp("runs"))
    async with opened(run, LOW) as pilot:
        yield Looked(run, pilot)


@pytest.fixture
async def classifier(opened_classifier: Looked) -> Looked:
    """The table of layers with the first layer chosen, whatever a test before has left."""
    await restore(opened_classifier.pilot)
    await soon(lambda: details(opened_classifier.pilot)[0].startswith("conv2d (Conv2D)"))
    return opened_classifier


@pytest.fixture
async def pair(opened_pair: Looked) -> Looked:
    await restore(opened_pair.pilot)
    return opened_pair


async def restore(pilot: Pilot) -> None:
    if tuple(pilot.app.size) != LOW:
        await pilot.resize_terminal(*LOW)
    if pilot.app.screen.has_class("-full"):
        press(pilot, "f")
    press(pilot, "2")
    await pilot.pause()
    if not isinstance(pilot.app.focused, OptionList):
        press(pilot, "g")
    await soon(lambda: isinstance(pilot.app.focused, OptionList) and pilot.app.focused.region)
    press(pilot, "home", "down")
    await pilot.pause()


def lines_of(pilot: Pilot, kind: type[Widget]) -> list[str]:
    """A widget's part of the screen as text."""
    widget = pilot.app.screen.query_one(LayersPane).query_one(kind)
    return [line.rstrip() for line in cells_at(pilot, widget.region).text().split("\n")]


def details(pilot: Pilot) -> list[str]:
    return lines_of(pilot, LayerDetails)[1:]


@pytest.mark.slow
@pytest.mark.parametrize("dark", [True, False])
async def test_a_networks_heading_is_brighter_than_its_layers(pair: Looked, dark: bool) -> None:
    pilot = pair.pilot
    if pilot.app.current_theme.dark is not dark:
        press(pilot, "t")
    await soon(lambda: pilot.app.current_theme.dark is dark)
    await pilot.pause()
    table = pilot.app.screen.query_one(OptionList)
    row = next(y for y in range(table.size.height) if table.render_line(y).text.startswith("generator"))
    name, words = [segment for segment in table.render_line(row) if segment.text.strip()][:2]
    assert name.style.bold
    assert contrast(name) > 10 and contrast(words) >= 4.5
    press(pilot, "t")


def contrast(segment: Segment) -> float:
    """Of a text to its ground, by WCAG 2."""
    found = []
    for color in (segment.style.color, segment.style.bgcolor):
        linear = [(c / 255 + 0.055) ** 2.4 / 1.055**2.4 for c in color.triplet]
        found.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
    return max(found) / min(found)


@pytest.mark.slow
async def test_arrows_choose_a_layer_with_its_settings_and_weights(classifier: Looked) -> None:
    run, pilot = classifier.run, classifier.pilot
    await seen(pilot, "classifier 333,526 parameters")
    assert "arrows choose  g diagram" in screen_text(pilot)
    listed = lines_of(pilot, OptionList)
    shown = ["input", "Conv2D 32 3", "MaxPooling2", "Conv2D 64 3", "MaxPooling2"]
    assert [line.split("  ")[0][:11] for line in listed[1:6]] == [word[:11] for word in shown], "a line for each layer"
    assert [line.split()[-1] for line in listed[2:5:2]] == ["320", "18,496"], "no number is cut"
    press(pilot, "f", "down", "down")
    await soon(lambda: details(pilot)[0].startswith("conv2d_1 (Conv2D)") and "activation" in details(pilot)[0])
    found = details(pilot)
    assert found[0] == "conv2d_1 (Conv2D)  filters 64  kernel_size 3×3  padding same  activation relu"
    for line, name in zip(found[1:3], ("kernel", "bias"), strict=True):
        values = run.weights[LAST][f"classifier/conv2d_1/{name}"]
        assert line.startswith(f"{name} " + " × ".join(map(str, values.shape)) + "  mean ")
        numbers = [float(n) for n in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", line.split("mean")[1].replace("…", " "))]
        facts = [values.mean(), values.std(), values.min(), values.max()]
        np.testing.assert_allclose(numbers, facts, rtol=0.01)
    shown = cells_at(pilot, pilot.app.screen.query_one(LayersPane).query_one(LayerDetails).region)
    histogram = shown.part(4, 0, shown.rows - 4, shown.columns)
    assert_outlines(histogram, *(run.weights[step]["classifier/conv2d_1/kernel"] for step in (0, LAST)))
    press(pilot, "down", "down")
    await soon(lambda: details(pilot)[0].startswith("flatten (Flatten)"))
    assert not any(details(pilot)[1:]), "no weights, so nothing is said of them"
    press(pilot, "end")
    await soon(lambda: details(pilot)[0].startswith("dense_1 (Dense)  units 10  activation softmax"))


@pytest.mark.slow
async def test_g_shows_the_diagram_at_the_chosen_layer_and_arrows_and_clicks_choose_there(classifier: Looked) -> None:
    pilot = classifier.pilot
    press(pilot, "down", "down", "g")
    await seen(pilot, "arrows choose  g table")
    await soon(lambda: any("┃ conv2d_1" in line for line in lines_of(pilot, VerticalScroll)))
    press(pilot, "down")
    await soon(lambda: any("┃ max_pooling2d_1" in line for line in lines_of(pilot, VerticalScroll)))
    assert details(pilot)[0].startswith("max_pooling2d_1 (MaxPooling2D)")
    await soon(lambda: box_is_whole(pilot))
    scroll = pilot.app.screen.query_one(LayersPane).query_one(VerticalScroll)
    assert scroll.scroll_y > 0
    scroll.scroll_to(y=0, animate=False)
    await soon(lambda: any("input" in line for line in lines_of(pilot, VerticalScroll)))
    row = next(n for n, line in enumerate(lines_of(pilot, VerticalScroll)) if "╭" in line)
    mouse(pilot, Offset(scroll.region.x + 10, scroll.region.y + row + 1), MouseDown, MouseUp)
    await soon(lambda: details(pilot)[0].startswith("input (Input)"))
    press(pilot, "g")
    await soon(lambda: isinstance(pilot.app.focused, OptionList))
    press(pilot, "down")
    await soon(lambda: details(pilot)[0].startswith("conv2d (Conv2D)"))


def box_is_whole(pilot: Pilot) -> bool:
    """Whether the chosen layer's box is on the screen from its top to its bottom."""
    return {"┏", "┗"} <= {line.lstrip()[:1] for line in lines_of(pilot, VerticalScroll)}


async def test_a_diagram_whose_chosen_box_is_in_sight_is_not_scrolled(pair: Looked) -> None:
    pilot = pair.pilot
    await pilot.resize_terminal(*WIDE)
    press(pilot, "g")
    await soon(lambda: box_is_whole(pilot))
    await pilot.pause()
    lines = lines_of(pilot, VerticalScroll)
    assert lines[0] == "generator" and lines[2].lstrip().startswith("╭"), "from its very beginning"
    press(pilot, *["down"] * 7)
    await soon(lambda: box_is_whole(pilot) and lines_of(pilot, VerticalScroll)[0] != "generator")


@pytest.mark.slow
async def test_the_diagram_has_a_box_for_each_layer_of_both_networks(pair: Looked) -> None:
    run, pilot = pair.run, pair.pilot
    press(pilot, "g")
    await soon(lambda: pilot.app.screen.query_one(LayerDiagram).size.height > 50)
    diagram = pilot.app.screen.query_one(LayerDiagram)
    text = "\n".join(diagram.render_line(y).text for y in range(diagram.size.height))
    boxes = re.split("[╭┏]", text)[1:]
    rows = [(network.name, row) for network in run.preset.networks for row in (None, *network.rows)]
    assert len(boxes) == len(rows)
    shape = ""
    for box, (network, row) in zip(boxes, rows, strict=True):
        words = " ".join(re.sub("[│┃]", " ", box).split())
        if row is None:
            assert "Input" in words
            shape = " × ".join(map(str, run.preset.network(network).input))
        else:
            out = " × ".join(map(str, row.output_shape))
            assert row.name in words and f"in {shape} out {out}" in words
            assert (f"{row.parameters:,} parameters" in words) is bool(row.parameters)
            shape = out
    assert max(map(len, text.split("\n"))) <= LOW[0]


@pytest.mark.slow
async def test_no_number_of_a_layers_weights_is_cut_in_two(pair: Looked) -> None:
    run, pilot = pair.run, pair.pilot
    layers = [name for name in run.weights[LAST] if name.endswith("/kernel")]
    for size in (LOW, (100, 30), WIDE):
        await pilot.resize_terminal(*size)
        await soon(lambda: any(line.startswith("kernel") for line in details(pilot)))
        (line,) = [line for line in details(pilot) if line.startswith("kernel")]
        values = next(run.weights[LAST][name] for name in layers)
        facts = [values.mean(), values.std(), values.min(), values.max()]
        numbers = [float(n) for n in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", line.partition("mean")[2].replace("…", " "))]
        assert len(numbers) in (0, 1, 2, 4)
        np.testing.assert_allclose(numbers, facts[: len(numbers)], rtol=0.01)


@pytest.mark.slow
async def test_a_live_run_has_weights_as_they_stand_and_leaves_the_diagram_where_it_was_scrolled(runs: Path) -> None:
    run = recorded_classifier(runs, state="training")
    async with opened(run, LOW) as pilot:
        press(pilot, "g")
        scroll = pilot.app.screen.query_one(LayersPane).query_one(VerticalScroll)
        await soon(lambda: scroll.max_scroll_y > 20)
        await pilot.pause()  # until the chosen box is in sight
        scroll.scroll_to(y=20, animate=False)
        await soon(lambda: scroll.scroll_y == 20)
        run.write(metrics("classifier", LAST + 1, LAST + 1), run.add_weights(LAST + 1, np.random.default_rng(0), 0.5))
        await seen(pilot, f"step {LAST + 1} of")
        await soon(lambda: pilot.app.screen.state.weights[1].step == LAST + 1)
        assert scroll.scroll_y == 20
        press(pilot, "f")
        std = run.weights[LAST + 1]["classifier/conv2d/kernel"].std()
        await seen(pilot, rf"kernel 3 × 3 × 1 × 32  mean \S+  std {std:.3g}")


@pytest.mark.slow
async def test_a_pane_is_drawn_for_its_size_even_if_nothing_tells_it_of_the_change(
    classifier: Looked, monkeypatch: pytest.MonkeyPatch
) -> None:
    pilot = classifier.pilot
    monkeypatch.setattr(CellsView, "on_resize", lambda view: None)  # as when Textual loses the event
    monkeypatch.setattr(CellsView, "_size_updated", Widget._size_updated)
    press(pilot, "f")
    await soon(lambda: details(pilot)[0].endswith("activation relu"))
