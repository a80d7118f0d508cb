"""Words in cells, also where there is no room for them."""

import pytest

from gan_tui.drawing.cells import blank
from gan_tui.drawing.words import write


@pytest.mark.parametrize(
    ("column", "text", "shown", "after"),
    [
        (1, "12 %", " 12 %", 5),
        (3, "12 %", "   12", 5),
        (-2, "12 %", " %   ", 2),
        (-9, "12 %", "     ", -5),
        (9, "12 %", "     ", 9),
        (-1, "검증", " 증  ", 3),
    ],
)
def test_what_lies_before_the_first_column_or_behind_the_last_is_cut(
    column: int, text: str, shown: str, after: int
) -> None:
    cells = blank(1, 5)
    assert write(cells, 0, column, text) == after
    assert "".join(cells.characters[0]) == shown
