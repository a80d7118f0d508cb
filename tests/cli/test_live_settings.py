"""`gan-tui set`: settings of a run that is alive, from the shell."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from files import old_run
from gan_tui.run.commands import Command, Reply
from serving import Serving
from shell import said


@pytest.fixture
def alive(runs: Path) -> Iterator[Serving]:
    serving = Serving(old_run("stopped", "xor", runs))
    serving.behave = lambda command: serving.server.answer(_reply(command))
    yield serving
    serving.close()


def _reply(command: Command) -> Reply:
    known = command.setting == "learning_rate"
    text = f"learning_rate is {command.value}" if known else f"{command.setting} cannot be set while this preset trains"
    return Reply(command.id, known, text, 7)


@pytest.mark.parametrize(
    ("word", "value"),
    [("0.0005", 0.0005), ("1e-3", 0.001), ("3", 3), ("true", True), ("[1, 2]", [1, 2]), ("warm", "warm")],
)
def test_what_is_set_reaches_the_run_as_what_it_is_and_what_became_of_it_is_printed(
    word: str, value: Any, alive: Serving, capsys: pytest.CaptureFixture[str]
) -> None:
    name = alive.folder.name
    assert said(capsys, "set", name, f"learning_rate={word}") == (0, f"{name}: learning_rate is {value}\n", "")
    assert (alive.commands[-1].name, alive.commands[-1].value) == ("set", value)


def test_without_a_name_it_is_the_newest_that_is_alive_and_what_is_refused_ends_it(
    alive: Serving, capsys: pytest.CaptureFixture[str]
) -> None:
    name = alive.folder.name
    code, out, err = said(capsys, "set", "learning_rate=1", "color=red", "learning_rate=2")
    assert (code, out) == (1, f"{name}: learning_rate is 1\n")
    assert (
        err
        == f"{name} is the newest run that is alive.\ngan-tui: {name}: color cannot be set while this preset trains\n"
    )
    assert [command.value for command in alive.commands] == [1, "red"]


@pytest.mark.parametrize("words", [("{}",), ("{}", "fast"), ("{}", "=3"), ("{}", "learning_rate=")])
def test_what_is_no_change_is_said_with_one(
    words: tuple[str, ...], alive: Serving, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = said(capsys, "set", *(word.format(alive.folder.name) for word in words))
    assert (code, out) == (2, "") and "learning_rate=0.0005" in err
    assert alive.commands == []
