"""Promise 5: what was shown stays, whatever is killed, cut or changed; what is damaged costs itself and is counted."""

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import traced

from gan_tui.run.event_log import EventReader, EventWriter
from gan_tui.run.events import Checkpoint, Epoch, Event, Metrics, Record, State
from gan_tui.run.folder import RunFolder
from product import done, wait_until_it_trains
from pty_terminal import trainer_of

pytestmark = pytest.mark.promise(5)

Trials = Callable[[int, int], int]
Proved = Callable[[str], None]


def some_steps(first: int, last: int) -> Metrics:
    values = np.random.default_rng(first).random((2, last - first + 1)).astype(np.float32)
    return Metrics(list(range(first, last + 1)), {"loss": values[0], "accuracy": values[1]})


def everything(path: Path) -> tuple[list[Record], int]:
    """(records, damaged lines) of a log."""
    reader, records = EventReader(path), list[Record]()
    while new := reader.read():
        records += new
    return records, reader.damaged


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A run's log: 27 events."""
    path = tmp_path / "events.jsonl"
    writer = EventWriter(path)
    writer.write(State("starting", "Loading TensorFlow"), State("training"))
    for first in range(1, 200, 10):
        writer.write(some_steps(first, first + 9))
    writer.write(Epoch(1, 200, {"val_loss": 0.25}), Checkpoint(200, "checkpoints/000000200", "best"))
    writer.write(State("saving"), Checkpoint(200, "checkpoints/000000200", "end"), State("finished", "all done"))
    writer.close()
    return path


def test_a_log_cut_off_at_any_byte_keeps_every_whole_line(
    log: Path, tmp_path: Path, trials: Trials, proved: Proved
) -> None:
    whole, (complete, _) = log.read_bytes(), everything(log)
    cuts = list(range(len(whole) + 1))
    few = random.Random(5).sample(cuts, trials(200, len(cuts)))
    broken, torn = [], tmp_path / "torn.jsonl"
    for cut in few:
        torn.write_bytes(whole[:cut])
        lines = whole[:cut].count(b"\n")
        before = everything(torn)
        writer = EventWriter(torn)
        writer.write(State("training"))
        writer.close()
        after, damaged = everything(torn)
        torn_line = cut > 0 and whole[cut - 1 : cut] != b"\n"
        kept = lines + (torn_line and whole[cut : cut + 1] == b"\n")  # a line that lacks only its end is whole
        sound = before == (complete[:lines], 0) and after[:-1] == complete[:kept]
        if not (sound and damaged == (torn_line and kept == lines) and after[-1].event == State("training")):
            broken.append((cut, before[1], damaged))
    assert not broken
    proved(f"cut at {len(few):,} places: 0 whole lines lost")


@pytest.mark.slow
def test_a_changed_byte_costs_its_line_alone_and_is_counted(
    log: Path, tmp_path: Path, trials: Trials, proved: Proved
) -> None:
    whole, (complete, _) = log.read_bytes(), everything(log)
    generator, changed = random.Random(6), tmp_path / "changed.jsonl"
    count, broken = trials(500, 20_000), []
    for trial in range(count):
        place = generator.randrange(len(whole) - 1)  # without its end, the last line is still being written
        new = generator.choice([whole[place] ^ 1 << generator.randrange(8), generator.randrange(256), 0x0A])
        changed.write_bytes(whole[:place] + bytes([new]) + whole[place + 1 :])
        records, damaged = everything(changed)
        hit = whole[:place].count(b"\n")
        others = complete[:hit] + complete[hit + 1 :]
        # all is as it was where the byte is the same, a line's end, or a letter of a name that nobody reads
        if records != complete and not (records == others and damaged >= 1):
            broken.append((trial, place, new))
    assert not broken
    proved(f"{count:,} changed bytes: no other line lost, no changed number believed")


