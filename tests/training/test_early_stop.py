"""A start that is asked to stop before training begins, wherever it is just then."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from files import old_run
from gan_tui import presets
from gan_tui.run.commands import Command, Reply
from product import state_of

STARTS = """
import os, signal, sys
from gan_tui.training import trainer
from gan_tui.training.command_pipe import StoppedEarly

def interrupted(folder, pipe, inspecting, log, loaded):
    pipe.obey_signals()
    try:
        os.kill(os.getpid(), signal.SIGTERM)
    except StoppedEarly:  # as libraries do that run Python while they load
        raise ImportError("cannot load module more than once per process")

trainer._train = interrupted
sys.exit(trainer.main())
"""


FAILS = """
import sys, time
from gan_tui.errors import UserError
from gan_tui.training import trainer

def failed(folder, pipe, inspecting, log, loaded):
    pipe.obey_signals()
    while pipe._waiting.empty():  # as it has been for seconds once TensorFlow is loaded
        time.sleep(0.01)
    raise UserError("No checkpoint is sound.")

trainer._train = failed
sys.exit(trainer.main())
"""


def test_what_loading_makes_of_a_stop_is_no_failure(tmp_path: Path) -> None:
    folder = presets.new_run(presets.find("xor"), tmp_path)
    place, (commands, supervisor), (heard, answers) = os.open(folder.path, os.O_RDONLY), os.pipe(), os.pipe()
    command = [sys.executable, "-c", STARTS, str(folder.path), "train", str(place), str(answers)]
    ended = subprocess.run(command, stdin=commands, capture_output=True, pass_fds=(place, answers), timeout=60)
    for descriptor in (place, commands, supervisor, heard, answers):
        os.close(descriptor)
    state = state_of(folder)
    assert (ended.returncode, state.state, state.reason) == (0, "stopped", "asked to stop")


@pytest.mark.parametrize("trained", [False, True])
def test_a_stop_is_answered_with_where_the_run_would_have_gone_on(trained: bool, tmp_path: Path) -> None:
    folder = old_run("stopped", "xor", tmp_path) if trained else presets.new_run(presets.find("xor"), tmp_path)
    place, (commands, supervisor), (heard, answers) = os.open(folder.path, os.O_RDONLY), os.pipe(), os.pipe()
    command = [sys.executable, "-c", STARTS, str(folder.path), "train", str(place), str(answers)]
    subprocess.run(command, stdin=commands, capture_output=True, pass_fds=(place, answers), timeout=60)
    os.close(answers)
    told = "stopped before it went on from step 240" if trained else "stopped before training began"
    assert os.read(heard, 4096) == Reply(0, True, told).to_line()
    for descriptor in (place, commands, supervisor, heard):
        os.close(descriptor)


def test_a_run_that_cannot_be_opened_for_viewing_answers_why(tmp_path: Path) -> None:
    folder = presets.new_run(presets.find("xor"), tmp_path)
    place, (commands, supervisor), (heard, answers) = os.open(folder.path, os.O_RDONLY), os.pipe(), os.pipe()
    os.write(supervisor, Command("set", id=7, setting="image", value=1).to_line())
    command = [sys.executable, "-c", FAILS, str(folder.path), "inspect", str(place), str(answers)]
    ended = subprocess.run(command, stdin=commands, capture_output=True, pass_fds=(place, answers), timeout=60)
    assert ended.returncode == 1 and ended.stderr == b"failed: No checkpoint is sound.\n"
    os.close(answers)
    assert os.read(heard, 4096) == Reply(7, False, "No checkpoint is sound.").to_line()
    for descriptor in (place, commands, supervisor, heard):
        os.close(descriptor)
    assert not folder.events_file.read_bytes(), "what a run was before it was looked at, it stays"
