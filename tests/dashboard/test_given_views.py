"""What scripts and logs give under names of their own: pictures, histograms, texts, one view after another."""

import time
from pathlib import Path

import numpy as np
import pytest
from textual.pilot import Pilot

from gan_tui.dashboard.app import GanTui
from gan_tui.run.events import Confusion, Text, Weights
from gan_tui.run.folder import RunFolder
from on_screen import LOW, WIDE, caption, lines_of_pane, press, running, screen_text, seen, soon, turned, words_of
from recorded_views import described
from script_runs import add, curves, deep, picture, script_run, weights

LOSS = curves(["loss"], range(1, 11))
RANDOM = np.random.default_rng(0)


def pane(pilot: Pilot) -> str:
    return "\n".join(lines_of_pane(pilot))


def given(runs: Path, **more: object) -> RunFolder:
    return script_run(runs, LOSS, **more)


async def captions(pilot: Pilot, count: int) -> list[str]:
    """Of so many views, one after the other."""
    await soon(lambda: "step" in caption(pilot))
    return [caption(pilot), *[await turned(pilot) for _ in range(count - 1)]]


@pytest.mark.slow
@pytest.mark.parametrize("size", [WIDE, LOW])
async def test_pictures_of_any_name_are_shown_under_it(size: tuple[int, int], runs: Path) -> None:
    """Also names that presets' runs give a meaning to."""
    folder, tags = given(runs), ("samples", "one", "input", "real-2", "features-mine", "surface", "Ünï code")
    for tag in tags:
        add(folder, picture(folder, tag, 7, RANDOM.random((4, 12, 12, 3))))
    async with running(GanTui(runs, folder), size) as pilot:
        found = await captions(pilot, len(tags))
        assert [line.partition("  step 7")[0] for line in found] == list(tags)
        assert "latent" not in screen_text(pilot) and "v real" not in screen_text(pilot)


async def test_a_wide_picture_and_a_single_one_fill_the_pane_across(runs: Path) -> None:
    folder = given(runs)
    add(folder, picture(folder, "panorama", 3, np.tile(np.linspace(0, 1, 320), (1, 40, 1))[..., None]))
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "panorama  step 3")
        await soon(lambda: max(len(line.strip()) for line in lines_of_pane(pilot)[2:]) > 45)


@pytest.mark.slow
async def test_histograms_of_any_name_are_shown_as_first_and_as_now(runs: Path) -> None:
    folder = given(runs)
    names = ["conv1/kernel", "kernel", *(f"grad/{n}" for n in range(20))]
    add(folder, weights(0, *names), weights(40, *names, spread=0.5))
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "histograms  step 40  1–3 of 22")
        assert "conv1/kernel  32 × 16" in pane(pilot) and "step 0" in pane(pilot) and "untrained" not in pane(pilot)
        press(pilot, "pagedown")
        await seen(pilot, "4–6 of 22")
        assert "grad/1  " in pane(pilot)
        press(pilot, *["pagedown"] * 9)
        await seen(pilot, "20–22 of 22")
        press(pilot, "up")
        await seen(pilot, "19–21 of 22")


async def test_a_histogram_is_never_anothers_whose_name_ends_likewise(runs: Path) -> None:
    folder = given(runs)
    add(folder, Weights(5, {"a/kernel": described(np.array([7.0, 8])), "kernel": described(np.array([1.0, 2]))}))
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "1–2 of 2")
        own = pane(pilot).partition("\nkernel  2")[2]
        assert "1.5" in own and "7.5" not in own, "the mean"


async def test_layers_histograms_are_in_their_pane_and_not_twice(runs: Path) -> None:
    network = deep(3)
    layer = network["efficientnet"][0]["name"]
    folder = given(runs, networks=network)
    add(folder, weights(1, f"efficientnet/{layer}/kernel", "loose"))
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "loose  32 × 16")
        assert layer not in pane(pilot)


