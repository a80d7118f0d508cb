"""The trainer's ear and mouth, over real pipes and signals."""

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from gan_tui.run.commands import Command, Reply
from gan_tui.training.command_pipe import ORPHANED, CommandPipe, StoppedEarly

ASKING = (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1, signal.SIGUSR2, signal.SIGXCPU)
"""The last three are what Slurm, LSF and SGE send some time before they end a job."""


class Pipes:
    def __init__(self) -> None:
        heard, self.mouth = os.pipe()
        self.ear, answers = os.pipe()
        self.commands = CommandPipe(os.fdopen(heard, "rb"), answers)
        self.answers = os.fdopen(self.ear, "rb")
        self._answers = answers

    def say(self, data: bytes) -> None:
        os.write(self.mouth, data)

    def hang_up(self) -> None:
        if self.mouth >= 0:
            mouth, self.mouth = self.mouth, -1
            os.close(mouth)

    def close(self) -> None:
        self.hang_up()
        os.close(self._answers)
        self.answers.close()


@pytest.fixture
def pipes() -> Iterator[Pipes]:
    pipes = Pipes()
    yield pipes
    pipes.close()


def heard(pipes: Pipes) -> Command:
    command = pipes.commands.within(10)
    assert command is not None
    return command


def test_commands_are_heard_in_the_order_they_came(pipes: Pipes) -> None:
    pipes.say(Command("pause", 1).to_line() + Command("step", 2, 5).to_line())
    pipes.say(Command("save", 3).to_line())
    assert [heard(pipes) for _ in range(3)] == [Command("pause", 1), Command("step", 2, 5), Command("save", 3)]


def test_without_a_command_training_is_not_held_up(pipes: Pipes) -> None:
    assert pipes.commands.next() is None


def test_whoever_waits_gets_the_next_command(pipes: Pipes) -> None:
    threading.Timer(0.3, pipes.say, [Command("resume", 1).to_line()]).start()
    assert heard(pipes) == Command("resume", 1)


def test_a_line_that_is_no_command_is_passed_over(pipes: Pipes) -> None:
    pipes.say(b"garbage\n\n" + Command("pause", 1).to_line())
    assert heard(pipes) == Command("pause", 1)


def test_when_the_supervisor_is_gone_the_trainer_stops(pipes: Pipes) -> None:
    pipes.say(Command("save", 1).to_line())
    pipes.hang_up()
    assert [heard(pipes), heard(pipes)] == [Command("save", 1), ORPHANED]


@pytest.mark.parametrize("number", ASKING, ids=lambda number: number.name)
def test_a_signal_asks_to_stop_even_while_paused(number: signal.Signals, pipes: Pipes, signals: None) -> None:
    pipes.commands.obey_signals()
    pipes.commands.begin()
    threading.Timer(0.1, os.kill, [os.getpid(), number]).start()
    assert heard(pipes) == Command("stop", setting=number.name)


def load_for_long() -> None:
    """Take the time that modules take to load."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        time.sleep(0.01)


@pytest.fixture
def signals() -> Iterator[None]:
    before = {each: signal.getsignal(each) for each in ASKING}
    yield
    for each, handler in before.items():
        signal.signal(each, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGUSR1])
def test_before_training_has_begun_a_signal_ends_the_start_once(
    number: signal.Signals, pipes: Pipes, signals: None
) -> None:
    pipes.commands.obey_signals()
    with pytest.raises(StoppedEarly):
        signal.raise_signal(number)
    signal.raise_signal(number)  # a second one does not disturb the end


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_stop_that_comes_while_starting_ends_the_start_and_is_answered(
    when: str, pipes: Pipes, signals: None
) -> None:
    asked = (Command("pause", 3), Command("stop", 4))
    if when == "before":
        pipes.say(b"".join(command.to_line() for command in asked))
        time.sleep(0.1)
    with pytest.raises(StoppedEarly):
        pipes.commands.obey_signals()
        pipes.say(b"".join(command.to_line() for command in asked))
        load_for_long()
    pipes.commands.refuse_all("stopped before training began")
    said = [Reply.from_line(pipes.answers.readline()) for _ in range(2)]
    assert [(answer.id, answer.ok) for answer in said] == [(3, False), (4, True)]


def test_the_supervisors_end_ends_a_start(pipes: Pipes, signals: None) -> None:
    with pytest.raises(StoppedEarly):
        pipes.commands.obey_signals()
        pipes.hang_up()
        load_for_long()


def test_answers_go_back_a_line_each(pipes: Pipes) -> None:
    pipes.commands.answer(Command("pause", 9), True, "paused at step 5", 5)
    assert Reply.from_line(pipes.answers.readline()) == Reply(9, True, "paused at step 5", 5)


def test_an_answer_that_nobody_hears_does_not_end_the_training(pipes: Pipes) -> None:
    pipes.answers.close()
    pipes.commands.answer(Command("pause", 9), True, "paused at step 5", 5)
