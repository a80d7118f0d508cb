"""How far colours are apart, for every kind of eye: colour blindness after Machado, Oliveira and Fernandes (2009)."""

import numpy as np
from numpy.typing import NDArray

EYES = ("usual", "protanopia", "deuteranopia", "tritanopia")
_SEEN = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
"""Of linear light, at full severity; the paper's table."""
_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = _TO_XYZ.sum(axis=1)


def _linear(color: int) -> NDArray[np.float64]:
    levels = np.array(list(color.to_bytes(3))) / 255
    return np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)


def _lab(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    """CIE L*a*b*, in which equal distances look about equally far."""
    x, y, z = (_TO_XYZ @ linear.clip(0, 1)) / _WHITE
    fx, fy, fz = (np.cbrt(each) if each > 0.008856 else 7.787 * each + 16 / 116 for each in (x, y, z))
    return np.array([116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)])


def apart(one: int, other: int, eye: str = "usual") -> float:
    """ΔE of 1976 between two colours, 0xRRGGBB, as an eye sees them; 2.3 is just noticed side by side."""
    matrix = _SEEN[eye]
    return float(np.linalg.norm(_lab(matrix @ _linear(one)) - _lab(matrix @ _linear(other))))


def contrast(one: int, other: int) -> float:
    """WCAG's, from 1 (the same colour) to 21."""
    darker, lighter = sorted(float(_TO_XYZ[1] @ _linear(color)) for color in (one, other))
    return (lighter + 0.05) / (darker + 0.05)
