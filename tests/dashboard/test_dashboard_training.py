"""The training screen while a run goes on: what its trainer writes comes onto it, and nothing else is sent."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.geometry import Region
from textual.widget import Widget

from gan_tui import presets
from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.messages import RunChanged
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.dashboard.widgets import status
from gan_tui.dashboard.widgets.metric_charts import MetricCharts
from gan_tui.dashboard.widgets.picture import PicturePane
from gan_tui.dashboard.widgets.side_pane import SidePane
from gan_tui.dashboard.widgets.status import StatusLines
from gan_tui.run.events import Picture, Resumed, State, Usage
from gan_tui.run.folder import RunFolder
from gan_tui.run.holder import ENDED, Standing
from on_screen import notice, press, running, screen_text, seen, shown, soon
from recorded import append, epoch, held, metrics, picture, recorded_run, started
from serving import Serving


@pytest.fixture
def alive(runs: Path) -> Iterator[RunFolder]:
    """A paused run whose processes are there."""
    folder = recorded_run(runs, state="paused")
    with held(folder):
        yield folder


async def test_what_a_trainer_writes_later_comes_onto_the_screen(alive: RunFolder) -> None:
    async with running(GanTui(alive.path.parent, alive)) as pilot:
        screen = await shown(pilot)
        append(alive, State("training"), metrics("gan", 121, 133), picture(alive, 133), State("paused"))
        await shown(pilot, step=133)
        await seen(pilot, "generated  step 133")
        assert screen.state.series["d_loss"].length == 133

        alive.sample_file("samples", 134).write_bytes(b"not a picture")
        append(alive, metrics("gan", 134, 134), _picture_event(134, "samples/samples/000000134.png"), State("paused"))
        await seen(pilot, "The picture of step 134 cannot be read")

        outside = picture(RunFolder(alive.path.parents[1] / "elsewhere"), 999)
        append(alive, metrics("gan", 135, 135), _picture_event(135, f"../../elsewhere/{outside.file}"), State("paused"))
        await seen(pilot, "The picture of step 135 cannot be read")

        append(alive, Resumed(50), State("training"), metrics("gan", 51, 60), picture(alive, 60), State("paused"))
        await shown(pilot, step=60)
        assert screen.state.series["g_loss"].steps.tolist() == list(range(1, 61)), "the earlier attempt's are dropped"

        append(alive, State("failed", "The trainer was killed (SIGKILL): by someone, or because memory ran out."))
        await seen(pilot, r"The trainer was killed \(SIGKILL\)")
        assert notice(screen).startswith("The trainer was killed (SIGKILL)")
        await seen(pilot, "r Resume")
        append(alive, State("finished", "all steps are done"))
        await seen(pilot, "✓ finished")


def _picture_event(step: int, file: str) -> Any:
    return Picture("samples", step, file, "samples", [28, 28], 4)


async def test_what_is_asked_and_not_answered_for_long_is_said_so(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "LATE_SECONDS", 0.2)
    folder = recorded_run(runs, state="training")
    serving = Serving(folder)
    serving.behave = lambda command: None
    try:
        async with running(GanTui(runs, folder), size=(60, 24)) as pilot:
            await seen(pilot, "▶ training")
            press(pilot, "space")
            await seen(pilot, r"▶ training \(pausing …\)")
            await seen(pilot, r"▶ training \(pausing: no answer, busy or stopped …\)")
            append(folder, State("paused"))
            await seen(pilot, "paused  step")
            await pilot.pause(0.3)
            assert "no answer" not in screen_text(pilot)
    finally:
        serving.close()


async def test_a_run_whose_processes_are_gone_says_so_and_how_to_go_on(runs: Path) -> None:
    folder = recorded_run(runs, state="training")
    app = GanTui(runs, folder)
    async with running(app) as pilot:
        screen = await shown(pilot)
        await seen(pilot, "processes were killed")
        assert "interrupted" in screen_text(pilot)
        assert "Press r to resume from step 120" in notice(screen)
        append(folder, State("finished", "all steps are done"))
        await seen(pilot, "✓ finished")
        press(pilot, "q")
        await soon(lambda: not app.is_running)
    assert app.parting_words == "", "nothing goes on in the background"


async def test_validation_has_its_own_line_in_the_chart(runs: Path) -> None:
    folder = recorded_run(runs, "fashion-cnn")
    append(folder, epoch(1, 60, loss=0.5, val_loss=0.4, val_accuracy=0.8))
    append(folder, epoch(2, 120, val_loss=0.3, val_accuracy=0.9))
    async with running(GanTui(runs, folder)) as pilot:
        screen = await shown(pilot)
        await soon(lambda: screen_text(pilot).count("validation") == 2)
        assert screen.state.series["val_loss"].steps.tolist() == [60, 120]
        assert "training" in screen_text(pilot)


async def test_only_cells_that_changed_are_sent(alive: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few more steps repaint neither the charts' frames nor the picture."""
    append(alive, State("training"))
    async with running(GanTui(alive.path.parent, alive)) as pilot:
        screen = await shown(pilot)
        await seen(pilot, "▶ training")
        await pilot.pause()
        charts = sum(chart.size.area for chart in screen.query(MetricCharts))
        refreshed, refresh = list[tuple[Widget, tuple[Region, ...]]](), Widget.refresh

        def counted(widget: Widget, *regions: Region, **rest: Any) -> Widget:
            refreshed.append((widget, regions))
            return refresh(widget, *regions, **rest)

        monkeypatch.setattr(Widget, "refresh", counted)
        append(alive, metrics("gan", 121, 124))
        await soon(lambda: screen.state.step == 124)
        await pilot.pause()
        monkeypatch.undo()
    assert not [widget for widget, _ in refreshed if isinstance(widget, PicturePane)], "no newer picture has come"
    assert {type(widget) for widget, _ in refreshed} >= {StatusLines, MetricCharts}, "the test sees what it looks for"
    assert all(regions for _, regions in refreshed), "none of them whole"
    sent = {type(widget): sum(region.area for region in regions) for widget, regions in refreshed}
    assert sent[StatusLines] <= 120, "the step, the speed and the bar"
    assert sent[MetricCharts] < charts / 20, "a place or two, and no frame"


