"""The trainings of a sweep as runs: what their workers tell is written into small folders that open as any run."""

from pathlib import Path
from typing import Any

import pytest

from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.run import catalog
from gan_tui.run.follower import state_of
from gan_tui.run.summaries import summary_of
from gan_tui.supervision import starting
from gan_tui.sweep import folder as sweep_folder
from gan_tui.sweep import sweep, under_way
from gan_tui.sweep.folder import SweepFolder
from gan_tui.sweep.result import Result
from gan_tui.sweep.sweep import Job, Sweep
from gan_tui.sweep.trainings import Trainings, folder_of, points_of_each

JOB = Job(1, 43)
BEGUN: dict[str, Any] = {
    "at": 0.0, "type": "started", "preset": "xor", "title": "XOR", "task": "plane", "seed": 43, "networks": {},
    "dataset": {"name": "xor", "origin": "made by gan-tui", "train": 4, "validation": 0}, "devices": ["CPU"],
    "versions": {}, "steps_total": 100, "steps_per_epoch": 1, "batch_size": 4, "commands": [], "settable": [],
}  # fmt: skip


def numbers(first: int, last: int, at: float = 1.0) -> dict[str, Any]:
    steps = list(range(first, last + 1))
    return {"at": at, "type": "metrics", "steps": steps, "values": {"loss": [1 / step for step in steps]}}


def result(ended: str = "done", **more: Any) -> Result:
    return Result(43, None, 100, 100, ended, {"loss": 0.01}, 2.0, **more)


@pytest.fixture
def swept() -> Sweep:
    return sweep.made(presets.find("xor").with_settings({"seed": 42}), ["batch_size=1,2,4"], "accuracy=1.0", 3)


@pytest.fixture
def folder(swept: Sweep, runs: Path) -> SweepFolder:
    return sweep_folder.find_or_make(swept, runs, None)


def test_a_training_is_a_run_while_it_trains_and_afterwards(swept: Sweep, folder: SweepFolder) -> None:
    trainings, run = Trainings(swept, folder), folder_of(folder, JOB)
    trainings.told(JOB, 0, [BEGUN, numbers(1, 10)])
    assert run.path.name == "2-seed-43"
    assert (run.path.stat().st_mode & 0o777, run.events_file.stat().st_mode & 0o777) == (0o700, 0o600)
    state = state_of(run)
    assert run.is_alive() and (state.state, state.step, state.steps_total) == ("training", 10, 100)
    trainings.told(JOB, 2, [numbers(11, 20, at=2.0)])
    trainings.told(JOB, 0, [BEGUN, numbers(1, 10), numbers(11, 20), numbers(21, 30, at=3.0)])  # all, with the result
    trainings.trained(JOB, result())
    state = state_of(run, history=True)
    assert not run.is_alive() and (state.state, state.step) == ("finished", 30)
    assert state.series["loss"].steps.tolist() == list(range(1, 31))
    assert summary_of(run).shown == "finished"
    assert presets.of_run(run).settings["batch_size"] == 2 and presets.of_run(run).settings["seed"] == 43
    assert sorted(path.name for path in run.path.iterdir()) == ["events.jsonl", "preset.toml"]


def test_what_is_missing_on_the_way_comes_with_the_result(swept: Sweep, folder: SweepFolder) -> None:
    trainings = Trainings(swept, folder)
    trainings.told(JOB, 0, [BEGUN])
    trainings.told(JOB, 3, [numbers(30, 40)])
    trainings.told(JOB, 0, [BEGUN, numbers(1, 40)])
    trainings.trained(JOB, result())
    assert state_of(folder_of(folder, JOB), history=True).series["loss"].length == 40


def test_a_training_that_was_lost_begins_anew(swept: Sweep, folder: SweepFolder) -> None:
    trainings = Trainings(swept, folder)
    trainings.told(JOB, 0, [BEGUN, numbers(1, 40)])
    trainings.again(JOB)
    trainings.told(JOB, 0, [BEGUN, numbers(1, 5)])
    run = folder_of(folder, JOB)
    assert run.is_alive() and state_of(run).step == 5
    trainings.close()
    state = state_of(run)
    assert not run.is_alive() and (state.state, state.reason) == ("stopped", "the sweep was interrupted")


def test_one_that_failed_says_why_also_where_it_never_began(swept: Sweep, folder: SweepFolder) -> None:
    trainings = Trainings(swept, folder)
    trainings.failed(JOB, "its process was killed (SIGKILL)")
    trainings.told(Job(0, 42), 0, [BEGUN, numbers(1, 5)])
    trainings.trained(Job(0, 42), result("diverged"))
    failed, diverged = state_of(folder_of(folder, JOB)), state_of(folder_of(folder, Job(0, 42)))
    assert (failed.state, failed.reason) == ("failed", "its process was killed (SIGKILL)")
    assert (diverged.state, diverged.reason) == ("failed", "its numbers were finite no more after 100 steps")


