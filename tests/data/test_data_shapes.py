"""Hand-drawn shapes: balanced, the same for a seed, each of its own hand, and of three different kinds."""

import numpy as np
import pytest

from gan_tui.data import shapes


def test_pictures_are_balanced_and_seeded() -> None:
    images, classes = shapes.make(300, seed=1)
    assert images.shape == (300, 8, 8) and images.dtype == np.uint8
    assert np.bincount(classes).tolist() == [100, 100, 100]
    again, same = shapes.make(300, seed=1)
    assert again.tobytes() == images.tobytes() and same.tolist() == classes.tolist()
    assert shapes.make(300, seed=2)[0].tobytes() != images.tobytes()


@pytest.mark.parametrize("count", [1, 2, 4, 100])
def test_any_number_is_balanced_but_for_one(count: int) -> None:
    images, classes = shapes.make(count, seed=0)
    counts = np.bincount(classes, minlength=3)
    assert len(images) == count and counts.max() - counts.min() <= 1


def test_no_two_pictures_are_alike_and_all_have_paper_and_ink() -> None:
    images, _ = shapes.make(shapes.COUNT, shapes.SEED)
    assert len(np.unique(images.reshape(len(images), -1), axis=0)) == len(images)
    ink = (images > 127).mean(axis=(1, 2))
    assert (images.max(axis=(1, 2)) > 150).all() and (images.min(axis=(1, 2)) == 0).all()
    assert ink.min() > 0.1 and ink.max() < 0.75


def test_shapes_are_jittered_in_place_and_size() -> None:
    images, _ = shapes.make(600, seed=3)
    dark = images > 60
    rows, columns = dark.any(axis=2), dark.any(axis=1)
    for lines in (rows, columns):
        first, height = lines.argmax(axis=1), lines.sum(axis=1)
        assert set(first.tolist()) >= {0, 1, 2} and set(height.tolist()) >= {6, 7, 8}


def test_a_triangle_is_pointed_a_square_has_corners_and_a_circle_has_none() -> None:
    """Averages over many hands: what a person would look at to tell them apart."""
    images, classes = shapes.make(600, seed=4)
    triangle, square, circle = (images[classes == kind].mean(axis=0) for kind in range(3))
    assert triangle[:2].sum() < 0.7 * triangle[-2:].sum()
    assert abs(square[:2].sum() / square[-2:].sum() - 1) < 0.1 > abs(circle[:2].sum() / circle[-2:].sum() - 1)
    corners = [picture[[0, 0, 7, 7], [0, 7, 0, 7]].mean() for picture in (square, circle)]
    assert corners[0] > 30 and corners[1] < 5


def test_neighbours_tell_them_apart() -> None:
    """An independent check that the classes can be learnt: the nearest of 1,500 other pictures."""
    (seen, theirs), (images, classes) = shapes.make(1500, seed=5), shapes.make(300, seed=6)
    one, other = (pictures.reshape(len(pictures), -1).astype(np.float32) for pictures in (images, seen))
    distance = (one**2).sum(1)[:, None] - 2 * one @ other.T + (other**2).sum(1)
    assert (theirs[distance.argmin(axis=1)] == classes).mean() > 0.95
