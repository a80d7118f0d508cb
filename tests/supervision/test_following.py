"""What a worker that is not the first says on its terminal. Its process pretends."""

import io
import sys

import pytest

from gan_tui.presets import find
from gan_tui.run import group_worker
from gan_tui.supervision.following import Following
from gan_tui.system.cluster import TF_CONFIG, Cluster
from grouped import free_ports

JOINS = "import os; os.write(1, b'joined\\n' + {!r})"


def said_by(text: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(group_worker, "WORKER", (sys.executable, "-S", "-c", f"{text}; import time; time.sleep(0.5)"))
    stream = io.StringIO()
    two = Cluster(tuple(f"127.0.0.1:{port}" for port in free_ports(2)), 1, TF_CONFIG)
    assert Following(find("xor"), two, stream).follow() == 0
    return stream.getvalue().splitlines()


def test_it_says_that_the_group_trains_once_it_has_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    first, joined, ended = said_by(JOINS.format(b""), monkeypatch)
    assert "worker 1 of 2 (TF_CONFIG) takes steps with worker 0" in first
    assert joined == "gan-tui: all workers are there, and the group trains."
    assert ended == "gan-tui: worker 0 has ended the group."


def test_what_there_is_to_know_of_that_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = "worker 0 ends the group after 4,000 steps, whatever is said here (5,000)."
    said = said_by(JOINS.format(f"{sentence}\x1b[2J".encode()), monkeypatch)
    assert said[2].startswith(f"gan-tui: {sentence}") and "\x1b" not in said[2]
