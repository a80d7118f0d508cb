"""Logs in tables, JSON and W&B's files: each value as the tools' own readers find it, and what becomes of logs that
grow, are written anew, cut, rotated, or that begin again."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from gan_tui.integrations.logs import formats
from gan_tui.integrations.logs.hugging_face import TrainerStateReader
from gan_tui.integrations.logs.json_lines import JsonLinesReader
from gan_tui.integrations.logs.table import TableReader
from gan_tui.integrations.logs.wandb import WandbReader
from watched_log import Watched, at_rest

LOGS = Path(__file__).parents[1] / "fixtures" / "logs" / "tables"
WANDB_FILE = "offline-run-20260101_120000-abcd1234/run-abcd1234.wandb"
MADE_BY_TOOLS = (
    "keras.csv", "lightning", "transformers", "pandas.jsonl", "semicolons.csv", "tabs.tsv", "wandb", "wandb-before",
)  # fmt: skip


def table(path: Path, text: str) -> Watched:
    path.write_bytes(text.encode())
    return Watched(TableReader(path)).look()


def lines(path: Path, *rows: object) -> Watched:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return Watched(JsonLinesReader(path)).look()


# What tools wrote -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MADE_BY_TOOLS)
def test_each_value_is_what_the_tools_own_reader_finds(name: str) -> None:
    watched = Watched(formats.opened(LOGS / name).reader()).look()
    expected = json.loads((LOGS / f"{name}.values.json").read_text())
    assert set(watched.state.series) == set(expected)
    for metric, (steps, values) in expected.items():
        series = watched.state.series[metric]
        assert series.steps.tolist() == steps, metric
        np.testing.assert_array_equal(series.values, np.asarray(values, np.float32), metric)
    assert watched.reader.damaged == 0


def test_what_a_log_says_beside_its_numbers_is_shown_or_listed() -> None:
    lightning = Watched(formats.opened(LOGS / "lightning").reader()).look().state
    assert lightning.texts["hparams"].text == "learning_rate: 0.05\nnote: 'a line: of words'"
    hugging = Watched(formats.opened(LOGS / "transformers").reader()).look().state
    assert hugging.steps_total == 30 and hugging.started is not None and hugging.started.steps_per_epoch == 10
    wandb = Watched(formats.opened(LOGS / "wandb").reader()).look()
    assert wandb.state.texts["config"].text == 'learning_rate = 0.001\nlayers = [64,32]\noptimizer = {"name":"adam"}'
    listed = wandb.reader.not_shown
    assert listed["lines of output"] >= 1 and listed["updates of the summary"] >= 1
    assert listed["words in note"] == 1 and listed["true or false in flag"] == 1


def test_formats_are_told_by_what_is_in_files_and_where_they_end() -> None:
    found = {
        str(log.path.relative_to(LOGS)): (log.format.name, log.format.last_step(log.path))
        for log in formats.below(LOGS)
    }
    assert found == {
        "keras.csv": ("CSV", 5), "lightning/version_0/metrics.csv": ("CSV", 23), "pandas.jsonl": ("JSON lines", 390),
        "semicolons.csv": ("CSV", 390), "tabs.tsv": ("CSV", 390), "transformers": ("Hugging Face", 30),
        f"wandb/{WANDB_FILE}": ("W&B", 59), f"wandb-before/{WANDB_FILE}": ("W&B", 59),
    }  # fmt: skip


@pytest.mark.parametrize("rows", [3, 20_000])
@pytest.mark.parametrize(
    ("name", "header", "row"), [("a.csv", "loss,acc\n", "0.5,0.25\n"), ("b.jsonl", "", '{"loss": 0.5}\n')]
)
def test_where_rows_are_counted_a_list_says_how_many(
    name: str, header: str, row: str, rows: int, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(header + rows * row)
    log = formats.opened(tmp_path / name)
    assert log.format.last_step(log.path) == rows == Watched(log.reader()).look().state.step


# How tables are written -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "step,loss\n1,0.5\n2,0.25\n",
        "\ufeffstep,loss\r\n1,0.5\r\n2,0.25\r\n",
        "step;loss\n1;0,5\n2;0,25\n",
        "step\tloss\n1\t0.5\n2\t0.25\n",
        "step   loss\n  1   0.5\n  2   0.25\n",
        '"step","loss"\n"1","0.5"\n"2","0.25"\n',
        "# made by a script\n\nstep|loss\n1|0.5\n\n2|0.25\n",
        "loss,step\n+.5,1\n0.250,002\n",
        "step,loss,phase\n1,5e-1,train\n2,25E-2,train\n",
        "step,loss,gap\n1,0.5,\n2,0.25,\n",
    ],
)
def test_tables_are_read_however_their_cells_are_parted(tmp_path: Path, text: str) -> None:
    watched = table(tmp_path / "log.csv", text)
    assert watched.points("loss") == [(1, 0.5), (2, 0.25)]
    assert watched.reader.damaged == 0


def test_what_is_no_finite_number_is_no_point_and_words_are_counted(tmp_path: Path) -> None:
    watched = table(tmp_path / "log.csv", "step,loss,phase\n1,nan,a\n2,,b\n3,inf,c\n4,-Infinity,d\n5,NA,\n6,0.5,nan\n")
    assert watched.points("loss") == [(6, 0.5)]
    assert watched.reader.not_shown == {"words in phase": 4}


def test_a_table_without_a_column_of_steps_has_its_rows_counted(tmp_path: Path) -> None:
    assert table(tmp_path / "a.csv", "loss,rate\n0.5,1\n0.25,1\n").points("loss") == [(1, 0.5), (2, 0.25)]
    assert table(tmp_path / "b.csv", "0.5\n0.25\n").points("column 1") == [(1, 0.5), (2, 0.25)]


@pytest.mark.parametrize(
    ("header", "steps"),
    [
        ("global_step,epoch,loss", "global_step"), ("epoch,loss", "epoch"), ("Iteration,loss", "Iteration"),
        ("trainer/global_step,epoch,loss", "trainer/global_step"), ("epoch,_step,loss", "_step"),
    ],
)  # fmt: skip
def test_which_column_is_the_step_is_told_by_its_name(tmp_path: Path, header: str, steps: str) -> None:
    names = header.split(",")
    rows = ({name: 10 * n if name == steps else n // 2 for name in names} | {"loss": n} for n in range(6))
    text = "".join(",".join(str(row[name]) for name in names) + "\n" for row in rows)
    watched = table(tmp_path / "log.csv", f"{header}\n{text}")
    assert watched.points("loss") == [(10 * n, n) for n in range(6)]
    assert list(watched.state.series) == ["loss"]


def test_a_step_that_begins_again_with_each_epoch_and_an_epoch_with_many_rows_are_not_the_step(tmp_path: Path) -> None:
    rows = "".join(f"{n // 4},{n % 4},{n}\n" for n in range(12))
    log = tmp_path / "log.csv"
    expected = [(n + 1, n) for n in range(12)]
    assert table(log, f"epoch,step,loss\n{rows}").points("loss") == expected
    live = table(log, "epoch,step,loss\n")
    for row in rows.splitlines(keepends=True):  # what it is shows only when the second epoch begins
        with log.open("a") as file:
            file.write(row)
        live.look()
    assert live.points("loss") == expected


def test_names_that_are_measured_seldom_have_steps_of_their_own(tmp_path: Path) -> None:
    watched = table(tmp_path / "log.csv", "step,loss,val_loss\n10,0.5,\n10,,0.6\n20,0.4,\n30,0.3,\n30,,0.5\n")
    assert watched.points("loss") == [(10, 0.5), (20, 0.4), (30, 0.3)]
    assert watched.points("val_loss") == [(10, 0.6), (30, 0.5)]
    assert watched.state.alerts == ()


def test_times_are_times_and_no_curve(tmp_path: Path) -> None:
    watched = lines(tmp_path / "log.jsonl", *({"step": n, "loss": n, "timestamp": 1.7e9 + 2 * n} for n in range(20)))
    assert list(watched.state.series) == ["loss"]
    assert watched.state.last_time == 1.7e9 + 38
    assert watched.state.speed == pytest.approx(0.5)


# Several attempts -------------------------------------------------------------------------------------


def test_where_steps_go_back_another_attempt_begins_and_that_is_said(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    watched = table(log, "step,loss,val_loss\n" + "".join(f"{n},{n},{-n}\n" for n in range(6)))
    with log.open("a") as file:
        file.write("step,loss,val_loss\n3,30,\n4,40,-40\n")
    watched.look()
    assert watched.points("loss") == [(0, 0), (1, 1), (2, 2), (3, 30), (4, 40)]
    assert watched.points("val_loss") == [(0, 0), (1, -1), (2, -2), (4, -40)]
    assert watched.state.alerts[-1].text == (
        "From step 5 it went back to step 3: another attempt begins there, and takes the place of what was measured "
        "from there on."
    )
    assert (watched.reader.damaged, watched.reader.histories) == (0, 1)
    assert Watched(TableReader(log)).look().points("loss") == watched.points("loss")


def test_a_log_of_three_runs_shows_the_last_from_its_beginning(tmp_path: Path) -> None:
    rows = [{"epoch": epoch, "loss": 10 * run + epoch} for run in range(3) for epoch in range(4)]
    watched = lines(tmp_path / "log.jsonl", *rows)
    assert watched.points("loss") == [(0, 20), (1, 21), (2, 22), (3, 23)]
    assert len(watched.state.alerts) >= 1


def test_validation_that_comes_late_is_no_other_attempt(tmp_path: Path) -> None:
    rows = [{"step": 99, "loss": 1}, {"step": 100, "loss": 2}, {"step": 98, "val_loss": 3}, {"step": 101, "loss": 4}]
    watched = lines(tmp_path / "log.jsonl", *rows)
    assert watched.points("loss") == [(99, 1), (100, 2), (101, 4)]
    assert watched.points("val_loss") == [(98, 3)]
    assert watched.state.alerts == ()


# JSON -------------------------------------------------------------------------------------------------


def test_objects_in_objects_have_names_with_slashes_and_what_is_no_number_is_listed(tmp_path: Path) -> None:
    row = {
        "step": 1,
        "train": {"loss": 0.5, "by": {"class": 2}},
        "tags": ["a"],
        "done": False,
        "note": "words",
        "n": None,
    }
    watched = lines(tmp_path / "log.jsonl", row)
    assert {name: watched.points(name) for name in watched.state.series} == {
        "train/loss": [(1, 0.5)], "train/by/class": [(1, 2)],
    }  # fmt: skip
    assert watched.reader.not_shown == {"lists in tags": 1, "true or false in done": 1, "words in note": 1}


def test_few_lines_of_which_the_last_is_being_written_are_a_log(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text('{"step": 1, "loss": 2}\n{"step": 2, "loss": 1}\n{"st')
    found = formats.recognized(tmp_path / "log.jsonl")
    assert found is not None and found.name == "JSON lines"


def test_numbers_that_python_writes_and_json_has_not_cost_themselves_alone(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text('{"step": 1, "loss": NaN, "b": 1}\n{"step": 2, "loss": -Infinity, "b": 2}\n')
    watched = Watched(JsonLinesReader(tmp_path / "log.jsonl")).look()
    assert watched.points("b") == [(1, 1), (2, 2)]
    assert "loss" not in watched.state.series and watched.reader.damaged == 0


@pytest.mark.parametrize(
    "odd", ['{"loss": 7, "step": 20}', '{"step": 20, "loss": 7, "new": 1}', '{"step":20,"loss":7}']
)
def test_a_row_that_looks_otherwise_among_many_alike_is_read_as_it_is(tmp_path: Path, odd: str) -> None:
    log = tmp_path / "log.jsonl"
    rows = [json.dumps({"step": n, "loss": n / 2}) for n in range(40)]
    rows[20] = odd
    log.write_text("\n".join(rows) + "\n")
    assert Watched(JsonLinesReader(log)).look().points("loss") == [(n, 7 if n == 20 else n / 2) for n in range(40)]


@pytest.mark.parametrize(
    "document",
    [
        [{"epoch": 1, "loss": 0.5}, {"epoch": 2, "loss": 0.25}],
        {"loss": [0.5, 0.25]},
        {"epoch": [1, 2], "loss": [0.5, 0.25]},
    ],
)
def test_a_document_of_rows_or_of_columns_is_a_log(tmp_path: Path, document: object) -> None:
    (tmp_path / "history.json").write_text(json.dumps(document, indent=2))
    assert Watched(formats.opened(tmp_path).reader()).look().points("loss") == [(1, 0.5), (2, 0.25)]


# Live -------------------------------------------------------------------------------------------------


def test_a_torn_last_line_waits_and_counts_as_damaged_once_more_comes_behind_it(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    watched = table(log, "step,loss\n1,0.5\n2,0.2")
    assert watched.points("loss") == [(1, 0.5)]
    with log.open("a") as file:
        file.write("5\n3,0.125,9\n4,0.06")
    assert watched.look().points("loss") == [(1, 0.5), (2, 0.25)]
    assert watched.reader.damaged == 1
    at_rest(log)
    assert watched.look().points("loss")[-1] == (4, 0.06)  # nobody will write its end


def test_a_table_that_is_written_anew_with_another_column_is_read_again(tmp_path: Path) -> None:
    log = tmp_path / "metrics.csv"
    watched = table(log, "step,loss\n1,0.5\n2,0.25\n")
    log.write_text("step,loss,val_loss\n1,0.5,\n2,0.25,\n2,,0.75\n")
    watched.look()
    assert (watched.points("loss"), watched.points("val_loss")) == ([(1, 0.5), (2, 0.25)], [(2, 0.75)])


def test_an_emptied_cut_or_rotated_log_goes_on_with_what_is_there_then(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    watched = table(log, "step,loss\n1,0.5\n2,0.25\n")
    log.write_text("")
    assert watched.look().points("loss") == [(1, 0.5), (2, 0.25)]  # just being written anew: not yet known to be gone
    log.write_text("step,loss\n1,7\n")
    assert watched.look().points("loss") == [(1, 7)]
    log.rename(tmp_path / "log.csv.1")
    assert watched.look().points("loss") == [(1, 7)]
    log.write_text("step,other\n1,8\n")
    assert watched.look().points("other") == [(1, 8)]
    assert list(watched.state.series) == ["other"]


def test_of_a_document_that_grew_only_what_is_new_is_told(tmp_path: Path) -> None:
    log = tmp_path / "trainer_state.json"

    def write(*losses: float) -> None:
        history = [{"step": 10 * n, "epoch": n / 2, "loss": loss} for n, loss in enumerate(losses)]
        log.write_text(json.dumps({"global_step": 20, "max_steps": 40, "num_train_epochs": 2, "log_history": history}))

    write(3, 2)
    watched = Watched(TrainerStateReader(log)).look()
    write(3, 2, 1)
    records = watched.reader.read()
    watched.state = watched.state.apply_all(records)
    assert watched.points("loss") == [(0, 3), (10, 2), (20, 1)]
    assert watched.reader.histories == 1 and sum(len(getattr(r.event, "steps", ())) for r in records) == 1
    log.write_text(log.read_text()[:-20])
    assert watched.look().reader.damaged == 0  # it is just being written
    at_rest(log)
    assert watched.look().reader.damaged == 1
    write(5, 4)
    assert watched.look().points("loss") == [(0, 5), (10, 4)]


def test_of_checkpoints_the_newest_is_followed(tmp_path: Path) -> None:
    def write(step: int) -> None:
        folder = tmp_path / f"checkpoint-{step}"
        folder.mkdir()
        history = [{"step": n, "loss": n} for n in range(0, step + 1, 5)]
        (folder / "trainer_state.json").write_text(json.dumps({"global_step": step, "log_history": history}))

    write(5)
    watched = Watched(formats.opened(tmp_path).reader()).look()
    write(10)
    assert watched.look().points("loss") == [(0, 0), (5, 5), (10, 10)]
    assert watched.reader.histories == 1


def test_a_wandb_file_is_followed_record_by_record_and_read_again_when_replaced(tmp_path: Path) -> None:
    whole, other = ((LOGS / name / WANDB_FILE).read_bytes() for name in ("wandb", "wandb-before"))
    log = tmp_path / "run-x.wandb"
    watched = Watched(WandbReader(log)).look()
    for end in range(0, len(whole) + 97, 97):
        log.write_bytes(whole[:end])
        watched.look()
    expected = json.loads((LOGS / "wandb.values.json").read_text())["loss"][1]
    np.testing.assert_array_equal(watched.state.series["loss"].values, np.asarray(expected, np.float32))
    assert (watched.reader.damaged, watched.reader.histories) == (0, 1)
    log.write_bytes(other)
    assert watched.look().state.series["loss"].length == 59
    assert watched.reader.histories == 2


def test_burns_folder_is_read_epoch_by_epoch_with_the_means_of_validation(tmp_path: Path) -> None:
    def write(part: str, epoch: int, *lines: str) -> Path:
        file = tmp_path / part / f"epoch-{epoch}" / "Loss.log"
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a") as opened:
            opened.writelines(f"{line}\n" for line in lines)
        return file

    write("train", 1, "0.9,32", "0.8,32")
    watched = Watched(formats.opened(tmp_path).reader()).look()
    assert watched.points("Loss") == [(1, 0.9), (2, 0.8)]
    write("train", 1, "0.7,8", "broken")
    write("valid", 1, "1,30", "2,10")
    assert "val_Loss" not in watched.look().state.series  # it may not be all of it
    write("train", 2, "0.6", "NaN", "0.5", "0.55,final")
    assert watched.look().points("val_Loss") == [(4, 1.25)]
    assert watched.points("Loss") == [(1, 0.9), (2, 0.8), (3, 0.7), (5, 0.6), (7, 0.5)]
    assert watched.reader.damaged == 1
    at_rest(write("valid", 2, "3"))
    at_rest(tmp_path / "train" / "epoch-2" / "Loss.log")
    assert watched.look().points("val_Loss") == [(4, 1.25), (7, 3)]
    assert Watched(formats.opened(tmp_path).reader()).look().points("val_Loss") == [(4, 1.25), (7, 3)]
    shutil.rmtree(tmp_path / "train")
    write("train", 1, "5")  # another training, in the same folder
    assert watched.look().points("Loss") == [(1, 5)]


# Which log ---------------------------------------------------------------------------------------------


def test_a_folder_with_several_logs_names_them(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("step,loss\n1,2\n")
    (tmp_path / "b.jsonl").write_text('{"step": 1, "loss": 2}\n')
    (tmp_path / "notes.csv").write_text("name,remark\nnight,a good one\n")
    (tmp_path / "settings.json").write_text('{"layers": [64, 32], "name": "x"}')
    with pytest.raises(formats.UserError, match=r"holds 2 logs: (a\.csv, b\.jsonl|b\.jsonl, a\.csv); name one"):
        formats.opened(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "words alone\n", "<html>\n", "name,remark\na,b\n", "[1, 2]\n", '{"a": "b"}\n', "\0\1\2"]
)
def test_what_holds_no_numbers_is_no_log(tmp_path: Path, text: str) -> None:
    (tmp_path / "file.csv").write_text(text)
    assert formats.recognized(tmp_path / "file.csv") is None


def test_a_log_is_told_whatever_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("step,loss\n1,2\n")
    (tmp_path / "out2").write_text('{"step": 1, "loss": 2}\n')
    (tmp_path / "latest").symlink_to(tmp_path / "out")
    kinds = [formats.recognized(tmp_path / name) for name in ("out", "out2", "latest")]
    assert [kind and kind.name for kind in kinds] == ["CSV", "JSON lines", "CSV"]
