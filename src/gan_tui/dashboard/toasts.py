"""How long what is told beside everything else stays."""

import time
from typing import TYPE_CHECKING

from textual.events import Event, Key, MouseDown

from gan_tui.dashboard.screens.too_small import TooSmallScreen
from gan_tui.dashboard.terminal.app import TerminalApp

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel

LEAST_SECONDS = 5.0
LETTERS_A_SECOND = 15.0
"""That a person reads who was looking elsewhere."""
DAY = 86_400.0


class Toasts(TerminalApp):
    """What is told stays until it can have been read. What failed stays until a key comes after that: it stands nowhere
    else.
    """

    def __init__(self) -> None:
        super().__init__()
        self._read_at = 0.0
        """When all that is told can have been read."""

    def notify(
        self, message: str, *, title: str = "", severity: "SeverityLevel" = "information",
        timeout: float | None = None, markup: bool = True,
    ) -> None:  # fmt: skip
        seconds = max(timeout or LEAST_SECONDS, len(message) / LETTERS_A_SECOND)
        self._read_at = max(self._read_at, time.monotonic() + seconds)
        stays = DAY if severity == "error" else seconds
        super().notify(message, title=title, severity=severity, timeout=stays, markup=markup)

    async def on_event(self, event: Event) -> None:
        if isinstance(event, Key | MouseDown) and 0 < self._read_at < time.monotonic() and self._is_seen:
            self._read_at = 0.0
            self.clear_notifications()
        await super().on_event(event)

    @property
    def _is_seen(self) -> bool:
        return bool(self.screen_stack) and not isinstance(self.screen, TooSmallScreen)
