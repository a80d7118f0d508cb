"""Pictures in real pixels: what a terminal with the Kitty protocol shows is the picture, wherever that is left."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import sixel_terminal
from kitty_terminal import QUERY, REPLIES, KittyGraphics
from product import wait_for
from pty_terminal import GAN_TUI, Link, Terminal, modes_left_on
from recorded import recorded_run, tile_numbers
from sixel_terminal import SixelScreen

pytestmark = pytest.mark.slow

CELL = (8, 16)
"""Of the terminal, in pixels."""
STEP = 120
UNSEEN = 18
"""Levels of 255 that a pixel may be off: half a step of the fewest shades."""
HELP, ESCAPE = "?", "\x1b"
Attach = Callable[..., Terminal]


@pytest.fixture
def attach(tmp_path: Path) -> Iterator[Attach]:
    """Opens the dashboard on a finished GAN, in a terminal with the protocol."""
    opened: list[Terminal] = []
    recorded_run(tmp_path / "runs", steps=STEP)

    def attached(*command: str, env: dict[str, str] | None = None, **kind: object) -> Terminal:
        mine = {"GAN_TUI_RUNS": str(tmp_path / "runs"), "XDG_CONFIG_HOME": str(tmp_path), **(env or {})}
        kind = {"replies": REPLIES, **kind}
        opened.append(Terminal(command or (*GAN_TUI, "attach", "gan-1"), 100, 40, env=mine, **kind))  # type: ignore[arg-type]
        opened[-1].wait_for("generated")
        return opened[-1]

    yield attached
    for terminal in opened:
        terminal.end()


def graphics(terminal: Terminal) -> KittyGraphics:
    return KittyGraphics.of(bytes(terminal.output))


def pixels(terminal: Terminal) -> NDArray[np.uint8]:
    """(height, width, 4) over the whole screen."""
    terminal.pump()
    return graphics(terminal).shown_on(terminal.screen, CELL)


def are_shown(terminal: Terminal) -> bool:
    terminal.pump()
    return KittyGraphics.has_ended(bytes(terminal.output)) and bool(pixels(terminal)[..., 3].any())


def wait_until_shown(terminal: Terminal, shown: Callable[[Terminal], bool] = are_shown) -> None:
    """A machine that has much else to do looks like a slow link: drawn again later, it is found to be none."""
    for _ in range(10):
        with suppress(TimeoutError):
            terminal.wait_for(lambda: shown(terminal), 3.0)
            return
        terminal.type("\x0c")
    raise TimeoutError(f"no pixels on the screen:\n{terminal.text()}")


def tiles(found: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Pixels over a screen, cut where there are none: each (height, width) of greys."""
    rows, columns = (np.flatnonzero(np.diff(np.pad(found[..., 3].any(axis=axis), 1))) for axis in (1, 0))
    return [
        found[top:bottom, left:right, 0]
        for top, bottom in rows.reshape(-1, 2)
        for left, right in columns.reshape(-1, 2)
    ]


def assert_shows_the_picture(terminal: Terminal) -> None:
    assert_are_the_picture(pixels(terminal))


