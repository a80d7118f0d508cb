"""The training screen on recorded runs: what is on it, against what was recorded."""

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from on_screen import notice, press, screen_text, shown, soon
from textual._compositor import LayoutUpdate
from textual.command import CommandList, CommandPalette
from textual.events import Resize
from textual.geometry import Size
from textual.timer import Timer
from textual.widgets import Static

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.messages import RunChanged
from gan_tui.dashboard.widgets.cells_view import CellsView, with_few_greys
from gan_tui.dashboard.widgets.chart import MetricChart
from gan_tui.dashboard.widgets.layers_pane import LayersPane
from gan_tui.dashboard.widgets.picture import ABOVE, PicturePane
from gan_tui.dashboard.widgets.side_pane import SidePane
from gan_tui.dashboard.widgets.status import StatusLines
from gan_tui.drawing.pictures.tiles import draw_tiles
from gan_tui.run import pictures
from gan_tui.run.events import Alert, Resumed, State
from gan_tui.run.folder import RunFolder
from recorded import append, epoch, metrics, picture, recorded_run, tile_numbers


async def test_a_finished_run_shows_state_charts_and_picture(runs: Path) -> None:
    folder = recorded_run(runs)
    async with GanTui(runs, folder).run_test(size=(120, 40)) as pilot:
        screen = await shown(pilot)
        text = screen_text(pilot)
        assert [chart.kind for chart in screen.query(MetricChart)] == ["loss", "accuracy"]
    for words in ("gan-1", "finished", "step 120 of 400", "discriminator", "generator", "generated  step 120"):
        assert words in text
    assert "30 %" in text


async def test_the_picture_on_the_screen_is_the_array_it_came_from(runs: Path) -> None:
    folder = recorded_run(runs)
    async with GanTui(runs, folder).run_test(size=(120, 40)) as pilot:
        screen = await shown(pilot)
        pane = screen.query_one(PicturePane)
        tiles = pictures.read(folder, screen.state.pictures["samples"][-1])
        assert (tiles.levels[..., 0] == tile_numbers(120)).all()
        room = pane.size.width, pane.size.height - ABOVE
        expected, shown_tiles = draw_tiles(tile_numbers(120)[..., None], *room, pilot.app.terminal)
        drawn, expected = pane._cells, with_few_greys(expected)
        row, column = pane._corner
        there = np.s_[row : row + expected.rows, column : column + expected.columns]
        assert shown_tiles.shown == 4
        assert (drawn.characters[there] == expected.characters).all()
        assert (drawn.foreground[there] == expected.foreground).all()


async def test_what_a_trainer_writes_later_comes_onto_the_screen(runs: Path) -> None:
    folder = recorded_run(runs, state="paused")
    async with GanTui(runs, folder).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        append(folder, State("training"), metrics("gan", 121, 133), picture(folder, 133), State("finished", "done"))
        screen = await shown(pilot, step=133)
        await soon(lambda: "generated  step 133" in screen_text(pilot))
        assert screen.state.series["d_loss"].length == 133


async def test_a_resumed_run_drops_the_steps_of_the_earlier_attempt(runs: Path) -> None:
    folder = recorded_run(runs, state="failed")
    append(folder, Resumed(50), State("training"), metrics("gan", 51, 60), State("stopped", "asked to stop"))
    async with GanTui(runs, folder).run_test(size=(120, 40)) as pilot:
        screen = await shown(pilot, step=60)
        assert screen.state.series["g_loss"].steps.tolist() == list(range(1, 61))


async def test_a_run_whose_processes_are_gone_says_so_and_how_to_go_on(runs: Path) -> None:
    folder = recorded_run(runs, state="training")
    async with GanTui(runs, folder).run_test(size=(120, 40)) as pilot:
        screen = await shown(pilot)
        await soon(lambda: bool(notice(screen)))
        assert "interrupted" in screen_text(pilot)
        assert "processes are gone" in notice(screen)
        assert "Press r to resume from step 120" in notice(screen)


async def test_a_failure_is_explained_with_the_way_on(runs: Path) -> None:
    folder = recorded_run(runs, state="training")
    append(folder, State("failed", "The trainer was killed (SIGKILL): by someone, or because memory ran out."))
    async with GanTui(runs, folder).run_test(size=(120, 40)) as pilot:
        screen = await shown(pilot)
        assert notice(screen).startswith("The trainer was killed (SIGKILL)")
        await soon(lambda: "r Resume" in screen_text(pilot))


async def test_validation_has_its_own_line_in_the_chart(runs: Path) -> None:
    folder = recorded_run(runs, "fashion-cnn")
    append(folder, epoch(1, 60, loss=0.5, val_loss=0.4, val_accuracy=0.8))
    append(folder, epoch(2, 120, val_loss=0.3, val_accuracy=0.9))
    async with GanTui(runs, folder).run_test(size=(120, 40)) as pilot:
        screen = await shown(pilot)
        await soon(lambda: "val_loss" in screen.state.series)
        await pilot.pause()
        text = screen_text(pilot)
        assert screen.state.series["val_loss"].steps.tolist() == [60, 120]
    assert text.count("validation") == 2
    assert "training" in text


