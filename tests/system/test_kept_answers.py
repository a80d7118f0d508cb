"""What is kept for the next time: a file that was broken is said, and never written over."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gan_tui.integrations.logs import remembered
from gan_tui.system import kept_answers
from gan_tui.system.paths import own_folder
from shell import said

BROKEN = {
    "a comma too many": (b'{"/logs/a": "CSV",\n}', "is no JSON: "),
    "zeros": (bytes(4096), "is no JSON: "),
    "a list": (b"[]", "is not as it was kept: it holds more than names with words."),
    "a number among paths": (b'{"/logs/a": "CSV", "/logs/b": 5}', "is not as it was kept: "),
    "no text": (b"\xff\xfe", "is no JSON: "),
    "too long": (b'{"/logs/a": "CSV"}' + b" " * (1 << 20), "cannot be read: "),
}


@pytest.fixture
def file() -> Path:
    folder = own_folder("config")
    assert folder is not None
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "logs.json"


@pytest.mark.parametrize("content, words", BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_read_is_said_and_stays_beside_what_is_kept(content: bytes, words: str, file: Path) -> None:
    file.write_bytes(content)
    assert words in kept_answers.problem("logs") and str(file) in kept_answers.problem("logs")
    remembered.add(Path("/logs/c"), "CSV")
    assert Path("/logs/c") in remembered.places()
    beside = file.with_name("logs.json.unreadable")
    assert beside.read_bytes() == content
    assert kept_answers.put_aside() == [f"{file} could not be read, and is kept as {beside.name}."]
    assert not kept_answers.problems() and not kept_answers.put_aside()
    file.write_bytes(b"[1]")
    remembered.add(Path("/logs/d"), "CSV")
    assert beside.read_bytes() == content and file.with_name("logs.json.unreadable1").read_bytes() == b"[1]"
    kept_answers.put_aside()


def test_what_is_missing_is_no_trouble_and_what_is_empty_nothing_to_keep(file: Path) -> None:
    assert not kept_answers.problems()
    file.write_bytes(b"")
    assert kept_answers.problem("logs").endswith("logs.json is no JSON: it is empty.")
    remembered.add(Path("/logs/c"), "CSV")
    assert [each.name for each in file.parent.iterdir() if each.name.startswith("logs")] == ["logs.json"]


def test_a_link_stays_a_link(file: Path, tmp_path: Path) -> None:
    file.symlink_to(tmp_path / "elsewhere.json")
    remembered.add(Path("/logs/c"), "CSV")
    assert file.is_symlink() and list(remembered.places()) == [Path("/logs/c")]


def test_the_list_of_runs_says_that_logs_are_missing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_bytes(b"{,}")
    code, _, err = said(capsys, "runs")
    assert code == 0 and f"{file} is no JSON: " in err and "Logs that were on the list are missing." in err


def test_several_that_keep_at_once_all_succeed_and_one_of_them_holds() -> None:
    def keep(number: int) -> None:
        for turn in range(40):
            kept_answers.keep("race", {"who": str(number), "turn": str(turn)})
            assert kept_answers.kept("race")["who"]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(keep, range(8)))
    folder = kept_answers._file("race")
    assert folder is not None and [path.name for path in folder.parent.iterdir()] == ["race.json"]
    assert folder.stat().st_mode & 0o777 == 0o600


def test_what_several_change_at_once_is_all_kept() -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: remembered.add(Path(f"/logs/{number}"), "CSV"), range(40)))
        assert len(remembered.places()) == 40
        list(pool.map(lambda number: remembered.remove(Path(f"/logs/{number}")), range(0, 40, 2)))
    assert set(remembered.places()) == {Path(f"/logs/{number}") for number in range(1, 40, 2)}
