"""Other tools' logs on the dashboard: in the menu's list, and opened from it."""

from pathlib import Path

import pytest
from textual.widgets import OptionList

from event_files import scalars, version
from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.menu_place import MenuPlace
from gan_tui.dashboard.screens.menu import MenuScreen
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.dashboard.widgets.log_tail import tail
from gan_tui.integrations.logs import remembered
from logs import written
from on_screen import lines_of, press, running, screen_text, seen, soon


@pytest.mark.slow
async def test_a_log_on_the_list_is_opened_and_left_alone(tmp_path: Path, runs: Path) -> None:
    folder = written("torch", tmp_path)
    remembered.add(folder.path, "TensorBoard")
    async with running(GanTui(runs), notifications=True) as pilot:
        await seen(pilot, "torch")
        (line,) = lines_of(pilot.app.screen.query_one("#runs", OptionList))
        assert line.split() == ["·", "torch", "quiet"]
        press(pilot, "tab", "d")
        why = "d does nothing now: torch is another program's log; enter opens it."
        await soon(lambda: why in [told.message for told in pilot.app._notifications])
        press(pilot, "enter")
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
        await seen(pilot, "TensorBoard log")
        await seen(pilot, "Loss/train|Loss")
        press(pilot, "3")
        await seen(pilot, r"not shown: precision-recall curves \(1\)")
        press(pilot, "escape")
        await soon(lambda: isinstance(pilot.app.screen, MenuScreen))
    assert folder.is_there()


@pytest.mark.slow
async def test_new_points_of_a_log_come_on_the_screen(tmp_path: Path, runs: Path) -> None:
    file = tmp_path / "log" / "events.out.tfevents.1.host"
    file.parent.mkdir()
    file.write_bytes(version() + scalars("loss", [(1, 5.0)]))
    async with running(GanTui(runs, place=MenuPlace(logs=tmp_path))) as pilot:
        await seen(pilot, "log  ")
        press(pilot, "enter")
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
        await seen(pilot, "5.00")
        with file.open("ab") as more:
            more.write(scalars("loss", [(2, 7.0)]))
        await seen(pilot, "7.00")
        assert "training" in screen_text(pilot)


def test_a_bar_is_one_line_of_the_log_pane_and_what_was_printed_before_stays(tmp_path: Path) -> None:
    log = tmp_path / "trainer.log"
    bar = b"".join(b"\r\x1b[32m%d%%\x1b[0m" % n for n in range(10_000))
    log.write_bytes(b"before\n" + bar)
    assert tail(log) == ["before", "9999%"]
    log.write_bytes(b"before\n" + bar + b"\nafter\n")
    assert tail(log) == ["before", "9999%", "after"]
