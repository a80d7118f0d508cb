"""A line of text, typed faster than the screen can follow."""

from textual.app import App, ComposeResult
from textual.events import Key

from gan_tui.dashboard.widgets.line_input import LineInput


class Asks(App[None]):
    def compose(self) -> ComposeResult:
        yield LineInput("old name")


async def test_keys_of_one_burst_act_in_their_order() -> None:
    app = Asks()
    async with app.run_test() as pilot:
        for key in ("ctrl+u", "b", "c", "left", "x", "home", "a", "end", "d", "e", "backspace"):
            app.post_message(Key(key, key if len(key) == 1 else None))
        await pilot.pause()
        assert app.query_one(LineInput).value == "abxcd"
