"""The app: owns the two screens, the theme, and what every screen can do."""

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from textual.actions import parse
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from gan_tui import presets
from gan_tui.dashboard import kept_choices, kept_place, own_keys
from gan_tui.dashboard.actions import keys_of
from gan_tui.dashboard.key_check import Screens
from gan_tui.dashboard.looks import looked_at
from gan_tui.dashboard.menu_place import MenuPlace
from gan_tui.dashboard.navigation import HoldsWork, ShowRun
from gan_tui.dashboard.screens.confirm import DiscardScreen
from gan_tui.dashboard.screens.too_small import TooSmallScreen
from gan_tui.dashboard.themed import Themed
from gan_tui.dashboard.to_sweeps import ShowsSweeps
from gan_tui.errors import UserError
from gan_tui.run.folder import RunFolder
from gan_tui.run.reader import Reader
from gan_tui.system import config, kept_answers
from gan_tui.system.terminal import fits
from gan_tui.text import harmless

WORDS_SECONDS = 5.0
"""How long a word about keys stays, and is not said again."""


_KEYS = own_keys.named(
    [
        Binding(
            "t", "toggle_theme", "Theme", show=False, tooltip="Switch to the next theme: dark, light, high contrast, …"
        ),
        Binding("q", "leave", "Quit", tooltip="Quit gan-tui; training continues in the background"),
        Binding("ctrl+p", "command_palette", "Commands", show=False, tooltip="Search all actions by name"),
        Binding("ctrl+l", "redraw", "Redraw", show=False, priority=True, tooltip="Redraw the whole screen"),
        Binding(
            "ctrl+z",
            "suspend_process",
            "Suspend",
            show=False,
            priority=True,
            tooltip="Suspend to the shell; fg returns",
        ),
    ]
)


