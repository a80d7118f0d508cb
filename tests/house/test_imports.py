"""Who loads what, in a fresh process: TensorFlow belongs to the trainer alone. (`make check` holds the contracts.)"""

import subprocess
import sys

import pytest

HEAVY = ("tensorflow", "keras", "gan_tui.training")


def loaded_after(code: str) -> set[str]:
    """The names of the modules in a fresh process after some code."""
    ended = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return set(ended.stdout.splitlines()[-1].split())


MODULES = (
    "dashboard.app", "supervision.supervisor", "cli.follow", "cli.commands", "cli.arguments", "run.state",
    "drawing.plots.charts",
)  # fmt: skip


@pytest.mark.parametrize("module", MODULES)
def test_nothing_but_training_loads_tensorflow(module: str) -> None:
    loaded = loaded_after(f"import gan_tui.{module}")
    assert f"gan_tui.{module}" in loaded
    assert not [name for name in loaded if name.startswith(HEAVY)]


def test_whole_commands_run_without_tensorflow() -> None:
    code = """
from gan_tui.cli.arguments import main
for words in (["presets"], ["show", "dcgan"], ["runs"], ["data"]): main(words)
"""
    assert not [name for name in loaded_after(code) if name.startswith(HEAVY)]


def test_the_shells_commands_do_not_load_the_screen() -> None:
    loaded = loaded_after("from gan_tui.cli.arguments import main; main(['presets'])")
    assert not loaded & {"textual", "rich", "plotext", "numpy"}


def test_the_supervisor_stays_small() -> None:
    assert not loaded_after("import gan_tui.supervision.supervisor") & {"textual", "rich", "plotext", "numpy"}
