"""What reaches the terminal: the cells that changed, in few bytes, harmless, as the terminal can show them."""

import random
from collections.abc import Sequence

import pyte
import pytest
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.events import Paste
from textual.geometry import Region
from textual.strip import Strip

from gan_tui.dashboard.terminal.flow_control import FlowControl
from gan_tui.dashboard.terminal.glyphs import Glyphs
from gan_tui.dashboard.terminal.keys import Keyboard
from gan_tui.dashboard.terminal.latin import latin_keys
from gan_tui.dashboard.terminal.screen_diff import ScreenDiff
from gan_tui.dashboard.terminal.styles import Looks
from gan_tui.drawing.terminal import ColorDepth, Terminal

Row = Sequence[tuple[str, str]]
"""Texts and their styles."""


class Shown:
    """A terminal that is sent what a difference finds changed."""

    def __init__(
        self,
        columns: int,
        rows: int,
        colors: ColorDepth = ColorDepth.TRUECOLOR,
        unicode: bool = True,
        encoding: str = "utf-8",
    ) -> None:
        terminal = Terminal(colors, unicode, encoding)
        self.diff = ScreenDiff(Looks(colors), Glyphs(terminal))
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self.screen)
        self.columns, self.rows = columns, rows

    def send(self, *rows: Row) -> str:
        """Draw whole rows from the top; returns what was sent."""
        self.want(*rows)
        return self.piece()

    def want(self, *rows: Row, left: int = 0, press: int = 0) -> None:
        strips = [[Strip([Segment(text, Style.parse(style)) for text, style in row])] for row in rows]
        update = LayoutUpdate(strips, Region(left, 0, self.columns - left, len(rows)))
        self.diff.want(update, self.columns, self.rows, press)

    def piece(self, most: int = 1 << 30) -> str:
        sequence = self.diff.difference(most)
        self._stream.feed(sequence)
        return sequence

    def text(self) -> list[str]:
        return [line.rstrip() for line in self.screen.display]


def test_what_did_not_change_is_not_sent() -> None:
    shown = Shown(20, 3)
    rows = (
        [("step 1,000", "#d5d9e3 on #11131a"), ("   ok", "#56b48a on #11131a")],
        [("loss", "bold #ffffff on #000000")],
    )
    shown.send(*rows)
    assert shown.text()[:2] == ["step 1,000   ok", "loss"]
    assert shown.send(*rows) == ""
    sent = shown.send([("step 1,001", "#d5d9e3 on #11131a"), ("   ok", "#56b48a on #11131a")], rows[1])
    assert shown.text()[0] == "step 1,001   ok"
    assert len(sent) < 45, repr(sent)


def test_neighbours_of_one_style_share_its_sequence_and_blanks_keep_the_ink() -> None:
    shown = Shown(30, 1)
    sent = shown.send([("a", "#010203 on #111111"), ("  ", "#999999 on #111111"), ("b", "#010203 on #111111")])
    assert sent.count("38;2;1;2;3") == 1 and "38;2;153" not in sent


@pytest.mark.slow
def test_any_sequence_of_drawings_shows_as_it_was_drawn() -> None:
    """Held against another terminal that is always sent everything."""
    chance = random.Random(5)
    words = ["loss", "   ", "█▄", "⣿⣀", "é", "0.693", " ", "日本", "x" * 9]
    styles = ["#ff0000 on #000000", "bold #00ff00 on #111111", "on #222222", "reverse", "underline #0000ff on #000000"]
    shown = Shown(24, 6)
    for _ in range(200):
        rows = [[(chance.choice(words), chance.choice(styles)) for _ in range(24)] for _ in range(6)]
        fresh = Shown(24, 6)
        fresh.send(*rows)
        shown.send(*rows)
        for y in range(6):
            for x in range(24):
                seen, wanted = shown.screen.buffer[y][x], fresh.screen.buffer[y][x]
                if not wanted.data.strip():  # neither ink nor boldness shows
                    seen, wanted = (cell._replace(fg="", bold=False) for cell in (seen, wanted))
                assert seen == wanted, (y, x)


