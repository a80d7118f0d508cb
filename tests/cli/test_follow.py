"""A recorded run as lines of text: readable in a log, and ending with what to do next."""

import dataclasses
import errno
import io
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gan_tui import presets
from gan_tui.cli.follow import LINE_SECONDS, PlainFollower
from gan_tui.errors import INTERRUPTED
from gan_tui.presets import layer_table
from gan_tui.run import lock as run_lock
from gan_tui.run.events import (
    Alert,
    Checkpoint,
    Epoch,
    Event,
    Metrics,
    Picture,
    Record,
    Resumed,
    Started,
    State,
    Usage,
    to_line,
)
from gan_tui.run.folder import RunFolder
from gan_tui.run.holder import Holder
from pty_terminal import GAN_TUI
from recorded import held, recorded_run

CNN = presets.find("fashion-cnn")
STARTED = Started(
    "fashion-cnn", CNN.title, "classifier", 42, {"classifier": layer_table.layer_rows(CNN.networks[0])},
    {"name": "fashion-mnist", "origin": "embedded", "train": 4800, "validation": 1200},
    ["CPU: 2 cores"], {"keras": "3.15.1"}, 300, 150, 32,
)  # fmt: skip


def steps(first: int, last: int) -> Metrics:
    count = last - first + 1
    return Metrics(
        list(range(first, last + 1)), {"loss": [2 / n for n in range(first, last + 1)], "accuracy": [0.5] * count}
    )


LIFE: list[tuple[float, Event]] = [
    (0.0, State("starting", "Loading TensorFlow")),
    (6.0, STARTED),
    (6.1, Picture("input", 0, "samples/input/000000000.png")),
    (8.0, steps(1, 1)),
    (8.0, Usage(90.0, 600_000_000)),
    (8.0, State("training")),
    *((8.0 + n / 10, steps(10 * n - 8, 10 * n + 1)) for n in range(1, 15)),
    (9.5, steps(142, 150)),
    (10.0, Epoch(1, 150, {"loss": 0.7, "accuracy": 0.7, "val_loss": 0.55, "val_accuracy": 0.8})),
    (10.5, Checkpoint(150, "checkpoints/000000150", "best")),
]
FINISHED: list[tuple[float, Event]] = [(11.0, steps(151, 300)), (12.0, State("finished", "all steps are done"))]


def recorded(runs: Path, events: list[tuple[float, Event]]) -> RunFolder:
    folder = presets.new_run(CNN, runs)
    with folder.events_file.open("wb") as file:
        for number, (time, event) in enumerate(events):
            file.write(to_line(Record(number, 1_700_000_000 + time, event)))
    return folder


def followed(folder: RunFolder, seconds_a_look: float = 0.05) -> tuple[int, list[str]]:
    """(exit code, lines): the clock goes on at every look."""
    now, stream = 0.0, io.StringIO()

    def clock() -> float:
        nonlocal now
        now += seconds_a_look
        return now

    code = PlainFollower(folder, stream, clock).follow()
    return code, stream.getvalue().splitlines()


def test_a_finished_run_from_start_to_end(runs: Path) -> None:
    folder = recorded(runs, LIFE + FINISHED)
    code, lines = followed(folder, seconds_a_look=10)
    assert code == 0
    assert lines[:5] == [
        "starting: Loading TensorFlow",
        "fashion-cnn: CNN: clothes from pictures",
        "  classifier: 8 layers, 333,526 parameters",
        "  data: fashion-mnist, 4,800 examples and 1,200 for validation (embedded)",
        "  300 steps, batch 32, seed 42, on CPU: 2 cores",
    ]
    assert lines[5].split() == ["step", "epoch", "loss", "accuracy", "steps/s", "time", "left"]
    assert lines[6].split() == ["1", "of", "300", "1/2", "2.0000", "0.5000"]
    assert lines[7].split() == ["11", "of", "300", "1/2", "0.1818", "0.5000", "100.0", "3", "s"]
    assert "epoch 1 done: loss 0.7000  accuracy 0.7000  val_loss 0.5500  val_accuracy 0.8000" in lines
    assert f"checkpoint (best) {folder.path}/checkpoints/000000150" in lines
    assert lines[-4:] == [
        "Finished at step 300: all steps are done",
        "It trained for 3 s. At the end val_accuracy was 0.8000, its best.",
        f"The newest of its checkpoints is of step 150; they are in {folder.path}/checkpoints",
        str(folder.path),
    ]


