"""A sweep on disk: whose folder is whose, and what a results file says after whatever happened to it."""

import errno
import hashlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.run.summaries import summaries
from gan_tui.sweep import folder as sweep_folder
from gan_tui.sweep import sweep
from gan_tui.sweep.engines.local import Trained
from gan_tui.sweep.folder import SweepFolder
from gan_tui.sweep.result import Result
from gan_tui.sweep.run import run_sweep
from gan_tui.sweep.sweep import Job, Sweep


def swept(*changes: str, **arguments: object) -> Sweep:
    preset = presets.find("xor").with_settings({"seed": 42, **arguments})
    return sweep.made(preset, changes or ("batch_size=1,2",), "accuracy=1", 2)


def result(seed: int, reached: int | None = None) -> Result:
    ended = "reached" if reached else "done"
    return Result(seed, reached, reached or 1000, 4 * (reached or 1000), ended, {"loss": 0.5, "accuracy": 0.75}, 0.5)


@pytest.fixture
def folder(runs: Path) -> SweepFolder:
    return sweep_folder.find_or_make(swept(), runs, "mine")


def test_the_same_command_finds_its_sweep_another_gets_another(runs: Path) -> None:
    first = sweep_folder.find_or_make(swept(), runs, None)
    assert sweep_folder.find_or_make(swept(epochs=5), runs, None).name == "xor-2"
    assert sweep_folder.find_or_make(swept(seed=1), runs, None).name == "xor-3"
    assert sweep_folder.find_or_make(swept("batch_size=2,1"), runs, None).name == "xor-4"
    assert sweep_folder.find_or_make(swept(), runs, None).path == first.path
    assert sweep_folder.find_or_make(swept(epochs=5), runs, "xor-2").name == "xor-2"
    assert summaries(runs) == [], "no runs"


def test_a_name_that_another_sweep_has_is_refused(runs: Path, folder: SweepFolder) -> None:
    before = folder.file.read_bytes()
    with pytest.raises(UserError, match=r"A sweep \"mine\" with other settings already exists; .* --resume mine\."):
        sweep_folder.find_or_make(swept(epochs=5), runs, "mine")
    assert folder.file.read_bytes() == before


