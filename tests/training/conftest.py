"""Tests of training import TensorFlow, which takes seconds: all of them are slow, and the fast ones do not even look
at them."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
for name in ("matplotlib", "pandas", "scipy", "sklearn"):  # as in a trainer: Keras loads what it finds
    sys.modules.setdefault(name, None)  # type: ignore[arg-type]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return True if config.option.markexpr == "not slow" else None


@pytest.hookimpl(tryfirst=True)  # before those that are not asked for are left out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker("slow")


@pytest.fixture(scope="session")
def few_images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with 120 real images of each set, for epochs of a few steps."""
    from gan_tui import data

    folder = tmp_path_factory.mktemp("few")
    for name in data.NAMES:
        whole = data.load(data.Source(**{**vars(data.find(name))}))
        pick = np.random.default_rng(0).permutation(len(whole.images))[:120]
        images, labels = whole.images[pick], whole.labels[pick]
        np.savez(folder / f"{name}.npz", x_train=images, y_train=labels, x_test=images, y_test=labels)
    return folder


@pytest.fixture(autouse=True)
def nothing_is_rewritten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No function is compiled by way of Python source in the temporary folder: see `training/fast/compiled.py`."""
    from tensorflow.python.autograph.pyct import loader

    rewritten: list[str] = []
    load = loader.load_source
    monkeypatch.setattr(loader, "load_source", lambda source, *rest: (rewritten.append(source), load(source, *rest))[1])
    yield
    assert not rewritten
