"""Of many combinations the best come first, with what they have in common."""

from collections.abc import Callable

import pytest

from gan_tui import presets
from gan_tui.errors import UserError
from gan_tui.sweep import ranking, sweep
from gan_tui.sweep import table as sweep_table
from gan_tui.sweep.ranking import USUAL, Look
from gan_tui.sweep.result import Result
from gan_tui.sweep.sweep import Job, Sweep


def swept(
    *changes: str, name: str = "xor", until: str | None = None, repeats: int = 1, trials: int | None = None
) -> Sweep:
    preset = presets.find(name).with_settings({"seed": 42})
    return sweep.made(preset, changes, until, repeats, trials)


def ended(loss: float | None, reached: int | None = None, how: str = "done", seed: int = 42, **other: float) -> Result:
    return Result(seed, reached, reached or 100, 100, how, {"loss": loss, "accuracy": 0.5, **other}, 1.0)


def text(one: Sweep, results: dict[Job, Result], look: Look = USUAL) -> list[str]:
    return ranking.text(one, sweep_table.rows(one, results), look).splitlines()


def each(one: Sweep, result: Callable[[dict[str, object]], Result]) -> dict[Job, Result]:
    """A result for each combination, worked out from its values."""
    return {Job(number, 42): result(dict(values)) for number, values in enumerate(one.combinations)}


GRID = "learning_rate=0.1..2.5/25"


def test_of_many_the_best_are_shown_first_and_it_says_so() -> None:
    one = swept(GRID)
    lines = text(one, each(one, lambda values: ended(abs(float(values["learning_rate"]) - 1.5))))  # type: ignore[arg-type]
    assert [line.split()[0] for line in lines[1:6]] == ["1.5", "1.4", "1.6", "1.3", "1.7"]
    assert lines[1].split()[-2:] == ["0.5000", "0.0000"]
    assert len([line for line in lines if "trained 1 of 1" in line]) == 20
    assert "Best first: most accuracy at the end." in lines, "all have the same, so their losses tell them apart"
    assert "20 of 25 combinations; --rows 25 shows all." in lines
    assert lines[-1] == "In all, 25 of 25 were trained."
    every = text(one, each(one, lambda values: ended(float(values["learning_rate"]))), Look(rows=25))  # type: ignore[arg-type]
    assert len([line for line in every if "trained 1 of 1" in line]) == 25
    assert not any("combinations;" in line for line in every)


def test_few_stay_in_the_order_given_unless_a_metric_is_asked_for() -> None:
    one = swept("batch_size=1,2,4")
    results = {Job(0, 42): ended(0.5), Job(1, 42): ended(0.25), Job(2, 42): ended(0.125)}
    assert ranking.text(one, sweep_table.rows(one, results), USUAL) == sweep_table.text(
        one, sweep_table.rows(one, results)
    )
    assert [line.split()[0] for line in text(one, results, Look("loss"))[1:4]] == ["4", "2", "1"]
    results = {job: ended(0.5, accuracy=share) for job, share in zip(results, (0.25, 0.75, 0.5), strict=True)}
    lines = text(one, results, Look("accuracy"))
    assert [line.split()[0] for line in lines[1:4]] == ["2", "4", "1"]
    assert "Best first: most accuracy at the end." in lines
    first = text(one, results, Look(rows=1))
    assert first[1].split()[0] == "2" and first[2] == "" and "1 of 3 combinations; --rows 3 shows all." in first


def test_without_a_metric_it_is_what_runs_are_judged_by_as_well() -> None:
    one = swept("patience=1..9/2", name="fashion-cnn", trials=2)
    results = {
        Job(0, 42): ended(0.1, val_loss=0.3, val_accuracy=0.8), Job(1, 42): ended(0.2, val_loss=0.9, val_accuracy=0.9)
    }  # fmt: skip
    lines = text(one, results)
    assert lines[0].split("repeats")[1].split()[0] == "val_accuracy", "it stands first"
    assert "Best first: most val_accuracy at the end." in lines
    assert lines[1].split()[5] == "0.9000"


def test_a_pair_has_no_single_loss_and_is_sorted_only_where_a_metric_is_named() -> None:
    one = swept("batch_size=8..64", name="gan", trials=3)
    results = {
        Job(number, 42): Result(42, None, 1, 1, "done", {"g_loss": 1.0 - number / 4}, 1.0) for number in range(3)
    }
    sizes = [str(values["batch_size"]) for values in one.combinations]
    lines = text(one, results)
    assert [line.split()[0] for line in lines[1:4]] == sizes
    assert "In the order of drawing; --by METRIC puts the best first." in lines
    assert [line.split()[0] for line in text(one, results, Look("g_loss"))[1:4]] == sizes[::-1]


