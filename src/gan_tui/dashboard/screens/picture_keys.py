"""The keys with which a person looks at pictures: views, tiles, pages, ways of drawing them, and their characters."""

from textual import getters, work
from textual.binding import Binding, BindingType
from textual.screen import Screen

from gan_tui.dashboard.screens.choose import ChooseScreen
from gan_tui.dashboard.screens.symbols import SymbolsScreen, why_not_asked
from gan_tui.dashboard.terminal.app import TerminalApp
from gan_tui.dashboard.widgets.refusing import RefusingLines
from gan_tui.dashboard.widgets.side_pane import SidePane

PICTURE_KEYS: list[BindingType] = [
    Binding("p", "turn(1)", "Next view", show=False, tooltip="Show the next view of the networks"),
    Binding("P", "turn(-1)", "Previous view", show=False, tooltip="Show the previous view"),
    Binding("V", "views", "Views", show=False, tooltip="Choose a view from a list"),
    Binding("f", "full", "Full width", show=False, tooltip="Show the right pane at full width, and back"),
    Binding("n", "look('next')", "Next", show=False, tooltip="The next image, or a new latent vector"),
    Binding("b", "look('previous')", "Previous", show=False, tooltip="The previous image"),
    Binding("z", "look('random')", "Random", show=False, tooltip="A random image"),
    Binding(
        "v",
        "switch",
        "Mode",
        show=False,
        tooltip="Class or confidence; real ones beside; own scales; the whole log",
    ),
    Binding("k", "rank", "Rank", show=False, tooltip="Sort feature maps by activity, and back"),
    Binding("pagedown", "page(1)", "More", show=False, key_display="PgDn", tooltip="Show the next tiles"),
    Binding("pageup", "page(-1)", "Before", show=False, key_display="PgUp", tooltip="Show the tiles before"),
    Binding("enter", "enlarge", "Enlarge", show=False, tooltip="Enlarge the chosen tile or chart, and back"),
    Binding("up", "move(0, -1)", "Up", show=False, tooltip="Choose a tile or a chart, or move the cursor"),
    Binding("down", "move(0, 1)", "Down", show=False, tooltip="Choose a tile or a chart, or move the cursor"),
    Binding("left", "move(-1, 0)", "Left", show=False, tooltip="Choose a tile or a chart, or move the cursor"),
    Binding("right", "move(1, 0)", "Right", show=False, tooltip="Choose a tile or a chart, or move the cursor"),
    Binding("S", "symbols", "Symbols", show=False, tooltip="Choose what pictures are drawn with: pixels or characters"),
]


class LooksAtPictures(Screen[None]):
    """The actions of a screen that has a pane of pictures."""

    app = getters.app(TerminalApp)
    _side: SidePane
    _status: RefusingLines

    def action_turn(self, places: int) -> None:
        self._side.turn_to("picture")
        self._side.picture_pane.turn(places)

    @work
    async def action_views(self) -> None:
        pane = self._side.picture_pane
        names, chosen = pane.views
        if len(names) < 2:
            self._status.refuse("V does nothing now: there are no other views")
            return
        answer = await ChooseScreen("Views", names, chosen).answer(self)
        if answer is not None and answer >= 0:
            self._side.turn_to("picture")
            pane.turn(answer - pane.views[1])

    def action_switch(self) -> None:
        if not self._side.switch():
            self._status.refuse("v does nothing now: what is on show is drawn in one way only")

    def action_rank(self) -> None:
        if not self._side.in_view(lambda view: view.rank()):
            self._status.refuse("k does nothing now: no feature maps are on show")

    def action_page(self, pages: int) -> None:
        if not self._side.in_view(lambda view: view.page(pages)):
            key, what = ("PgDn", "no more tiles") if pages > 0 else ("PgUp", "no tiles before")
            self._status.refuse(f"{key} does nothing now: there are {what}")

    @work
    async def action_symbols(self) -> None:
        if why := why_not_asked(self.app.terminal):
            self._status.refuse(f"S does nothing now: {why}")
        elif answer := await self.app.push_screen_wait(SymbolsScreen(self.app.has_pixels)):
            self.app.draw_in(answer)
