"""Nothing from outside may move a cursor, change a colour, fill a clipboard or turn text around."""

import unicodedata

import pytest

from gan_tui.errors import UserError
from gan_tui.text import (
    aligned,
    character_width,
    clipped,
    counted,
    duration,
    four_digits,
    harmless,
    harmless_paragraphs,
    laid_out,
    nearest,
    padded,
    percent,
    plain,
    short_name,
    short_number,
    size,
    width,
    wrapped,
)

ATTACKS = {
    "clipboard (OSC 52)": "a\x1b]52;c;aGk=\x07b",
    "title (OSC 0, ended by ST)": "a\x1b]0;owned\x1b\\b",
    "hyperlink (OSC 8)": "a\x1b]8;;http://x\x1b\\b",
    "clear the screen (CSI)": "a\x1b[2J\x1b[Hb",
    "colour (CSI)": "a\x1b[31mb",
    "device control (DCS)": "a\x1bP+q544e\x1b\\b",
    "eight-bit CSI (C1)": "a\x9b2Jb",
    "eight-bit OSC (C1)": "a\x9d52;c;aGk=\x9cb",
    "carriage return": "good\rbad",
    "line feed": "one\ntwo",
    "backspace": "abc\b\b\bxyz",
    "delete": "a\x7fb",
    "null": "a\0b",
    "bidi override": "a\u202egnp.exe",
    "bidi isolate": "a\u2067b\u2069c",
    "zero-width space": "a\u200bb",
    "zero-width joiner": "a\u200db",
    "byte order mark": "a\ufeffb",
    "soft hyphen": "a\u00adb",
    "line separator": "a\u2028b",
    "paragraph separator": "a\u2029b",
    "surrogate": "a\udc9bb",
    "private use": "a\ue000b",
    "tag characters": "a\U000e0041b",
    "unassigned": "a\U000e0fffb",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_what_acts_on_a_terminal_becomes_spaces(attack: str) -> None:
    shown = harmless(attack)
    assert shown[0] == attack[0]
    assert shown[-1] == attack[-1], "the harmless rest is still there"
    assert all(unicodedata.category(c)[0] not in "C" for c in shown)
    assert "\u2028" not in shown and "\u2029" not in shown
    shown.encode()  # no lone surrogates: it can be printed


def test_all_of_c0_and_c1_and_delete_are_removed() -> None:
    controls = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0)]))
    assert harmless(f"x{controls}y") == "x y"


@pytest.mark.parametrize(
    ("word", "words", "said"),
    [
        ("trian", ["train", "runs"], 'did you mean "train"?'),
        ("Conv2d", ["Dense", "Conv2D"], 'did you mean "Conv2D"?'),
        ("acc", ["mae", "accuracy"], 'did you mean "accuracy"?'),
        ("fashion", ["fashion-cnn", "gan"], 'did you mean "fashion-cnn"?'),
        ("csv", ["save", "stop"], "choose from save, stop"),
        ("kill", ["train", "resume"], "choose from train, resume"),
        ("dilation_rate", ["activation", "units"], "choose from activation, units"),
        ("", ["one", "two"], "choose from one, two"),
    ],
)
def test_only_what_may_have_been_meant_is_suggested(word: str, words: list[str], said: str) -> None:
    assert nearest(word, words) == said


@pytest.mark.parametrize(
    "text", ["Dense 256", "28 × 28", "Zähler – größer", "日本語", "emoji 🙂", "[b]not markup[/b]", "…"]
)
def test_plain_words_of_any_language_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


def test_long_text_is_cut_with_an_ellipsis() -> None:
    assert harmless("x" * 1000, 10) == "x" * 9 + "…"
    assert len(harmless("ab " * 1000, 80)) <= 80
    assert harmless("x" * 10, 10) == "x" * 10


def test_a_huge_string_costs_no_more_than_its_limit() -> None:
    assert harmless("\x1b[31m" * 10_000_000, 20).startswith("[31m [31m")


# Widths ----------------------------------------------------------

WIDTHS = {
    "loss": 4, "é": 1, "e\u0301": 1, "損失": 4, "검증": 4, "\u1100\u1161\u11a8": 2, "ﾊﾝｶｸ": 4, "\uff21": 2, "🙂": 2,
    "×": 1, "ไทย": 3, "नि": 1, "": 0,
}  # fmt: skip
EMOJI = range(0x1F300, 0x1FA00)
"""Text → its cells: with accents of their own, Korean in its parts, Japanese in half cells, Latin in two."""


@pytest.mark.parametrize(("text", "cells"), WIDTHS.items())
def test_a_width_is_in_cells(text: str, cells: int) -> None:
    assert width(text) == cells


