"""The palette: every action, to search by name."""

from typing import Any

from textual.command import CommandPalette
from textual.worker import Worker


class ActionPalette(CommandPalette):
    """Textual's, whose search may begin when the palette is being closed: its parts are gone then, and nobody minds."""

    def run_worker(self, work: Any, *names: Any, **options: Any) -> Worker[Any]:
        return super().run_worker(work, *names, **{**options, "exit_on_error": False})
