"""Runs that an earlier version made open, look and go on as they did in it.

They lie in fixtures/old_runs: stopped in the middle, a copy of each that the earlier version itself trained to its end,
a sweep that is done, and whatever that version said and showed of them all (its capture.py writes it).
"""

import asyncio
import difflib
import hashlib
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

from gan_tui.run.folder import RunFolder
from gan_tui.run.summaries import summary_of
from product import wait_for

OLD = Path(__file__).parents[1] / "fixtures" / "old_runs"
sys.path.insert(0, str(OLD))

import capture  # noqa: E402

EVERY = [(state, name) for state in capture.STATES for name in capture.NAMES]
FULL_SET = Path("/usr/share/datasets/mnist")
SECONDS = 240.0
"""More than any of these trainings takes on a machine that has much else to do."""
SOON, NEAR, LATE = 10, 1e-5, 1e-3
"""On another processor the last bits differ and grow: after so many steps from a checkpoint losses are as near as the
first, relative to themselves, and at the end as the second."""

every_run = pytest.mark.parametrize(("state", "name"), EVERY, ids=["-".join(pair) for pair in EVERY])
every_name = pytest.mark.parametrize("name", capture.NAMES)

SAMPLE = {("stopped", "pair", (80, 24)), ("finished", "shapes", (120, 40))}
"""What `make test` looks at of the screens; `make promises` looks at all of them."""
SAMPLE_NAMES = ("xor", "pair")
"""The runs that `make test` trains on; `make promises` does so with all."""


def words(file: str) -> Any:
    return json.loads((OLD / "words" / file).read_text())


def assert_same_text(now: str, then: str) -> None:
    """Shows what differs, and only that."""
    if now != then:
        lines = difflib.unified_diff(then.splitlines(), now.splitlines(), "then", "now", lineterm="", n=1)
        pytest.fail("\n".join(list(lines)[:120]), pytrace=False)


# Opening ----------------------------------------------------------------------------------------


@every_run
def test_its_events_come_to_the_same(state: str, name: str, tmp_path: Path) -> None:
    now, then = capture.essentials(capture.copied(state, tmp_path), name), words("essentials.json")[f"{state}-{name}"]
    for what, value in then.items():
        assert now[what] == value, what


@every_run
def test_as_lines_of_text_it_is_the_same(state: str, name: str, tmp_path: Path) -> None:
    then = (OLD / "words" / f"plain-{state}-{name}.txt").read_text()
    assert_same_text(capture.plain(capture.copied(state, tmp_path), name), then)


@pytest.mark.slow
@pytest.mark.parametrize("state", capture.STATES)
def test_it_is_listed(state: str, tmp_path: Path) -> None:
    then, now = words("runs.json")[state], capture.listed(capture.copied(state, tmp_path))
    assert [{key: row[key] for key in known} for row, known in zip(now, then, strict=True)] == then, "more may be told"


@pytest.mark.slow
@every_name
def test_its_networks_and_settings_are_shown(name: str, tmp_path: Path) -> None:
    then = (OLD / "words" / f"show-{name}.txt").read_text()
    assert_same_text(capture.shown(capture.copied("stopped", tmp_path), name), then)


@pytest.mark.slow
@every_run
@pytest.mark.parametrize("size", capture.SIZES, ids=["x".join(map(str, size)) for size in capture.SIZES])
def test_every_screen_looks_the_same(
    state: str, name: str, size: tuple[int, int], tmp_path: Path, at_length: bool
) -> None:
    if not at_length and (state, name, size) not in SAMPLE:
        pytest.skip("make promises looks at this one, too")
    now = asyncio.run(capture.screens(capture.copied(state, tmp_path), name, size))
    assert_same_text(now, capture.read_packed(capture.screens_file(OLD, state, name, size)))


def test_a_difference_of_colour_alone_is_found() -> None:
    from rich.style import Style

    one, other = (capture.row_of([("a b", Style.parse(f"{ink} on black"))], 3) for ink in ("#ff0000", "#00ff00"))
    assert one != other and one.partition("│")[0] == other.partition("│")[0] == "a b "


# Going on ---------------------------------------------------------------------------------------


