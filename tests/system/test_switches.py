"""What the environment switches on and off, in whatever words."""

import pytest

from gan_tui.dashboard.redraw_rate import redraw_seconds
from gan_tui.supervision import warm_start
from gan_tui.system import terminal
from shell import said

OFF, ON = ("", " ", "0", "false", "No", "OFF", " no "), ("1", "true", "Yes", "ON", " 1 ")
WORDS = [*((word, False) for word in OFF), *((word, True) for word in ON)]


@pytest.mark.parametrize("word, on", WORDS)
def test_words_switch_ascii_on_and_off(word: str, on: bool) -> None:
    can = terminal.abilities({"TERM": "xterm", "LANG": "C.UTF-8", "GAN_TUI_ASCII": word}, "utf-8")
    assert can.glyphs is not on


@pytest.mark.parametrize("word, on", WORDS)
def test_words_switch_the_process_that_waits_on_and_off(word: str, on: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm_start, "LEAST_MEMORY", 0)
    monkeypatch.setenv("GAN_TUI_PREPARE", word)
    assert warm_start.is_wanted() is on
    monkeypatch.delenv("GAN_TUI_PREPARE")
    assert warm_start.is_wanted()


@pytest.mark.parametrize("name", ["ASCII", "PREPARE", "DEBUG"])
@pytest.mark.parametrize("word", ["maybe", "2", "01", "f"])
def test_another_word_is_refused_with_those_that_are_possible(
    name: str, word: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(f"GAN_TUI_{name}", f" {word}\x1b ")
    code, out, err = said(capsys, "presets")
    assert (code, out) == (2, "")
    assert err == f'gan-tui: GAN_TUI_{name} must be 1, true, yes or on, or 0, false, no or off, not "{word}".\n'


def test_blanks_around_a_value_are_none_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    environ = {"TERM": "xterm", "LANG": "C.UTF-8", "GAN_TUI_COLORS": " 256 ", "GAN_TUI_SYMBOLS": "\tHalves "}
    can = terminal.abilities(environ, "utf-8")
    assert (can.colors, can.symbols) == ("256", "halves")
    assert terminal.unknown_colors(environ) == terminal.unknown_symbols(environ) == ""
    assert terminal.unknown_colors({"GAN_TUI_COLORS": " pink "}) == "pink"
    for wish, seconds in (" 2 ", 2.0), (" ", 0.5):
        monkeypatch.setenv("GAN_TUI_REDRAW_SECONDS", wish)
        assert redraw_seconds() == seconds
