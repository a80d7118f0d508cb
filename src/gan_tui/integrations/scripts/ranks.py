"""Which of several processes that train together this one is, as those tell that have started them."""

import os
import sys
from collections.abc import Iterable

_RANKS = ("RANK", "OMPI_COMM_WORLD_RANK", "PMI_RANK", "SLURM_PROCID", "LOCAL_RANK")
_SIZES = ("WORLD_SIZE", "OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS")
"""What they call each process's number, from 0, and how many there are; the first that is set counts."""


def is_silent() -> bool:
    """Whether this process is to have no run: it is not the first of several that train together, or only loads the
    script's functions for one that does."""
    process = sys.modules.get("multiprocessing.process")
    if process and getattr(process.current_process(), "_inheriting", False):
        return True
    return (_of_torch("get_rank") or _told(_RANKS, 0)) > 0


def processes() -> int:
    """How many train together."""
    return _of_torch("get_world_size") or _told(_SIZES, 1)


def _told(names: Iterable[str], otherwise: int) -> int:
    words = next((os.environ[name] for name in names if os.environ.get(name)), "")
    return int(words) if words.isdecimal() else otherwise


def _of_torch(question: str) -> int:
    """What torch says itself, where it was told by the script and not by its environment; 0 where it does not."""
    torch = sys.modules.get("torch.distributed")
    return int(getattr(torch, question)()) if torch and torch.is_available() and torch.is_initialized() else 0
