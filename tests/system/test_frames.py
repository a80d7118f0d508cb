"""Words among whatever else is printed into a pipe."""

import pytest

from gan_tui.system.frames import MARK, Frames, framed

WORDS = [{"hello": {"keras": "3"}}, {"epoch": 3}, {"result": {"text": "a\nb \x1e ü"}}]


@pytest.mark.parametrize("cut", [1, 2, 7, 1000])
def test_words_come_out_as_they_went_in_however_they_are_cut(cut: int) -> None:
    sent, frames, found = b"".join(map(framed, WORDS)), Frames(), []
    for begin in range(0, len(sent), cut):
        words, noise = frames.read(sent[begin : begin + cut])
        found += words
        assert noise == b""
    assert found == WORDS


def test_what_shells_print_is_kept_apart_also_without_an_end_of_its_line() -> None:
    frames = Frames()
    words, noise = frames.read(b"Welcome to box1!\r\n\nLast login: today" + framed({"epoch": 1}) + b"bye\n")
    assert words == [{"epoch": 1}]
    assert noise == b"Welcome to box1!\r\nLast login: today\nbye\n"


@pytest.mark.parametrize("spoilt", [b"{", b"[1]", b"3", b'{"epoch": NaN}', b"\xff"])
def test_what_is_behind_a_mark_and_no_object_is_noise(spoilt: bytes) -> None:
    words, noise = Frames().read(MARK + spoilt + b"\n" + framed({"epoch": 2}))
    assert (words, noise) == ([{"epoch": 2}], MARK + spoilt + b"\n")


def test_a_line_without_end_is_not_kept_for_ever() -> None:
    frames = Frames(most=1000)
    kept = [frames.read(b"x" * 600) for _ in range(4)]
    assert [len(noise) for _, noise in kept] == [0, 1201, 0, 1201]
    assert frames.read(framed({"epoch": 1}))[0] == [{"epoch": 1}]
