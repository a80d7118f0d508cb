"""The terminal's own signs: what is sent, when, and what gives them back."""

from collections.abc import Callable, Iterator

import pytest
from textual.events import AppBlur, AppFocus, Key

from gan_tui.dashboard.terminal.rescue import Rescue
from gan_tui.dashboard.terminal.sign_words import Doing, spoken
from gan_tui.dashboard.terminal.signs import AGAIN_SECONDS, BETWEEN_NOTICES, THERE_SECONDS, TerminalSigns
from gan_tui.system.signs import Signs

ALL = Signs(title=True, progress=True, notice="777", links=True)
SETTING, END = "\x1b]2;", "\x1b\\"


class Shown:
    """A terminal's signs, at a time that a test sets, and what was sent of them."""

    def __init__(self, takes: Signs) -> None:
        TerminalSigns.known = staticmethod(lambda name: takes)
        self.now, self.sent = 1000.0, ""
        self.waiting: list[tuple[float, Callable[[], object]]] = []
        self.signs = TerminalSigns(
            self._send, lambda seconds, call: self.waiting.append((self.now + seconds, call)), lambda: self.now
        )
        self.begun = self.signs.begin()

    def _send(self) -> None:
        self.sent += self.signs.due()

    def taken(self) -> str:
        """What was sent since it was asked last."""
        sent, self.sent = self.sent, ""
        return sent

    def wait(self, seconds: float) -> None:
        self.now += seconds
        due = [call for at, call in self.waiting if at <= self.now]
        self.waiting = [(at, call) for at, call in self.waiting if at > self.now]
        for call in due:
            call()


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    known, before = TerminalSigns.known, dict(Rescue.farewells)
    yield
    TerminalSigns.known, TerminalSigns.rings, TerminalSigns.is_utf8 = staticmethod(known), False, True
    Rescue.farewells.clear()
    Rescue.farewells.update(before)


def test_title_and_progress_are_sent_when_they_change_and_given_back() -> None:
    shown = Shown(ALL)
    assert shown.begun == "\x1b[22;2t"
    shown.signs.show("gan-1 47 %", Doing.TRAINING, 47)
    assert shown.taken() == "\x1b]2;gan-1 47 % · gan-tui\x1b\\\x1b]9;4;1;47\x1b\\"
    shown.signs.show("gan-1 47 %", Doing.TRAINING, 47)
    assert shown.taken() == ""
    shown.signs.show("gan-1 paused", Doing.PAUSED, 47)
    assert shown.taken() == "\x1b]2;gan-1 paused · gan-tui\x1b\\\x1b]9;4;4;47\x1b\\"
    shown.signs.show("", Doing.NOTHING, 0)
    assert shown.taken() == "\x1b]2;gan-tui\x1b\\\x1b]9;4;0\x1b\\"
    assert Rescue.farewells["signs"] == b"\x1b]8;;\x1b\\\x1b]9;4;0\x1b\\\x1b]2;\x1b\\\x1b[23;2t"


def test_a_terminal_that_takes_nothing_is_sent_nothing() -> None:
    shown = Shown(Signs())
    shown.signs.show("gan-1", Doing.TRAINING, 3)
    shown.signs.tell("it has ended")
    assert (shown.begun, shown.taken(), Rescue.farewells["signs"]) == ("", "", b"")


def test_taken_again_it_is_told_again() -> None:
    shown = Shown(ALL)
    shown.signs.show("gan-1", Doing.TRAINING, 3)
    before = shown.taken()
    shown.signs.begin()
    assert shown.signs.due() == before


def test_what_a_terminal_is_found_to_take_later_is_sent_then() -> None:
    shown = Shown(Signs(title=True))
    shown.signs.show("gan-1", Doing.TRAINING, 3)
    assert "9;4" not in shown.taken()
    TerminalSigns.known = staticmethod(lambda name: ALL if name == "known" else Signs())
    shown.signs.called("known")
    assert shown.taken() == "\x1b]9;4;1;3\x1b\\"
    assert b"9;4;0" in Rescue.farewells["signs"]


def test_progress_is_told_again_where_the_terminal_forgets_it() -> None:
    shown = Shown(Signs(progress=True, forgets_progress=True))
    for after, sent in ((0, True), (1, False), (AGAIN_SECONDS, True), (1, False)):
        shown.wait(after)
        shown.signs.show("gan-1", Doing.TRAINING, 3)
        assert bool(shown.taken()) == sent


