"""A log is appended to by one process, read from any offset by others, and torn by a kill at any byte."""

import os
import random
import resource
import tracemalloc
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from gan_tui.run import event_log
from gan_tui.run.event_log import EventReader, EventWriter, damage, read_head, read_tail
from gan_tui.run.events import Alert, Epoch, Metrics, Record, Resumed, State
from gan_tui.run.state import RunState


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "events.jsonl"


def write(log: Path, *events: object) -> None:
    writer = EventWriter(log)
    for event in events:
        writer.write(event)
    writer.close()


def some_steps(first: int, last: int) -> Metrics:
    steps = list(range(first, last + 1))
    return Metrics(steps, {"loss": [1 / step for step in steps], "accuracy": [0.5] * len(steps)})


def read_all(log: Path) -> list[Record]:
    reader, records = EventReader(log), []
    while new := reader.read():
        records += new
    return records


def test_numbers_that_nobody_can_have_counted_to_are_not_gone_on_from(tmp_path: Path) -> None:
    log = tmp_path / "events.jsonl"
    write(log, State("training"))
    with log.open("ab") as file:
        file.write(b'{"seq":9007199254740991,"time":1.0,"type":"state","state":"stopped","reason":""}\n')
    write(log, State("starting"), State("training"))
    assert [record.seq for record in read_all(log)] == [0, 2**53 - 1, 1, 2]


def test_what_is_written_is_read_in_order_with_rising_numbers(log: Path) -> None:
    write(log, State("training"), some_steps(1, 3), State("stopped", "asked to stop"))
    records = read_all(log)
    assert [record.seq for record in records] == [0, 1, 2]
    assert [record.event for record in records] == [
        State("training"), some_steps(1, 3), State("stopped", "asked to stop")
    ]  # fmt: skip


def test_a_later_writer_goes_on_counting(log: Path) -> None:
    write(log, State("starting"), State("training"))
    write(log, State("starting"))
    assert [record.seq for record in read_all(log)] == [0, 1, 2]


def test_a_later_writer_goes_on_counting_after_a_line_longer_than_the_tail(log: Path) -> None:
    write(log, State("training"), some_steps(1, 20_000))
    write(log, State("starting"))
    assert [record.seq for record in read_all(log)] == [0, 1, 2]


def test_only_the_owner_may_read_a_log(log: Path) -> None:
    write(log, State("training"))
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_reader_gives_each_event_once_however_the_bytes_come(log: Path, tmp_path: Path) -> None:
    write(log, *(some_steps(step, step) for step in range(1, 30)))
    whole, growing = log.read_bytes(), tmp_path / "growing"
    reader, records = EventReader(growing), []
    assert reader.read() == [], "no file yet: nothing to read"
    with growing.open("wb", buffering=0) as file:
        for start in range(0, len(whole), 7):
            file.write(whole[start : start + 7])
            records += reader.read()
    assert records == read_all(log)
    assert reader.read() == []
    assert reader.offset == len(whole)
    assert reader.damaged == 0


def test_a_history_longer_than_a_block_is_read_in_blocks_and_whole(log: Path) -> None:
    write(log, some_steps(1, 100_000), some_steps(100_001, 200_000), State("finished"))
    assert log.stat().st_size > 3 << 20
    reader = EventReader(log)
    first = reader.read()
    assert [type(record.event) for record in first] == [Metrics], "one read takes no more than it must"
    assert [type(record.event) for record in [*first, *reader.read(), *reader.read()]] == [Metrics, Metrics, State]


@pytest.mark.slow
def test_a_kill_at_any_byte_costs_the_last_line_alone(log: Path, tmp_path: Path) -> None:
    write(log, State("training"), *(some_steps(step, step + 9) for step in range(1, 100, 10)))
    whole, complete = log.read_bytes(), read_all(log)
    for cut in range(len(whole) - 300, len(whole) + 1):
        torn = tmp_path / "torn"
        torn.write_bytes(whole[:cut])
        lines = whole[:cut].count(b"\n")
        assert read_all(torn) == complete[:lines]
        write(torn, Resumed(50), State("training"))
        after = read_all(torn)
        kept = lines + (1 if cut + 1 == len(whole) or whole[cut : cut + 1] == b"\n" else 0)
        assert after[:-2] == complete[:kept], "the torn line alone is lost; a line that lacks only its end is not"
        assert [record.event for record in after[-2:]] == [Resumed(50), State("training")]
        assert after[-1].seq > max((record.seq for record in after[:-1]), default=-1)


