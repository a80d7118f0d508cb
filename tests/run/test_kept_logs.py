"""A long log that was read once is not turned into numbers again while it is as it was."""

import os
from pathlib import Path

import numpy as np
import pytest
from test_log_prefetch import all_of, assert_same, long_run  # noqa: F401 (a fixture)

from gan_tui.run import kept_logs, log_prefetch
from gan_tui.run.event_log import EventReader
from gan_tui.run.events import Metrics
from gan_tui.run.folder import RunFolder
from gan_tui.run.state import RunState
from recorded import append
from scripts import until

pytestmark = pytest.mark.slow  # programs of their own


def _folder() -> Path:
    return Path(os.environ["XDG_CACHE_HOME"]) / "gan-tui" / "logs"


def _read_once(log: Path) -> RunState:
    state = all_of(log_prefetch.reader(log))
    until(lambda: list(_folder().glob("*.json")))
    return state


def test_what_is_kept_comes_to_the_same_and_only_while_the_log_is_as_it_was(long_run: RunFolder) -> None:  # noqa: F811
    log = long_run.events_file
    before = _read_once(log)
    again = log_prefetch.reader(log)
    assert type(again).__name__ == "_KeptReader"
    assert_same(before, all_of(again))
    assert (again.offset, again.damaged) == (log.stat().st_size, 1)
    assert {file.stat().st_mode & 0o777 for file in _folder().iterdir()} == {0o600}
    os.utime(log, ns=(1, 1))
    assert type(log_prefetch.reader(log)).__name__ == "_HelpedReader", "it was written since"


def test_what_is_damaged_is_read_from_the_log(long_run: RunFolder) -> None:  # noqa: F811
    log = long_run.events_file
    _read_once(log)
    (file,) = _folder().glob("*.blocks")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    again = log_prefetch.reader(log)
    assert type(again).__name__ == "_KeptReader"
    found, alone = all_of(again), all_of(EventReader(log))
    for name, series in alone.series.items():
        assert np.array_equal(series.steps, found.series[name].steps)
        assert np.array_equal(series.values, found.series[name].values, equal_nan=True)
    (index,) = _folder().glob("*.json")
    for wrong in (b"", b"[]", b'{"form":1,"version":3,"blocks":[[1]]}', b"\xff"):
        index.write_bytes(wrong)
        assert type(log_prefetch.reader(log)).__name__ == "_HelpedReader"


def test_all_that_is_kept_is_bounded(
    long_run: RunFolder,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _read_once(long_run.events_file)
    (first,) = _folder().glob("*.blocks")
    monkeypatch.setattr(kept_logs, "MOST_BYTES", first.stat().st_size + 10)
    other = tmp_path / "events.jsonl"
    other.write_bytes(long_run.events_file.read_bytes() + b"\n")
    all_of(log_prefetch.reader(other))
    until(lambda: not first.exists() and list(_folder().glob("*.blocks")))
    (_folder() / f"x.{1 << 22}.part").write_bytes(b"half")
    kept_logs._make_room(_folder(), 1)
    assert not list(_folder().glob("*.part")), "of a program that was killed"


def test_a_log_that_grows_is_not_kept(long_run: RunFolder, tmp_path: Path) -> None:  # noqa: F811
    log = tmp_path / "events.jsonl"
    log.write_bytes(long_run.events_file.read_bytes())
    reader = log_prefetch.reader(log)
    reader.read()
    append(RunFolder(tmp_path), Metrics([10**6], {"d_loss": [0.5]}))
    while reader.read():
        pass
    assert not _folder().exists() or not list(_folder().glob("*.json"))
