"""A sweep has one order and one best, wherever its trainings are listed."""

from pathlib import Path

import pytest

from gan_tui.dashboard.sweep_lines import trainings
from gan_tui.sweep import rows
from gan_tui.sweep.listed import sweeps
from gan_tui.sweep.result import Result
from gan_tui.sweep.seen import Looker
from recorded_sweeps import RecordedSweep, swept

ENDS = (  # loss, accuracy, first epoch that reached it: the one of least loss is none of the best by accuracy
    (0.5, 0.75, 90), (0.4, 1.0, 120), (0.1, 0.5, None), (0.3, 1.0, 60), (0.2, 0.75, None), (0.6, 0.25, None),
)  # fmt: skip
BY_EPOCHS = [(1.0, 0.3), (0.75, 0.5), (1.0, 0.4), (0.75, 0.2), (0.5, 0.1), (0.25, 0.6)]
BY_ACCURACY = [(1.0, 0.3), (1.0, 0.4), (0.75, 0.2), (0.75, 0.5), (0.5, 0.1), (0.25, 0.6)]


@pytest.mark.parametrize(
    ("until", "order"),
    [(None, BY_ACCURACY), ("accuracy=1.0", BY_EPOCHS)],
)
def test_list_and_screen_have_one_order_and_one_best(
    until: str | None, order: list[tuple[float, float]], runs: Path
) -> None:
    made = RecordedSweep(runs, swept(until=until))
    for job, (loss, accuracy, reached) in zip(made.sweep.jobs, ENDS, strict=True):
        last = {"loss": loss, "accuracy": accuracy}
        first = reached if until else None
        result = Result(job.seed, first, 300, 300, "reached" if first else "done", last, 1.0)
        made.folder.append(made.sweep.combinations[job.combination], result)
    (listed,), seen = sweeps(runs), Looker(made.folder).look()
    own = [each.result.last for each in seen.trainings if each.result]
    assert [(last["accuracy"], last["loss"]) for last in own] == order
    values = [row.results.values for row in rows.trainings(listed) if row.results]
    assert [(each["accuracy"], each["loss"]) for each in values] == order
    assert listed.best and seen.best and listed.best.words == seen.best.words
    assert "accuracy" in trainings(seen, {}).names and "loss" not in trainings(seen, {}).names
