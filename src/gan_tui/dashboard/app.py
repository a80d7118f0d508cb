"""The app: owns the two screens, the theme, and what every screen can do."""

import asyncio
import os
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar

from rich.console import RenderableType
from rich.text import Text
from textual._compositor import CompositorUpdate
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.filter import ANSIToTruecolor, LineFilter
from textual.screen import Screen

from gan_tui.dashboard.screens.too_small import TooSmallScreen
from gan_tui.dashboard.terminal.detected import detect
from gan_tui.dashboard.terminal.driver import TerminalDriver
from gan_tui.dashboard.terminal.rescue import ENDING
from gan_tui.dashboard.themes import DARK, LIGHT
from gan_tui.run.event_log import EventReader
from gan_tui.run.folder import RunFolder
from gan_tui.system.terminal import fits
from gan_tui.text import harmless

MOVING_SECONDS = 0.1
"""Between two sizes of a window that is being drawn larger or smaller by hand."""


class GanTui(App[None]):
    """The menu, or one run's training screen over it."""

    TITLE = "gan-tui"
    CSS_PATH = "gan_tui.tcss"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "toggle_theme", "Theme", show=False, tooltip="Dark or light"),
        Binding("q", "leave", "Leave", tooltip="Leave gan-tui; training goes on in the background"),
        Binding("ctrl+p", "command_palette", "Commands", show=False, tooltip="Every action, to search by name"),
        Binding("ctrl+l", "redraw", "Redraw", show=False, priority=True, tooltip="Draw the whole screen again"),
        Binding(
            "ctrl+z",
            "suspend_process",
            "Suspend",
            show=False,
            priority=True,
            tooltip="Back to the shell; fg comes back",
        ),
    ]

    def __init__(self, runs: Path, folder: RunFolder | None = None, reader: EventReader | None = None) -> None:
        """The menu on a folder of runs, or one of its runs, whose log `reader` may be reading already."""
        self.terminal = TerminalDriver.terminal = detect(os.environ, sys.stdout.encoding or "ascii")
        os.environ.pop("NO_COLOR", None)  # Textual would turn colours into greys; the driver leaves them out
        super().__init__(driver_class=TerminalDriver)
        self.animation_level = "none"  # what moves costs bytes on every link
        self.runs_folder, self._first_run, self._reader = runs, folder, reader
        self._resized_at = 0.0
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

        for number in ENDING:
            asyncio.get_running_loop().add_signal_handler(number, self.exit, None, 128 + number)
        threading.excepthook = lambda raised: self._from_thread(raised.exc_value)

    # The terminal ----------------------------------------------------------

    @property
    def _terminal_driver(self) -> TerminalDriver | None:
        return self._driver if isinstance(self._driver, TerminalDriver) else None

    @property
    def is_behind(self) -> bool:
        """Whether the link is so slow that the terminal does not show yet what it should."""
        driver = self._terminal_driver
        return driver is not None and driver.is_behind

    def _display(self, screen: Screen[None], renderable: RenderableType | None) -> None:
        """Show what was drawn: the driver finds out what of it is new."""
        driver = self._terminal_driver
        if driver is None or not isinstance(renderable, CompositorUpdate):
            super()._display(screen, renderable)
            return
        if self._running and not self._closed and not self._batch_count:
            try:
                if not driver.show(renderable, self.size):
                    screen.refresh()
            except Exception as error:  # noqa: BLE001 (as Textual's own)
                self._handle_exception(error)
        self.post_display_hook()

    def _set_pointer_shape(self, shape: str) -> None:
        """Leave the mouse pointer as it is: old terminals print the sequence, and every link carries it."""

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's, less the one for the terminal's own colours: nothing here has any, and it remembers each style."""
        return [one for one in super().get_line_filters() if not isinstance(one, ANSIToTruecolor)]

    def action_redraw(self) -> None:
        if driver := self._terminal_driver:
            driver.show_again()

    def _from_thread(self, error: BaseException | None) -> None:
        """A thread of the interface has failed: end it in a sentence rather than show what has stopped moving."""
        if isinstance(error, Exception) and self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._handle_exception, error)

    def _handle_exception(self, error: Exception) -> None:
        if not self._exit:  # what goes wrong while it is being left is no failure
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Say in one sentence that the interface has failed, and what of it."""
        if os.environ.get("GAN_TUI_DEBUG") == "1":
            super()._fatal_error()
            return
        error = self._exception
        words = f"gan-tui: the dashboard failed ({type(error).__name__}: {harmless(str(error), 200)}); "
        words += "trainings go on, and gan-tui attach comes back to them (GAN_TUI_DEBUG=1 shows where it failed)."
        self._exit_renderables.append(Text(words))
        self._close_messages_no_wait()

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

        reader, self._reader = self._reader, None
        return TrainingScreen(folder, reader)

    def _go_to(self, screen: Screen[None]) -> None:
        """Show a screen instead of the present one and of whatever lies over it."""
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.switch_screen(screen)
        self.call_next(self._cover_if_too_small)

    def on_resize(self) -> None:
        self.call_next(self._take_in_size)  # once Textual knows it

    def _take_in_size(self) -> None:
        """Draw for another size at once: Textual waits for more such news, also for the first."""
        self._cover_if_too_small()
        now = time.monotonic()
        if self._resize_timer is not None and now - self._resized_at > MOVING_SECONDS:
            self._check_resize()
        self._resized_at = now

    def _cover_if_too_small(self) -> None:
        """In a window that is too small for a screen, say so instead of drawing what cannot be read."""
        if not self.screen_stack:  # the app is ending
            return
        covered = isinstance(self.screen, TooSmallScreen)
        if covered and fits(*self.size):
            self.pop_screen()
        elif not covered and not fits(*self.size):
            self.push_screen(TooSmallScreen())

    # Actions ----------------------------------------------------------

    def action_command_palette(self) -> None:
        from gan_tui.dashboard.screens.palette import ActionPalette

        if not ActionPalette.is_open(self):  # type: ignore[arg-type]
            self.push_screen(ActionPalette(id="--command-palette"))

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
        if driver := self._terminal_driver:
            driver.follow_theme()
        if not (self.is_running and self.screen_stack):
            return
        from gan_tui.dashboard.widgets.cells_view import CellsView  # brings numpy, which the menu paints without

        for screen in self.screen_stack:  # those beneath are seen again as they were painted
            for view in screen.query(CellsView):
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