@pytest.mark.parametrize("size", [WIDE, LOW])
async def test_what_a_run_says_in_words_has_a_page_of_its_own(size: tuple[int, int], runs: Path) -> None:
    folder = given(runs)
    add(folder, Text("note", 3, "All is well.\n[bold]not markup[/]"), Text("sample", 10, "Once upon a time " * 60))
    async with running(GanTui(runs, folder), size) as pilot:
        await seen(pilot, "texts  step 10")
        await seen(pilot, "note  step 3")
        assert "All is well." in pane(pilot) and "[bold]not markup[/]" in pane(pilot)
        first = pane(pilot)
        press(pilot, "pagedown")
        await soon(lambda: (size == LOW) == (pane(pilot) != first))


async def test_what_is_confused_is_shown_without_names_of_classes(runs: Path) -> None:
    folder = given(runs)
    add(folder, Confusion(10, [[5, 1], [0, 7]]))
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "confusion matrix  step 10")
        assert "7" in pane(pilot)


@pytest.mark.parametrize(
    ("task", "said"), [("script", 'run.image("name", array)'), ("log", "This log has no pictures")]
)
async def test_where_there_is_no_picture_it_says_what_gives_one(task: str, said: str, runs: Path) -> None:
    folder = given(runs, task=task)
    async with running(GanTui(runs, folder)) as pilot:
        await soon(lambda: said in " ".join(pane(pilot).split()))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("task", "said"), [("script", "Watch shows those of a Keras model"), ("log", "This log tells of no layers")]
)
@pytest.mark.parametrize("size", [WIDE, LOW])
async def test_where_no_network_is_known_it_says_what_shows_one(
    size: tuple[int, int], task: str, said: str, runs: Path
) -> None:
    folder = given(runs, task=task)
    async with running(GanTui(runs, folder), size) as pilot:
        await seen(pilot, "finished")
        press(pilot, "2")
        await soon(lambda: said in words_of(pilot, "LayersPane"))
        press(pilot, "g", "g", "down")
        await soon(lambda: said in words_of(pilot, "LayersPane"))


@pytest.mark.slow
async def test_as_many_layers_as_large_networks_have_are_gone_through_at_once(runs: Path) -> None:
    folder = given(runs, networks={f"net{n}": deep(813)["efficientnet"] for n in range(4)})
    last = deep(813)["efficientnet"][-1]["name"]
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "finished")
        press(pilot, "2")
        await soon(lambda: "net0 " in words_of(pilot, "LayersPane"))
        began = time.process_time()
        press(pilot, *["down"] * 30, "end", "g")
        await soon(lambda: last in words_of(pilot, "LayersPane") and "┏" in words_of(pilot, "LayersPane"))
        assert time.process_time() - began < 25, "all networks as a diagram take longer"


@pytest.mark.slow
async def test_one_of_many_views_is_chosen_from_a_list(runs: Path) -> None:
    folder = given(runs)
    for n in range(20):
        add(folder, picture(folder, f"picture {n}", n + 1, RANDOM.random((1, 8, 8, 1))))
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "picture 0  step 1")
        assert "V list" in pane(pilot)
        press(pilot, "V")
        await seen(pilot, "─ Views ─(?s:.*)picture 19")
        press(pilot, *["down"] * 13, "enter")
        await seen(pilot, "picture 13  step 14")
        press(pilot, "V", "escape")
        await soon(lambda: "esc Menu" in screen_text(pilot))
        assert caption(pilot).startswith("picture 13  step 14")


async def test_a_list_of_views_is_offered_where_there_are_several(runs: Path) -> None:
    folder = given(runs)
    add(folder, picture(folder, "alone", 1, RANDOM.random((1, 8, 8, 1))))
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "alone  step 1")
        assert "V list" not in pane(pilot)
        press(pilot, "V")
        await seen(pilot, "V does nothing now: there are no other views")
