"""Others' logs in tables, JSON lines and W&B's files: what it costs to open a long one, and when its chart is there."""

import json
import random
import struct
import tempfile
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from measuring import COMMAND, Figure, Terminal, has_chart

from gan_tui.integrations.logs import formats
from gan_tui.run.state import RunState

TIMES = 3
STEPS = 1_000_000
FEW_STEPS = 100_000
"""Of a W&B file, which takes 300 bytes a step."""
NAMES = ("loss", "accuracy", "val_loss", "val_accuracy")


def table_logs() -> Iterator[Figure]:
    """CSV, JSON lines and W&B's files of 1,000,000 steps and four metrics: processor time, and the first chart."""
    with tempfile.TemporaryDirectory() as folder:
        for name, write, steps, goal in (
            ("CSV", _csv, STEPS, "≤ 1.3"), ("JSON lines", _json_lines, STEPS, ""), ("W&B", _wandb, FEW_STEPS, ""),
        ):  # fmt: skip
            log = Path(folder) / name.replace(" ", "-")
            write(log, steps)
            size = f"{log.stat().st_size / 1e6:.0f} MB"
            taken = [_processor_time(log, steps) for _ in range(TIMES)]
            yield Figure(f"{name}: {steps:,} steps × 4 metrics read, processor time", goal, taken, "s", size)
            yield Figure("  `attach` to its first chart", "≤ 1.5", [_first_chart(log) for _ in range(TIMES)], "s")


def _processor_time(log: Path, steps: int) -> float:
    began, state, reader = time.process_time(), RunState(), formats.opened(log).reader()
    while records := reader.read():
        state = state.apply_all(records)
    taken = time.process_time() - began
    assert all(state.series[name].length == steps for name in NAMES)
    return taken


def _first_chart(log: Path) -> float:
    with Terminal((*COMMAND, "attach", str(log))) as terminal:
        terminal.wait_for(lambda: has_chart(terminal), 60)
        return terminal.read_at - terminal.started_at


def _rows(steps: int) -> Iterator[tuple[int, list[float]]]:
    numbers = np.random.default_rng(0)
    for first in range(0, steps, 10_000):
        rows = numbers.random((min(10_000, steps - first), len(NAMES))).round(6).tolist()
        yield from enumerate(rows, start=first)


def _csv(log: Path, steps: int) -> None:
    with log.open("w") as file:
        file.write(",".join(("step", *NAMES)) + "\n")
        file.writelines(f"{step},{','.join(map(repr, row))}\n" for step, row in _rows(steps))


def _json_lines(log: Path, steps: int) -> None:
    with log.open("w") as file:
        for step, row in _rows(steps):
            file.write(json.dumps({"step": step, **dict(zip(NAMES, row, strict=True))}) + "\n")


def _wandb(log: Path, steps: int) -> None:
    """As W&B writes it: names in any order, and the summary anew with each step."""
    chosen, out = random.Random(0), bytearray(b":W&B\xe1\xbe\x00")
    for step, row in _rows(steps):
        values = {
            **dict(zip(NAMES, row, strict=True)),
            "_step": step,
            "_runtime": step / 100,
            "_timestamp": 1.7e9 + step,
        }
        items = [_field(1, _field(2, name.encode()) + _field(16, json.dumps(values[name]).encode())) for name in values]
        chosen.shuffle(items)
        for number in (3, 2):
            _append(out, b"\x08" + _varint(2 * step + 5 - number) + _field(number, b"".join(items)))
    log.write_bytes(out)


def _varint(number: int) -> bytes:
    rest, out = number, b""
    while rest > 127:
        out, rest = out + bytes([rest & 127 | 128]), rest >> 7
    return out + bytes([rest])


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _append(out: bytearray, record: bytes) -> None:
    """In as many pieces as the blocks need."""
    first = True
    while record or first:
        left = 32_768 - len(out) % 32_768
        if left < 7:
            out += bytes(left)
            continue
        piece, record = record[: left - 7], record[left - 7 :]
        kind = (4 if not record else 3) if not first else (1 if not record else 2)
        out += struct.pack("<IHB", zlib.crc32(bytes([kind]) + piece), len(piece), kind) + piece
        first = False
