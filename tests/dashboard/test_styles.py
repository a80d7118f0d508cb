"""Styles as a terminal of fewer colours is told of them."""

from rich.color import Color
from rich.style import Style

from gan_tui.dashboard.terminal.styles import Looks
from gan_tui.drawing.terminal import ColorDepth


def test_every_color_of_256_has_its_number() -> None:
    looks = Looks(ColorDepth.COLORS_256)
    for index in range(16, 256):
        k = index - 16
        cube = [(0, 95, 135, 175, 215, 255)[n] for n in (k // 36, k // 6 % 6, k % 6)] if k < 216 else []
        red, green, blue = cube or [8 + 10 * (index - 232)] * 3
        assert looks.of(Style(bgcolor=Color.from_rgb(red, green, blue))).paper == f"48;5;{index}"
