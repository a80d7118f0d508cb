"""The palette: every action, to search by name."""

from contextlib import suppress
from typing import Any

from textual import on
from textual.command import CommandPalette
from textual.widgets import Input
from textual.worker import Worker, WorkerError


class ActionPalette(CommandPalette):
    """Textual's, whose search may begin when the palette is being closed: its parts are gone then, and nobody minds."""

    def run_worker(self, work: Any, *names: Any, **options: Any) -> Worker[Any]:
        return super().run_worker(work, *names, **{**options, "exit_on_error": False})

    @on(Input.Submitted)
    def _wait_for_search(self, event: Input.Submitted) -> None:
        """Enter means what the words before it find, not what was on the list when it was pressed."""
        group = self._GATHER_COMMANDS_GROUP
        searching = [worker for worker in self.workers if worker.group == group and not worker.is_finished]
        if searching:
            event.stop()
            event.prevent_default()
            self.run_worker(self._select_found(searching))

    async def _select_found(self, searching: list[Worker[Any]]) -> None:
        with suppress(WorkerError):  # another search has begun meanwhile, or the palette is being closed
            await self.workers.wait_for_complete(searching)
            self._select_or_command()
