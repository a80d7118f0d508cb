"""What the menu shows of a run that has no preset, in place of one: a script's, or a log of another program."""

from collections.abc import Mapping
from typing import Any

from textual import work
from textual.screen import Screen

from gan_tui.dashboard.script_words import script_words, title_of
from gan_tui.dashboard.widgets.preset_details import PresetDetails
from gan_tui.dashboard.widgets.run_list import RunList
from gan_tui.dashboard.widgets.settings_form import SettingsForm
from gan_tui.run import documents
from gan_tui.run.folder import RunFolder
from gan_tui.run.maker import Maker, maker_of
from gan_tui.run.summaries import RunSummary
from gan_tui.text import counted, harmless


class ShowsRuns(Screen[None]):
    """The part of a screen that lists runs beside presets. What a run was made by is read when it is chosen."""

    _runs: RunList
    _details: PresetDetails
    _form: SettingsForm
    _read: tuple[object, Maker] = ("", Maker.TRAINER)
    """Which run was looked into last, and what trains it."""

    @property
    def _chosen_run(self) -> RunSummary | None:
        """The one that keys are about."""
        return self._runs.chosen if self.focused is self._runs else None

    @property
    def run_at_hand(self) -> RunFolder | None:
        """The one that another is started of."""
        run = self._chosen_run
        return run.folder if run else None

    def maker_of_run(self, run: RunSummary | None) -> Maker:
        """What trains a run, as far as it was read."""
        return self._read[1] if run and self._read[0] == run.folder.path else Maker.TRAINER

    def show_chosen(self) -> None:
        """The details of what is chosen: of a run without a preset, or else of the preset."""
        run = self._chosen_run
        if run is None:
            if self.focused is not self._details:
                self._show_preset_again()
        elif self._read[0] != run.folder.path:
            self._look_into(run)

    @work(thread=True, exclusive=True, group="run details", exit_on_error=False)
    def _look_into(self, run: RunSummary) -> None:
        document = {} if run.is_log else documents.written(run.folder.preset_file)
        self.app.call_from_thread(self._show_run, run, document)

    def _show_run(self, run: RunSummary, document: Mapping[str, Any]) -> None:
        maker = Maker.LOGGER if run.is_log else maker_of("", document)
        self._read = run.folder.path, maker
        chosen = self._chosen_run
        if not self._details.is_attached or chosen is None or chosen.folder.path != run.folder.path:
            return
        if maker is Maker.TRAINER:
            self._show_preset_again()
            self._read = run.folder.path, maker
        else:
            title = title_of(document) or "a log of another program"
            self._details.show_words(f"{run.folder.name}: {title}", _words_of(run, document, maker))
            self._form.display = False
        self.refresh_bindings()

    def _show_preset_again(self) -> None:
        self._read = "", Maker.TRAINER
        if not self._form.display:
            self._form.display = True
            self._details.show_again()


def _words_of(run: RunSummary, document: Mapping[str, Any], maker: Maker) -> str:
    """How far it has come, what is known of it, and what a person may do with it."""
    step = f", step {run.step:,}" if run.step else ""
    again = (
        ", r starts its script again" if maker is Maker.COMMAND and not run.alive and run.state != "finished" else ""
    )
    examples = f"\ndata  {run.data}, {counted(run.examples, 'example')}" if run.data and run.examples else ""
    told = script_words(document) or harmless(str(run.folder.path), 500)
    return f"{run.shown.capitalize()}{step}. Enter opens it{again}.{examples}\n\n{told}"