@pytest.fixture
def only_embedded_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The images that the runs were trained on: those that come with the product."""
    if FULL_SET.exists():
        pytest.skip(f"{FULL_SET} goes before the data that the runs were trained on")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))


def trained(name: str) -> dict[str, Any]:
    """What the earlier version logged of a run, step by step to the end, and the checksums of its last arrays."""
    found: dict[str, Any] = json.loads((OLD / "trained" / f"{name}.json").read_text())
    return found


def run_to_the_end(folder: Path) -> None:
    """Wait until a run has finished."""

    def has_finished() -> bool:
        summary = summary_of(RunFolder(folder))
        assert summary.state not in ("failed", "interrupted"), (folder / "trainer.log").read_text()[-1000:]
        return summary.state == "finished" and not summary.alive

    wait_for(has_finished, SECONDS)


@contextmanager
def ended_at_last(name: str, runs: Path) -> Iterator[None]:
    """Leave no run behind that trains, or waits to, where a test fails."""
    try:
        yield
    finally:
        with suppress(AssertionError):  # it has ended already
            capture.command("stop", name, "--runs-dir", str(runs))


def arrays_of(checkpoint: Path) -> dict[str, np.ndarray]:
    return load_file(checkpoint / "state.safetensors")


def assert_trained_alike(folder: Path, name: str, since: int) -> None:
    """It logged what the earlier version did: to the last bit on the same processor, nearly so on another.

    `since` is the step that it went on from.
    """
    then, (series, epochs) = trained(name), capture.logged(folder / "events.jsonl")
    assert list(series) == list(then["metrics"])
    steps = {metric: len(values) for metric, values in then["metrics"].items()}
    assert {metric: len(values) for metric, values in series.items()} == steps
    assert [event["step"] for event in epochs] == [event["step"] for event in then["epochs"]]
    last = folder / "checkpoints" / then["last_checkpoint"]
    if capture.fingerprint() == then["machine"]:
        for metric, values in then["metrics"].items():
            assert series[metric] == values, metric
        assert epochs == then["epochs"]
        sums = {array: hashlib.sha256(values.tobytes()).hexdigest() for array, values in arrays_of(last).items()}
        assert sums == then["sha256"]
        return
    assert sorted(arrays_of(last)) == sorted(then["sha256"])
    for metric, values in then["metrics"].items():
        now, before = np.array(series[metric]), np.array(values)
        assert (now[:since] == before[:since]).all(), metric
        if metric.endswith(("loss", "mae", "output")):  # accuracies leap
            soon = slice(since, since + SOON)
            np.testing.assert_allclose(now[soon], before[soon], rtol=NEAR, atol=1e-6, err_msg=metric)
            np.testing.assert_allclose(now, before, rtol=LATE, atol=1e-6, err_msg=metric)


@pytest.mark.slow
@every_name
def test_it_goes_on_bit_for_bit(name: str, tmp_path: Path, only_embedded_data: None, at_length: bool) -> None:
    """From its checkpoint: what is restored is what was saved, and what comes after is what came after."""
    if not at_length and name not in SAMPLE_NAMES:
        pytest.skip("make promises trains this one, too")
    runs = capture.copied("stopped", tmp_path)
    folder, place = runs / name, ("--runs-dir", str(runs))
    stopped_at = trained(name)["stopped_at"]
    before = arrays_of(folder / "checkpoints" / f"{stopped_at:09d}")
    with ended_at_last(name, runs):
        capture.command("resume", name, *place)
        capture.command("pause", name, *place)  # waits for the first moment at which it can, before the first step
        saved = Path(capture.command("save", name, *place).strip().replace("~", str(Path.home()), 1))
        assert saved.name == f"{stopped_at:09d}", "it was paused too late to see what was restored"
        restored = arrays_of(folder / "checkpoints" / saved.name)
        assert list(restored) == list(before)
        for array, values in before.items():
            assert (restored[array].dtype, restored[array].shape) == (values.dtype, values.shape), array
            assert restored[array].tobytes() == values.tobytes(), array
        capture.command("resume", name, *place)
        run_to_the_end(folder)
        assert_trained_alike(folder, name, stopped_at)


@pytest.mark.slow
@every_name
def test_the_same_preset_trains_the_same(name: str, tmp_path: Path, only_embedded_data: None, at_length: bool) -> None:
    """From its first step: initial weights, random states and shuffles are those of the earlier version."""
    if not at_length:
        pytest.skip("make promises trains it")
    runs = tmp_path / "again"
    preset = capture.copied("stopped", tmp_path) / name / "preset.toml"
    capture.command("train", str(preset), "--plain", "--name", name, "--runs-dir", str(runs))
    assert_trained_alike(runs / name, name, 0)


# A sweep ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_sweep_that_is_done_has_the_same_table(tmp_path: Path) -> None:
    runs = capture.copied("swept", tmp_path)
    assert_same_text(capture.table(runs), (OLD / "swept" / "table.txt").read_text())
    now, then = json.loads(capture.table(runs, "--json")), json.loads((OLD / "swept" / "table.json").read_text())
    for told, before in zip(now, then, strict=True):
        both = zip(told["trainings"], before["trainings"], strict=True)
        known = [{name: each[name] for name in old} for each, old in both]
        assert {**told, "trainings": known} == before, "with fields that came since"
