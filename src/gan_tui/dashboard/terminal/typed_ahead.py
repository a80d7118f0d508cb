"""What is typed, one thing after another: each is carried out before the next goes anywhere.

Textual hands a key at once to what has the focus. Of those that come in a burst, or while a screen is being made, some
wait behind others: what was typed for a list that is about to open was taken by the menu, and letters of a filter were
the list's keys, in another order. Here the next one waits until a word has gone the way of the one before, from what
had the focus through all that it lies in to the app; and where a key has done something, thrice more, behind what came
of that: a list tells its screen what was chosen, that tells the app, which shows another screen, which has to be made.
What the mouse does meanwhile comes behind, too: a colour is chosen by a key before something is painted with it.
Where a key has asked for what takes a disk a moment, a screen holds the next one back until that is on show.
"""

import time
from collections import deque
from collections.abc import Sequence
from functools import partial
from typing import Any

from textual.dom import DOMNode
from textual.events import Event, Key, MouseEvent, Paste

from gan_tui.dashboard.terminal.clicks import CountsClicks
from gan_tui.dashboard.terminal.latin import keys_instead

ROUNDS = 3
"""Words that follow what a key has done."""
LOST_SECONDS = 10.0
"""A word that has not come back for so long is taken for lost."""
HELD_SECONDS = 3.0
"""So long at most is something held back: a disk may not answer, and a person must be able to leave."""


class TypedAhead:
    """What waits to be carried out."""

    def __init__(self, app: "TakesKeys") -> None:
        self._app = app
        self._waiting: deque[Key | Paste | MouseEvent] = deque()
        self._sent_at: float | None = None
        """When a word was sent that is under way."""
        self._rounds = 0
        self._held_until = 0.0

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def is_under_way(self) -> bool:
        """Whether something typed is being carried out, or waits."""
        return self._sent_at is not None or self._is_held

    @property
    def _is_held(self) -> bool:
        return time.monotonic() < self._held_until

    def hold(self) -> None:
        """What is typed waits until `let_go`: what it is meant for is about to change."""
        self._held_until = time.monotonic() + HELD_SECONDS
        self._app.set_timer(HELD_SECONDS + 0.01, self._let_go_late)

    def let_go(self) -> None:
        """It has changed, and is on show."""
        self._held_until = 0.0
        self._let_go_late()

    def _let_go_late(self) -> None:
        if self._waiting and self._sent_at is None and not self._is_held:
            self._sent_at = time.monotonic()
            self._app.call_later(self._go_on)

    async def add(self, event: Key | Paste | MouseEvent) -> None:
        """It was typed, or the mouse did it, now."""
        self._waiting.append(event)
        if self._is_held:
            return
        if self._sent_at is None or time.monotonic() - self._sent_at > LOST_SECONDS:
            await self._go_on()

    def add_first(self, event: Key) -> None:
        """Before all others: what it was brought to has not the focus any more."""
        self._waiting.appendleft(event)

    def has_acted(self) -> None:
        """The one under way has done something."""
        self._rounds = ROUNDS

    async def _go_on(self) -> None:
        self._rounds = 0
        while self._waiting and not self._is_held:
            event = self._waiting.popleft()
            await self._app.carry_out(event)
            if not isinstance(event, MouseEvent):
                self._send_word()
                return
        self._sent_at = None

    def _send_word(self) -> None:
        self._sent_at = time.monotonic()
        start: DOMNode | None = self._app.focused or (self._app.screen if self._app.screen_stack else None)
        way = list[DOMNode]()
        while start is not None and start is not self._app:
            way.append(start)
            start = start.parent
        self._pass_on(way)

    def _pass_on(self, way: Sequence[DOMNode]) -> None:
        """Behind all that waits in the next one of its way; those that were taken away are left out."""
        for place, pump in enumerate(way):
            if pump.call_later(partial(self._pass_on, way[place + 1 :])):
                return
        self._app.call_later(self._came_back)

    async def _came_back(self) -> None:
        if self._rounds > 0:
            self._rounds -= 1
            self._send_word()
        else:
            await self._go_on()


class TakesKeys(CountsClicks):
    """The part of an app that brings what is typed to where it belongs."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.typed_ahead = TypedAhead(self)

    async def on_event(self, event: Event) -> None:
        typed = isinstance(event, Key | Paste) or (isinstance(event, MouseEvent) and self.typed_ahead.is_under_way)
        if typed and not event.is_forwarded:
            await self.typed_ahead.add(event)  # type: ignore[arg-type]
        else:
            await super().on_event(event)

    async def carry_out(self, event: Key | Paste | MouseEvent) -> None:
        """Bring something that was typed to what has the focus."""
        if self.screen_stack:  # else it is being left
            if not isinstance(event, MouseEvent):
                event.set_sender(self.focused or self.screen)
            await super().on_event(event)

    async def on_key(self, event: Key) -> None:
        """A key that nothing has been done with: of another layout, or, in a burst, for what has the focus by now."""
        event.prevent_default()  # Textual's own handler does no more than the first of what follows
        if not self.screen_stack or event._sender is not (self.focused or self.screen):
            self.typed_ahead.add_first(Key(event.key, event.character))
            return
        typed = event.character or ""
        if await self._check_bindings(event.key):
            self.typed_ahead.has_acted()
        elif len(typed) == 1 and "+" not in event.key:
            for key in keys_instead(event.key, typed, self.screen):
                if await self._check_bindings(key):
                    self.typed_ahead.has_acted()
                    return
            if typed.isalpha() and not typed.isascii():
                self.letter_unknown()

    def letter_unknown(self) -> None:
        """A letter was typed that is no Latin one, and does nothing."""
