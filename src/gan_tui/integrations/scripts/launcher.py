"""`python launcher.py train.py --lr 0.1` is `python train.py --lr 0.1` (or `-m package.module`), with gan-tui at hand.

Started by the supervisor of a script's run, with the Python that the script is for, which may know nothing of gan-tui:
so this file is alone, imports nothing but Python's own, and is for Python 3.9 and later. The script finds all as it
would without us: arguments, `__main__`, `__file__`, modules beside it. What it gets besides:

- A Keras fit in it is watched, where nobody has given it a `Watch`. Keras is not loaded for that.
- `import gan_tui` works, also where this Python has no gan-tui: then the one that started us is lent. Nothing that this
  Python has itself is ever taken from elsewhere.
- Its output is written line by line, and a crash tells where it was.
- What it forks (data loaders) does not keep the run alive, and all of it is asked to end when the supervisor is gone.
"""

# ruff: noqa: E402 (nothing is imported from beside this file)

from __future__ import annotations

import sys

_IS_SAFE = getattr(sys.flags, "safe_path", False)  # since Python 3.11
if not _IS_SAFE:
    del sys.path[0]  # the folder of this file, in which modules may be called as the script's are

import builtins
import faulthandler
import fcntl
import io
import os
import runpy
import signal
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import Any

GIVEN = "GAN_TUI_SCRIPT_GIVEN"
"""LOCK:PACKAGES in the environment: a descriptor, and where gan-tui and what it needs lie."""
NEEDED = ("orjson", "tomli_w", "platformdirs", "psutil", "PIL", "safetensors")
"""What gan-tui needs in a script, and may be lent with it; numpy is not, by which other libraries behave otherwise."""
_F_SETSIG = 10
"""Linux: which signal tells of a descriptor. Python has no name for it before 3.12."""


def main() -> None:
    """Become the script that the command line names."""
    given = os.environ.pop(GIVEN, "")
    if given:
        lock, packages = given.split(":", 1)
        _hold(int(lock))
        sys.meta_path.append(_Lent(packages.split(os.pathsep)))
    sys.meta_path.insert(0, _AfterLoading({**_KERAS}))
    _speak_at_once()
    sys.argv = sys.argv[1:]
    if hasattr(sys, "orig_argv"):  # since Python 3.10
        sys.orig_argv = [word for word in sys.orig_argv if word != __file__]
    sys.modules["__main__"] = _main_module()
    if sys.argv[0] == "-m":
        _run_module(sys.argv[1], sys.argv[2:])
    else:
        _run_file(sys.argv[0])


def _main_module() -> ModuleType:
    """The script's `__main__`, empty still, as Python begins with it."""
    module = ModuleType("__main__")
    module.__dict__["__builtins__"] = builtins
    if sys.version_info < (3, 14):
        module.__annotations__ = {}
    return module


def _run_module(name: str, arguments: Sequence[str]) -> None:
    """As `python -m` does it."""
    sys.argv = ["-m", *arguments]
    if not _IS_SAFE:
        sys.path.insert(0, os.getcwd())  # noqa: PTH109 (as Python finds it)
    _told_as_its_own(lambda: runpy._run_module_as_main(name))  # type: ignore[attr-defined]


def _run_file(script: str) -> None:
    """As Python runs a file."""
    if not _IS_SAFE:
        sys.path.insert(0, os.path.dirname(os.path.realpath(script)))  # noqa: PTH120
    file = os.path.join(os.getcwd(), script)  # noqa: PTH109, PTH118
    own = sys.modules["__main__"].__dict__
    own |= {"__file__": file, "__cached__": None, "__loader__": SourceFileLoader("__main__", file)}

    def run() -> None:
        with io.open_code(file) as source:
            code = compile(source.read(), file, "exec", dont_inherit=True)
        exec(code, own)

    _told_as_its_own(run)


def _told_as_its_own(run: Callable[[], None]) -> None:
    """Run it; where an exception ends it, that is told as Python would, without what stands here."""
    try:
        run()
        _tell_exit(None)
    except SystemExit as end:
        _tell_exit(end.code)
        raise
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001
        place = error.__traceback__
        while place and place.tb_frame.f_code.co_filename == __file__:
            place = place.tb_next
        sys.last_type, sys.last_value, sys.last_traceback = type(error), error.with_traceback(place), place
        sys.last_exc = error  # type: ignore[attr-defined, unused-ignore]  # as Python itself leaves it, for whoever looks while the process ends
        sys.excepthook(type(error), error, place)
        raise SystemExit(1) from None


def _tell_exit(code: object) -> None:
    """Tell the runs that it has had, if any, how it ends itself: Python does not keep that."""
    endings = sys.modules.get("gan_tui.integrations.scripts.endings")
    if hasattr(endings, "script_ended"):  # a gan-tui of its own may be older
        endings.script_ended(code)  # type: ignore[union-attr]


# What it has of its supervisor ------------------------------------------------------------------------


