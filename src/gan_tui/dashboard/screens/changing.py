"""What a person may change of a preset before it is started: all its settings, or a copy of it in an editor."""

from textual import work

from gan_tui import presets
from gan_tui.dashboard.menu_place import MenuPlace
from gan_tui.dashboard.terminal.lending import LendsTerminal
from gan_tui.dashboard.terminal.window_screen import WindowScreen
from gan_tui.dashboard.widgets.preset_list import PresetList
from gan_tui.dashboard.widgets.settings_form import SettingsForm
from gan_tui.errors import UserError
from gan_tui.presets import Preset


class ChangesPresets(WindowScreen[None]):
    """The actions of a screen that lists presets. What they need is loaded when one is chosen."""

    _place: MenuPlace
    _presets: PresetList
    _form: SettingsForm

    def action_all_settings(self) -> None:
        from gan_tui.dashboard.screens.settings import SettingsScreen

        preset = self._presets.chosen
        if preset:
            self.app.push_screen(SettingsScreen(preset, self._place, lambda: self._form.show(preset)))

    def action_copy(self) -> None:
        listed, preset = self._presets.chosen, self._form.preset
        if listed is None or preset is None:
            self.notify(f"Not copied: {self._form.problem}.", severity="warning", markup=False)
            return
        assert isinstance(self.app, LendsTerminal)
        self.app.is_lent = True  # from now on: what comes next is typed for the editor
        self._edit(self.app, listed, preset)

    @work
    async def _edit(self, app: LendsTerminal, listed: Preset, preset: Preset) -> None:
        from gan_tui.dashboard import editing

        try:
            name = await editing.edited(self, preset, presets.place_of(listed.name))
        except UserError as error:
            self.notify(str(error), severity="error", markup=False)
        else:
            if name:
                self._show_kept(name)
        finally:
            app.is_lent = False

    def _show_kept(self, name: str) -> None:
        """List a copy that was kept, and choose it."""
        found = presets.every()[0]
        kept = next((each for each in found if each.name == name), None)
        self._presets.show(found, self.has_class("-narrow"), kept)
        self.set_focus(self._presets)
        self.notify(f"Kept as {name}; enter starts it.", markup=False)
