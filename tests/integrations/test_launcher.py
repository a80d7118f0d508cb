"""What a script finds when gan-tui starts it: all that it would without, and gan-tui at hand. Each in a Python of its
own.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gan_tui.supervision.script_process import LAUNCHER

FINDS = """
import sys, os
class Thing: pass
if __name__ == "__main__":
    import __main__, inspect, pickle
    assert __main__.Thing is Thing and isinstance(pickle.loads(pickle.dumps(Thing())), Thing)
    print(sys.argv, __file__, __spec__ and __spec__.name, __package__, sorted(globals()))
    print(sys.path, sys.orig_argv[1:], os.getcwd())
    print(inspect.getsource(Thing), sys.stdin.read(), sorted(os.environ))
    import beside
"""


def ended(
    *words: object, cwd: Path, python: str = sys.executable, pass_fds: tuple[int, ...] = (), **environment: str
) -> tuple[int, str, str]:
    """(exit code, output, errors) of Python with these words."""
    process = subprocess.run(
        [python, *map(str, words)], cwd=cwd, env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=60, pass_fds=pass_fds,
    )  # fmt: skip
    return process.returncode, process.stdout, process.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a package, and a script with a blank in its name."""
    package = tmp_path / "project" / "my package"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "my script.py").write_text(FINDS)
    (package / "module.py").write_text(FINDS)
    for folder in (package, package.parent):
        (folder / "beside.py").write_text("print('beside', __file__)")
    (package.parent / "link.py").symlink_to(package / "my script.py")
    return package.parent


@pytest.mark.parametrize(
    "words",
    [
        ["my package/my script.py", "--lr", "0.1", "-m", "--", "é"],
        ["./my package/../my package/my script.py"],
        ["link.py"],
    ],
)  # fmt: skip
def test_a_script_finds_what_it_would_without_the_launcher(words: list[str], project: Path) -> None:
    assert ended(LAUNCHER, *words, cwd=project) == ended(*words, cwd=project)
    assert ended(*words, cwd=project)[0] == 0


def test_so_does_a_module(project: Path) -> None:
    (project / "my package").rename(project / "package")
    words = ("-m", "package.module", "--lr", "0.1")
    assert ended(LAUNCHER, *words, cwd=project) == ended(*words, cwd=project)
    assert ended(*words, cwd=project)[0] == 0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("def f():\n    1 / 0\nf()", 1),
        ("import sys; sys.exit('no data')", 1),
        ("import sys; sys.exit(3)", 3),
        ("raise SystemExit", 0),
        ("x = = 3", 1),
        ("try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    raise ValueError('a\\nb') from error", 1),
        ("import sys; sys.excepthook = lambda *error: print('mine', error[0]); 1 / 0", 1),
        ("import atexit, sys; atexit.register(lambda: print(type(sys.last_value))); 1 / 0", 1),
        ("raise KeyboardInterrupt", -2),
        ("import threading; threading.Thread(target=print, args=('late',)).start(); 1 / 0", 1),
    ],
)
def test_it_ends_as_it_would(text: str, code: int, project: Path) -> None:
    (project / "ends.py").write_text(text)
    ends, out, err = ended(LAUNCHER, "ends.py", cwd=project)
    alone = ended("ends.py", cwd=project)
    assert (ends, out) == alone[:2] and ends == code
    if code != -2:
        assert err == alone[2]
    assert err.splitlines()[-1:] == alone[2].splitlines()[-1:]


def test_what_it_starts_with_multiprocessing_finds_its_functions(project: Path) -> None:
    (project / "spawns.py").write_text(
        "import multiprocessing\n"
        "def double(x): return 2 * x\n"
        "if __name__ == '__main__':\n"
        "    for way in ('spawn', 'fork'):\n"
        "        with multiprocessing.get_context(way).Pool(1) as pool: print(pool.map(double, [3]))\n"
    )
    assert ended(LAUNCHER, "spawns.py", cwd=project) == (0, "[6]\n[6]\n", "")


def test_its_own_modules_may_be_called_as_ours_are(project: Path) -> None:
    for name in ("run", "watch", "launcher", "types", "signal"):
        (project / f"{name}.py").write_text(f"own = '{name}'")
    (project / "own.py").write_text("import run, watch, launcher; print(run.own, watch.own, launcher.own)")
    assert ended(LAUNCHER, "own.py", cwd=project) == (0, "run watch launcher\n", "")


def test_each_line_is_out_at_once_and_a_crash_tells_where_it_was(project: Path) -> None:
    (project / "crash.py").write_text("import os, signal\nprint('begun')\nos.kill(os.getpid(), signal.SIGSEGV)\n")
    code, out, err = ended(LAUNCHER, "crash.py", cwd=project)
    assert (code, out) == (-11, "begun\n")
    assert "Segmentation fault" in err and 'crash.py", line 3' in err


# gan-tui, lent ------------------------------------------------------------------------------------------

SITE = next(path for path in sys.path if path.endswith("site-packages"))


def lent(text: str, project: Path) -> tuple[int, str, str]:
    """What becomes of a script in a Python that lacks gan-tui, where it is lent, as a supervisor does."""
    (project / "lent.py").write_text(text)
    commands, replies, lock = os.pipe(), os.pipe(), os.open(project / "lock", os.O_RDWR | os.O_CREAT)
    given = {
        "GAN_TUI_SCRIPT_GIVEN": f"{lock}:{LAUNCHER.parents[3]}:{SITE}", "PYTHONPATH": "",
        "GAN_TUI_SCRIPT_COMMANDS": str(commands[0]), "GAN_TUI_SCRIPT_REPLIES": str(replies[1]),
    }  # fmt: skip
    try:
        theirs = (lock, commands[0], replies[1])
        return ended("-S", LAUNCHER, "lent.py", cwd=project, pass_fds=theirs, **given)
    finally:
        for descriptor in (*commands, *replies, lock):
            os.close(descriptor)


def test_a_python_without_gan_tui_is_lent_it_with_what_it_needs(project: Path) -> None:
    text = "import os, gan_tui, orjson; print(gan_tui.__version__, 'GAN_TUI_SCRIPT_GIVEN' in os.environ)"
    assert lent(text, project) == (0, "0.1.0 False\n", "")


def test_nothing_is_lent_to_a_script_that_does_not_ask_for_gan_tui(project: Path) -> None:
    code, _, err = lent("import orjson", project)
    assert code == 1 and err.endswith("ModuleNotFoundError: No module named 'orjson'\n")
    code, _, err = lent("import gan_tui, textual", project)
    assert code == 1 and err.endswith("ModuleNotFoundError: No module named 'textual'\n")


def test_what_a_script_has_itself_is_its_own(project: Path) -> None:
    (project / "gan_tui.py").write_text("own = True")
    assert lent("import gan_tui; print(gan_tui.own)", project) == (0, "True\n", "")


# Keras --------------------------------------------------------------------------------------------------


def test_an_old_keras_is_said_to_be_none_that_is_watched(project: Path) -> None:
    (project / "keras").mkdir()
    (project / "keras" / "__init__.py").write_text("__version__ = '2.15.0'")
    asks_first = "import importlib.util; importlib.util.find_spec('keras')"
    (project / "old.py").write_text(f"{asks_first}\nimport keras; print(keras.__version__)")
    said = "[gan-tui] keras is 2.15.0, and only fits of Keras 3 are watched; pip install --upgrade keras.\n"
    assert ended(LAUNCHER, "old.py", cwd=project) == (0, "2.15.0\n", said)
