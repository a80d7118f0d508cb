"""Logs that are meant to harm, or that nobody meant so: each costs itself alone, and a moment a read."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from event_files import record, scalars, version
from gan_tui.integrations.logs import formats, line_log, listed, table, wandb
from gan_tui.integrations.logs.base import Format, Log
from gan_tui.integrations.logs.rows import MOST_REFUSED
from gan_tui.integrations.logs.wandb_history import MOST_NAMES, History
from gan_tui.run import growing_lines
from gan_tui.run.events import Metrics
from gan_tui.run.follower import state_of
from wandb_files import items, wandb_file
from watched_log import Watched, at_rest


@pytest.mark.parametrize("step", [b"null", b"[1]", b'{"a": 1}', b'"7"', b"true", b"NaN", b"1e999"])
def test_a_last_step_that_is_no_number_costs_the_step_alone(tmp_path: Path, step: bytes) -> None:
    (tmp_path / "run-a.wandb").write_bytes(wandb_file([[(b"_step", b"1"), (b"loss", b"0.5")], [(b"_step", step)]]))
    (tmp_path / "b.csv").write_text("step,loss\n7,0.5\n")
    assert {run.folder.path.name: run.step for run in listed.below(tmp_path)} == {"run-a.wandb": 0, "b.csv": 7}


def trips(path: Path) -> Any:
    raise TypeError("nobody thought of this")


@pytest.mark.parametrize("reader", [{"last_step": trips}, {"size_and_change": trips}, {"logs_at": trips}])
def test_a_log_that_a_format_trips_over_takes_no_other_off_the_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: dict[str, Any]
) -> None:
    logs: dict[str, Any] = {"logs_at": lambda path: [Log(path / "a.odd")] if path.is_dir() else []}
    odd = Format("odd", **{**logs, "reader": table.FORMAT.reader, **reader})
    monkeypatch.setattr(formats, "FORMATS", (odd, table.FORMAT))
    (tmp_path / "a.odd").write_text("odd")
    (tmp_path / "b.csv").write_text("step,loss\n7,0.5\n")
    found = {run.folder.path.name: run.step for run in listed.below(tmp_path)}
    assert found == ({"b.csv": 7} if "logs_at" in reader else {"a.odd": 0, "b.csv": 7})


# JSON documents ---------------------------------------------------------------------------------------


def document(path: Path, *rows: dict[str, float]) -> Path:
    path.write_text(json.dumps(rows))
    return path


def test_a_document_whose_step_proves_none_as_it_grows_is_told_anew(tmp_path: Path) -> None:
    rows = [{"step": n, "loss": n} for n in range(1, 21)]
    log = document(tmp_path / "log.json", *rows)
    watched = Watched(formats.opened(log).reader()).look()
    assert watched.points("loss") == [(n, n) for n in range(1, 21)]
    document(log, *rows, *({"step": 20, "loss": n} for n in range(21, 61)))
    assert watched.look().points("loss") == [(n, n) for n in range(1, 61)]
    assert watched.reader.histories == 2


def test_a_document_with_two_columns_that_prove_no_step_is_told_whole(tmp_path: Path) -> None:
    rising = [{"step": n, "iteration": n, "loss": n} for n in range(1, 20_001)]
    standing = [{"step": 1, "iteration": 1, "loss": n} for n in range(20_001, 40_001)]
    reader = formats.opened(document(tmp_path / "log.json", *rising, *standing)).reader()
    watched = Watched(reader).look()
    assert watched.points("loss")[-1] == (40_000, 40_000)
    assert watched.state.series["loss"].length == 40_000


# Bounds -----------------------------------------------------------------------------------------------


def test_a_record_of_tensorboards_with_too_many_numbers_is_damaged(tmp_path: Path) -> None:
    log = tmp_path / "events.out.tfevents.1.host"
    log.write_bytes(version() + record(b"\x10\x01" * 100_001) + scalars("loss", [(7, 0.5)]))
    watched = Watched(formats.opened(log).reader()).look()
    assert watched.reader.damaged == 1
    assert watched.points("loss") == [(7, 0.5)]


def test_wandb_names_are_kept_up_to_a_number_whatever_bytes_are_in_them() -> None:
    history = History()
    for number in range(MOST_NAMES + 100):
        row = items([(b"\xe3\x81\x82\x01%d" % number, b"1.0")])  # its second letter begins as a value does
        history.take(row, 0, len(row))
    assert len(history.columns()) == MOST_NAMES
    known = items([(b"\xe3\x81\x82\x010", b"2.0")])
    history.take(known, 0, len(known))
    assert history.columns()["あ\x010"] == [2.0]


def test_a_long_epoch_of_burns_is_read_piece_by_piece(tmp_path: Path) -> None:
    for part in ("train", "valid"):
        folder = tmp_path / part / "epoch-1"
        folder.mkdir(parents=True)
        (folder / "Loss.log").write_text("".join(f"{n}\n" for n in range(200_000)))
    at_rest(tmp_path / "train" / "epoch-1" / "Loss.log")
    at_rest(tmp_path / "valid" / "epoch-1" / "Loss.log")
    reader = formats.opened(tmp_path).reader()
    watched = Watched(reader)
    first = reader.read()
    points = [len(event.steps) for event in (one.event for one in first) if isinstance(event, Metrics)]
    assert 0 < sum(points) < 100_000
    watched.state = watched.state.apply_all(first)
    assert watched.look().state.series["Loss"].length == 200_000
    assert watched.points("Loss")[-1] == (200_000, 199_999)
    assert watched.points("val_Loss") == [(200_000, 99_999.5)]


@pytest.mark.parametrize("between", [b"0" * (1 << 23) + b"\n", b",0.5\n" * (1 << 20)], ids=["a line", "many lines"])
def test_a_long_stretch_with_nothing_to_show_is_passed_over_bit_by_bit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, between: bytes
) -> None:
    monkeypatch.setattr(line_log, "READ_SECONDS", 0.0)
    monkeypatch.setattr(growing_lines, "PASSING_SECONDS", 0.0)
    log = tmp_path / "log.csv"
    log.write_bytes(b"step,loss\n" + b"".join(b"%d,0.5\n" % n for n in range(9)) + between + b"9,0.25\n")
    reader = table.TableReader(log)
    watched, places = Watched(reader), [0]
    while reader.offset < log.stat().st_size:
        watched.state = watched.state.apply_all(reader.read())
        places.append(reader.offset)
    assert all(0 < after - before < 1 << 22 for before, after in pairwise(places))
    assert watched.points("loss")[-2:] == [(8, 0.5), (9, 0.25)]


def test_who_asks_once_is_told_of_all_that_is_behind_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_log, "READ_SECONDS", 0.0)
    log = tmp_path / "log.csv"
    rows = b"".join(b"%d,0.5\n" % n for n in range(9))
    log.write_bytes(b"step,loss\n" + rows + b",0.5\n" * (1 << 20) + b"9,0.25\n")
    assert state_of(formats.opened(log)).step == 9


def test_what_wandb_logs_without_numbers_is_passed_over_bit_by_bit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wandb, "READ_SECONDS", 0.0)
    words = [(b"words", b'"%s"' % (b"w" * 30_000))]
    log = tmp_path / "run-a.wandb"
    log.write_bytes(
        wandb_file([[(b"_step", b"1"), (b"loss", b"1.0")], *[words] * 100, [(b"_step", b"2"), (b"loss", b"0.5")]])
    )
    reader = wandb.WandbReader(log)
    lengths = []
    watched = Watched(reader)
    for _ in range(6):
        watched.state = watched.state.apply_all(reader.read())
        lengths.append(watched.state.series["loss"].length)
    assert lengths[0] == lengths[1] == 1, "one look takes no longer than a moment"
    watched.look()
    assert watched.state.series["loss"].length == 2


def test_of_many_columns_that_might_be_the_step_few_are_tried(tmp_path: Path) -> None:
    names = [f"{n}/step" for n in range(40)]
    rows = [[row if row < 1000 * (n + 1) else 0 for n in range(40)] for row in range(6000)]
    log = tmp_path / "log.csv"
    log.write_text(
        f"{','.join(names)},loss\n" + "".join(f"{','.join(map(str, row))},{n}\n" for n, row in enumerate(rows))
    )
    watched = Watched(table.TableReader(log, 1 << 14)).look()
    assert watched.reader.histories <= 1 + MOST_REFUSED
    assert watched.points("loss") == [(n + 1, n) for n in range(6000)]


# Links ------------------------------------------------------------------------------------------------


def test_links_in_folders_of_logs_are_not_followed(tmp_path: Path) -> None:
    elsewhere, logs = tmp_path / "elsewhere", tmp_path / "logs"
    for folder in (elsewhere / "train" / "epoch-1", elsewhere / "checkpoint-3", *(logs / name for name in "abcdef")):
        folder.mkdir(parents=True)
    (elsewhere / "secret").write_text("password: hunter2\n")
    (elsewhere / "events").write_bytes(version() + scalars("loss", [(7, 0.5)]))
    state = elsewhere / "checkpoint-3" / "trainer_state.json"
    state.write_text('{"global_step": 3, "log_history": [{"step": 1, "loss": 1.0}, {"step": 2, "loss": 2.0}]}')
    (elsewhere / "train" / "epoch-1" / "Loss.log").write_text("0.5\n0.25\n")

    (logs / "a" / "metrics.csv").write_text("step,loss\n1,2\n2,3\n")
    (logs / "a" / "hparams.yaml").symlink_to(elsewhere / "secret")
    (logs / "b" / "events.out.tfevents.1.x").symlink_to(elsewhere / "events")
    (logs / "b" / "train").symlink_to(elsewhere)
    (logs / "c" / "checkpoint-3").symlink_to(state.parent)
    (logs / "d" / "checkpoint-3").mkdir()
    (logs / "d" / "checkpoint-3" / "trainer_state.json").symlink_to(state)
    (logs / "e" / "train").symlink_to(elsewhere / "train")
    (logs / "f" / "train").mkdir()
    (logs / "f" / "train" / "epoch-1").symlink_to(elsewhere / "train" / "epoch-1")

    assert [log.path for log in formats.below(logs)] == [logs / "a" / "metrics.csv"]
    assert "hparams" not in Watched(formats.opened(logs / "a").reader()).look().state.texts
    named = tmp_path / "named"
    named.symlink_to(elsewhere / "checkpoint-3")
    assert Watched(formats.opened(named).reader()).look().points("loss") == [(1, 1), (2, 2)]  # a person named it
