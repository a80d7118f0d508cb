"""Proofs of the promises: a few trials of each in `make test`, hundreds in `make promises`, and a table of them all.

A proof is marked `@pytest.mark.promise(7)`, asks `trials(few, many)` how often to try, and says with `proved(…)` what
it has seen. One that cannot run on this machine skips itself with the reason and what to install; it is printed as
not run, never as kept.
"""

from collections.abc import Callable, Iterator

import pytest

from promises import PROMISES


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if marker := item.get_closest_marker("promise"):
            item.user_properties.append(("promise", marker.args[0]))


@pytest.fixture
def trials(at_length: bool) -> Callable[[int, int], int]:
    """How often to try: `trials(few, many)` is `many` in `make promises`."""
    return lambda few, many: many if at_length else few


@pytest.fixture
def proved(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Says what was seen to hold: `proved("300 kills: 0 unusable")`."""
    return lambda what: record_property("proved", what)


@pytest.fixture(autouse=True)
def nothing_trains_on(no_training_is_left: None) -> None:
    """Whatever a proof has started ends with it."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The table of promises, where more was asked for than a few tests."""
    if not config.getoption("--full"):
        return
    terminalreporter.section("promises")
    for number, promise in PROMISES.items():
        terminalreporter.write_line(f"{number:>2}  {promise}")
        lines = list(_lines(terminalreporter, number))
        for line in lines or ["not run"]:
            terminalreporter.write_line(f"      {line}")


def _lines(reporter: pytest.TerminalReporter, number: int) -> Iterator[str]:
    """What became of each proof of a promise."""
    for outcome, word in (("failed", "BROKEN"), ("error", "BROKEN"), ("passed", "kept"), ("skipped", "not run")):
        for report in reporter.stats.get(outcome, ()):
            if ("promise", number) not in getattr(report, "user_properties", ()):
                continue
            name = report.nodeid.rpartition("::")[2].removeprefix("test_").replace("_", " ")
            seen = [str(what) for key, what in report.user_properties if key == "proved"]
            if outcome == "skipped" and isinstance(report.longrepr, tuple):
                seen = [report.longrepr[2].removeprefix("Skipped: ")]
            yield f"{word:<8} {name}" + (f": {'; '.join(seen)}" if seen else "")
