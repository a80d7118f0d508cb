"""What took long to find out, kept for the next program: bounded, private, shared, and missed by nobody."""

import os
from pathlib import Path

import pytest

from gan_tui.system import kept_findings
from gan_tui.system.file_versions import NONE, version_of
from gan_tui.system.kept_findings import KeptFindings

HERE, NOW, LATER = Path("/runs/mine"), (1, 2, 3), (1, 2, 4)


def _file(name: str = "kept") -> Path:
    return Path(os.environ["XDG_CACHE_HOME"]) / "gan-tui" / f"{name}.json"


def test_a_finding_counts_for_the_version_that_it_is_of_in_this_program_and_the_next() -> None:
    kept = KeptFindings("kept", 1)
    assert kept.of(HERE, NOW) is None
    kept.add(HERE, NOW, {"best": 0.5})
    assert kept.of(HERE, NOW) == {"best": 0.5} and not _file().exists()
    kept.keep()
    after = KeptFindings("kept", 1)
    assert after.of(HERE, NOW) == {"best": 0.5} and after.of(HERE, LATER) is None
    assert KeptFindings("kept", 2).of(HERE, NOW) is None, "of another form"
    assert _file().stat().st_mode & 0o777 == 0o600


def test_what_two_programs_found_is_all_kept() -> None:
    one, other = KeptFindings("kept", 1), KeptFindings("kept", 1)
    assert one.of(HERE, NOW) is None and other.of(HERE, NOW) is None
    one.add(Path("/a"), NOW, 1)
    other.add(Path("/b"), NOW, 2)
    one.keep()
    other.keep()
    after = KeptFindings("kept", 1)
    assert (after.of(Path("/a"), NOW), after.of(Path("/b"), NOW)) == (1, 2)


def test_the_file_has_bounds_and_what_was_kept_last_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_findings, "MOST", 3)
    kept = KeptFindings("kept", 1)
    for number in range(5):
        kept.add(Path(f"/{number}"), NOW, number)
    kept.keep()
    after = KeptFindings("kept", 1)
    assert [after.of(Path(f"/{number}"), NOW) for number in range(5)] == [None, None, 2, 3, 4]
    monkeypatch.setattr(kept_findings, "LARGEST", 200)
    kept = KeptFindings("kept", 1)
    for number in range(5, 8):
        kept.add(Path(f"/{number}"), NOW, "x" * 90)
        kept.keep()
    assert _file().stat().st_size <= 200 and KeptFindings("kept", 1).of(Path("/7"), NOW) == "x" * 90


def test_a_cache_that_cannot_be_written_or_read_costs_nothing_but_time(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(os.environ["XDG_CACHE_HOME"]).write_text("a file where the folder would be")
    kept = KeptFindings("kept", 1)
    kept.add(HERE, NOW, 1)
    kept.keep()
    assert kept.of(HERE, NOW) == 1 and KeptFindings("kept", 1).of(HERE, NOW) is None
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setenv("HOME", "/nowhere/at/all")
    KeptFindings("kept", 1).keep()


def test_a_path_that_is_no_unicode_is_kept_nowhere() -> None:
    kept = KeptFindings("kept", 1)
    kept.add(Path(os.fsdecode(b"/r\xff")), NOW, 1)
    kept.keep()
    assert not _file().exists()


def test_a_file_has_another_version_once_it_was_written_or_replaced(tmp_path: Path) -> None:
    file = tmp_path / "log"
    assert version_of(file) == NONE
    file.write_text("a")
    first = version_of(file)
    file.write_text("ab")
    second = version_of(file)
    (tmp_path / "other").write_text("ab")
    (tmp_path / "other").replace(file)
    assert len({first, second, version_of(file)}) == 3
