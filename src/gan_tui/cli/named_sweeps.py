"""Names that sweeps have: which one is meant, and what is said where a run is, or both are."""

import sys
from pathlib import Path

from gan_tui.run import catalog
from gan_tui.run.folder import RunFolder
from gan_tui.system.paths import user_path
from gan_tui.system.shell_words import shell_word
from gan_tui.text import harmless


def run_called(word: str, runs: Path) -> RunFolder:
    """The run of that name or folder; where a sweep is called so, too, it is said which was taken. Raises UserError."""
    found = catalog.find(word, runs)
    if "/" not in word and sweep_called(word, runs):
        name = harmless(word, 80)
        print(f"{name} is taken for the run; the sweep of that name is {catalog.SWEEPS}/{name}.", file=sys.stderr)
    return found


def sweep_called(word: str, runs: Path) -> Path | None:
    """The folder of the sweep of that name, or at that path, as sweeps/NAME among the runs; None without one."""
    paths = (user_path(word), runs / word) if "/" in word else (runs / catalog.SWEEPS / word,)
    for path in paths:
        try:
            if (path / "sweep.toml").is_file():
                return path
        except OSError:
            continue  # a name too long for a file, a folder that may not be entered
    return None


def is_a_sweep(path: Path, runs: Path) -> str:
    """What can be done with it instead, in a sentence; one that is not among the runs is called by its path."""
    among = path.parent == runs / catalog.SWEEPS
    name, word = harmless(path.name, 80), shell_word(f"{catalog.SWEEPS}/{path.name}" if among else path)
    return (
        f"{name} is a sweep, which keeps its name and no note: gan-tui show {word} tells what became of it, attach "
        f"opens it, delete deletes it; its trainings are runs: {word}/{catalog.TRAININGS}/NAME."
    )
