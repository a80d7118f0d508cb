"""Promise 16 for runs: whatever lies in a run's folder, the commands stay small, quick and alive, and run nothing."""

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from bounded import MEGABYTES, faults, gan_tui
from foreign_runs import EVERY, sent

from files import old_run
from gan_tui.errors import UserError
from gan_tui.run import manifests
from gan_tui.run.events import Alert
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import launching
from product import START_SECONDS, done, events_of, wait_for
from pty_terminal import GAN_TUI, Terminal

pytestmark = [pytest.mark.promise(16), pytest.mark.slow]

ANSWER_SECONDS = 6.0
"""From a key to its effect, on a machine that has much else to do."""


def looked_at(name: str) -> tuple[list[str], float]:
    """What goes wrong when a run is attached to and every view of it is turned over, and the most memory in MB."""
    wrong: list[str] = []
    most = 0.0
    with Terminal([*GAN_TUI, "attach", name]) as terminal:
        try:
            terminal.wait_for("q Quit")
            process = psutil.Process(terminal.process.pid)
            for keys in (
                "p",
                "p",
                "v",
                "\r",
                "\x1b[C",
                "p",
                "f",
                "f",
                "2",
                "\x1b[B",
                "g",
                "3",
                "1",
                "l",
                "m",
                "\x1b[A",
            ):
                terminal.type(keys)
                terminal.pump(0.15)
                most = max(most, process.memory_info().rss / 1e6)
            terminal.type("?")
            terminal.pump(0.5)
            terminal.type("\x1b")
            terminal.pump(0.5)
            most = max(most, process.memory_info().rss / 1e6)
            terminal.type("q")
            code = terminal.wait_for_exit(ANSWER_SECONDS)
            if code != 0:
                wrong.append(f"exit code {code}: {terminal.text()[-600:]}")
        except (TimeoutError, psutil.NoSuchProcess, OSError) as error:
            wrong.append(str(error)[:1500])
        if b"Traceback" in terminal.output:
            wrong.append("a traceback")
    if most > MEGABYTES:
        wrong.append(f"{most:.0f} MB")
    return wrong, most


@pytest.mark.prove
@pytest.mark.timeout(1200)
def test_a_foreign_run_can_be_looked_at(
    runs: Path, trials: Callable[[int, int], int], proved: Callable[[str], None]
) -> None:
    chosen = dict(list(EVERY.items())[:: trials(len(EVERY) // 2, 1)])
    wrong, memory, begin = {}, [], time.monotonic()
    for number, (what, build) in enumerate(chosen.items()):
        folder = sent(runs, f"sent-{number}", build)
        found, megabytes = looked_at(folder.name)
        memory.append(megabytes)
        if found:
            wrong[what] = found
    seconds = (time.monotonic() - begin) / len(chosen)
    assert not wrong, "\n".join(f"{what}: {found}" for what, found in wrong.items())
    proved(f"{len(chosen)} runs attached to, at most {max(memory):.0f} MB, {seconds:.1f} s each")


def test_a_run_whose_networks_no_memory_holds_is_not_opened_to_be_looked_at(runs: Path) -> None:
    def vast(folder: RunFolder) -> None:
        layers = ['{layer = "Dense", units = 14000}'] * 40 + ['{layer = "Dense", units = 2}']
        before = folder.preset_file.read_text().partition("[networks")[0]
        networks = f"[networks.classifier]\ninput = [2]\nlayers = [{', '.join(layers)}]\n"
        folder.preset_file.write_text(f"{before}\n{networks}")

    folder = sent(runs, "sent", vast)
    for mode in ("inspect", "train"):
        with pytest.raises(UserError, match="memory"):
            launching.launch(folder, mode)
        assert not folder.lock_file.exists()


@pytest.mark.prove
def test_a_checkpoint_that_no_memory_holds_is_refused_by_name(runs: Path, proved: Callable[[str], None]) -> None:
    folder = old_run("stopped", "xor", runs)
    saved = max(folder.checkpoints.iterdir())
    bomb = saved.with_name(f"{int(saved.name) + 10:09d}")
    shutil.copytree(saved, bomb)
    manifest = json.loads((bomb / "manifest.json").read_text())
    manifest = {key: value for key, value in manifest.items() if key != "seal"} | {"step": int(bomb.name)}
    (bomb / "manifest.json").write_bytes(manifests.content_of(manifest))
    os.truncate(bomb / "state.safetensors", 200 * 10**9)
    done("resume", folder.name)
    wait_for(lambda: events_of(folder, Alert), START_SECONDS)
    assert (
        f"The checkpoint {bomb.name} is not of this run: state.safetensors is far too large."
        in events_of(folder, Alert)[0].text
    )
    proved("a checkpoint of 200 GB: refused by name, the one before it used")


@pytest.mark.timeout(600)
def test_foreign_runs_are_listed_and_shown(
    runs: Path, trials: Callable[[int, int], int], proved: Callable[[str], None]
) -> None:
    chosen = list(EVERY.items())[:: trials(6, 1)]
    names = {sent(runs, f"sent-{number}", build).name: what for number, (what, build) in enumerate(chosen)}
    listed, as_json = gan_tui("runs"), gan_tui("runs", "--json")
    wrong = {"runs": faults(listed, 10), "runs --json": faults(as_json, 10)}
    for name, what in list(names.items())[:: trials(5, 1)]:
        for command in ("show", "pause", "save", "stop"):
            wrong[f"{command}: {what}"] = faults(gan_tui(command, name))
    assert not {what: found for what, found in wrong.items() if found}
    assert all(name in listed.text and name in as_json.text for name in names)
    proved(f"{len(names)} listed in {listed.seconds:.1f} s with {listed.megabytes:.0f} MB")