def _hold(lock: int) -> None:
    """Keep the run alive as long as this process lives; what it starts or forks does not.

    Once the supervisor is gone, the pipe of its commands has an end, and until a `Run` or a `Watch` reads that, the
    system tells the whole group of processes to end: without a thread that waits here.
    """
    commands, replies = (int(os.environ[f"GAN_TUI_SCRIPT_{name}"]) for name in ("COMMANDS", "REPLIES"))
    os.environ["GAN_TUI_SCRIPT_PID"] = str(os.getpid())  # what it starts inherits all this, but not the descriptors
    pipes = map(os.fstat, (commands, replies))  # another program in its place inherits it, too: the numbers are others'
    os.environ["GAN_TUI_SCRIPT_PIPES"] = " ".join(f"{pipe.st_dev}:{pipe.st_ino}" for pipe in pipes)
    for descriptor in (lock, commands, replies):
        os.set_inheritable(descriptor, False)
    if sys.platform == "linux":
        fcntl.fcntl(commands, fcntl.F_SETOWN, -os.getpgrp())
        fcntl.fcntl(commands, _F_SETSIG, signal.SIGTERM)
        fcntl.fcntl(commands, fcntl.F_SETFL, fcntl.fcntl(commands, fcntl.F_GETFL) | os.O_ASYNC)
    was = os.fstat(lock)

    def let_go() -> None:
        try:
            if os.path.samestat(os.fstat(lock), was):  # else it was closed, and the number is another file's
                os.close(lock)
        except OSError:
            return

    os.register_at_fork(after_in_child=let_go)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())  # held back until now


def _speak_at_once() -> None:
    """Have each line that is printed be in the log at once, and a crash tell where it was."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(line_buffering=True)
    if sys.stderr is not None and not faulthandler.is_enabled():
        faulthandler.enable()


def say(words: str) -> None:
    """Into the run's log."""
    print(f"[gan-tui] {words}", file=sys.stderr, flush=True)


# Modules ----------------------------------------------------------------------------------------------


class _Lent(MetaPathFinder):
    """Finds gan-tui, and then what it needs, where nobody else has found them."""

    def __init__(self, places: Sequence[str]) -> None:
        self._places, self._is_lent = places, False

    def find_spec(self, name: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name == "gan_tui":
            self._is_lent = True
        elif name not in NEEDED or not self._is_lent:
            return None
        return PathFinder.find_spec(name, self._places, target)


class _AfterLoading(MetaPathFinder):
    """Does something with some modules, once each, when they have been loaded."""

    def __init__(self, then: dict[str, Callable[[ModuleType], None]]) -> None:
        self._then = then

    def find_spec(self, name: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name not in self._then:
            return None
        others = (finder for finder in sys.meta_path if finder is not self)
        found = (finder.find_spec(name, path, target) for finder in others)
        spec = next((each for each in found if each), None)
        if spec is None or spec.loader is None:
            return spec
        load = spec.loader.exec_module

        def loaded(module: ModuleType) -> None:
            load(module)
            if module.__name__ == name and (then := self._then.pop(name, None)):  # who only asks for it loads nothing
                then(module)

        spec.loader.exec_module = loaded  # type: ignore[method-assign]
        return spec


# Keras ------------------------------------------------------------------------------------------------


def _refuse_keras_2(module: ModuleType) -> None:
    version = str(getattr(module, "__version__", ""))
    if version.split(".")[0] in ("1", "2"):
        say(f"{module.__name__} is {version}, and only fits of Keras 3 are watched; pip install --upgrade keras.")


def _watch_fits(module: ModuleType) -> None:
    """From now on, each fit has a `Watch`."""
    begin = module.CallbackList.on_train_begin

    def on_train_begin(callbacks: Any, logs: Any = None) -> None:
        _give_watch(callbacks)
        begin(callbacks, logs)

    module.CallbackList.on_train_begin = on_train_begin


_cannot: list[str] = []
"""Why no fit can be watched, once that is known."""


def _give_watch(callbacks: Any) -> None:
    """Have a fit watched, unless it is, or that cannot be, which costs it nothing."""
    if _cannot:
        return
    try:
        from gan_tui.integrations.scripts.watch import Watch
        from gan_tui.integrations.scripts.watched_run import may_watch

        if not may_watch() or any(isinstance(each, Watch) for each in callbacks.callbacks):
            return
        watch = Watch()
        watch.set_params(callbacks.params)
        watch.set_model(callbacks.model)
    except Exception as error:  # noqa: BLE001 (whatever it is, the script goes on)
        _cannot.append(f"{type(error).__name__}: {error}")
        lacks = isinstance(error, ModuleNotFoundError)
        way = f"; {sys.executable} -m pip install gan-tui puts that right" if lacks else ""
        say(f"This fit cannot be watched ({_cannot[0]}){way}.")
        return
    callbacks.callbacks.append(watch)
    callbacks._async_train = False  # else what it is told of comes late, and in no order


_KERAS: dict[str, Callable[[ModuleType], None]] = {
    "keras": _refuse_keras_2,
    "tf_keras": _refuse_keras_2,
    "keras.src.callbacks.callback_list": _watch_fits,
}

if __name__ == "__main__":
    main()
