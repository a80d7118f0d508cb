"""Promise 2: a checkpoint is on the disk, with every name that leads to it, before anybody hears of it."""

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import traced
from traced import Call

from gan_tui.run.commands import Command
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import control_client
from product import START_SECONDS, done, wait_until_it_trains
from pty_terminal import trainer_of

pytestmark = [pytest.mark.promise(2), pytest.mark.slow, pytest.mark.timeout(300)]

CALLS = "write,pwrite64,fsync,fdatasync,rename,mkdir,unlink,unlinkat,rmdir"


def ended(calls: list[Call], found: Callable[[Call], object], after: float = 0.0) -> float:
    """When the first such call that began later had ended; never, without one."""
    return min((call.end for call in calls if call.begin >= after and found(call)), default=float("inf"))


def problems(calls: list[Call], making: str, final: str, reported: Call) -> Iterator[str]:
    """What was not in order before a checkpoint was reported, in words."""
    renamed = next(call for call in calls if call.name == "rename" and call.names == [making, final])
    before = [call for call in calls if call.end <= renamed.begin]
    files = {call.path for call in before if call.path.startswith(f"{making}/")}
    if not {Path(file).name for file in files} >= {"manifest.json", "state.safetensors", "classifier.keras"}:
        yield f"{final}: only {files} were written"
    synced = []
    for file in files:
        written = max(call.end for call in before if call.path == file and call.name in ("write", "pwrite64"))
        synced.append(ended(before, lambda call, file=file: call.path == file and call.name == "fsync", written))
    folder = ended(before, lambda call: call.path == making and call.name == "fsync", max(synced))
    if not folder <= renamed.begin:
        yield f"{final}: not every file and its folder were synced before it was renamed"
    parent = str(Path(final).parent)
    named = ended(calls, lambda call: call.path == parent and call.name == "fsync", renamed.end)
    if not named <= reported.begin:
        yield f"{final}: its name was not synced before it was reported"


def by_place(call: Call, folder: RunFolder) -> Call:
    """The call with names as they are in the run's folder, which the trainer reaches through a descriptor."""
    return replace(call, arguments=re.sub(r'"/proc/self/fd/\d+/', f'"{folder.path}/', call.arguments))


def deleted(call: Call) -> str:
    """The checkpoint's folder that a call takes away, or nothing."""
    found = re.search(r"checkpoints/\.(\d{9})\.(?:gone|old)", call.arguments)
    return found[0] if found and call.name in ("unlink", "unlinkat", "rmdir") else ""


def test_a_checkpoint_is_durable_before_it_is_reported(
    tmp_path: Path, trials: Callable[[int, int], int], proved
) -> None:
    options = ("--steps", "100000000", "--set", "autosave_minutes=0.002", "--set", "autosave_keep=1")
    folder = RunFolder(Path(done("train", "xor", "--detach", *options)))
    wait_until_it_trains(folder)
    trainer, log = trainer_of(folder.path), str(folder.events_file)
    report, trace = '\\"type\\":\\"checkpoint\\"', tmp_path / "trace"

    def enough() -> bool:
        """The first may have begun before, and what the last replaces may not be deleted yet."""
        return trace.exists() and trace.read_text(errors="replace").count(report) >= trials(4, 20) + 2

    calls = [by_place(call, folder) for call in traced.attached(trainer.pid, CALLS, trace, enough)]
    reports = [call for call in calls if call.path == log and report in call.arguments]
    wrong, looked = [], 0
    for report in reports:
        found = re.search(r'\\"folder\\":\\"checkpoints/(\d{9})\\"', report.arguments)
        assert found, report.arguments
        making, final = (str(folder.checkpoints / name) for name in (f".{found[1]}.making", found[1]))
        begun = any(call.name == "mkdir" and making in call.names for call in calls)
        if not begun:
            continue  # the tracer came too late to see it whole
        looked += 1
        wrong += problems(calls, making, final, report)
        careless = [call for call in calls if call.name != "fsync"]
        assert len(list(problems(careless, making, final, report))) == 2, "without syncing it would be noticed"
        durable = ended(calls, lambda call: call.path == log and call.name == "fdatasync", report.end)
        first_deleted = min(
            (call.begin for call in calls if deleted(call) and call.begin > report.begin), default=durable
        )
        if first_deleted < durable:
            wrong.append(f"{final}: the one before it was deleted before its report was durable")
    assert not wrong
    assert looked >= trials(4, 20)
    proved(f"{looked} traced saves: files, folder, rename, parent, report, in this order")


def test_what_is_saved_anew_at_the_same_step_is_deleted_only_when_the_new_one_is_durable(
    tmp_path: Path, at_length: bool, proved: Callable[[str], None]
) -> None:
    if not at_length:
        pytest.skip("make promises does it")
    folder = RunFolder(Path(done("train", "xor", "--detach", "--steps", "100000000")))
    wait_until_it_trains(folder)
    step = control_client.ask(folder, Command("pause"), START_SECONDS).step
    trainer = trainer_of(folder.path)
    saves = [Command("save")] * 3
    saving = threading.Timer(1.5, lambda: [control_client.ask(folder, save, START_SECONDS) for save in saves])
    saving.start()
    calls = [
        by_place(call, folder) for call in traced.attached(trainer.pid, CALLS, tmp_path / "trace", traced.after(4))
    ]
    saving.join()
    final, parent = str(folder.checkpoints / f"{step:09d}"), str(folder.checkpoints)
    made = [call for call in calls if call.name == "mkdir" and call.names == [parent]]
    assert made, "the first save makes the folder of checkpoints"
    own_name = ended(calls, lambda call: call.path == str(folder.path) and call.name == "fsync", made[0].end)
    renamed = [call for call in calls if call.name == "rename" and call.names[1:] == [final]]
    assert len(renamed) == 3 and own_name < renamed[0].begin
    gone = [call for call in calls if deleted(call)]
    assert gone, "the old ones are deleted"
    for put, following in zip(renamed[1:], [renamed[2].begin, float("inf")], strict=True):
        durable = ended(calls, lambda call: call.path == parent and call.name == "fsync", put.end)
        old = [call.begin for call in gone if put.begin < call.begin < following]
        assert old and min(old) > durable
    proved("3 saves of one step: the old one deleted once the new one's name was durable")
