"""A few examples that stand for all: of as many classes as there are."""

from pathlib import Path

import numpy as np
import pytest

from gan_tui.data.own.found import Form, Found
from gan_tui.data.own.report import Report, various


def report(*counts: int) -> Report:
    """So many examples of each class; each is filled with 10 × its class + its number."""
    examples = tuple(
        np.array([np.full((2, 3, 1), 10 * kind + n, np.uint8) for n in range(count)], np.uint8).reshape(-1, 2, 3, 1)
        for kind, count in enumerate(counts)
    )
    return Report(Found(Path("/x"), "x", Form.IMAGES, sum(counts)), examples=examples)


@pytest.mark.parametrize(
    ("counts", "values"),
    [((9, 9, 9, 9, 9), [0, 10, 20, 30]), ((5, 0, 3), [0, 20, 1, 21]), ((6,), [0, 1, 2, 3]), ((1, 1), [0, 10])],
)
def test_the_first_of_each_class_come_before_the_second(counts: tuple[int, ...], values: list[int]) -> None:
    taken = various(report(*counts), 4)
    assert taken[:, 0, 0, 0].tolist() == values and taken.shape[1:] == (2, 3, 1) and taken.dtype == np.uint8
