"""Names in any script: columns stand one below the other, on the screen and in plain text."""

import os
import re
import subprocess
import unicodedata
from pathlib import Path

import pytest
from wcwidth import wcswidth, wcwidth

from gan_tui import presets
from pty_terminal import GAN_TUI, Terminal
from recorded import recorded_run

NAMES = (
    "gan-1",
    "검증",
    "損失関数",
    "🙂🙂",
    unicodedata.normalize("NFD", "événement"),
    unicodedata.normalize("NFD", "한글"),
)
"""Korean, Japanese, emoji, accents of their own, Korean in its parts, as macOS names files."""


@pytest.fixture
def named(runs: Path, own_presets: Path) -> None:
    """A run of each name, and presets with such titles."""
    xor = (presets.bundled_folder() / "xor.toml").read_text()
    for number, name in enumerate(NAMES):
        recorded_run(runs).path.rename(runs / name)
        (own_presets / f"own-{number}.toml").write_text(re.sub('title = ".*"', f'title = "{name}"', xor))


def places(terminal: Terminal, word: str) -> set[int]:
    """The columns in which a word begins on the screen: a wide character takes two."""
    terminal.pump()
    rows = (
        [terminal.screen.buffer[y][x].data for x in range(terminal.screen.columns)]
        for y in range(terminal.screen.lines)
    )
    return {x for row in rows for x in range(len(row)) if "".join(row[x : x + len(word)]) == word}


def frames(terminal: Terminal) -> set[int]:
    """The columns of the frames' right sides."""
    return places(terminal, "││")


@pytest.mark.usefixtures("named")
def test_columns_of_the_menu() -> None:
    with Terminal(GAN_TUI, 120, 40) as terminal:
        terminal.wait_for(lambda: len([line for line in terminal.screen.display if "finished" in line]) == len(NAMES))
        assert len(places(terminal, "finished")) == 1
        assert len(places(terminal, "  28 ")) == 1, "the parameters of xor and of the presets like it"
        assert len(frames(terminal)) == 1
        terminal.type("q")
        assert terminal.wait_for_exit() == 0


PICTOGRAPHS = ("⚠️ ❤️ ✈", "👨‍👩‍👧 🏳️‍🌈", "🇩🇪🇨🇭", "1️⃣ #️⃣", "🕸🌡🛠", "☺ ☎ ♥ ✔")
"""Emoji of several characters, flags, keycaps, and what some terminals draw as text and others as emoji."""
WIDE_SOMEWHERE = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")


def test_columns_where_the_terminal_draws_pictographs_wider(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Terminals disagree about them: what stands behind one may cover its half, but stands where it should."""
    monkeypatch.setattr("pyte.screens.wcwidth", lambda one: 2 if WIDE_SOMEWHERE.match(one) else wcwidth(one))
    for name in PICTOGRAPHS:
        recorded_run(runs).path.rename(runs / name)
    with Terminal(GAN_TUI, 120, 40) as terminal:
        terminal.wait_for(lambda: terminal.text().count("finished") == len(PICTOGRAPHS))
        assert len(places(terminal, "finished")) == 1
        assert len(frames(terminal)) == 1


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize("name", [NAMES[1], NAMES[-1]], ids=ascii)
def test_the_header_of_a_run(name: str) -> None:
    with Terminal((*GAN_TUI, "attach", name), 80, 24) as terminal:
        terminal.wait_for("finished  step 120")
        first = terminal.screen.display[0]
        assert first.startswith(" ") and unicodedata.normalize("NFC", name) in first
        machine = "CPU: 2 cores"
        assert places(terminal, machine) == {80 - 1 - len(machine)}, "at the right end"


def told(*command: str, **env: str) -> list[str]:
    ended = subprocess.run([*GAN_TUI, *command], capture_output=True, env={**os.environ, **env}, timeout=60)
    return ended.stdout.decode(env.get("PYTHONIOENCODING", "utf-8")).splitlines()


@pytest.mark.usefixtures("named")
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1", "euc-kr"])
def test_columns_of_plain_text(encoding: str) -> None:
    """Whatever of it can be said in an encoding."""
    runs = told("runs", PYTHONIOENCODING=encoding)
    assert len(runs) == 1 + len(NAMES)
    assert len({wcswidth(line.partition(" finished ")[0]) for line in runs[1:]}) == 1
    listed = [line for line in told("presets", PYTHONIOENCODING=encoding) if line.startswith("  own-")]
    assert len(listed) == len(NAMES)
    assert len({wcswidth(line.partition("classifier")[0]) for line in listed}) == 1
