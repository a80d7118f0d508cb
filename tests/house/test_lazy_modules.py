"""Modules that are loaded once something looks into them, by whichever thread is the first."""

import importlib
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gan_tui.training.lazy_modules import LazyModules

SLOW = """
import sys, threading
threading.slow_began.set()
threading.slow_goes_on.wait(5)
own = sys.modules[__name__]
missed = getattr(own, "later", "not yet")
later = 1
"""


@pytest.fixture
def lazy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "lazily_loaded.py").write_text(SLOW)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    LazyModules("lazily_loaded").install()
    for name in ("slow_began", "slow_goes_on"):
        monkeypatch.setattr(threading, name, threading.Event(), raising=False)
    yield
    sys.modules.pop("lazily_loaded", None)


@pytest.mark.usefixtures("lazy")
def test_a_name_that_is_missed_while_another_thread_loads_is_waited_for() -> None:
    module = importlib.import_module("lazily_loaded")
    began, goes_on = threading.slow_began, threading.slow_goes_on  # type: ignore[attr-defined]
    assert not began.is_set(), "nothing has looked into it"
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(lambda: module.later)
        assert began.wait(5)
        second = threads.submit(lambda: module.later)
        with pytest.raises(TimeoutError):
            second.result(0.05)
        goes_on.set()
        assert first.result(5) == second.result(5) == 1
    assert module.missed == "not yet", "the thread that loads it does not wait for itself"
    with pytest.raises(AttributeError, match="never"):
        _ = module.never
    assert "__getattr__" not in vars(module)


@pytest.mark.usefixtures("lazy")
def test_a_module_that_cannot_be_loaded_says_so_each_time(tmp_path: Path) -> None:
    (tmp_path / "lazily_loaded.py").write_text("raise ImportError('no such library')")
    module = importlib.import_module("lazily_loaded")
    for _ in range(2):
        with pytest.raises(ImportError, match="no such library"):
            _ = module.later
