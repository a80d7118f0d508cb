"""What is exported for TensorBoard, read back by TensorBoard's own reader, value by value."""

import json
import math
import os
import shutil
import struct
import time
from pathlib import Path

import numpy as np
import orjson
import pytest

import event_accumulator as tensorboard
from files import files_of_at_most, old_run
from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.integrations.export import event_file, live
from gan_tui.run import catalog, lock
from gan_tui.run.events import Alert, Epoch, Metrics, Picture, Resumed, Started, State, Text, Weights
from gan_tui.run.folder import RunFolder
from recorded import append, picture
from shell import said

Capture = pytest.CaptureFixture[str]
DATA = {"name": "xor", "origin": "made by gan-tui", "train": 4, "validation": 0}


@pytest.fixture
def board(tmp_path: Path) -> Path:
    """The folder that TensorBoard is to be started on."""
    return tmp_path / "board"


def begun(runs: Path, *events: object, name: str = "own", networks: object = None) -> RunFolder:
    folder = presets.new_run(presets.find("xor"), runs, name)
    start = Started("xor", "XOR", "plane", 42, networks or {}, DATA, ["CPU"], {}, 100, 10, 4)
    append(folder, State("starting"), start, State("training"), *events)
    return folder


def logged(folder: RunFolder, kind: str) -> list[dict]:
    lines = map(orjson.loads, folder.events_file.read_bytes().splitlines())
    return [line for line in lines if line["type"] == kind]


def exported(capsys: Capture, board: Path, name: str = "own") -> Path:
    code, out, err = said(capsys, "export", name, "--tensorboard", str(board))
    assert (code, err) == (0, "")
    return Path(out.strip())


# Value by value ------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", ["xor", "flag", "shapes", "tape", "pair"])
def test_every_value_of_every_step_with_its_time(name: str, runs: Path, board: Path, capsys: Capture) -> None:
    folder = old_run("finished", name, runs)
    place = exported(capsys, board, name)
    assert place == board / name
    rows = logged(folder, "metrics")
    for metric in rows[0]["values"]:
        expected = [
            (step, np.float32(value), row["time"])
            for row in rows if metric in row["values"]
            for step, value in zip(row["steps"], row["values"][metric], strict=True)
        ]  # fmt: skip
        assert tensorboard.scalars(place / "train", metric) == expected
    for row in logged(folder, "epoch"):
        for metric in (each for each in row["values"] if each.startswith("val_")):
            value = tensorboard.values(place / "validation", metric.removeprefix("val_"))[row["step"]]
            assert value == np.float32(row["values"][metric])


def test_steps_of_every_length_in_bytes(runs: Path, board: Path, capsys: Capture) -> None:
    steps = [0, 1, 126, 127, 128, 129, 16_383, 16_384, 2_000_000, 2_097_151, 2_097_152, 2**31, 2**40, 2**53 - 1]
    values = [1 / (n + 1) for n in range(len(steps))]
    begun(runs, Metrics(steps, {"loss": values}))
    found = tensorboard.values(exported(capsys, board) / "train", "loss")
    assert found == dict(zip(steps, map(np.float32, values), strict=True))


def test_a_long_run_in_blocks(runs: Path, board: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_file, "_ROWS", 300)
    steps = np.arange(1, 2_001)
    values = np.random.default_rng(1).normal(size=len(steps)).astype(np.float32)
    begun(runs, Metrics(steps.tolist(), {"a name/with parts": values}))
    found = tensorboard.values(exported(capsys, board) / "train", "a name/with parts")
    assert list(found) == steps.tolist()
    assert np.array_equal(list(found.values()), values)


def test_numbers_that_are_not_finite(runs: Path, board: Path, capsys: Capture) -> None:
    begun(runs, Metrics([1, 2, 3], {"loss": [1, math.nan, 1e300]}), Epoch(1, 3, {"val_loss": math.nan}))
    place = exported(capsys, board)
    found = list(tensorboard.values(place / "train", "loss").values())
    assert (found[0], math.isfinite(found[1]), math.isfinite(found[2])) == (1, False, False)
    assert math.isnan(tensorboard.values(place / "validation", "loss")[3])


def test_pictures_are_those_of_the_run(runs: Path, board: Path, capsys: Capture) -> None:
    folder = begun(runs)
    append(folder, picture(folder, 0), picture(folder, 120), Picture("gone", 3, "samples/gone/000000003.png"))
    code, _, err = said(capsys, "export", "own", "--tensorboard", str(board))
    assert (code, err) == (0, "Left out, because they cannot be read: 1 picture.\n")
    found = tensorboard.strings(board / "own" / "train", "samples")
    assert found == {
        step: [b"56", b"56", folder.sample_file("samples", step).read_bytes()] for step in (0, 120)
    }  # fmt: skip


