"""Names in any script: columns stand one below the other, on the screen and in plain text."""

import os
import re
import signal
import subprocess
import sys
import unicodedata
from collections.abc import Iterator

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


PICTOGRAPHS = ("⚠️ ❤️ ✈", "👨‍👩‍👧 🏳️‍🌈", "🇩🇪🇨🇭", "1️⃣ #️⃣", "🕸🌡🛠", "☺ ☎ ♥ ✔")
"""Emoji of several characters, flags, keycaps, and what some terminals draw as text and others as emoji."""
WIDE_SOMEWHERE = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A run of each name, and presets with such titles: where they lie."""
    runs, own = tmp_path_factory.mktemp("runs"), tmp_path_factory.mktemp("own")
    xor = (presets.bundled_folder() / "xor.toml").read_text()
    for name in (*PICTOGRAPHS, *NAMES):
        recorded_run(runs).path.rename(runs / name)
    for number, name in enumerate(NAMES):
        (own / f"own-{number}.toml").write_text(re.sub('title = ".*"', f'title = "{name}"', xor))
    return {"GAN_TUI_RUNS": str(runs), "GAN_TUI_PRESETS": str(own)}


@pytest.fixture(scope="module")
def menu(named: dict[str, str]) -> Iterator[Terminal]:
    with Terminal(GAN_TUI, 120, 50, env=named) as terminal:
        terminal.wait_for(lambda: terminal.text().count("✓ ") == len(NAMES) + len(PICTOGRAPHS))
        yield terminal


def places(terminal: Terminal, word: str) -> set[int]:
    """The columns in which a word begins on the screen: a wide character takes two."""
    terminal.pump()
    rows = (
        [terminal.screen.buffer[y][x].data for x in range(terminal.screen.columns)]
        for y in range(terminal.screen.lines)
    )
    return {x for row in rows for x in range(len(row)) if "".join(row[x : x + len(word)]) == word}


def are_straight(menu: Terminal) -> bool:
    """Whether columns of the menu stand one below the other: of the runs, the parameters, the frames."""
    return all(len(places(menu, word)) == 1 for word in ("finished", "  28 ", "││"))


@pytest.mark.slow
def test_columns_of_the_menu(menu: Terminal) -> None:
    assert menu.text().count("  28 ") > len(NAMES), "the parameters of xor and of the presets like it"
    assert are_straight(menu)


def test_columns_where_the_terminal_draws_pictographs_wider(menu: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Terminals disagree about them: what stands behind one may cover its half, but stands where it should."""
    monkeypatch.setattr("pyte.screens.wcwidth", lambda one: 2 if WIDE_SOMEWHERE.match(one) else wcwidth(one))
    menu.screen.reset()
    os.kill(menu.process.pid, signal.SIGWINCH)  # all is painted again
    menu.wait_for(lambda: menu.text().count("finished") == len(NAMES) + len(PICTOGRAPHS) and "q Quit" in menu.text())
    assert are_straight(menu)


@pytest.mark.slow
def test_the_header_of_a_run(menu: Terminal) -> None:
    menu.resize(80, 24)
    menu.screen.reset()
    menu.wait_for(lambda: "q Quit" in menu.screen.display[23])
    menu.type("\t")
    menu.wait_for("⏎ Open")
    machine, wanted = "CPU: 2 cores", {unicodedata.normalize("NFC", name) for name in (NAMES[1], NAMES[-1])}
    for _ in range(len(NAMES) + len(PICTOGRAPHS)):
        menu.type("\r")
        menu.wait_for("finished  step 120")
        first = unicodedata.normalize("NFC", menu.screen.display[0])
        assert first.startswith(" ")
        assert places(menu, machine) == {80 - 1 - len(machine)}, "at the right end"
        wanted -= {name for name in wanted if name in first}
        menu.type("\x1b")
        menu.wait_for("⏎ Open")
        if not wanted:
            break
        menu.type("\x1b[B")
    assert not wanted


BOTH = "from gan_tui.cli.arguments import main\nmain(['runs'])\nprint('---')\nmain(['presets'])"


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1", "euc-kr"])
def test_columns_of_plain_text(encoding: str, named: dict[str, str]) -> None:
    """Whatever of it can be said in an encoding."""
    env = {**os.environ, **named, "PYTHONIOENCODING": encoding}
    ended = subprocess.run([sys.executable, "-c", BOTH], capture_output=True, env=env, timeout=60)
    listed, _, shown = ended.stdout.decode(encoding).partition("---\n")
    runs = listed.splitlines()
    assert len(runs) == 1 + len(NAMES) + len(PICTOGRAPHS)
    assert len({wcswidth(line.partition(" finished ")[0]) for line in runs[1:]}) == 1
    own = [line for line in shown.splitlines() if line.startswith("  own-")]
    assert len(own) == len(NAMES)
    assert len({wcswidth(line.partition("classifier")[0]) for line in own}) == 1
