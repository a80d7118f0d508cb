"""The list of runs over the whole screen: sorted, filtered, marked, renamed, noted, deleted, opened and compared."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.events import MouseDown, MouseUp
from textual.geometry import Offset
from textual.pilot import Pilot

from files import OLD_RUNS, old_run
from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.navigation import CompareRuns
from gan_tui.dashboard.screens.ask import AskScreen
from gan_tui.dashboard.screens.confirm import ConfirmScreen
from gan_tui.dashboard.screens.menu import MenuScreen
from gan_tui.dashboard.screens.run_edits import NameScreen, NoteScreen
from gan_tui.dashboard.screens.runs import FilterInput, RunsScreen
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.dashboard.widgets.line_input import LineInput
from gan_tui.dashboard.widgets.metric_charts import MetricCharts
from gan_tui.dashboard.widgets.run_card import RunCard
from gan_tui.dashboard.widgets.run_list import RunList
from gan_tui.dashboard.widgets.run_table import RunTable
from gan_tui.integrations.logs import remembered
from gan_tui.run import notes
from gan_tui.run.events import Metrics, State
from gan_tui.run.folder import RunFolder
from on_screen import LOW, lines_of, mouse, press, running, screen_text, seen, soon
from recorded import append, held, recorded_run

NAMES = ("xor", "flag", "shapes", "tape", "pair")


@pytest.fixture
def several(runs: Path) -> Path:
    """Five runs that were really trained, the newest the pair's."""
    for name in NAMES:
        old_run("finished", name, runs)
    return runs


async def opened(pilot: Pilot, *keys: str) -> RunTable:
    """The list over the whole screen, once all there is to read was read."""
    await soon(lambda: isinstance(pilot.app.screen, MenuScreen) and pilot.app.screen.query_one(RunList).is_read)
    press(pilot, *(keys or ("l",)))
    await soon(lambda: isinstance(pilot.app.screen, RunsScreen) and pilot.app.screen.query("RunTable, #count"))
    await soon(lambda: listed(pilot) and "reading" not in count(pilot))
    return pilot.app.screen.query_one(RunTable)


def lines(pilot: Pilot) -> list[str]:
    found = pilot.app.screen.query(RunTable)
    if not found:
        return []
    table = found.first()
    return [table.render_line(y).text.rstrip() for y in range(table.size.height)]


def listed(pilot: Pilot) -> list[str]:
    """The names of the runs, from above."""
    found = (re.match(r"[ ●].[^ ] (\S+)", line) for line in lines(pilot)[1:])
    return [match[1] for match in found if match]


def count(pilot: Pilot) -> str:
    return str(pilot.app.screen.query_one("#count").render())


def chosen(pilot: Pilot) -> str:
    row = pilot.app.screen.chosen if isinstance(pilot.app.screen, RunsScreen) else None
    return row.listed.name if row else ""


async def typed(pilot: Pilot, text: str) -> None:
    """Into the line to filter by."""
    press(pilot, "slash")
    await soon(lambda: isinstance(pilot.app.focused, FilterInput))
    press(pilot, *text)
    await soon(lambda: pilot.app.screen.query_one(FilterInput).value == text)


async def asked(pilot: Pilot, kind: type[AskScreen]) -> None:
    """A question is on the screen, and its field has the keys."""
    await soon(lambda: isinstance(pilot.app.screen, kind) and isinstance(pilot.app.focused, LineInput))


@pytest.mark.slow
async def test_a_line_tells_what_a_run_has_come_to_and_escape_goes_back_to_the_menu(several: Path) -> None:
    async with running(GanTui(several)) as pilot:
        await opened(pilot)
        head, line = lines(pilot)[0], next(line for line in lines(pilot) if " tape " in line)
        assert {"name", "state", "preset", "age", "step", "newest", "best", "of", "curve"} <= set(head.split())
        assert line.split()[:2] == ["✓", "tape"] and "100 %" in line and "val_accuracy" in line
        assert re.search("[▁▂▃▄▅▆▇█]{2}", line), "its course"
        assert count(pilot) == "5 runs · newest first"
        press(pilot, "escape")
        await soon(lambda: isinstance(pilot.app.screen, MenuScreen))


