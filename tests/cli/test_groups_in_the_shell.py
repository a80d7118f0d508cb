"""A group of workers as text: where a run is followed, in a line of its status, and as JSON."""

import io
from pathlib import Path

import orjson
import pytest

from gan_tui.cli import status
from gan_tui.cli.arguments import main
from gan_tui.cli.follow import PlainFollower
from gan_tui.run.events import Group, State
from recorded import append, held, metrics, recorded_run
from recorded_groups import worker_row

Capture = pytest.CaptureFixture[str]


def test_followed_as_text_a_group_is_told_once_and_again_when_somebody_is_gone(runs: Path) -> None:
    folder = recorded_run(runs, state="training")
    append(folder, Group([worker_row(0), worker_row(1, devices=["GPU: A"], state="waiting")]))
    append(folder, Group([worker_row(0), worker_row(1, state="training")]), Group([worker_row(0), worker_row(1)]))
    append(folder, Group([worker_row(0), worker_row(1, state="lost", reason="it was killed")]), State("failed", "gone"))
    out = io.StringIO()
    PlainFollower(folder, out).follow()
    told = [line for line in out.getvalue().splitlines() if line.startswith(("group:", "WARNING"))]
    assert told == [
        "group: worker 0 on box0 (CPU), worker 1 on box1 (GPU: A)",
        "group: worker 1 on box1 is waiting",
        "group: worker 1 on box1 is training",
        "WARNING: Worker 1 on box1 is lost (it was killed): the run ends where it saved last; "
        "resume it to start all workers again.",
    ]


def test_status_has_the_group_its_speed_and_who_is_not_there(runs: Path, capsys: Capture) -> None:
    folder = recorded_run(runs, steps=20, state="training")
    append(folder, Group([worker_row(0), worker_row(1, state="lost", reason="it was killed")]))
    with held(folder):
        append(folder, metrics("gan", 21, 40))
        status.show(folder, False, None)
        line = capsys.readouterr().out
        status.show(folder, True, None)
        document = orjson.loads(capsys.readouterr().out)
    assert "  1 lost of 2 workers  " in line and "Worker 1 on box1 is lost (it was killed)" in line
    assert [(row["worker"], row["state"]) for row in document["workers"]] == [(0, "training"), (1, "lost")]
    assert document["workers"][0]["memory"] == 700_000_000
    assert document["examples_per_second"] is None or document["examples_per_second"] > 0


def test_status_of_a_long_log_still_knows_the_group_and_of_one_without_says_nothing(
    runs: Path, capsys: Capture
) -> None:
    folder = recorded_run(runs, steps=20, state="training")
    append(folder, Group([worker_row(0), worker_row(1)]))
    append(folder, *(metrics("gan", 21 + 1000 * n, 1020 + 1000 * n) for n in range(20)))
    assert folder.events_file.stat().st_size > 1 << 19
    status.show(folder, True, None)
    assert len(orjson.loads(capsys.readouterr().out)["workers"]) == 2
    append(folder, State("starting", "alone, now"))
    status.show(folder, True, None)
    assert "workers" not in orjson.loads(capsys.readouterr().out)


def test_its_events_are_printed_as_they_were_written(runs: Path, capsys: Capture) -> None:
    folder = recorded_run(runs)
    append(folder, Group([worker_row(0), worker_row(1)]))
    assert main(["events", str(folder.path), "--json"]) == 0
    last = orjson.loads(capsys.readouterr().out.splitlines()[-1])
    assert last["type"] == "group" and last["workers"][1]["host"] == "box1"
