"""Files of tests that are not read are those without a test that was asked for."""

import re
from collections import Counter
from pathlib import Path

import pytest

from what_is_read import ASKED, needs_no_reading, wrongly_left_out

TEXTS = {
    "def test_one(): pass": {"not slow"},
    "@pytest.mark.slow\ndef test_one(): pass": {"not slow", "slow and not prove"},
    "class TestOnes:\n    pytestmark = pytest.mark.slow\n": {"not slow", "slow and not prove"},
    "pytestmark = pytest.mark.slow  # screens": {"slow and not prove"},
    "pytestmark = [pytest.mark.promise(3), pytest.mark.slow]": {"slow and not prove"},
    "pytestmark = pytest.mark.slow\npytestmark = []": {"not slow", "slow and not prove"},
    "pytestmark = pytest.mark.timeout(900)  # pytest.mark.slow": {"not slow", "slow and not prove"},
    "pytestmark = pytest.mark.slowly": {"not slow", "slow and not prove"},
    "pytestmark = [pytest.mark.slow, pytest.mark.prove]": {"prove"},
    "@pytest.mark.prove\n@pytest.mark.slow\ndef test_one(): pass": {"not slow", "slow and not prove", "prove"},
}
"""Text → what is asked for when it must be read."""


@pytest.mark.parametrize("text", TEXTS)
def test_a_file_is_read_where_its_text_allows_for_a_test_that_was_asked_for(text: str, tmp_path: Path) -> None:
    file = tmp_path / "test_one.py"
    file.write_text(text)
    assert {asked for asked in ASKED if not needs_no_reading(file, asked)} == TEXTS[text]
    assert not needs_no_reading(file, "") and not needs_no_reading(file, "slow")


def test_what_make_asks_for_is_known() -> None:
    commands = (Path(__file__).parents[2] / "Makefile").read_text()
    asked = re.findall(r"pytest .*-m (?:\"([^\"$]+)\"|(\w+))", commands)
    assert {quoted or word for quoted, word in asked} == set(ASKED)


def test_a_file_is_read_where_its_folders_conftest_may_mark_its_tests(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("item.add_marker('slow')")
    (tmp_path / "test_one.py").write_text("def test_one(): pass")
    assert not needs_no_reading(tmp_path / "test_one.py", "slow and not prove")


def test_a_mark_that_comes_from_elsewhere_is_found_out_where_all_are_read(tmp_path: Path) -> None:
    file = tmp_path / "test_one.py"
    file.write_text("from marks import LONG\n\n\n@LONG\ndef test_one(): pass")
    assert wrongly_left_out([(file, "test_one", {"slow"})]) == ['test_one would not run with -m "slow and not prove"']
    assert not wrongly_left_out([(file, "test_one", set())])


def test_no_two_files_of_tests_have_one_name() -> None:
    """pytest knows files by their names alone, and refuses the second wherever both are read."""
    names = Counter(file.name for file in Path(__file__).parents[1].rglob("test_*.py"))
    assert [name for name, times in names.items() if times > 1] == []
