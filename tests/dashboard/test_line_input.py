"""A line of text, typed faster than the screen can follow."""

import pytest
from textual.app import App, ComposeResult
from textual.events import Key, Paste

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


@pytest.mark.parametrize(
    "pasted",
    [
        r"/photos/my\ photos\ \(1\)", r"/photos/my\ photos\ \(1\) ", "'/photos/my photos (1)'",
        '"/photos/my photos (1)" ', "file:///photos/my%20photos%20(1)", "file://localhost/photos/my%20photos%20(1)\r\n",
        "/photos/my photos (1)\n",
    ],
)  # fmt: skip
async def test_a_file_that_is_dropped_onto_the_terminal_is_its_path(pasted: str) -> None:
    app = Asks()
    async with app.run_test() as pilot:
        app.query_one(LineInput).value = ""
        app.query_one(LineInput).post_message(Paste(pasted))
        await pilot.pause()
        assert app.query_one(LineInput).value == "/photos/my photos (1)"


@pytest.mark.parametrize("pasted", ["it's 5 o'clock", "'quoted' words", r"a\b", "file://elsewhere/photos", "'"])
async def test_other_words_are_pasted_as_they_are(pasted: str) -> None:
    app = Asks()
    async with app.run_test() as pilot:
        app.query_one(LineInput).value = ""
        app.query_one(LineInput).post_message(Paste(pasted))
        await pilot.pause()
        assert app.query_one(LineInput).value == pasted


@pytest.mark.parametrize(
    ("keys", "left"),
    [
        (["alt+backspace"], "old "), (["ctrl+backspace"], "old "), (["ctrl+w"], "old "), (["home", "alt+d"], "name"),
        (["alt+b", "x"], "old xname"), (["home", "alt+f", "x"], "old xname"), (["backspace"], "old nam"),
    ],
)  # fmt: skip
async def test_words_are_gone_over_and_deleted_as_in_a_shell(keys: list[str], left: str) -> None:
    app = Asks()
    async with app.run_test() as pilot:
        for key in ("end", *keys):
            app.post_message(Key(key, key[-1] if len(key) == 1 or key[:-1] == "alt+" else None))
        await pilot.pause()
        assert app.query_one(LineInput).value == left


async def test_of_lines_that_are_pasted_none_is_lost() -> None:
    app = Asks()
    async with app.run_test() as pilot:
        app.query_one(LineInput).value = ""
        app.query_one(LineInput).post_message(Paste("less noise\r\n  from here\n\nto there\n"))
        await pilot.pause()
        assert app.query_one(LineInput).value == "less noise from here to there"
