"""The colours that exports are drawn in: those of a theme, which is who asks for the export."""

from typing import Protocol


class Ink(Protocol):
    """Colours, 0xRRGGBB."""

    @property
    def text(self) -> int: ...
    @property
    def dim(self) -> int: ...
    @property
    def accent(self) -> int: ...
    @property
    def good(self) -> int: ...
    @property
    def bad(self) -> int: ...
    @property
    def warning(self) -> int: ...
    @property
    def background(self) -> int: ...
    @property
    def chosen(self) -> int: ...
    @property
    def series(self) -> tuple[int, ...]:
        """Of curves: training, validation, and more."""
