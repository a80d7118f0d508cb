"""Data of one's own: a folder that is named is used, and kept, or refused in a sentence before anything is made."""

import struct
from pathlib import Path

import numpy as np
import pytest
import tomli_w

from files import old_run
from gan_tui import data, presets
from gan_tui.cli.settings_given import on_data_of
from gan_tui.errors import UserError
from gan_tui.presets.plan import planned, settled
from gan_tui.run.events import Started
from gan_tui.sweep import sweep
from photos import photos
from shell import said


def digits(folder: Path, count: int = 40, name: str = "mnist", labels: np.ndarray | None = None) -> Path:
    """A folder with that many pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    labels = np.arange(count) % 10 if labels is None else labels
    np.savez(folder / f"{name}.npz", x_train=np.zeros((count, 28, 28), np.uint8), y_train=labels)
    return folder


@pytest.fixture(autouse=True)
def no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path / "keras" / "datasets"


def test_images_of_a_single_class_are_refused_where_classes_are_learnt(
    tmp_path: Path, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = digits(tmp_path / "threes", 40, "fashion-mnist", np.full(40, 3))
    for command in ("train", "sweep"):
        code, _, err = said(capsys, command, "fashion-cnn", "--set", "batch_size=8", "--data-dir", str(folder))
        assert (code, err) == (
            2,
            f"gan-tui: All 40 labels of fashion-mnist, folder {folder}, are 3, so there is nothing to tell apart; "
            "use data of at least two classes.\n",
        )
    assert not runs.exists()
    pair = presets.find("gan").with_settings({"batch_size": 8})
    threes = digits(tmp_path / "digits", 40, "mnist", np.full(40, 3))
    assert planned(pair.with_settings({"data_folder": str(threes)})).train == 40, "a pair learns a single digit"


# What the command line names ------------------------------------------------------------------------------


def test_a_folder_without_the_set_is_refused_though_the_set_is_elsewhere(
    tmp_path: Path, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "photos").mkdir()
    for command in ("train", "sweep"):
        code, _, err = said(capsys, command, "gan", "--data-dir", str(tmp_path / "photos"))
        assert (code, err) == (
            2,
            f"gan-tui: {tmp_path}/photos holds no mnist: put mnist.npz or train-images-idx3-ubyte.gz and its labels "
            "there, or name data of your own with --data.\n",
        )
    assert not runs.exists()


def test_a_folder_of_images_is_taken_as_data_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photos(tmp_path / "photos", {"cat": 3, "dog": 3})
    monkeypatch.chdir(tmp_path)
    chosen = on_data_of(presets.find("fashion-cnn").with_settings({"batch_size": 2}), "photos", ())
    assert chosen.settings["data"] == str(tmp_path / "photos") and not chosen.settings["data_folder"]
    assert chosen.facts.names == ("cat", "dog")


def test_two_words_for_the_same_data_are_refused(
    tmp_path: Path, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = str(photos(tmp_path / "photos", {"cat": 3, "dog": 3}))
    code, _, err = said(capsys, "train", "gan", "--data-dir", root, "--data", root)
    assert (code, err) == (2, "gan-tui: --data-dir and --data name data each; leave out one of them.\n")
    code, _, err = said(capsys, "train", "gan", "--data-dir", root, "--set", "data=mnist")
    assert (code, err) == (2, "gan-tui: --data and --set data set the same; leave out one of them.\n")
    assert not runs.exists()


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_a_folder_of_a_published_set_is_taken_as_it_was(name: str, tmp_path: Path) -> None:
    folder = digits(tmp_path / "sets", 40, name)
    assert not on_data_of(presets.find("gan"), str(folder), ()).settings["data"]


REFUSED = [
    (("train", "xor"), "xor takes no data from a folder: leave out --data-dir."),
    (("sweep", "shapes"), "shapes takes no data from a folder: leave out --data-dir."),
    (("train", "plane"), "plane takes no data from a folder: leave out --data-dir; --set points=FILE.csv names points "
     "of your own."),
    (("train", "gan", "--set", "data_folder=/other"), "--data-dir and --set data_folder name a folder each; leave out "
     "one of them."),
    (("stop", "xor-1"), "stop reads no data; leave out --data-dir."),
    (("runs",), "runs reads no data; leave out --data-dir."),
    (("resume", "xor-1"), "A run goes on with the data that it began with, so leave out --data-dir; if they were "
     "moved, write where they are now as data_folder into the run's preset.toml."),
    (("sweep", "--resume", "xor-1"), "--resume NAME continues a sweep as it was started; leave out all else but "
     "--trials, --on, --by, --rows and --json."),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED, ids=[" ".join(row[0]) for row in REFUSED])
def test_a_folder_that_would_be_ignored_is_refused(
    arguments: tuple[str, ...], sentence: str, tmp_path: Path, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = said(capsys, *arguments, "--data-dir", str(digits(tmp_path / "mine")))
    assert (code, err) == (2, f"gan-tui: {sentence}\n")
    assert not runs.exists()


def test_nor_is_it_where_a_set_is_downloaded_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = said(capsys, "data", "--data-dir", str(tmp_path), "fetch", "mnist")
    assert (code, err) == (2, "gan-tui: data fetch puts what it downloads into Keras's cache; leave out --data-dir.\n")


@pytest.mark.parametrize("option", ["--data-dir", "--runs-dir"])
def test_no_path_at_all_is_refused(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    for none in ("", " "):
        code, _, err = said(capsys, "train", "gan", option, none)
        assert (code, err) == (2, f"gan-tui: {option} needs the path of a folder.\n")


def test_it_goes_before_the_presets_own_and_the_environments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = digits(tmp_path / "named", 40)
    monkeypatch.setenv("GAN_TUI_DATA", str(digits(tmp_path / "variable", 50)))
    gan = presets.find("gan").with_settings({"batch_size": 8, "data_folder": str(digits(tmp_path / "preset", 60))})
    assert planned(on_data_of(gan, str(named), [])).train == 40


def test_the_menu_takes_everything_from_it_and_the_list_of_data_says_what_it_lacks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = digits(tmp_path / "named")
    monkeypatch.setattr("gan_tui.data.sources._named", None)
    data.use_folder(folder)
    assert data.find("mnist").count == 40
    with pytest.raises(UserError, match=rf"^{folder} holds no fashion-mnist: put fashion-mnist.npz"):
        data.find("fashion-mnist")
    code, out, _ = said(capsys, "data", "--data-dir", str(folder))
    assert code == 0 and f"fashion-mnist: skipped folder {folder}: it holds no fashion-mnist\n" in out


# What is wrong with it is found before the start ------------------------------------------------------------


def idx(kind: int, array: np.ndarray) -> bytes:
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, kind, array.ndim, *array.shape) + array.tobytes()


@pytest.mark.parametrize("dtype", ["u1", "i1", "<i2", ">i4", "<i8"])
@pytest.mark.parametrize("wrong", [10, 99, -1])
def test_a_label_that_is_none_is_found_before_anything_is_made(
    dtype: str, wrong: int, tmp_path: Path, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labels = np.arange(40) % 10
    labels[7] = wrong
    wrong = wrong % 256 if dtype == "u1" else wrong
    folder = digits(tmp_path / "mine", labels=labels.astype(dtype))
    code, _, err = said(capsys, "train", "gan", "--detach", "--data-dir", str(folder), "--set", "batch_size=8")
    said_of = f"holds the label {wrong} where labels run from 0 to 9: replace it or name another folder."
    assert (code, err) == (2, f"gan-tui: {folder}/mnist.npz {said_of}\n")
    assert not runs.exists()


def test_so_is_one_in_an_idx_file(tmp_path: Path) -> None:
    (tmp_path / "train-images-idx3-ubyte").write_bytes(idx(8, np.zeros((3, 28, 28), np.uint8)))
    for label, found in ((9, None), (12, 12)):
        (tmp_path / "train-labels-idx1-ubyte").write_bytes(idx(0x0C, np.array([1, label, 0], ">i4")))
        if found is None:
            assert data.find("mnist", tmp_path).count == 3
        else:
            with pytest.raises(UserError, match="train-labels-idx1-ubyte holds the label 12 where labels run from"):
                data.find("mnist", tmp_path)


def test_no_variable_is_named_that_was_not_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = digits(tmp_path / "mine")
    (folder / "mnist.npz").write_bytes((folder / "mnist.npz").read_bytes()[:2000])
    for command in (("train", "gan"), ("data",)):
        code, _, err = said(capsys, *command, "--data-dir", str(folder))
        assert code == 2 and "GAN_TUI" not in err
        assert f"{folder}/mnist.npz is damaged" in err and "replace it or " in err


def test_data_on_the_command_line_take_the_place_of_those_in_a_preset_that_are_gone(
    tmp_path: Path, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine.toml"
    document = presets.find("shapes").as_document(following=True)
    document["settings"]["data"] = "nowhere"
    mine.write_text(tomli_w.dumps(document))
    code, _, err = said(capsys, "train", str(mine), "--detach")
    gone = f"{mine}: data: There is nothing at {tmp_path}/nowhere: check the path"
    assert code == 2 and err.startswith(f"gan-tui: {gone}")
    assert not err.endswith("..\n")
    for command in (("train", "--set", "seed=x"), ("sweep", "--set", "seed=1,2")):
        code, _, err = said(capsys, command[0], str(mine), "--data", "mnist", *command[1:])
        assert code == 2 and "seed" in err and "nowhere" not in err


# A run keeps what it began with -------------------------------------------------------------------------------


def test_a_folder_of_the_environments_is_written_into_the_run(
    tmp_path: Path, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAN_TUI_DATA", str(digits(tmp_path / "mine")))
    gan = presets.find("gan").with_settings({"batch_size": 8})
    run = presets.new_run(settled(gan), runs)
    swept = sweep.made(settled(gan), ["batch_size=4,8"], None, 1).as_document()
    monkeypatch.delenv("GAN_TUI_DATA")
    assert presets.of_run(run).settings["data_folder"] == str(tmp_path / "mine")
    assert planned(presets.of_run(run)).origin == f"folder {tmp_path}/mine"
    assert sweep.from_document(swept).as_document() == swept


def test_a_run_on_embedded_data_stays_on_them_when_the_full_set_is_fetched(runs: Path, no_cache: Path) -> None:
    run, swept = old_run("stopped", "pair", runs), sweep.made(presets.find("gan"), [], None, 1).as_document()
    no_cache.mkdir(parents=True)
    digits(no_cache, 60_000)
    assert planned(presets.find("gan")).train == 60_000
    assert planned(presets.of_run(run)).train == 5_000
    assert sweep.from_document(swept).as_document() == swept


def test_a_run_of_before_finds_the_folder_that_its_command_line_named(tmp_path: Path, runs: Path) -> None:
    run = old_run("stopped", "pair", runs)
    log = run.events_file.read_bytes()
    lines = [line for line in log.splitlines(keepends=True) if b'"started"' not in line]
    run.events_file.write_bytes(b"".join(lines))
    writer = run.writer()
    mine = {"name": "mnist", "origin": f"folder {tmp_path}/mine, read as needed", "train": 40, "validation": 0}
    writer.write(Started("pair", "Pair", "gan", 7, {}, mine, ["CPU"], {}, 60, 2, 16))
    writer.close()
    with pytest.raises(UserError, match=f"^{tmp_path}/mine is not a readable folder: check the path"):
        planned(presets.of_run(run))
    digits(tmp_path / "mine")
    assert planned(presets.of_run(run)).train == 40
