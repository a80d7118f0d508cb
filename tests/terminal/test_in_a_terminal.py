"""The real program in a real terminal, the slow tests with a real training: what only bytes can show."""

import os
import re
import subprocess
import time
from pathlib import Path

import orjson
import psutil
import pytest

from gan_tui.system.terminal import SMALLEST
from pty_terminal import GAN_TUI, SANE, Terminal, modes_left_on, processes_of, trainer_of
from recorded import recorded_run

pytestmark = pytest.mark.usefixtures("no_training_is_left")
TENSORFLOW = re.compile(r"libtensorflow|tensorflow/|/keras/")


def loaded_tensorflow(pid: int) -> bool:
    return TENSORFLOW.search(Path(f"/proc/{pid}/maps").read_text()) is not None


def step_on_screen(terminal: Terminal) -> int:
    found = re.search(r"step ([\d,]+) of", terminal.text())
    assert found, terminal.text()
    return int(found[1].replace(",", ""))


def first_step_of_axis(terminal: Terminal) -> int:
    """The first number below the first chart."""
    lines = terminal.text().splitlines()
    axis = next(number for number, line in enumerate(lines) if re.search("└─*┬", line))
    return int(lines[axis + 1].split()[0].replace(",", ""))


def events(run: Path) -> list[dict[str, object]]:
    return [orjson.loads(line) for line in (run / "events.jsonl").read_bytes().splitlines()]


# Without training ----------------------------------------------------------


def test_the_menu_paints_without_tensorflow_at_any_size_and_leaves_the_terminal_as_it_was() -> None:
    """Also where the environment calls the window too small, and the keyboard is Russian."""
    with Terminal(GAN_TUI, *SMALLEST, env={"COLUMNS": "20", "LINES": "5"}) as terminal:
        terminal.wait_for("q Quit")
        asked = bytes(terminal.output)
        assert asked.count(b"\x1b[>25u") == 1 and b"\x1b[=4;2u" in asked.partition(b"\x1b[>25u")[2], "places of keys"
        for columns, rows in (SMALLEST, (80, 24), (120, 40)):
            terminal.resize(columns, rows)
            terminal.wait_for(lambda rows=rows: "q Quit" in terminal.screen.display[rows - 1])
            for name in ("autoencoder", "dcgan-small", "gan"):  # in a low window the list scrolls
                terminal.wait_for(name)
        for words in ("three-class", "1.49M + 1.46M", "1,486,352"):
            terminal.wait_for(words)
        assert not loaded_tensorflow(terminal.process.pid)
        assert modes_left_on(terminal.output) >= {1049, 1000, 2004}, "the test sees what it looks for"
        terminal.type("あ")
        terminal.wait_for("Keys are Latin letters")
        terminal.type("й")
        assert terminal.wait_for_exit() == 0
        assert modes_left_on(terminal.output) == SANE, "a cursor and wrapped lines, and nothing else"
        assert terminal.output.count(b"\x1b[<u") == 1, "keys as they were"


@pytest.mark.parametrize("command", [(), ("attach", "gan-1")])
def test_a_terminal_too_small_is_refused_in_a_sentence(command: tuple[str, ...], runs: Path) -> None:
    recorded_run(runs)
    with Terminal((*GAN_TUI, *command), SMALLEST[0] - 1, SMALLEST[1]) as terminal:
        assert terminal.wait_for_exit() == 2
        words = " ".join(terminal.text().split())
        assert words.startswith(f"gan-tui: This terminal is {SMALLEST[0] - 1} × {SMALLEST[1]};")
        instead = "gan-tui attach gan-1 --plain" if command else "gan-tui train gan --plain"
        assert words.replace(" ", "").endswith(f"make the window larger, or run {instead}.".replace(" ", ""))
        assert b"\x1b" not in terminal.output


def test_colours_that_there_are_none_of_are_refused_in_a_sentence() -> None:
    with Terminal(GAN_TUI, env={"GAN_TUI_COLORS": "pink"}) as terminal:
        assert terminal.wait_for_exit() == 2
        assert 'GAN_TUI_COLORS must be truecolor, 256, 16 or none, not "pink".' in terminal.words()


def test_symbols_that_there_are_none_of_are_refused_in_a_sentence() -> None:
    with Terminal(GAN_TUI, env={"GAN_TUI_SYMBOLS": "dots"}) as terminal:
        assert terminal.wait_for_exit() == 2
        assert 'GAN_TUI_SYMBOLS must be octants, quadrants, halves or ascii, not "dots".' in terminal.words()


