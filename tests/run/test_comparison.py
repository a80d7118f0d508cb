"""Several runs side by side: what differs, what they came to, seeds of the same, and steady colours."""

import math
from pathlib import Path
from typing import Any

import pytest

from files import OLD_RUNS, old_run
from gan_tui.run.compared_settings import ABSENT
from gan_tui.run.comparison import (
    Measured,
    Member,
    colors,
    judged_by,
    read,
    result_rows,
    seeds,
    setting_rows,
    spread,
)
from gan_tui.run.events import Metrics, Setting
from logs import written
from recorded import append, recorded_run
from script_runs import script_run


def _member(name: str = "a", seed: int = 1, value: float = 0.5, **settings: Any) -> Member:
    measured = {"val_loss": Measured(value, value, 10, True, True)}
    return Member(name, {"seed": seed, **settings}, measured=measured)


def test_settings_that_are_equal_are_left_out_and_those_that_one_lacks_are_absent() -> None:
    rows = setting_rows([_member(rate=0.1, batch=8, hidden=[8]), _member(rate=0.2, batch=8.0)])
    assert [(row.name, row.values) for row in rows] == [("rate", (0.1, 0.2)), ("hidden", ([8], ABSENT))]


def test_one_and_true_are_two_and_a_missing_setting_is_no_empty_one() -> None:
    rows = setting_rows([_member(a=1, b=""), _member(a=True)])
    assert [row.name for row in rows] == ["a", "b"]


def test_a_setting_that_was_changed_while_it_trained_tells_both_values(runs: Path) -> None:
    one, other = recorded_run(runs), recorded_run(runs)
    append(other, Setting("learning_rate", 0.25, 60))
    (row,) = setting_rows([read(one), read(other)])
    before = row.values[0]
    assert (row.name, row.values[1]) == ("learning_rate", (before, 0.25))


def test_layers_that_differ_are_told_one_by_one(runs: Path) -> None:
    one, other = old_run("finished", "shapes", runs), old_run("finished", "flag", runs)
    assert {"preset", "task", "dataset"} <= {row.name for row in setting_rows([read(one), read(other)])}
    text = one.preset_file.read_text()
    other.preset_file.write_text(text.replace("filters = 2", "filters = 5").replace('title = "CNN', 'title = "My'))
    (row,) = setting_rows([read(one), read(other)])
    assert row.name == "classifier/conv2d", "and neither its title nor its words"
    assert [value["filters"] for value in row.values] == [2, 5]


def test_of_a_network_that_a_run_has_not_only_the_number_of_layers_is_told(runs: Path) -> None:
    rows = setting_rows([read(recorded_run(runs)), read(recorded_run(runs, "fashion-cnn"))])
    values = {row.name: row.values for row in rows}
    assert values["classifier"] == (ABSENT, "8 layers") and values["generator"][1] is ABSENT
    assert not [name for name in values if "/" in name]


def test_results_begin_with_what_runs_are_judged_by_and_say_which_is_best() -> None:
    members = [
        Member("a", {}, state="finished", step=10, seconds=5.0, measured={
            "loss": Measured(0.2, 0.1, 3, True, False), "val_accuracy": Measured(0.8, 0.9, 5, False, True)}),
        Member("b", {}, state="finished", step=10, seconds=10.0, measured={
            "loss": Measured(0.1, 0.1, 9, True, False), "val_accuracy": Measured(0.7, 0.7, 5, False, True)}),
    ]  # fmt: skip
    rows = {row.name: (row.values, row.best) for row in result_rows(members)}
    assert rows == {
        "val_accuracy": ((0.8, 0.7), 0),
        "best val_accuracy": ((0.9, 0.7), 0),
        "loss": ((0.2, 0.1), 1),
        "duration": ((5.0, 10.0), None),
        "steps/s": ((2.0, 1.0), None),
    }
    assert next(iter(rows)) == "val_accuracy", "though the loss was told first"


def test_what_most_have_is_what_runs_are_judged_by() -> None:
    few = Member("a", {}, measured={name: Measured(1.0, 1.0, 1, True, True) for name in ("loss", "val_accuracy")})
    other = Member("b", {}, measured={"loss": Measured(2.0, 2.0, 1, True, False)})
    assert judged_by([few, other, other]) == "loss"
    assert judged_by([few]) == "val_accuracy"
    assert judged_by([Member("c", {})]) is None


def test_runs_are_judged_by_what_a_list_judges_them_by() -> None:
    names = ("learning_rate", "train/loss", "eval/acc")
    member = Member("a", {}, measured={name: Measured(1.0, 1.0, 1, False, False) for name in names})
    assert judged_by([member]) == "eval/acc"


def test_of_pairs_no_value_is_the_best_as_in_a_list(runs: Path) -> None:
    one, other = (read(old_run(state, "pair", runs / state)) for state in ("finished", "stopped"))
    rows = {row.name: row for row in result_rows([one, other])}
    assert judged_by([one, other]) == "d_accuracy" and "d_loss" in rows
    assert not [name for name in rows if name.startswith("best ")]
    assert not [name for name, row in rows.items() if row.kind == "value" and row.best is not None]


