"""What a script's run obeys, asked through its socket while a thread trains."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import gan_tui
from gan_tui.errors import UserError
from gan_tui.run.commands import Command
from gan_tui.run.events import Checkpoint, Setting, Started, State
from gan_tui.run.folder import RunFolder
from gan_tui.supervision.control_client import ask
from scripts import events, state, until, whole


class Training:
    """A loop in a thread of its own."""

    def __init__(self, run: gan_tui.Run, loop: Callable[[gan_tui.Run], object]) -> None:
        self.run, self.done = run, 0
        assert run.path is not None
        self.folder = RunFolder(run.path)
        self.thread = threading.Thread(target=loop, args=(run,))
        self.thread.start()

    def ask(self, name: str, **more: Any) -> tuple[bool, str]:
        reply = ask(self.folder, Command(name, **more), 5)
        return reply.ok, reply.text

    def end(self) -> None:
        with suppress(UserError):  # it has ended already
            self.ask("stop")
        self.thread.join()
        self.run.close()


def by_steps(run: gan_tui.Run) -> None:
    for step in run.steps(1_000_000):
        run.log(loss=1 / step)
        time.sleep(0.001)


def by_few_steps(run: gan_tui.Run) -> None:
    for step in run.steps(300):
        run.log(loss=1 / step)
        time.sleep(0.001)


def by_log(run: gan_tui.Run) -> None:
    """As who has a loop of their own, and logs twice a step."""
    step = 0
    while not run.stopping:
        step += 1
        run.log(loss=1 / step, step=step)
        run.log(accuracy=1 - 1 / step, step=step)
        time.sleep(0.001)
    run.close()


@pytest.fixture
def training() -> Iterator[Callable[..., Training]]:
    begun: list[Training] = []

    def begin(loop: Callable[[gan_tui.Run], object] = by_steps, **settings: Any) -> Training:
        begun.append(Training(gan_tui.Run("night", **settings), loop))
        return begun[-1]

    yield begin
    for training in begun:
        training.end()


def last_step(folder: RunFolder) -> int:
    return state(folder).step


@pytest.mark.slow
@pytest.mark.parametrize("loop", [by_steps, by_log])
def test_it_pauses_takes_single_steps_and_goes_on(
    training: Callable[..., Training], loop: Callable[[gan_tui.Run], object]
) -> None:
    begun = training(loop)
    ok, text = begun.ask("pause")
    paused_at = last_step(begun.folder)
    assert (ok, text) == (True, f"paused at step {paused_at}")
    time.sleep(0.05)
    assert (state(begun.folder).state, last_step(begun.folder)) == ("paused", paused_at)
    assert begun.ask("step") == (True, f"paused at step {paused_at + 1}")
    assert begun.ask("step", steps=7) == (True, f"paused at step {paused_at + 8}")
    assert whole(begun.folder).series["loss"].steps.tolist() == list(range(1, paused_at + 9))
    assert begun.ask("resume") == (True, f"training from step {paused_at + 8}")
    ok, text = begun.ask("stop")
    begun.thread.join()
    assert (ok, text) == (True, f"stopped at step {begun.run.step}")


def test_a_stop_ends_the_loop_and_the_run_says_so(training: Callable[..., Training]) -> None:
    begun = training(lambda run: (by_steps(run), run.close()))
    ok, text = begun.ask("stop")
    begun.thread.join()
    run = state(begun.folder)
    assert (ok, text, run.state, run.reason) == (True, f"stopped at step {run.step}", "stopped", "asked to stop")
    assert not begun.folder.is_held()
    with pytest.raises(UserError, match=r"not running|has ended|no longer"):
        begun.ask("pause")


@pytest.mark.slow
def test_a_run_that_is_stopped_saves_what_it_has_trained(training: Callable[..., Training]) -> None:
    begun = training(by_steps, on_save=lambda folder: (folder / "weights").write_text("1"))
    ok, text = begun.ask("stop")
    begun.thread.join()
    (saved,) = events(begun.folder, Checkpoint)
    assert (ok, text, saved.why) == (True, f"stopped at step {saved.step}", "stop")
    assert (begun.folder.path / saved.folder / "weights").read_text() == "1"


def test_a_run_that_is_stopped_and_cannot_save_says_so_and_stops(training: Callable[..., Training]) -> None:
    def fails(folder: Path) -> None:
        raise RuntimeError("no room")

    begun = training(by_steps, on_save=fails)
    assert begun.ask("stop")[0]
    begun.thread.join()
    begun.run.close()
    found = state(begun.folder)
    assert found.state == "stopped" and not found.checkpoints
    assert [alert.text for alert in found.alerts] == ["Cannot save a checkpoint: RuntimeError: no room."]


def test_a_paused_run_can_be_stopped(training: Callable[..., Training]) -> None:
    begun = training(lambda run: (by_steps(run), run.close()))
    _, paused = begun.ask("pause")
    assert begun.ask("stop") == (True, paused.replace("paused", "stopped"))


def test_a_save_is_a_folder_complete_or_absent(training: Callable[..., Training]) -> None:
    given: list[Path] = []

    def on_save(folder: Path) -> None:
        given.append(folder)
        assert not list(folder.iterdir())
        (folder / "part").mkdir()
        (folder / "part" / "weights.npy").write_bytes(b"weights")
        if len(given) == 3:
            raise RuntimeError("CUDA error\nout of memory")

    begun = training(on_save=on_save)
    begun.ask("pause")
    ok, place = begun.ask("save")
    name = f"checkpoints/{last_step(begun.folder):09d}"
    assert (ok, place) == (True, name)
    assert begun.ask("save") == (True, name)  # again at the same step: it is replaced
    assert begun.ask("save") == (False, "Cannot save a checkpoint: RuntimeError: out of memory.")
    kept = begun.folder.path / name
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]
    assert (kept / "part" / "weights.npy").read_bytes() == b"weights"
    saved = [event for event in events(begun.folder, Checkpoint) if isinstance(event, Checkpoint)]
    assert [event.folder for event in saved] == [name] * 2
    assert state(begun.folder).state == "paused"


def test_a_save_that_writes_nothing_is_none(training: Callable[..., Training]) -> None:
    begun = training(on_save=lambda folder: None)
    assert begun.ask("save") == (
        False,
        "Cannot save a checkpoint: ValueError: on_save has written nothing into the folder that it was given.",
    )
    assert not list(begun.folder.checkpoints.iterdir())


def test_settings_are_set_by_the_script(training: Callable[..., Training]) -> None:
    rates: list[float] = []

    def set_rate(value: Any) -> str:
        rates.append(float(value))
        return f"learning rate is {value}"

    def loop(run: gan_tui.Run) -> None:
        run.setters["learning_rate"] = set_rate
        by_steps(run)

    begun = training(loop)
    assert begun.ask("set", setting="learning_rate", value=0.01) == (True, "learning rate is 0.01")
    assert begun.ask("set", setting="learning_rate", value="much") == (
        False,
        "Cannot set learning_rate: ValueError: could not convert string to float: 'much'.",
    )
    assert begun.ask("set", setting="batch", value=1) == (
        False,
        'This script cannot set "batch"; it can set learning_rate.',
    )
    assert rates == [0.01]
    assert events(begun.folder, Setting) == [Setting("learning_rate", 0.01, _step(begun))]
    run = state(begun.folder)
    assert run.obeys("set")
    assert list(run.settable) == ["learning_rate"]


def _step(begun: Training) -> int:
    setting = events(begun.folder, Setting)[0]
    assert isinstance(setting, Setting)
    return setting.step


def test_what_it_cannot_do_is_not_among_its_commands(training: Callable[..., Training]) -> None:
    begun = training()
    until(lambda: events(begun.folder, Started))
    run = state(begun.folder)
    assert [name for name in ("pause", "resume", "step", "stop", "save", "set") if run.obeys(name)] == [
        "pause", "resume", "step", "stop",
    ]  # fmt: skip
    assert begun.ask("save") == (False, "This script has nothing that saves: give gan_tui.Run an on_save.")


def test_every_rank_must_end_together_so_one_alone_is_not_stopped(
    training: Callable[..., Training], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RANK", "0")
    monkeypatch.setenv("WORLD_SIZE", "2")
    begun = training(lambda run: [by_few_steps(run), run.close()])
    assert not state(begun.folder).obeys("stop")
    ok, text = begun.ask("stop")
    begun.thread.join()
    assert (ok, state(begun.folder).state, begun.run.step) == (False, "finished", 300)
    assert text.startswith("This training has 2 processes, and the others would wait for this one")


@pytest.mark.slow
def test_who_asked_to_save_hears_it_when_that_is_interrupted_and_the_script_goes_on(
    training: Callable[..., Training],
) -> None:
    def interrupted(folder: Path) -> None:
        raise KeyboardInterrupt

    def loop(run: gan_tui.Run) -> None:
        run.on_save = interrupted
        with suppress(KeyboardInterrupt):
            by_steps(run)
        by_steps(run)

    begun = training(loop)
    until(lambda: state(begun.folder).obeys("save"))
    assert begun.ask("save") == (False, "Saving was interrupted (Ctrl-C); nothing was kept of it.")
    until(lambda: state(begun.folder).state == "training")


def test_states_follow_each_other(training: Callable[..., Training]) -> None:
    begun = training(lambda run: (by_steps(run), run.close()))
    begun.ask("pause")
    begun.ask("resume")
    begun.ask("stop")
    begun.thread.join()
    told = [event.state for event in events(begun.folder, State) if isinstance(event, State)]
    assert told == ["starting", "training", "paused", "training", "stopped"]


def test_where_several_steps_are_taken_at_once_so_many_are_taken_as_were_asked_for_or_a_few_more() -> None:
    def by_ten(run: gan_tui.Run) -> None:
        for step in range(10, 1_000_000, 10):
            run.log_many([step], {"loss": [1 / step]})
            run.obey(10)
            if run.stopping:
                return run.close()
            time.sleep(0.001)

    training = Training(gan_tui.Run("lots"), by_ten)
    try:
        assert training.ask("pause")[0]
        paused = training.run.step
        assert training.ask("step", steps=25) == (True, f"paused at step {paused + 30}")
        assert training.ask("step") == (True, f"paused at step {paused + 40}")
    finally:
        training.end()