def test_lines_that_ran_together_are_both_kept(log: Path, tmp_path: Path, trials: Trials, proved: Proved) -> None:
    whole, (complete, _) = log.read_bytes(), everything(log)
    ends = [place for place, byte in enumerate(whole) if byte == 0x0A][:-1]
    generator, changed = random.Random(7), tmp_path / "together.jsonl"
    count, broken = trials(100, 2000), []
    for trial in range(count):
        place, new = generator.choice(ends), generator.choice([byte for byte in range(256) if byte != 0x0A])
        changed.write_bytes(whole[:place] + bytes([new]) + whole[place + 1 :])
        if everything(changed) != (complete, 1):
            broken.append((trial, place, new))
    assert not broken
    proved(f"{count:,} damaged line ends: 0 lines lost, each reported")


def written_until_killed(log: Path, acknowledged: int, seed: int) -> None:
    """Write back to back in this process, and say through a pipe how far the log has come."""
    generator, writer = random.Random(seed), EventWriter(log)
    while True:
        events: list[Event] = [
            some_steps(1, generator.choice((1, 20, 200))) for _ in range(generator.choice((1, 1, 3)))
        ]
        writer.write(*events)
        os.write(acknowledged, b"%d\n" % writer._seq)


def killed_while_it_writes(log: Path, seed: int) -> tuple[int, int]:
    """(records that a reader had seen, records that the writer knew to be written) when the writer was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        written_until_killed(log, writing, seed)
    os.close(writing)
    reader, seen = EventReader(log), 0
    end = time.monotonic() + random.Random(seed).uniform(0.001, 0.03)
    while time.monotonic() < end:
        seen = max((record.seq + 1 for record in reader.read()), default=seen)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as pipe:
        lines = pipe.read().split(b"\n")[:-1]
    return seen, int(lines[-1]) if lines else 0


@pytest.mark.slow
def test_a_kill_while_events_are_written_loses_none_that_was_shown(
    tmp_path: Path, trials: Trials, proved: Proved
) -> None:
    count, broken, torn, total, before = trials(20, 300), [], 0, 0, 0
    for trial in range(count):
        log = tmp_path / f"{trial // 10}.jsonl"  # ten attempts at a run each
        before = before if trial % 10 else 0
        seen, known = killed_while_it_writes(log, trial)
        records, damaged = everything(log)
        in_order = [record.seq for record in records] == list(range(len(records)))
        if not in_order or len(records) < max(seen, known, before) or damaged > trial % 10:
            broken.append((trial, seen, known, len(records), damaged))
        torn += log.exists() and not log.read_bytes().endswith(b"\n")
        total, before = total + len(records) - before, len(records)
    assert not broken
    assert total > count / 2, "they did write, those that were not killed before"
    proved(f"{count} kills while writing: 0 events lost that were shown or written ({torn} lines torn)")


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_power_cut_costs_no_more_than_a_second(tmp_path: Path, trials: Trials, proved: Proved) -> None:
    folder = RunFolder(Path(done("train", "xor", "--detach", "--steps", "100000000")))
    wait_until_it_trains(folder)
    seconds = float(trials(3, 20))
    calls = traced.attached(
        trainer_of(folder.path).pid, "write,fdatasync,fsync", tmp_path / "trace", traced.after(seconds)
    )
    of_log = [call for call in calls if call.path == str(folder.events_file)]
    writes = [call for call in of_log if call.name == "write"]
    syncs = [call for call in of_log if call.name in ("fdatasync", "fsync")]
    last = calls[-1].end
    waits = [
        min((sync.end for sync in syncs if sync.begin >= write.end), default=last) - write.begin for write in writes
    ]
    assert len(writes) > 3 * seconds and syncs, "the log is written four times a second, and was seen to be"
    assert max(waits) <= 1.0, f"what was written was durable {max(waits):.2f} s later"
    proved(f"{len(writes)} writes in {seconds:.0f} s: durable {max(waits):.2f} s later at most")
