"""A run that is not training, held open to be looked at: its networks answer questions, and nothing is learnt."""

from gan_tui.training.command_pipe import CommandPipe
from gan_tui.training.steering import Steering, answer_set

IDLE_SECONDS = 300.0
"""After so long without a question the process ends; the next question starts another."""


def answer_questions(pipe: CommandPipe, steering: Steering, step: int, idle_seconds: float = IDLE_SECONDS) -> None:
    """Answer questions until asked to stop, or until nobody asks any more: `set` commands that only choose a view."""
    while (command := pipe.within(idle_seconds)) is not None:
        if command.name == "set" and command.setting in steering.questions:
            answer_set(steering, pipe, command, step)
        elif command.name == "stop":
            pipe.answer(command, True, "closed", step)
            return
        else:
            pipe.answer(command, False, "The run is not training; it is only being looked at.", step)
