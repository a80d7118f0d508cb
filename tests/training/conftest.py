"""Tests of training import TensorFlow, which takes seconds: the fast tests do not even look at them."""

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return True if config.option.markexpr == "not slow" else None
