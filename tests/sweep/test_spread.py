"""A sweep in several places: who trains what, and what happens when workers are lost. The workers here only pretend."""

import io
import resource
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.sweep import alike, places, sweep
from gan_tui.sweep import folder as sweep_folder
from gan_tui.sweep.engines import placed_worker, posts, spread
from gan_tui.sweep.engines.local import Failed, Happening, Tick, Told, Trained
from gan_tui.sweep.engines.spread import SpreadPool
from gan_tui.sweep.folder import SweepFolder
from gan_tui.sweep.progress import SweepProgress
from gan_tui.sweep.sweep import Job, Sweep
from shell import said

PRETENDER = """#!{python} -SE
import json, os, sys, time
name, folder = os.path.basename(os.path.dirname(sys.argv[0])), {folder!r}
def say(**words): os.write(1, b"\\n\\x1egan-tui\\x1e" + json.dumps(words).encode() + b"\\n")
def hear():
    while line := sys.stdin.buffer.readline():
        if b"\\x1e" in line:
            words = json.loads(line.rpartition(b"\\x1e")[2])
            if "there" not in words: return words
    with open(folder + "/left", "a") as file: print(name, file=file)
    os._exit(0)
def count(what):
    with open(folder + "/" + what + "-" + name, "a") as file: file.write("x")
    return os.path.getsize(folder + "/" + what + "-" + name)
os.write(1, b"Welcome to " + name.encode())
print("a banner", file=sys.stderr, flush=True)
versions, computed = {versions!r}, {alike!r}
{begin}
say(hello=versions)
assert hear()["sweep"]
say(ready=True, computed_with=computed)
while True:
    job = hear()
    with open(folder + "/order", "a") as order: print(name, job["combination"], job["seed"], file=order)
    say(alive=True)
    {act}
    say(epoch=3)
    say(result={{"seed": job["seed"], "reached": None, "epochs": 5, "steps": 5, "ended": "done",
                "last": {{"loss": 0.5, "accuracy": 0.5}}, "seconds": 0.1}}, spent=False)
"""


