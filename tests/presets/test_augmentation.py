"""Random changes of images, as a person writes them."""

import pytest

from gan_tui import presets
from gan_tui.presets.settings import value_words
from gan_tui.sweep import sweep

CNN = presets.find("fashion-cnn")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("flip", ("flip",)),
        ("flip, rotate 0.25", ("flip", "rotate 0.25")),
        ("[flip,zoom .2]", ("flip", "zoom 0.2")),
        ('["contrast", "shift"]', ("contrast 0.2", "shift 0.1")),
        ("rotate   0.10", ("rotate 0.1",)),
        ("[]", ()),
        ("", ()),
    ],
)
def test_what_is_written_has_one_form(text: str, value: tuple[str, ...]) -> None:
    assert CNN.rules.from_text("augment", text) == value
    assert CNN.rules.from_text("augment", value_words(value)) == value, "as it is shown it may be typed"
    assert CNN.with_settings({"augment": list(value)}).settings["augment"] == value


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (["flop"], 'augment cannot be "flop", did you mean "flip"?'),
        (["rotat 0.1"], 'augment cannot be "rotat", did you mean "rotate"?'),
        (["rotate 2"], "augment has rotate, which must be a number from 0.01 to 0.5, not 2.0"),
        (["zoom 0"], "augment has zoom, which must be a number from 0.01 to 0.9, not 0.0"),
        (["shift nan"], "augment has shift, which must be a number from 0.01 to 0.9, not nan"),
        (["contrast much"], 'augment has contrast, which must be a number from 0.01 to 1, not "much"'),
        (["contrast 0.1 0.2"], 'augment has contrast, which must be a number from 0.01 to 1, not "0.1 0.2"'),
        (["flip 1"], 'augment has flip, which takes no number; write "flip"'),
        (["zoom 0.1", "flip", "zoom 0.2"], "augment names zoom twice; leave out one of them"),
        ([""], "augment cannot be"),
        ([3], "augment cannot be 3"),
        (3, 'augment must be a list such as ["flip", "rotate 0.1"], not 3'),
        ({"flip": 1}, 'augment must be a list such as ["flip", "rotate 0.1"], not'),
        (True, 'augment must be a list such as ["flip", "rotate 0.1"], not true'),
    ],
)
def test_what_is_no_change_is_refused(value: object, sentence: str) -> None:
    with pytest.raises(ValueError) as refused:
        CNN.with_settings({"augment": value})
    assert str(refused.value).startswith(sentence)


def test_a_pair_would_make_whatever_it_is_shown_and_may_only_flip() -> None:
    assert presets.find("gan").with_settings({"augment": "flip"}).settings["augment"] == ("flip",)
    with pytest.raises(ValueError, match=r'^augment cannot be "rotate"'):
        presets.find("gan").with_settings({"augment": ["rotate 0.1"]})


def test_it_may_be_swept() -> None:
    swept = sweep.made(CNN, ["augment=[],[flip,rotate 0.1]"], None, 1)
    assert swept.combinations == [{"augment": ()}, {"augment": ("flip", "rotate 0.1")}]
    assert sweep.from_document(swept.as_document()).combinations == swept.combinations
