"""Every setting of a preset with what it takes, in the shell."""

import json
import re
from pathlib import Path

import pytest

from gan_tui import presets
from gan_tui.presets import TASKS
from gan_tui.presets.checks import any_of
from gan_tui.presets.keras_names import OPTIMIZERS
from gan_tui.presets.setting_groups import grouped
from shell import said


def test_each_setting_is_shown_with_its_value_its_default_and_what_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "show", "gan", "--settings")
    assert (code, err) == (0, "")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    place = lines.index("* epochs 200 passes over the training data")
    assert lines[place + 1] == "a whole number from 1 to 10,000,000; by default 10"
    assert (
        lines[lines.index("latent normal distribution of the latent vectors") + 1]
        == "normal or uniform; by default normal"
    )
    assert lines.index("How long") < place < lines.index("Each step")
    assert "generator" not in lines, "the networks have their place in gan-tui show"


def test_what_does_nothing_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = (presets.bundled_folder() / "xor.toml").read_text().replace("[settings]", "[settings]\nbeta_1 = 0.5")
    mine = tmp_path / "mine.toml"
    mine.write_text(re.sub('optimizer = "[a-z]*"', 'optimizer = "sgd"', text))
    sentence = "beta_1 does nothing with the optimizer sgd."
    assert said(capsys, "show", str(mine), "--settings")[1].endswith(f"\n\n{sentence}\n")
    rows = json.loads(said(capsys, "show", str(mine), "--json")[1])["settings"]
    assert [(row["name"], row["does_nothing"]) for row in rows if "does_nothing" in row] == [
        ("beta_1", "with the optimizer sgd")
    ]


def test_scripts_get_every_field_of_every_setting(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "show", "fashion-cnn", "--json")
    assert (code, err) == (0, "")
    shown = json.loads(out)
    assert [each["name"] for each in shown["settings"]] == list(TASKS["classifier"].settings_for("fashion-mnist"))
    (optimizer,) = [each for each in shown["settings"] if each["name"] == "optimizer"]
    assert optimizer == {
        "name": "optimizer", "group": "Each step", "value": "adam", "default": "adam",
        "takes": any_of(OPTIMIZERS), "choices": list(OPTIMIZERS), "about": "update rule",
    }  # fmt: skip
    assert shown["networks"]["classifier"]["parameters"] == 333_526
    assert said(capsys, "show", "fashion-cnn", "--settings", "--json")[1] == out


@pytest.mark.parametrize("task", TASKS)
def test_every_setting_is_in_one_group(task: str) -> None:
    settings = list(TASKS[task].settings_for().values())
    members = [one.name for group in grouped(settings).values() for one in group]
    assert sorted(members) == sorted(one.name for one in settings)