@pytest.mark.parametrize(
    ("measured", "said"),
    [
        ({"loss": [0.5, 0.125, None, 0.25]}, "At the end loss was 0.2917, its best."),
        ({"loss": [None, None, None, None]}, "At the end loss was not finite."),
        ({"accuracy": [0.5, 1.0, 1.0, 1.0]}, "At the end accuracy was 0.8750, its best."),
        ({"d_loss": [0.5, 0.1, 0.1, 0.75], "g_loss": [1.0] * 4}, "At the end: d_loss 0.7500, g_loss 1.0000."),
    ],
)
def test_what_it_came_to_is_said_in_a_sentence(measured: dict[str, list[float | None]], said: str, runs: Path) -> None:
    """Of a pair no loss tells how good it was; within the first epoch, all steps count together."""
    folder = recorded(runs, [(6.0, STARTED), (7.0, Metrics([1, 2, 3, 4], measured)), *FINISHED[1:]])
    assert followed(folder)[1][-2:] == [said, str(folder.path)]


@pytest.mark.parametrize("off", [-86_400.0, 5 * 3600.0])
def test_speed_and_time_left_stay_when_the_clock_is_set(runs: Path, off: float) -> None:
    plain, folder = recorded(runs, LIFE[:12]), presets.new_run(CNN, runs)
    with folder.events_file.open("wb") as file:
        for number, (time, event) in enumerate(LIFE[:12]):
            wall = 1_700_000_000 + time + (off if number > 8 else 0)
            file.write(to_line(Record(number, wall, event, 5000 + time)))
    as_it_was, set_meanwhile = (
        [line.split()[6:] for line in followed(one, seconds_a_look=10)[1] if " of 300" in line]
        for one in (plain, folder)
    )
    assert set_meanwhile == as_it_was and as_it_was[-1] == ["100.0", "2", "s"]


def test_a_run_that_learnt_nothing_ends_with_the_way_to_another_seed(runs: Path) -> None:
    stuck = [(11.0, steps(151, 300)), (11.5, Epoch(2, 300, {"val_accuracy": 0.1})), *FINISHED[1:]]
    folder = recorded(runs, LIFE + stuck)
    said = "Stuck at an accuracy of 0.1; trained longer or from another seed it may learn."
    assert f"{said} gan-tui train fashion-cnn --seed 43 trains it with another" in "\n".join(followed(folder)[1])
    presets.set_length(folder, "steps", 300)
    longer = f"gan-tui resume {folder.word} --steps 600 trains it longer."
    assert (
        f"{said} gan-tui train {folder.preset_file} --seed 43 trains it with another; {longer}" in followed(folder)[1]
    )


def test_a_seed_that_another_run_was_trained_from_is_not_advised_again(runs: Path) -> None:
    stuck = [(11.0, steps(151, 300)), (11.5, Epoch(2, 300, {"val_accuracy": 0.1})), *FINISHED[1:]]
    folder = recorded(runs, LIFE + stuck)
    for seed, changes in ((43, {}), (44, {"learning_rate": 0.5}), (45, {})):
        presets.new_run(presets.of_run(folder).with_settings({"seed": seed, **changes}), runs)
    (runs / "broken").mkdir()
    (runs / "broken" / "preset.toml").write_text("settings =")
    presets.set_length(RunFolder(runs / "fashion-cnn-2"), "steps", 900)
    lines = followed(folder)[1]
    assert "gan-tui train fashion-cnn --seed 44 trains it with another" in "".join(lines), "44 was another training"


def test_the_columns_of_all_metrics_lines_end_together(runs: Path) -> None:
    _, lines = followed(recorded(runs, LIFE + FINISHED), seconds_a_look=10)
    rows = [line for line in lines if " of 300" in line]
    assert len(rows) > 10
    assert len({line.index(" of 300") for line in rows}) == 1
    header = next(line for line in lines if line.lstrip().startswith("step "))
    for row in rows:
        for name in ("step", "epoch", "loss", "accuracy"):
            end = header.index(name) + len(name)
            assert row[end - 1] != " " and row[end : end + 1] in ("", " ")


