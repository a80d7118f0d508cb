"""What docs/own-data.md says is so: a program makes the data, and commands that train nothing print what it shows."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from shell import said

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
PAGE, MAKER = (ROOT / "docs" / "own-data.md").read_text(), ROOT / "examples" / "own_data"
CONSOLE = "".join(re.findall(r"```\n(\$ .*?)```", PAGE, re.DOTALL))
EXAMPLES = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", CONSOLE, re.MULTILINE)
AT_ONCE = [
    (command, shown) for command, shown in EXAMPLES
    if command.startswith(("gan-tui data show", "gan-tui show fruit", "head", "cat")) or shown.startswith("gan-tui:")
]  # fmt: skip
"""Those that train nothing."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of the page."""
    folder = tmp_path_factory.mktemp("ada")
    subprocess.run((sys.executable, str(MAKER / "make.py"), str(folder)), check=True)
    return folder


@pytest.mark.parametrize(("command", "shown"), AT_ONCE, ids=[command for command, _ in AT_ONCE])
def test_a_command_prints_what_is_shown(
    command: str, shown: str, made: Path, runs: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:  # fmt: skip
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.chdir(made / "garden" if "fruit" in command else made)
    program, *words = shlex.split(command)
    if program == "gan-tui":
        code, out, err = said(capsys, *words)
        assert code == (2 if shown.startswith("gan-tui:") else 0)
    else:
        out, err = subprocess.run((program, *words), check=True, capture_output=True, text=True).stdout, ""
    printed = _spaced(f"{out} {err}").replace(str(made), "/home/ada")
    for line in shown.splitlines():
        assert _spaced(line) in printed, f"{line}\nis not in\n{out}{err}"
    assert not runs.exists()


def _spaced(text: str) -> str:
    """With one blank wherever there are some: lines are broken elsewhere, and some are left out."""
    return " ".join(text.split())


def test_each_kind_has_an_example() -> None:
    shown = {Path(command.split()[-1]).suffix for command, _ in AT_ONCE if "data show" in command}
    assert shown == {"", ".npz", ".csv"} and len(AT_ONCE) >= 9


def test_the_programs_of_the_page_are_the_files_that_can_be_run() -> None:
    for name in ("rents.py", "fruit.toml"):
        program = (MAKER / name).read_text()
        assert program[program.index("import csv") if name == "rents.py" else 0 :] in PAGE, name
