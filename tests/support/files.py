"""Small trees of files, and runs that are there already, for tests of what reads them."""

import resource
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gan_tui.run.folder import RunFolder


def tree(root: Path, files: dict[str, str]) -> Path:
    """Files by their names below a folder, with the text of each."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


OLD_RUNS = Path(__file__).parents[1] / "fixtures" / "old_runs"


def old_run(state: str, name: str, runs: Path) -> RunFolder:
    """A copy of a run that was really trained, once: "stopped" or "finished", xor, flag, shapes, tape or pair."""
    return RunFolder(Path(shutil.copytree(OLD_RUNS / state / name, runs / name)))


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """While it lasts, no module is kept compiled, either: Python keeps a torn one, and no later program can load it."""
    before, kept = resource.getrlimit(resource.RLIMIT_FSIZE), sys.dont_write_bytecode
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        sys.dont_write_bytecode = kept
