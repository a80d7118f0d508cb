"""Words in cells, also where there is no room for them."""

import pytest

from gan_tui.drawing.cells import blank
from gan_tui.drawing.terminal import Terminal
from gan_tui.drawing.words import told_apart, write


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


def test_names_that_are_cut_are_still_told_apart() -> None:
    breeds = ["golden retriever", "golden eagle", "cat"]
    assert told_apart(breeds, 8, Terminal()) == ["gold…ver", "gold…gle", "cat"]
    assert told_apart(["Ankle boot", "Sandal"], 7, Terminal()) == ["Ankle …", "Sandal"]
    assert told_apart(["class 10", "class 11"], 6, Terminal()) == ["cla…10", "cla…11"]
    assert told_apart(["猫の写真その一", "猫の写真その二"], 9, Terminal()) == ["猫の…の一", "猫の…の二"]
