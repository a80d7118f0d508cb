"""Promise 8: a trainer that dies is explained on the screen within 2 seconds, and restarted where that was asked."""

import os
import re
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from processes import ENDLESS, is_gone, resumed, started, supervisor_of, wait_for_a_trainer, wait_until_it_is_gone

from gan_tui.errors import UserError
from gan_tui.run.commands import Command, Reply
from gan_tui.run.events import Alert, Checkpoint, Metrics, Resumed, State
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import control_client
from product import START_SECONDS, done, events_of, gan_tui, last, state, step, wait_for, wait_until_it_trains
from pty_terminal import GAN_TUI, Terminal, trainer_of

pytestmark = [pytest.mark.promise(8), pytest.mark.slow, pytest.mark.timeout(1800)]

Trials = Callable[[int, int], int]
Proved = Callable[[str], None]
WITHIN = 2.0
"""Seconds."""


# Explained ------------------------------------------------------------------------------------------------

SIGNALS = {
    signal.SIGKILL: "The trainer was killed (SIGKILL)",
    signal.SIGSEGV: "The trainer crashed (SIGSEGV)",
    signal.SIGABRT: "The trainer crashed (SIGABRT)",
    signal.SIGBUS: "The trainer crashed (SIGBUS)",
}
WHEN = ("starting", "training", "paused", "saving")


def test_a_trainer_killed_by_a_signal_is_explained(runs: Path, trials: Trials, proved: Proved) -> None:
    folder = started("xor", "--steps", ENDLESS)
    deaths = [(number, when) for when in WHEN for number in SIGNALS]
    deaths = [*deaths[: trials(1, len(deaths))], *([] if trials(0, 1) else [(signal.SIGKILL, "training")])]
    times = []
    with Terminal((*GAN_TUI, "attach", str(folder.path))) as terminal:
        for nth, (number, when) in enumerate(deaths):
            if nth:
                terminal.type("r")  # the way on
            bring_to(folder, when)
            died = time.monotonic()
            trainer_of(folder.path).send_signal(number)
            terminal.wait_for(lambda: SIGNALS[number] in terminal.words(), 10)  # noqa: B023
            times.append(terminal.read_at - died)
            saved = last(folder, Checkpoint)
            way_on = f"Press r to resume from step {saved.step:,}" if saved else "Press r to restart"
            assert way_on in terminal.words()
            wait_until_it_is_gone(folder, 5)
    assert max(times) < trials(10, WITHIN), list(zip(deaths, times, strict=True))
    proved(f"{len(times)} deaths by signals, {', '.join(dict.fromkeys(when for _, when in deaths))}: "
           f"explained on the screen within {max(times):.2f} s")  # fmt: skip


def bring_to(folder: RunFolder, when: str) -> None:
    wait_for_a_trainer(folder)
    if when == "starting":
        wait_for(lambda: "Loading" in getattr(last(folder, State), "reason", ""), START_SECONDS)
        return
    wait_until_it_trains(folder)
    if when == "paused":
        assert control_client.ask(folder, Command("pause")).ok
    if when == "saving":
        threading.Thread(target=save_again_and_again, args=(folder,), daemon=True).start()
        wait_for(lambda: last(folder, Checkpoint))
        time.sleep(0.3)


def save_again_and_again(folder: RunFolder) -> None:
    try:
        while control_client.ask(folder, Command("save")).ok:
            pass
    except UserError:
        return


def test_whoever_waits_for_an_answer_of_a_trainer_that_dies_gets_a_sentence(runs: Path) -> None:
    folder = started("xor", "--steps", ENDLESS)
    trainer = wait_for_a_trainer(folder)
    trainer.suspend()
    answers: list[Reply] = []
    asker = threading.Thread(target=lambda: answers.append(control_client.ask(folder, Command("save"))))
    asker.start()
    time.sleep(0.5)
    trainer.kill()
    asker.join(5 * WITHIN)
    assert answers and not answers[0].ok and answers[0].text.startswith("The trainer was killed (SIGKILL)")


# Out of memory ---------------------------------------------------------------------------------------------


