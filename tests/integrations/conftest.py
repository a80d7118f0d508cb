"""What tests of scripts and logs share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import Script


@pytest.fixture
def started(runs: Path) -> Iterator[type[Script]]:
    """Starts scripts that end with the test."""
    begun: list[Script] = []

    class Started(Script):
        def __init__(self, text: str, **environment: str) -> None:
            super().__init__(text, runs, **environment)
            begun.append(self)

    yield Started
    for script in begun:
        script.end()
