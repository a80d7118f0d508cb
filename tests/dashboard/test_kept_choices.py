"""What is chosen by a key holds at once and the next time, unless config.toml names it."""

import threading
from pathlib import Path

import pytest

from gan_tui.dashboard import kept_choices
from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens.training import TrainingScreen
from gan_tui.dashboard.widgets.side_pane import SidePane
from gan_tui.system.paths import own_folder
from on_screen import press, running, seen, soon
from recorded import recorded_run


def config() -> Path:
    folder = own_folder("config")
    assert folder is not None
    return folder


def write(text: str) -> None:
    config().mkdir(parents=True, exist_ok=True)
    (config() / "config.toml").write_text(text)


def test_config_wins_over_what_was_kept_and_a_key_over_both_for_the_time_being() -> None:
    kept_choices.begin()
    assert kept_choices.chosen("sort", "age") == "age"
    kept_choices.keep("sort", "best")
    assert kept_choices.chosen("sort", "age") == "best"
    kept_choices.begin()
    assert kept_choices.chosen("sort", "age") == "best" and kept_choices.is_kept("sort")
    write('sort = "name"\n')
    kept_choices.begin()
    assert kept_choices.chosen("sort", "age") == "name"
    kept_choices.keep("sort", "step")
    assert kept_choices.chosen("sort", "age") == "step"
    kept_choices.begin()
    assert kept_choices.chosen("sort", "age") == "name", "a start: what is written counts"


def test_two_at_once_keep_what_each_has_chosen() -> None:
    kept_choices.begin()
    assert kept_choices.chosen("pane", "picture") == "picture"
    (config() / "choices.json").parent.mkdir(parents=True)
    (config() / "choices.json").write_text('{"sort": "\\"best\\""}')
    kept_choices.keep("pane", "log")
    kept_choices.begin()
    assert (kept_choices.chosen("pane", "picture"), kept_choices.chosen("sort", "age")) == ("log", "best")
    assert (config() / "choices.json").stat().st_mode & 0o777 == 0o600


def test_what_another_chose_later_is_not_taken_back_by_a_key_that_chooses_something_else() -> None:
    kept_choices.begin()
    kept_choices.keep("smoothing", 0.3)
    first = kept_choices._choices
    kept_choices.begin()
    kept_choices.keep("smoothing", 0.6)
    kept_choices._choices = first
    kept_choices.keep("pane", "log")
    assert kept_choices.chosen("smoothing", 0.9) == 0.3, "as it was chosen here"
    kept_choices.begin()
    assert (kept_choices.chosen("smoothing", 0.9), kept_choices.chosen("pane", "picture")) == (0.6, "log")


@pytest.mark.parametrize(
    "text", ["", "[" * 400, '{"smoothing": "7"}', '{"smoothing": "true"}', '{"smoothing": "["}', "[]"]
)
def test_what_is_no_choice_is_as_by_default(text: str) -> None:
    config().mkdir(parents=True)
    (config() / "choices.json").write_text(text)
    kept_choices.begin()
    assert kept_choices.chosen("smoothing", 0.9) == 0.9


async def test_a_run_is_shown_as_runs_were_looked_at_before(runs: Path) -> None:
    folder = recorded_run(runs, "xor", state="finished")
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "✓ finished")
        press(pilot, "m", "l", "e", "f", "2")
        screen = pilot.app.screen
        assert isinstance(screen, TrainingScreen)
        await soon(lambda: screen.query_one(SidePane)._tabs.current == "layers")
        await pilot.app.workers.wait_for_complete()
        look = screen._charts.metrics.look
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "✓ finished")
        screen = pilot.app.screen
        assert isinstance(screen, TrainingScreen)
        now = screen._charts.metrics.look
        assert (now.smoothing, now.log_y, now.unit) == (look.smoothing, True, look.unit)
        assert look.smoothing == 0.95 and screen.has_class("-full")
        assert screen.query_one(SidePane)._tabs.current == "layers"
        await seen(pilot, "Dense")
        press(pilot, "escape")
        await soon(lambda: not screen.has_class("-full"))
    write('smoothing = 0.5\npane = "log"\n[charts]\nunit = "time"\n')
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "✓ finished")
        screen = pilot.app.screen
        assert isinstance(screen, TrainingScreen)
        now = screen._charts.metrics.look
        assert (now.smoothing, now.unit, now.log_y) == (0.5, "time", True)
        assert screen.has_class("-full"), "escape was for that time"
        assert screen.query_one(SidePane)._tabs.current == "log"
        press(pilot, "m")
        await soon(lambda: screen._charts.metrics.look.smoothing == 0.6)


async def test_a_disk_that_refuses_is_said_once(runs: Path) -> None:
    folder = recorded_run(runs, "xor", state="finished")
    config().parent.mkdir(parents=True)
    config().write_text("")
    async with running(GanTui(runs, folder), notifications=True) as pilot:
        await seen(pilot, "✓ finished")
        press(pilot, "m", "m", "l")
        await seen(pilot, "What you choose holds for this time only")
        await pilot.app.workers.wait_for_complete()
        assert len(pilot.app._notifications) == 1


def test_what_is_chosen_while_the_choice_before_is_written_is_written_too() -> None:
    class Slow(str):
        """Another is chosen in the moment in which it is compared with what was written."""

        __hash__ = str.__hash__
        other: threading.Thread | None = None

        def __eq__(self, other: object) -> bool:
            if other is self and self.other is None:
                self.other = threading.Thread(target=kept_choices.keep, args=("sort", "step"))
                self.other.start()
                self.other.join(0.3)
            return str.__eq__(self, other)  # type: ignore[arg-type]

    kept_choices.begin()
    slow = Slow("best")
    kept_choices.keep("sort", slow)
    assert slow.other
    slow.other.join()
    kept_choices.begin()
    assert kept_choices.chosen("sort", "age") == "step"
