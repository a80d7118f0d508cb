"""Lets a script be measured in turns: for each line on standard input it trains for a while and prints its speed."""

import sys
import time
from collections.abc import Callable


def measure(train: Callable[[], int]) -> None:
    """Call `train`, which returns how many steps it took, whenever asked; once before, to warm up.

    A line holds the seconds that a turn should last at least, 0 for a single call. Prints steps a second.
    """
    train()
    print("ready", flush=True)
    for line in sys.stdin:
        begin, steps = time.monotonic(), train()
        while time.monotonic() - begin < float(line):
            steps += train()
        print(steps / (time.monotonic() - begin), flush=True)
