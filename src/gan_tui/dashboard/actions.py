"""What the help page and the palette offer: every key of a screen and of the app, with what it does."""

from typing import Any, Protocol, runtime_checkable

from textual.binding import Binding
from textual.screen import Screen

from gan_tui.dashboard import own_keys


def keys_of(screen: Screen[Any]) -> list[Binding]:
    """The keys of a screen, then those of its app."""
    keys = [binding for binding in (*screen.BINDINGS, *screen.app.BINDINGS) if isinstance(binding, Binding)]
    keys = [own_keys.as_shown(key) for key in keys]
    return [screen.in_words(key) for key in keys] if isinstance(screen, TellsItsKeys) else keys


@runtime_checkable
class TellsItsKeys(Protocol):
    """A screen of which some keys do other things at times."""

    def in_words(self, key: Binding) -> Binding:
        """The key with what it does now."""
