"""What a screen asks of a run: in order, without waiting, and not for longer than anybody looks."""

import os
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from gan_tui import presets
from gan_tui.dashboard.run_requests import MOST_UNANSWERED, RunRequests
from gan_tui.run import control_server
from gan_tui.run.commands import Command, Reply
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import control_client, launching
from product import wait_for
from serving import Serving


@pytest.fixture
def folder(runs: Path) -> RunFolder:
    return presets.new_run(presets.find("xor"), runs)


def test_what_is_asked_fast_arrives_in_its_order(
    serving: Serving, folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected, delays = control_client._connected, iter((0.2, 0.1))

    def slowly(folder: RunFolder) -> object:
        time.sleep(next(delays, 0))
        return connected(folder)

    monkeypatch.setattr(control_client, "_connected", slowly)
    replies: list[Reply] = []
    requests = RunRequests(folder, lambda command, reply: replies.append(reply))
    strokes = [[[0.1 * n, 0.5, n % 2]] for n in range(5)]
    for stroke in strokes:
        requests.ask(Command("set", setting="points", value=stroke))
    requests.close()  # what was asked before is still sent
    wait_for(lambda: len(replies) == 5)
    assert [command.value for command in serving.commands] == strokes
    assert all(reply.ok for reply in replies)


def test_a_command_that_takes_long_keeps_no_other_from_being_sent(serving: Serving, folder: RunFolder) -> None:
    serving.behave = lambda command: serving.do_it(command) if command.name == "stop" else None
    replies: list[str] = []
    requests = RunRequests(folder, lambda command, reply: replies.append(command.name))
    requests.ask(Command("save"))
    requests.ask(Command("stop"))
    wait_for(lambda: replies == ["stop"])
    assert [command.name for command in serving.commands] == ["save", "stop"]
    requests.close()


def test_a_run_that_is_left_while_it_is_opened_for_viewing_is_let_go_of(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, held = os.pipe()
    opening, go_on = threading.Event(), threading.Event()

    def launch(folder: RunFolder, mode: str) -> object:
        opening.set()
        go_on.wait(5)
        return os.fdopen(held, "wb")

    monkeypatch.setattr(launching, "launch", launch)
    requests = RunRequests(folder, lambda *_: None)
    requests.ask(Command("set", setting="latent", value="new"))
    opening.wait(5)
    requests.close()
    go_on.set()
    assert os.read(seen, 1) == b"", "it is closed: the process that was opened sees that nobody looks"
    os.close(seen)


def test_a_key_held_down_asks_for_no_more_at_once_than_a_run_lets_in(serving: Serving, folder: RunFolder) -> None:
    waiting: list[Command] = []
    serving.behave = waiting.append
    replies: list[Reply] = []
    requests = RunRequests(folder, lambda command, reply: replies.append(reply))
    for _ in range(60):
        requests.ask(Command("set", setting="image", value="next"))
    wait_for(lambda: len(waiting) == MOST_UNANSWERED)
    time.sleep(0.2)
    assert len(waiting) == MOST_UNANSWERED < control_server.MOST_CLIENTS
    serving.behave = serving.do_it
    for command in waiting:
        serving.soon(partial(serving.do_it, command))
    requests.close()
    wait_for(lambda: len(replies) == 60)
    assert all(reply.ok for reply in replies), "the networks may have to be loaded first"


def test_what_waits_for_answers_keeps_neither_a_stop_nor_a_pause_from_being_sent(
    serving: Serving, folder: RunFolder
) -> None:
    waiting: list[Command] = []
    serving.behave = lambda command: waiting.append(command) if command.name == "set" else serving.do_it(command)
    replies: list[tuple[str, object]] = []
    requests = RunRequests(folder, lambda command, reply: replies.append((command.name, command.value)))
    numbers = range(2 * MOST_UNANSWERED)
    for number in numbers:
        requests.ask(Command("set", setting="image", value=number))
    requests.ask(Command("pause"))
    requests.ask(Command("stop"))
    wait_for(lambda: sorted(name for name, _ in replies) == ["pause", "stop"])
    requests.close()
    serving.behave = serving.do_it
    for command in waiting:
        serving.soon(partial(serving.do_it, command))
    wait_for(lambda: sorted(value for name, value in replies if name == "set") == list(numbers))  # type: ignore[type-var]
    sent = [command.value for command in serving.commands if command.name == "set"]
    assert sent == list(numbers), "what was asked last is what lasts"
