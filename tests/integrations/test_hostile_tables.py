"""Logs in tables, JSON and W&B's files that are damaged, or made to do harm: a reader ends soon, in little memory."""

import json
import os
import resource
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gan_tui.integrations.logs import formats
from gan_tui.integrations.logs.base import LogReader
from gan_tui.integrations.logs.hugging_face import TrainerStateReader
from gan_tui.integrations.logs.json_document import DocumentReader
from gan_tui.integrations.logs.json_lines import JsonLinesReader
from gan_tui.integrations.logs.table import TableReader
from gan_tui.integrations.logs.wandb import WandbReader
from watched_log import Watched, at_rest, read_whole

LOGS = Path(__file__).parents[1] / "fixtures" / "logs" / "tables"
WANDB_FILE = "offline-run-20260101_120000-abcd1234/run-abcd1234.wandb"
LONG = 1 << 27
"""Bytes of a line; one of a gigabyte takes longer, and no more memory."""


def test_a_changed_byte_of_wandb_costs_its_record_alone(tmp_path: Path) -> None:
    whole, log = bytearray((LOGS / "wandb" / WANDB_FILE).read_bytes()), tmp_path / "run.wandb"
    place = whole.index(b"train/accuracy", len(whole) // 2)
    whole[place] ^= 1
    log.write_bytes(whole)
    watched = read_whole(WandbReader(log))
    assert watched.reader.damaged == 1
    assert watched.state.series["train/accuracy"].length >= 59


# What is made to do harm ------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def bounded_memory() -> Iterator[None]:
    """Nothing here takes more than 400 MB."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000


def in_seconds(most: float, do: Callable[[], object]) -> object:
    began = time.process_time()
    found = do()
    assert time.process_time() - began < most
    return found


@pytest.mark.parametrize("reader", [TableReader, JsonLinesReader])
def test_a_line_without_measure_is_passed_over(reader: Callable[[Path], LogReader], tmp_path: Path) -> None:
    log = tmp_path / "log"
    row, after = (
        (b"step,loss\n1,2\n", b"\n3,4\n")
        if reader is TableReader
        else (b'{"step":1,"loss":2}\n', b'\n{"step":3,"loss":4}\n')
    )
    with log.open("wb") as file:  # zeros that take no room on the disk
        file.write(row)
        file.seek(LONG)
        file.write(after)
    watched = in_seconds(20, lambda: read_whole(reader(log)))
    assert isinstance(watched, Watched)
    assert watched.points("loss") == [(1, 2), (3, 4)]
    assert watched.reader.damaged == 1


def test_a_hundred_thousand_columns_are_cut_and_that_is_said(tmp_path: Path) -> None:
    log = tmp_path / "wide.csv"
    names = ",".join(f"m{n}" for n in range(100_000))
    row = ",".join(["1"] * 100_000)
    log.write_text(f"step,{names}\n" + "".join(f"{n},{row}\n" for n in range(3)))
    watched = in_seconds(5, lambda: read_whole(TableReader(log)))
    assert isinstance(watched, Watched)
    assert len(watched.state.series) == 256
    assert "256" in watched.state.alerts[-1].text
    objects = tmp_path / "wide.jsonl"
    objects.write_text("".join(json.dumps({"step": n, f"a{n}": 1, f"b{n}": "x"}) + "\n" for n in range(3_000)))
    in_seconds(10, lambda: read_whole(JsonLinesReader(objects)))


def test_objects_in_objects_without_end_are_damaged_lines(tmp_path: Path) -> None:
    log = tmp_path / "deep.jsonl"
    deep = '{"a":' * 10_000 + "1" + "}" * 10_000
    shallow = '{"a":' * 200 + "1" + "}" * 200
    log.write_text(f'{{"step":1,"loss":2}}\n{deep}\n{shallow}\n{{"step":2,"loss":3}}\n')
    watched = read_whole(JsonLinesReader(log))
    assert watched.points("loss") == [(1, 2), (2, 3)]
    assert watched.reader.damaged == 1
    document = tmp_path / "deep.json"
    document.write_text("[" * 100_000)
    assert formats.recognized(document) is None
    read_whole(DocumentReader(at_rest(document)))


def test_numbers_without_measure_are_no_points_and_no_steps(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    big = "9" * 5000
    log.write_text(f"step,loss\n1,1e999\n{big},2\n1e300,3\n-4,4\n2,{big}\n3,0.5\n")
    found = read_whole(TableReader(log))
    assert found.points(next(iter(found.state.series)))[-1][1] == 0.5
    objects = tmp_path / "log.jsonl"
    objects.write_text(f'{{"step": 1, "loss": 1e999}}\n{{"step": {big}, "loss": 1}}\n{{"step": 2, "loss": 0.5}}\n')
    found = read_whole(JsonLinesReader(objects))
    assert found.points("loss")[-1][1] == 0.5


def test_names_that_act_on_a_terminal_are_harmless_and_stay_apart(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text(json.dumps({"step": 1, "a\x1b[2Jb": 1, "a\x07[2Jb": 2, "\u202eevil": 3, "x" * 500: 4}) + "\n")
    watched = read_whole(JsonLinesReader(log))
    assert len(watched.state.series) == 4
    assert all(name.isprintable() and 0 < len(name) <= 80 for name in watched.state.series)


def test_pipes_devices_links_that_turn_and_folders_are_no_logs(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "turn.csv").symlink_to(tmp_path / "turn.csv")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    (tmp_path / "folder.csv").mkdir()
    assert formats.below(tmp_path) == []
    for path in tmp_path.iterdir():
        assert formats.recognized(path) is None
        for reader in (TableReader, JsonLinesReader, DocumentReader, TrainerStateReader, WandbReader):
            assert reader(path).read() == []


def part(number: int, content: bytes) -> bytes:
    """A field of a message, of few bytes."""
    return bytes([number << 3 | 2, len(content)]) + content


def value(name: str, text: str) -> bytes:
    return part(1, part(2, name.encode()) + b"\x82\x01" + bytes([len(text)]) + text.encode())


def wandb_log(*records: bytes) -> bytes:
    log = bytearray(b":W&B\xe1\xbe\x00")
    for record in records:
        log += struct.pack("<IHB", zlib.crc32(b"\x01" + record), len(record), 1) + record
    return bytes(log)


@pytest.mark.parametrize(
    "record",
    [
        b"", b"\x08", b"\x08\xff", b"\x08\x01", b"\x08\x01\x12", b"\x08\x01\x12\x05", b"\x08\x01\x12\x02\x0a\x7f",
        b"\x08\x01\x12\x02\x0a\x00", b"\x08\x01\x12\x03\x12\x01\x08", b"\x08\x01\x12\x02\x08\x01", b"\x12" * 200,
        b"\x08\x01\x12\x0c\x0a\x0a\x12\x04loss\x82\x01\x05", b"\x8a\x01\x02\x22\x7f", b"\xff" * 30,
    ],
)  # fmt: skip
def test_records_that_are_no_messages_cost_themselves(tmp_path: Path, record: bytes) -> None:
    log = tmp_path / "run.wandb"
    sound = b"\x08\x02" + part(2, value("loss", "0.5") + value("_step", "17"))
    log.write_bytes(wandb_log(record, sound))
    assert read_whole(WandbReader(log)).points("loss")[-1] == (17, 0.5)