@pytest.mark.parametrize("file", ["../secret.png", "/etc/hostname", "samples/link.png", "samples"])
def test_a_picture_is_no_way_out_of_a_run(file: str, runs: Path, board: Path, capsys: Capture) -> None:
    folder = begun(runs, Metrics([1], {"loss": [1]}), Picture("samples", 1, file))
    (folder.path / "samples").mkdir()
    secret = runs / "secret.png"
    secret.write_bytes(b"\x89PNG\r\n\x1a\n" + 8 * b"\0" + struct.pack(">II", 1, 1))
    (folder.path / "samples" / "link.png").symlink_to(secret)
    assert said(capsys, "export", "own", "--tensorboard", str(board))[0] == 0
    assert "samples" not in tensorboard.tags(board / "own" / "train")


def test_histograms_of_weights(runs: Path, board: Path, capsys: Capture) -> None:
    row = {"shape": [2, 5], "mean": 0.5, "std": 0.1, "low": -1.0, "high": 3.0, "counts": [1, 0, 4, 5]}
    same = {**row, "low": 2.0, "high": 2.0, "counts": [0, 10]}
    wide = {**row, "low": -1.7e308, "high": 1.7e308}
    begun(runs, Weights(7, {"net/dense/kernel": row, "net/dense/bias": same, "net/dense/wide": wide}))
    read = tensorboard.read(exported(capsys, board) / "train")
    (found,) = read.Tensors("net/dense/kernel")
    bins = np.frombuffer(found.tensor_proto.tensor_content, "<f8").reshape(-1, 3)
    assert (found.step, bins.tolist()) == (7, [[-1, 0, 1], [0, 1, 0], [1, 2, 4], [2, 3, 5]])
    assert read.SummaryMetadata("net/dense/kernel").plugin_data.plugin_name == "histograms"
    assert "net/dense/bias" in read.Tags()["tensors"]


def test_words(runs: Path, board: Path, capsys: Capture) -> None:
    rows = [
        {
            "name": "dense",
            "kind": "Dense",
            "layer": "Dense 2 a|b",
            "output_shape": [2],
            "parameters": 1234,
            "trainable": 6,
        }
    ]
    begun(runs, Text("note", 3, "größer\nund *anders*"), Alert("slow", "It is slow.", 4), networks={"net": rows})
    train = exported(capsys, board) / "train"
    assert tensorboard.strings(train, "note") == {3: ["größer\nund *anders*".encode()]}
    assert tensorboard.strings(train, "alerts") == {4: [b"It is slow."]}
    assert tensorboard.strings(train, "networks/net")[0] == [
        b"| name | layer | output | parameters |\n|---|---|---|--:|\n| dense | Dense 2 a\\|b | [2] | 1,234 |"
    ]


def test_settings_are_hyperparameters(runs: Path, board: Path, capsys: Capture) -> None:
    plugin_data = pytest.importorskip("tensorboard.plugins.hparams.plugin_data_pb2")
    folder = begun(runs, Metrics([1], {"loss": [1]}), State("finished", "all steps are done"))
    read = tensorboard.read(exported(capsys, board))
    content = read.SummaryMetadata("_hparams_/session_start_info").plugin_data.content
    began = plugin_data.HParamsPluginData.FromString(content).session_start_info
    values = {name: getattr(value, value.WhichOneof("kind")) for name, value in began.hparams.items()}
    settings = presets.of_run(folder).settings
    assert {name: values[name] for name in ("batch_size", "learning_rate", "optimizer", "seed")} == {
        name: settings[name] for name in ("batch_size", "learning_rate", "optimizer", "seed")
    }
    assert (values["preset"], values["task"], began.group_name) == ("xor", "plane", "own")
    content = read.SummaryMetadata("_hparams_/session_end_info").plugin_data.content
    assert plugin_data.HParamsPluginData.FromString(content).session_end_info.status == 1


