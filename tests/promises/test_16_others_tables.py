"""Others' logs in tables, JSON and W&B's files, cut at any place and with changed bytes: each reader comes to an end,
soon, and gives what could stand in a log of our own."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gan_tui.integrations.logs import formats
from gan_tui.integrations.logs.base import LogReader
from gan_tui.integrations.logs.hugging_face import TrainerStateReader
from gan_tui.integrations.logs.json_lines import JsonLinesReader
from gan_tui.integrations.logs.table import TableReader
from gan_tui.integrations.logs.wandb import WandbReader
from watched_log import at_rest, read_whole

Trials, Proved = Callable[[int, int], int], Callable[[str], None]
LOGS = Path(__file__).parents[1] / "fixtures" / "logs" / "tables"
WANDB_FILE = "offline-run-20260101_120000-abcd1234/run-abcd1234.wandb"
Kind = Callable[[Path], LogReader]
SOUND: list[tuple[str, Kind]] = [
    ("keras.csv", TableReader), ("lightning/version_0/metrics.csv", TableReader), ("semicolons.csv", TableReader),
    ("tabs.tsv", TableReader), ("pandas.jsonl", JsonLinesReader),
    ("transformers/checkpoint-30/trainer_state.json", TrainerStateReader),
    (f"wandb/{WANDB_FILE}", WandbReader), (f"wandb-before/{WANDB_FILE}", WandbReader),
]  # fmt: skip
FEW, MANY = 6, 125
"""Trials with each of eight logs."""


@pytest.mark.promise(16)
@pytest.mark.parametrize(("name", "kind"), SOUND)
def test_a_log_cut_anywhere_gives_what_comes_before(
    name: str, kind: Kind, tmp_path: Path, trials: Trials, proved: Proved
) -> None:
    whole, log = (LOGS / name).read_bytes(), tmp_path / "log"
    log.write_bytes(whole)
    sound = read_whole(kind(log)).state.series
    chosen, count = random.Random(name), trials(FEW, MANY)
    for place in [0, 1, len(whole) - 1, *(chosen.randrange(len(whole)) for _ in range(count))]:
        log.write_bytes(whole[:place])
        if chosen.random() < 0.5:
            at_rest(log)
        found = read_whole(kind(log)).state.series
        for metric, series in found.items():
            if metric in sound and kind is not TableReader:  # a number that is cut in two may be another
                assert series.values.tolist() == sound[metric].values[: series.length].tolist()
    proved(f"{count} cuts of {Path(name).name}: all read up to there")


@pytest.mark.promise(16)
@pytest.mark.parametrize(("name", "kind"), SOUND)
def test_changed_bytes_never_end_or_freeze_a_reader(
    name: str, kind: Kind, tmp_path: Path, trials: Trials, proved: Proved
) -> None:
    whole, log = (LOGS / name).read_bytes(), tmp_path / "log"
    chosen, count = random.Random(f"{name} changed"), trials(FEW, MANY)
    for _ in range(count):
        changed = bytearray(whole)
        for _ in range(chosen.choice((1, 1, 1, 5, 50))):
            changed[chosen.randrange(len(changed))] = chosen.choice((0, 10, 34, 44, 255, chosen.randrange(256)))
        log.write_bytes(at_most(bytes(changed), chosen))
        began = time.monotonic()
        formats.recognized(log)
        for reader in (kind, TableReader, JsonLinesReader):
            read_whole(reader(log))
        assert time.monotonic() - began < 5
    proved(f"{count} times changed bytes in {Path(name).name}: read to the end")


def at_most(data: bytes, chosen: random.Random) -> bytes:
    """Now and then with a stretch twice, or left out."""
    if chosen.random() < 0.7:
        return data
    begin, end = sorted(chosen.randrange(len(data)) for _ in range(2))
    return data[:end] + data[begin:] if chosen.random() < 0.5 else data[:begin] + data[end:]
