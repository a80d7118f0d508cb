"""What watching costs the training: steps a second with five dashboards attached, one of them stopped, and with none.

Windows with and without alternate within one run, so that whatever else the machine does meets both alike.
"""

import os
import select
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread

from measuring import Figure, Terminal, attached, own_runs, start

from gan_tui.run.event_log import read_tail
from gan_tui.run.events import Metrics
from gan_tui.run.folder import RunFolder

VIEWERS = 5
PAIRS = 5
SECONDS = 8.0
SETTLING_SECONDS = 3.0
RUNS = {"xor": ("--epochs", "10000000"), "gan": ("--epochs", "1000")}


def viewers() -> Iterator[Figure]:
    """Steps a second with five dashboards attached, one of them stopped, against none."""
    for preset, options in RUNS.items():
        with own_runs():
            run = start(preset, *options)
            with attached(run) as terminal:  # until it trains, and its chunks have found their length
                terminal.pump(5)
            without, with_viewers = [], []
            for _ in range(PAIRS):
                without.append(_speed(run))
                with _five_watching(run):
                    with_viewers.append(_speed(run))
        ratios = [watched / alone * 100 for watched, alone in zip(with_viewers, without, strict=True)]
        yield Figure(f"{preset} with five dashboards, one stopped, of its speed with none", "98", ratios, "%")


def _speed(run: Path) -> float:
    """Steps a second over some time, by the trainer's own clock."""
    time.sleep(SETTLING_SECONDS)
    first_time, first_step = _last_step(run)
    time.sleep(SECONDS)
    last_time, last_step = _last_step(run)
    return (last_step - first_step) / (last_time - first_time)


def _last_step(run: Path) -> tuple[float, int]:
    for record in reversed(read_tail(RunFolder(run).events_file, (Metrics,))):
        if isinstance(record.event, Metrics):
            return record.time, int(record.event.steps[-1])
    raise ValueError("the run has no metrics")


@contextmanager
def _five_watching(run: Path) -> Iterator[None]:
    with ExitStack() as stack:
        terminals = [stack.enter_context(attached(run)) for _ in range(VIEWERS)]
        terminals[0].process.send_signal(signal.SIGSTOP)
        over = Event()
        reading = Thread(target=_read_and_forget, args=(terminals, over))
        reading.start()
        try:
            yield
        finally:
            over.set()
            reading.join()
            terminals[0].process.send_signal(signal.SIGCONT)


def _read_and_forget(terminals: list[Terminal], over: Event) -> None:
    """Be five terminals that cost nothing: what they would draw is not what is measured."""
    descriptors = [terminal.descriptor for terminal in terminals]
    while not over.is_set():
        for descriptor in select.select(descriptors, [], [], 0.1)[0]:
            os.read(descriptor, 1 << 16)