def test_parts_drawn_over_each_other_show_as_they_should() -> None:
    """Wide characters are cut in two by what is drawn over them, here and in the terminal alike."""
    chance, shown = random.Random(7), Shown(30, 3)
    words = ["ab", "日本", "x", "日", "   ", "é日c"]
    for _ in range(600):
        left = chance.randrange(28)
        text = "".join(chance.choice(words) for _ in range(chance.randrange(1, 5)))
        width = min(cell_len(text), 30 - left)
        strip = Strip([Segment(text, Style.parse("#ffffff on #000000"))]).crop(0, width)
        shown.diff.want(LayoutUpdate([[strip]], Region(left, chance.randrange(3), width, 1)), 30, 3)
        if chance.random() < 0.5:
            shown.piece(chance.choice([20, 1 << 20]))
        if not shown.diff.is_behind:
            for wanted, seen in zip(shown.diff._wanted, shown.diff._shown, strict=True):
                assert wanted.characters == seen.characters


def test_what_was_drawn_in_many_places_while_nothing_is_taken_is_kept_by_rows() -> None:
    chance, shown = random.Random(9), Shown(100, 5)
    for _ in range(3000):
        left = chance.randrange(90)
        strip = Strip([Segment(chance.choice("abc") * chance.randrange(1, 9), Style.parse("#ffffff on #000000"))])
        shown.diff.want(LayoutUpdate([[strip]], Region(left, chance.randrange(5), 8, 1)), 100, 5)
        assert len(shown.diff._touched) <= 81
    shown.piece()
    assert [line.ljust(100) for line in shown.text()] == ["".join(row.characters) for row in shown.diff._wanted]


def test_only_the_span_that_was_drawn_again_is_taken_over() -> None:
    """Beyond it, what Textual hands over may be of what lies underneath."""
    shown = Shown(10, 1)
    shown.send([("abcdefghij", "#ffffff on #000000")])
    stale = Strip([Segment("XXXXXXXXXX", Style.parse("#ffffff on #000000"))])
    shown.diff.want(ChopsUpdate([{0: stale, 4: stale}], [(0, 0, 3)], [[4, 10]]), 10, 1)
    shown.piece()
    assert shown.text() == ["XXXdefghij"]


def test_after_something_else_has_drawn_everything_is_sent() -> None:
    shown = Shown(10, 1)
    first = shown.send([("abc       ", "#ffffff on #000000")])
    shown.diff.forget()
    assert shown.piece() == first


