"""What of a run differs from the preset that it came from."""

from pathlib import Path

import pytest

from gan_tui import presets
from gan_tui.presets.changed import KnownChanges, changed, changed_of
from gan_tui.run.summaries import summary_of

OLD = Path(__file__).parents[1] / "fixtures" / "old_runs"


@pytest.mark.parametrize(
    ("name", "settings", "told"),
    [
        ("xor", {}, {}),
        ("xor", {"seed": 3, "learning_rate": 0.25, "epochs": 9}, {"learning_rate": "0.25", "epochs": "9", "seed": "3"}),
        ("plane", {"hidden": [9, 9]}, {"hidden": "[9,9]"}),
        ("gan", {"d_steps": 2}, {"d_steps": "2"}),
    ],
)
def test_settings_that_differ_are_told_as_they_are_typed(
    name: str, settings: dict[str, object], told: dict[str, str], tmp_path: Path
) -> None:
    folder = presets.new_run(presets.find(name).with_settings(settings), tmp_path)
    found = changed_of(summary_of(folder))
    assert found == told and list(found) == list(told)


def test_layers_that_differ_are_said_to_and_what_a_version_did_not_write_is_no_difference() -> None:
    here = presets.find("gan").as_document()
    assert changed(here, here) == {}
    fewer = {**here, "settings": {"batch_size": here["settings"]["batch_size"]}}
    assert changed(fewer, here) == {}
    other = {**here, "networks": {**here["networks"], "generator": []}}
    assert changed(other, here) == {"networks": "changed"}


def test_nothing_is_told_of_a_run_whose_preset_is_not_at_hand(tmp_path: Path, own_presets: Path) -> None:
    text = presets.place_of("xor").read_text().replace('name = "xor"', "")
    (own_presets / "mine.toml").write_text(text)
    folder = presets.new_run(presets.find("mine").with_settings({"learning_rate": 0.25}), tmp_path)
    assert changed_of(summary_of(folder)) == {"learning_rate": "0.25"}
    (own_presets / "mine.toml").unlink()
    assert changed_of(summary_of(folder)) == {}


def test_a_preset_that_was_changed_since_is_compared_anew(tmp_path: Path, own_presets: Path) -> None:
    file = own_presets / "mine.toml"
    file.write_text(presets.place_of("xor").read_text().replace('name = "xor"', ""))
    folder = presets.new_run(presets.find("mine"), tmp_path)
    known = KnownChanges()
    known.begin()
    assert known.read(summary_of(folder)).changed == {} and known.of(summary_of(folder)) is not None
    preset = presets.find("mine")
    file.write_text(file.read_text().replace("[settings]", "[settings]\npatience = 0", 1) + "\n")
    file.write_text(file.read_text().replace(f"seed = {preset.settings['seed']}", "seed = 77"))
    known.begin()
    assert known.of(summary_of(folder)) is None, "it is to be read again"


@pytest.mark.parametrize("name", ["flag", "pair", "shapes", "tape", "xor"])
def test_runs_of_before_are_told_too(name: str) -> None:
    from gan_tui.run.folder import RunFolder

    for state in ("finished", "stopped"):
        found = changed_of(summary_of(RunFolder(OLD / state / name)))
        assert "networks" not in found, "layers are as they were; versions write them otherwise"


def test_a_script_has_a_configuration_and_no_preset(tmp_path: Path) -> None:
    from gan_tui.run import catalog

    config = {"lr": 0.1, "model": {"depth": 3, "on": True}}
    folder = catalog.create({"name": "train", "title": "t", "task": "script", "config": config}, "train", tmp_path)
    known = KnownChanges()
    known.begin()
    setup = known.read(summary_of(folder))
    assert setup.settings == {"lr": 0.1, "model.depth": 3, "model.on": True} and setup.changed == {}