async def test_log_axis_and_smoothing_are_on_keys_and_in_words(runs: Path) -> None:
    folder = recorded_run(runs)
    async with GanTui(runs, folder).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        before = screen_text(pilot)
        await pilot.press("l")
        await soon(lambda: "loss, log" in screen_text(pilot))
        await pilot.press("l")
        await soon(lambda: screen_text(pilot) == before)
        await pilot.press("m")
        await soon(lambda: "curves smoothed 0.98" in screen_text(pilot))


async def test_tabs_show_layers_and_log(runs: Path) -> None:
    folder = recorded_run(runs)
    folder.trainer_log.write_bytes(b"hello from the trainer\n\x1b]52;c;aGVsbG8=\x07evil\n[@click=app.quit]x[/]\n")
    append(folder, Alert("save", "Cannot save: no space left", 100))
    async with GanTui(runs, folder).run_test(size=(120, 40)) as pilot:
        screen = await shown(pilot)
        await pilot.press("2")
        text = screen_text(pilot)
        assert "Dense 784 tanh" in text
        assert "803,600" in text
        assert screen.query_one(LayersPane).region
        await pilot.press("3")
        await pilot.pause()
        text = screen_text(pilot)
    for words in ("hello from the trainer", "saved checkpoints/000000120 (asked)", "Cannot save: no space left"):
        assert words in text
    assert "[@click=app.quit]x[/]" in text  # shown, not obeyed
    assert "\x1b" not in text


async def test_p_turns_to_the_next_kind_of_picture(runs: Path) -> None:
    folder = recorded_run(runs)
    append(folder, picture(folder, 100, "features-conv2d"))
    async with GanTui(runs, folder).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("p")
        await soon(lambda: "step 100" in screen_text(pilot))


async def test_a_picture_that_cannot_be_read_is_said_and_harms_nothing(runs: Path) -> None:
    folder = recorded_run(runs)
    folder.sample_file("samples", 120).write_bytes(b"not a picture")
    async with GanTui(runs, folder).run_test(size=(120, 40)) as pilot:
        await soon(lambda: "The picture of step 120 cannot be read" in screen_text(pilot))


async def test_a_picture_outside_the_run_is_not_opened(runs: Path, tmp_path: Path) -> None:
    folder = recorded_run(runs)
    outside = picture(RunFolder(tmp_path / "elsewhere"), 999)
    append(folder, type(outside)("samples", 130, "../../elsewhere/" + outside.file, "samples", [28, 28], 4))
    async with GanTui(runs, folder).run_test(size=(120, 40)) as pilot:
        await soon(lambda: "The picture of step 130 cannot be read" in screen_text(pilot))


@pytest.mark.parametrize("size", [(80, 24), (60, 18), (120, 40), (300, 90)])
async def test_charts_picture_and_keys_fit_every_usual_size(runs: Path, size: tuple[int, int]) -> None:
    folder = recorded_run(runs)
    async with GanTui(runs, folder).run_test(size=size) as pilot:
        screen = await shown(pilot)
        text = screen_text(pilot)
        assert all(chart.region.height >= 5 for chart in screen.query(MetricChart))
        assert screen.query_one(StatusLines).region.height == 2
    for words in ("finished", "step 120 of 400", "generated", "? Help", "q Leave"):
        assert words in text


async def test_leaving_a_finished_run_says_nothing_about_the_background(runs: Path) -> None:
    folder = recorded_run(runs)
    app = GanTui(runs, folder)
    async with app.run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("q")
        await pilot.pause()
    assert app.parting_words == ""


async def test_a_palette_that_is_closed_while_it_searches_ends_nothing(runs: Path) -> None:
    async with GanTui(runs, recorded_run(runs)).run_test(size=(120, 40)) as pilot:
        screen = await shown(pilot)
        await pilot.press("ctrl+p")
        palette = pilot.app.screen
        assert isinstance(palette, CommandPalette)
        await palette.query(CommandList).remove()  # as when it is being closed
        palette._gather_commands("s")
        await pilot.pause(0.2)
        await pilot.press("escape")
        await soon(lambda: pilot.app.screen is screen)


async def test_help_and_palette_offer_every_action(runs: Path) -> None:
    folder = recorded_run(runs)
    async with GanTui(runs, folder).run_test(size=(120, 90)) as pilot:
        screen = await shown(pilot)
        titles = [command.title for command in pilot.app.get_system_commands(screen)]
        await pilot.press("question_mark")
        text = screen_text(pilot)
    for words in ("Train exactly one step", "Save a checkpoint", "The y axis in powers of ten", "Dark or light"):
        assert any(title.startswith(words) for title in titles)
        assert words in text


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_what_a_key_does_stands_beside_it_in_every_line(runs: Path, size: tuple[int, int]) -> None:
    async with GanTui(runs, recorded_run(runs)).run_test(size=size) as pilot:
        await shown(pilot)
        await pilot.press("question_mark")
        await pilot.pause()
        page = pilot.app.screen.query(Static).first()
        lines = str(page.content).partition("Keys\n")[2].split("\n")
        assert len(lines) > 20
        assert all(line.startswith("  ") and len(line) <= page.size.width for line in lines), "wrapped to the edge"