def test_with_until_those_come_first_that_reached_it_most_often_and_soonest() -> None:
    one = swept("learning_rate=0.1,0.2,0.3,0.4", until="accuracy=1", repeats=2, trials=4)
    rates = [values["learning_rate"] for values in one.combinations]
    became = {0.1: (None, None), 0.2: (50, 70), 0.3: (10, None), 0.4: (30, 40)}
    results = {
        Job(number, seed): ended(0.1, reached, seed=seed)
        for number, rate in enumerate(rates)
        for seed, reached in zip((42, 43), became[rate], strict=True)
    }
    lines = text(one, results)
    assert [line.split()[0] for line in lines[1:5]] == ["0.4", "0.2", "0.3", "0.1"]
    assert "Best first: most repeats that reached it, then fewest epochs." in lines


def test_what_diverged_or_was_not_trained_comes_last() -> None:
    one = swept("learning_rate=0.1,0.2,0.3,0.4", trials=4)
    became = {0.1: ended(0.01, how="diverged"), 0.2: ended(0.5), 0.3: None, 0.4: ended(0.2)}
    results = {
        Job(number, 42): result
        for number, values in enumerate(one.combinations)
        if (result := became[values["learning_rate"]])
    }
    order = [line.split()[0] for line in text(one, results)[1:5]]
    assert order[:2] == ["0.4", "0.2"] and set(order[2:]) == {"0.1", "0.3"}


def test_of_two_that_are_as_good_the_one_of_less_loss_comes_first() -> None:
    one = swept("batch_size=1,2,4")
    results = {Job(0, 42): ended(0.3, accuracy=1.0), Job(1, 42): ended(0.1), Job(2, 42): ended(0.2, accuracy=1.0)}
    assert [line.split()[0] for line in text(one, results, Look("accuracy"))[1:4]] == ["4", "1", "2"]


def test_in_a_narrow_terminal_it_stays_in_columns() -> None:
    one = swept("learning_rate=log:0.001..1", "optimizer=adam,rmsprop,sgd", "batch_size=1..4", trials=16)
    results = each(one, lambda values: ended(float(values["learning_rate"])))  # type: ignore[arg-type]
    lines = ranking.text(one, sweep_table.rows(one, results), USUAL, 60).splitlines()
    assert max(map(len, lines)) <= 60
    best = lines.index("The best 4 have")
    assert lines[best + 1].index("of log:0.001..1") == lines[best + 2].index("of adam, rmsprop, sgd")


def test_what_the_best_have_in_common_is_said() -> None:
    one = swept("learning_rate=log:0.001..1", "optimizer=adam,sgd", "batch_size=1..4", trials=16)
    lines = text(one, each(one, lambda values: ended(float(values["learning_rate"]) + (values["optimizer"] == "sgd"))))  # type: ignore[arg-type]
    best = lines.index("The best 4 have")
    rates = sorted(values["learning_rate"] for values in one.combinations if values["optimizer"] == "adam")[:4]
    assert lines[best + 1].split() == ["learning_rate", f"{rates[0]:g}", "to", f"{rates[3]:g}", "of", "log:0.001..1"]
    assert lines[best + 2].split() == ["optimizer", "adam", "(4×)", "of", "adam,", "sgd"]
    assert lines[best + 3].split()[0] == "batch_size" and lines[best + 3].endswith("×)  of 1..4")


def test_of_many_numbers_the_best_have_a_range() -> None:
    one = swept(GRID)
    lines = text(one, each(one, lambda values: ended(abs(float(values["learning_rate"]) - 1.5))))  # type: ignore[arg-type]
    assert lines[lines.index("The best 6 have") + 1].split()[1:4] == ["1.2", "to", "1.7"]
    sizes = swept("epochs=1..100", "batch_size=1,2,4", trials=8)
    lines = text(sizes, each(sizes, lambda values: ended(float(values["epochs"]))))  # type: ignore[arg-type]
    low, high = sorted(int(str(values["epochs"])) for values in sizes.combinations)[:2]
    best = lines.index("The best 2 have")
    assert lines[best + 1].split() == ["epochs", str(low), "to", str(high), "of", "1..100"]
    assert "×)" in lines[best + 2]


def test_drawn_numbers_stand_with_their_points_below_each_other() -> None:
    one = swept("learning_rate=log:0.001..1000", "batch_size=1..4", trials=12)
    lines = text(one, each(one, lambda values: ended(0.5)))[1:13]
    assert len({(line[:12] + ".").index(".") for line in lines if "." in line[:12]}) == 1
    assert any(line.startswith(" ") for line in lines)


def test_a_metric_that_there_is_not_is_refused() -> None:
    with pytest.raises(UserError, match=r'--by: xor has no metric "los", did you mean "loss"\?'):
        ranking.measure(swept("batch_size=1,2"), "los")


def test_the_heading_says_what_was_drawn_and_left_out() -> None:
    one = swept("batch_size=1..10", trials=3)
    assert sweep_table.heading(one) == "xor: 3 combinations drawn at random × 1 (seed 42), 1,000 epochs each"
    (said,) = sweep_table.left_out(one)
    others = "1 other was" if len(one.refused) == 1 else f"{len(one.refused)} others were"
    assert said.startswith(f"{others} drawn that cannot be trained: batch_size ")
    assert sweep_table.left_out(swept("batch_size=1,2")) == []