def assert_are_the_picture(found: NDArray[np.uint8]) -> None:
    shown = tiles(found)
    assert len(shown) == 4
    for tile, drawn in zip(shown, tile_numbers(STEP), strict=True):
        scale = tile.shape[1] // 28
        assert tile.shape == (28 * scale, 28 * scale)
        assert np.abs(tile[scale // 2 :: scale, scale // 2 :: scale].astype(int) - drawn).max() <= UNSEEN


def test_the_picture_is_shown_in_its_own_pixels(attach: Attach) -> None:
    terminal = attach()
    wait_until_shown(terminal)
    assert_shows_the_picture(terminal)


def test_it_is_gone_where_something_covers_it_and_there_again_afterwards(attach: Attach) -> None:
    terminal = attach()
    wait_until_shown(terminal)
    terminal.type(HELP)
    terminal.wait_for(lambda: not are_shown(terminal))
    terminal.type(ESCAPE)
    wait_until_shown(terminal)
    assert_shows_the_picture(terminal)
    assert graphics(terminal).transmissions == 1, "the terminal had it all the time"
    terminal.type("2")
    terminal.wait_for(lambda: not are_shown(terminal))
    terminal.type("1")
    wait_until_shown(terminal)
    assert_shows_the_picture(terminal)


def test_it_is_shown_in_a_window_of_another_size(attach: Attach) -> None:
    terminal = attach()
    wait_until_shown(terminal)
    terminal.resize(160, 60)
    terminal.pump(1.0)
    wait_until_shown(terminal)
    assert_shows_the_picture(terminal)


def test_it_is_sent_again_where_the_program_was_stopped_and_goes_on(attach: Attach) -> None:
    """The terminal may be another one by then, or have forgotten all images."""
    terminal = attach()
    wait_until_shown(terminal)
    terminal.pump(0.5)
    for number in (signal.SIGSTOP, signal.SIGCONT):
        os.kill(terminal.process.pid, number)
    terminal.output.clear()
    wait_until_shown(terminal)
    terminal.pump(0.5)
    assert_shows_the_picture(terminal)


@pytest.mark.parametrize("way", ["q", signal.SIGTERM, signal.SIGHUP])
def test_the_terminal_keeps_no_image_of_a_program_that_has_ended(way: str | signal.Signals, attach: Attach) -> None:
    terminal = attach()
    wait_until_shown(terminal)
    if isinstance(way, str):
        terminal.type(way)
    else:
        os.kill(terminal.process.pid, way)
    terminal.wait_for_exit()
    assert graphics(terminal).images == {}
    assert modes_left_on(bytes(terminal.output)) == {7, 25}


def test_a_key_switches_to_characters_and_back_and_the_choice_is_kept(attach: Attach) -> None:
    terminal = attach()
    wait_until_shown(terminal)
    terminal.type("S")
    terminal.wait_for("Real pixels")
    terminal.type("u")
    terminal.wait_for(lambda: not are_shown(terminal) and "▀" in terminal.text())
    terminal.pump(0.5)
    again = attach()
    again.pump(1.5)
    assert not are_shown(again)
    again.type("S")
    again.wait_for("Real pixels")
    again.type("x")
    wait_until_shown(again)
    assert_shows_the_picture(again)


@pytest.mark.parametrize("kind", [
    pytest.param({"replies": {}}, id="no answer"),
    pytest.param({"replies": {**REPLIES, b"\x1b[>0q": b"\x1bP>|WezTerm 20240203\x1b\\"}}, id="no placeholders"),
    pytest.param({"truecolor": False, "term": "xterm"}, id="sixteen colours"),
    pytest.param({"env": {"GAN_TUI_SYMBOLS": "quadrants"}}, id="characters wanted", marks=pytest.mark.prove),
    pytest.param({"env": {"NO_COLOR": "1"}}, id="no colours", marks=pytest.mark.prove),
    pytest.param({"link": Link(7000, 0.3)}, id="slow link"),
])  # fmt: skip
def test_elsewhere_there_are_characters(kind: dict[str, object], attach: Attach) -> None:
    terminal = attach(**kind)
    terminal.pump(3.0)
    assert graphics(terminal).transmissions == 0
    assert not are_shown(terminal)
    assert re.search("[▀▄▌█]|[@#*]", terminal.text())


def test_what_characters_are_wanted_for_is_not_asked(attach: Attach) -> None:
    terminal = attach(env={"GAN_TUI_SYMBOLS": "halves"})
    assert QUERY not in terminal.output


@pytest.fixture
def kitty_terminfo(tmp_path: Path) -> Path:
    """A description of xterm-kitty for tmux, where the system has none."""
    if not all(map(shutil.which, ("tmux", "infocmp", "tic"))):
        pytest.skip("tmux or its terminfo tools are not installed")
    source = subprocess.run(["infocmp", "-x", "xterm-256color"], capture_output=True, text=True, check=True).stdout
    described = tmp_path / "kitty.ti"
    described.write_text(re.sub(r"(?m)^xterm-256color\|[^,]*", "xterm-kitty|kitty", source))
    subprocess.run(["tic", "-x", "-o", tmp_path / "terminfo", described], check=True, capture_output=True)
    return tmp_path / "terminfo"


@pytest.mark.parametrize("passes", ["on", "off"])
def test_within_tmux_it_is_the_same_where_that_lets_images_through(
    passes: str, attach: Attach, kitty_terminfo: Path, tmp_path: Path
) -> None:
    config = tmp_path / "tmux.conf"
    config.write_text(f"set -g allow-passthrough {passes}\nset -g status off\nset -sg escape-time 0\n")
    tmux = ("tmux", "-u", "-S", str(tmp_path / "socket"), "-f", str(config), "new-session")
    inside = attach(
        *tmux, " ".join((*GAN_TUI, "attach", "gan-1")), term="xterm-kitty", env={"TERMINFO": str(kitty_terminfo)}
    )
    try:
        if passes == "off":
            inside.pump(3.0)
            assert graphics(inside).transmissions == 0
            assert not are_shown(inside)
            return
        wait_until_shown(inside)
        inside.pump(0.5)
        assert_shows_the_picture(inside)
        inside.type("q")
        inside.wait_for_exit()
        assert graphics(inside).images == {}
    finally:
        subprocess.run([*tmux[:4], "kill-server"], check=False, capture_output=True)


def test_a_tmux_that_nobody_looks_at_takes_no_question_for_its_title(tmp_path: Path) -> None:
    """tmux takes what begins like a question of Kitty's for a pane's title, unless it is told to pass it on."""
    tmux = ("tmux", "-S", str(tmp_path / "socket"), "-f", "/dev/null")
    command = " ".join((*GAN_TUI, "attach", "gan-1"))
    env = ("-e", f"GAN_TUI_RUNS={tmp_path / 'runs'}", "-e", f"XDG_CONFIG_HOME={tmp_path}")
    recorded_run(tmp_path / "runs", steps=STEP)
    subprocess.run([*tmux, "new-session", "-d", *env, "-x", "100", "-y", "30", command], check=True)

    def told(form: str) -> str:
        return subprocess.run([*tmux, "display", "-p", form], check=True, capture_output=True, text=True).stdout

    def shown() -> str:
        return subprocess.run([*tmux, "capture-pane", "-p"], check=True, capture_output=True, text=True).stdout

    try:
        wait_for(lambda: "q Quit" in shown())
        wait_for(lambda: "finished" in told("#{pane_title}"))
        assert told("#{pane_title}").strip() == "gan-1 finished · gan-tui", "its own title, and nothing else"
    finally:
        subprocess.run([*tmux, "kill-server"], check=False, capture_output=True)


def painted(terminal: Terminal) -> SixelScreen:
    terminal.pump()
    return SixelScreen.of(bytes(terminal.output), terminal.screen.columns, terminal.screen.lines, CELL)


def is_painted(terminal: Terminal) -> bool:
    return bool(painted(terminal).pixels[..., 3].any())


def test_a_terminal_with_sixels_is_painted_on(attach: Attach) -> None:
    terminal = attach(replies=sixel_terminal.REPLIES)
    wait_until_shown(terminal, is_painted)
    terminal.wait_for(lambda: len(tiles(painted(terminal).pixels)) == 4)  # whole
    assert_are_the_picture(painted(terminal).pixels)
    terminal.pump(1.0)
    assert len(painted(terminal).paintings) == 1, "what has not changed is not painted again"
    assert not re.search("[\U000f0000-\U0010ffff]", terminal.output.decode()), "a terminal has no signs for parts"
    terminal.type(HELP)
    terminal.wait_for(lambda: not is_painted(terminal))
    terminal.type(ESCAPE)
    wait_until_shown(terminal, is_painted)
    terminal.wait_for(lambda: len(tiles(painted(terminal).pixels)) == 4)  # whole
    assert_are_the_picture(painted(terminal).pixels)
    terminal.type("2")
    terminal.wait_for(lambda: not is_painted(terminal))
    terminal.type("q")
    terminal.wait_for_exit()
    assert not is_painted(terminal)
    assert modes_left_on(bytes(terminal.output)) == {7, 25}


def test_sixels_are_switched_off_by_the_key(attach: Attach) -> None:
    terminal = attach(replies=sixel_terminal.REPLIES)
    wait_until_shown(terminal, is_painted)
    terminal.type("S")
    terminal.wait_for("Real pixels")
    terminal.type("u")
    terminal.wait_for(lambda: not is_painted(terminal) and "▄" in terminal.text())
