"""Logs on the list of runs, which is looked at again and again."""

import os
import time
from pathlib import Path

from event_files import scalars, version
from gan_tui.integrations.logs import listed, remembered
from gan_tui.integrations.logs.known_folders import KNOWN_SECONDS, MOST_ANEW, KnownFolders


def test_folders_are_looked_at_again_when_they_change_and_few_at_a_time_when_they_are_due(tmp_path: Path) -> None:
    folders = [tmp_path / str(n) for n in range(MOST_ANEW + 30)]
    for folder in folders:
        folder.mkdir()
        os.utime(folder, (0, 0))
    looked, now = list[Path](), [0.0]

    def look(path: Path) -> list[str]:
        looked.append(path)
        return sorted(os.listdir(path))  # noqa: PTH208 (names)

    def looked_at() -> list[Path]:
        looked.clear()
        known.begin()
        assert [known.at(folder) for folder in folders] == [sorted(os.listdir(folder)) for folder in folders]  # noqa: PTH208
        return list(looked)

    known = KnownFolders(look, lambda: now[0])
    assert looked_at() == folders
    assert looked_at() == []
    (folders[3] / "log").touch()
    os.utime(folders[3], (1, 1))
    assert looked_at() == [folders[3]]
    now[0] = KNOWN_SECONDS
    assert len(looked_at()) == MOST_ANEW
    assert looked_at() == folders[MOST_ANEW:]
    assert looked_at() == []


def test_what_changed_within_the_same_tick_of_the_clock_is_seen(tmp_path: Path) -> None:
    known = KnownFolders(lambda path: sorted(os.listdir(path)))  # noqa: PTH208 (names)
    now = time.time()
    os.utime(tmp_path, (now, now))
    assert known.at(tmp_path) == []
    (tmp_path / "log").touch()
    os.utime(tmp_path, (now, now))
    assert known.at(tmp_path) == ["log"]


def test_a_log_that_comes_or_goes_is_on_the_list_at_the_next_look(tmp_path: Path, runs: Path) -> None:
    place = tmp_path / "logs"
    for name in "ab":
        (place / name).mkdir(parents=True)
    (place / "a" / "log.csv").write_text("step,loss\n1,0.5\n")
    remembered.add(place, "CSV")

    def names() -> list[str]:
        return sorted(run.folder.path.parent.name for run in listed.every(runs))

    assert names() == ["a"]
    (place / "b" / "log.csv").write_text("step,loss\n1,0.5\n")
    assert names() == ["a", "b"]
    (place / "a" / "log.csv").unlink()
    assert names() == ["b"]


def test_a_run_whose_curves_come_into_folders_that_were_there_is_one_run_at_the_next_look(
    tmp_path: Path, runs: Path
) -> None:
    run = tmp_path / "logs" / "run"
    for part in ("train", "validation"):
        (run / part).mkdir(parents=True)
    remembered.add(tmp_path / "logs", "TensorBoard")
    events = version() + scalars("loss", [(7, 0.5)])
    (run / "train" / "events.out.tfevents.1.host").write_bytes(events)
    assert [log.folder.path for log in listed.every(runs)] == [run]
    (run / "validation" / "events.out.tfevents.2.host").write_bytes(events)
    assert [log.folder.path for log in listed.every(runs)] == [run]