class Machines:
    """Machines that are programs of this one, each in a folder of its name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, name: str, act: str = "time.sleep(0.02)", begin: str = "", count: int = 1) -> str:
        """The words of --on that lead to it."""
        from gan_tui.system.computing import computing

        program = self.folder / name / "gan-tui"
        program.parent.mkdir(parents=True)
        program.write_text(
            PRETENDER.format(
                python=sys.executable, folder=str(self.folder), versions=alike.versions(), alike=computing(), act=act,
                begin=begin,
            )
        )  # fmt: skip
        program.chmod(0o755)
        return f"env {program}*{count}"

    def order(self) -> list[tuple[str, int, int]]:
        rows = [line.split() for line in (self.folder / "order").read_text().splitlines()]
        return [(name, int(combination), int(seed)) for name, combination, seed in rows]


@pytest.fixture
def machines(tmp_path: Path) -> Machines:
    return Machines(tmp_path / "machines")


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posts, "PAUSES", (0.05, 0.1))


def swept(repeats: int = 3) -> Sweep:
    return sweep.made(presets.find("xor").with_settings({"seed": 42}), ["batch_size=1,2,4"], None, repeats)


@pytest.fixture
def folder(runs: Path) -> SweepFolder:
    return sweep_folder.find_or_make(swept(), runs, None)


def pool(folder: SweepFolder, *on: str) -> SpreadPool:
    from dataclasses import replace

    behind = places.read(on).behind
    named = [replace(place, name=Path(place.prefix[-1]).parent.name) for place in behind]
    return SpreadPool(folder, swept().jobs, named)


def happenings(folder: SweepFolder, *on: str) -> list[Happening]:
    return [each for each in pool(folder, *on).happenings() if not isinstance(each, Tick)]


def trained(story: list[Happening]) -> list[Job]:
    jobs = [each.job for each in story if isinstance(each, Trained)]
    return sorted(jobs, key=lambda job: (job.combination, job.seed))


def told(story: list[Happening]) -> list[str]:
    return [each.text for each in story if isinstance(each, Told)]


def test_every_job_is_trained_once_and_each_place_does_some(folder: SweepFolder, machines: Machines) -> None:
    slow = "time.sleep(0.2)"  # so that each has begun before all is done
    story = happenings(folder, machines.add("box1", slow), machines.add("box2", slow, count=2))
    assert trained(story) == swept().jobs
    assert {each.where for each in story if isinstance(each, Trained)} == {"box1", "box2"}
    counts = {name: sum(row[0] == name for row in machines.order()) for name in ("box1", "box2")}
    assert told(story) == [f"box1 trained {counts['box1']}; box2 trained {counts['box2']}"]
    log = folder.log.read_text()
    assert log.count("box2: a banner\n") == log.count("box2: Welcome to box2") == 2, "what is printed goes to the log"


@pytest.mark.parametrize("way", ["os.kill(os.getpid(), 9)", "sys.exit(7)", "os.close(1); time.sleep(60)"])
def test_what_a_lost_worker_trained_is_trained_elsewhere(way: str, folder: SweepFolder, machines: Machines) -> None:
    until_all_begun = 'while len(open(folder + "/order").readlines()) < 10: time.sleep(0.05)'
    once = f'if count("jobs") == 1: {way}\n    {until_all_begun}'  # so that the other takes it up
    story = happenings(folder, machines.add("box1", once), machines.add("box2", "time.sleep(0.2)"))
    assert trained(story) == swept().jobs and not any(isinstance(each, Failed) for each in story)
    (lost,) = [each for each in story if isinstance(each, Told) and each.again]
    assert lost.text.startswith("box1: ")
    at = [name for name, combination, seed in machines.order() if Job(combination, seed) == lost.again]
    assert at == ["box1", "box2"], "begun at one, ended at the other"
    assert "box1 trained " in told(story)[-1] and "lost 1 worker" in told(story)[-1]


def test_a_worker_that_falls_silent_is_lost(
    folder: SweepFolder, machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placed_worker, "MOST_QUIET", 0.6)
    frozen = 'if count("jobs") == 1: os.kill(os.getpid(), 19)'
    story = happenings(folder, machines.add("box1", frozen), machines.add("box2"))
    assert trained(story) == swept().jobs
    (lost,) = [each for each in story if isinstance(each, Told) and each.again]
    assert lost.text.startswith("box1: it has said nothing for ")


def test_whoever_never_says_a_word_is_not_waited_for_when_all_is_trained(
    folder: SweepFolder, machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spread, "LEAVING_SECONDS", 0.1)
    story = happenings(folder, machines.add("queue", begin="time.sleep(60)", count=2), machines.add("box2"))
    assert trained(story) == swept().jobs
    assert told(story)[-1] == "queue trained 0; box2 trained 9"


def test_what_a_command_that_has_ended_leaves_here_is_ended_too(folder: SweepFolder, machines: Machines) -> None:
    tunnel = 'open(folder + "/tunnel", "w").write(str(os.spawnl(os.P_NOWAIT, "/bin/sleep", "sleep", "60")))'
    happenings(folder, machines.add("box1", begin=tunnel), machines.add("box2", "time.sleep(1)"))
    number = int((machines.folder / "tunnel").read_text())
    assert "box1" in (machines.folder / "left").read_text().split(), "the command itself was not killed"
    assert not psutil.pid_exists(number) or psutil.Process(number).status() == psutil.STATUS_ZOMBIE


def test_a_place_where_nothing_is_ever_trained_is_put_aside_and_the_others_do_it_all(
    folder: SweepFolder, machines: Machines
) -> None:
    begin = 'count("started"); print("no room for it", file=sys.stderr, flush=True); sys.exit(1)'
    story = happenings(folder, machines.add("box1", begin=begin), machines.add("box2", "time.sleep(0.2)"))
    assert trained(story) == swept().jobs
    assert (machines.folder / "started-box1").stat().st_size == 3
    assert 'box1 is put aside: its worker ended with exit code 1: "no room for it"' in told(story)
    assert told(story)[-1].startswith("box1 trained 0, lost 3 workers and was put aside; box2 trained 9")


def test_several_that_go_at_once_count_as_one_failure_and_who_is_back_trains_on(
    folder: SweepFolder, machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posts, "PAUSES", (1.0, 1.0))
    story = happenings(folder, machines.add("box1", begin='count("started") <= 4 and sys.exit(1)', count=4))
    assert trained(story) == swept().jobs
    assert "put aside" not in " ".join(told(story))


def test_when_all_places_are_put_aside_it_is_told_how_to_go_on(folder: SweepFolder, machines: Machines) -> None:
    with pytest.raises(UserError) as caught:
        happenings(folder, machines.add("box1", begin="sys.exit(1)"), machines.add("box2", begin="sys.exit(1)"))
    assert str(caught.value) == (
        "No place of --on trains any more; gan-tui sweep --resume xor-1 continues with the rest, with another --on or "
        "without any."
    )
    assert caught.value.code == 1


def test_a_training_that_ends_every_worker_has_failed_and_the_others_are_trained(
    folder: SweepFolder, machines: Machines
) -> None:
    act = 'if job["combination"] == 1 and job["seed"] == 43: os.kill(os.getpid(), 9)'
    story = happenings(folder, machines.add("box1", act), machines.add("box2", act))
    (failed,) = [each for each in story if isinstance(each, Failed)]
    assert failed.job == Job(1, 43)
    assert failed.reason.startswith("3 workers were lost with it, the last so: ")
    assert len(trained(story)) == 8


def test_other_versions_are_refused_at_once_and_named(folder: SweepFolder, machines: Machines) -> None:
    begin = 'versions["keras"] = "2.0\\x1b"; count("started")'
    story = happenings(folder, machines.add("box1", begin=begin), machines.add("box2", "time.sleep(0.1)"))
    assert trained(story) == swept().jobs
    other = f"it has keras 2.0 and not {alike.versions()['keras']}, as here; install the same there"
    assert f"box1 is put aside: {other}" in told(story)
    assert (machines.folder / "started-box1").stat().st_size == 1


def test_a_place_that_cannot_have_the_data_says_so(folder: SweepFolder, machines: Machines) -> None:
    begin = 'say(hello=versions); hear(); say(refused="its data are not there"); sys.exit()'
    story = happenings(folder, machines.add("box1", begin=begin), machines.add("box2"))
    assert "box1 is put aside: its data are not there" in told(story)
    assert trained(story) == swept().jobs


@pytest.mark.parametrize(
    "nonsense",
    [
        "say(result=3)", 'say(result={"seed": "x"})', "say(epoch=True)", "say(epoch=-1)", "say(failed=7)",
        'say(hello="x")', "say(ready=3); say(ready=4)", 'os.write(1, b"x" * 5_000_000)',
    ],
)  # fmt: skip
def test_nonsense_ends_a_worker_and_no_sweep(nonsense: str, folder: SweepFolder, machines: Machines) -> None:
    act = f'if count("jobs") == 1: {nonsense}; time.sleep(0.05)'
    story = happenings(folder, machines.add("box1", act), machines.add("box2"))
    assert trained(story) == swept().jobs


def test_a_machine_that_computes_otherwise_is_told_of_once(folder: SweepFolder, machines: Machines) -> None:
    begin = 'computed["processor"] = "a 486\\x1b"; computed["other"] = 3'
    story = happenings(folder, machines.add("box1", begin=begin, count=2))
    (sentence,) = [each for each in told(story) if "last bits" in each]
    assert sentence.startswith("box1: numbers may differ in their last bits: processor a 486 instead of ")
    assert trained(story) == swept().jobs


def test_whoever_stops_listening_leaves_no_process_behind(folder: SweepFolder, machines: Machines) -> None:
    others = psutil.Process().children(recursive=True)
    story = pool(folder, machines.add("box1", "time.sleep(60)"), machines.add("box2", "hear()")).happenings()
    while not isinstance(happening := next(story), Tick) or sum(count for _, count in happening.where) < 2:
        pass
    children = [child for child in psutil.Process().children(recursive=True) if child not in others]
    story.close()  # type: ignore[attr-defined]
    assert len(children) >= 2 and not any(child.is_running() for child in children)
    assert (machines.folder / "left").read_text() == "box2\n", "told by the end of its input, and not killed"


# Files ----------------------------------------------------------------------------------------------


@pytest.fixture
def few_files() -> Iterator[int]:
    """As `ulimit -n` has it: a few more than are open. The limit that one may raise it to is as it was."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    used = {int(each.name) for each in Path("/proc/self/fd").iterdir()}
    few = [number for number in range(before[0]) if number not in used][20]
    resource.setrlimit(resource.RLIMIT_NOFILE, (few, before[1]))
    yield few
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_for_many_workers_as_many_files_may_be_open(few_files: int, folder: SweepFolder) -> None:
    pool = SpreadPool(folder, swept(40).jobs, places.read(["local*100"]).behind)
    assert pool.count == 100 and resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= 400


