"""The way of the app to a sweep's screen, and back from it."""

from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from gan_tui.dashboard.comparing import Compares
from gan_tui.dashboard.navigation import ShowSweep

if TYPE_CHECKING:  # not with the menu, which lists runs alone
    from gan_tui.sweep.folder import SweepFolder


class ShowsSweeps(Compares):
    """Lays a sweep over whatever is on show."""

    first_sweep: "SweepFolder | None" = None
    """That it begins with, if any."""

    def menu_screen(self) -> Screen[Any]:
        """What lies below all else."""
        raise NotImplementedError

    def on_show_sweep(self, message: ShowSweep) -> None:
        self.push_screen(self.sweep_screen(message.folder))

    def on_leave_sweep(self) -> None:
        if len(self.screen_stack) > 1:
            self.pop_screen()
        else:
            self.switch_screen(self.menu_screen())

    def first_sweep_screen(self) -> Screen[None] | None:
        """That of the sweep it begins with, if any."""
        return self.sweep_screen(self.first_sweep) if self.first_sweep else None

    @staticmethod
    def sweep_screen(folder: "SweepFolder") -> Screen[None]:
        from gan_tui.dashboard.screens.sweep import SweepScreen  # numpy loads here, not before the menu

        return SweepScreen(folder)