def test_a_loss_of_any_name_is_better_where_it_is_less(runs: Path) -> None:
    told = [Metrics([1, 2], {"reconstruction_loss": values}) for values in ([0.5, 0.2], [0.4, 0.3])]
    members = [read(script_run(runs, each)) for each in told]
    rows = {row.name: (row.values, row.best) for row in result_rows(members)}
    assert [round(value, 3) for value in rows["reconstruction_loss"][0]] == [0.2, 0.3]
    assert rows["reconstruction_loss"][1] == 0 and rows["best reconstruction_loss"][1] == 0


def test_what_is_no_number_is_none_and_never_best(runs: Path) -> None:
    folder = recorded_run(runs, "xor", steps=3)
    append(folder, Metrics([4, 5], {"loss": [0.01, math.inf]}))
    found = read(folder).measured["loss"]
    assert (found.newest, found.best, found.best_step) == (None, pytest.approx(0.01), 4)
    assert spread([0.5, None, ABSENT, math.nan, 1.5]) == spread([0.5, 1.5])


def test_seeds_of_the_same_settings_are_one_group() -> None:
    members = [
        _member("a", 1, 0.2, rate=1), _member("b", 2, 0.4, rate=1), _member("c", 1, 0.9, rate=2),
        _member("d", 3, 0.6, rate=1), Member("log", {}),
    ]  # fmt: skip
    assert seeds(members) == [(0, 1, 3)]
    found = spread(members[place].measured["val_loss"].newest for place in (0, 1, 3))
    assert found is not None
    assert (found.count, found.low, found.high) == (3, 0.2, 0.6)
    assert (found.mean, found.deviation) == (pytest.approx(0.4), pytest.approx(0.2))


def test_seeds_that_a_script_was_given_in_its_command_are_seeds_too(runs: Path) -> None:
    def of(seed: int, *words: str) -> Member:
        document = {"command": ["python", "train.py", *words], "folder": "/", "config": {"seed": seed, "lr": 0.1}}
        return read(script_run(runs, Metrics([1], {"loss": [0.5]}), document=document))

    apart = [of(1, "--seed", "1"), of(2, "--seed=2"), of(3, "--seed", "3", "--deep"), of(4, "trainer.seed=4")]
    assert seeds(apart) == [(0, 1, 3)]


def test_the_same_seed_twice_is_no_spread_of_seeds_and_one_value_has_no_deviation() -> None:
    assert seeds([_member("a", 1), _member("b", 1)]) == []
    one = spread([0.5])
    assert one is not None and one.deviation is None and spread([]) is None


def test_how_often_it_was_saved_makes_no_other_settings() -> None:
    assert seeds([_member("a", 1, autosave_keep=3), _member("b", 2, autosave_keep=5)]) == [(0, 1)]


@pytest.mark.parametrize("state", ["finished", "stopped"])
def test_runs_of_the_version_before_are_compared(state: str, runs: Path) -> None:
    names = sorted(path.name for path in (OLD_RUNS / state).iterdir())
    members = [read(old_run(state, name, runs)) for name in names]
    assert setting_rows(members) and result_rows(members)
    assert all(one.step and one.seconds > 0 and one.measured for one in members)


def test_a_script_and_a_log_are_compared_with_a_preset(runs: Path, tmp_path: Path) -> None:
    script = script_run(runs, Metrics([1, 2], {"loss": [0.5, 0.25]}))
    members = [read(folder) for folder in (recorded_run(runs, "xor"), script, written("tensorboardx", tmp_path))]
    assert members[2].settings == {} and members[2].measured
    settings = {row.name: row.values for row in setting_rows(members)}
    assert settings["batch size"][:2] == (ABSENT, 64)
    loss = next(row for row in result_rows(members) if row.name == "loss")
    assert loss.values[1] == 0.25


def test_a_document_of_anybody_is_harmless_and_bounded(runs: Path) -> None:
    from gan_tui.run.compared_settings import MOST, settings_of

    hostile = {"settings": {f"k\x1b[2J{n}": "\x1b]0;x\x07" for n in range(MOST + 500)}, "networks": {"g": 3}}
    found = settings_of(hostile)
    assert len(found) == MOST
    assert not any("\x1b" in f"{name}{value}" for name, value in found.items())


# Colours ----------------------------------------------------------


def test_a_run_keeps_its_colour_whatever_comes_and_goes() -> None:
    first = colors(["b", "a", "c"], {})
    assert first == {"a": 0, "b": 1, "c": 2} == colors(["c", "a", "b"], {})
    later = colors(["c", "d", "b"], first)
    assert (later["b"], later["c"]) == (first["b"], first["c"])
    assert len(set(later.values())) == 3


def test_two_that_had_the_same_colour_are_told_apart() -> None:
    found = colors(["a", "z"], {"z": 0, "a": 0})
    assert found["z"] == 0 and found["a"] != 0, "who was there first keeps it"


def test_eight_have_colours_of_their_own_and_more_share_them() -> None:
    assert sorted(colors([f"r{n}" for n in range(8)], {}).values()) == list(range(8))
    assert max(colors([f"r{n}" for n in range(20)], {}).values()) == 7