def test_where_no_more_may_be_open_fewer_are_started(
    few_files: int, folder: SweepFolder, machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spread.open_files, "room_for", lambda count: spread.open_files.OTHERS + 2 * spread.FILES_OF_ONE)
    story = happenings(folder, machines.add("box1", 'count("busy")', count=5))
    assert trained(story) == swept().jobs
    assert told(story)[0].endswith("so 2 workers at most are started at a time")
    assert folder.log.read_text().count("a banner") == 2


def test_what_cannot_be_started_now_is_started_later(
    few_files: int, folder: SweepFolder, machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spread.open_files, "room_for", lambda count: count)
    story = happenings(folder, machines.add("box1", "time.sleep(0.5)", count=20))
    assert trained(story) == swept().jobs and told(story) == ["box1 trained 9"]


# The command --------------------------------------------------------------------------------------------


def test_the_table_is_that_of_one_machine_and_each_line_says_where(
    machines: Machines, capsys: pytest.CaptureFixture[str]
) -> None:
    on = machines.add("box1", 'count("jobs") == 2 and sys.exit(9)')
    code, out, err = said(capsys, "sweep", "xor", "--set", "batch_size=1,2", "--seed", "42", "--on", on)
    assert code == 0
    assert "1 of 2  batch_size=1 seed=42: done after 5 epochs: loss 0.5, accuracy 0.5 (0.1 s, env)" in out
    assert "env trained 2 and lost 1 worker.\n" in out
    assert err == "gan-tui: env: its worker ended with exit code 9; batch_size=2 seed=42 is trained again.\n"


