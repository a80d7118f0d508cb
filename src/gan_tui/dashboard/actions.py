"""What the help page and the palette offer: every key of a screen and of the app, with what it does."""

from textual.binding import Binding
from textual.screen import Screen


def keys_of(screen: Screen[None]) -> list[Binding]:
    """The keys of a screen, then those of its app."""
    return [binding for binding in (*screen.BINDINGS, *screen.app.BINDINGS) if isinstance(binding, Binding)]