def test_every_character_is_as_wide_as_the_interface_lays_it_out() -> None:
    """Textual places text by Rich's table of widths: where it is older or newer than Python's, neither is certain."""
    cells = pytest.importorskip("rich.cells")
    shown = [chr(n) for n in (*range(0x20, 0x3500), *range(0xA000, 0xAD00), *range(0xF900, 0x10000), *EMOJI)]
    shown = [c for c in shown if harmless(c) == c]
    assert len(shown) > 12_000
    differ = [c for c in shown if cells.cell_len(c) != character_width(c)]
    symbols = [c for c in differ if "\u2630" <= c <= "\u268f"]  # trigrams, which have become wide in Unicode 16
    assert set(differ) == {*symbols, "\u3164", "\uffa0"} and len(symbols) == 14, "and what fills in for a letter"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("cafe\u0301", "café"),
        ("\u1112\u1161\u11ab", "한"),
        ("❤\ufe0f", "❤"),
        ("👍\U0001f3fd", "👍"),
        ("👩\u200d💻", "👩 💻"),
    ],
)
def test_what_terminals_disagree_about_is_said_in_one_way(typed: str, shown: str) -> None:
    assert harmless(typed) == shown


def test_long_text_is_cut_by_cells_and_never_amid_a_letter() -> None:
    assert clipped("損失関数", 8) == "損失関数"
    assert [clipped("損失関数", cells) for cells in (7, 6, 5, 2, 1)] == ["損失関…", "損失…", "損失…", "…", "…"]
    assert harmless("損" * 50, 9) == "損損損損…"


def test_columns_stand_one_below_the_other() -> None:
    rows = [("gan-1", "검증 손실", "12"), ("이미지", "e\u0301", "7")]
    lines = aligned(rows, right=(2,)).split("\n")
    assert lines == ["gan-1   검증 손실  12", "이미지  e\u0301           7"]
    assert len({width(line) for line in lines}) == 1
    assert padded("損", 4) == "損  " and padded("損", 4, right=True) == "  損" and padded("損失", 3) == "損失"


def test_a_table_that_is_wider_than_the_terminal_goes_on_below_within_its_columns() -> None:
    rows = [("  name", "what it is", "number"), ("  a", "some words that are many", "1,000"), ("  b", "two words", "2")]
    assert aligned(rows, (2,), 29).split("\n") == [
        "  name  what it is     number",
        "  a     some words      1,000",
        "        that are many",
        "  b     two words           2",
    ]
    assert aligned(rows, (2,), 80) == aligned(rows, (2,)), "where there is room"
    assert aligned([("step", "accuracy at the end"), ("4", "0.5000")], (0, 1), 14).split("\n") == [
        "step  accuracy",
        "        at the",
        "           end",
        "   4    0.5000",
    ]


@pytest.mark.parametrize("columns", [20, 30, 33, 40, 60, 79])
def test_what_can_be_made_to_fit_fits_and_loses_nothing(columns: int) -> None:
    rows = [("run", "preset", "step"), ("x" * 60, "some preset", "1 of 4,000"), ("誤り" * 20, "gan", "5")]
    lines = aligned(rows, (2,), columns).split("\n")
    assert all(width(line) <= max(columns, 8 + 8 + 10 + 4) for line in lines)
    assert "".join(lines).count("x") == 60 and "".join(lines).count("誤") == 20


def test_words_are_wrapped_by_cells() -> None:
    assert wrapped("損失 関数 ab c", 9) == ["損失 関数", "ab c"]
    assert wrapped("a 損失関数 b", 5) == ["a", "損失", "関数", "b"], "a word that is too long goes on"
    assert wrapped("", 5) == [""]


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("ascii", "+-> e 10 x 2 ... ? ?  A ?"),
        ("latin-1", "+-> é 10 × 2 ... ? ?  A ?"),
        ("euc-kr", "┌─→ e 10 × 2 ... 한글 \uff21¿"),
    ],
)
def test_what_an_encoding_lacks_becomes_what_is_like_it_and_as_wide(encoding: str, shown: str) -> None:
    text = f"┌─→ é 10 × 2 ... 한글 \uff21{'€' if encoding == 'latin-1' else '¿'}"
    assert plain(text, encoding) == shown
    assert width(plain(text, encoding)) == width(text)


def test_paragraphs_keep_their_blank_lines_and_nothing_else() -> None:
    assert harmless_paragraphs("one\ntwo\n\n \nthree\x1b[2J\n") == "one two\n\nthree [2J"
    assert harmless_paragraphs("\n\n\n") == ""