@pytest.mark.slow
def test_a_changed_byte_costs_its_line_alone_and_never_stops_a_reader(log: Path, tmp_path: Path) -> None:
    write(log, State("training"), some_steps(1, 4), Epoch(1, 4, {"val_loss": 0.5}), Alert("save", "full", 4))
    whole, complete = log.read_bytes(), read_all(log)
    damaged, generator = tmp_path / "damaged", random.Random(0)
    for place in range(len(whole)):
        for new in {0x0A, generator.choice(b'9\0",]}\xff')} - {whole[place]}:
            damaged.write_bytes(whole[:place] + bytes([new]) + whole[place + 1 :])
            records = read_all(damaged)
            hit = whole[:place].count(b"\n")
            kept = [record for record in records if record in complete]
            lost = [number for number, record in enumerate(complete) if record not in kept]
            assert set(lost) <= {hit, hit + 1 if whole[place] == 0x0A else hit}
            state = RunState()
            for record in records:
                state = state.apply(record)  # whatever still passes for an event must not break a screen


def test_lines_that_are_no_events_are_counted(log: Path) -> None:
    write(log, State("training"))
    with log.open("ab") as file:
        file.write(b'garbage\n\n{"seq":1}\n')
    write(log, State("stopped"))
    reader = EventReader(log)
    assert [record.event for record in reader.read()] == [State("training"), State("stopped")]
    assert reader.damaged == 2


def test_what_follows_blocks_of_garbage_is_still_read(log: Path) -> None:
    log.write_bytes((b"garbage" * 100 + b"\n") * 1500)
    assert log.stat().st_size > 3 * event_log.BLOCK
    write(log, State("finished"))
    reader = EventReader(log)
    assert [record.event for record in reader.read()] == [State("finished")]
    assert reader.damaged == 1500


def test_the_ends_of_a_long_log_are_read_without_the_rest(log: Path) -> None:
    write(log, State("starting"), *(some_steps(step, step + 499) for step in range(1, 20_000, 500)), State("finished"))
    head, tail = read_head(log, State), read_tail(log)
    assert [record.event for record in head] == [State("starting")]
    assert tail[-1].event == State("finished")
    assert len(tail) < 10
    assert read_head(log.with_name("none"), State) == read_tail(log.with_name("none")) == []


def test_of_the_end_of_a_log_only_what_is_asked_for_is_understood(log: Path) -> None:
    write(log, State("training"), Resumed(3), some_steps(4, 6), Alert("data", 'a "state" in words', 6))
    assert [record.event for record in read_tail(log, (State,))] == [State("training")]
    assert [record.event for record in read_tail(log, (State,), also=(Resumed,))] == [State("training"), Resumed(3)]
    assert len(read_tail(log)) == 4


def test_many_events_go_out_in_one_write(log: Path) -> None:
    writer = EventWriter(log)
    writer.write(State("training"), some_steps(1, 2), State("paused"))
    assert len(read_all(log)) == 3, "readers see it without a close or a flush"
    writer.sync()
    writer.close()


def test_single_precision_arrays_are_written_as_they_are(log: Path) -> None:
    values = np.array([0.1, 0.2, 0.7001392], np.float32)
    write(log, Metrics([1, 2, 3], {"loss": values}))
    assert b"[0.1,0.2,0.7001392]" in log.read_bytes()
    assert np.array(read_all(log)[0].event.values["loss"], np.float32).tobytes() == values.tobytes()


def test_a_full_disk_is_an_error_and_not_a_silence() -> None:
    writer = EventWriter(Path("/dev/full"))
    with pytest.raises(OSError, match="No space left"):
        writer.write(State("training"))
    writer.close()


# Damage ---------------------------------------------------------------------------------------------------


