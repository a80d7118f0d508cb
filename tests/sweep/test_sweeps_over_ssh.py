"""Sweeps through a real sshd: the numbers of one machine. What is lost meanwhile: promise 22."""

import os
import shlex
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from product import START_SECONDS, gan_tui, wait_for
from sshd import Sshd
from sweeping import XOR, a_box, here, numbers, on, sweeping, workers

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]



@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    with a_box(tmp_path_factory.mktemp("box")) as sshd:
        yield sshd


def test_a_worker_is_killed_there_and_the_table_is_that_of_one_machine(box: Sshd, runs: Path) -> None:
    with sweeping(*XOR, "--on", on(box, 2), "--name", "there") as sweep:
        sweep.until("1 of 4")
        workers(box)[0].kill()
        lost = sweep.until("is trained again")
        assert "127.0.0.1: its worker was killed, or the link to it broke" in lost
        assert sweep.ended() == 0, sweep.said
        assert "127.0.0.1 trained 4 and lost 1 worker.\n" in sweep.said
    wait_for(lambda: not workers(box) and not box.sessions(), START_SECONDS)
    there = gan_tui("sweep", *XOR, "--name", "there", "--json")
    assert numbers(there.stdout) == here(*XOR)


# At length ----------------------------------------------------------------------------------------------


@pytest.mark.prove
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_who_is_interrupted_leaves_nobody_there_and_goes_on_here(
    number: signal.Signals, box: Sshd, runs: Path
) -> None:
    with sweeping(*XOR, "--on", on(box, 2), "--name", "there") as sweep:
        sweep.until("1 of 4")
        sweep.process.send_signal(number)
        code = sweep.ended()
    assert code == (-9 if number == signal.SIGKILL else 130), sweep.said
    wait_for(lambda: not workers(box) and not box.sessions(), 30)
    ended = gan_tui("sweep", "--resume", "there", "--on", "local")
    assert ended.returncode == 0 and "were already trained; continuing with the rest" in ended.stdout
    assert "In all, 4 of 4 were trained." in ended.stdout


@pytest.mark.prove
def test_who_lets_nobody_in_is_named_at_once(box: Sshd, runs: Path) -> None:
    prefix = shlex.join(box.prefix())
    strict = prefix.replace("StrictHostKeyChecking=no", "StrictHostKeyChecking=yes")
    nobody = prefix.replace("user_key", "host_key")
    elsewhere = prefix.replace("@127.0.0.1", "@no-such-machine.invalid")
    without = f"{prefix} env PATH=/usr/bin:/bin"
    closed = prefix.replace("-p ", "-p 1 -o Port=")
    program = runs.parent / "gan-tui"
    program.write_text("#!/bin/sh\necho 'gan-tui: sweep-worker is no command' >&2; exit 2\n")
    program.chmod(0o755)
    old = f"{prefix} {program}"
    sentences = {
        strict: "its host key is not known here; run ssh to it once, and confirm it",
        nobody: "it lets nobody in without a password or a key; load yours with ssh-add, or put it there with",
        elsewhere: "there is no machine of that name; check its spelling",
        without: "there is no gan-tui; install it there, or end --on with the path of one: venv/bin/gan-tui",
        closed: "no ssh server answers there; start one, or check the port",
        old: "the gan-tui there is an older one; install the version there that is here",
    }
    for prefix, sentence in sentences.items():
        ended = gan_tui("sweep", *XOR, "--on", prefix, "--name", "there")
        assert ended.returncode == 1
        assert f"is put aside: {sentence}" in ended.stderr
        assert ended.stderr.endswith(
            "gan-tui: No place of --on trains any more; gan-tui sweep --resume there continues with the rest, with "
            "another --on or without any.\n"
        )


@pytest.mark.prove
@pytest.mark.parametrize("prefix", ["env", "sh -c 'exec \"$@\"' --", f"{sys.executable} -m gan_tui", "local"])
def test_whatever_runs_a_command_is_a_place(
    prefix: str, box: Sshd, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{box.folder.parent / 'bin'}:{os.environ['PATH']}")
    ended = gan_tui("sweep", *XOR, "--on", prefix, "--name", "there")
    assert (ended.returncode, ended.stderr) == (0, "")
    there = gan_tui("sweep", *XOR, "--name", "there", "--json")
    assert numbers(there.stdout) == here(*XOR)
