"""A fourth task is two files and their registration: with nothing else changed it trains, shows, checkpoints, resumes.

The two files are beside this one: `denoiser_rules` is what is known without Keras, `denoiser_task` what computes.
"""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gan_tui import presets
from gan_tui.cli.arguments import main
from gan_tui.presets import TASKS, Preset
from gan_tui.run.events import Metrics
from gan_tui.run.folder import RunFolder
from product import events_of, state_of
from recorded import append

PRESET = """
title = "Noise taken away"
about = "Learns to give back pictures without the noise that was added to them."
task = "denoiser"
dataset = "shapes"

[settings]
epochs = 2
batch_size = 500
learning_rate = 0.01

[networks.denoiser]
input = [8, 8, 1]
layers = [
  {layer = "Flatten"},
  {layer = "Dense", units = 16, activation = "relu"},
  {layer = "Dense", units = 64, activation = "sigmoid"},
  {layer = "Reshape", target_shape = [8, 8, 1]},
]
"""


@contextmanager
def registered(file: str, tasks: dict[str, Any]) -> Iterator[None]:
    """With one of the two files loaded, as if it had always been there; for the other tests it never was."""
    before = dict(tasks)
    sys.modules.pop(file, None)
    importlib.import_module(file)
    try:
        yield
    finally:
        tasks.clear()
        tasks.update(before)


@pytest.fixture
def preset(tmp_path: Path) -> Iterator[Preset]:
    with registered("denoiser_rules", TASKS):
        (tmp_path / "denoise.toml").write_text(PRESET)
        yield presets.find(str(tmp_path / "denoise.toml"))


@pytest.fixture
def computed() -> Iterator[None]:
    from gan_tui.training import tasks  # brings TensorFlow

    with registered("denoiser_task", tasks.TASKS):
        yield


def test_its_preset_is_read_checked_and_shown(
    preset: Preset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [metric.name for metric in preset.metrics] == ["loss", "psnr"]
    with pytest.raises(ValueError, match=r"noise must be a number from 0 to 1, not 2"):
        preset.with_settings({"noise": 2})
    narrow = PRESET.replace("units = 64", "units = 63").replace("[8, 8, 1]}", "[9, 7, 1]}")
    (tmp_path / "narrow.toml").write_text(narrow)
    assert main(["show", str(tmp_path / "narrow.toml")]) == 2
    assert "networks.denoiser's output [9, 7, 1] does not fit an image of shapes" in capsys.readouterr().err
    assert main(["show", str(tmp_path / "denoise.toml")]) == 0
    assert "Noise taken away" in capsys.readouterr().out
    assert main(["show", str(tmp_path / "denoise.toml"), "--settings"]) == 0
    assert "what is added to the pictures before it is taken away" in " ".join(capsys.readouterr().out.split())
    assert TASKS["denoiser"].heading == "Denoisers"


@pytest.mark.slow
def test_it_trains_and_resumes_bit_for_bit(preset: Preset, computed: None, runs: Path) -> None:

    from training_tasks import attempt, last_checkpoint, stop_at

    whole, parted = presets.new_run(preset, runs, "whole"), presets.new_run(preset, runs, "parted")
    attempt(whole, preset)
    attempt(parted, presets.of_run(parted), stop_at(5))
    assert state_of(parted).state == "stopped" and state_of(parted).step == 5
    attempt(parted, presets.of_run(parted))

    def logged(folder: RunFolder) -> dict[str, list[float]]:
        values: dict[str, list[float]] = {}
        for event in events_of(folder, Metrics):
            for name, series in event.values.items():
                values.setdefault(name, []).extend(series)
        return values

    assert list(logged(whole)) == ["loss", "psnr"] and logged(whole) == logged(parted), "to the last bit"
    for name, array in last_checkpoint(whole).items():
        np.testing.assert_array_equal(last_checkpoint(parted)[name], array, name)
    assert logged(whole)["loss"][-1] < logged(whole)["loss"][0]


@pytest.mark.slow
async def test_it_has_charts_and_pictures_on_the_screen_and_settings_that_can_be_changed(
    preset: Preset, computed: None, runs: Path
) -> None:

    from gan_tui.dashboard.app import GanTui
    from gan_tui.run.commands import Command
    from gan_tui.training.tasks import task_of
    from gan_tui.training.trainer import started
    from on_screen import seen
    from training_tasks import attempt, in_turn

    folder = presets.new_run(preset, runs)
    append(folder, started(preset, task_of(preset), ["CPU"]))
    _, answers = attempt(folder, preset, in_turn(Command("set", 1, setting="noise", value=0.3)))
    assert [(answer.ok, answer.text) for answer in answers] == [(True, "noise is 0.3")]
    state = state_of(folder)
    assert state.settings["noise"] == 0.3 and {"noise", "learning_rate"} <= set(state.settable)
    async with GanTui(runs, folder).run_test(size=(120, 40)) as pilot:
        await seen(pilot, "mean squared error")
        await seen(pilot, "peak signal-to-noise ratio, dB")
        await seen(pilot, r"reconstructions  step")