def test_what_a_script_says_of_itself_are_its_hyperparameters(runs: Path, board: Path, capsys: Capture) -> None:
    plugin_data = pytest.importorskip("tensorboard.plugins.hparams.plugin_data_pb2")
    config = {"lr": 0.1, "layers": [8, 8], "deep": {"a": 1}, "on": True, "name": "x"}
    document = {"name": "own", "title": "", "about": "", "task": "script", "command": ["t.py"], "config": config}
    folder = catalog.create(document, "own", runs, "own")
    append(folder, Started("own", "", "script", 0, {}, {**DATA, "train": 0}, [], {}, 0, 1, 0), Metrics([3], {"a": [1]}))
    content = tensorboard.read(exported(capsys, board)).SummaryMetadata("_hparams_/session_start_info")
    began = plugin_data.HParamsPluginData.FromString(content.plugin_data.content).session_start_info
    values = {name: getattr(value, value.WhichOneof("kind")) for name, value in began.hparams.items()}
    assert values == {
        "lr": 0.1, "layers": "[8, 8]", "deep": '{"a": 1}', "on": True, "name": "x", "preset": "own", "task": "script"
    }  # fmt: skip


def test_one_name_for_different_things_is_told_apart(runs: Path, board: Path, capsys: Capture) -> None:
    begun(
        runs, Metrics([1], {"a": [1]}), Text("a", 1, "words"), Text("b", 1, "words"), Metrics([2], {"a": [2], "b": [3]})
    )
    train = exported(capsys, board) / "train"
    assert tensorboard.values(train, "a") == {1: 1, 2: 2}
    assert tensorboard.strings(train, "a (text)") == tensorboard.strings(train, "b") == {1: [b"words"]}
    assert tensorboard.values(train, "b (scalars)") == {2: 3}


def test_what_a_resumed_run_did_not_keep_is_left_out(runs: Path, board: Path, capsys: Capture) -> None:
    begun(
        runs, Metrics([1, 2, 3, 4], {"loss": [4, 3, 2, 1]}), Epoch(1, 4, {"val_loss": 9}), Resumed(2),
        Metrics([3], {"loss": [7]}), Epoch(1, 3, {"val_loss": 8}), Resumed(1), Text("note", 2, "b"), Resumed(3),
        Metrics([4], {"loss": [5]}),
    )  # fmt: skip
    place = exported(capsys, board)
    assert tensorboard.values(place / "train", "loss") == {1: 4, 4: 5}
    assert tensorboard.strings(place / "train", "note") == {2: [b"b"]}
    assert not (place / "validation").exists(), "nothing that was validated counts"


def test_what_goes_back_by_itself_leaves_the_rest(runs: Path, board: Path, capsys: Capture) -> None:
    begun(
        runs, Metrics([1, 2, 3], {"a": [3, 2, 1], "b": [6, 5, 4]}), Epoch(1, 3, {"val_a": 1, "val_b": 2}),
        Resumed(1, ["a", "val_a"]), Metrics([2], {"a": [9]}),
    )  # fmt: skip
    place = exported(capsys, board)
    assert tensorboard.values(place / "train", "a") == {1: 3, 2: 9}
    assert tensorboard.values(place / "train", "b") == {1: 6, 2: 5, 3: 4}
    assert tensorboard.tags(place / "validation") == {"b"}


def test_a_run_that_went_back_thousands_of_times_is_exported_in_time_by_its_length(
    runs: Path, board: Path, capsys: Capture
) -> None:
    attempts = [(Metrics([attempt], {"loss": [attempt]}), Resumed(attempt)) for attempt in range(1, 6001)]
    begun(runs, *(event for attempt in attempts for event in attempt), Resumed(2, ["loss"]), Resumed(4, ["other"]))
    before = time.process_time()
    place = exported(capsys, board)
    assert time.process_time() - before < 2
    assert tensorboard.values(place / "train", "loss") == {1: 1, 2: 2}


# Whose files they are ------------------------------------------------------------------------------------


def test_a_second_export_takes_the_place_of_the_first(runs: Path, board: Path, capsys: Capture) -> None:
    folder = begun(runs, Metrics([1], {"loss": [1]}))
    exported(capsys, board)
    append(folder, Metrics([2], {"loss": [0.5]}))
    place = exported(capsys, board)
    assert tensorboard.values(place / "train", "loss") == {1: 1, 2: 0.5}
    assert len(list((place / "train").iterdir())) == 1
    assert sorted(path.name for path in board.iterdir()) == ["own"], "nothing else is left"


