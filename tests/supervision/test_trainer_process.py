"""A trainer as its supervisor has it: nobody waits for it, and its end is explained. The trainers here only pretend."""

import os
import re
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gan_tui import presets
from gan_tui.run import lock as run_lock
from gan_tui.run.commands import Command, Reply
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import trainer_process
from gan_tui.supervision.trainer_process import MOST_UNSENT, TrainerProcess
from gan_tui.supervision.warm_start import WarmTrainer
from product import wait_for

BEGIN = """
import json, os, sys, time
print("a module that greets whoever loads it", end="", flush=True)
sys.stdout = os.fdopen(int(sys.argv.pop()), "w")
run = sys.argv[1]
def reply(number, text="", end="\\n"):
    print(json.dumps({"id": number, "ok": True, "text": text, "step": 3}), end=end, flush=True)
def log(words):
    with open(run + "/trainer.log", "a") as file: file.write(words)
"""
ANSWERS = "for line in sys.stdin: reply(json.loads(line)['id'], json.loads(line)['name'])"
SLEEPS = "time.sleep(60)"


class Pretended:
    """A trainer that does what some lines of Python say, and what its supervisor's loop hears of it."""

    def __init__(self, folder: RunFolder, mode: str = "train", warm: WarmTrainer | None = None) -> None:
        self.selector, self.replies = selectors.DefaultSelector(), list[Reply]()
        lock = run_lock.taken(folder.lock_file)
        assert lock is not None
        self.lock: int = lock
        self.trainer = TrainerProcess(folder, mode, lock, self.selector, self.replies.append, warm)
        self.process: subprocess.Popen[bytes] = self.trainer._process

    def wait_for(self, condition: Callable[[], bool], seconds: float = 90.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"not within {seconds} s; replies: {self.replies}"
            for key, _ in self.selector.select(0.05) if self.selector.get_map() else []:
                key.data()

    def wait_for_end(self) -> None:
        self.wait_for(lambda: not self.trainer.is_running)
        assert not self.selector.get_map(), "nothing is listened to any more"

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.lock)
        self.selector.close()


Starts = Callable[..., Pretended]


@pytest.fixture
def folder(runs: Path) -> RunFolder:
    return presets.new_run(presets.find("xor"), runs)


@pytest.fixture
def starts(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Starts]:
    started: list[Pretended] = []

    def start(act: str, **more: object) -> Pretended:
        monkeypatch.setattr(trainer_process, "TRAINER", (sys.executable, "-c", BEGIN + act))
        started.append(Pretended(folder, **more))  # type: ignore[arg-type]
        return started[-1]

    yield start
    for pretended in started:
        pretended.end()


def test_it_is_told_its_run_and_what_to_do_with_it(folder: RunFolder, starts: Starts) -> None:
    act = "run, mode, place = sys.argv[1:]\nos.rename(run, run + '-moved')\n"
    act += "same = os.path.samefile(f'/dev/fd/{place}', run + '-moved')\nreply(1, f'{run} {mode} {same}')"
    pretended = starts(act, mode="inspect")
    pretended.wait_for_end()
    assert pretended.replies == [Reply(1, True, f"{folder.path} inspect True", 3)]


def test_a_program_that_cannot_be_started_is_an_error_of_the_system(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer_process, "TRAINER", ("/nowhere/python",))
    with pytest.raises(FileNotFoundError):
        Pretended(folder)


# Commands and replies --------------------------------------------------------------------------------------


def test_commands_are_answered_in_their_order(starts: Starts) -> None:
    pretended = starts(ANSWERS)
    commands = [Command(name, number) for number, name in enumerate(("pause", "step", "resume", "save"))]
    assert [pretended.trainer.send(command) for command in commands] == [""] * 4
    pretended.wait_for(lambda: len(pretended.replies) == 4)
    assert [(reply.id, reply.text) for reply in pretended.replies] == [(each.id, each.name) for each in commands]


