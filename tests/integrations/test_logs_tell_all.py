"""Logs whose rows have no step, whose names hold what acts on a terminal, or whose numbers lie in other fields."""

import struct
from pathlib import Path

import numpy as np
import pytest

from event_files import event, field, record, summary, varint
from gan_tui.integrations.logs import formats
from gan_tui.integrations.logs.table import TableReader
from gan_tui.integrations.logs.wandb import WandbReader
from logs import shown
from wandb_files import wandb_file
from watched_log import Watched


def table(path: Path, text: str) -> Watched:
    path.write_bytes(text.encode())
    return Watched(TableReader(path)).look()


# Steps ------------------------------------------------------------------------------------------------


def test_rows_without_a_step_are_measured_at_that_of_the_row_before(tmp_path: Path) -> None:
    """As pandas writes them: whole numbers as 100.0 where one is missing."""
    found = table(tmp_path / "log.csv", "step,loss,val_loss\n,,0.9\n0.0,0.8,\n100.0,0.7,\n,,0.6\n200.0,0.5,\n,,0.4\n")
    assert found.points("loss") == [(0, 0.8), (100, 0.7), (200, 0.5)]
    assert found.points("val_loss") == [(100, 0.6), (200, 0.4)]
    assert found.reader.not_shown == {"rows without a step": 1}


def test_the_step_that_was_reached_holds_for_what_comes_later(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    found = table(path, "step,loss,val_loss\n0,0.8,\n100,0.7,\n")
    with path.open("a") as file:
        file.write(",,0.6\n")
    assert found.look().points("val_loss") == [(100, 0.6)]


def test_rows_are_counted_where_nothing_in_the_steps_column_is_a_number(tmp_path: Path) -> None:
    found = table(tmp_path / "log.csv", 'step,loss\n"1,000",0.5\n"2,000",0.4\n"3,000",0.3\n')
    assert found.points("loss") == [(1, 0.5), (2, 0.4), (3, 0.3)]
    assert found.reader.not_shown == {"words in step": 3}


def test_a_column_of_steps_that_begins_empty_is_the_step_once_it_has_a_number_as_when_it_is_read_later(
    tmp_path: Path,
) -> None:
    path = tmp_path / "log.csv"
    found = table(path, "step,loss\n,0.9\n,0.8\n")
    for more in (",0.7\n,0.6\n", "0,0.5\n", "100,0.4\n200,0.3\n"):
        with path.open("a") as file:
            file.write(more)
        found.look()
    later = Watched(TableReader(path)).look()
    assert found.points("loss") == later.points("loss") == [(0, 0.5), (100, 0.4), (200, 0.3)]


def test_an_axis_of_its_own_is_said_of_a_metric_of_wandb_which_stands_over_its_own_steps(tmp_path: Path) -> None:
    rows = [[(b"_step", b"%d" % step), (b"epoch", b"%d" % (step // 2)), (b"loss", b"0.5")] for step in range(4)]
    path = tmp_path / "run-abc.wandb"
    path.write_bytes(wandb_file(rows, axes=[(b"loss", b"epoch")]))
    found = Watched(WandbReader(path)).look()
    assert [step for step, _ in found.points("loss")] == [0, 1, 2, 3]
    assert found.reader.not_shown == {"axes and goals of metrics, which are all over W&B's own steps": 1}


# Names ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("log.jsonl", '{"step":1,"no\\u001b]0;x\\u0007\u2028te":"a","loss":0.5}\n'),
        ("trainer_state.json", '{"log_history":[{"step":1,"no\\u001b]0;x\\u0007\u2028te":"a","loss":0.5}]}'),
        ("log.csv", "step,no\x1b]0;x\x07\u2028te,loss\n1,a,0.5\n2,b,0.4\n"),
    ],
)
def test_names_of_what_is_not_shown_act_on_no_terminal(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    log = formats.opened(tmp_path / name)
    log.reader().read()
    said = log.about()
    assert any(line.startswith("not shown: words in no") for line in said)
    assert all(line.isprintable() for line in said), said


# Tensors ----------------------------------------------------------------------------------------------

FLOAT, INT32, UINT8, INT64, BOOL, BFLOAT16, HALF, UINT64 = 1, 3, 4, 9, 10, 14, 19, 23
LONG_HALF = b"\x80\xfc\x80\x80\x80\x80\x80\x80\x80\x70"
"""0x3E00 below bits that no number of 64 bits has."""
ONE_AND_A_HALF = int(np.float16(1.5).view("u2"))
TENSORS = {
    "packed whole numbers": (INT32, field(7, varint(7)), 7.0),
    "packed below zero": (INT32, field(7, varint(-7)), -7.0),
    "bytes": (UINT8, field(7, varint(7)), 7.0),
    "long": (INT64, field(10, varint(-(1 << 40))), -(2.0**40)),
    "true": (BOOL, field(11, varint(1)), 1.0),
    "half": (HALF, field(13, varint(ONE_AND_A_HALF)), 1.5),
    "bfloat16": (BFLOAT16, field(13, varint(0x3FC0)), 1.5),
    "a half of too many bits": (HALF, field(13, LONG_HALF), 1.5),
    "bfloat16 as it lies": (BFLOAT16, field(4, struct.pack("<H", 0x3FC0)), 1.5),
    "unsigned": (UINT64, field(17, varint((1 << 64) - 1)), 2.0**64),
}


@pytest.mark.parametrize("shape", [b"", field(2, field(2, field(1, 1)))], ids=["()", "(1,)"])
def test_scalars_in_tensors_of_each_kind_and_field_are_read(shape: bytes, tmp_path: Path) -> None:
    scalar = field(9, field(1, field(1, b"scalars")))
    values = [
        field(1, tag.encode()) + scalar + field(8, field(1, kind) + shape + content)
        for tag, (kind, content, _) in TENSORS.items()
    ]
    (tmp_path / "events.out.tfevents.1700000000.h").write_bytes(record(event(3, summary(*values))))
    state = shown(formats.opened(tmp_path))
    assert {tag: series.last for tag, series in state.series.items()} == {
        tag: value for tag, (_, _, value) in TENSORS.items()
    }
