"""The app's theme: the one that is written or was chosen, or that goes with the terminal's background; and others."""

import os
from collections.abc import Iterable
from functools import partial

from textual.app import SystemCommand

from gan_tui.dashboard import all_themes, kept_theme
from gan_tui.dashboard.terminal.keys import BackgroundKnown
from gan_tui.dashboard.toasts import Toasts
from gan_tui.system.terminal import seems_light


class Themed(Toasts):
    """What is told is told in these colours, too."""

    def __init__(self) -> None:
        super().__init__()
        self._themes = [*all_themes.bundled(), *all_themes.own()]
        for theme in self._themes:
            self.register_theme(theme)
        self._theme_chosen = bool(kept_theme.written())
        self._on_light = seems_light(os.environ)
        """Whether the terminal's background is light, as far as is known."""
        self.theme = kept_theme.theme_on(self._on_light)

    def on_background_known(self, message: BackgroundKnown) -> None:
        self._on_light = message.is_light
        if not self._theme_chosen:
            self.theme = kept_theme.theme_on(self._on_light)

    def action_toggle_theme(self) -> None:
        """The next one, round and round."""
        names = all_themes.order(self._themes, self._on_light)
        self.choose_theme(names[(names.index(self.theme) + 1) % len(names)])

    def choose_theme(self, name: str) -> None:
        """Have a theme from now on, and the next time on such a background."""
        self._theme_chosen = True
        self.theme = name
        self.run_worker(self._keep_theme, thread=True, group="theme", exit_on_error=False)

    def _keep_theme(self) -> None:
        with self.saying_what_is_not_kept("The theme"):
            kept_theme.keep(self.theme, self._on_light)

    def theme_commands(self) -> Iterable[SystemCommand]:
        """For the palette: each theme by its name."""
        for theme in self._themes:
            about = "has light letters on a dark ground" if theme.dark else "has dark letters on a light ground"
            now = "; it is the present one" if theme.name == self.theme else ""
            yield SystemCommand(f"Theme {theme.name}", f"{about}{now}", partial(self.choose_theme, theme.name))

    def watch_theme(self, theme: str) -> None:
        """Paint drawn cells in the colours of another theme."""
        self.follow_theme()
        if self.is_running and self.screen_stack:
            self.paint_again()
