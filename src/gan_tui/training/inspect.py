"""A run that is not training, held open to be looked at: its networks answer questions, and nothing is learnt."""

import time

from gan_tui.training.commands import Commands
from gan_tui.training.steering import Steering, answer_set

IDLE_SECONDS = 600.0
"""After so long without a question the process ends; the next question starts another."""


def inspect(commands: Commands, steering: Steering, step: int, idle_seconds: float = IDLE_SECONDS) -> None:
    """Answer `set` commands until asked to stop, or until nobody asks any more."""
    asked = time.monotonic()
    while time.monotonic() - asked < idle_seconds:
        command = commands.next(wait=False)
        if command is None:
            time.sleep(0.02)
            continue
        asked = time.monotonic()
        if command.name == "set":
            answer_set(steering, commands, command, step)
        elif command.name == "stop":
            commands.answer(command, True, "closed", step)
            return
        else:
            commands.answer(command, False, "The run is not training; it is only being looked at.", step)