HOSTILE = [
    "\x1b]52;c;aGk=\x07",
    "\x1b[2J",
    "\x9b31m",
    "a\x00b",
    "\u202eabc",
    "\u2066",
    "a\u200bb",
    "\x1bP1;x\x1b\\",
    "\r\n",
    "\ud800",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("unicode", [True, False])
def test_no_text_acts_on_the_terminal(text: str, unicode: bool) -> None:
    shown = Shown(30, 1, unicode=unicode)
    usual = shown.send([("ab", "#ffffff on #000000")])
    shown.diff.forget()
    sent = shown.send([("a", "#ffffff on #000000"), (text, "#ffffff on #000000"), ("b", "#ffffff on #000000")])
    acting = [c for c in sent if not c.isprintable()]
    assert acting == ["\x1b"] * sent.count("\x1b[") and sent.count("\x1b[") == usual.count("\x1b[")


@pytest.mark.parametrize(
    ("depth", "expected"),
    [
        (ColorDepth.TRUECOLOR, "\x1b[0;38;2;90;169;230;48;2;17;19;26m"),
        (ColorDepth.COLORS_256, "\x1b[0;38;5;74;48;5;233m"),
        (ColorDepth.COLORS_16, "\x1b[0;36m"),
        (ColorDepth.MONO, "\x1b[0m"),
    ],
)
def test_colours_are_those_the_terminal_has(depth: ColorDepth, expected: str) -> None:
    shown = Shown(2, 1, depth)
    shown.diff._looks.paper = 0.07
    assert expected in shown.send([("ab", "#5aa9e6 on #11131a")])


def noisy(shift: int, columns: int = 60, rows: int = 12) -> list[Row]:
    """A picture: every cell of another colour."""
    return [
        [
            (chr(0x2580 + (7 * x + 3 * y + shift) % 16), f"#{x:02x}{y:02x}{shift:02x} on #20{y:02x}{x:02x}")
            for x in range(columns)
        ]
        for y in range(rows)
    ]


def test_what_is_sent_comes_in_pieces_and_what_a_key_does_before_the_rest_of_a_picture_beside_it() -> None:
    shown, line = Shown(80, 12), "smoothed 0.9" + " " * 8
    shown.send(*[[(line, "#ffffff on #000000"), *picture] for picture in noisy(0)])
    shown.want(*noisy(1), left=20)
    first = shown.piece(600)
    assert 600 <= len(first) < 700
    for press, wish in enumerate(("0.98", "0.6 "), 1):
        shown.want(*[[(f"smoothed {wish}" + " " * 7, "#ffffff on #000000")]] * 12, press=press)
        shown.want(*noisy(5)[:6], left=20)
        shown.want(*noisy(1)[:6], left=20)
        sent = shown.piece(600)
        assert [line[9:13] for line in shown.text()] == [wish] * 12, "in the next piece, all of it"
        assert 600 <= len(sent) < 700, "and then more of the picture"
    while shown.diff.is_behind:
        assert len(shown.piece(600)) < 700
    assert [line[20:] for line in shown.text()] == ["".join(text for text, _ in row) for row in noisy(1)]


def test_a_link_carries_more_the_sooner_the_terminal_answers() -> None:
    now = [0.0]
    flow = FlowControl(lambda: now[0])

    def sends(seconds_a_character: float, way: float) -> None:
        for size in (60, flow.piece, 60, flow.piece):
            flow.sent(size)
            now[0] += way + size * seconds_a_character
            flow.answered()

    for _ in range(10):
        sends(1e-6, 0.2)
    assert flow.piece == 1 << 16, "a fast link, however far"
    for _ in range(10):
        sends(1 / 7000, 0.2)
    assert flow.piece <= 1024, "56 kbit/s: a piece takes a seventh of a second"
    for _ in range(20):
        sends(1e-6, 0.2)
    assert flow.piece == 1 << 16, "fast again"
    for _ in range(10):
        sends(1e-6, 0.4)
    assert flow.piece == 1 << 16, "a terminal that is busy is no slow link"


class SlowLine:
    """A program with always more to send, over a line of 56 kbit/s that may stand still for a while."""

    def __init__(self, way: float = 0.05) -> None:
        self.now = self.asked_at = self.free_at = 0.0
        self.way, self.sent = way, 0
        self.flow = FlowControl(lambda: self.now)
        self.flow.asked()
        self.answers = [way]
        self.on_the_way: list[tuple[float, int]] = []

    def run(self, seconds: float, dropped: int = 0) -> int:
        """Send for so long, the terminal leaving out its first answers; the most that was on its way at once."""
        until, most = self.now + seconds, 0
        while self.now < until:
            if not self.flow.waits:
                most = max(most, self._send(answered=dropped <= 0))
                dropped -= 1
            lost_at = self.asked_at + self.flow.patience + 1e-6
            if self.answers and self.answers[0] <= lost_at:
                self.now = max(self.now, self.answers.pop(0))
                self.flow.answered()
            else:
                self.now = max(self.now, lost_at)
                assert self.flow.is_lost()
        return most

    def _send(self, answered: bool) -> int:
        size, self.asked_at = self.flow.piece, self.now
        self.sent += size
        self.flow.sent(size)
        self.free_at = max(self.free_at, self.now) + size / 7000
        self.on_the_way = [*(one for one in self.on_the_way if one[0] > self.now), (self.free_at, size)]
        if answered:
            self.answers.append(self.free_at + self.way)
        return sum(size for _, size in self.on_the_way)


def test_after_answers_that_came_late_no_more_is_on_its_way_than_before() -> None:
    line = SlowLine()
    line.run(5)
    assert line.run(20) <= 2048
    line.free_at = line.now + 3  # the line stands still
    line.run(6)
    assert line.run(20) <= 2048
    line.run(6, dropped=1)
    assert line.run(20) <= 2048, "an answer that never comes does not do it either"
    sent = len(line.answers)
    line.run(20)
    assert len(line.answers) == sent, "none is left over"


def test_after_hours_without_anybody_to_answer_the_line_is_soon_as_quick_as_before() -> None:
    line = SlowLine()
    line.run(5)
    before = line.sent
    line.run(10)
    usual = line.sent - before
    line.run(4 * 3600, dropped=1 << 30)
    line.free_at, line.answers = line.now, []
    line.run(10)
    assert line.run(20) <= 2048
    before = line.sent
    line.run(10)
    assert line.sent - before > 0.9 * usual
    assert len(line.flow._asked) <= 1


def test_a_line_that_is_far_and_slow_is_not_filled_either() -> None:
    line = SlowLine(way=0.7)
    line.run(15)
    assert line.run(20) <= 2048


def test_a_terminal_that_never_answers_is_not_waited_for_again() -> None:
    now = [0.0]
    flow, far = FlowControl(lambda: now[0]), FlowControl(lambda: now[0])
    flow.asked()
    for _ in range(4):
        assert flow.answers
        flow.sent(100)
        assert not flow.is_lost() and flow.waits
        now[0] += 0.6
        assert flow.is_lost() and not flow.waits
    assert not flow.answers
    for _ in range(6):
        far.sent(100)
        now[0] += 0.7  # it does answer, later than is waited for at first
        far.is_lost()
        far.answered()
    assert far.answers and far.patience == 2


def test_without_colours_what_stands_out_is_reversed() -> None:
    shown = Shown(10, 1, ColorDepth.MONO)
    sent = shown.send([("ab", "#ffffff on #101010"), ("cd", "#ffffff on #2f3b5c")])
    assert "38" not in sent and "48" not in sent
    assert [shown.screen.buffer[0][x].reverse for x in range(4)] == [False, False, True, True]


@pytest.mark.parametrize(("encoding", "text"), [("ascii", "+--+ > 10 x 10 e"), ("latin-1", "+--+ > 10 × 10 é")])
def test_characters_are_those_the_terminal_has(encoding: str, text: str) -> None:
    shown = Shown(30, 1, unicode=False, encoding=encoding)
    shown.send([("╭──╮ ▶ 10 × 10 é", "#ffffff on #000000")])
    assert shown.text() == [text]


@pytest.mark.parametrize(("encoding", "line"), [("euc-kr", "한글 v|"), ("gb18030", "한글 ✓|"), ("ascii", "? ?  v|")])
def test_wide_letters_take_two_cells_in_any_encoding(encoding: str, line: str) -> None:
    """Also where not all of the interface can be said in it: no blank comes with each."""
    shown = Shown(20, 1, unicode=False, encoding=encoding)
    shown.send([("한글 ✓|", "#ffffff on #000000")])
    assert shown.text() == [line]
    assert shown.screen.buffer[0][6].data == "|"


def test_an_accent_joins_its_letter_also_a_wide_one() -> None:
    shown = Shown(10, 1)
    shown.send([("か\u3099x\u0302|", "#ffffff on #000000")])
    assert shown.diff._shown[0].characters[:4] == ["か\u3099", "", "x\u0302", "|"]


# What is typed ----------------------------------------------------------


def keys_of(*pieces: bytes) -> list[str]:
    keyboard = Keyboard()
    return [event.key for piece in pieces for event in keyboard.events(piece) if hasattr(event, "key")]


def test_keys_arrive_whatever_came_before() -> None:
    for noise in (
        b"\xff\xfe",
        b"\x1b[M\x80\xff\xfe",
        b"\x1b[99999999999u",
        b"\x1b[48;9999;9999;0;0t",
        b"\x1b[<0;9999999999;5M",
    ):
        assert keys_of(noise, b"q")[-1] == "q", noise


@pytest.mark.parametrize(
    "answer",
    [
        b"\x1b[?1;2c", b"\x1b[>41;354;0c", b"\x1b]11;rgb:1010/2020/xxqq\x1b\\", b"\x1b]11;rgb:ffff/ffff/ffff\x07",
        b"\x1bP>|tmux 3.4\x1b\\", b"\x1bP1$r0 q\x1b\\", b"\x1b_Gi=31;OK\x1b\\", b"\x1b[?1u", b"\x1b[8;40;120t",
        b"\x1b[?997;1n", b"\x1b[0n", b"\x1bP+r5463=787465\x1b\\", b"\x1b]52;c;cXF4\x1b\\",
    ],
)  # fmt: skip
def test_what_a_terminal_answers_to_others_is_no_key(answer: bytes) -> None:
    assert keys_of(answer, b"a") == ["a"]
    assert keys_of(answer[: len(answer) // 2], answer[len(answer) // 2 :], b"a") == ["a"], "in two reads"


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        (b"\x1b[A\x1b[B\x1b[1;5C", ["up", "down", "ctrl+right"]), (b"\x1bOP\x1b[15~", ["f1", "f5"]),
        (b"\x1b[Z", ["shift+tab"]), (b"\x1b[[A\x1b[[Ex", ["f1", "f5", "x"]),
        (b"\x1bx", ["alt+x"]), (b"a\x1b[Hb\r", ["a", "home", "b", "enter"]), (b"\x1b[97;5u", ["ctrl+a"]),
        (b"\x1b\x7f\x7f\x1b[127;3u", ["alt+backspace", "backspace", "alt+backspace"]),
        (b"\x1b\x1b[0nq", ["escape", "q"]), (b"\x1b\x1b\x1b[A", ["escape", "escape", "up"]),
        (b"\x1b]0;no end", []), (b"\x1b]0;no end\x0cb", ["ctrl+l", "b"]), (b"\x1b[1;\x1b[A", ["up"]),
        (b"\x1b[200~\x1b\x1bq\x1b[201~", []), (b"\x1b[Mq \xd0\x90", []),
        (b"\x1b[<32;-3;12Mq", ["q"]), (b"\x1b[<0;-12;-1mq", ["q"]),  # a drag beyond the window
        (b"\x1b[57427uq\x1b[29~\x1b[57355;129uq", ["q", "q"]),  # keys that have no name
        (b"\x1b[Mqd\x1b]11;rgb:dddd/rrrr/qqqq\x07", []), (b"\x1b[Mq\x1b[200~q\x1b[201~", []),
    ],
)  # fmt: skip
def test_keys_are_what_was_pressed(typed: bytes, keys: list[str]) -> None:
    assert keys_of(typed) == keys
    assert keys_of(*(bytes([byte]) for byte in typed)) == keys, "a byte at a time"


@pytest.mark.parametrize(
    ("typed", "key", "character"),
    [
        (b"\x1b[1081::113;1;1081u", "q", "й"),  # Russian й, where q is
        (b"\x1b[1081::113u", "q", "й"),
        (b"\x1b[1081:1049:113;2;1049u", "Q", "Й"),  # with shift
        (b"\x1b[1081::113;65;1049u", "q", "Й"),  # with the caps lock
        (b"\x1b[1103::122;5u", "ctrl+z", None),
        (b"\x1b[12610::113;1;12610u", "q", "ㅂ"),
        (b"\x1b[97::113;1;97u", "a", "a"),  # French a, where q is: it says a, and is a
        (b"\x1b[113;65;81u", "q", "Q"),  # the caps lock alone
        (b"\x1b[113:81;2;81u", "Q", "Q"),
        (b"\x1b[113:81;66;113u", "Q", "q"),  # shift against the caps lock: shift is what a person presses
        (b"\x1b[231::57;1;231u", "ç", "ç"),  # no letter there: what it says is tried first
        (b"\x1b[57441;2u", "left_shift", None),
        (b"\x1b[57413u", "plus", "+"),  # the keypad's
        (b"\x1b[57413;129;43u", "plus", "+"),  # with the num lock
        (b"\x1b[57412;;45u", "minus", "-"),
        (b"\x1b[57409u", "full_stop", "."),
        (b"\x1b[57409;129;44u", "comma", ","),  # where numbers are written with a comma
        (b"\x1b[57410u", "slash", "/"),
        (b"\x1b[57415;1u", "equals_sign", "="),
        (b"\x1b[57413;5u", "ctrl+plus", None),
    ],
)
def test_a_reported_key_is_the_one_in_that_place(typed: bytes, key: str, character: str | None) -> None:
    assert [(event.key, event.character) for event in Keyboard().events(typed)] == [(key, character)]


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("й", ["q"]), ("Й", ["Q", "q"]), ("\u0456", ["s"]), ("ς", ["w"]), ("ά", ["a"]), ("ש", ["a"]), ("ㅂ", ["q"]),
        ("ㅃ", ["Q", "q"]), ("\uff51", ["q"]), ("Q", ["Q", "q"]), ("é", ["2", "e"]), ("&", ["1"]), ("à", ["0", "a"]),
        ("1", ["1"]), ("ж", []), ("あ", []), ("한", []), ("?", []), (";", []),
    ],
)  # fmt: skip
def test_a_letter_of_another_layout_is_the_key_that_types_it(typed: str, keys: list[str]) -> None:
    assert list(latin_keys(typed)) == keys