@pytest.mark.slow
async def test_the_chosen_run_stands_below_with_its_words_its_curves_and_its_picture(several: Path) -> None:
    async with running(GanTui(several)) as pilot:
        table = await opened(pilot)
        while chosen(pilot) != "pair":
            table.action_move(1)
        await seen(pilot, "generated  step ")
        text = screen_text(pilot)
        assert "Finished, step 60 of 60 (100 %). Enter opens it." in " ".join(text.split()) or "Finished, step" in text
        assert "discriminator" in text and re.search("─ pair: ", text)


@pytest.mark.slow
@pytest.mark.parametrize("size", [LOW, (60, 18)])
async def test_little_room_has_what_matters(size: tuple[int, int], several: Path) -> None:
    async with running(GanTui(several), size) as pilot:
        await opened(pilot)
        assert len(listed(pilot)) == 5 and "newest" in lines(pilot)[0]
        assert all(len(line) <= size[0] for line in screen_text(pilot).splitlines())
        assert pilot.app.screen.query_one(RunCard).display is (size == LOW)


@pytest.mark.slow
async def test_s_sorts_by_one_column_after_the_other_and_a_head_says_which(several: Path) -> None:
    async with running(GanTui(several)) as pilot:
        await opened(pilot)
        press(pilot, "s")
        await soon(lambda: "name ▼" in lines(pilot)[0] and count(pilot).endswith("by name"))
        assert listed(pilot) == sorted(NAMES)
        press(pilot, "S")
        await soon(lambda: "name ▲" in lines(pilot)[0])
        assert listed(pilot) == sorted(NAMES, reverse=True)
        assert chosen(pilot) == "xor", "the first one"
        press(pilot, "escape")
        await soon(lambda: isinstance(pilot.app.screen, MenuScreen))
        await soon(lambda: [line.split()[1] for line in lines_of(menu_list(pilot))] == sorted(NAMES, reverse=True))


def menu_list(pilot: Pilot) -> RunList:
    return pilot.app.screen.query_one(RunList)


@pytest.mark.slow
async def test_a_click_on_a_head_sorts_and_another_turns_round(several: Path) -> None:
    async with running(GanTui(several)) as pilot:
        table = await opened(pilot)
        place = Offset(table.content_region.x + lines(pilot)[0].index("best"), table.content_region.y)
        mouse(pilot, place, MouseDown, MouseUp)
        await soon(lambda: "best ▼" in lines(pilot)[0])
        mouse(pilot, place, MouseDown, MouseUp)
        await soon(lambda: "best ▲" in lines(pilot)[0])


async def test_a_click_chooses_a_run(several: Path) -> None:
    async with running(GanTui(several)) as pilot:
        table = await opened(pilot)
        name = listed(pilot)[2]
        mouse(pilot, Offset(table.content_region.x + 8, table.content_region.y + 3), MouseDown, MouseUp)
        await soon(lambda: chosen(pilot) == name)


@pytest.mark.slow
async def test_a_double_click_opens_the_run_that_was_under_it_both_times(several: Path) -> None:
    async with running(GanTui(several)) as pilot:
        table = await opened(pilot)
        place = Offset(table.content_region.x + 8, table.content_region.y + 3)
        name = listed(pilot)[2]
        mouse(pilot, place, MouseDown, MouseUp)
        await soon(lambda: chosen(pilot) == name)
        table.show([table._keys[-1], *table._keys[:-1]], (), ("", False))  # as where another run comes above it
        assert table.chosen.endswith(name)
        mouse(pilot, place, MouseDown, MouseUp)
        await soon(lambda: not table.chosen.endswith(name))
        await pilot.pause(0.1)
        assert isinstance(pilot.app.screen, RunsScreen), "another run is chosen, and none opened"


def click_at(pilot: Pilot, place: Offset, time: float) -> None:
    """At a time, however long the screen takes that it opens."""
    x, y = place
    for kind in (MouseDown, MouseUp):
        event = kind(None, x, y, 0, 0, 1, False, False, False, screen_x=x, screen_y=y)
        event.time = time
        event.set_sender(pilot.app)
        pilot.app.post_message(event)


@pytest.mark.slow
async def test_the_third_click_at_a_place_does_nothing_on_the_screen_that_the_second_has_opened(several: Path) -> None:
    async with running(GanTui(several)) as pilot:
        table = await opened(pilot)
        place = Offset(table.content_region.x + 8, table.content_region.y + 3)
        click_at(pilot, place, 100.0)
        click_at(pilot, place, 100.2)
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen) and pilot.app.screen.query(MetricCharts))
        charts = pilot.app.screen.query_one(MetricCharts)
        await soon(lambda: charts.region.contains(*place) and charts._drawing)
        click_at(pilot, place, 100.4)
        await pilot.pause(0.1)
        assert charts.look.cursor is None
        click_at(pilot, place, 102.0)
        await soon(lambda: charts.look.cursor is not None)


