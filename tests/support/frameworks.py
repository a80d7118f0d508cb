"""Where tests find what gan-tui does not depend on: JAX, torch, what writes the logs of others.

`make frameworks` sets it up, in .venv-frameworks; GAN_TUI_FRAMEWORKS names another Python that has it. Tests that need
it are skipped where it is not there.
"""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
USUAL = ROOT / ".venv-frameworks" / "bin" / "python"
SUPPORT = Path(__file__).parent
_OURS = [str(ROOT / "src"), str(SUPPORT)]
SECONDS = 900


def python_with(*modules: str) -> str:
    """A Python that has these modules; the test is skipped where there is none."""
    if modules == ("tensorflow",):
        return sys.executable
    python = os.environ.get("GAN_TUI_FRAMEWORKS") or str(USUAL)
    if not Path(python).exists():
        pytest.skip("the frameworks that it needs are not set up: make frameworks")
    if lacks := _lacking(python, modules):
        pytest.skip(f"{python} lacks {lacks}: make frameworks")
    return python


@cache
def _lacking(python: str, modules: tuple[str, ...]) -> str:
    asks = f"from importlib.util import find_spec; print(*(m for m in {modules!r} if not find_spec(m)))"
    return subprocess.run([python, "-c", asks], capture_output=True, text=True, check=True).stdout.strip()


def environment(**more: str) -> dict[str, str]:
    """With gan-tui and these helpers to be found."""
    paths = [*_OURS, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "TF_CPP_MIN_LOG_LEVEL": "3", **more}


def ran(python: str, *arguments: str, **more: str) -> str:
    """What a program has printed, which must end well; `more` is of its environment."""
    ended = subprocess.run(
        [python, *arguments], capture_output=True, text=True, env=environment(**more), timeout=SECONDS, cwd=ROOT
    )
    assert ended.returncode == 0, ended.stderr[-4000:]
    return ended.stdout


def told(python: str, *arguments: str, **more: str) -> dict[str, Any]:
    """The last line that a program has printed, which is JSON."""
    found: dict[str, Any] = json.loads(ran(python, *arguments, **more).splitlines()[-1])
    return found
