"""Colours: packing, blending, and the ones a terminal has for them. Most of it on whole arrays."""

from colorsys import rgb_to_hls
from dataclasses import fields
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.cells import DEFAULT
from gan_tui.drawing.terminal import ColorDepth, Terminal
from gan_tui.drawing.tones import Tones

Floats = NDArray[np.float32]

_CUBE = np.array([0, 95, 135, 175, 215, 255])
_RAMP = np.arange(8, 239, 10)
# The sixteen as Rich names them, so that handing one to Rich at 16 colours finds exactly it again.
_SIXTEEN = np.array(
    [[170 * r, 170 * g - 85 * (r and g and not b), 170 * b] for b in (0, 1) for g in (0, 1) for r in (0, 1)]
    + [[85 + 170 * r, 85 + 170 * g, 85 + 170 * b] for b in (0, 1) for g in (0, 1) for r in (0, 1)],
    dtype=np.float32,
)

_HUES = ((20, 1), (70, 3), (170, 2), (195, 6), (265, 4), (330, 5))  # degrees up to which a hue has a colour's name
_COLORFUL = 48  # levels between the channels; what has less is called grey


def pack(channels: Floats) -> NDArray[np.int32]:
    """(channels, …) of 0…255, one channel (grey) or three, as 0xRRGGBB."""
    whole = np.rint(channels).astype(np.int32)
    packed: NDArray[np.int32]
    packed = whole[0] * 0x010101 if len(whole) == 1 else (whole[0] << 16) | (whole[1] << 8) | whole[2]
    return packed


def unpack(color: int) -> tuple[int, int, int]:
    """Red, green and blue of 0xRRGGBB."""
    return color >> 16, color >> 8 & 255, color & 255


def blend(color: int, towards: int, share: float) -> int:
    """The colour, with `share` (0…1) of it replaced by another one."""
    mixed = [round(a + (b - a) * share) for a, b in zip(unpack(color), unpack(towards), strict=True)]
    return mixed[0] << 16 | mixed[1] << 8 | mixed[2]


def vivid(color: int) -> int:
    """The colour with all its grey taken out: mixtures of it keep their hue among few colours."""
    channels = unpack(color)
    least, most = min(channels), max(channels)
    return sum(
        round((c - least) * most / max(1, most - least)) << shift for c, shift in zip(channels, (16, 8, 0), strict=True)
    )


def black_or_white(channels: Floats) -> NDArray[np.int32]:
    """Which of them stands out more from each of the (3, …) colours of 0…255, by WCAG 2's contrast ratio."""
    linear = np.where(channels <= 10, channels / 255 / 12.92, ((channels / 255 + 0.055) / 1.055) ** 2.4)
    luminance = np.tensordot(np.array([0.2126, 0.7152, 0.0722]), linear, 1)
    return np.where(luminance > 0.179, 0x000000, 0xFFFFFF).astype(np.int32)


def nearest_color(color: int, depth: ColorDepth) -> int:
    """The colour of the depth nearest to one colour."""
    channels = np.array(unpack(color), dtype=np.float32).reshape(3, 1)
    return int(pack(nearest(channels, depth))[0])


def nearest(channels: Floats, depth: ColorDepth) -> Floats:
    """(channels, …) of 0…255 moved to the nearest colours the depth has, by squared distance.

    For 256 colours these are the 216 of the cube and the 24 greys; the first 16 depend on the user's theme.
    """
    if depth is ColorDepth.COLORS_256:
        return _nearest_256(channels)
    if depth is ColorDepth.COLORS_16:
        return _nearest_16(channels)
    return channels


def namesake(color: int) -> int:
    """The one of the sixteen colours that people would call the same, which the nearest often is not."""
    channels = unpack(color)
    if max(channels) - min(channels) < _COLORFUL:
        return round(sum(channels) / 3 / 85) * 0x555555
    hue, lightness, _ = rgb_to_hls(*(channel / 255 for channel in channels))
    name = next((name for end, name in _HUES if hue * 360 < end), 1)
    return int(pack(_SIXTEEN[name + 8 * (lightness > 0.5)][:, None])[0])


def available(color: int, terminal: Terminal) -> int:
    """A colour of words or lines as a terminal can show it: DEFAULT without colours."""
    if color == DEFAULT or terminal.colors is ColorDepth.MONO:
        return DEFAULT
    if terminal.colors is ColorDepth.COLORS_16:
        return namesake(color)
    return color if terminal.colors is ColorDepth.TRUECOLOR else nearest_color(color, terminal.colors)


def available_tones(tones: Tones, terminal: Terminal) -> Tones:
    """All of them as a terminal can show them."""
    return Tones(*(available(getattr(tones, field.name), terminal) for field in fields(Tones)))


def _nearest_256(channels: Floats) -> Floats:
    cube_of, any_of = _tables_256()
    index = np.clip(np.rint(channels), 0, 255).astype(np.uint8)
    if len(channels) == 1:
        return any_of[index]
    cube = cube_of[index]
    grey = np.clip(np.rint((channels.mean(axis=0) - _RAMP[0]) / 10), 0, 23) * 10 + _RAMP[0]
    cube_error = ((cube - channels) ** 2).sum(axis=0)
    grey_error = ((grey - channels) ** 2).sum(axis=0)
    return np.where(grey_error < cube_error, grey, cube).astype(np.float32, copy=False)


@lru_cache(maxsize=1)
def _tables_256() -> tuple[Floats, Floats]:
    """For each level 0…255: the nearest level of the cube, and of the cube and the greys."""
    levels = np.arange(256)[:, None]
    cube, both = (
        steps[np.abs(levels - steps).argmin(axis=1)].astype(np.float32)
        for steps in (_CUBE, np.concatenate([_CUBE, _RAMP]))
    )
    return cube, both


def _nearest_16(channels: Floats) -> Floats:
    if len(channels) == 1:
        return np.clip(np.rint(channels / 85), 0, 3) * np.float32(85)
    flat = channels.reshape(3, -1)
    distance = ((_SIXTEEN[:, :, None] - flat) ** 2).sum(axis=1)
    found: Floats = _SIXTEEN[distance.argmin(axis=0)].T.reshape(channels.shape)
    return found
