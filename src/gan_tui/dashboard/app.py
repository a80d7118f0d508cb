"""The app: owns the two screens, the theme, and what every screen can do."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from gan_tui.dashboard.themes import DARK, LIGHT
from gan_tui.drawing.terminal import detect
from gan_tui.run_folder import RunFolder


class GanTui(App[None]):
    """The menu, or one run's training screen over it."""

    TITLE = "gan-tui"
    CSS_PATH = "gan_tui.tcss"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "toggle_theme", "Theme", show=False, tooltip="Dark or light"),
        Binding("q", "leave", "Leave", tooltip="Leave gan-tui; training goes on in the background"),
        Binding("ctrl+p", "command_palette", "Commands", show=False, tooltip="Every action, to search by name"),
    ]

    def __init__(self, runs: Path, folder: RunFolder | None = None) -> None:
        super().__init__()
        self.animation_level = "none"  # what moves costs bytes on every link
        self.runs_folder, self._first_run = runs, folder
        self.terminal = detect(os.environ, sys.stdout.encoding or "ascii")
        self.parting_words = ""
        """Printed once the terminal is its own again."""
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name

    def get_default_screen(self) -> Screen[None]:
        """The first screen, painted once: no empty one comes before it."""
        return self._run_screen(self._first_run) if self._first_run else self._menu_screen()

    def on_mount(self) -> None:
        self.screen._push_result_callback(self.screen, None)  # Textual pops one when it switches, but pushes none here

    # Screens ----------------------------------------------------------

    def show_menu(self) -> None:
        self._go_to(self._menu_screen())

    def show_run(self, folder: RunFolder) -> None:
        self._go_to(self._run_screen(folder))

    def _menu_screen(self) -> Screen[None]:
        from gan_tui.dashboard.screens.menu import MenuScreen

        return MenuScreen(self.runs_folder)

    def _run_screen(self, folder: RunFolder) -> Screen[None]:
        from gan_tui.dashboard.screens.training import TrainingScreen  # numpy loads here, not before the menu

        return TrainingScreen(folder)

    def _go_to(self, screen: Screen[None]) -> None:
        """Show a screen instead of the present one and of whatever lies over it."""
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.switch_screen(screen)

    # Actions ----------------------------------------------------------

    def action_leave(self) -> None:
        folder = getattr(self.screen, "folder", None)
        if isinstance(folder, RunFolder) and folder.is_alive():
            name = folder.name
            self.parting_words = (
                f"{name} goes on in the background: gan-tui attach {name} comes back, gan-tui stop {name} ends it."
            )
        self.exit()

    def action_toggle_theme(self) -> None:
        self.theme = LIGHT.name if self.current_theme.dark else DARK.name

    def watch_theme(self, theme: str) -> None:
        """Paint drawn cells in the colours of another theme."""
        if not (self.is_running and self.screen_stack):
            return
        from gan_tui.dashboard.widgets.cells_view import CellsView  # brings numpy, which the menu paints without

        for view in self.screen.query(CellsView):
            view.call_after_refresh(view.repaint)

    def keys_of(self, screen: Screen[None]) -> list[Binding]:
        """Every key of a screen and of the app, for the help page and the palette."""
        return [binding for binding in (*screen.BINDINGS, *self.BINDINGS) if isinstance(binding, Binding)]

    def get_system_commands(self, screen: Screen[None]) -> Iterable[SystemCommand]:
        """The palette: every action of the screen on show."""
        for binding in self.keys_of(screen):
            action = binding.action
            title = (binding.tooltip or binding.description).split(";")[0]
            key = self.get_key_display(binding)
            yield SystemCommand(
                title, f"{binding.description} · key {key}", lambda action=action: self._run_on(screen, action)
            )

    async def _run_on(self, screen: Screen[None], action: str) -> None:
        await self.run_action(
            action,
            screen if not action.startswith("app.") and hasattr(screen, f"action_{action.split('(')[0]}") else self,
        )
