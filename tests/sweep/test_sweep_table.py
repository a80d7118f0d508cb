"""The table counts every repeat: those that got there, those that did not, and those without a result."""

import re

import pytest

from gan_tui import presets
from gan_tui.sweep import sweep
from gan_tui.sweep import table as sweep_table
from gan_tui.sweep.result import Result
from gan_tui.sweep.sweep import Job, Sweep

FIRST = {42: 900, 44: 300, 45: 500}
"""Seed → first epoch."""


def swept(*changes: str, until: str | None = "accuracy=1", repeats: int = 5, name: str = "xor") -> Sweep:
    return sweep.made(presets.find(name).with_settings({"seed": 42}), changes, until, repeats)


def result(seed: int, reached: int | None = None, ended: str = "", accuracy: float | None = 0.5) -> Result:
    ended = ended or ("reached" if reached else "done")
    return Result(seed, reached, reached or 1000, 1000, ended, {"loss": 0.25, "accuracy": accuracy}, 1.0)


def lines(sweep: Sweep, results: dict[Job, Result]) -> list[str]:
    return sweep_table.text(sweep, sweep_table.rows(sweep, results)).splitlines()


def test_only_those_that_reached_it_make_the_median_and_the_rest_are_named() -> None:
    one = swept("batch_size=1,4")
    results = {Job(0, seed): result(seed) for seed in one.seeds}
    results |= {
        Job(1, seed): result(seed, reached, accuracy=1.0) for seed, reached in ((42, 900), (44, 300), (45, 500))
    }
    results |= {Job(1, 43): result(43, accuracy=0.75), Job(1, 46): result(46, accuracy=0.5)}
    text = lines(one, results)
    assert re.fullmatch(r"1 +reached 0 of 5 +- +- +42-46 +0\.5000", text[1])
    assert re.fullmatch(r"4 +reached 3 of 5 +500 +300 +43, 46 +1\.0000", text[2])
    assert text[4] == "*  first epoch that reached it, median over the repeats that did"
    assert text[5] == "** mean over the last whole epoch, median over all repeats"
    assert text[-1] == "In all, 3 of 10 reached accuracy >= 1 and 7 did not."
    rows = sweep_table.as_json(one, sweep_table.rows(one, results))
    assert (rows[1]["reached"], rows[1]["median_epoch"], rows[1]["best_epoch"]) == (3, 500, 300)
    assert (rows[1]["not_reached"], rows[1]["not_trained"]) == ([43, 46], [])
    assert (rows[0]["reached"], rows[0]["median_epoch"], rows[0]["best_epoch"]) == (0, None, None)
    assert rows[0]["settings"] == {"batch_size": 1} and len(rows[0]["trainings"]) == 5


def test_a_median_of_two_may_lie_between_epochs() -> None:
    one = swept(repeats=2)
    text = lines(one, {Job(0, 42): result(42, 1000), Job(0, 43): result(43, 1235)})
    assert re.fullmatch(r"xor +reached 2 of 2 +1,117\.5 +1,000 +- +0\.5000", text[1])


def test_repeats_without_a_result_are_counted_too() -> None:
    one = swept()
    text = lines(one, {Job(0, 42): result(42, 10), Job(0, 44): result(44)})
    assert "reached 1 of 5, not trained: 43, 45-46" in text[1]
    assert text[-1] == "In all, 1 of 5 reached accuracy >= 1, 1 did not and 3 were not trained."
    assert "median over the repeats that have one" in text[4]
    (row,) = sweep_table.as_json(one, sweep_table.rows(one, {}))
    assert (row["trained"], row["reached"], row["not_trained"]) == (0, 0, [42, 43, 44, 45, 46])


def test_repeats_that_diverged_did_not_get_there() -> None:
    one = swept(repeats=2)
    text = lines(
        one, {Job(0, 42): result(42, ended="diverged", accuracy=None), Job(0, 43): result(43, 5, accuracy=1.0)}
    )
    assert re.fullmatch(r"xor +reached 1 of 2 +5 +5 +42 \(diverged: 42\) +1\.0000", text[1])
    assert text[-1] == "In all, 1 of 2 reached accuracy >= 1 and 1 did not (1 diverged: a number was not finite)."


def test_without_until_the_last_values_are_shown() -> None:
    one = swept("batch_size=1,4", until=None, repeats=1)
    text = lines(one, {Job(0, 42): result(42), Job(1, 42): result(42, ended="early stopping")})
    assert re.fullmatch(r"batch_size +repeats +loss at the end\* +accuracy at the end\*", text[0])
    assert re.fullmatch(r"1 +trained 1 of 1 +0\.2500 +0\.5000", text[1])
    assert text[4] == "* mean over the last whole epoch, median over all repeats"
    assert text[-1] == "In all, 2 of 2 were trained (1 ended by early stopping)."
    assert lines(one, {Job(0, 42): result(42)})[-1] == "In all, 1 of 2 was trained and 1 was not."
    (row, _) = sweep_table.as_json(one, sweep_table.rows(one, {}))
    assert row["reached"] is None and row["not_reached"] is None


def test_what_is_waited_for_and_the_accuracies_are_shown() -> None:
    one = swept("patience=1,2", until="val_loss=0.5", name="fashion-cnn")
    assert re.search(r"val_loss at the end\*\* +accuracy at the end\*\* +val_accuracy at the end", lines(one, {})[0])


def test_all_values_are_shown_as_they_are_typed() -> None:
    one = swept("hidden=[8],[8,8]", "learning_rate=0.1,1e-5", until=None, repeats=1, name="plane")
    assert [line.split()[:2] for line in lines(one, {})[1:5]] == [
        ["[8]", "0.1"], ["[8]", "1e-05"], ["[8,8]", "0.1"], ["[8,8]", "1e-05"]
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("numbers", "text"),
    [([], ""), ([7], "7"), ([7, 8], "7-8"), ([1, 3, 5], "1, 3, 5"), ([1, 2, 3, 5, 6, 9], "1-3, 5-6, 9"),
     (list(range(0, 40, 2)), "0, 2, 4, 6, 8, 10, 12, 14 and 12 more")],
)  # fmt: skip
def test_neighbouring_seeds_are_put_together(numbers: list[int], text: str) -> None:
    assert sweep_table.seeds(numbers) == text


def test_the_heading_says_what_is_trained() -> None:
    one = swept("batch_size=1,2,4")
    assert sweep_table.heading(one) == (
        "xor: 3 combinations × 5 (seeds 42 to 46), at most 1,000 epochs each, until accuracy >= 1"
    )
    assert sweep_table.heading(swept("epochs=5,10", until=None, repeats=1)) == (
        "xor: 2 combinations × 1 (seed 42), the epochs of each combination"
    )
    single = sweep.made(presets.find("gan").with_settings({"steps": 1}), [], None, 1)
    assert sweep_table.heading(single) == "gan: 1 combination × 1 (seed 42), 1 step each"


def test_trainings_that_nobody_has_begun_are_no_failures() -> None:
    assert lines(swept(until=None, repeats=6), {})[-1] == "In all, 0 of 6 were trained and 6 were not."
