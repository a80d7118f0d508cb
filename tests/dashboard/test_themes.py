"""Themes: words on each can be read, curves are apart for every eye, and a key and the palette go through them."""

from itertools import combinations
from pathlib import Path

import pytest
from textual.theme import Theme

from colour_blindness import EYES, apart, contrast
from gan_tui.dashboard import all_themes, kept_choices
from gan_tui.dashboard.app import GanTui
from gan_tui.dashboard.terminal.keys import BackgroundKnown
from gan_tui.dashboard.themes import inks
from gan_tui.system.config_keys import THEMES
from gan_tui.system.paths import own_folder
from on_screen import press, running, seen, soon

LEGIBLE, HIGH, OF_LINES = 4.5, 7.0, 3.0
"""WCAG's contrasts: of text, of text that is easily read, and of lines."""


def write(text: str) -> None:
    folder = own_folder("config")
    assert folder is not None
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.toml").write_text(text)


BUNDLED = {theme.name: theme for theme in all_themes.bundled()}


def number(color: str) -> int:
    return int(color.removeprefix("#"), 16)


def test_the_bundled_ones_are_those_that_config_names() -> None:
    assert tuple(BUNDLED) == THEMES
    assert all(theme.dark == name.endswith("dark") for name, theme in BUNDLED.items())


@pytest.mark.parametrize("theme", BUNDLED.values(), ids=BUNDLED)
def test_words_can_be_read_on_every_ground_and_curves_seen(theme: Theme) -> None:
    ink, least = inks(theme), HIGH if theme.name.startswith("contrast") else LEGIBLE
    for ground in (ink.background, number(str(theme.surface))):
        for name in ("text", "dim", "accent", "good", "warning", "bad"):
            assert contrast(getattr(ink, name), ground) >= least, (name, hex(ground))
    assert contrast(ink.text, ink.chosen) >= LEGIBLE
    assert contrast(ink.text, number(str(theme.panel))) >= LEGIBLE
    assert all(contrast(color, ink.background) >= OF_LINES for color in ink.series)


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("theme", BUNDLED.values(), ids=BUNDLED)
def test_curves_of_a_chart_are_apart_for_every_eye(theme: Theme, eye: str) -> None:
    for one, other in combinations(inks(theme).series, 2):
        assert apart(one, other, eye) >= 10, (hex(one), hex(other))


@pytest.mark.slow
async def test_a_key_goes_through_all_themes_those_that_fit_first(runs: Path) -> None:
    app = GanTui(runs)
    async with running(app) as pilot:
        await seen(pilot, "q Quit")
        gone_through = [app.theme]
        for _ in THEMES:
            before = app.theme
            press(pilot, "t")
            await soon(lambda before=before: app.theme != before)
            gone_through.append(app.theme)
        assert gone_through == [*THEMES, THEMES[0]]
        names = [command.title for command in app.get_system_commands(app.screen)]
        assert {f"Theme {name}" for name in THEMES} <= set(names)
        app.choose_theme("solarized-dark")
        await app.workers.wait_for_complete()
    assert GanTui(runs).theme == "solarized-dark", "it is kept"


async def test_a_theme_that_is_written_stays_on_a_light_ground(runs: Path) -> None:
    write('theme = "contrast-dark"\n')
    app = GanTui(runs)
    async with running(app) as pilot:
        await seen(pilot, "q Quit")
        app.post_message(BackgroundKnown(True))
        await pilot.pause()
        assert app.theme == "contrast-dark"
    write('theme = "auto"\n')
    app = GanTui(runs)
    async with running(app) as pilot:
        await seen(pilot, "q Quit")
        app.post_message(BackgroundKnown(True))
        await soon(lambda: app.theme == "gan-light")


def test_on_a_light_ground_the_light_one_of_each_pair_is_first() -> None:
    names = all_themes.order(list(BUNDLED.values()), light=True)
    assert names[:4] == ["gan-light", "gan-dark", "contrast-light", "contrast-dark"]


def test_a_theme_of_ones_own_is_as_written_and_else_as_the_quiet_one_of_its_kind(runs: Path) -> None:
    write('theme = "mine"\n[themes.mine]\nbackground = "#fff8f0"\naccent = "#8A1F6B"\npanel = "#ffeedd"\n')
    app = GanTui(runs)
    theme = app.current_theme
    assert (app.theme, theme.dark, theme.panel, theme.primary) == ("mine", False, "#ffeedd", "#8a1f6b")
    assert inks(theme).background == 0xFFF8F0 and inks(theme).series == inks(False).series
    kept_choices.begin()
