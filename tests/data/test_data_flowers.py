"""Flowers that gan-tui draws itself: as many petals as their class says, in colour, the same at every call."""

import numpy as np

from gan_tui.data import flowers


def petals(image: np.ndarray) -> set[int]:
    """How many petals are met on circles around the middle of what is not green."""
    red, green, blue = (image[..., n].astype(int) for n in range(3))
    inside = (red > green + 20) | (blue > green + 20) | (np.minimum(red, blue) > 150)
    down, across = (places.mean() for places in np.nonzero(inside))
    around = np.linspace(0, 2 * np.pi, 360, endpoint=False)
    counts = set()
    for radius in range(8, 20):
        y, x = (
            (down + radius * np.sin(around)).round().astype(int),
            (across + radius * np.cos(around)).round().astype(int),
        )
        ring = inside[y.clip(0, 63), x.clip(0, 63)].astype(int)
        counts.add(int((np.diff(np.append(ring, ring[0])) == 1).sum()))
    return counts


def test_each_has_as_many_petals_as_its_class_says() -> None:
    images, classes = flowers.make(80, seed=3)
    assert images.shape == (80, 64, 64, 3) and images.dtype == np.uint8
    assert np.bincount(classes).tolist() == [20] * len(flowers.NAMES)
    right = [flowers.PETALS[kind] in petals(image) for image, kind in zip(images, classes, strict=True)]
    assert np.mean(right) > 0.9


def test_no_two_are_alike_and_each_call_gives_the_same() -> None:
    images, classes = flowers.make(300, seed=1)
    again, classes_again = flowers.make(300, seed=1)
    assert (images == again).all() and (classes == classes_again).all()
    assert len({image.tobytes() for image in images}) == 300
    others, _ = flowers.make(300, seed=2)
    assert (images != others).any(axis=(1, 2, 3)).all()


def test_they_are_all_over_the_picture_and_in_many_colours() -> None:
    images, _ = flowers.make(300, seed=0)
    spread = images.astype(int).std(axis=0).mean(axis=-1)
    assert spread[20:44, 20:44].min() > 30 and spread[0, 0] < 25, "the middle changes, the grass hardly"
    middles = images[:, 26:38, 26:38].mean(axis=(1, 2))
    assert (middles.std(axis=0) > 25).all()