def test_a_reply_that_comes_in_pieces_is_one(starts: Starts) -> None:
    halves = "whole = json.dumps({'id': 5, 'ok': True, 'text': 'saved', 'step': 3}) + '\\n'\n"
    halves += "for piece in (whole[:9], whole[9:20], whole[20:]): print(piece, end='', flush=True); time.sleep(0.05)"
    pretended = starts(halves)
    pretended.wait_for_end()
    assert pretended.replies == [Reply(5, True, "saved", 3)]


def test_what_is_no_reply_is_noted_and_passed_over(starts: Starts, capsys: pytest.CaptureFixture[str]) -> None:
    pretended = starts("print('hello'); print('{}'); print('{\"id\": 1'); reply(2); reply(3, end='')")
    pretended.wait_for_end()
    assert [reply.id for reply in pretended.replies] == [2], "one that was torn by the end is none"
    assert capsys.readouterr().err == "the trainer said something that is no answer\n" * 3


# A trainer that reads nothing ------------------------------------------------------------------------------


def fill(trainer: TrainerProcess) -> tuple[int, int, str]:
    """(commands and bytes that were taken, why the next one was not) by sending large ones."""
    taken = length = 0
    while True:
        command = Command("set", taken, setting="points", value="x" * 500_000)
        if refusal := trainer.send(command):
            return taken, length, refusal
        taken, length = taken + 1, length + len(command.to_line())


def test_commands_for_a_trainer_that_reads_none_are_bounded_and_hold_nobody_up(starts: Starts) -> None:
    pretended = starts(SLEEPS)
    began = time.monotonic()
    _, length, refusal = fill(pretended.trainer)
    assert time.monotonic() - began < 60
    assert refusal == "The trainer is busy and takes no more commands; try again."
    assert MOST_UNSENT < length < MOST_UNSENT + 2_000_000
    assert pretended.trainer.send(Command("stop")) == refusal


def test_a_trainer_that_reads_late_gets_all_that_was_taken_and_takes_more(folder: RunFolder, starts: Starts) -> None:
    waits = "while not os.path.exists(run + '/go'): time.sleep(0.01)\n"
    pretended = starts(waits + ANSWERS)
    taken, _, _ = fill(pretended.trainer)
    (folder.path / "go").touch()
    pretended.wait_for(lambda: len(pretended.replies) == taken)
    assert pretended.trainer.send(Command("pause", taken)) == ""
    pretended.wait_for(lambda: len(pretended.replies) > taken)
    assert [reply.id for reply in pretended.replies] == list(range(taken + 1))


def test_a_command_may_send_the_rest_in_the_very_turn_in_which_there_is_room_again(
    folder: RunFolder, starts: Starts
) -> None:
    waits = "while not os.path.exists(run + '/go'): time.sleep(0.01)\n"
    pretended = starts(waits + ANSWERS)
    pretended.trainer.send(Command("set", 1, setting="points", value="x" * 100_000))  # more than a pipe holds
    (folder.path / "go").touch()
    ready = pretended.selector.select(20)  # there is room again, …
    pretended.trainer.send(Command("pause", 2))  # … which other clients' commands use in the same turn
    wait_for(lambda: (pretended.trainer._write_commands(), not pretended.trainer._unsent)[1])
    for key, _ in ready:
        key.data()
    pretended.wait_for(lambda: [reply.id for reply in pretended.replies] == [1, 2])


@pytest.mark.parametrize("replies_first", [True, False])
def test_a_trainer_that_dies_with_commands_unread_ends_as_any_other(replies_first: bool, starts: Starts) -> None:
    pretended = starts(SLEEPS)
    fill(pretended.trainer)
    pretended.process.kill()
    pretended.process.wait()
    ready = [key for key, _ in pretended.selector.select(5)]
    assert len(ready) == 2, "one turn has both the end of its replies and that of its commands"
    for key in sorted(ready, key=lambda key: key.events == selectors.EVENT_READ, reverse=replies_first):
        key.data()
    pretended.wait_for_end()
    assert pretended.trainer.exit_code() == -signal.SIGKILL


# Its end ---------------------------------------------------------------------------------------------------


