"""Worker 0's side of a group, before and after there is one."""

import json
import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gan_tui.errors import UserError
from gan_tui.run.buffered_log import BufferedLog
from gan_tui.run.events import NETWORK, Alert, State
from gan_tui.run.folder import RunFolder
from gan_tui.run.group_start import GroupStart
from gan_tui.system import signals
from gan_tui.training.command_pipe import CommandPipe
from gan_tui.training.group.arrival import Arrival
from gan_tui.training.group.broken import GroupBroken
from gan_tui.training.group.company import Company
from grouped import configs
from training_tasks import preset_with, task_of


class Ended:
    """Others, of whom one has ended."""

    def ended(self) -> dict[int, str]:
        return {1: "ended with exit code 1"}


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Callable[[GroupStart], Company]]:
    """Makes that of a run which is started so."""
    folder, (heard, mouth) = RunFolder(tmp_path), os.pipe()
    log, pipe = BufferedLog(folder), CommandPipe(os.fdopen(heard, "rb"), os.open(os.devnull, os.O_WRONLY))

    def made(start: GroupStart) -> Company:
        start.keep(folder)
        return Company(folder, log, pipe)

    before = {number: signal.getsignal(number) for number in signals.STOPPING}
    yield made
    pipe.begin()  # its end stops nothing that has begun
    for number, handler in before.items():
        signal.signal(number, handler)
    log.close()
    os.close(mouth)


def test_a_refusal_is_told_though_the_other_has_ended_sooner(company: Callable[[GroupStart], Company]) -> None:
    """Both refuse at the same moment, and any of them may be gone first."""
    of_two = company(GroupStart(workers=2))
    of_two._others = Ended()  # type: ignore[assignment]
    refused = UserError("Worker 1 has another version of keras than worker 0.")
    assert of_two.explained(refused) is refused
    assert isinstance(of_two.explained(ChildProcessError("worker 1 has gone")), GroupBroken)


def test_gpus_of_this_machine_join_no_group_that_nobody_has_entered(
    company: Callable[[GroupStart], Company], monkeypatch: pytest.MonkeyPatch
) -> None:
    """TensorFlow would listen for the others of a TF_CONFIG that lies about, and wait for them without a word."""
    monkeypatch.setenv("GAN_TUI_GPUS", "")
    monkeypatch.setenv("TF_CONFIG", configs(2)[0])
    alone = company(GroupStart(gpus="all"))
    alone.gather()
    assert alone.group is None and "TF_CONFIG" not in os.environ


def test_what_must_be_known_is_said_where_a_run_becomes_one_of_a_group(
    company: Callable[[GroupStart], Company], tmp_path: Path
) -> None:
    """And once: those that were said as it began are not said at each start."""
    log, task, of_two = BufferedLog(RunFolder(tmp_path)), task_of(preset_with("xor")), company(GroupStart(workers=2))
    log.write(State("starting", ""), Alert("data", "Trains on four points.", 0))
    ((kind, sentence),) = of_two.to_know(task)
    assert kind == NETWORK and "ask nobody who they are" in sentence
    log.write(Alert(kind, sentence, 0))
    assert of_two.to_know(task) == []
    log.close()


def test_a_name_that_turns_out_to_be_public_is_refused_once_all_are_there(
    company: Callable[[GroupStart], Company], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As those of Kubernetes do, it has no address yet as the group is checked first."""
    tasks = json.loads(configs(2)[0])
    tasks["cluster"]["worker"][1] = "later-box.invalid:2222"
    monkeypatch.setenv("TF_CONFIG", json.dumps(tasks))
    monkeypatch.setenv("GAN_TUI_GROUP", "TF_CONFIG")
    of_two, look_up = company(GroupStart()), socket.getaddrinfo

    def known(host: Any, *how: Any, **more: Any) -> Any:
        return look_up("203.0.113.5" if host == "later-box.invalid" else host, *how, **more)

    def come(arrival: Arrival) -> None:
        monkeypatch.setattr(socket, "getaddrinfo", known)

    monkeypatch.setattr(Arrival, "wait", come)
    with pytest.raises(UserError, match=r"later-box.invalid:2222 \(203.0.113.5\) is a public address"):
        of_two.gather()
