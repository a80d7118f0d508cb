"""What every test may count on: runs and presets of its own, and none of the settings of whoever runs it."""

import gc
import os
import signal
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from gan_tui.run.folder import RunFolder
from pty_terminal import end_runs
from serving import Serving
from what_is_read import needs_no_reading, wrongly_left_out

os.environ["XDG_CONFIG_HOME"] = os.devnull  # for what is made before there is a test
gc.disable()  # while tests are read, which makes none, an eighth of the time goes into looking for it

for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
    if signal.getsignal(number) is signal.SIG_IGN:  # a shell's background job, nohup: what it starts ignores it, too
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="try the promises as often as `make promises` does")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Files without any test that was asked for are not read. Of those that are named, pytest does not ask this."""
    if collection_path.match("test_*.py") and needs_no_reading(collection_path, config.option.markexpr):
        return True
    return None


@pytest.hookimpl(trylast=True)  # after marks that a folder's tests are given
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.option.markexpr:
        tests = ((item.path, item.nodeid, {mark.name for mark in item.iter_markers()}) for item in items)
        if wrong := wrongly_left_out(tests):
            raise pytest.UsageError("; ".join(wrong[:5]))


def pytest_collection_finish() -> None:
    """To look for garbage in all that was imported, as often as usual, takes a quarter of the time of screens."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Names of folders that are not there yet, one for each test: pytest's own are slow to make and to clear away."""
    within = tmp_path_factory.mktemp("own")
    return (within / str(number) for number in count())


@pytest.fixture(scope="session")
def no_presets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the presets lie of a user who has none: a test that makes some asks for `own_presets`."""
    folder = tmp_path_factory.mktemp("none")
    yield folder
    assert not list(folder.iterdir())


@pytest.fixture(scope="session", autouse=True)
def nobodys_environment(folders: Iterator[Path], no_presets: Path) -> Iterator[None]:
    """What is shared by tests finds no runs of whoever runs them either, and prepares no trainer."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GAN_TUI_RUNS", str(next(folders)))
        environment.setenv("GAN_TUI_PRESETS", str(no_presets))
        environment.setenv("XDG_CONFIG_HOME", str(next(folders)))
        environment.setenv("XDG_CACHE_HOME", str(next(folders)))
        environment.setenv("GAN_TUI_PREPARE", "0")  # each menu of a test would load TensorFlow
        yield


@pytest.fixture(autouse=True)
def own_folders(request: pytest.FixtureRequest, folders: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs lie in a temporary folder of the test's own, a user's presets nowhere; the environment changes nothing."""
    runs = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else next(folders)
    monkeypatch.setenv("GAN_TUI_RUNS", str(runs / "runs"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(next(folders)))
    monkeypatch.setenv("XDG_CACHE_HOME", str(next(folders)))
    monkeypatch.setattr("gan_tui.data.sources._named", None)
    for name in [name for name in os.environ if name.startswith("GAN_TUI_LEFT_OUT_")]:
        del os.environ[name]  # as a command line has left it that a test answered in this process
    for name in ("GAN_TUI_DATA", "GAN_TUI_DEBUG", "GAN_TUI_SYMBOLS"):
        monkeypatch.setenv(name, "")  # so that what a command line sets in this process is taken back, too
        monkeypatch.delenv(name)


@pytest.fixture
def own_presets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's user has presets."""
    folder = tmp_path / "presets"
    folder.mkdir()
    monkeypatch.setenv("GAN_TUI_PRESETS", str(folder))
    return folder


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Where the runs of this test lie; not made yet."""
    return tmp_path / "runs"


@pytest.fixture
def at_length(request: pytest.FixtureRequest) -> bool:
    """Whether `make promises` is run."""
    return bool(request.config.getoption("--full"))


@pytest.fixture
def no_training_is_left(runs: Path) -> Iterator[None]:
    """Whatever trains in `runs` ends with the test, however that ends."""
    yield
    end_runs(runs)


@pytest.fixture
def serving(folder: RunFolder) -> Iterator[Serving]:
    """A test's own `folder`, held and answering commands."""
    serving = Serving(folder)
    yield serving
    serving.close()
    assert serving.broken is None
