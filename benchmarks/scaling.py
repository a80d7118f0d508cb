"""What several machines would give, worked out from what a step is here: bytes of gradients, operations, seconds.

python benchmarks/scaling.py [PRESET ...]     (prints the table of docs/machines.md)

A step of n workers takes T/n + 2(n-1)/n · B/W + 2(n-1) · L: each computes its share of the batch, then B bytes of
gradients go round a ring of links of W bytes a second, each of whose 2(n-1) messages takes L seconds. What does not
become less with the share (starting a graph, updating weights) is not in it: the smaller a step, the more it flatters.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from operations import forward, of_step

from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.presets import Preset
from gan_tui.presets.plan import planned, settled
from gan_tui.supervision import starting

LINKS = {"1": (1e9 / 8, 100e-6), "10": (1e10 / 8, 50e-6), "100": (1e11 / 8, 20e-6)}
"""Gbit/s → bytes a second, and seconds of a message."""
WORKERS = (2, 8, 64)
WORTH = 1.5
"""Times as fast with two workers: from there on it is taken to pay."""
SECONDS = 2.0
MANY = 1_000_000_000
PAIRS = ("generator", "discriminator")


@dataclass(frozen=True)
class Step:
    """One step of a preset."""

    batch: int
    seconds: float
    operations: int
    gradients: int
    """Bytes."""

    def reducing(self, workers: int, link: str) -> float:
        """Seconds in which gradients go round."""
        width, latency = LINKS[link]
        return 2 * (workers - 1) * (self.gradients / workers / width + latency)

    def gain(self, workers: int, link: str) -> float:
        """Times as fast as one."""
        return self.seconds / (self.seconds / workers + self.reducing(workers, link))

    def pays_from(self, link: str) -> int:
        """The batch from which on two workers are worth it: time grows with it, gradients do not."""
        needed = self.reducing(2, link) / (1 / WORTH - 1 / 2)
        return max(2, round(self.batch * needed / self.seconds))


def step_of(preset: Preset) -> Step:
    """A step as it is here."""
    batch = planned(preset).batch_size
    often = preset.settings.get("d_steps", 1)  # the discriminator's gradients go round as often
    counts = (network.parameters * (often if network.name == PAIRS[1] else 1) for network in preset.networks)
    gradients = 4 * sum(counts)
    return Step(batch, _seconds(preset.name), _operations(preset), gradients)


def _operations(preset: Preset) -> int:
    if {network.name for network in preset.networks} == set(PAIRS):
        return of_step(preset)
    counts = [count for network in preset.networks for count in forward(network)]
    return planned(preset).batch_size * (3 * sum(counts) - counts[0])


def _seconds(name: str) -> float:
    """Measured in a process that ends with it."""
    command = (sys.executable, __file__, "--one", name)
    ended = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    return float(ended.stdout.split()[-1])


def _measured(name: str) -> float:
    """The processor's seconds of a step, over all cores: what a step takes that keeps them busy, whatever else runs."""
    from gan_tui.training import environment

    environment.prepare()
    from gan_tui.training.pace import Pace
    from gan_tui.training.tasks import task_of

    task, pace, best = task_of(_ready(name)), Pace(), float("inf")
    for _ in range(3):
        pace.chunk(task.steps.run, MANY)
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        begun = time.process_time()
        steps = len(pace.chunk(task.steps.run, MANY))
        best = min(best, (time.process_time() - begun) / steps)
    return best / len(os.sched_getaffinity(0))


def _ready(name: str) -> Preset:
    return settled(starting.ready(presets.find(name), lambda *_: None))


def rows(names: list[str]) -> Iterator[str]:
    """Of a table in Markdown."""
    gains = " | ".join(f"{workers} workers" for workers in WORKERS)
    yield f"| preset | batch | ms a step here | Gflop | MB of gradients | {gains} | pays from a batch of |"
    yield "|---|---|---|---|---|" + "---|" * (len(WORKERS) + 1)
    for name in names:
        try:
            step = step_of(_ready(name))
        except (UserError, subprocess.CalledProcessError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            continue
        cells = [_gains(step, workers) for workers in WORKERS]
        pays = " / ".join(f"{step.pays_from(link):,}" for link in LINKS)
        size = f"{1000 * step.seconds:.3g} | {step.operations / 1e9:.2g} | {step.gradients / 1e6:.2g}"
        yield f"| `{name}` | {step.batch} | {size} | {' | '.join(cells)} | {pays} |"


def _gains(step: Step, workers: int) -> str:
    if step.batch % workers:
        return "-"
    return " / ".join(f"{step.gain(workers, link):.2g}" for link in LINKS)


def main() -> None:
    names = sys.argv[1:]
    if names[:1] == ["--one"]:
        print(_measured(names[1]))
        return
    every = sorted(path.stem for path in (Path(__file__).parent.parent / "presets").glob("*.toml"))
    for row in rows(names or every):
        print(row, flush=True)


if __name__ == "__main__":
    main()