def test_what_nobody_can_have_typed_is_no_keys() -> None:
    assert keys_of(b"words " * 500, b"q") == ["q"]
    assert keys_of(b"\x1b[A" * 500) == ["up"] * 500, "a key that is held"


def test_more_letters_than_anybody_types_at_once_are_a_paste_though_nothing_marks_it() -> None:
    path = "/scratch/a-long-name" * 10
    (pasted,) = Keyboard().events(path.encode())
    assert isinstance(pasted, Paste) and pasted.text == path
    assert list(Keyboard().events(path.encode(), busy=True)) == []


def test_the_escape_key_comes_when_nothing_follows_and_an_endless_string_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [100.0]
    monkeypatch.setattr("gan_tui.dashboard.terminal.keys.time.monotonic", lambda: now[0])
    keyboard = Keyboard()
    assert list(keyboard.events(b"\x1b")) == [] == list(keyboard.late_events())
    now[0] += 0.2
    assert [event.key for event in keyboard.late_events()] == ["escape"]
    assert list(keyboard.events(b"\x1bPlost")) == []
    now[0] += 1.2
    assert list(keyboard.late_events()) == []
    assert [event.key for event in keyboard.events(b"q")] == ["q"]
    assert list(keyboard.events(b"\x1b[200~qx")) == []
    now[0] += 6
    assert [event.text for event in keyboard.late_events()] == ["qx"]
    assert [event.key for event in keyboard.events(b"q")] == ["q"]


