"""A run that is not training, held open to be looked at: its networks answer questions, and nothing is learnt.

The same processes answer as those that train: the supervisor is started in the mode "inspect", which loads the last
checkpoint, and leaves the run's state as it is. The dashboard never computes with a network itself.
"""

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
            pipe.answer(command, False, "The run is not training; it is only open for viewing.", step)
