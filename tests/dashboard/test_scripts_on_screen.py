"""A script's run, and a log of another program, on the screen of a run: what they cannot do is not offered."""

from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens import menu
from gan_tui.dashboard.screens.training_keys import why_not
from gan_tui.dashboard.script_words import script_words
from gan_tui.dashboard.widgets.run_list import RunList
from gan_tui.integrations.logs import formats
from gan_tui.run.commands import COMMANDS
from gan_tui.run.events import Epoch, Record, State
from gan_tui.run.holder import ALIVE, ENDED, Standing
from gan_tui.run.maker import Maker
from gan_tui.run.state import RunState
from gan_tui.run.summaries import summary_of
from on_screen import press, running, screen_text, seen, soon, words_of
from recorded import held, recorded_run
from script_runs import STARTED, add, curves, script_run

FIXTURES = Path(__file__).parents[1] / "fixtures"
LOSS = curves(["train/loss", "train/accuracy"], range(1, 12_301))


def keys(pilot: Pilot) -> str:
    return words_of(pilot, "KeyLine")


async def actions(pilot: Pilot) -> set[str]:
    """What the palette offers."""
    return {command.title for command in pilot.app.get_system_commands(pilot.app.screen)}


async def test_a_run_of_unknown_length_tells_its_step_and_neither_a_share_nor_a_time_left(runs: Path) -> None:
    folder = script_run(runs, LOSS, state="training")
    with held(folder):
        async with running(GanTui(runs, folder), notifications=True) as pilot:
            await seen(pilot, "step 12,300")
            line = words_of(pilot, "StatusLines")
            assert not any(word in line for word in ("%", " of ", "left", "epoch", "━", "─"))
            assert line.startswith("train-1 A night's training")
            add(folder, Epoch(3, 12_300, {"val/loss": 0.5}))
            await seen(pilot, "step 12,300  epoch 3")


async def test_data_that_a_script_tells_nothing_of_are_not_counted(runs: Path) -> None:
    folder = script_run(runs, LOSS)
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "step 12,300")
        assert screen_text(pilot).splitlines()[0].strip() == "train-1  A night's training"


async def test_keys_that_a_script_does_not_obey_are_offered_nowhere(runs: Path) -> None:
    folder = script_run(runs, LOSS, state="training", commands=["stop"])
    with held(folder):
        async with running(GanTui(runs, folder)) as pilot:
            await seen(pilot, "▶ training")
            await soon(lambda: "x Stop" in keys(pilot))
            assert not {"Pause", "Step", "Save", "Resume"} & set(keys(pilot).split())
            offered = await actions(pilot)
            assert not any(word in title for title in offered for word in ("Pause the", "Save", "seed", "preset"))
            assert {
                "Ask the run's script to end",
                "What is known of the run: its command, its folder, its settings",
            } < offered
            press(pilot, "c")
            await soon(
                lambda: "c does nothing now: its script has given no way to save" in words_of(pilot, "StatusLines")
            )
            press(pilot, "question_mark")
            await seen(pilot, "Ask the run's script to end")
            text = screen_text(pilot)
            assert "preset" not in text and "checkpoint:" not in text
            assert "Train exactly one step" not in text and "another seed" not in text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "offered", "said"),
    [
        (["python", "train.py"], "r Resume", "Press r to start its script again."),
        ([], "esc Menu", "Start its script again to go on."),
    ],
)
async def test_a_script_that_has_ended_is_started_again_where_its_command_is_known(
    command: list[str], offered: str, said: str, runs: Path
) -> None:
    folder = script_run(runs, LOSS, state="stopped", document={"command": command})
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, said)
        await soon(lambda: offered in keys(pilot))
        assert ("r Resume" in keys(pilot)) is bool(command)
        add(folder, State("finished", "all steps are done"))
        await seen(pilot, "✓ finished")
        await soon(lambda: "r Resume" not in keys(pilot))
        assert ("A Again" in keys(pilot)) is bool(command)
        press(pilot, "o")
        await seen(pilot, "o does nothing now: the seed of the run is its script's")


async def test_what_is_known_of_a_script_is_told_instead_of_a_preset(runs: Path) -> None:
    folder = script_run(runs, LOSS)
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "✓ finished")
        press(pilot, "h")
        await seen(pilot, "python train.py --lr 0.1")
        text = screen_text(pilot)
        assert "/home/ada/nets" in text and "learning rate  0.0003" in text and "layers         [64, 64]" in text


async def test_a_log_is_only_looked_at(runs: Path) -> None:
    folder = script_run(runs, LOSS, task="log", commands=[], document={"command": []})
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "✓ finished")
        assert keys(pilot) == "X Export esc Menu ? Help q Quit"
        press(pilot, "r")
        await seen(pilot, "r does nothing now: this is a log of another program, which can only be looked at")
        press(pilot, "h")
        await seen(pilot, "folder  /home/ada/nets")
        assert "preset" not in screen_text(pilot)


