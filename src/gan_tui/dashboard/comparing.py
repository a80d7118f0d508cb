"""The way of the app to comparisons, and back to them from the runs that are opened there."""

from gan_tui.dashboard.navigation import ComesBack, CompareRuns
from gan_tui.dashboard.toasts import Toasts


class Compares(Toasts):
    """Remembers the colours that runs had: each keeps its own as long as the app runs."""

    def __init__(self) -> None:
        super().__init__()
        self._run_colors: dict[str, int] = {}

    def on_compare_runs(self, message: CompareRuns) -> None:
        from gan_tui.run.comparison import MOST_COLORS, colors  # numpy loads here, not before the menu

        folders = list({str(folder.path): folder for folder in message.folders}.values())
        if not 2 <= len(folders) <= MOST_COLORS:
            few, most = len(folders) < 2, f"up to {MOST_COLORS} runs; gan-tui compare takes more of them"
            words = "A comparison is of two runs at least." if few else f"A comparison shows {most}."
            self.notify(words, severity="warning", markup=False)
            return
        from gan_tui.dashboard.screens.compare import CompareScreen

        chosen = colors([str(folder.path) for folder in folders], self._run_colors)
        self._run_colors.update(chosen)
        self.push_screen(CompareScreen(folders, chosen))

    def back_to_comparison(self) -> bool:
        """Go back to the comparison that a person came from; False where there is none."""
        if not any(isinstance(screen, ComesBack) for screen in self.screen_stack):
            return False
        while not isinstance(self.screen, ComesBack):
            self.pop_screen()
        return True