def test_runs_lie_side_by_side(runs: Path, board: Path, capsys: Capture) -> None:
    for name in ("one", "two"):
        begun(runs, Metrics([1], {"loss": [1]}), name=name)
        exported(capsys, board, name)
    assert sorted(path.name for path in board.iterdir()) == ["one", "two"]


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("where", ["own/notes.txt", "own/train/events.out.tfevents.1.host", "own"])
def test_what_others_wrote_is_never_touched(where: str, runs: Path, board: Path, capsys: Capture) -> None:
    begun(runs, Metrics([1], {"loss": [1]}))
    (board / where).parent.mkdir(parents=True)
    (board / where).write_text("mine")
    before = files_below(board)
    code, out, err = said(capsys, "export", "own", "--tensorboard", str(board))
    assert (code, out, files_below(board)) == (2, "", before)
    assert err == (
        f"gan-tui: {board / 'own'} is already there, and gan-tui has not written it; "
        "name another folder, or move that away.\n"
    )


def test_a_file_that_was_put_into_an_export_is_kept(runs: Path, board: Path, capsys: Capture) -> None:
    begun(runs, Metrics([1], {"loss": [1]}))
    (exported(capsys, board) / "notes.txt").write_text("mine")
    before = files_below(board)
    code, _, err = said(capsys, "export", "own", "--tensorboard", str(board))
    assert (code, files_below(board)) == (2, before)
    assert err == (
        f"gan-tui: {board / 'own'} also has files that gan-tui has not written (notes.txt); move them away.\n"
    )


def test_another_run_of_the_same_name_is_not_replaced(runs: Path, board: Path, capsys: Capture) -> None:
    first = begun(runs, Metrics([1], {"loss": [1]}))
    exported(capsys, board)
    shutil.rmtree(first.path)
    begun(runs, Metrics([1], {"loss": [2]}))
    code, _, err = said(capsys, "export", "own", "--tensorboard", str(board))
    assert (code, err) == (
        2, f"gan-tui: {board / 'own'} has another run that is called own; name another folder.\n"
    )  # fmt: skip
    assert tensorboard.values(board / "own" / "train", "loss") == {1: 1}


def test_an_export_that_cannot_be_written_whole_is_not_there(runs: Path, board: Path, capsys: Capture) -> None:
    folder = begun(runs, Metrics([1], {"loss": [1]}))
    exported(capsys, board)
    append(folder, Metrics(list(range(2, 2000)), {"loss": [0.5] * 1998}))
    before = files_below(board)
    with files_of_at_most(20_000):
        code, out, err = said(capsys, "export", "own", "--tensorboard", str(board))
    assert (code, out, files_below(board)) == (1, "", before), "what was there before is there still"
    assert err == (
        f"gan-tui: own cannot be exported to {board}: File too large; allow longer files (ulimit -f unlimited).\n"
    )


def test_a_file_is_no_folder(runs: Path, board: Path, capsys: Capture) -> None:
    begun(runs, Metrics([1], {"loss": [1]}))
    board.write_text("mine")
    code, out, err = said(capsys, "export", "own", "--tensorboard", str(board))
    assert (code, out, board.read_text()) == (1, "", "mine")
    assert err.startswith(f"gan-tui: own cannot be exported to {board}: ")


def test_a_run_that_has_said_nothing_is_not_exported(runs: Path, board: Path, capsys: Capture) -> None:
    presets.new_run(presets.find("xor"), runs, "own")
    assert said(capsys, "export", "own", "--tensorboard", str(board))[::2] == (
        2, "gan-tui: own has logged nothing yet, so there is nothing to export.\n"
    )  # fmt: skip
    assert not board.exists()


# While it trains -----------------------------------------------------------------------------------------


def test_a_stretch_goes_on_where_the_one_before_has_ended(runs: Path, board: Path) -> None:
    folder = begun(runs, Metrics([1, 2, 3], {"loss": [3, 2, 1]}), State("stopped"))
    live.write_along(folder, board)
    append(
        folder, State("starting"), Resumed(2), State("training"), Metrics([3, 4], {"loss": [7, 6]}), State("finished")
    )
    live.write_along(folder, board)
    train = board / "own" / "train"
    assert tensorboard.values(train, "loss", shown=True) == {1: 3, 2: 2, 3: 7, 4: 6}
    assert len(list(train.iterdir())) == 2
    live.write_along(folder, board)
    assert len(list(train.iterdir())) == 2, "there was nothing new"


def test_what_a_killed_writer_did_not_say_is_written_once(runs: Path, board: Path) -> None:
    folder = begun(runs, Metrics([1, 2], {"loss": [3, 2]}))
    live.write_along(folder, board)
    said_last = (board / "own" / "gan-tui.json").read_text()
    append(folder, Metrics([3], {"loss": [1]}), Epoch(1, 3, {"val_loss": 5}))
    live.write_along(folder, board)
    (board / "own" / "gan-tui.json").write_text(said_last)
    append(folder, Metrics([4], {"loss": [0.5]}))
    live.write_along(folder, board)
    assert tensorboard.values(board / "own" / "train", "loss") == {1: 3, 2: 2, 3: 1, 4: 0.5}
    assert tensorboard.values(board / "own" / "validation", "loss") == {3: 5}