def test_a_memory_limit_is_explained(runs: Path, trials: Trials, proved: Proved) -> None:
    limits = [600_000_000, *range(900_000_000, 3_000_000_000, 300_000_000)][: trials(1, 8)]
    said = []
    for limit in limits:
        folder = started(
            "gan",
            "--steps",
            "50",
            preexec_fn=lambda limit=limit: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
        )
        wait_until_it_is_gone(folder, START_SECONDS)
        said.append(last(folder, State))
    for limit, event in zip(limits, said, strict=True):
        assert event and (event.state == "finished" or "not enough memory" in event.reason), (
            limit,
            event,
        )
    failed = sum(event.state == "failed" for event in said if event)
    assert failed, "no limit was too low"
    proved(f"{len(limits)} limits of the address space: {failed} too low, each said so")


@pytest.fixture
def memory_group() -> Iterator[tuple[Path, str]]:
    """A control group of our own, and the name of its limit. Skips where none can be made."""
    version_1 = Path("/sys/fs/cgroup/memory")
    parent, limit = (
        (version_1, "memory.limit_in_bytes") if version_1.is_dir() else (Path("/sys/fs/cgroup"), "memory.max")
    )
    group = parent / f"gan-tui-test-{os.getpid()}"
    try:
        group.mkdir()
        (group / limit).write_text("1000000000")
    except OSError as error:
        pytest.skip(f"no control group can be made ({error.strerror}); run as root, outside of a container")
    yield group, limit
    wait_for(lambda: not (group / "cgroup.procs").read_text().split())
    group.rmdir()


@pytest.mark.prove
def test_a_kill_by_the_system_for_lack_of_memory_is_told_from_others(
    runs: Path, memory_group: tuple[Path, str], proved: Proved
) -> None:
    group, limit = memory_group

    def enter() -> None:
        (group / "cgroup.procs").write_text(str(os.getpid()))

    folder = started("xor", "--steps", ENDLESS, preexec_fn=enter)
    wait_until_it_trains(folder)
    time.sleep(2.5)
    trainer_of(folder.path).kill()
    wait_for(lambda: state(folder) == "failed", 5 * WITHIN)
    assert (
        "by someone or by another program; the kernel did not kill it for lack of memory" in last(folder, State).reason
    )
    wait_until_it_is_gone(folder)

    (group / limit).write_text("200000000")  # TensorFlow needs more to load
    with Terminal((*GAN_TUI, "attach", str(folder.path))) as terminal:
        terminal.wait_for(lambda: "Press r" in terminal.words())
        resumed(folder, preexec_fn=enter)
        trainer = wait_for_a_trainer(folder)
        wait_for(lambda: is_gone(trainer))
        died = time.monotonic()
        terminal.wait_for(lambda: "by the system because memory ran out" in terminal.words())
        took = max(0.0, terminal.read_at - died)
    assert took < 5 * WITHIN
    proved(f"a kill for lack of memory told from one by a person, on the screen within {took:.2f} s")


# An exception ------------------------------------------------------------------------------------------------

FAULT = """
import os, sys
if "gan_tui.training.trainer" in sys.orig_argv:
    os.environ.update(TF_CPP_MIN_LOG_LEVEL="2", KERAS_BACKEND="tensorflow")
    from gan_tui.training.models.steps import Steps
    run, calls = Steps.run, []
    def faulty(self, k):
        calls.append(k)
        if len(calls) == 20:
            lives = open({counted!r}, "a+")
            lives.write("x")
            raise ({errors})[lives.tell() - 1]
        return run(self, k)
    Steps.run = faulty
"""
FAULTS = {
    'RuntimeError("the moon is full")': "RuntimeError: the moon is full",
    "__import__('tensorflow').errors.ResourceExhaustedError(None, None, 'OOM')": "not enough memory; close",
}