def test_long_names_and_large_numbers_end_below_their_heads_too(runs: Path) -> None:
    started = dataclasses.replace(STARTED, task="gan", steps_total=200_000, steps_per_epoch=1)
    folder = recorded(runs, [
        (6.0, started),
        *((6.0 + n, Metrics([step], {"real_output": [0.5], "generated_output": [-1e-7]}))
          for n, step in enumerate((1, 9_000, 123_456, 200_000))),
        (20.0, State("finished", "all steps are done")),
    ])  # fmt: skip
    _, lines = followed(folder, seconds_a_look=10)
    header, *rows = lines[-8:-3]
    assert [row.split()[0] for row in rows] == ["1", "9,000", "123,456", "200,000"]
    for name in ("step", "epoch", "real_output", "generated_output", "steps/s"):
        end = header.index(name) + len(name)
        for row in rows[name == "steps/s" :]:  # the first has no speed yet
            assert row[end - 1] != " " and row[end : end + 1] in ("", " "), (name, row)


def test_metrics_come_at_most_every_two_seconds_and_at_the_end(runs: Path) -> None:
    _, lines = followed(recorded(runs, [*LIFE[:-2], *FINISHED]), seconds_a_look=LINE_SECONDS / 100)
    assert [line.split()[0] for line in lines if " of 300" in line] == ["1", "300"]


def test_no_line_holds_anything_but_printable_text(runs: Path) -> None:
    attack = Alert("save", "a\x1b]52;c;aGk=\x07b\u202e", 150)
    _, lines = followed(recorded(runs, [*LIFE, (10.8, attack), *FINISHED]))
    assert "WARNING: a ]52;c;aGk= b" in lines
    assert all(line.isprintable() for line in lines)


@pytest.mark.parametrize(
    ("more", "reason", "said"),
    [
        ([], "asked to stop", "Stopped at step 150; gan-tui resume fashion-cnn-1 continues from there."),
        (
            [(11.0, steps(151, 200))], "loss was not a finite number, so nothing was saved after step 150",
            "Stopped at step 200: loss was not a finite number, so nothing was saved after step 150; "
            "gan-tui resume fashion-cnn-1 continues from step 150.",
        ),
    ],
)  # fmt: skip
def test_a_run_that_was_stopped_goes_on_from_where_it_was_saved(
    more: list[tuple[float, Event]], reason: str, said: str, runs: Path
) -> None:
    folder = recorded(runs, [*LIFE, *more, (12.0, State("stopped", reason))])
    code, lines = followed(folder)
    assert code == (1 if "not a finite number" in reason else 0), "whether it was watched or is looked at later"
    assert lines[-4] == said and lines[-1] == str(folder.path)


def test_numbers_that_are_not_finite_are_said_so(runs: Path) -> None:
    _, lines = followed(recorded(runs, [*LIFE[:2], (8.0, Metrics([1], {"loss": [None], "accuracy": [1e-7]}))]))
    assert lines[-4].split() == ["1", "of", "300", "1/2", "not", "finite", "1.000e-07"]


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ([(11.0, State("failed", "The trainer was killed (SIGKILL)."))], "The trainer was killed (SIGKILL)."),
        ([], "its processes were killed"),
    ],
)
def test_a_failed_run_says_why_and_how_it_goes_on(end: list[tuple[float, Event]], reason: str, runs: Path) -> None:
    folder = recorded(runs, [*LIFE, *end])
    code, lines = followed(folder)
    assert code == 1
    assert lines[-3] == f"Failed at step 150: {reason}"
    assert lines[-2].startswith("gan-tui resume fashion-cnn-1 continues from the last checkpoint")
    assert lines[-1] == str(folder.path)


UNUSABLE = (
    "None of the checkpoints 000000150 can be used: The checkpoint 000000150 lacks state.safetensors; restore what is "
    "missing or changed, or move the folder checkpoints away to train from the first step."
)


@pytest.mark.parametrize(
    ("began", "way"),
    [
        ([], "tries again, once that is mended"),
        ([(12.5, STARTED), (12.6, Resumed(150))], "continues from the last checkpoint"),
    ],
)
def test_a_run_that_was_refused_before_it_went_on_is_not_said_to_go_on(
    began: list[tuple[float, Event]], way: str, runs: Path
) -> None:
    again = [(12.0, State("starting", "Building the networks")), *began, (13.0, State("failed", UNUSABLE))]
    _, lines = followed(recorded(runs, [*LIFE, (11.0, State("stopped", "asked to stop")), *again]))
    assert lines[-3:-1] == [
        f"Failed at step 150: {UNUSABLE}",
        f"gan-tui resume fashion-cnn-1 {way}; trainer.log may show why.",
    ]


