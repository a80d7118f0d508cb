"""Colours: packing, blending, and the ones a terminal has for them. Most of it on whole arrays."""

from dataclasses import fields
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from gan_tui.drawing.cells import DEFAULT
from gan_tui.drawing.sixteen import SIXTEEN, named
from gan_tui.drawing.terminal import ColorDepth, Terminal
from gan_tui.drawing.tones import Tones

Floats = NDArray[np.float32]

_CUBE = np.array([0, 95, 135, 175, 215, 255])
_RAMP = np.arange(8, 239, 10)


def pack(channels: Floats) -> NDArray[np.int32]:
    """(channels, …) of 0…255, one channel (grey) or three, as 0xRRGGBB."""
    whole = np.rint(channels).astype(np.int32)
    packed: NDArray[np.int32]
    packed = whole[0] * 0x010101 if len(whole) == 1 else (whole[0] << 16) | (whole[1] << 8) | whole[2]
    return packed


def unpack(color: int) -> tuple[int, int, int]:
    """Red, green and blue of 0xRRGGBB."""
    return color >> 16, color >> 8 & 255, color & 255


_SIXTEEN = np.array([unpack(color) for color in SIXTEEN], dtype=np.float32)


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


def available(color: int, terminal: Terminal) -> int:
    """A colour of words or lines as a terminal can show it: DEFAULT without colours, and for greys among sixteen."""
    if color == DEFAULT or terminal.colors is ColorDepth.MONO:
        return DEFAULT
    if terminal.colors is ColorDepth.COLORS_16:
        number = named(color)
        return DEFAULT if number is None else SIXTEEN[number]
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
