"""Looks at what a person types, some of them at disks that do not answer."""

import threading
import time
from typing import Any

import pytest
from textual.message import Message
from textual.widget import Widget

from gan_tui.dashboard.looks import MOST_SILENT, Looked, Looks, NewestLook


class Told(Widget):
    """Notes what it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.found = list[object]()
        self.heard = threading.Event()

    def post_message(self, message: Message) -> bool:
        if isinstance(message, Looked):
            self.found.append(message.found)
            self.heard.set()
        return True


def silent(disk: threading.Event, begun: threading.Semaphore, answer: str) -> Any:
    def look() -> str:
        begun.release()
        assert disk.wait(10)
        return answer

    return look


def test_the_newest_look_is_told_once_one_of_too_many_disks_answers() -> None:
    told, begun = Told(), threading.Semaphore(0)
    looks = NewestLook(told)
    disks = [threading.Event() for _ in range(MOST_SILENT)]
    for number, disk in enumerate(disks):
        looks.ask(silent(disk, begun, f"disk {number}"))
    assert all(begun.acquire(timeout=5) for _ in disks)
    looks.ask(lambda: "passed over")
    looks.ask(lambda: "newest")
    assert not told.heard.wait(0.05)
    disks[3].set()
    assert told.heard.wait(5) and told.found == ["newest"]
    for disk in disks:
        disk.set()


def test_what_nobody_wants_any_more_is_not_told_once_a_disk_answers() -> None:
    told, begun = Told(), threading.Semaphore(0)
    looks, disk = NewestLook(told), threading.Event()
    for _ in range(MOST_SILENT):
        looks.ask(silent(disk, begun, "disk"))
    looks.ask(lambda: "typed")
    looks.forget()
    disk.set()
    assert not told.heard.wait(0.1)
    looks.ask(lambda: "again")
    assert told.heard.wait(5) and told.found == ["again"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_look_that_fails_gives_its_place_back() -> None:
    told = Told()
    looks = NewestLook(told)

    def failing() -> None:
        raise RuntimeError("a fault")

    for _ in range(3 * MOST_SILENT):
        looks.ask(failing)
    looks.ask(lambda: "newest")
    assert told.heard.wait(5) and told.found == ["newest"]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_after_a_look_that_failed_the_next_one_is_told() -> None:
    told, answers = Told(), iter((TypeError("nobody thought of this"), "found"))

    def look() -> object:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    looks = Looks(told, look)
    looks.ask()
    until = time.monotonic() + 5
    while looks.seconds and time.monotonic() < until:
        time.sleep(0.005)
    looks.ask()
    assert told.heard.wait(2) and told.found == ["found"]