@pytest.mark.slow
async def test_words_and_conditions_filter_at_each_key_and_escape_lists_all_again(several: Path) -> None:
    async with running(GanTui(several)) as pilot:
        await opened(pilot)
        await typed(pilot, "preset=xor")
        await soon(lambda: listed(pilot) == ["xor"])
        assert count(pilot).startswith("1 of 5 runs")
        press(pilot, "escape")
        await soon(lambda: len(listed(pilot)) == 5)
        assert isinstance(pilot.app.screen, RunsScreen) and isinstance(pilot.app.focused, RunTable)


@pytest.mark.slow
async def test_what_is_wrong_with_a_filter_is_said_and_the_list_stays(several: Path) -> None:
    async with running(GanTui(several)) as pilot:
        await opened(pilot)
        await typed(pilot, "state=finished age<soon")
        await seen(pilot, "age takes a time, such as")
        assert len(listed(pilot)) == 5
        press(pilot, *["backspace"] * 4, "1", "d")
        await soon(lambda: "age takes" not in screen_text(pilot))


@pytest.mark.slow
async def test_a_filter_stays_when_enter_is_pressed_and_the_menu_has_it_too(several: Path) -> None:
    async with running(GanTui(several)) as pilot:
        await opened(pilot)
        await typed(pilot, "tape")
        press(pilot, "enter")
        await soon(lambda: isinstance(pilot.app.focused, RunTable))
        assert listed(pilot) == ["tape"]
        press(pilot, "enter")
        await soon(lambda: isinstance(pilot.app.screen, TrainingScreen))
        press(pilot, "escape")
        await soon(lambda: isinstance(pilot.app.screen, RunsScreen))
        await soon(lambda: listed(pilot) == ["tape"])
        press(pilot, "escape", "escape")
        await soon(lambda: isinstance(pilot.app.screen, MenuScreen))


@pytest.mark.slow
async def test_a_filter_that_nothing_meets_says_how_all_are_seen_again(several: Path) -> None:
    async with running(GanTui(several)) as pilot:
        await opened(pilot, "slash")
        await soon(lambda: isinstance(pilot.app.focused, FilterInput))
        press(pilot, *"nosuch")
        await seen(pilot, "No run is like that; esc lists all 5.")


async def test_without_runs_it_is_said_how_one_is_started(runs: Path) -> None:
    async with running(GanTui(runs)) as pilot:
        await soon(lambda: menu_list(pilot).is_read)
        press(pilot, "l")
        await seen(pilot, "No runs yet: enter in the menu starts one.")


