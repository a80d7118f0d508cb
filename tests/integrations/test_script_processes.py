"""Scripts of several processes: data loaders, workers, ranks, and scripts that run at the same time."""

import os
import signal

import pytest

from gan_tui.run.commands import Command
from gan_tui.run.holder import ENDED
from gan_tui.supervision.control_client import ask
from scripts import Script, state, until


def test_a_killed_script_is_known_to_have_ended_also_while_its_data_loaders_live(started: type[Script]) -> None:
    script = started(
        """
        import gan_tui, os, time
        run = gan_tui.Run("night")
        run.log(loss=0.5)
        loader = os.fork()
        if not loader:
            run.log(loss=9.0)
            run.text("note", "written by a loader")
            time.sleep(30)
        time.sleep(0.4)  # until its thread has written
        print(loader, flush=True)
        for step in run.steps(1_000_000, 1):
            run.log(loss=1 / step)
        """
    )
    loader = int(script.line())
    script.process.kill()
    script.process.wait()
    os.kill(loader, 0)  # it lives
    try:
        until(lambda: not script.run().is_held(), 2)
        assert script.run().standing().word == ENDED
        assert (state(script.run()).state, dict(state(script.run()).texts)) == ("training", {})
    finally:
        os.kill(loader, signal.SIGKILL)


def test_a_forked_child_ends_as_ever_and_leaves_the_run_alone(started: type[Script]) -> None:
    script = started(
        """
        import gan_tui, os, sys
        run = gan_tui.Run("night")
        run.log(loss=0.5)
        child = os.fork()
        if not child:
            sys.exit(4)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        child = os.fork()
        if not child:
            import time; time.sleep(20)
        os.kill(child, 15)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        run.log(loss=0.25)
        """
    )
    assert script.ended() == (0, "4\n-15\n", "")
    run = state(script.run())
    assert (run.state, run.step, run.series["loss"].last) == ("finished", 2, 0.25)


@pytest.mark.parametrize("method", ["spawn", "forkserver", "fork"])
def test_processes_that_load_the_script_again_make_no_run(started: type[Script], method: str) -> None:
    script = started(
        f"""
        import gan_tui, multiprocessing
        run = gan_tui.Run("night")
        def twice(number):
            run.log(loss=number)
            return 2 * number
        if __name__ == "__main__":
            with multiprocessing.get_context("{method}").Pool(1) as pool:
                print(pool.map(twice, [1, 2, 3]))
            run.log(loss=0.5)
        """
    )
    assert script.ended() == (0, "[2, 4, 6]\n", "")
    assert [path.name for path in script.runs.iterdir()] == ["night"]
    run = state(script.run())
    assert (run.state, run.step) == ("finished", 1)


def test_a_worker_of_multiprocessing_may_have_a_run_of_its_own(started: type[Script]) -> None:
    script = started(
        """
        import gan_tui, multiprocessing
        def train(name):
            global run
            run = gan_tui.Run(name)
            run.log(loss=0.5)
            1 / (name == "night")
        if __name__ == "__main__":
            own = gan_tui.Run("day")
            for name in ("night", "dawn"):
                process = multiprocessing.get_context("fork").Process(target=train, args=(name,))
                process.start()
                process.join()
        """
    )
    assert script.ended()[:2] == (0, "")
    ends = [(run.state, run.reason) for run in map(state, map(script.run, ("night", "dawn", "day")))]
    assert ends == [("finished", ""), ("failed", "ZeroDivisionError: division by zero."), ("finished", "")]


@pytest.mark.slow
@pytest.mark.parametrize("rank", ["RANK", "OMPI_COMM_WORLD_RANK", "PMI_RANK", "SLURM_PROCID", "LOCAL_RANK"])
def test_of_several_ranks_the_first_alone_has_a_run(started: type[Script], rank: str) -> None:
    text = """
        import gan_tui
        run = gan_tui.Run("night")
        for step in run.steps(3):
            run.log(loss=1 / step)
            run.image("wall", [[0, 1]])
        print(step, run.path)
    """
    first, second = started(text, **{rank: "0"}), started(text, **{rank: "1"})
    assert second.ended() == (0, "3 None\n", "")
    assert first.ended() == (0, f"3 {first.runs / 'night'}\n", "")
    assert [path.name for path in first.runs.iterdir()] == ["night"]


def test_what_the_other_ranks_would_wait_for_until_they_give_up_is_neither_offered_nor_done(
    started: type[Script],
) -> None:
    script = started(
        """
        import gan_tui, time
        run = gan_tui.Run("night", on_save=lambda folder: None)
        run.setters["rate"] = lambda value: None
        for step in run.steps(1_000_000):
            run.log(loss=1 / step)
            if step == 3:
                print("begun", flush=True)
            time.sleep(0.01)
        """,
        WORLD_SIZE="2", RANK="0",
    )  # fmt: skip
    script.line()
    told = state(script.run()).started
    assert told and sorted(told.commands) == ["save", "set"]
    replies = [ask(script.run(), Command(name), 5) for name in ("pause", "step", "stop", "resume")]
    assert [reply.ok for reply in replies] == [False, False, False, True]
    assert {reply.text for reply in replies[:3]} == {
        "This training has 2 processes, and the others would wait for this one until they give up; end all of them "
        "where they were started, with Ctrl-C, to stop it."
    }
    step = state(script.run()).step
    until(lambda: state(script.run()).step > step)


def test_two_scripts_at_once_and_two_runs_in_one_have_names_of_their_own(started: type[Script]) -> None:
    text = """
        import gan_tui
        with gan_tui.Run("night") as first, gan_tui.Run("night") as second:
            for step in first.steps(50):
                first.log(loss=step)
                second.log(loss=-step)
    """
    scripts = [started(text), started(text)]
    assert [script.ended() for script in scripts] == [(0, "", ""), (0, "", "")]
    runs = [state(scripts[0].run(name)) for name in ("night", "night-2", "night-3", "night-4")]
    assert [run.state for run in runs] == ["finished"] * 4
    assert sorted(abs(run.series["loss"].last or 0) for run in runs) == [50] * 4


def test_threads_that_fork_at_once_hold_back_no_signal_afterwards(started: type[Script]) -> None:
    script = started(
        """
        import gan_tui, os, signal, sys, threading
        sys.setswitchinterval(1e-6)
        run = gan_tui.Run("night")
        blocked = []
        def fork():
            for _ in range(60):
                child = os.fork()
                if not child:
                    os._exit(bool(signal.pthread_sigmask(signal.SIG_BLOCK, ())))
                blocked.append(os.waitpid(child, 0)[1])
            blocked.extend(signal.pthread_sigmask(signal.SIG_BLOCK, ()))
        threads = [threading.Thread(target=fork) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(set(blocked))
        """
    )
    assert script.ended() == (0, "{0}\n", "")