class GanTui(ShowsSweeps, Themed):
    """The menu, or one run's training screen over it."""

    TITLE = "gan-tui"
    CSS_PATH = "gan_tui.tcss"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = _KEYS

    def __init__(
        self, runs: Path, folder: RunFolder | None = None, reader: Reader | None = None, place: MenuPlace | None = None
    ) -> None:
        """The menu on a folder of runs, or one of its runs, whose log `reader` may be reading already."""
        kept_choices.begin(self)
        super().__init__()
        self.runs_folder, self._first_run, self._reader = runs, folder, reader
        self._place = place or MenuPlace(run=folder.path if folder else None)
        self.parting_words = ""
        """Printed once the terminal is its own again."""
        self._told_at = -WORDS_SECONDS
        keymap, wrong = own_keys.begin(self.keys_by_screen)
        self.set_keymap(keymap)
        self._wrong = [*config.problems(), *wrong]
        """What of config.toml is not as it should be."""

    def on_mount(self) -> None:
        self.screen_change_signal.subscribe(self, lambda _: self.call_next(self._cover_if_too_small))
        if self._wrong:
            more = f" ({len(self._wrong) - 1} more: gan-tui config --print says them.)" if self._wrong[1:] else ""
            self.notify(self._wrong[0] + more, severity="warning", markup=False, timeout=15)
        for words in kept_answers.problems():
            self.notify(words, severity="warning", markup=False, timeout=15)

    @classmethod
    def keys_by_screen(cls) -> Screens:
        """All keys that a person may have others for."""
        from gan_tui.dashboard.screens import compare_keys, runs, sweep
        from gan_tui.dashboard.screens.menu import MenuScreen
        from gan_tui.dashboard.screens.settings import SettingsScreen
        from gan_tui.dashboard.screens.training_keys import KEYS

        lists = {
            "in the menu": MenuScreen.BINDINGS, "on a run": KEYS, "among all settings": SettingsScreen.BINDINGS,
            "in the list of runs": runs.KEYS, "in a comparison": compare_keys.KEYS, "on a sweep": sweep.KEYS,
        }  # fmt: skip
        return {
            where: [key for key in (*keys, *cls.BINDINGS) if isinstance(key, Binding)] for where, keys in lists.items()
        }

    def get_default_screen(self) -> Screen[None]:
        """The first screen, painted once: no empty one comes before it."""
        first = self._run_screen(self._first_run) if self._first_run else self.first_sweep_screen()
        return first or self.menu_screen()

    def failure(self, error: BaseException | None) -> str:
        return f"gan-tui: {_in_words(error)}."

    def letter_unknown(self) -> None:
        self._say_of_keys("Keys are Latin letters: switch the keyboard to a Latin layout.")

    def no_shell(self) -> None:
        self._say_of_keys("There is no shell to go back to here; q quits, and training continues in the background.")

    def _say_of_keys(self, words: str) -> None:
        now = time.monotonic()
        if now - self._told_at > WORDS_SECONDS:
            self._told_at = now
            self.notify(words, severity="warning", markup=False)

    # Screens ----------------------------------------------------------

    def on_show_menu(self) -> None:
        if self.back_to_comparison():
            return
        if self._first_run and self._place.preset is None:
            with suppress(UserError):  # then the first choice is as good
                self._place.preset = presets.of_run(self._first_run)
        self._go_to(self.menu_screen())

    def on_show_run(self, message: ShowRun) -> None:
        self._place.run = message.folder.path
        self._go_to(self._run_screen(message.folder))

    def menu_screen(self) -> Screen[None]:
        from gan_tui.dashboard.screens.menu import MenuScreen

        return MenuScreen(self.runs_folder, self._place)

    def _run_screen(self, folder: RunFolder) -> Screen[None]:
        from gan_tui.dashboard.screens.training import TrainingScreen  # numpy loads here, not before the menu

        reader, self._reader = self._reader, None
        return TrainingScreen(folder, self.runs_folder, reader)

    def _go_to(self, screen: Screen[None]) -> None:
        """Show a screen instead of the present one and of whatever lies over it."""
        if not self.screen_stack:  # the app is ending
            return
        if self.back_to_comparison():  # where runs are opened over it
            self.push_screen(screen)
            return
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.switch_screen(screen)

    def window_changed(self) -> None:
        super().window_changed()
        self._cover_if_too_small()

    def _cover_if_too_small(self) -> None:
        """In a window that is too small for a screen, say so instead of drawing what cannot be read.

        Another screen may have come over what says so, and is covered in its turn.
        """
        if not self.screen_stack:  # the app is ending
            return
        covered = isinstance(self.screen, TooSmallScreen)
        if covered and fits(*self.size):
            self.pop_screen()
        elif not covered and not fits(*self.size):
            self.push_screen(TooSmallScreen(self._asks))

    @property
    def _asks(self) -> bool:
        """Whether it waits for the answer to what may be lost."""
        return any(isinstance(screen, DiscardScreen) for screen in self.screen_stack)

    # Actions ----------------------------------------------------------

    def action_command_palette(self) -> None:
        from gan_tui.dashboard.terminal.palette import ActionPalette

        if not ActionPalette.is_open(self):  # type: ignore[arg-type]
            self.push_screen(ActionPalette(id="--command-palette"))

    def action_leave(self) -> None:
        if self._asks:
            return
        letting = (screen.let_go for screen in reversed(self.screen_stack) if isinstance(screen, HoldsWork))
        let_go = next(letting, lambda go: go())
        let_go(lambda: self._let_go(self._leave))

    def action_quit(self) -> None:  # type: ignore[override]  # Textual's own, on ctrl+q
        self.action_leave()

    def _let_go(self, leave: Callable[[], None]) -> None:
        """Leave, unless that loses what was painted in the menu, and is not to be lost."""
        if self.keep_place() or self._place.painting.is_kept:
            leave()
            return
        count = self._place.painting.count
        question = f"You painted {count} that nothing has kept (w shows them in the menu, on plane)."
        DiscardScreen.ask_before(leave, f"{question} Quit, and lose them?", self)

    def keep_place(self) -> bool:
        """Keep where the menu is, for the next time; says whether what was painted is kept with it."""
        return looked_at(lambda: kept_place.keep(self._place), False)

    def _leave(self) -> None:
        folders = (getattr(screen, "folder", None) for screen in reversed(self.screen_stack))
        folder = next((found for found in folders if isinstance(found, RunFolder)), None)
        if folder and looked_at(folder.is_alive, bool(getattr(self.screen, "alive", False))):
            name, word = folder.name, folder.word
            state = getattr(self.screen, "state", None)
            ends = f", gan-tui stop {word} ends it" if state is None or state.obeys("stop") else ""
            how = "goes on" if state and state.is_of_others else "continues in the background"
            self.parting_words = f"{name} {how}: gan-tui attach {word} reopens it{ends}."
        self.exit()

    def action_redraw(self) -> None:
        self.show_again()

    def paint_again(self) -> None:
        from gan_tui.dashboard.widgets.cells_view import CellsView  # brings numpy, which the menu paints without

        for screen in self.screen_stack:  # those beneath are seen again as they were painted
            for view in screen.query(CellsView):
                view.call_after_refresh(view.repaint)

    def get_system_commands(self, screen: Screen[None]) -> Iterable[SystemCommand]:
        """The palette: every action of the screen on show that does something now."""
        for binding in keys_of(screen):
            action = binding.action
            _, name, parameters = parse(action)
            if not self._owner(screen, action).check_action(name, parameters):
                continue
            title = (binding.tooltip or binding.description).split(";")[0]
            key = self.get_key_display(binding)
            yield SystemCommand(
                title, f"{binding.description} · key {key}", lambda action=action: self._run_on(screen, action)
            )

        yield from self.theme_commands()

    async def _run_on(self, screen: Screen[None], action: str) -> None:
        await self.run_action(action, self._owner(screen, action))

    def _owner(self, screen: Screen[None], action: str) -> "Screen[None] | GanTui":
        """Whose an action is: the screen's or the app's."""
        its_own = not action.startswith("app.") and hasattr(screen, f"action_{action.split('(')[0]}")
        return screen if its_own else self


def _in_words(error: BaseException | None) -> str:
    """What has ended the dashboard, and what of it."""
    goes_on = "training continues, and gan-tui attach reopens it"
    if isinstance(error, ImportError):  # what is loaded when it is first needed was there at the start
        return f"its files were replaced or removed while it was open; {goes_on}"
    what = f"{type(error).__name__}: {harmless(str(error), 200)}"
    return f"the dashboard failed ({what}); {goes_on} (GAN_TUI_DEBUG=1 shows the traceback)"
