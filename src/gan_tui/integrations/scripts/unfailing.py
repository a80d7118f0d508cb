"""What a script tells of itself never ends it: whatever goes wrong with that is said, once, to whoever watches."""

import functools
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from gan_tui.integrations.scripts.words import in_words


class Telling(Protocol):
    def say(self, about: str, sentence: str) -> None: ...


Arguments = ParamSpec("Arguments")
Teller = TypeVar("Teller", bound=Telling)


def unfailing(
    method: Callable[Concatenate[Teller, Arguments], None],
) -> Callable[Concatenate[Teller, Arguments], None]:
    """The method, which says what went wrong in place of raising it."""

    @functools.wraps(method)
    def never_fails(teller: Teller, /, *arguments: Arguments.args, **named: Arguments.kwargs) -> None:
        try:
            method(teller, *arguments, **named)
        except Exception as error:  # noqa: BLE001 (whatever it is, the training goes on)
            stumbled(teller, method.__name__, error)

    return never_fails


def stumbled(teller: Telling, what: str, error: Any) -> None:
    """Say that something could not be told."""
    with suppress(Exception):
        teller.say(f"stumbled {what}", f"Something given to run.{what} could not be recorded ({in_words(error)}).")