@pytest.mark.prove
@pytest.mark.parametrize("turned", [False, True])
def test_an_exception_in_a_step_is_explained_and_restarted(
    turned: bool, runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_length: bool, proved: Proved
) -> None:
    """One before it is restarted, the other after."""
    if turned and not at_length:
        pytest.skip("make promises does it")
    (error, words), (other, other_words) = list(FAULTS.items())[:: -1 if turned else 1]
    fault = FAULT.format(errors=f"{error}, {other}", counted=str(tmp_path / "lives"))
    (tmp_path / "sitecustomize.py").write_text(fault)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}")
    ended = gan_tui("train", "xor", "--plain", "--restarts", "1", "--steps", ENDLESS)
    assert ended.returncode == 1
    alerts = [line for line in ended.stdout.splitlines() if line.startswith("WARNING")]
    assert len(alerts) == 1 and words in alerts[0]
    assert alerts[0].endswith("Restarted, without a checkpoint, from its first step, 1 of 1.")
    assert re.search(rf"\nFailed at step [\d,]+: {re.escape(other_words)}", ended.stdout)
    assert "Traceback" not in ended.stdout
    proved(f"{words} in a step: said, restarted once; {other_words} in another: said")


# Restarts ---------------------------------------------------------------------------------------------------


def test_it_is_restarted_as_often_as_was_asked_and_no_more(runs: Path) -> None:
    folder = started("xor", "--steps", ENDLESS, "--restarts", "2")
    before = 0
    for _ in range(3):
        trainer = wait_for_a_trainer(folder, before)
        before = trainer.pid
        trainer.kill()
    wait_until_it_is_gone(folder)
    alerts = [alert.text for alert in events_of(folder, Alert)]
    assert [text.rpartition(", from ")[2] for text in alerts] == [f"its first step, {n} of 2." for n in (1, 2)]
    assert all(text.startswith("The trainer was killed (SIGKILL)") for text in alerts)
    assert state(folder) == "failed"
    assert "restarts = 2" in folder.preset_file.read_text(), "kept for a resume"


@pytest.mark.prove
def test_a_restarted_run_goes_on_from_its_last_checkpoint(runs: Path, trials: Trials, proved: Proved) -> None:
    many = trials(1, 20)
    folder = started("xor", "--steps", ENDLESS, "--restarts", str(many))
    with Terminal((*GAN_TUI, "attach", str(folder.path))) as terminal:
        for nth in range(many):
            wait_until_it_trains(folder)
            saved = int(Path(done("save", folder.name)).name)
            before = step(folder)
            wait_for(lambda: step(folder) > before, 10)  # noqa: B023
            trainer = trainer_of(folder.path)
            trainer.kill()
            terminal.wait_for(lambda: f"checkpoint, {nth + 1} of {many}" in terminal.words(), 5 * WITHIN)  # noqa: B023
            wait_for_a_trainer(folder, trainer.pid)
            wait_for(lambda: len(events_of(folder, Resumed)) == nth + 1, START_SECONDS)  # noqa: B023
            assert events_of(folder, Resumed)[-1] == Resumed(saved)
    wait_until_it_trains(folder)
    done("stop", folder.name)
    steps = seen_steps(folder)
    assert steps == list(range(1, len(steps) + 1)), "every step once, through it all"
    proved(
        f"{many} kills: {many} restarts from the last checkpoint, said on the screen, {len(steps):,} steps each once"
    )


def seen_steps(folder: RunFolder) -> list[int]:
    """The steps that a reader of the whole log has in the end."""
    seen: list[int] = []
    for event in events_of(folder):
        if isinstance(event, Resumed):
            seen = [step for step in seen if step <= event.from_step]
        elif isinstance(event, Metrics):
            seen += event.steps
    return seen


def test_a_stop_wins_over_a_restart(runs: Path, trials: Trials, proved: Proved) -> None:
    many = trials(2, 10)
    for nth in range(many):
        folder = started("xor", "--steps", ENDLESS, "--restarts", "1000")
        trainer = wait_for_a_trainer(folder)
        time.sleep(nth * 0.2)
        if nth % 2:
            trainer.suspend()  # it cannot obey before it dies
            supervisor_of(folder).terminate()
            time.sleep(0.2)
            trainer.kill()
        else:
            trainer.kill()
            supervisor_of(folder).terminate()
        wait_until_it_is_gone(folder, 20)
        assert state(folder) in ("stopped", "failed")
    proved(f"{many} stops beside a death: {many} runs ended")
