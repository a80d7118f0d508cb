"""What was printed for a terminal, as lines: one of a bar, without signs between."""

import pytest

from gan_tui.run.printed_line import all_came_to, came_to


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("as it is", "as it is"),
        ("\r 1%\r 50%\r100%", "100%"),
        ("100%\r", "100%"),
        ("pip 1%\x1b[2K\rpip 2%", "pip 2%"),
        ("\x1b[?25l\x1b]0;title\x07\x1b[38;5;1mred\x1b[0m done\x1b[?25h", "red done"),
        ("\x1b]8;;https://example.org\x1b\\a link\x1b]8;;\x1b\\", "a link"),
        ("  0%\b\b\b\b  1%\b\b\b\b  2%", "  2%"),
        ("\b\babc\bd", "abd"),
        ("é\x1b", "é\x1b"),
    ],
)
def test_a_line_is_what_a_terminal_shows_of_it_at_last(line: str, shown: str) -> None:
    assert came_to(line) == shown


def test_where_the_cursor_goes_up_lines_are_written_over() -> None:
    lines = ["first", "a 1%", "b 1%", "\x1b[2A\x1b[2Ka 2%", "b 2%", "\r\x1b[?25l\x1b[2Aa 3%", "b 3%", "last"]
    assert all_came_to(lines) == ["first", "a 3%", "b 3%", "last"]
    assert all_came_to(["\x1b[9999Aa"]) == ["a"]
