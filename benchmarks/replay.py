"""Plays a recorded run again at a steady pace, so that every measurement of watching sees the same work.

python benchmarks/replay.py RECORDED NEW_FOLDER STEPS_A_SECOND PICTURE_SECONDS [STEPS_BEFORE]

It holds the new run's lock, as a supervisor does, and writes the recorded metrics as a trainer does, several steps in a
line, beginning again when they are used up, and its sample pictures in turn.
"""

import itertools
import os
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from gan_tui.run.events import Metrics, Picture, Started, State, Usage
from gan_tui.run.folder import RunFolder

TOTAL_STEPS = 10_000_000
METRICS_SECONDS = 0.25
"""As in training/report.py, which brings TensorFlow along."""


def main() -> None:
    recorded, copy = RunFolder(Path(sys.argv[1])), RunFolder(Path(sys.argv[2]))
    pace, picture_seconds = float(sys.argv[3]), float(sys.argv[4])
    before = int(sys.argv[5]) if len(sys.argv) > 5 else 200
    copy.path.mkdir(mode=0o700)
    shutil.copyfile(recorded.preset_file, copy.preset_file)
    with held(copy):
        play(recorded, copy, pace, picture_seconds, before)


def held(folder: RunFolder):  # type: ignore[no-untyped-def]
    """Hold a run's lock: it counts as alive."""
    import fcntl
    from contextlib import closing

    file = open(os.open(folder.lock_file, os.O_RDWR | os.O_CREAT, 0o600), "wb")  # noqa: SIM115, PTH123
    fcntl.flock(file, fcntl.LOCK_EX)
    file.write(b'{"mode": "train"}')
    file.flush()
    return closing(file)


def play(recorded: RunFolder, copy: RunFolder, pace: float, picture_seconds: float, before: int) -> None:
    events = [record.event for record in everything(recorded)]
    started = next(event for event in events if isinstance(event, Started))
    rows = itertools.cycle(list(rows_of(events)))
    pictures = itertools.cycle([event for event in events if isinstance(event, Picture) and event.tag == "samples"])
    log = copy.writer()
    log.write(replace(started, steps_total=TOTAL_STEPS), State("training"))
    for step in range(1, before + 1, 1000):
        steps = list(range(step, min(step + 1000, before + 1)))
        taken = [next(rows) for _ in steps]
        log.write(Metrics(steps, {name: [row[name] for row in taken] for name in taken[0]}))
    begun = picture_due = usage_due = time.monotonic()
    waiting: dict[int, dict[str, float | None]] = {}
    for step in itertools.count(before + 1):
        waiting[step] = next(rows)
        if step % max(1, round(pace * METRICS_SECONDS)) == 0:
            log.write(Metrics(list(waiting), {name: [row[name] for row in waiting.values()] for name in next(rows)}))
            waiting.clear()
        now = time.monotonic()
        if now >= picture_due:
            picture_due += picture_seconds
            log.write(copied(next(pictures), recorded, copy, step))
        if now >= usage_due:
            usage_due += 2
            log.write(Usage(190.0 + step % 7, 900_000_000 + step * 1000))
        time.sleep(max(0.0, begun + (step - before) / pace - time.monotonic()))


def everything(folder: RunFolder) -> Iterator:  # type: ignore[type-arg]
    reader = folder.reader()
    while records := reader.read():
        yield from records


def rows_of(events: list) -> Iterator[dict[str, float | None]]:  # type: ignore[type-arg]
    """The metrics of each recorded step, the four of the pair alone."""
    for event in events:
        if isinstance(event, Metrics):
            names = [name for name in event.values if name.endswith(("loss", "accuracy"))]
            for n in range(len(event.steps)):
                yield {name: event.values[name][n] for name in names}


def copied(picture: Picture, recorded: RunFolder, copy: RunFolder, step: int) -> Picture:
    file = copy.sample_file(picture.tag, step)
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(recorded.path / picture.file, file)
    return replace(picture, step=step, file=str(file.relative_to(copy.path)))


if __name__ == "__main__":
    main()
