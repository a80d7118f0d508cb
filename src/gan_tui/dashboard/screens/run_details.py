"""What the menu shows of a run, in place of a preset; and the way to the list of runs over the whole screen."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from textual import work
from textual.screen import Screen

from gan_tui.dashboard.listed.entries import Entries
from gan_tui.dashboard.menu_place import MenuPlace
from gan_tui.dashboard.widgets.preset_details import PresetDetails
from gan_tui.dashboard.widgets.run_list import RunList
from gan_tui.dashboard.widgets.settings_form import SettingsForm
from gan_tui.run import documents
from gan_tui.run.folder import RunFolder
from gan_tui.run.maker import Maker, maker_of
from gan_tui.run.summaries import RunSummary

if TYPE_CHECKING:  # it brings numpy
    from gan_tui.dashboard.widgets.run_card import RunCard


class ShowsRuns(Screen[None]):
    """The part of a screen that lists runs beside presets. What a run was made by is read when it is chosen."""

    _runs: RunList
    _details: PresetDetails
    _form: SettingsForm
    _place: MenuPlace
    _entries: Entries
    _card: "RunCard | None" = None
    """Made once a run is chosen."""
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
        """What is chosen: a run with what it came to, or else the preset."""
        run = self._chosen_run
        if run is None:
            if self._card is None or self.focused not in list(self._card.query("*")):
                self._show_preset_again()
        elif self._read[0] != run.folder.path:
            self._look_into(run)
        else:
            self._show_card()

    @work(thread=True, exclusive=True, group="run details", exit_on_error=False)
    def _look_into(self, run: RunSummary) -> None:
        from gan_tui.dashboard.widgets import run_card  # noqa: F401  # numpy loads here, and nobody waits for it

        document = {} if run.is_log else documents.written(run.folder.preset_file)
        self.app.call_from_thread(self._show_run, run, document)

    def _show_run(self, run: RunSummary, document: Mapping[str, Any]) -> None:
        self._read = run.folder.path, Maker.LOGGER if run.is_log else maker_of("", document)
        chosen = self._chosen_run
        if self._details.is_attached and chosen is not None and chosen.folder.path == run.folder.path:
            self._show_card()
            self.refresh_bindings()

    def _show_card(self) -> None:
        from gan_tui.dashboard.listed.rows import row_of
        from gan_tui.dashboard.widgets.run_card import RunCard

        if self._card is None:
            self._card = RunCard()
            self.query_one("#chosen").mount(self._card)
        self._details.display = self._form.display = False
        self._card.display = True
        listed = self._runs.chosen_row
        if listed:
            self._card.show(row_of(listed, self._card.app.terminal))

    def _show_preset_again(self) -> None:
        self._read = "", Maker.TRAINER
        if self._card:
            self._card.show(None)
            self._card.display = False
        self._details.display = self._form.display = True

    # The list over the whole screen ----------------------------------------------------------

    def show_list(self, filtering: bool = False) -> None:
        """All runs, over the menu, which stays as it is."""
        from gan_tui.dashboard.screens.runs import RunsScreen  # numpy loads here, not with the menu

        self.app.push_screen(RunsScreen(self._entries, self._place.look, filtering=filtering))

    def action_list(self) -> None:
        self.show_list()

    def action_filter(self) -> None:
        self.show_list(filtering=True)

    def begin_to_look(self, seconds: float) -> None:
        """At the runs, again and again; where the list over the whole screen was left for one of them, it opens."""
        self.call_after_refresh(self._runs.look)
        self.set_interval(seconds, self.look_at_runs)
        if self._place.look.is_open:
            self.call_after_refresh(self.action_list)

    def look_at_runs(self) -> None:
        """Unless another screen lies over them; once that has gone, they are looked at."""
        if self.is_current or not self._runs.is_read:
            self._runs.look()

    def on_screen_resume(self) -> None:
        if self._runs.is_read:
            self._runs.look()