def test_a_torn_file_is_cut_back_to_what_was_said(runs: Path, board: Path) -> None:
    folder = begun(runs, Metrics([1, 2], {"loss": [3, 2]}))
    live.write_along(folder, board)
    (file,) = (board / "own" / "train").iterdir()
    with file.open("ab") as torn:
        torn.write(b"half of a rec")
    append(folder, Metrics([3], {"loss": [1]}))
    live.write_along(folder, board)
    assert tensorboard.values(board / "own" / "train", "loss") == {1: 3, 2: 2, 3: 1}


@pytest.mark.parametrize("link", ["own", "own/train", "own/events.out.tfevents.1.gan-tui", "own/gan-tui.lock"])
def test_nothing_is_written_through_a_link(link: str, runs: Path, board: Path, tmp_path: Path) -> None:
    folder = begun(runs, Metrics([1], {"loss": [3]}))
    live.write_along(folder, board)
    mine = tmp_path / "mine"
    if link in ("own", "own/train"):
        (board / link).rename(mine)
    else:
        mine.write_bytes(b"mine" * 100)
        (board / link).unlink(missing_ok=True)
    (board / link).symlink_to(mine)
    append(folder, Metrics([2], {"loss": [2]}), Epoch(1, 2, {"val_loss": 5}))
    before = files_below(tmp_path)
    with pytest.raises(UserError, match="gan-tui has not written"):
        live.write_along(folder, board)
    assert files_below(tmp_path) == before


@pytest.mark.parametrize("link", ["own/train", "own/.gan-tui.json"])
def test_nothing_is_written_through_a_link_that_comes_later(link: str, runs: Path, board: Path, tmp_path: Path) -> None:
    folder = begun(runs, Epoch(1, 1, {"val_loss": 5}))
    began = folder.reader().read()
    stretch = live.Stretch(folder, board, began[0].time)
    mine = tmp_path / "mine"
    mine.mkdir() if link == "own/train" else mine.write_text("mine")
    (board / link).symlink_to(mine)
    append(folder, Metrics([2], {"loss": [2]}))
    with pytest.raises(OSError, match=r"Not a directory|symbolic link"):
        stretch.take(folder.reader().read())
    stretch.close()
    assert list(mine.iterdir()) == [] if link == "own/train" else mine.read_text() == "mine"


def test_a_folder_that_a_link_takes_the_place_of_is_written_to_its_end(runs: Path, board: Path, tmp_path: Path) -> None:
    folder = begun(runs, Metrics([1], {"loss": [3]}))
    stretch = live.Stretch(folder, board, folder.reader().read()[0].time)
    (tmp_path / "other").mkdir()
    (board / "own").rename(board / "moved")
    (board / "own").symlink_to(tmp_path / "other")
    stretch.take(folder.reader().read())
    stretch.close()
    assert list((tmp_path / "other").iterdir()) == []
    assert tensorboard.values(board / "moved" / "train", "loss") == {1: 3}


def test_two_do_not_write_the_same_run(
    runs: Path, board: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = begun(runs, Metrics([1], {"loss": [3]}))
    live.write_along(folder, board)
    append(folder, Metrics([2], {"loss": [2]}))
    monkeypatch.setattr(live, "_PATIENCE", 0.05)
    held = lock.taken(board / "own" / "gan-tui.lock")
    assert held is not None
    before = files_below(board)
    live.write_along(folder, board)
    code, _, err = said(capsys, "export", "own", "--tensorboard", str(board))
    os.close(held)
    assert files_below(board) == before
    assert (code, err) == (2, f"gan-tui: {board / 'own'} is written while own trains; name another folder.\n")
    assert exported(capsys, board) == board / "own"


def test_an_export_may_take_the_place_of_what_was_written_while_it_trained(
    runs: Path, board: Path, capsys: Capture
) -> None:
    folder = begun(runs, Metrics([1], {"loss": [3]}), State("stopped"))
    live.write_along(folder, board)
    exported(capsys, board)
    append(folder, Resumed(1), Metrics([2], {"loss": [2]}))
    live.write_along(folder, board)
    assert tensorboard.values(board / "own" / "train", "loss") == {1: 3, 2: 2}
    assert json.loads((board / "own" / "gan-tui.json").read_text())["run"] == "own"
