"""Signals that a shell without job control had ignored: who sends one on purpose ends what it is sent to."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from gan_tui.run.folder import RunFolder
from gan_tui.system import signals
from pty_terminal import GAN_TUI
from recorded import held, recorded_run


def test_what_was_ignored_ends_a_process_again_but_for_what_nohup_is_there_for() -> None:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        signals.as_usual()
        found = [signal.getsignal(number) for number in numbers]
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert found == [signal.default_int_handler, signal.SIG_DFL, signal.SIG_DFL, signal.SIG_IGN]


def test_what_others_have_made_of_a_signal_stays() -> None:
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        mine = signal.getsignal(signal.SIGTERM)
        signals.as_usual()
        assert signal.getsignal(signal.SIGTERM) is mine
    finally:
        signal.signal(signal.SIGTERM, before)


@pytest.mark.slow
def test_a_job_in_the_background_of_a_shell_script_ends_when_it_is_interrupted(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    recorded_run(runs, "xor", 10, "training")
    with held(RunFolder(runs / "xor-1")):
        words = 'trap "" INT QUIT TERM; "$@" events xor-1 --follow --json & echo $!; wait $!; echo "it was $?"'
        shell = subprocess.Popen(
            ["sh", "-c", words, "sh", *GAN_TUI], env={**os.environ, "GAN_TUI_RUNS": str(runs)}, text=True,
            stdout=subprocess.PIPE,
        )  # fmt: skip
        assert shell.stdout
        job = int(shell.stdout.readline())
        assert '"type"' in shell.stdout.readline()  # it follows
        time.sleep(0.2)
        os.kill(job, signal.SIGINT)
        assert shell.stdout.read().endswith("it was 130\n")
        shell.wait()
