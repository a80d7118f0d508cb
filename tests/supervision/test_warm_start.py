"""A warm start: TensorFlow loads while a person chooses, and nothing of it is left when they do not."""

import signal
import time
from pathlib import Path

import psutil
import pytest

from gan_tui import presets
from gan_tui.run.events import Metrics, State
from gan_tui.run.folder import RunFolder
from gan_tui.run.handover import WARM
from gan_tui.supervision.warm_start import WarmStart, WarmSupervisor
from product import START_SECONDS, done, events_of, state_of, wait_for, wait_until_it_trains
from pty_terminal import GAN_TUI, Terminal, end_runs, processes_of
from recorded import recorded_run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
SUPERVISOR, TRAINER = "gan_tui.supervision.supervisor", "gan_tui.training.trainer"


@pytest.fixture(autouse=True)
def with_warm_starts(monkeypatch: pytest.MonkeyPatch, runs: Path):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("GAN_TUI_PREPARE", "1")
    yield
    end_runs(runs)


def waiting(runs: Path, module: str) -> psutil.Process | None:
    found = (process for process in processes_of(runs) if {module, WARM} <= set(process.cmdline()))
    return next(found, None)


def opened_menu(runs: Path) -> Terminal:
    """A menu whose trainer is on its way."""
    terminal = Terminal(GAN_TUI)
    terminal.choose("xor")
    wait_for(lambda: waiting(runs, TRAINER))
    return terminal


def prepared_menu(runs: Path) -> Terminal:
    """A menu whose trainer is there: it says nothing, but it does nothing any more once all is loaded."""
    terminal = opened_menu(runs)
    trainer = waiting(runs, TRAINER)
    assert trainer is not None
    wait_for(lambda: trainer.memory_info().rss > 3e8 and trainer.cpu_percent(0.3) < 5, START_SECONDS)
    return terminal


def values_of(folder: RunFolder) -> dict[str, list[float]]:
    values: dict[str, list[float]] = {}
    for event in events_of(folder, Metrics):
        for name, some in event.values.items():
            values.setdefault(name, []).extend(some)
    return values


@pytest.mark.prove
def test_a_run_begins_soon_in_the_process_that_waited_and_is_the_same_as_any_other(
    runs: Path, own_presets: Path
) -> None:
    """A pair: it has all kinds of random numbers."""
    bundled = (presets.bundled_folder() / "gan.toml").read_text()
    (own_presets / "short.toml").write_text(bundled.replace("epochs = 200", "steps = 8"))
    with prepared_menu(runs) as terminal:
        trainer, supervisor = waiting(runs, TRAINER), waiting(runs, SUPERVISOR)
        terminal.choose("short")
        terminal.type("\r")
        terminal.wait_for("✓ finished")
    assert trainer is not None and supervisor is not None
    wait_for(lambda: not trainer.is_running() and not supervisor.is_running())
    folder = RunFolder(runs / "short-1")
    assert [event.reason for event in events_of(folder, State)][:2] == [
        "Loading TensorFlow",
        "Reading the data set mnist",
    ]
    done("train", "short", "--plain", "--name", "cold")
    assert values_of(folder) == values_of(RunFolder(runs / "cold"))
    cold = (runs / "cold" / "preset.toml").read_text()
    assert (folder.path / "preset.toml").read_text() == cold


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_waits_any_more_once_the_menu_was_ended(runs: Path, how: signal.Signals, at_length: bool) -> None:
    if how == signal.SIGTERM and not at_length:
        pytest.skip("make promises does it")
    with prepared_menu(runs) as terminal:
        terminal.process.send_signal(how)
        terminal.wait_for_exit()
        wait_for(lambda: not processes_of(runs))


def test_hanging_up_does_not_matter_to_what_waits_either(runs: Path) -> None:
    """systemd sends SIGHUP right after SIGTERM to all that a session has left."""
    supervisor = WarmSupervisor(runs)
    wait_for(lambda: waiting(runs, TRAINER))
    trainer = waiting(runs, TRAINER)
    assert trainer is not None
    trainer.send_signal(signal.SIGHUP)
    time.sleep(0.3)
    assert trainer.status() != psutil.STATUS_ZOMBIE
    supervisor.discard()


def test_nothing_waits_while_a_run_is_looked_at_nor_once_the_menu_was_left(runs: Path) -> None:
    recorded_run(runs, "xor", 50)
    with opened_menu(runs) as terminal:
        terminal.type("\t\r")
        terminal.wait_for("✓ finished")
        wait_for(lambda: not processes_of(runs))
        terminal.type("\x1b")
        wait_for(lambda: waiting(runs, TRAINER))
        terminal.wait_for("e Settings")
        terminal.type("q")
        terminal.wait_for_exit()
        wait_for(lambda: not processes_of(runs))


@pytest.mark.prove
@pytest.mark.parametrize("victims", [(TRAINER,), (SUPERVISOR, TRAINER), (SUPERVISOR,)])
def test_a_run_starts_all_the_same_when_what_waited_was_killed(
    runs: Path, victims: tuple[str, ...], at_length: bool
) -> None:
    if SUPERVISOR in victims and not at_length:
        pytest.skip("make promises does it")
    with prepared_menu(runs) as terminal:
        found = [waiting(runs, module) for module in victims]
        for process in found:
            assert process is not None
            process.kill()
        terminal.type("\r")
        terminal.wait_for("✓ finished", START_SECONDS)


@pytest.mark.prove
def test_a_death_of_a_trainer_that_had_waited_is_explained_and_the_run_starts_again(runs: Path) -> None:
    with prepared_menu(runs) as terminal:
        trainer = waiting(runs, TRAINER)
        terminal.choose("gan")
        terminal.type("\r")
        folder = RunFolder(runs / "gan-1")
        wait_until_it_trains(folder, 3)
        done("save", "gan-1")
        assert trainer is not None
        trainer.kill()
        wait_for(lambda: "SIGKILL" in terminal.words())
        terminal.type("r")
        terminal.wait_for("▶ training", START_SECONDS)
        wait_until_it_trains(folder, state_of(folder).step)
        assert "Traceback" not in folder.trainer_log.read_text()
        done("stop", "gan-1")


def test_who_wants_none_has_none(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAN_TUI_PREPARE", "0")
    with Terminal(GAN_TUI) as terminal:
        terminal.wait_for("q Quit")
        terminal.pump(2)
        assert not processes_of(runs)


def test_what_got_no_run_is_kept_for_the_next_one_and_ends_with_the_menu(runs: Path) -> None:
    warm_start = WarmStart(runs)
    warm_start.begin()
    taken = warm_start.take()
    assert taken is not None
    warm_start.put_back(taken)  # the run could not be started
    warm_start.begin()
    assert warm_start.take() is taken, "and no second one was begun"
    warm_start.close()
    warm_start.put_back(taken)
    wait_for(lambda: not processes_of(runs))


def test_enter_before_anything_is_loaded_starts_the_run_all_the_same(runs: Path) -> None:
    with opened_menu(runs) as terminal:
        terminal.type("\r")
        terminal.wait_for("✓ finished", START_SECONDS)
    assert len(events_of(RunFolder(runs / "xor-1"), State)) > 3
