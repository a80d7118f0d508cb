"""Whether a run is alive, as far as it can be known here: locks of other machines, and lock files that were copied."""

import itertools
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from files import old_run
from gan_tui.errors import UserError
from gan_tui.run import catalog
from gan_tui.run import lock as run_lock
from gan_tui.run.commands import Command
from gan_tui.run.events import State
from gan_tui.run.folder import RunFolder
from gan_tui.run.follower import Follower
from gan_tui.run.holder import Holder
from gan_tui.run.summaries import summary_of
from gan_tui.supervision import control_client, launching, starting
from gan_tui.system.here import here


@contextmanager
def held(folder: RunFolder, **otherwise: object) -> Iterator[None]:
    """The lock as a supervisor has it; `otherwise` is what its file tells of another place."""
    lock = run_lock.taken(folder.lock_file)
    assert lock is not None
    facts = Holder.facts(run_lock.number(folder.lock_file), folder.path)
    run_lock.describe(lock, {"pid": 1, "mode": "train", "socket": "/nowhere.sock", **facts, **otherwise})
    try:
        yield
    finally:
        os.close(lock)


@pytest.fixture
def training(runs: Path) -> RunFolder:
    """A run whose log says that it trains."""
    folder = old_run("stopped", "xor", runs)
    writer = folder.writer()
    writer.write(State("training"))
    writer.close()
    return folder


def left_by(folder: RunFolder, **otherwise: object) -> RunFolder:
    """The run once it is not seen to be held any more."""
    with held(folder, **otherwise):
        pass
    return folder


def refusal(folder: RunFolder) -> str:
    with pytest.raises(starting.MayBeElsewhereError) as caught:
        starting.restart(folder)
    return str(caught.value)


OTHER = {"host": "node7", "machine": "ab", "boot": "cd"}


def test_a_run_of_this_kernel_whose_lock_is_free_was_killed(training: RunFolder) -> None:
    assert summary_of(left_by(training)).state == "interrupted"
    assert training.standing().about == "the run's processes were killed, or the machine went down"
    other_container = left_by(training, container="mnt:[1]")
    assert other_container.standing().word == "interrupted", "containers of one machine see each other's locks"


def test_a_run_of_this_machine_before_it_was_started_again_is_over(training: RunFolder) -> None:
    machine = here().machine or "the same"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gan_tui.run.holder.here", lambda: here()._replace(machine=machine))
        standing = left_by(training, machine=machine, boot="before").standing()
    assert (standing.word, standing.about) == ("interrupted", "the machine was restarted")


def test_a_run_of_another_machine_may_be_alive_there(training: RunFolder) -> None:
    left_by(training, **OTHER)
    assert summary_of(training).state == "elsewhere"
    about = "it was alive on node7, and whether it still is cannot be seen from here"
    assert training.standing().about == about
    assert refusal(training) == (
        f"xor was not resumed: {about}; stop it there, or train it here all the same: gan-tui resume --here xor."
    )
    with pytest.raises(UserError, match=f"^xor is not running here: {about}; run the command there\\.$"):
        control_client.ask(training, Command("stop"))
    with pytest.raises(UserError, match=r"^xor cannot be asked now: it was alive on node7, "):
        launching.launch(training, "inspect")
    assert not training.is_held(), "nothing was started"


def test_a_machine_called_as_this_one_is_another_where_nothing_says_it_is_the_same(training: RunFolder) -> None:
    left_by(training, machine="", boot="cd")
    assert training.standing().about.startswith(f"it was alive on another machine called {here().host}, ")


def test_a_run_that_ended_in_order_ended_wherever_it_was(runs: Path) -> None:
    folder = left_by(old_run("stopped", "xor", runs), **OTHER)
    assert summary_of(folder).state == "stopped"


@pytest.mark.parametrize(
    ("otherwise", "where"),
    [
        ({"container": "mnt:[1]"}, f"in another container or service of this machine ({here().host})"),
        (OTHER, "on node7"),
    ],
)
def test_a_run_that_is_held_out_of_reach_is_alive_and_said_so(
    otherwise: dict[str, object], where: str, training: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control_client, "CONNECT_SECONDS", 0.1)
    with held(training, **otherwise):
        assert summary_of(training).state == "training"
        with pytest.raises(UserError) as caught:
            control_client.ask(training, Command("stop"))
    assert str(caught.value) == (
        f"xor is alive {where}, where none of its processes can be reached from here; run the command there."
    )


@pytest.mark.parametrize("place", [{}, OTHER])
def test_a_copy_of_a_run_that_trains_is_known_as_one(place: dict[str, str], training: RunFolder, runs: Path) -> None:
    with held(training, **place):
        copy = RunFolder(Path(shutil.copytree(training.path, runs / "copy")))  # keeps times, as cp -a and rsync -a do
    assert summary_of(copy).state == "copied"
    where = "on node7" if place else "on this machine"
    about = f"this is a copy of the run that was in {training.path} {where}, made while it was alive"
    assert refusal(copy) == f"copy was not resumed: {about}; train the copy: gan-tui resume --here copy."
    with pytest.raises(UserError, match="; gan-tui resume --here copy trains the copy"):
        control_client.ask(copy, Command("stop"))


def test_a_run_that_was_moved_is_no_copy(training: RunFolder, runs: Path) -> None:
    left_by(training).path.rename(runs / "better")
    assert summary_of(RunFolder(runs / "better")).state == "interrupted"


def test_a_lock_file_of_an_earlier_version_tells_nothing_of_places(training: RunFolder) -> None:
    training.lock_file.write_bytes(b'{"pid":1,"socket":"/nowhere.sock","mode":"train"}'.ljust(1023) + b"\n")
    assert summary_of(training).state == "interrupted"


def test_who_only_looks_leaves_what_is_known(training: RunFolder) -> None:
    left_by(training, **OTHER)
    before = run_lock.facts(training.lock_file)
    with held(training, mode="inspect", before=before):
        assert not training.is_alive()
    assert training.standing().word == "elsewhere"


@pytest.mark.parametrize("facts", [b'{"host":5,"boot":[],"lock":"7","folder":{}}', b'{"mode":"inspect","before":7}'])
def test_facts_of_any_shape_do_no_harm(facts: bytes, training: RunFolder) -> None:
    training.lock_file.write_bytes(facts)
    assert training.standing().word == "interrupted"


def test_a_run_that_was_just_made_is_starting_until_somebody_has_it_or_nobody_has_come(runs: Path) -> None:
    folder = catalog.create({"name": "xor"}, "xor", runs)
    assert summary_of(folder).shown == "starting"
    with pytest.raises(UserError, match="just being started"):
        control_client.ask(folder, Command("stop"))
    long_ago = time.time() - 60
    os.utime(folder.preset_file, (long_ago, long_ago))
    assert summary_of(folder).shown == "interrupted"
    os.utime(folder.preset_file)
    with held(folder):
        assert summary_of(folder).alive
    assert summary_of(folder).shown == "interrupted", "somebody had it, and was killed"


def test_who_waits_for_a_run_that_was_just_made_goes_on_waiting(runs: Path) -> None:
    folder, looks = catalog.create({"name": "xor"}, "xor", runs), list[str]()
    for news in Follower(folder, clock=itertools.count().__next__, wait=lambda seconds: None).until_end():
        looks.append(news.standing.word)
        if len(looks) == 3:
            long_ago = time.time() - 60
            os.utime(folder.preset_file, (long_ago, long_ago))
    assert looks[:3] == ["starting"] * 3 and looks[-1] == "interrupted"