def test_a_sweep_goes_on_in_another_place(machines: Machines, capsys: pytest.CaptureFixture[str]) -> None:
    begin = 'open(folder + "/started", "a"); sys.exit(3)'
    words = ("sweep", "xor", "--set", "batch_size=1,2", "--seed", "42")
    code, _, err = said(capsys, *words, "--on", machines.add("box1", begin=begin))
    assert code == 1 and "No place of --on trains any more; gan-tui sweep --resume xor-1 continues" in err
    code, out, err = said(capsys, "sweep", "--resume", "xor-1", "--on", machines.add("box2"))
    assert (code, err) == (0, "") and "In all, 2 of 2 were trained." in out


def test_on_a_terminal_the_line_says_where_trainings_are() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    progress = SweepProgress(swept(), {}, 7, clock=lambda: 0.0, out=io.StringIO(), errors=screen)
    progress.show(Tick(1, (), (("box1", 2), ("box2", 4))))
    assert screen.getvalue() == "\r0 of 9 trained | training: box1 2, box2 4 | 1 loading TensorFlow"
    progress.show(Told("box1: the link to it is gone", Job(1, 43)))
    said_last = "gan-tui: box1: the link to it is gone; batch_size=2 seed=43 is trained again.\n"
    assert screen.getvalue().endswith(f"\r{said_last}")
