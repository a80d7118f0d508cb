"""What a screen of a run says of it: what trains it, its page for who wants to know more, the help, its points."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from textual import work
from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen

from gan_tui import presets
from gan_tui.dashboard.linking import leading_to
from gan_tui.dashboard.painting import Painting
from gan_tui.dashboard.screens import help as help_screen
from gan_tui.dashboard.screens.training_keys import in_groups, in_words
from gan_tui.dashboard.script_words import script_words
from gan_tui.errors import UserError
from gan_tui.integrations.logs.log_folder import LogFolder
from gan_tui.run import catalog, documents
from gan_tui.run.folder import RunFolder
from gan_tui.run.maker import Maker, maker_of
from gan_tui.run.state import RunState
from gan_tui.text import harmless

_LONGEST_PATH = 1000
_HELP = {Maker.TRAINER: help_screen.TRAINING, Maker.SWEEP: help_screen.OF_A_SWEEP, Maker.LOGGER: help_screen.LOG}


class KnowsItsMaker(Screen[None]):
    """The pages of a screen that shows a run."""

    folder: RunFolder
    state: RunState
    _document: Mapping[str, Any] = {}
    """What the run's preset.toml says, once it was read, where a script made the run."""

    def on_mount(self) -> None:
        self._read_document()

    @work(thread=True, exit_on_error=False)
    def _read_document(self) -> None:
        document = documents.written(self.folder.preset_file)
        if document.get("task") == documents.SCRIPT:
            self.app.call_from_thread(self._know, document)

    def _know(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self.maker_known()

    def maker_known(self) -> None:
        """It is known now who trains the run."""

    @cached_property
    def sweep(self) -> str:
        """The sweep that it is a training of; empty where it is none."""
        return catalog.sweep_of(self.folder.path)

    @property
    def maker(self) -> Maker:
        """Who trains the run, as far as it is known."""
        if self.sweep:
            return Maker.SWEEP
        return maker_of(self.state.started.task if self.state.started else "", self._document)

    def in_words(self, key: Binding) -> Binding:
        """A key with what it does to this run."""
        return in_words(key, self.maker)

    def action_about(self) -> None:
        if self.maker not in (Maker.TRAINER, Maker.SWEEP):
            self.app.push_screen(help_screen.HelpScreen(self._script_words()))
            return
        try:
            preset = presets.of_run(self.folder)
        except UserError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        words = help_screen.about(preset.title, preset.help or preset.about)
        self.app.push_screen(help_screen.HelpScreen(words))

    def _script_words(self) -> Content:
        title = self.state.started.title if self.state.started else ""
        told, named = script_words(self._document), self._document.get("folder") or ""
        known = leading_to(told, harmless(str(named), _LONGEST_PATH), named) if told else self._place()
        of_log = "\n".join(self.folder.about()) if isinstance(self.folder, LogFolder) else ""
        parts = [Content(self.folder.name), Content(title), known, Content(of_log)]
        return Content("\n\n").join([part for part in parts if part])

    def _place(self) -> Content:
        """Where the run lies."""
        shown = harmless(str(self.folder.path), _LONGEST_PATH)
        return leading_to(shown, shown, self.folder.path)

    def action_points(self) -> None:
        from gan_tui.dashboard.screens.draw import DrawScreen

        points = [(x, y, int(kind)) for x, y, kind in self.state.points]
        self.app.push_screen(DrawScreen(Painting(points), folder=self.folder, classes=self.state.classes))

    def action_help(self) -> None:
        words, keys = _HELP.get(self.maker, help_screen.SCRIPT), in_groups(self.app, self.state, self.maker)
        self.app.push_screen(help_screen.HelpScreen(words, help_screen.SEEN, keys))
