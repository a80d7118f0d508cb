"""Promise 18: a run is followed wherever its folder is moved; deleted, it ends, and nothing of it is made again."""

import random
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from processes import ENDLESS, started, workers

from gan_tui.run.folder import RunFolder
from product import done, gan_tui, state_of, step, wait_for, wait_until_it_trains
from pty_terminal import GAN_TUI, processes_of

pytestmark = [pytest.mark.promise(18), pytest.mark.slow, pytest.mark.timeout(1800)]

Trials = Callable[[int, int], int]
Proved = Callable[[str], None]


def test_a_run_that_is_moved_at_any_instant_is_saved_stopped_and_listed_where_it_is(
    runs: Path, trials: Trials, proved: Proved
) -> None:
    """And deleted in the end: a run more to start would only take longer."""
    many, chance = trials(2, 200), random.Random(18)
    begun = started("xor", "--steps", ENDLESS, "--name", "moved-0", "--set", "autosave_minutes=0.005")
    wait_until_it_trains(begun)
    viewer = begun.held()
    for nth in range(1, many + 1):
        saving = (
            None if nth % 2 else subprocess.Popen([*GAN_TUI, "save", viewer.name], stdout=subprocess.PIPE, text=True)
        )
        time.sleep(chance.random() * 0.2)
        before = step(viewer)
        (runs / f"moved-{nth - 1}").rename(runs / f"moved-{nth}")
        saved = Path(done("save", f"moved-{nth}"))
        if saving:  # it may have found no run any more by the name that it was given
            said = Path(saving.communicate(timeout=60)[0].strip() or saved)
            assert (runs / f"moved-{nth}" / "checkpoints" / said.name / "manifest.json").exists(), said
        assert saved.parent == runs / f"moved-{nth}" / "checkpoints" and (saved / "manifest.json").exists()
        assert int(saved.name) >= before
        assert [path.name for path in runs.iterdir()] == [f"moved-{nth}"], "nothing is made by its old name"
    assert f"moved-{many}" in done("runs") and viewer.name == f"moved-{many}"
    state = state_of(viewer)
    assert state.series["loss"].steps.tolist() == list(range(1, state.step + 1)), "no step is missing"
    assert not [alert for alert in state.alerts if alert.kind == "save"]
    proved(f"{many} moves, half amid a save: each saved where it was, no step missing, nothing by an old name")

    took = deleted(viewer, runs)
    assert gan_tui("stop", f"moved-{many}").stderr.startswith(f'gan-tui: There is no run "moved-{many}"')
    proved(f"deleted while it trained: ended {took:.1f} s later, nothing made again")


def deleted(folder: RunFolder, runs: Path) -> float:
    """Delete a run as `rm -rf` does; returns how long its processes went on."""
    remove(runs / folder.name)
    took = wait_for(lambda: not processes_of(runs))
    assert [*runs.rglob("*")] == []
    assert folder.standing().word == "deleted"
    return took


def remove(*paths: Path) -> None:
    """As people do: rm says so where a file came into a folder that it was about to remove, and is asked again."""
    for _ in range(3):
        subprocess.run(["rm", "-rf", *map(str, paths)], check=False)


def test_a_run_that_is_deleted_at_any_instant_ends_and_leaves_its_name_free(
    runs: Path, trials: Trials, proved: Proved
) -> None:
    many, chance = trials(0, 30), random.Random(81)
    if not many:
        pytest.skip("a few are in the proof above; make promises tries them at any instant")
    gone = []
    for nth in range(many):
        folder = started("plane", "--steps", ENDLESS, "--name", "mine", "--set", "autosave_minutes=0.005").held()
        if nth % 3:
            wait_until_it_trains(folder)
        time.sleep(chance.random() * 3)
        if nth % 2:
            gone.append(deleted(folder, runs))
            continue
        remove(*folder.path.iterdir())  # emptied, and the folder stays
        gone.append(wait_for(lambda: not processes_of(runs), 30))
        assert [*runs.rglob("*")] == [runs / "mine"]
        (runs / "mine").rmdir()
    assert not workers(folder)
    proved(
        f"{many} runs deleted or emptied while they start or train: gone within {max(gone):.1f} s, nothing made again"
    )
