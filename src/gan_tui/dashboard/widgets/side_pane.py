"""What is beside the charts: the picture, the layers, the log or the workers of a run, each on a tab."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import ContentSwitcher

from gan_tui.dashboard import kept_choices
from gan_tui.dashboard.views.base import View
from gan_tui.dashboard.widgets.layers_pane import LayersPane
from gan_tui.dashboard.widgets.log_tail import LogTail
from gan_tui.dashboard.widgets.picture import PicturePane
from gan_tui.dashboard.widgets.tab_bar import TabBar
from gan_tui.dashboard.widgets.workers_pane import WorkersPane
from gan_tui.run.folder import RunFolder
from gan_tui.run.state import RunState

_ALWAYS, WORKERS = ("picture", "layers", "log"), "workers"


class SidePane(Vertical):
    """Panes, one of which is on show; the others wait until they are turned to.

    That of the workers has a tab where several take the steps of a run.
    """

    def __init__(self, folder: RunFolder) -> None:
        super().__init__(id="side")
        self.picture_pane, self.layers_pane, self._log = PicturePane(folder), LayersPane(), LogTail(folder)
        self._panes: dict[str, PicturePane | LayersPane | LogTail | WorkersPane] = {
            "picture": self.picture_pane,
            "layers": self.layers_pane,
            "log": self._log,
            WORKERS: WorkersPane(),
        }
        self._tabs = TabBar(_ALWAYS, kept_choices.chosen("pane", "picture"))
        self._state = RunState()

    def compose(self) -> ComposeResult:
        yield self._tabs
        with ContentSwitcher(initial=self._tabs.current):
            for name, pane in self._panes.items():
                with Vertical(id=name):
                    yield pane

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it is gone yet."""
        return all(pane.is_attached for pane in self._panes.values())

    def show(self, state: RunState) -> None:
        """Bring the pane on show up to date."""
        self._state = state
        has_workers = bool(state.workers) or self._tabs.current == WORKERS  # which are not known yet at a new start
        self._tabs.offer((*_ALWAYS, WORKERS) if has_workers else _ALWAYS)
        self._show_pane()

    def turn_to(self, name: str) -> None:
        """Put another pane on show, with its keys; it is the one that runs are opened with from now on."""
        if name != WORKERS:  # which few runs have
            kept_choices.keep("pane", name)
        self.query_one(ContentSwitcher).current = name
        self._tabs.current = name
        self._panes[name].focus()
        self.call_after_refresh(self._turned)

    def _show_pane(self) -> None:
        if self.is_whole:
            self._panes[self._tabs.current].show(self._state)

    def _turned(self) -> None:
        if self.is_whole:
            self._show_pane()
            self.screen.refresh_bindings()

    def on_tab_bar_chosen(self, message: TabBar.Chosen) -> None:
        self.turn_to(message.name)

    @property
    def is_nested(self) -> bool:
        """Whether the view of the networks that is on show has something to go back from."""
        view = self.picture_pane.view if self.picture_pane.region else None
        return view is not None and view.is_nested

    def switch(self) -> bool:
        """What is on show, in its other way; False where it has none."""
        if self._tabs.current == "log":
            self._log.unfold()
            return True
        return self.in_view(lambda view: view.switch())

    def in_view(self, change: Callable[[View], bool]) -> bool:
        """Have a person's choice change the view of the networks that is on show; False where it changes nothing."""
        pane = self.picture_pane
        changed = bool(pane.region and pane.view and change(pane.view))
        if changed:
            pane.show_choice()
        return changed
