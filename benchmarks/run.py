"""The speed figures of docs/speed.md: what, goal, and what was measured here. Nothing is asserted.

python benchmarks/run.py [ROW ...]     (without names nearly all rows; --list names them)
"""

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import compared
import footprint
import listing
import long_logs
import looking
import others_logs
import own_data
import pictures
import queries
import run_table
import scripted
import starting
import steering
import sweeps
import table_logs
import together
import viewers
import watched
import watching
from measuring import Figure

import training

ROWS: Mapping[str, Callable[[], Iterator[Figure]]] = {
    "xor": training.xor,
    "fashion-cnn": training.fashion,
    "resnet-small": training.resnet,
    "from-file": training.from_file,
    "own-reading": own_data.reading,
    "own-again": own_data.again,
    "own-colour": own_data.colour,
    "own-from-disk": own_data.from_disk,
    "gan": training.gan,
    "dcgan": training.dcgan,
    "pairs": training.pairs,
    "group": together.group,
    "long-run": training.long_run,
    "first-paint": starting.first_paint,
    "first-point": starting.first_point,
    "long-logs": long_logs.long_logs,
    "compare": compared.compared,
    "logs": others_logs.logs,
    "table-logs": table_logs.table_logs,
    "queries": queries.queries,
    "run-table": run_table.run_table,
    "looking": looking.looking,
    "list": listing.listing,
    "memory": footprint.memory,
    "pause": steering.pause,
    "pictures": pictures.pictures,
    "viewers": viewers.viewers,
    "scripts": scripted.scripts,
    "watched": watched.watched,
    "watching": watching.watching,
    "keys": watching.keys,
    "sweep-ssh": sweeps.over_ssh,
    "sweep-ray": sweeps.over_ray,
}


ALONE = ("viewers", "sweep-ray")
"""Measured when they are named only: `make promises` shows the same; Ray is an extra, gan-tui[ray]."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure what gan-tui costs and how soon it answers.")
    parser.add_argument("rows", nargs="*", metavar="ROW", help="only these rows")
    parser.add_argument("--markdown", action="store_true", help="print rows of docs/speed.md's table")
    parser.add_argument("--list", action="store_true", help="name the rows and stop")
    arguments = parser.parse_args()
    if unknown := [name for name in arguments.rows if name not in ROWS]:
        parser.error(f"there is no row {', '.join(unknown)}; choose from {', '.join(ROWS)}")
    if arguments.list:
        for name, measure in ROWS.items():
            print(f"{name:<14} {measure.__doc__}")
        return
    print(f"{_machine()}, Python {platform.python_version()}, {time.strftime('%Y-%m-%d')}\n")
    print(
        "| what | goal | here | beside it |\n|---|---|---|---|"
        if arguments.markdown
        else f"{'':<62} {'goal':>7}  median"
    )
    for name in arguments.rows or [name for name in ROWS if name not in ALONE]:
        began = time.monotonic()
        for figure in ROWS[name]():
            print(figure.row() if arguments.markdown else figure, flush=True)
        print(f"{name} took {time.monotonic() - began:.0f} s", file=sys.stderr)


def _machine() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        name = platform.processor() or platform.machine()
    return f"{cores} cores of {name}, load {os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    main()