def test_a_digit_that_was_changed_is_noticed(log: Path) -> None:
    write(log, State("training"), some_steps(1, 3), State("stopped"))
    changed = log.read_bytes().replace(b"0.3333333333333333", b"0.3333333333333334")
    assert changed != log.read_bytes()
    log.write_bytes(changed)
    reader = EventReader(log)
    assert [record.event for record in reader.read()] == [State("training"), State("stopped")]
    assert (reader.damaged, damage(1)) == (1, "1 line of events.jsonl is damaged and was skipped.")


def test_a_line_without_a_checksum_is_taken_as_it_is(log: Path) -> None:
    log.write_bytes(b'{"seq":0,"time":1.0,"type":"state","state":"training"}\n')
    reader = EventReader(log)
    assert [record.event for record in reader.read()] == [State("training")]
    assert reader.damaged == 0


@pytest.mark.parametrize("end", [b"", b"x", b"}", b"\r", b"\0" * 5000], ids=repr)
def test_lines_that_ran_together_are_both_recovered_and_reported(end: bytes, log: Path) -> None:
    write(log, State("training"), some_steps(1, 3), Alert("save", '{"seq":1', 3))
    complete = read_all(log)
    log.write_bytes(log.read_bytes().replace(b"\n", end, 2))
    reader = EventReader(log)
    assert reader.read() == complete
    assert reader.damaged == 1
    assert read_tail(log) == complete


def test_a_line_longer_than_any_event_is_passed_over_in_little_memory(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    longest = 8 * event_log.BLOCK
    monkeypatch.setattr(event_log, "LONGEST_LINE", longest)
    write(log, State("training"))
    begin = log.stat().st_size
    os.truncate(log, begin + 20 * longest)
    reader = EventReader(log)
    tracemalloc.start()
    assert [record.event for record in reader.read()] == [State("training")]
    assert reader.read() == [] and reader.damaged == 1, "the line has no end yet"
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 4 * longest
    with log.open("ab") as file:
        file.write(b'{"seq":7}\n')
    write(log, State("stopped"))
    assert [record.event for record in reader.read()] == [State("stopped")]
    assert reader.damaged == 1


def test_what_is_no_regular_file_holds_nobody_up(log: Path) -> None:
    os.mkfifo(log)
    assert EventReader(log).read() == read_tail(log) == read_head(log, State) == []


# A full disk ----------------------------------------------------------------------------------------------


def test_a_link_is_not_followed(log: Path) -> None:
    write(log, some_steps(1, 2))
    link = log.with_name("link.jsonl")
    link.symlink_to(log)
    assert read_all(log) and read_all(link) == []
    assert read_tail(log) and read_tail(link) == []
    assert read_head(log, Metrics) and read_head(link, Metrics) == []


@pytest.mark.parametrize("room", [0, 1, 100, 150, 1000, 3000])
def test_what_the_disk_does_not_take_waits_in_order_and_leaves_whole_lines_alone(room: int, log: Path) -> None:
    writer, events = EventWriter(log), [State("training"), *(some_steps(n, n + 9) for n in range(1, 100, 10))]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        for event in events:
            with suppress(OSError):
                writer.write(event)
        assert log.read_bytes()[-1:] in (b"", b"\n") and writer.waiting
        assert log.stat().st_size <= room
        before = read_all(log)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    writer.write(State("stopped"))
    records = read_all(log)
    assert records[: len(before)] == before
    assert [record.event for record in records] == [*events, State("stopped")]
    assert [record.seq for record in records] == list(range(len(events) + 1))
    assert not writer.waiting


def test_a_line_that_goes_on_for_gigabytes_is_passed_over_while_it_grows(log: Path) -> None:
    """Each byte is looked at once, and what comes behind it is no other log."""
    write(log, Alert("info", "before", 1))
    reader = EventReader(log)
    assert len(reader.read()) == 1
    with log.open("r+b") as file:
        file.truncate(log.stat().st_size + 200_000_000)
    assert not reader.read()
    with log.open("ab") as file:
        file.write(bytes(3 * event_log.BLOCK))
    assert not reader.read()
    write(log, Alert("info", "after", 1))
    assert [record.event.text for record in reader.read()] == ["after"]
    assert (reader.damaged, reader.histories) == (1, 1)
