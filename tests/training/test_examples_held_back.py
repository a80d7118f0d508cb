"""Which examples are held back: a share of each class, and never all of one."""

import numpy as np
import pytest

from gan_tui.training.models.examples import lacking, stratified


@pytest.mark.parametrize("share", [0.01, 0.2, 0.5, 0.9])
@pytest.mark.parametrize("seed", range(5))
def test_something_of_each_class_is_learnt(share: float, seed: int) -> None:
    labels = np.array([0] * 40 + [1] * 2 + [2] + [3] * 5)
    held = stratified(labels, share, seed)
    assert len(held) == round(len(labels) * share)
    assert set(np.delete(labels, held)) == {0, 1, 2, 3}
    assert held.tolist() == sorted(set(held.tolist()))


def test_where_less_is_learnt_than_there_are_classes_some_have_nothing() -> None:
    assert len(stratified(np.arange(10), 0.9, 1)) == 9


def test_a_class_of_which_nothing_is_held_back_is_named() -> None:
    labels = np.array([0, 0, 1, 1, 2])
    assert list(lacking(labels, np.array([0, 2]), ("cat", "dog", "bird"))) == [
        "no example that is held back is of bird"
    ]
    assert not list(lacking(labels, np.array([], np.int64), ("cat", "dog", "bird")))
    assert not list(lacking(np.zeros(5, np.int64), np.array([1]), ()))