async def test_a_title_that_is_the_name_is_told_once(runs: Path) -> None:
    folder = script_run(runs, LOSS, title="petals", name="petals")
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "✓ finished")
        assert words_of(pilot, "StatusLines").startswith("petals ✓ finished")


def test_words_are_found_in_whatever_a_document_is() -> None:
    assert script_words({}) == script_words({"command": [], "folder": "", "config": {}}) == ""
    assert script_words({"command": "rm", "config": [1], "folder": 3}) == "folder  3"
    assert script_words({"command": ["a b", 7]}) == "command  'a b' 7"
    assert script_words({"config": {"a\x1b[2J": {"b": [None]}}}).strip() == 'a [2J  {"b": [null]}'


@pytest.mark.parametrize("name", COMMANDS[:-1])
def test_each_command_means_something_by_what_the_run_says_that_it_obeys(name: str) -> None:
    action, given = {"pause": ("pause", ()), "resume": ("go_on", ())}.get(name, ("command", (name,)))
    assert isinstance(given, tuple)
    for commands, obeys in ((list(COMMANDS), True), ([], False)):
        state = _state("paused" if name == "resume" else "training", commands)
        assert (why_not(action, given, state, Standing(ALIVE), Maker.PROCESS) == "") is obeys


def test_a_script_that_is_gone_says_no_way_that_it_has_not() -> None:
    state = _state("training", list(COMMANDS))
    assert why_not("pause", (), state, Standing(ENDED), Maker.PROCESS) == "the run is interrupted"
    assert (
        why_not("pause", (), state, Standing(ENDED), Maker.COMMAND) == "the run is interrupted, and r starts it again"
    )


def _state(state: str, commands: list[str]) -> RunState:
    events = [replace(STARTED, commands=commands), State(state)]
    return RunState().apply_all(Record(n, 1.0 + n, event) for n, event in enumerate(events))


async def test_who_quits_is_told_only_the_ways_that_there_are(runs: Path) -> None:
    folder = script_run(runs, LOSS, state="training", commands=[])
    with held(folder):
        app = GanTui(runs, folder)
        async with running(app) as pilot:
            await seen(pilot, "▶ training")
            press(pilot, "q")
            await soon(lambda: not app.is_running)
    assert app.parting_words == "train-1 goes on: gan-tui attach train-1 reopens it."


@pytest.mark.slow
async def test_the_menu_tells_of_a_scripts_run_what_it_knows_in_place_of_a_preset(runs: Path) -> None:
    script_run(runs, LOSS, state="stopped")
    recorded_run(runs)
    async with running(GanTui(runs)) as pilot:
        await seen(pilot, "train-1")
        assert "gan: GAN" in screen_text(pilot)
        press(pilot, "tab")
        await soon(lambda: pilot.app.focused and pilot.app.focused.id == "runs")
        if chosen(pilot) != "train-1":
            press(pilot, "down")
        await seen(pilot, "train-1: A night's training")
        await seen(pilot, "python train.py --lr 0.1")
        await soon(lambda: "learning rate  0.0003" in (text := screen_text(pilot)) and " train/accuracy" in text)
        text = screen_text(pilot)
        assert "Stopped, step 12,300. Enter opens it, r starts its script again." in text
        await soon(lambda: "Settings ─" not in screen_text(pilot))  # which are of a preset
        await soon(lambda: "r Resume" in keys(pilot) and "Train longer" not in keys(pilot))
        press(pilot, "e")
        await soon(lambda: "gan: GAN" in screen_text(pilot) and "Settings ─" in screen_text(pilot))
        press(pilot, "escape", "tab")
        await seen(pilot, "train-1: A night's training")


def chosen(pilot: Pilot) -> str:
    run = pilot.app.screen.query_one(RunList).chosen
    return run.folder.name if run else ""


@pytest.mark.parametrize(
    ("action", "maker", "why"),
    [
        ("longer", Maker.COMMAND, "the length of train-1 is its script's"),
        ("resume", Maker.PROCESS, "train-1 does not know by which command its script is started"),
        ("resume", Maker.COMMAND, ""),
        ("delete", Maker.PROCESS, ""),
    ],
)
def test_the_menus_keys_are_by_what_a_run_can_do(action: str, maker: Maker, why: str, runs: Path) -> None:
    run = summary_of(script_run(runs, LOSS, state="stopped"))
    assert menu.why_not(action, None, run, maker) == why
    assert menu.why_not(action, None, replace(run, is_log=True), maker).startswith("train-1 is another program's log")


async def test_a_log_of_a_real_tool_tells_what_it_is_and_offers_no_key_that_does_nothing(runs: Path) -> None:
    folder = formats.opened(FIXTURES / "logs" / "keras")
    async with running(GanTui(runs, folder)) as pilot:
        await seen(pilot, "quiet  step 12")
        assert keys(pilot) == "X Export esc Menu ? Help q Quit"
        press(pilot, "h")
        await seen(pilot, "TensorBoard log of")
        press(pilot, "escape", "2")
        await seen(pilot, "This log tells of no layers")