@pytest.mark.slow
async def test_marked_runs_are_counted_and_compared(several: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[list[str]] = []

    def compare(app: GanTui, message: CompareRuns) -> None:
        compared.append([folder.name for folder in message.folders])

    monkeypatch.setattr(GanTui, "on_compare_runs", compare, raising=False)
    async with running(GanTui(several), notifications=True) as pilot:
        table = await opened(pilot)
        press(pilot, "v")
        await seen(pilot, r"v does nothing now: mark 2 to 8 runs first \(space\)")
        names = listed(pilot)
        press(pilot, "space", "down", "down", "m")
        await soon(lambda: "2 marked" in str(table.border_subtitle))
        assert [line[0] for line in lines(pilot)[1:4]] == ["●", " ", "●"]
        press(pilot, "v")
        await soon(lambda: compared == [[names[0], names[2]]])


@pytest.mark.slow
async def test_all_that_are_listed_are_marked_and_unmarked(several: Path) -> None:
    async with running(GanTui(several)) as pilot:
        table = await opened(pilot)
        press(pilot, "a")
        await soon(lambda: "5 marked" in str(table.border_subtitle))
        press(pilot, "a")
        await soon(lambda: "marked" not in str(table.border_subtitle))


@pytest.mark.slow
async def test_a_mark_goes_with_its_run_and_is_none_of_a_later_one_of_that_name(several: Path) -> None:
    async with running(GanTui(several), notifications=True) as pilot:
        table = await opened(pilot)
        press(pilot, "s", "space", "down", "space")
        await soon(lambda: "2 marked" in str(table.border_subtitle))
        shutil.rmtree(several / "flag")  # by another program
        await soon(lambda: listed(pilot) == ["pair", "shapes", "tape", "xor"])
        assert "1 marked" in str(table.border_subtitle)
        old_run("finished", "flag", several)
        await soon(lambda: len(listed(pilot)) == 5)
        assert "1 marked" in str(table.border_subtitle)
        press(pilot, "d")
        await soon(lambda: isinstance(pilot.app.screen, ConfirmScreen))
        await seen(pilot, "Delete the run pair")


@pytest.mark.slow
async def test_nobody_is_asked_whether_a_marked_log_is_to_be_deleted(several: Path, tmp_path: Path) -> None:
    log = tmp_path / "another.csv"
    log.write_text("step,loss\n1,0.5\n2,0.25\n")
    os.utime(log, (1e9, 1e9))
    remembered.add(log, "CSV")
    async with running(GanTui(several), notifications=True) as pilot:
        table = await opened(pilot)
        press(pilot, "a")
        await soon(lambda: "6 marked" in str(table.border_subtitle))
        press(pilot, "d")
        await seen(pilot, "d does nothing now: another.csv is")
        assert isinstance(pilot.app.screen, RunsScreen)


@pytest.mark.slow
async def test_a_run_is_renamed_and_stays_chosen(several: Path) -> None:
    async with running(GanTui(several)) as pilot:
        await opened(pilot)
        press(pilot, "s", "down")
        await soon(lambda: chosen(pilot) == "pair")
        press(pilot, "R")
        await asked(pilot, NameScreen)
        press(pilot, "ctrl+u", *"zebra", "enter")
        await soon(lambda: isinstance(pilot.app.screen, RunsScreen) and chosen(pilot) == "zebra")
        assert (several / "zebra").is_dir() and not (several / "pair").exists()
        assert listed(pilot)[-1] == "zebra", "in its place in the order"


@pytest.mark.slow
async def test_a_name_that_is_taken_is_refused_in_a_sentence(several: Path) -> None:
    async with running(GanTui(several), notifications=True) as pilot:
        await opened(pilot)
        press(pilot, "s")
        await soon(lambda: chosen(pilot) == "flag")
        press(pilot, "R")
        await asked(pilot, NameScreen)
        press(pilot, "ctrl+u", *"xor", "enter")
        await seen(pilot, 'A run is called "xor"')
        assert (several / "flag").is_dir()


@pytest.mark.slow
async def test_a_run_is_noted_found_by_its_note_and_the_note_is_taken_away(several: Path) -> None:
    async with running(GanTui(several)) as pilot:
        await opened(pilot)
        press(pilot, "s")
        await soon(lambda: chosen(pilot) == "flag")
        press(pilot, "n")
        await asked(pilot, NoteScreen)
        press(pilot, *"best one", "enter")
        await soon(lambda: notes.of(RunFolder(several / "flag")) == "best one")
        await soon(lambda: isinstance(pilot.app.screen, RunsScreen) and "best one" in screen_text(pilot))
        await typed(pilot, "best")
        await soon(lambda: listed(pilot) == ["flag"])
        press(pilot, "enter")
        await soon(lambda: isinstance(pilot.app.focused, RunTable))
        press(pilot, "n")
        await asked(pilot, NoteScreen)
        press(pilot, "escape")
        await soon(lambda: isinstance(pilot.app.screen, RunsScreen))
        assert notes.of(RunFolder(several / "flag")) == "best one", "escape changes nothing"
        press(pilot, "n")
        await asked(pilot, NoteScreen)
        press(pilot, "ctrl+u", "enter")
        await soon(lambda: notes.of(RunFolder(several / "flag")) == "")


@pytest.mark.slow
async def test_marked_runs_are_deleted_after_one_question_that_names_them(several: Path) -> None:
    async with running(GanTui(several)) as pilot:
        await opened(pilot)
        press(pilot, "s", "space", "down", "space", "d")
        await soon(lambda: isinstance(pilot.app.screen, ConfirmScreen))
        await seen(pilot, "Delete 2 runs")
        assert "flag, pair" in screen_text(pilot)
        press(pilot, "y")
        await soon(lambda: not (several / "flag").exists() and not (several / "pair").exists())
        await soon(lambda: isinstance(pilot.app.screen, RunsScreen) and listed(pilot) == ["shapes", "tape", "xor"])
        await soon(lambda: "marked" not in str(pilot.app.screen.query_one(RunTable).border_subtitle))


@pytest.mark.slow
async def test_a_run_that_trains_is_not_deleted_and_its_line_follows_it(runs: Path) -> None:
    folder = recorded_run(runs, state="training", steps=120)
    with held(folder):
        async with running(GanTui(runs), notifications=True) as pilot:
            await opened(pilot)
            await soon(lambda: " 30 %" in lines(pilot)[1])
            press(pilot, "d")
            await seen(pilot, f"d does nothing now: {folder.name} is training")
            values = {"d_loss": 0.5, "d_accuracy": 0.9, "g_loss": 1.0, "g_accuracy": 0.1}
            append(folder, Metrics(list(range(121, 201)), {name: [each] * 80 for name, each in values.items()}))
            await soon(lambda: " 50 %" in lines(pilot)[1] and "0.9000" in lines(pilot)[1])
            append(folder, State("finished", "all steps are done"))


@pytest.fixture
def swept(runs: Path) -> Iterator[Path]:
    """A sweep of an earlier version, and a run."""
    old_run("finished", "xor", runs)
    shutil.copytree(OLD_RUNS / "swept" / "sweeps", runs / "sweeps")
    yield runs


@pytest.mark.slow
async def test_a_sweep_is_an_entry_that_opens_into_its_trainings(swept: Path) -> None:
    async with running(GanTui(swept), notifications=True) as pilot:
        await opened(pilot)
        await soon(lambda: sorted(listed(pilot)) == ["old", "xor"])
        while chosen(pilot) != "old":
            press(pilot, "down")
            await pilot.pause(0.05)
        line = next(line for line in lines(pilot) if " old " in line)
        assert line.split()[:2] == ["≡", "old"] and "4/4" in line
        press(pilot, "space")
        await seen(pilot, "space does nothing now: this is a sweep")
        press(pilot, "T")
        await soon(lambda: count(pilot).startswith("4 trainings"))
        named = r"  ✓ \w+=\S+ seed=\d+ "
        assert all(re.match(named, line) for line in lines(pilot)[1:5]), "by what differs"
        assert "sweep old: 4 trainings of 4" in screen_text(pilot) and count(pilot).endswith("best first")
        values = [float(re.search(r" (\d\.\d+) ", line)[1]) for line in lines(pilot)[1:5]]  # type: ignore[index]
        assert values == sorted(values, reverse=True)
        press(pilot, "enter")
        await seen(pilot, "enter does nothing now: an earlier version trained it")
        assert "preset" not in lines(pilot)[0] and "best" not in lines(pilot)[0], "nothing stands there"
        press(pilot, "escape")
        await soon(lambda: sorted(listed(pilot)) == ["old", "xor"])
        assert chosen(pilot) == "old"


@pytest.mark.slow
async def test_help_tells_the_keys_and_how_a_filter_is_written(several: Path) -> None:
    async with running(GanTui(several)) as pilot:
        await opened(pilot)
        offered = {command.title for command in pilot.app.get_system_commands(pilot.app.screen)}
        assert {"Sort by the next column", "Filter the runs by words and conditions"} <= offered
        press(pilot, "question_mark")
        await seen(pilot, "All runs, alive and past")
        assert "Give the chosen run another name" in screen_text(pilot)


@pytest.mark.slow
async def test_in_the_menu_the_chosen_run_is_told_of_in_place_of_a_preset(several: Path) -> None:
    async with running(GanTui(several)) as pilot:
        await soon(lambda: menu_list(pilot).is_read and menu_list(pilot).chosen)
        assert "─ Settings" in screen_text(pilot)
        press(pilot, "tab")
        await seen(pilot, "Finished, step ")
        assert "─ Settings" not in screen_text(pilot)
        await seen(pilot, "newest ")
        press(pilot, "escape")
        await seen(pilot, "─ Settings")


@pytest.mark.slow
async def test_the_terminal_without_block_characters_has_it_in_ascii(
    several: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAN_TUI_ASCII", "1")
    async with running(GanTui(several)) as pilot:
        await opened(pilot)
        assert all(line.isascii() for line in lines(pilot)), lines(pilot)
