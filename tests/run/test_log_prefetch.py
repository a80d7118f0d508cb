"""A long log that another process reads first comes to the same state as one that is read alone."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from gan_tui import presets
from gan_tui.run import log_prefetch
from gan_tui.run.event_log import BLOCK, EventReader
from gan_tui.run.events import Alert, Metrics, Picture, Resumed, State
from gan_tui.run.folder import RunFolder
from gan_tui.run.state import RunState

pytestmark = pytest.mark.slow  # programs of their own

LINES = 2000


@pytest.fixture(scope="module")
def long_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunFolder]:
    """2 MB of metrics, some of them not finite, with other events in between, a resumption, and a damaged line."""
    folder = presets.new_run(presets.find("gan"), tmp_path_factory.mktemp("runs"))
    log, random = folder.writer(), np.random.default_rng(0)
    log.write(State("training"))
    step = 1
    for line in range(LINES):
        values = {name: random.random(12).tolist() for name in ("d_loss", "g_loss", "größe \u202e\n")}
        if line % 100 == 7:
            values["d_loss"][3], values["g_loss"][0] = None, 1e300
        log.add(Metrics(list(range(step, step + 12)), values))
        step += 12
        if line % 150 == 1:
            log.add(Picture("samples", step, f"pictures/{step}.png"), Alert("checkpoint", f"so ← {line}", step))
        if line == 1300:
            step -= 600
            log.add(Resumed(step - 1))
    log.add(State("finished", "all steps are done"))
    log.flush()
    log.close()
    text = folder.events_file.read_bytes()
    damaged = text.replace(b'"d_loss":[0', b'"d_loss":[x', 1)
    folder.events_file.write_bytes(damaged)
    assert len(damaged) > 6 * BLOCK, "a few times what is read at once"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log_prefetch, "WORTH", len(damaged) - 1)
        yield folder


def assert_same(one: RunState, other: RunState) -> None:
    assert list(one.series) == list(other.series)
    pairs = [(series, other.series[name]) for name, series in one.series.items()]
    for series, same in [*pairs, (one.course.times, other.course.times)]:
        assert np.array_equal(series.steps, same.steps)
        assert np.array_equal(series.values, same.values, equal_nan=True)
    assert (one.course.seconds, one.course.marks) == (other.course.seconds, other.course.marks)
    for name in vars(one).keys() - {"series", "course"}:
        assert getattr(one, name) == getattr(other, name), name


def all_of(reader: EventReader) -> RunState:
    state = RunState()
    while records := reader.read():
        state = state.apply_all(records)
    return state


def test_the_state_is_that_of_a_log_that_is_read_alone(long_run: RunFolder) -> None:
    alone, helped = EventReader(long_run.events_file), log_prefetch.reader(long_run.events_file)
    assert type(helped) is not EventReader
    assert_same(all_of(alone), all_of(helped))
    assert (alone.offset, alone.damaged) == (helped.offset, helped.damaged) == (long_run.events_file.stat().st_size, 1)
    assert helped._process is None, "it has ended"


def test_a_helper_that_dies_costs_nothing_but_time(long_run: RunFolder) -> None:
    expected = all_of(EventReader(long_run.events_file))
    for blocks in (0, 3):
        helped, state = log_prefetch.reader(long_run.events_file), RunState()
        if blocks == 0:
            assert helped._process.poll() is None
        for _ in range(blocks):
            state = state.apply_all(helped.read())
        os.kill(helped._process.pid, signal.SIGKILL)
        while records := helped.read():
            state = state.apply_all(records)
        assert_same(expected, state)


def test_who_leaves_early_leaves_no_process(long_run: RunFolder) -> None:
    helped = log_prefetch.reader(long_run.events_file)
    process = helped._process
    assert helped.read()
    helped.close()
    assert process.poll() is not None
    assert helped.read(), "it can still be read alone"


def test_a_short_log_or_none_is_read_alone(tmp_path: Path) -> None:
    (tmp_path / "events.jsonl").write_bytes(b"\n" * 1000)
    for name in ("events.jsonl", "none"):
        assert type(log_prefetch.reader(tmp_path / name)) is EventReader