@pytest.mark.slow
def test_of_two_begun_at_once_each_has_a_folder_of_its_own_and_the_same_one_is_shared(runs: Path) -> None:
    for nth in range(20):
        found: list[tuple[str, SweepFolder]] = []
        barrier = threading.Barrier(4)

        def begin(change: str, nth: int = nth, found: list = found, barrier: threading.Barrier = barrier) -> None:
            barrier.wait()
            found.append((change, sweep_folder.find_or_make(swept(change), runs / str(nth), None)))

        changes = ("batch_size=1,2", "batch_size=1,4") * 2
        threads = [threading.Thread(target=begin, args=(change,)) for change in changes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 4 and len({(change, folder.name) for change, folder in found}) == 2
        assert all(folder.document() == swept(change).as_document() for change, folder in found)
        assert sorted(path.name for path in (runs / str(nth) / "sweeps").iterdir()) == ["xor-1", "xor-2"]


def test_a_name_that_something_else_has_is_refused_and_left_alone(runs: Path) -> None:
    (runs / "sweeps" / "mine").mkdir(parents=True)
    (runs / "sweeps" / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(UserError, match="sweeps/mine exists and is not a sweep; choose another --name"):
        sweep_folder.find_or_make(swept(), runs, "mine")
    assert [path.name for path in (runs / "sweeps").rglob("*")] == ["mine", "notes.txt"]


def test_a_folder_left_half_made_is_used_again(runs: Path) -> None:
    (runs / "sweeps" / "xor-1").mkdir(parents=True)
    assert sweep_folder.find_or_make(swept(), runs, None).name == "xor-1"


def test_a_run_in_the_place_of_the_sweeps_is_left_alone(runs: Path) -> None:
    presets.new_run(presets.find("xor"), runs, "sweeps")
    with pytest.raises(UserError, match="A run named sweeps"):
        sweep_folder.find_or_make(swept(), runs, None)


def test_results_come_back(folder: SweepFolder) -> None:
    one, two = swept().combinations
    folder.append(one, result(43))
    folder.append(two, result(42, 17))
    assert folder.results(swept()) == {Job(0, 43): result(43), Job(1, 42): result(42, 17)}
    assert folder.results_file.stat().st_mode & 0o777 == 0o600


def test_lists_as_values_come_back(runs: Path) -> None:
    lists = sweep.made(presets.find("plane"), ["hidden=[8],[8,8]", "learning_rate=0.1,1e-5"], None, 1)
    folder = sweep_folder.find_or_make(lists, runs, None)
    for combination in lists.combinations:
        folder.append(combination, result(42))
    assert len(SweepFolder(folder.path).results(folder.sweep())) == 4


def test_a_torn_line_costs_itself_alone(folder: SweepFolder) -> None:
    one, two = swept().combinations
    folder.append(one, result(42))
    folder.append(one, result(43))
    folder.results_file.write_bytes(folder.results_file.read_bytes()[:-30])
    assert set(folder.results(swept())) == {Job(0, 42)}
    folder.append(two, result(42))
    assert set(folder.results(swept())) == {Job(0, 42), Job(1, 42)}


def test_lines_of_anything_else_do_not_count(folder: SweepFolder) -> None:
    one, _ = swept().combinations
    folder.append(one, result(42))
    whole = orjson.loads(folder.results_file.read_bytes())
    wrong = [
        {**whole, "seed": 99}, {**whole, "settings": {"batch_size": 4}}, {**whole, "seed": "43"}, {**whole, "more": 1},
        {**whole, "seed": 43, "reached": "soon"}, {**whole, "seed": 43, "last": 5}, {"settings": {}}, [], 5, None,
    ]  # fmt: skip
    lines = b"".join(orjson.dumps(line) + b"\n" for line in wrong)
    folder.results_file.write_bytes(folder.results_file.read_bytes() + lines + b"\xff\xfe\n\n{}\n")
    assert set(folder.results(swept())) == {Job(0, 42)}


def test_of_two_results_the_first_counts(folder: SweepFolder) -> None:
    one, _ = swept().combinations
    folder.append(one, result(42, 3))
    folder.append(one, result(42))
    assert folder.results(swept()) == {Job(0, 42): result(42, 3)}


def test_a_full_disk_is_told_in_a_sentence(folder: SweepFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    sentence = r"No space left on device; free some space, and run the same command to continue\."
    with pytest.raises(UserError, match=sentence):
        folder.append(swept().combinations[0], result(42))


def test_a_sweep_is_trained_by_one_process_at_a_time(folder: SweepFolder) -> None:
    other = SweepFolder(folder.path)
    with folder.held(), pytest.raises(UserError, match=r"The sweep mine is already running"), other.held():
        pass
    with other.held():
        pass
    with pytest.raises(BlockingIOError), other.held():
        raise BlockingIOError(errno.EAGAIN, "no more processes")  # as a training process that cannot be started


@pytest.mark.parametrize("text", ["repeats = ", "repeats = 2", "[preset]\ntitle = 'x'"])
def test_a_damaged_file_is_named(text: str, folder: SweepFolder, runs: Path) -> None:
    folder.file.write_text(text)
    with pytest.raises(UserError, match=r"mine/sweep\.toml (cannot be read|is damaged)"):
        sweep_folder.find("mine", runs).sweep()


def test_resuming_finds_it_by_name_or_says_the_nearest(folder: SweepFolder, runs: Path) -> None:
    assert sweep_folder.find("mine", runs).sweep().as_document() == swept().as_document()
    with pytest.raises(UserError, match=r'There is no sweep "mien" in .*, did you mean "mine"\?'):
        sweep_folder.find("mien", runs)


def test_other_data_than_it_was_begun_with_are_refused(runs: Path, tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_text("x,y,class\n0,0,0\n1,1,1\n")
    drawn = sweep.made(presets.find("plane"), [f"points={file}"], None, 1)
    folder = sweep_folder.find_or_make(drawn, runs, None)
    file.write_text("x,y,class\n0,0,0\n1,1,1\n0,1,1\n")
    with pytest.raises(UserError, match="The data have changed since the sweep plane-1 was started"):
        run_sweep(folder.sweep(), folder, as_json=False)


CLASSES, SWAPPED = "x,y,class\n0,0,0\n1,1,1\n", "x,y,class\n0,0,1\n1,1,0\n"


def drawn(tmp_path: Path, *contents: str) -> tuple[list[Path], Sweep]:
    """Files of points, and the sweep of them: two trainings each."""
    files = [tmp_path / f"points-{number}.csv" for number, _ in enumerate(contents)]
    for file, content in zip(files, contents, strict=True):
        file.write_text(content)
    return files, sweep.made(presets.find("plane"), [f"points={','.join(map(str, files))}"], None, 2)


@pytest.mark.parametrize("edited", [0, 1])
def test_points_that_were_edited_since_are_other_data(edited: int, runs: Path, tmp_path: Path) -> None:
    files, begun = drawn(tmp_path, CLASSES, CLASSES + "0,1,1\n")
    first = sweep_folder.find_or_make(begun, runs, "mine")
    assert sweep_folder.find_or_make(begun, runs, None).name == "plane-1"
    text = files[edited].read_text()
    files[edited].write_text(SWAPPED + ("0,1,1\n" if edited else ""))
    since = rf"^The data have changed since the sweep mine was started \(.*points-{edited}\.csv\); restore them, or "
    with pytest.raises(UserError, match=since):
        run_sweep(first.sweep(), first, as_json=False)
    with pytest.raises(UserError, match=since):
        sweep_folder.find_or_make(begun, runs, "mine")
    assert sweep_folder.find_or_make(begun, runs, None).name == "plane-2", "the same words, another sweep"
    files[edited].write_text(text)
    assert sweep_folder.find_or_make(begun, runs, None).name == "plane-1"


def test_a_table_that_was_edited_since_is_other_data(runs: Path, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("hour,degrees\n" + "".join(f"{hour}.5,{hour % 24}.25\n" for hour in range(60)))
    preset = presets.find("regression").with_settings({"data": str(table), "epochs": 1})
    begun = sweep.made(preset, [], None, 1)
    folder = sweep_folder.find_or_make(begun, runs, "mine")
    table.write_text(table.read_text().replace("9.25", "8.25"))
    with pytest.raises(UserError, match=r"^The data have changed since the sweep mine was started \(.*table\.csv\)"):
        run_sweep(folder.sweep(), folder, as_json=False)


def test_a_sweep_whose_table_was_moved_goes_on_where_it_is_now(runs: Path, tmp_path: Path) -> None:
    table, moved = tmp_path / "table.csv", tmp_path / "other place" / "table.csv"
    table.write_text("hour,degrees\n" + "".join(f"{hour}.5,{hour % 24}.25\n" for hour in range(60)))
    preset = presets.find("regression").with_settings({"data": str(table), "epochs": 1})
    begun = sweep.made(preset, [], None, 1)
    folder = sweep_folder.find_or_make(begun, runs, "mine")
    moved.parent.mkdir()
    table.rename(moved)
    folder.file.write_text(folder.file.read_text().replace(f'\ndata = "{table}"', f'\ndata = "{moved}"'))
    assert folder.has(folder.sweep().as_document())
    moved.write_text(moved.read_text().replace("9.25", "8.25"))
    with pytest.raises(UserError, match=r"^The data have changed since the sweep mine was started \(.*other place"):
        run_sweep(folder.sweep(), folder, as_json=False)


def test_a_sweep_of_before_that_knows_no_checksums_is_still_its_own(runs: Path, tmp_path: Path) -> None:
    files, begun = drawn(tmp_path, CLASSES)
    folder = sweep_folder.find_or_make(begun, runs, "mine")
    checksums = f'[data.files]\n"{files[0]}" = "{hashlib.sha256(CLASSES.encode()).hexdigest()}"\n'
    assert checksums in folder.file.read_text()
    folder.file.write_text(folder.file.read_text().replace(checksums, ""))
    assert sweep_folder.find_or_make(begun, runs, "mine").path == folder.path


def test_nothing_is_kept_of_points_that_were_edited_while_they_were_trained_on(
    runs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, begun = drawn(tmp_path, CLASSES)
    folder = sweep_folder.find_or_make(begun, runs, "mine")

    class Edited:
        """Trains the first, while the second is under way somebody edits the file."""

        count, workers = 1, ()

        def __init__(self, *_: object) -> None: ...

        def happenings(self) -> Iterator[Trained]:
            yield Trained(begun.jobs[0], result(42))
            files[0].write_text(SWAPPED)
            yield Trained(begun.jobs[1], result(43))

    monkeypatch.setattr("gan_tui.sweep.engines.chosen.Pool", Edited)
    with pytest.raises(UserError, match=r"The data have changed since the sweep mine was started \(.*points-0\.csv\)"):
        run_sweep(begun, folder, as_json=True)
    assert [job.seed for job in folder.results(begun)] == [42]


def test_a_whole_sweep_is_printed_again_without_training(
    folder: SweepFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("gan_tui.sweep.engines.local.WORKER", ("false",))
    for combination in swept().combinations:
        folder.append(combination, result(42, 7))
        folder.append(combination, result(43))
    assert run_sweep(swept(), folder, as_json=False) == 0
    out = capsys.readouterr().out
    assert "reached 1 of 2" in out and "already trained" not in out
    assert out.endswith("In all, 2 of 4 reached accuracy >= 1 and 2 did not.\n")
    assert run_sweep(swept(), folder, as_json=True) == 0
    rows = orjson.loads(capsys.readouterr().out)
    assert [row["settings"] for row in rows] == [{"batch_size": 1}, {"batch_size": 2}]


def test_results_follow_a_sweep_that_is_moved_and_none_is_kept_of_one_that_is_deleted(folder: SweepFolder) -> None:
    one, two = swept().combinations
    begun = folder.path
    with folder.held():
        folder.append(one, result(42))
        begun.rename(begun.with_name("better"))
        folder.append(two, result(42))
        assert (folder.name, len(SweepFolder(begun.with_name("better")).results(swept()))) == ("better", 2)
        assert not begun.exists()
        for path in begun.with_name("better").iterdir():
            path.unlink()
        with pytest.raises(UserError, match="The sweep better was deleted: it is no longer in "):
            folder.append(one, result(43))
        assert not list(begun.with_name("better").iterdir())
