"""A question to a person, over the screen that asks it."""

import asyncio
from typing import Any

from textual.screen import ModalScreen, Screen, ScreenResultType


class Question(ModalScreen[ScreenResultType]):
    """One at a time: a key that is held down asks again and again."""

    async def answer(self, asking: Screen[Any]) -> ScreenResultType | None:
        """What a person answers; None where something else is open already. Awaited in a worker."""
        if asking.app.screen is not asking:
            return None
        # Textual's push_screen_wait would first wait for other work, and a second worker come past the line above.
        return await asyncio.shield(asking.app.push_screen(self, wait_for_dismiss=True))