async def test_a_window_of_another_size_is_filled_and_painted_once(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = recorded_run(runs)
    async with GanTui(runs, folder).run_test(size=(120, 40)) as pilot:
        screen = await shown(pilot)
        await asyncio.sleep(0.3)
        whole: list[LayoutUpdate] = []
        display = pilot.app._display
        monkeypatch.setattr(
            pilot.app, "_display",
            lambda at, update: (isinstance(update, LayoutUpdate) and whole.append(update), display(at, update)),
        )  # fmt: skip
        for size in ((90, 30), (140, 45)):
            await pilot.resize_terminal(*size)
            await soon(lambda size=size: screen.query_one("Footer").region.bottom == size[1])
            for view in screen.query(CellsView):
                if view.region:
                    assert view._cells is not None and (view._cells.columns, view._cells.rows) == view.size
        assert len(whole) == 2


async def test_charts_that_know_nothing_yet_can_be_laid_out(runs: Path) -> None:
    folder = recorded_run(runs)
    async with GanTui(runs, folder).run_test(size=(120, 40)) as pilot:
        screen = await shown(pilot)
        chart = MetricChart("mae")
        await screen.query_one("#charts").mount(chart)
        await pilot.resize_terminal(100, 30)
        await soon(lambda: chart._cells is not None and "waiting for the first step" in chart._cells.text())


async def test_only_cells_that_changed_are_sent(runs: Path) -> None:
    """One more step must not repaint the charts' frames or the picture."""
    folder = recorded_run(runs, state="training")
    async with GanTui(runs, folder).run_test(size=(120, 40)) as pilot:
        screen = await shown(pilot)
        await asyncio.sleep(0.6)
        status = screen.query_one(StatusLines)
        regions = []
        status.refresh = lambda *spans, **rest: regions.extend(spans)  # type: ignore[method-assign]
        append(folder, metrics("gan", 121, 121))
        await soon(lambda: screen.state.step == 121)
        await pilot.pause()
    assert regions
    assert sum(span.width for span in regions) < 40


async def test_light_and_dark_themes_paint_everything_in_their_own_colours(runs: Path) -> None:
    folder = recorded_run(runs)
    async with GanTui(runs, folder).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("t")
        await pilot.pause(0.1)
        strips = pilot.app.screen._compositor.render_strips(pilot.app.size)
        papers = [segment.style.bgcolor.triplet for strip in strips for segment in strip if segment.style.bgcolor]
        charts = pilot.app.screen.query_one(MetricChart).region
        dark = [
            segment.text
            for strip in strips[charts.y : charts.bottom]
            for segment in strip.crop(charts.x, charts.right)
            if segment.style.bgcolor and max(segment.style.bgcolor.triplet) < 128
        ]
    assert papers
    assert dark == []


async def test_what_comes_while_a_run_is_left_does_no_harm(runs: Path) -> None:
    folder = recorded_run(runs)
    async with GanTui(runs, folder).run_test(size=(120, 40)) as pilot:
        await soon(lambda: "finished" in screen_text(pilot))
        screen, side = pilot.app.screen, pilot.app.screen.query_one(SidePane)
        press(pilot, "escape", *"1p2g3vfnlm")
        await soon(lambda: "Image classifiers" in screen_text(pilot))
        await pilot.pause()  # until every key was taken
        side._show_pane()  # as when it was to be called after the next refresh
        await screen.on_run_changed(RunChanged(screen.state, False, ""))
        assert not screen.check_action("turn", (1,))


async def test_the_first_of_a_windows_sizes_is_drawn_at_once_and_others_soon_after_wait_for_the_last(
    runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with GanTui(runs, recorded_run(runs)).run_test(size=(120, 40)) as pilot:
        screen = await shown(pilot)
        monkeypatch.setattr("gan_tui.dashboard.terminal.app.MOVING_SECONDS", 3600.0)
        pilot.app._resized_at = -1e9  # long ago
        set_timer = GanTui.set_timer

        def counted(app: GanTui, delay: float, *arguments: Any, **named: Any) -> Timer:
            return set_timer(app, 30.0, *arguments, **named)  # nobody waits so long

        monkeypatch.setattr(GanTui, "set_timer", counted)
        pilot.app.post_message(Resize(Size(100, 30), Size(100, 30)))
        await pilot.pause()
        assert screen.size == Size(100, 30)
        assert pilot.app._resize_timer is None
        pilot.app.post_message(Resize(Size(101, 30), Size(101, 30)))
        await pilot.pause()
        assert pilot.app._resize_timer is not None