@pytest.mark.parametrize(
    ("otherwise", "said"),
    [
        (
            {"host": "node7", "machine": "ab", "boot": "cd"},
            "Elsewhere, last seen at step 150: it was alive on node7, and whether it still is "
            "cannot be seen from here.",
        ),
        (
            {"lock": 1},
            "Copied, last seen at step 150: this is a copy of the run that was in {} on this machine, made while it "
            "was alive.",
        ),
    ],
)
def test_a_run_that_may_be_trained_elsewhere_is_not_said_to_have_failed(
    otherwise: dict[str, object], said: str, runs: Path
) -> None:
    folder = recorded(runs, LIFE)
    descriptor = run_lock.taken(folder.lock_file)
    assert descriptor is not None
    facts = Holder.facts(run_lock.number(folder.lock_file), folder.path)
    run_lock.describe(descriptor, {"mode": "train", **facts, **otherwise})
    os.close(descriptor)
    _, lines = followed(folder)
    here = "gan-tui resume --here fashion-cnn-1 trains it here all the same."
    assert lines[-3:] == [said.format(folder.path), here, str(folder.path)]
    assert not any("ailed" in line or "killed" in line for line in lines)


def test_a_resumed_run_says_from_where(runs: Path) -> None:
    again: list[tuple[float, Event]] = [
        (20.0, State("starting", "Loading TensorFlow")), (26.0, STARTED), (26.0, Resumed(150)),
        (28.0, State("training")),
    ]  # fmt: skip
    _, lines = followed(recorded(runs, [*LIFE, *again, *FINISHED]))
    at = lines.index("resumed from step 150")
    assert lines[at + 1].split()[:2] == ["step", "epoch"], "the header comes again"
    assert lines[at + 2].split()[0] == "300"


def test_a_pause_is_said(runs: Path) -> None:
    _, lines = followed(recorded(runs, [*LIFE, (11.0, State("paused", "asked to pause")), *FINISHED]))
    assert "paused: asked to pause" in lines


def test_a_run_without_a_single_event_failed(runs: Path) -> None:
    code, lines = followed(presets.new_run(CNN, runs))
    assert code == 1
    assert lines[0] == "Failed at step 0: its processes were killed"
    assert lines[1].startswith("gan-tui resume fashion-cnn-1 begins again: there is no checkpoint yet")


@pytest.mark.slow
def test_a_log_with_changed_bytes_never_breaks_it(runs: Path) -> None:
    folder = recorded(runs, LIFE + FINISHED)
    whole, generator = folder.events_file.read_bytes(), random.Random(0)
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(3):
            damaged[generator.randrange(len(damaged))] = generator.choice(b'09"[]{},:ex\x00\xff ')
        folder.events_file.write_bytes(damaged)
        code, lines = followed(folder)
        assert code in (0, 1) and lines[-1] == str(folder.path)


def test_damaged_lines_are_reported_once(runs: Path) -> None:
    folder = recorded(runs, LIFE + FINISHED)
    with folder.events_file.open("ab") as file:
        file.write(b"garbage\n")
    _, lines = followed(folder)
    said = [line for line in lines if "events.jsonl" in line]
    assert said == ["WARNING: 1 line of events.jsonl is damaged and was skipped."]


class Answering(io.StringIO):
    """A stream that does something when it is told certain words for the first time."""

    def __init__(self, answers: dict[str, Callable[[], object]]) -> None:
        super().__init__()
        self._answers = answers

    def write(self, text: str) -> int:
        for words in [words for words in self._answers if words in text]:
            self._answers.pop(words)()
        return super().write(text)


@pytest.fixture
def live(runs: Path) -> Iterator[tuple[RunFolder, Callable[[], None]]]:
    """A run that is held, as by its processes, and what ends them."""
    folder = recorded(runs, LIFE)
    descriptor = run_lock.taken(folder.lock_file)
    assert descriptor is not None
    run_lock.describe(descriptor, {"mode": "train"})
    yield folder, lambda: os.close(descriptor)


