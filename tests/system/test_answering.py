"""A process that answers and goes on alone: that it is let go of is no mistake to be warned of."""

import subprocess
import sys

import pytest

_LETS_GO = """
import gc, os, sys
from gan_tui.system.answering import Answering
ours, theirs = os.pipe()
process = Answering([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=ours)
process.answers.close()
del process
gc.collect()
os.close(theirs)
"""


@pytest.mark.slow
@pytest.mark.parametrize("options", [("-W", "error"), ("-X", "dev")])
def test_python_says_nothing_of_a_process_that_goes_on_alone(options: tuple[str, str]) -> None:
    ended = subprocess.run([sys.executable, *options, "-c", _LETS_GO], capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")
