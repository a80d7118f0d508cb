"""Steps and epochs are counted, and summed up, alike however many come at once, and over a stop."""

import numpy as np
import pytest

from gan_tui.errors import UserError
from gan_tui.training.progress import Progress

ROWS = (np.random.default_rng(0).random((1500, 2)) ** 8 * 2 + 1e-7).astype(np.float32)


def epochs_of(progress: Progress, chunk: int) -> bytes:
    """The means of all epochs of ROWS, added so many at a time."""
    ended = []
    for start in range(0, len(ROWS), chunk):
        progress.add(ROWS[start : start + chunk])
        ended.append(progress.end_epochs())
    return np.concatenate(ended).tobytes()


@pytest.mark.parametrize("sizes", [(32, 32), (32, 9)])
@pytest.mark.parametrize("per_epoch", [1, 4, 7, 700, 2000])
@pytest.mark.parametrize("chunk", [2, 7, 499, 1500])
def test_epochs_do_not_depend_on_chunks(per_epoch: int, chunk: int, sizes: tuple[int, int]) -> None:
    alone, together = Progress(per_epoch, 2, sizes), Progress(per_epoch, 2, sizes)
    assert epochs_of(alone, 1) == epochs_of(together, chunk)
    assert (together.step, together.epochs_done) == (1500, 1500 // per_epoch)
    one, other = alone.arrays(9), together.arrays(9)
    assert {name: array.tobytes() for name, array in one.items()} == {
        name: array.tobytes() for name, array in other.items()
    }


def test_an_epoch_is_the_mean_of_its_steps() -> None:
    progress = Progress(400, 2)
    progress.add(ROWS)
    assert progress.epoch_is_over and progress.epochs_done == 0 and progress.to_epoch_end == 100
    expected = ROWS[:1200].astype(np.float64).reshape(3, 400, 2).mean(axis=1)
    np.testing.assert_allclose(progress.end_epochs(), expected, rtol=1e-12)
    assert not progress.epoch_is_over and progress.epochs_done == 3
    assert len(progress.end_epochs()) == 0


def test_an_epoch_whose_last_step_has_fewer_examples_is_the_mean_of_its_examples() -> None:
    """Nine examples in steps of four: the last step has one."""
    progress = Progress(3, 1, (4, 1))
    progress.add(np.array([[1.0], [1.0], [0.0], [0.5], [0.0], [1.0], [1.0], [1.0], [1.0]], np.float32))
    assert progress.end_epochs().ravel().tolist() == [8 / 9, 3 / 9, 1.0]


def test_sums_that_an_earlier_version_saved_within_an_epoch_go_on_by_examples() -> None:
    progress = Progress(3, 1, (4, 1))
    progress.restore(2, {"place/step_epochs_examples": np.array([2, 0, 9]), "place/sums": np.array([2.0])})
    progress.add(np.array([[0.0]], np.float32))
    assert progress.end_epochs().ravel().tolist() == [8 / 9]


@pytest.mark.parametrize("sizes", [(32, 32), (32, 9)])
@pytest.mark.parametrize("stop", [0, 1, 399, 400, 401, 1500])
def test_restored_it_goes_on_as_if_it_had_not_stopped(stop: int, sizes: tuple[int, int]) -> None:
    whole, part, rest = (Progress(400, 2, sizes) for _ in range(3))
    whole.add(ROWS)
    part.add(ROWS[:stop])
    done = part.end_epochs()
    rest.restore(stop, part.arrays(9))
    assert (rest.step, rest.to_epoch_end) == (stop, 400 - stop % 400)
    rest.add(ROWS[stop:])
    assert np.concatenate([done, rest.end_epochs()]).tobytes() == whole.end_epochs().tobytes()
    assert rest.epochs_done == whole.epochs_done == 3


def test_an_epoch_that_waits_for_its_validation_still_does_after_a_stop() -> None:
    one, other = Progress(400, 2, (32, 9)), Progress(400, 2, (32, 9))
    one.add(ROWS[:400])
    other.restore(400, one.arrays(9))
    assert other.epoch_is_over and other.epochs_done == 0
    assert other.end_epochs().tobytes() == one.end_epochs().tobytes()


def test_sums_of_other_metrics_are_refused() -> None:
    one = Progress(400, 2)
    one.add(ROWS[:10])
    with pytest.raises(UserError, match=r"lacks place/sums in the shape \(0,\) or \(3,\)"):
        Progress(400, 3).restore(10, one.arrays(9))
