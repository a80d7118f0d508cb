"""The theme is as it was left, on terminals of that background."""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.terminal.keys import BackgroundKnown
from gan_tui.dashboard.themes import DARK, LIGHT
from gan_tui.system.paths import own_folder
from on_screen import press, running, seen, soon


async def shown(runs: Path, keys: str = "", background: bool | None = None) -> str:
    """The theme, once a background was told and keys were pressed."""
    app = GanTui(runs)
    async with running(app) as pilot:
        await seen(pilot, "q Quit")
        if background is not None:
            app.post_message(BackgroundKnown(background))
            await pilot.pause()
        press(pilot, *keys)
        await pilot.pause()
        await soon(lambda: not app.typed_ahead.is_under_way)
        await app.workers.wait_for_complete()
        return app.theme


@pytest.mark.slow
async def test_the_theme_that_was_chosen_is_there_again_on_such_a_background(runs: Path) -> None:
    assert await shown(runs, "t") == LIGHT.name
    assert await shown(runs) == LIGHT.name
    assert await shown(runs, background=False) == LIGHT.name
    assert await shown(runs, background=True) == LIGHT.name, "it goes with that one"
    assert await shown(runs, "t", background=True) == DARK.name
    assert await shown(runs, background=True) == DARK.name
    assert await shown(runs, "ttttt") == DARK.name, "back to what goes with the background"
    assert await shown(runs) == DARK.name


def no_folder(config: Path) -> None:
    config.parent.mkdir(parents=True)
    config.write_text("")


@pytest.mark.slow
@pytest.mark.parametrize(
    "spoil",
    [
        no_folder,
        *(
            lambda config, text=text: (config.mkdir(parents=True), (config / "theme.json").write_text(text))
            for text in ("", "[" * 400, '{"dark": 7}', '{"dark": "x"}', "x" * 10_000)
        ),
    ],
)
async def test_what_cannot_be_read_or_kept_changes_nothing(spoil: Callable[[Path], object], runs: Path) -> None:
    config = own_folder("config")
    assert config is not None
    spoil(config)
    assert await shown(runs) == DARK.name
    assert await shown(runs, "t") == LIGHT.name
    await soon(lambda: not list(config.parent.glob("*/.theme*")))


def said(pilot: Pilot) -> list[str]:
    return [toast.message for toast in pilot.app._notifications]


@pytest.mark.slow
async def test_a_theme_that_cannot_be_kept_is_said_to_hold_for_this_time(runs: Path) -> None:
    config = own_folder("config")
    assert config is not None
    no_folder(config)
    async with running(GanTui(runs)) as pilot:
        await seen(pilot, "q Quit")
        press(pilot, "t")
        words = f"The theme holds for this time only: it could not be kept in {config} (File exists; "
        await soon(lambda: [text.startswith(words) for text in said(pilot)] == [True])
        press(pilot, "t")  # back to what goes with the background: nothing is to be kept
        await pilot.app.workers.wait_for_complete()
        assert len(said(pilot)) == 1


@pytest.mark.slow
async def test_a_theme_that_has_no_home_names_what_gives_it_one(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gan_tui.system.kept_answers.own_folder", lambda kind: None)
    async with running(GanTui(runs)) as pilot:
        await seen(pilot, "q Quit")
        press(pilot, "t")
        words = "The theme holds for this time only: it could not be kept (there is no home folder; set HOME)."
        await soon(lambda: said(pilot) == [words])
