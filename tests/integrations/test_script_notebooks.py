"""Runs in notebooks: IPython's own shell runs the cells, in a process of its own."""

import sys
from importlib.util import find_spec
from pathlib import Path

import frameworks
from gan_tui.run.events import State
from scripts import Script, events, state


def with_ipython() -> dict[str, str]:
    """A Python that has it, and where that finds gan-tui."""
    if find_spec("IPython"):
        return {"python": sys.executable}
    return {"python": frameworks.python_with("IPython"), "PYTHONPATH": frameworks.environment()["PYTHONPATH"]}


SHELL = """
    from IPython.core.interactiveshell import InteractiveShell
    shell = InteractiveShell.instance()
    def cell(text):
        return shell.run_cell(text, store_history=True)
    cell("import gan_tui; run = gan_tui.Run('night')")
"""


def told(script: Script) -> list[tuple[str, str]]:
    return [(event.state, event.reason) for event in events(script.run(), State) if isinstance(event, State)]


def test_a_cell_that_fails_pauses_the_run_and_may_be_run_again(runs: Path) -> None:
    runs.parent.mkdir(exist_ok=True)
    (runs.parent / "cells.py").write_text(
        """
loop = '''
for step in run.steps(10, run.step):
    run.log(loss=1 / step)
    if step == {}:
        raise {}
'''
cell(loop.format(3, "RuntimeError('too warm')"))
cell("1 / 0")  # which has nothing to do with it
cell(loop.format(5, "KeyboardInterrupt"))
cell(loop.format(99, "None"))
"""
    )
    script = Script(f"{SHELL}\n    exec(open('cells.py').read())", runs, **with_ipython())
    assert script.ended()[0] == 0
    assert told(script) == [
        ("starting", "The script has begun"),
        ("training", ""),
        ("paused", "RuntimeError: too warm"),
        ("training", ""),
        ("paused", "its cell was interrupted"),
        ("training", ""),
        ("stopped", "its notebook or prompt was closed"),
    ]
    assert state(script.run()).step == 10


def test_at_a_prompt_a_mistake_ends_nothing(runs: Path) -> None:
    script = Script(
        """
        import code, gan_tui, sys
        sys.ps1 = ">>> "
        prompt = code.InteractiveConsole()
        for line in ("import gan_tui", "run = gan_tui.Run('night')", "1 / 0", "run.log(loss=0.5)"):
            prompt.push(line)
        """,
        runs,
    )
    assert script.ended()[0] == 0
    ended = state(script.run())
    assert (ended.state, ended.reason, ended.step) == ("stopped", "its notebook or prompt was closed", 1)