@pytest.mark.parametrize(
    "items",
    ["all", [7], [{"type": "metrics"}], [{"type": "secret", "at": 1}], [BEGUN | {"networks": "none"}, {}], None],
)
def test_words_that_mean_nothing_cost_themselves_alone(swept: Sweep, folder: SweepFolder, items: Any) -> None:
    trainings = Trainings(swept, folder)
    trainings.told(JOB, 0, items)
    trainings.told(JOB, "0", [BEGUN])
    trainings.trained(JOB, result())
    assert state_of(folder_of(folder, JOB)).state == "finished"


@pytest.mark.parametrize("at", [None, "x", [], -1.0, float("nan"), 1e308])
def test_a_time_that_is_none_counts_as_the_beginning(at: Any, swept: Sweep, folder: SweepFolder) -> None:
    trainings = Trainings(swept, folder)
    trainings.told(JOB, 0, [BEGUN | {"at": at}])
    trainings.told(JOB, 1, [numbers(1, 5) | {"at": at}])
    assert state_of(folder_of(folder, JOB)).step == 5


def test_a_disk_that_takes_nothing_costs_the_folders_alone(swept: Sweep, folder: SweepFolder) -> None:
    (folder.path / catalog.TRAININGS).write_text("no folder")
    trainings = Trainings(swept, folder)
    trainings.told(JOB, 0, [BEGUN])
    trainings.trained(JOB, result())
    trainings.close()


def test_a_training_is_known_by_its_place_and_not_resumed(swept: Sweep, folder: SweepFolder) -> None:
    trainings, run = Trainings(swept, folder), folder_of(folder, JOB)
    trainings.told(JOB, 0, [BEGUN])
    trainings.close()
    assert catalog.sweep_of(run.path) == folder.name == "xor-1"
    assert catalog.sweep_of(folder.path) == ""
    for go_on in (starting.restart, lambda run: starting.train_longer(run, "epochs", 2000)):
        with pytest.raises(UserError, match="is a training of the sweep xor-1; gan-tui sweep --resume xor-1"):
            go_on(run)


def test_many_trainings_keep_few_numbers_each() -> None:
    assert [points_of_each(count) for count in (1, 60, 10_000, 100_000)] == [1000, 1000, 400, 40]


# Who trains what ---------------------------------------------------------------------------------


class Busy:
    """A worker, as far as it is looked at."""

    def __init__(self, job: Job | None, where: str = "", ready: bool = True) -> None:
        self.job, self.where, self.ready, self.epoch = job, where, ready, 7


def test_who_trains_what_is_read_back_and_numbers_of_workers_stay(folder: SweepFolder) -> None:
    now = [0.0]
    keeper = under_way.Keeper(folder, 4, clock=lambda: now[0])
    first, second = Busy(JOB, "ssh box1"), Busy(None, ready=False)
    keeper.look([first, second])
    seen = under_way.read(folder)
    assert [(each.worker, each.place, each.training, each.epoch, each.loads) for each in seen.workers] == [
        (1, "ssh box1", "2-seed-43", 7, False), (2, "", "", 7, True),
    ]  # fmt: skip
    assert seen.done_before == 4
    keeper.failed(under_way.Failed(JOB, "its process was killed"))
    keeper.look([second])
    assert len(under_way.read(folder).workers) == 2, "a moment later nothing is written again"
    now[0] = 1.0
    keeper.look([second, Busy(Job(0, 42))])
    seen = under_way.read(folder)
    assert [(each.worker, each.training) for each in seen.workers] == [(1, "1-seed-42"), (2, "")]
    assert [(each.training, each.place) for each in seen.failures] == [("2-seed-43", "ssh box1")]
    assert (folder.path / under_way.FILE).stat().st_mode & 0o777 == 0o600


def test_who_has_trained_what_is_kept_also_when_the_sweep_goes_on(folder: SweepFolder) -> None:
    """However short it was: a look a moment ago writes nothing, and forgets nobody."""
    keeper, other = under_way.Keeper(folder, 0, clock=lambda: 0.0), Job(0, 42)
    keeper.look([Busy(JOB, "srun -n1"), here := Busy(None, "srun -n1")])
    here.job = other
    keeper.look([here])
    for job in (JOB, other):
        keeper.trained(job)
    keeper.look([], last=True)
    told = [("2-seed-43", "1 srun -n1"), ("1-seed-42", "2 srun -n1")]
    assert [(each.training, each.words) for each in under_way.read(folder).done] == told
    again = under_way.Keeper(folder, 2)
    again.look([], last=True)
    assert [(each.training, each.words) for each in under_way.read(folder).done] == told


def test_a_file_of_an_earlier_version_tells_what_it_has(folder: SweepFolder) -> None:
    (folder.path / under_way.FILE).write_bytes(b'{"workers": [], "failures": [], "began": 7.0, "done_before": 3}')
    assert under_way.read(folder) == under_way.UnderWay(began=7.0, done_before=3)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"workers": 7}', b"{" * 100_000, b'{"workers": [{"worker": "1"}]}'])
def test_what_says_nothing_of_who_trains_is_nothing(folder: SweepFolder, content: bytes) -> None:
    (folder.path / under_way.FILE).write_bytes(content)
    assert under_way.read(folder) == under_way.UnderWay()


def test_a_link_in_its_place_is_not_followed(folder: SweepFolder) -> None:
    (folder.path / under_way.FILE).symlink_to("/etc/passwd")
    assert under_way.read(folder) == under_way.UnderWay()
