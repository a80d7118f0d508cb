"""How soon 500 runs are listed: with what is known of them, without it, and once more in a list that stays."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from measuring import COMMAND, Figure, own_folder, own_runs, start

RUNS = 500
TIMES = 5
_LIST = """
import sys, time
began = time.perf_counter()
from pathlib import Path
from gan_tui.integrations.logs import listed
from gan_tui.presets.changed import KnownChanges
from gan_tui.run.listing import Listing
loaded, runs = time.perf_counter(), Path(sys.argv[1])
listing = Listing(lambda: listed.every(runs), KnownChanges())
rows = listing.rows()
listed_at = time.perf_counter()
again = listing.rows()
again_at = time.perf_counter()
missing = listing.missing(rows)
for row in missing:
    listing.read(row)
listing.keep(rows)
print([len(rows), len(missing), listed_at - loaded, again_at - listed_at, time.perf_counter() - again_at])
"""


def listing() -> Iterator[Figure]:
    """A list of 500 real runs, which three trainings have made."""
    with own_runs() as runs, own_folder("XDG_CACHE_HOME") as cache:
        _many(runs)
        cold = [_listed(runs, cache, afresh=True) for _ in range(3)]
        assert all(row[:2] == [RUNS, RUNS] for row in cold)
        yield Figure(f"{RUNS} runs: all that is listed before any log is read", "", [row[2] for row in cold], "s")
        yield Figure("  their logs read for the first time", "", [row[4] for row in cold], "s", "in the background")
        warm = [_listed(runs, cache, afresh=False) for _ in range(TIMES)]
        assert all(row[:2] == [RUNS, 0] for row in warm)
        yield Figure(f"{RUNS} runs listed with what they came to, in a new process", "≤ 0.2", [r[2] for r in warm], "s")
        yield Figure("  once more, in the same", "≤ 50", [1000 * row[3] for row in warm], "ms", "every 2 s in the menu")
        yield Figure("  `gan-tui runs --json` of them, its start included", "", list(_commands()), "s")


def _many(runs: Path) -> None:
    """Copies of real runs under other names, as old as those."""
    made = [start("xor", "--steps", "2000", "--set", f"learning_rate={rate}") for rate in (0.01, 0.02)]
    made.append(start("gan", "--steps", "60"))
    for run in made:
        subprocess.run([*COMMAND, "wait", str(run)], check=True, stdout=subprocess.DEVNULL)
    for number in range(RUNS - len(made)):
        shutil.copytree(made[number % len(made)], runs / f"copy-{number}")


def _listed(runs: Path, cache: Path, afresh: bool) -> list[float]:
    if afresh:
        shutil.rmtree(cache / "gan-tui", ignore_errors=True)
    found = subprocess.run([sys.executable, "-c", _LIST, str(runs)], check=True, capture_output=True, text=True)
    numbers: list[float] = json.loads(found.stdout)
    return numbers


def _commands() -> Iterator[float]:
    for _ in range(TIMES):
        began = time.monotonic()
        subprocess.run([*COMMAND, "runs", "--json"], check=True, stdout=subprocess.DEVNULL)
        yield time.monotonic() - began
