"""A pause outlives the processes that are restarted in it."""

from pathlib import Path

from gan_tui import presets
from gan_tui.run.commands import AS_BEFORE, Command
from gan_tui.run.events import State
from gan_tui.run.folder import RunFolder
from gan_tui.supervision.pauses import Pause


class Listening:
    """A process that takes commands, and may die before it obeys one."""

    def __init__(self) -> None:
        self.taken: list[Command] = []

    def send(self, command: Command) -> str:
        self.taken.append(command)
        return ""


def made(runs: Path, *states: str) -> RunFolder:
    folder = presets.new_run(presets.find("xor"), runs)
    told(folder, *states)
    return folder


def told(folder: RunFolder, *states: str) -> None:
    writer = folder.writer()
    writer.write(*map(State, states))
    writer.close()


def test_one_that_dies_before_it_comes_to_the_pause_does_not_end_it(runs: Path) -> None:
    folder, process = made(runs, "starting", "training", "paused", "failed"), Listening()
    pause = Pause(folder)
    for _ in range(2):
        pause.look()
        assert pause.lasts
        told(folder, "starting", "training")  # as a script that is started again is said to train
        pause.ask()
        pause.send(process)  # type: ignore[arg-type]
    pause.look()
    assert pause.lasts and [command.setting for command in process.taken] == [AS_BEFORE] * 2
    pause.heard(Command("resume"))
    pause.look()
    assert not pause.lasts


def test_a_log_that_is_gone_tells_of_no_pause(runs: Path) -> None:
    folder = made(runs, "training", "paused")
    folder.events_file.unlink()
    pause = Pause(folder)
    pause.look()
    assert not pause.lasts