def test_a_trainer_that_is_killed_is_noticed_and_explained(starts: Starts) -> None:
    pretended = starts(ANSWERS)
    assert pretended.trainer.is_running and not pretended.trainer.was_lost
    pretended.process.kill()
    pretended.wait_for_end()
    assert pretended.trainer.exit_code() == -signal.SIGKILL
    assert pretended.trainer.exit_reason().startswith("The trainer was killed (SIGKILL) by someone")
    assert pretended.trainer.send(Command("pause")) == "The trainer has ended."
    assert not pretended.trainer.was_lost, "it was started for this run"


@pytest.mark.parametrize(("before", "meanwhile", "by"), [(3, 4, "by the system because memory"), (3, 3, "by someone")])
def test_a_kill_for_memory_is_told_from_others_by_the_systems_count(
    before: int, meanwhile: int, by: str, starts: Starts, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = [before]
    monkeypatch.setattr(trainer_process, "memory_kills", lambda: counts[-1])
    pretended = starts(SLEEPS)
    pretended.trainer.count_memory_kills()
    counts.append(meanwhile)
    pretended.process.kill()
    pretended.wait_for_end()
    assert pretended.trainer.exit_reason().startswith(f"The trainer was killed (SIGKILL) {by}")


def test_its_last_words_are_what_it_wrote_into_the_log_itself(folder: RunFolder, starts: Starts) -> None:
    folder.trainer_log.write_text("MemoryError: of the time before\n")
    speaks = starts("log('Traceback …\\nValueError: no such layer\\n'); sys.exit(3)")
    speaks.wait_for_end()
    assert speaks.trainer.exit_reason() == (
        'The trainer ended with exit code 3; the last line of trainer.log: "ValueError: no such layer"'
    )
    os.close(speaks.lock)
    silent = starts("sys.exit(3)")
    silent.wait_for_end()
    assert silent.trainer.exit_reason() == "The trainer ended with exit code 3; it printed nothing"
    speaks.lock = os.dup(silent.lock)


def test_of_a_long_log_only_the_end_is_read(folder: RunFolder, starts: Starts) -> None:
    pretended = starts("log('out of memory\\n' + 'a warning\\n' * 100_000 + 'the end\\n'); os.abort()")
    pretended.wait_for_end()
    assert re.search(r'SIGABRT.*the last line of trainer\.log: "the end"', pretended.trainer.exit_reason())


def test_a_log_that_was_deleted_is_as_one_without_a_word(folder: RunFolder, starts: Starts) -> None:
    pretended = starts("log('something\\n'); os.remove(run + '/trainer.log'); sys.exit(4)")
    pretended.wait_for_end()
    assert pretended.trainer.exit_reason() == "The trainer ended with exit code 4; it printed nothing"


def test_a_run_is_held_until_its_trainer_has_gone_too(folder: RunFolder, starts: Starts) -> None:
    pretended = starts(SLEEPS)
    os.close(pretended.lock)  # as when the supervisor is killed
    assert folder.is_held()
    pretended.process.kill()
    pretended.wait_for_end()
    pretended.process.wait()
    assert not folder.is_held()
    pretended.lock = os.open(os.devnull, os.O_RDONLY)


# A warm trainer --------------------------------------------------------------------------------------------


def test_a_warm_trainer_that_is_gone_is_replaced(runs: Path, starts: Starts) -> None:
    warm = WarmTrainer(runs)
    warm.process.kill()
    warm.process.wait()
    pretended = starts(ANSWERS, warm=warm)
    assert pretended.process is not warm.process
    assert pretended.trainer.send(Command("pause", 4)) == ""
    pretended.wait_for(lambda: [reply.id for reply in pretended.replies] == [4])


def test_a_warm_trainer_that_ends_as_it_gets_its_run_was_lost(runs: Path, starts: Starts) -> None:
    warm = WarmTrainer(runs)
    pretended = starts(ANSWERS, warm=warm)
    assert pretended.process is warm.process
    warm.process.kill()
    pretended.wait_for_end()
    assert pretended.trainer.was_lost
    time.sleep(trainer_process.LOST_SECONDS)
    assert not pretended.trainer.was_lost, "one that ends later has died of something else"