def test_progress_and_notifications_go_through_tmux_and_the_title_is_its_own() -> None:
    shown = Shown(Signs(title=True, progress=True, notice="9", through_tmux=True))
    shown.signs.show("", Doing.TRAINING, 3)
    shown.signs.tell("ended")
    assert shown.taken() == (
        "\x1b]2;gan-tui\x1b\\\x1bPtmux;\x1b\x1b]9;4;1;3\x1b\x1b\\\x1b\\"
        "\x1bPtmux;\x1b\x1b]9;gan-tui: ended\x1b\x1b\\\x1b\\"
    )
    assert b"\x1bPtmux;\x1b\x1b]9;4;0\x1b\x1b\\\x1b\\" in Rescue.farewells["signs"]


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("9", "\x1b]9;gan-tui: gan-1; ended\x1b\\"),
        ("777", "\x1b]777;notify;gan-tui;gan-1, ended\x1b\\"),
        ("99", "\x1b]99;i=gan-tui:o=unfocused:d=0;gan-tui\x1b\\"
         "\x1b]99;i=gan-tui:o=unfocused:d=1:p=body;gan-1; ended\x1b\\"),
    ],
)  # fmt: skip
def test_each_terminal_is_told_as_it_knows(kind: str, sent: str) -> None:
    shown = Shown(Signs(notice=kind))
    shown.signs.tell("gan-1; ended")
    assert shown.taken() == sent


def test_who_looks_is_not_told() -> None:
    shown = Shown(ALL)
    shown.signs.show("", Doing.NOTHING, 0)
    shown.taken()
    shown.signs.heard(Key("a", "a"))
    shown.signs.tell("while somebody types")
    assert not shown.taken()
    shown.wait(THERE_SECONDS)
    shown.signs.tell("nobody has typed for long, and the terminal has not said")
    assert shown.taken()
    shown.wait(BETWEEN_NOTICES)
    shown.signs.heard(AppFocus())
    shown.signs.tell("it is looked at")
    assert not shown.taken()
    shown.signs.heard(Key("a", "a"))
    shown.signs.heard(AppBlur())
    shown.signs.tell("it is not")
    assert shown.taken()


def test_of_several_in_a_few_seconds_the_newest_is_told() -> None:
    shown = Shown(Signs(notice="9"))
    for words in ("one", "two", "three"):
        shown.signs.tell(words)
    assert shown.taken() == "\x1b]9;gan-tui: one\x1b\\"
    shown.wait(BETWEEN_NOTICES)
    assert shown.taken() == "\x1b]9;gan-tui: three\x1b\\"
    assert not shown.waiting


def test_who_has_come_back_meanwhile_is_not_told_either() -> None:
    shown = Shown(Signs(notice="9"))
    shown.signs.tell("one")
    shown.signs.tell("two")
    shown.signs.heard(AppFocus())
    shown.taken()
    shown.wait(BETWEEN_NOTICES)
    assert not shown.taken()


def test_the_bell_rings_where_it_is_wanted_also_without_notifications() -> None:
    TerminalSigns.rings = True
    shown = Shown(Signs())
    shown.signs.tell("ended")
    assert shown.taken() == "\x07"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("a\x1b]0;b\x07c\x9cd", "a ]0;b c d"),
        ("ends\x1b\\", "ends \\"),
        ("日本 é", "日本 é"),
        ("x" * 500, "x" * 99 + "…"),
    ],
)
def test_no_word_can_act(words: str, said: str) -> None:
    assert spoken(words, 100) == said
    shown = Shown(Signs(title=True))
    shown.signs.show(words, Doing.NOTHING, 0)
    sent = shown.taken()
    inside = sent.removeprefix(SETTING).removesuffix(END)
    assert inside.isprintable()


def test_where_there_is_only_ascii_it_is_ascii() -> None:
    TerminalSigns.is_utf8 = False
    shown = Shown(Signs(title=True))
    shown.signs.show("Übung 3 %", Doing.NOTHING, 0)
    assert shown.taken() == "\x1b]2;Ubung 3 % . gan-tui\x1b\\"