async def test_a_gpu_is_shown_with_its_load_and_its_memory_as_far_as_they_fit(alive: RunFolder) -> None:
    begun = replace(started(presets.find("gan")), devices=["GPU: NVIDIA L4"])
    use = {"busy": 87.0, "used": 3_200_000_000, "memory": 24_000_000_000}
    append(alive, begun, State("training"), Usage(98.5, 615_915_520, use))
    async with running(GanTui(alive.path.parent, alive)) as pilot:
        await seen(pilot, "CPU 98 %  616 MB  GPU: NVIDIA L4  87 %  3.2 GB of 24 GB  mnist 5,000")
        await pilot.resize_terminal(60, 24)
        await seen(pilot, "CPU 98 %  616 MB  GPU: NVIDIA L4  87 %")
        assert "of 24 GB" not in screen_text(pilot)
        append(alive, Usage(99.0, 616_000_000, {**use, "busy": None}))
        await seen(pilot, "CPU 99 %  616 MB  GPU: NVIDIA L4  3.2 GB")


@pytest.mark.slow
@pytest.mark.usefixtures("no_training_is_left")  # who is asked for another image loads TensorFlow first
async def test_what_comes_while_a_run_is_left_does_no_harm(runs: Path) -> None:
    folder = recorded_run(runs)
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "finished")
        screen, side = pilot.app.screen, pilot.app.screen.query_one(SidePane)
        assert isinstance(screen, TrainingScreen)
        press(pilot, "escape", *"1p2g3vfnlm")
        await seen(pilot, "Image classifiers")
        await pilot.pause()  # until every key was taken
        side._show_pane()  # as when it was to be called after the next refresh
        await screen.on_run_changed(RunChanged(screen.state, Standing(ENDED)))
        assert not screen.check_action("turn", (1,))
