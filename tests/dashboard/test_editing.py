"""A copy of a preset in an editor, checked on return: kept, left as a draft, or thrown away.

What an editor may leave is tried in tests/presets/test_drafts.py, a terminal in tests/terminal/test_editor.py.
"""

import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from gan_tui import presets
from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.screens.check import CheckScreen, NameScreen
from gan_tui.dashboard.screens.confirm import ConfirmScreen
from gan_tui.dashboard.screens.menu import MenuScreen
from gan_tui.dashboard.widgets.preset_list import PresetList
from gan_tui.supervision import launching
from on_screen import LOW, press, running, screen_text, seen, soon, words_of

GAN = (presets.bundled_folder() / "gan.toml").read_text()


@dataclass
class Opened:
    """One app for all, on `gan`, and a person's presets, among which each test has none when it begins."""

    pilot: Pilot
    own: Path

    @property
    def draft(self) -> Path:
        return self.own / "drafts" / "gan.toml"


@pytest.fixture(scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Opened]:
    own = tmp_path_factory.mktemp("presets")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GAN_TUI_PRESETS", str(own))
        environment.delenv("VISUAL", raising=False)
        environment.setattr(launching, "spawn", lambda *_: pytest.fail("nothing here is to be trained"))
        async with running(GanTui(tmp_path_factory.mktemp("menu") / "runs"), notifications=True) as pilot:
            await seen(pilot, "7,800 steps")
            yield Opened(pilot, own)


@pytest.fixture
def menu(opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    monkeypatch.setenv("GAN_TUI_PRESETS", str(opened.own))
    opened.pilot.app.clear_notifications()
    return opened


def edits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str) -> None:
    """Have an editor that does this to the file $1."""
    editor = tmp_path / "my editor"
    editor.write_text(f"#!/bin/sh\n{script}\n")
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", f"'{editor}'")


async def told(menu: Opened, sentence: str) -> None:
    await soon(lambda: any(said.message.startswith(sentence) for said in menu.pilot.app._notifications))


async def back_in_the_menu(menu: Opened) -> None:
    await soon(lambda: isinstance(menu.pilot.app.screen, MenuScreen))


@pytest.mark.slow
async def test_a_mistake_is_shown_at_its_line_left_as_a_draft_and_thrown_away_after_a_question(
    menu: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pilot = menu.pilot
    edits(monkeypatch, tmp_path, """sed -i 's/^batch_size = .*/batch_size = 0/' "$1"; exit 1""")
    press(pilot, "E")
    number = GAN.splitlines().index("batch_size = 128") + 1
    problem = "settings: batch_size must be a whole number from 1 to 1,000,000, not 0."
    await seen(pilot, rf"The editor ended with code 1\. Line {number}: {problem}")
    await seen(pilot, rf"{number} batch_size = 0 .*\n.* ↑ {problem}")
    press(pilot, "enter")
    await pilot.pause()
    assert isinstance(pilot.app.screen, CheckScreen), "what is wrong cannot be kept"
    press(pilot, "escape")
    await told(menu, f"The draft lies in {menu.draft}; E opens it again.")
    edits(monkeypatch, tmp_path, "kill -9 $$")
    press(pilot, "E")
    await seen(pilot, rf"The editor was ended by signal 9\. Line {number}: ")
    await told(menu, "This is the draft that you left.")
    press(pilot, "x")
    await soon(lambda: isinstance(pilot.app.screen, ConfirmScreen))
    press(pilot, "y")
    await back_in_the_menu(menu)
    assert not list(menu.own.iterdir())


ENDS = {
    "nothing": ("true", "Nothing was changed, so no copy is kept. An editor with a window of its own must wait: "),
    "killed": ("kill -9 $$", "The editor was ended by signal 9 and changed nothing, so no copy is kept."),
    "no program": ("", "The editor "),
}


@pytest.mark.parametrize(("script", "sentence"), ENDS.values(), ids=ENDS)
async def test_an_unchanged_copy_is_not_kept(
    script: str, sentence: str, menu: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edits(monkeypatch, tmp_path, script)
    if not script:
        (tmp_path / "my editor").write_bytes(b"\x7fELF")
    press(menu.pilot, "E")
    await told(menu, sentence)
    assert isinstance(menu.pilot.app.screen, MenuScreen) and not list(menu.own.rglob("*.toml"))


async def test_what_is_wrong_in_the_menu_is_not_copied(menu: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    press(menu.pilot, "e", "x", "escape", "E")
    await told(menu, "Not copied: epochs must be a whole number")


@pytest.mark.slow
async def test_a_right_copy_is_shown_with_its_networks_and_kept_by_a_name(
    menu: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pilot = menu.pilot
    edits(monkeypatch, tmp_path, """sed -i 's/units = 512/units = 300/' "$1"; echo '# mine' >> "$1" """)
    press(pilot, "e", "9", "escape", "E")  # with what was typed in the menu
    await seen(pilot, "It is right: 351 steps, 39 per epoch; 5,000 examples; enter keeps it among your presets.")
    await seen(pilot, "Dense 300")
    await pilot.resize_terminal(*LOW)
    await soon(
        lambda: all(word in screen_text(pilot) for word in ("Keep", "Edit again", "Leave as draft", "generator"))
    )
    press(pilot, "enter")
    for name, why in (("xor", "There is a preset xor already; choose another name, such as my-xor."),
                      ("My", 'is not a valid preset name: it has "M"')):  # fmt: skip
        await soon(lambda: isinstance(pilot.app.screen, NameScreen) and pilot.app.screen.query("Input:focus"))
        pilot.app.screen.query_one(Input).value = name
        press(pilot, "enter")
        await soon(lambda why=why: why in words_of(pilot, "#problem"))
    pilot.app.screen.query_one(Input).value = "mine"
    press(pilot, "enter")
    await back_in_the_menu(menu)
    listed = pilot.app.screen.query_one(PresetList)
    await soon(lambda: listed.chosen and listed.chosen.name == "mine")
    (kept,) = menu.own.iterdir()
    text = GAN.replace("units = 512", "units = 300").replace("epochs = 200", "epochs = 9")
    assert (kept.name, kept.read_text()) == ("mine.toml", f"{text}# mine\n")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert (presets.bundled_folder() / "gan.toml").read_text() == GAN
    kept.unlink()
