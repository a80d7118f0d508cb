"""How scripts end, and what their runs say of it afterwards: real processes, one for each end."""

import signal
from pathlib import Path

import pytest

from gan_tui.run.commands import Command
from gan_tui.supervision.control_client import ask
from scripts import Script, state, whole

LOOP = """
    import gan_tui, time
    run = gan_tui.Run("night")
    for step in run.steps(1_000_000):
        run.log(loss=1 / step)
        if step == 3:
            print("begun", flush=True)
        time.sleep(0.01)
"""
"""Trains until somebody ends it."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("last_line", "code", "ends", "reason"),
    [
        ("", 0, "finished", ""),
        ("raise ValueError('shapes do not fit\\n(3, 4)')", 1, "failed", "ValueError: (3, 4)."),
        ("import sys; sys.exit(0)", 0, "finished", ""),
        ("import sys; sys.exit(3)", 3, "failed", "The script has ended itself: its exit code was 3."),
        ("exit(3)", 3, "failed", "The script has ended itself: its exit code was 3."),
        ("quit('no data')", 1, "failed", "The script has ended itself: no data."),
        ("exit()", 0, "finished", ""),
        ("try: exit(3)\nexcept SystemExit: run.log(loss=0.5, step=1); run.text('a', 'b')", 0, "finished", ""),
        ("import sys; sys.exit('no data')", 1, "failed", "The script has ended itself: no data."),
        (
            "import sys\ntry: sys.exit(3)\nexcept SystemExit: run.log(loss=0.5, step=1); run.text('a', 'b')",
            0,
            "finished",
            "",
        ),
        ("raise KeyboardInterrupt", -signal.SIGINT, "stopped", "interrupted (Ctrl-C)"),
        ("run.close('failed', 'diverged')", 0, "failed", "diverged"),
    ],
)
def test_how_a_script_ends_is_how_its_run_does(
    started: type[Script], last_line: str, code: int, ends: str, reason: str
) -> None:
    script = started(f"import gan_tui; run = gan_tui.Run('night'); run.log(loss=0.5)\n{last_line}")
    assert script.ended()[0] == code
    run = state(script.run())
    assert (run.state, run.reason, run.step) == (ends, reason, 1)
    assert not script.run().is_held()


def test_an_exception_is_printed_as_ever_and_a_hook_of_the_scripts_own_is_called(started: type[Script]) -> None:
    script = started(
        """
        import gan_tui, sys
        sys.excepthook = lambda kind, error, trace: print("mine:", error, file=sys.stderr)
        with gan_tui.Run("night") as run:
            run.log(loss=0.5)
            raise RuntimeError("no more")
        """
    )
    code, out, err = script.ended()
    assert (code, out, err) == (1, "", "mine: no more\n")
    assert state(script.run()).reason == "RuntimeError: no more."


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (signal.SIGINT, "interrupted (Ctrl-C)"),
        (signal.SIGTERM, "ended by SIGTERM"),
        (signal.SIGHUP, "ended by SIGHUP"),
    ],
)
def test_a_signal_ends_a_script_as_ever_and_its_run_says_so(
    started: type[Script], number: signal.Signals, reason: str
) -> None:
    script = started(LOOP)
    assert script.line() == "begun"
    script.process.send_signal(number)
    assert script.ended()[0] == -number
    run = state(script.run())
    assert (run.state, run.reason) == ("stopped", reason)
    assert run.step >= 3


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_paused_script_is_ended_by_signals_as_well(started: type[Script], number: signal.Signals) -> None:
    script = started(LOOP)
    script.line()
    assert ask(script.run(), Command("pause"), 5).ok
    script.process.send_signal(number)
    assert script.ended()[0] == -number
    assert state(script.run()).state == "stopped"
    assert not script.run().is_held()


def test_a_signal_that_the_script_handles_is_its_own(started: type[Script]) -> None:
    script = started(
        """
        import gan_tui, signal, time
        ends = []
        signal.signal(signal.SIGTERM, lambda *_: ends.append(1))
        run = gan_tui.Run("night")
        print("begun", flush=True)
        while not ends:
            time.sleep(0.01)
        print("saved")
        """
    )
    script.line()
    script.process.terminate()
    assert script.ended() == (0, "saved\n", "")
    assert state(script.run()).state == "finished"


def test_a_run_that_nobody_has_any_more_is_over(started: type[Script]) -> None:
    script = started(
        """
        import gan_tui
        run = gan_tui.Run("night")
        run.log(loss=0.5)
        run = gan_tui.Run("day")  # as a cell of a notebook that is run again
        print(open(f"{run.path}/../night/events.jsonl").read().count('"finished"'))
        """
    )
    assert script.ended() == (0, "1\n", "")


def test_the_script_is_left_as_it_was(started: type[Script]) -> None:
    """Random states, folder, streams, hooks, threads that would keep it from ending, warnings."""
    script = started(
        """
        import os, random, signal, sys, threading, warnings
        import numpy as np
        random.seed(1); np.random.seed(1)
        before = random.getstate(), np.random.get_state()[1].tolist(), os.getcwd(), sys.stdout, sys.excepthook, \
            signal.getsignal(signal.SIGINT), threading.excepthook, os.umask(0o22)
        warnings.simplefilter("error")
        import gan_tui
        run = gan_tui.Run("night", config={"seed": 1})
        for step in run.steps(3):
            run.log(loss=0.5)
            run.image("wall", np.zeros((4, 4)))
            run.histogram("weights", np.zeros(4))
        run.close()
        after = random.getstate(), np.random.get_state()[1].tolist(), os.getcwd(), sys.stdout, sys.excepthook, \
            signal.getsignal(signal.SIGINT), threading.excepthook, os.umask(0o22)
        print([a == b for a, b in zip(before, after)])
        """
    )
    assert script.ended() == (0, f"{[True] * 8}\n", "")


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="what is open is told by Linux alone")
def test_runs_that_have_ended_leave_nothing_open(started: type[Script]) -> None:
    script = started(
        """
        import gan_tui, gc, os, threading
        def left():
            gc.collect()
            return len(os.listdir("/proc/self/fd")), threading.active_count()
        def run(ends):
            run = gan_tui.Run("night")
            run.log(loss=0.5)
            run.image("wall", [[0, 1]])
            if ends:
                run.close()
        run(True)
        before = left()
        for number in range(6):
            run(number % 2)
        print(before == left())
        """
    )
    assert script.ended() == (0, "True\n", "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_was_logged_before_a_signal_is_kept_also_while_it_is_being_read(
    started: type[Script], number: signal.Signals
) -> None:
    """From a device, say, which takes a while to answer."""
    script = started(
        """
        import gan_tui, time
        class Slow:
            def __float__(self):
                print("asked", flush=True)
                time.sleep(0.3)
                return 0.5
        run = gan_tui.Run("night")
        run.log(loss=0.25)
        run.log(loss=Slow())
        run.text("note", "writes what was logged")
        time.sleep(20)
        """
    )
    assert script.line() == "asked"
    script.process.send_signal(number)
    assert script.ended()[0] == -number
    ended = whole(script.run())
    assert (ended.state, ended.series["loss"].values.tolist()) == ("stopped", [0.25, 0.5])