def test_how_long_the_link_is_is_known_from_the_answers() -> None:
    now = [100.0]
    flow = FlowControl(lambda: now[0])
    for way in (0.2, 0.3, 0.3):
        flow.asked()
        now[0] += way
        flow.answered()
    assert flow.way == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("way", "wait", "keys"),
    [
        (0.0, 0.08, ["up"]), (0.0, 0.15, ["escape", "up"]), (0.3, 0.25, ["up"]), (0.3, 0.35, ["escape", "up"]),
        (9.0, 0.45, ["up"]), (9.0, 0.55, ["escape", "up"]),
    ],
)  # fmt: skip
def test_an_arrow_that_comes_in_parts_stays_an_arrow_and_the_escape_key_waits_as_long_as_the_link_is(
    way: float, wait: float, keys: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("gan_tui.dashboard.terminal.keys.time.monotonic", lambda: now[0])
    keyboard = Keyboard(lambda: way)
    found = [*keyboard.events(b"\x1b")]
    now[0] += wait
    found += [*keyboard.late_events(), *keyboard.events(b"[A")]
    assert [event.key for event in found] == keys


@pytest.mark.parametrize(
    ("late", "pause", "keys"),
    [
        (b"[A", 0.5, ["up"]), (b"OAq", 0.5, ["up", "q"]), (b"[1;5C", 0.5, ["ctrl+right"]), (b"[<35;4;5M", 0.5, []),
        (b"[200~q\x1b[201~", 0.5, []), (b"Opq", 0.5, ["O", "p", "q"]), (b"[M  0q", 0.5, ["q"]),
        (b"]11;rgb:qqqq/rrrr/ssss\x1b\\q", 0.5, ["q"]), (b"_Gi=31;OK\x1b\\q", 0.5, ["q"]),
        (b"P>|tmux 3.4\x1b\\q", 0.5, ["q"]), (b"Paris", 0.5, ["P", "a", "r", "i", "s"]),
        (b"q[A", 0.5, ["q", "left_square_bracket", "A"]), (b"[A", 5.0, ["left_square_bracket", "A"]),
    ],
)  # fmt: skip
def test_the_late_rest_of_a_key_is_not_taken_for_letters(
    late: bytes, pause: float, keys: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("gan_tui.dashboard.terminal.keys.time.monotonic", lambda: now[0])
    keyboard = Keyboard()
    list(keyboard.events(b"\x1b"))
    now[0] += 0.2
    assert [event.key for event in keyboard.late_events()] == ["escape"]
    now[0] += pause
    assert [event.key for event in keyboard.events(late) if hasattr(event, "key")] == keys


SEQUENCES = {
    b"\x1b[M 0q": [], b"\x1b[M \xc80": [], b"\x1b[<0;88;20M": [], b"\x1b[<35;120;40m": [], b"\x1b[I": [], b"\x1b[O": [],
    b"\x1b[A": ["up"], b"\x1b[1;5C": ["ctrl+right"], b"\x1b[15~": ["f5"], b"\x1b[[A": ["f1"], b"\x1bOQ": ["f2"],
    b"\x1b[113;1;113u": ["q"], b"\x1b[1081::113;1;1081u": ["q"], b"\x1b[200~qrsx\x1b[201~": [], b"\x1b[0n": [],
    b"\x1b[?62;4c": [], b"\x1b[?2026;2$y": [], b"\x1b]11;rgb:dddd/rrrr/qqqq\x1b\\": [], b"\x1b_Gi=31;OK\x1b\\": [],
    b"\x1bP>|xterm q s x\x1b\\": [],
}  # fmt: skip


@pytest.mark.parametrize("pause", [0.05, 0.12, 0.3, 0.8])
def test_a_sequence_that_comes_in_two_parts_is_one_wherever_it_is_parted(
    pause: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("gan_tui.dashboard.terminal.keys.time.monotonic", lambda: now[0])
    for sequence, keys in SEQUENCES.items():
        for cut in range(1, len(sequence)):
            keyboard, found = Keyboard(), []
            for part in (sequence[:cut], sequence[cut:] + b"e"):
                found += [*keyboard.events(part), *keyboard.late_events()]
                now[0] += pause
                found += keyboard.late_events()
            typed = [event.key for event in found if hasattr(event, "key")]
            too_soon = ["escape"] if (cut == 1 or sequence[cut - 1 : cut + 1] == b"\x1b\\") and pause > 0.1 else []
            assert typed == [*too_soon, *keys, "e"] or typed == [*keys, "e"], (sequence, cut)


def test_what_never_ends_is_forgotten_and_keys_are_heard_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("gan_tui.dashboard.terminal.keys.time.monotonic", lambda: now[0])
    for begun in (b"\x1b[M ", b"\x1b[1;", b"\x1b]11;rg", b"\x1bO", b"\x1bP>|"):
        keyboard = Keyboard()
        found = [*keyboard.events(begun)]
        assert keyboard.waits, "else nobody would ask"
        now[0] += 1.1
        found += [*keyboard.late_events(), *keyboard.events(b"q")]
        assert [event.key for event in found] == ["q"], begun


def test_a_bracket_that_is_typed_after_the_escape_key_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("gan_tui.dashboard.terminal.keys.time.monotonic", lambda: now[0])
    keyboard, found = Keyboard(), []
    for part in (b"\x1b", b"[", b"q"):
        found += keyboard.events(part)
        now[0] += 1.1 if part == b"[" else 0.2
        found += keyboard.late_events()
    assert [event.key for event in found] == ["escape", "left_square_bracket", "q"]


def test_half_a_paste_ends_when_nothing_follows_but_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("gan_tui.dashboard.terminal.keys.time.monotonic", lambda: now[0])
    keyboard, ended = Keyboard(), list[str]()
    assert list(keyboard.events(b"\x1b[200~abc")) == []
    for _ in range(12):
        assert keyboard.waits or ended, "else nobody would ask"
        now[0] += 0.5
        list(keyboard.events(b"\x1b[0n"))
        ended += [event.text for event in keyboard.late_events()]
    assert ended == ["abc"]
    assert [event.key for event in keyboard.events(b"q")] == ["q"]


@pytest.mark.parametrize("escape", [b"\x1b", b"\x1b[27u", b"\x1b[27;1u"])
def test_the_escape_key_ends_a_paste_whose_end_was_lost(escape: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("gan_tui.dashboard.terminal.keys.time.monotonic", lambda: now[0])
    keyboard, ended = Keyboard(), list[tuple[float, str]]()
    assert list(keyboard.events(b"\x1b[200~abc" + escape)) == []
    for _ in range(10):
        now[0] += 0.1
        ended += [(now[0], event.text) for event in keyboard.late_events()]
        list(keyboard.events(b"\x1b[0n"))  # answers come all the time
    ((at, text),) = ended
    assert text == "abc"
    assert 100.4 < at < 100.8, "not at once: the end of the paste may be on its way"
    assert [event.key for event in keyboard.events(b"q")] == ["q"]


@pytest.mark.parametrize("stalled", [0.0, 0.3, 0.8])
def test_the_end_of_a_paste_may_come_in_two_parts(stalled: float, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("gan_tui.dashboard.terminal.keys.time.monotonic", lambda: now[0])
    keyboard = Keyboard()
    events = list(keyboard.events(b"\x1b[200~abc\x1b"))
    now[0] += stalled
    events += [*keyboard.late_events(), *keyboard.events(b"[201~q")]
    assert [getattr(event, "text", None) or event.key for event in events] == ["abc", "q"]


def test_an_escape_in_the_midst_of_a_paste_does_not_end_it(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("gan_tui.dashboard.terminal.keys.time.monotonic", lambda: now[0])
    keyboard, events = Keyboard(), []
    for part in (b"\x1b[200~ab\x1b", b"\x1bcd", b"e", b"\x1b[201~"):
        events += [*keyboard.events(part), *keyboard.late_events()]
        now[0] += 0.3
    assert len(events) == 1


def test_the_terminal_cannot_claim_a_size_in_its_input() -> None:
    keyboard = Keyboard()
    assert list(keyboard.events(b"\x1b[48;9999;9999;1;1t")) == []


def test_a_character_that_comes_in_two_reads_is_one() -> None:
    assert keys_of("é".encode()[:1], "é".encode()[1:]) == ["é"]


def test_a_part_of_a_window_of_another_size_leaves_what_is_shown() -> None:
    shown = Shown(10, 1)
    shown.send([("0123456789", "")])
    part = Strip([Segment("ab")])
    assert not shown.diff.want(ChopsUpdate([{0: part}], [(0, 0, 2)], [[2]]), 12, 1)
    assert shown.piece() == ""
    assert shown.diff.want(ChopsUpdate([{0: part}], [(0, 0, 2)], [[2]]), 10, 1)
    shown.piece()
    assert shown.text() == ["ab23456789"]
