"""Steps of a preset measured: `python -m gan_tui.training.measure DESCRIPTOR`, a process that leaves nothing behind.

The preset comes on standard input, as TOML; what was measured goes to the descriptor, as one line of JSON: what
`supervision.measuring.Measured` has, or {"failed"}.
"""

import os
import resource
import sys
import time
import tomllib

import orjson

from gan_tui import presets
from gan_tui.presets import Preset
from gan_tui.system.answering import own_answers
from gan_tui.training import computed_with, environment
from gan_tui.training.failures import in_words
from gan_tui.training.pace import Pace

MEASURED_SECONDS = 2.0
"""How long steps are taken for, once they are compiled."""
MOST = 1_000_000_000
"""Steps."""

environment.prepare()


def main() -> None:
    answers = own_answers()
    os.dup2(2, 1)  # libraries print
    try:
        document = tomllib.loads(sys.stdin.buffer.read().decode())
        words = measured(presets.from_document(document, str(document["name"])))
    except Exception as error:  # noqa: BLE001 (whatever it was, whoever asked must be told)
        words = {"failed": in_words(error)}
    os.write(answers, orjson.dumps(words))
    os._exit(0)  # at once: there is nothing to be finished


def measured(preset: Preset) -> dict[str, object]:
    """Train as a run does, for a while."""
    from gan_tui.training.tasks import task_of

    task, pace = task_of(preset), Pace()
    for _ in range(2):  # the first compiles
        pace.chunk(task.steps.run, MOST)
    begun, steps = time.monotonic(), 0
    while (seconds := time.monotonic() - begun) < MEASURED_SECONDS:
        steps += len(pace.chunk(task.steps.run, MOST))
    validation = 0.0
    if task.validation:
        stretches = task.validation.stretches()
        for _ in range(2):
            begun = time.monotonic()
            task.validation.run(*stretches[0])
            validation = (time.monotonic() - begun) * len(stretches)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    device = "; ".join(computed_with.devices())
    return {"step": seconds / steps, "steps": steps, "validation": validation, "memory": memory, "device": device}


if __name__ == "__main__":
    main()
