"""What a person has written and chosen, and where they were, at the next start of the program itself."""

import json
from pathlib import Path

import pytest

from pty_terminal import GAN_TUI, Terminal

pytestmark = pytest.mark.slow


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "gan-tui").mkdir()
    return {"XDG_CONFIG_HOME": str(tmp_path), "GAN_TUI_RUNS": str(tmp_path / "runs"), "GAN_TUI_PREPARE": "0"}


def test_a_lost_connection_keeps_the_place_and_own_keys_act(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "gan-tui" / "config.toml").write_text('smoothing = 2\ntheme = "contrast-light"\n[keys]\nquit = "Z"\n')
    with Terminal(GAN_TUI, 100, 30, env=environment) as terminal:
        terminal.wait_for("takes 0 to 0.99, not 2.")
        terminal.wait_for("Z Quit")
        terminal.type("e17")
        terminal.wait_for("663 steps")
        terminal.hang_up()
        terminal.wait_for_exit()
    kept = json.loads((tmp_path / "gan-tui" / "place.json").read_text())
    assert kept["preset"] == "gan" and json.loads(kept["typed"])["gan"][1] == {"epochs": "17"}
    with Terminal(GAN_TUI, 100, 30, env=environment) as terminal:
        terminal.wait_for("663 steps")
        terminal.type("Z")
        assert terminal.wait_for_exit() == 0


def test_what_was_written_in_the_editor_is_looked_through(environment: dict[str, str], tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nsed -i "s/^#pane = .*/pane = \\"lag\\"/" "$1"\n')
    editor.chmod(0o700)
    with Terminal([*GAN_TUI, "config"], 100, 30, env={**environment, "VISUAL": str(editor)}) as terminal:
        terminal.wait_for("or layers or log, not 'lag'")
        assert terminal.wait_for_exit() == 2
