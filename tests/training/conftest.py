"""Tests of training need TensorFlow, which takes seconds to import: without the slow tests, their modules are not even imported."""

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return True if config.option.markexpr == "not slow" else None
