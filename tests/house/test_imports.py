"""Who loads what, in a fresh process: TensorFlow belongs to the trainer alone. (`make check` holds the contracts.)"""

import subprocess
import sys
from collections.abc import Sequence

import pytest

HEAVY = ("tensorflow", "keras", "gan_tui.training")
OF_SCREENS = ("textual", "rich", "plotext", "numpy")

MODULES = (
    "supervision.supervisor", "cli.arguments", "cli.commands", "cli.follow", "run.state", "drawing.plots.charts",
    "dashboard.app",
)  # fmt: skip
COMMANDS = (["presets"], ["show", "dcgan"], ["runs"], ["data"])

LOOK = """
import sys
for line in {lines}:
    exec(line)
    for name in sorted(sys.modules):
        if any(name == module or name.startswith(module + ".") for module in {forbidden}):
            sys.exit(f"{{line}} loads {{name}}")
"""


def modules(*names: str) -> list[str]:
    return [f"import gan_tui.{name}" for name in names]


def commands(*lines: list[str]) -> list[str]:
    return [f"from gan_tui.cli.arguments import main; main({line})" for line in lines]


def assert_none_loads(forbidden: Sequence[str], lines: list[str]) -> None:
    """Run some lines one after the other in one process; none of them may load any of those modules."""
    code = LOOK.format(lines=lines, forbidden=tuple(forbidden))
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.slow
def test_nothing_but_training_loads_tensorflow() -> None:
    assert_none_loads(HEAVY, [*modules(*MODULES), *commands(*COMMANDS)])


def test_the_supervisor_and_the_shells_commands_do_not_load_the_screen() -> None:
    assert_none_loads(OF_SCREENS, [*modules("supervision.supervisor"), *commands(["presets"])])