def test_without_a_terminal_the_menu_says_what_to_run_instead() -> None:
    ended = subprocess.run(GAN_TUI, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr == "gan-tui: The menu needs a terminal; run gan-tui train gan --plain instead.\n"


def test_a_finished_run_shows_in_a_terminal(runs: Path) -> None:
    """The kinds of terminals that there are, and those that go away, are proved in tests/promises."""
    recorded_run(runs, "xor", 200)
    with Terminal((*GAN_TUI, "attach"), 80, 24) as terminal:
        terminal.wait_for("✓ finished  step 200")
        terminal.wait_for(lambda: re.search("[\u2801-\u28ff]", terminal.text()))  # a line in braille
        terminal.type("q")
        assert terminal.wait_for_exit() == 0


# With training ----------------------------------------------------------


@pytest.mark.slow
def test_xor_from_the_menu_to_the_end(runs: Path) -> None:
    with Terminal(GAN_TUI) as terminal:
        terminal.choose("xor")
        terminal.type("\r")
        terminal.wait_for("Loading TensorFlow", 10)  # progress, not a frozen screen
        terminal.wait_for("accuracy")
        terminal.wait_for("✓ finished  step 1,000 of 1,000")
        terminal.wait_for("surface  step 1,000")
        terminal.wait_for(lambda: re.search(r"^ loss.*\n(.*\n)+?.*training.*\n.*0\.\d+", terminal.text(), re.MULTILINE))
        assert len(set(re.findall(r"[▀▄]|[\u2801-\u28ff]", terminal.text()))) > 10, "a surface, and lines"
        assert not loaded_tensorflow(terminal.process.pid)
        assert sum(len(line["steps"]) for line in events(runs / "xor-1") if line["type"] == "metrics") == 1000
        terminal.type("q")
        assert terminal.wait_for_exit() == 0
        _, alive = psutil.wait_procs(processes_of(runs), timeout=10)
        assert not alive, "a finished run has no processes"


@pytest.mark.slow
@pytest.mark.prove
def test_a_gan_obeys_the_keys_outlives_each_terminal_and_a_killed_trainer_is_resumed(runs: Path) -> None:
    run = runs / "gan-1"
    with Terminal((*GAN_TUI, "train", "gan", "--seed", "1")) as terminal:
        terminal.wait_for("steps/s", 90)
        terminal.wait_for("generated  step")
        for title in (r"^ loss", r"^ accuracy"):
            terminal.wait_for(lambda title=title: re.search(title, terminal.text(), re.MULTILINE))
        terminal.wait_for(lambda: min(map(terminal.text().count, ("discriminator", "generator"))) >= 2)
        assert "space Pause" in terminal.text()
        terminal.type(" ")
        terminal.wait_for("‖ paused")
        terminal.wait_for("space Resume")
        step = step_on_screen(terminal)
        terminal.pump(1.5)
        assert step_on_screen(terminal) == step, "paused means paused"
        terminal.type("s")
        terminal.wait_for(lambda: step_on_screen(terminal) > step)
        terminal.pump(1.0)
        assert step_on_screen(terminal) == step + 1, "exactly one"
        assert "‖ paused" in terminal.text()
        terminal.type("c")
        terminal.wait_for(f"Saved checkpoints/{step + 1:09d}")
        assert (run / f"checkpoints/{step + 1:09d}/manifest.json").is_file()
        terminal.wait_for("‖ paused")
        terminal.type(" ")
        terminal.wait_for("▶ training")
        terminal.wait_for(lambda: step_on_screen(terminal) > step + 10)
        terminal.type("q")
        assert terminal.wait_for_exit() == 0
        assert b"gan-1 continues in the background: gan-tui attach gan-1 reopens it" in terminal.output
    assert trainer_of(run).is_running()
    assert loaded_tensorflow(trainer_of(run).pid), "the test sees what it looks for"

    with Terminal((*GAN_TUI, "attach")) as terminal:
        terminal.wait_for(lambda: "▶ training" in terminal.text() and step_on_screen(terminal) > step + 11)
        terminal.wait_for("generated  step")
        terminal.wait_for(lambda: re.search("└─*┬", terminal.text()))
        assert first_step_of_axis(terminal) < step, "the charts go back to before this terminal"
        trainer = trainer_of(run)
        terminal.hang_up()
        terminal.process.wait(5)
        time.sleep(1)
        assert trainer.is_running() and trainer.status() != psutil.STATUS_ZOMBIE
        assert os.getsid(trainer.pid) != terminal.process.pid
    a_killed_trainer_is_explained_and_resumed(run)


def a_killed_trainer_is_explained_and_resumed(run: Path) -> None:
    with Terminal((*GAN_TUI, "attach")) as terminal:
        terminal.wait_for("steps/s")
        terminal.type("c")
        terminal.wait_for("Saved checkpoints/")
        saved = [line["step"] for line in events(run) if line["type"] == "checkpoint"][-1]
        terminal.wait_for(lambda: step_on_screen(terminal) > saved)
        steps = [step for line in events(run) if line["type"] == "metrics" for step in line["steps"]]
        assert steps == list(range(1, steps[-1] + 1)), "every step once, in order"
        trainer_of(run).kill()
        terminal.wait_for(lambda: f"Press r to resume from step {saved:,}." in terminal.words())
        assert "The trainer was killed (SIGKILL)" in terminal.text()
        assert "✗ failed" in terminal.text()
        terminal.type("r")
        terminal.wait_for("▶ training", 90)
        terminal.wait_for(lambda: step_on_screen(terminal) > saved + 5)
        assert [line["from_step"] for line in events(run) if line["type"] == "resumed"] == [saved]
        subprocess.run((*GAN_TUI, "stop", "gan-1"), check=True, stdout=subprocess.DEVNULL, timeout=60)
        terminal.wait_for("■ stopped")
