"""What every test may count on: runs and presets of its own, and none of the settings of whoever runs it."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from pty_terminal import end_runs

for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
    if signal.getsignal(number) is signal.SIG_IGN:  # a shell's background job, nohup: what it starts ignores it, too
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="try the promises as often as `make prove` does")


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs and a user's presets lie in temporary folders of the test's own; the environment changes nothing else."""
    monkeypatch.setenv("GAN_TUI_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("GAN_TUI_PRESETS", str(tmp_path_factory.mktemp("presets")))
    monkeypatch.delenv("GAN_TUI_DATA", raising=False)
    monkeypatch.delenv("GAN_TUI_DEBUG", raising=False)
    monkeypatch.setenv("GAN_TUI_PREPARE", "0")  # each menu of a test would load TensorFlow


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Where the runs of this test lie; not made yet."""
    return tmp_path / "runs"


@pytest.fixture
def no_training_is_left(runs: Path) -> Iterator[None]:
    """Whatever trains in `runs` ends with the test, however that ends."""
    yield
    end_runs(runs)