def test_the_nearest_word_is_named_or_the_whole_choice() -> None:
    assert nearest("dcgna", ["gan", "dcgan", "xor"]) == 'did you mean "dcgan"?'
    assert nearest("dense", ["Dense", "Conv2D"]) == 'did you mean "Dense"?'
    assert nearest("zzz", ["adam", "sgd"]) == "choose from adam, sgd"


def test_another_word_is_not_taken_for_a_misspelling() -> None:
    arguments = ["filters", "kernel_size", "strides", "padding", "activation"]
    assert nearest("dilation_rate", arguments) == f"choose from {', '.join(arguments)}"
    assert nearest("csv", ["save", "stop"]) == "choose from save, stop"
    assert nearest("kernel", arguments) == 'did you mean "kernel_size"?', "a word cut short is"
    assert nearest("xro", ["gan", "xor"]) == 'did you mean "xor"?', "so is a jumbled one"
    assert nearest("st", ["strides"]) == "choose from strides"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0"),
        (28, "28"),
        (9_999, "9,999"),
        (12_345, "12.3k"),
        (333_526, "334k"),
        (999_700, "1M"),
        (1_486_352, "1.49M"),
        (2.5e9, "2.5G"),
        (7e12, "7000G"),
    ],
)
def test_numbers_are_short_enough_for_a_column(number: float, shown: str) -> None:
    assert short_number(number) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 s"),
        (8.4, "8 s"),
        (59.6, "1 min 00 s"),
        (125, "2 min 05 s"),
        (12_000, "3 h 20 min"),
        (48 * 3600, "2 days 0 h"),
        (200_000, "2 days 7 h"),
        (71 * 3600, "2 days 23 h"),
        (9.99 * 86_400, "9 days 23 h"),
        (10.2 * 86_400, "10 days"),
        (1_000_000, "11 days"),
    ],
)
def test_durations_say_as_much_as_a_person_needs(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.01234, "0.0123"),
        (0.0000123, "1.230e-05"),
        (-0.0, "0.0000"),
        (1.0, "1.0000"),
        (0.99996, "0.9999"),
        (0.99994, "0.9999"),
        (1.00001, "1.0000"),
        (float("nan"), "not finite"),
        (None, "not finite"),
    ],
)
def test_a_measure_has_four_digits_and_what_is_not_quite_1_is_not_told_as_1(value: float | None, shown: str) -> None:
    assert four_digits(value) == shown


@pytest.mark.parametrize(
    ("done", "whole", "shown"),
    [(0, 7, "  0 %"), (1, 3, " 33 %"), (3990, 4000, " 99 %"), (3999, 4000, " 99 %"), (4000, 4000, "100 %"),
     (5000, 4000, "100 %")],
)  # fmt: skip
def test_what_is_not_done_is_not_100_percent(done: int, whole: int, shown: str) -> None:
    assert percent(done, whole) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("mnist-experiment-2026-a", "mnist-experim…026-a"),
        ("mnist-experiment-2026-b", "mnist-experim…026-b"),
        ("fashion-cnn-avgpool", "fashion-cnn-avgpool"),
        ("한국어이름한국어이름-1", "한국어이름한국…름-1"),
    ],
)
def test_names_that_do_not_fit_keep_the_end_that_tells_them_apart(name: str, shown: str) -> None:
    assert short_name(name, 19) == shown


def test_sizes_are_in_powers_of_ten() -> None:
    assert [size(n) for n in (12, 4_200, 999_499, 999_900, 650e6, 999.9e6, 1.2e9, 2e12)] == [
        "12 B",
        "4.2 kB",
        "999 kB",
        "1 MB",
        "650 MB",
        "1 GB",
        "1.2 GB",
        "2000 GB",
    ]


def test_an_error_never_carries_codes_for_a_terminal() -> None:
    assert "\x1b" not in str(UserError("Cannot read \x1b]0;evil\x07 here; choose another."))


@pytest.mark.parametrize(("number", "words"), [(0, "0 epochs"), (1, "1 epoch"), (2000, "2,000 epochs")])
def test_one_of_a_kind_is_said_as_one(number: int, words: str) -> None:
    assert counted(number, "epoch") == words


def test_what_was_printed_stands_as_it_was_laid_out() -> None:
    assert laid_out("name\tvalue\tlast") == "name    value   last"
    assert laid_out("12345678\tx") == "12345678        x", "a tab is never nothing"
    assert laid_out("日本\tx") == "日本    x"
    assert laid_out('\tFile "a.py", line 1') == '        File "a.py", line 1'
    assert laid_out("  a   b \t ") == "  a   b"
    assert laid_out("a\u00a0b\u3000c\vd") == "a b  c d"
    assert laid_out("x" * 50, 20) == "x" * 19 + "…"


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_nothing_in_what_was_printed_acts(attack: str) -> None:
    assert laid_out(attack).isprintable()
