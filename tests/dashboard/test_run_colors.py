"""The colours of runs over each other are told apart by all eyes, and can be read, on dark and on light ground."""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from gan_tui.dashboard.themes import inks
from gan_tui.drawing.colors import unpack
from gan_tui.run.comparison import MOST_COLORS

EYES = {
    "usual": np.eye(3),
    "protanopia": np.array([
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
}  # fmt: skip
"""What reaches them of linear red, green and blue: Machado, Oliveira and Fernandes (2009), severity 1."""
LMS = np.array([
    [0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005]])  # fmt: skip
LAB = np.array([
    [0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660]])  # fmt: skip
"""Oklab (Ottosson, 2020), in which a distance of 0.02 is just seen."""
LEAST = 0.1


def linear(color: int) -> NDArray[np.float64]:
    levels = np.array(unpack(color)) / 255
    return np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)


def seen(color: int, eyes: str) -> NDArray[np.float64]:
    return LAB @ np.cbrt(LMS @ np.clip(EYES[eyes] @ linear(color), 0, None))


def contrast(one: int, other: int) -> float:
    darker, lighter = sorted(float(np.array([0.2126, 0.7152, 0.0722]) @ linear(color)) for color in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
def test_eight_runs_are_told_apart(dark: bool, eyes: str) -> None:
    colors = inks(dark).runs
    assert len(colors) == MOST_COLORS
    near = {
        (f"{one:06x}", f"{other:06x}"): round(float(np.linalg.norm(seen(one, eyes) - seen(other, eyes))), 3)
        for one, other in combinations(colors, 2)
    }
    assert {pair: far for pair, far in near.items() if far < LEAST} == {}


@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
def test_their_names_can_be_read_also_where_a_run_is_chosen(dark: bool) -> None:
    ink = inks(dark)
    assert all(contrast(color, ink.background) >= 4.5 for color in ink.runs)
    assert all(contrast(color, ink.chosen) >= 2.5 for color in ink.runs)
