"""Why training failed, as a run and a sweep say it."""

import errno
import subprocess
import sys

import pytest

from gan_tui.errors import UserError
from gan_tui.training.failures import in_words

MEMORY = "not enough memory; close other programs, or start a run with a smaller batch_size"


class ResourceExhaustedError(Exception):
    """As TensorFlow's."""


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (UserError("The images were moved; put them back."), "The images were moved; put them back."),
        (MemoryError(), MEMORY),
        (ResourceExhaustedError("OOM"), MEMORY),
        (OSError(errno.ENOSPC, "Full", "a.csv"), "Full: a.csv; free some space and resume"),
        (
            OSError(errno.EROFS, "Read-only", "/proc/self/fd/7/checkpoints/x"),
            "Read-only: checkpoints/x; have it mounted for writing and resume",
        ),
        (ValueError("\nshapes differ\nin many ways"), "ValueError: shapes differ"),
        (ValueError(), "ValueError: "),
        (
            ValueError(
                "Graph execution error:\n\nat call\nindices[0,1,13,0] = -3 is not in [0, 12)\n\t [[{{node x}}]]"
            ),
            "an Embedding was given -3, and has rows for 0 to 11; make its input_dim larger, or the numbers whole ones "
            "from 0 on",
        ),
    ],
)
def test_an_error_is_put_in_words(error: Exception, words: str) -> None:
    assert in_words(error) == words


def test_a_limit_of_memory_is_named_where_it_is_met() -> None:
    """Other programs have nothing to do with it."""
    begin = "import resource; from gan_tui.training.failures import in_words; "
    limit = "resource.setrlimit(resource.RLIMIT_AS, (2_000_000_000,) * 2); print(in_words(MemoryError()))"
    said = subprocess.run([sys.executable, "-c", begin + limit], capture_output=True, text=True).stdout
    assert said.startswith("not enough memory, because a process may use 2 GB here (ulimit -v); raise that limit, or ")