def test_the_end_of_a_run_is_said_at_once(live: tuple[RunFolder, Callable[[], None]]) -> None:
    folder, end = live
    ended: list[float] = []

    def finish() -> None:
        folder.writer().write(*(event for _, event in FINISHED))
        end()
        ended.append(time.monotonic())

    stream = Answering({"checkpoint (best)": finish})
    assert PlainFollower(folder, stream).follow() == 0
    assert "Finished at step 300: all steps are done" in stream.getvalue()
    assert time.monotonic() - ended[0] < 60


def test_whoever_leaves_a_run_that_is_saving_is_told_how_to_see_it(
    live: tuple[RunFolder, Callable[[], None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = live
    follower = PlainFollower(folder, stream := io.StringIO())
    monkeypatch.setattr(follower, "_tidy", interrupted)
    monkeypatch.setattr("gan_tui.supervision.control_client.ask", lambda *command: None)
    assert follower.follow() == INTERRUPTED
    assert (
        stream.getvalue().splitlines()[-1] == f"{folder.name} is still saving; gan-tui attach {folder.name} shows it."
    )


def interrupted() -> None:
    raise KeyboardInterrupt


def test_what_no_event_can_say_is_said_once_and_when_it_is_over(live: tuple[RunFolder, Callable[[], None]]) -> None:
    folder, end = live
    folder.tell_trouble("The disk is full.")
    stream = Answering({"disk": lambda: folder.tell_trouble(""), "resolved": end})
    PlainFollower(folder, stream).follow()
    said = [line for line in stream.getvalue().splitlines() if "disk" in line or "Problem" in line]
    assert said == ["WARNING: The disk is full.", "Problem resolved."]


def test_a_lock_that_cannot_be_looked_at_ends_nothing(
    live: tuple[RunFolder, Callable[[], None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, end = live
    is_held, looks = run_lock.is_held, iter(range(1000))

    def fails(path: Path) -> bool:
        if next(looks) in range(4, 10):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return is_held(path)

    def finish() -> None:
        folder.writer().write(*(event for _, event in FINISHED))
        end()

    monkeypatch.setattr(run_lock, "is_held", fails)
    stream = Answering({"resolved": finish})
    assert PlainFollower(folder, stream).follow() == 0
    said = stream.getvalue().splitlines()
    unseen = "WARNING: Its lock cannot be looked at (the disk cannot read or write it), so it may be alive."
    assert said[said.index(unseen) + 1] == "Problem resolved."
    assert "Finished at step 300: all steps are done" in said


def test_a_run_that_is_deleted_meanwhile_is_not_said_to_be_resumable(
    live: tuple[RunFolder, Callable[[], None]],
) -> None:
    folder, _ = live
    stream = Answering({"checkpoint (best)": lambda: shutil.rmtree(folder.path)})
    assert PlainFollower(folder.held(), stream).follow() == 1
    *_, last = stream.getvalue().splitlines()
    assert last == f"The run {folder.name} was deleted: it is no longer in {folder.path}."
    assert "resume" not in stream.getvalue()


def test_a_run_that_is_moved_meanwhile_is_named_as_it_is_called_now(live: tuple[RunFolder, Callable[[], None]]) -> None:
    folder, end = live

    def move() -> None:
        moved = RunFolder(folder.path.rename(folder.path.with_name("better")))
        moved.writer().write(*(event for _, event in FINISHED))
        end()

    stream = Answering({"checkpoint (best)": move})
    assert PlainFollower(folder.held(), stream).follow() == 0
    assert stream.getvalue().splitlines()[-1] == str(folder.path.with_name("better"))


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGUSR1], ids=lambda number: number.name)
def test_a_follower_that_is_asked_to_end_says_how_the_run_goes_on(number: signal.Signals, runs: Path) -> None:
    folder = recorded_run(runs, state="training")
    with held(folder):
        follower = subprocess.Popen([*GAN_TUI, "attach", "--plain"], stdout=subprocess.PIPE, text=True)
        assert follower.stdout is not None
        while "step" not in follower.stdout.readline():
            pass
        follower.send_signal(number)
        out, _ = follower.communicate(timeout=20)
    assert out.endswith("gan-1 continues in the background; gan-tui stop gan-1 ends it.\n")
    assert follower.returncode == INTERRUPTED
