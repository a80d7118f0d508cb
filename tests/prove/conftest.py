"""The articles' numbers, proved by training to the end: run by `make numbers` alone."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from proving import Line, as_table

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

_LINES = pytest.StashKey[list[Line]]()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return None if config.option.markexpr == "prove" else True


@pytest.fixture
def lines(request: pytest.FixtureRequest) -> Iterator[list[Line]]:
    """A proof's own lines of the table: printed when it ends, met or not, and once more with all others."""
    own: list[Line] = []
    yield own
    print("\n" + "\n".join(map(str, own)))
    request.config.stash.setdefault(_LINES, []).extend(own)


@pytest.fixture(autouse=True)
def nothing_trains_on(no_training_is_left: None) -> None:
    """Whatever a proof has started ends with it."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if found := config.stash.get(_LINES, []):
        terminalreporter.section("article and ours")
        terminalreporter.write_line(as_table(found))
