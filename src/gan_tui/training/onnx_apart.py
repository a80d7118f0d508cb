"""How far numbers are apart that two programs compute of the same."""

import math

import numpy as np
from numpy.typing import NDArray


def apart(theirs: NDArray[np.floating], ours: NDArray[np.floating]) -> float:
    """The largest difference, as a share of the largest number or of 1; infinite where only one of both is a number.

    What is no finite number in either is the same where both have it.
    """
    same = (theirs == ours) | (np.isnan(theirs) & np.isnan(ours))
    if not np.isfinite(theirs[~same]).all() or not np.isfinite(ours[~same]).all():
        return math.inf
    largest = max(1.0, float(np.abs(ours[np.isfinite(ours)]).max(initial=0.0)))
    return float(np.abs(theirs[~same] - ours[~same]).max(initial=0.0)) / largest
