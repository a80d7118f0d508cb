"""How images may be changed at random while they are learnt, as presets write it: "flip", "rotate 0.1"."""

from gan_tui.presets.checks import Takes, choice, must_be, number, takes

SHOWN, TIMES = 4, 7
"""Images of which changes are shown, and changes of each."""
LEAST = 0.01
AMOUNTS: dict[str, tuple[float, float] | None] = {
    "flip": None, "rotate": (0.1, 0.5), "zoom": (0.1, 0.9), "shift": (0.1, 0.9), "contrast": (0.2, 1.0),
}  # fmt: skip
"""Word → how much unless a number is written, and at most; None where there is no more or less.

Rotate: turns, either way; zoom and shift: shares of a side; contrast: share of the contrast, more or less.
"""


def augmentations(*words: str) -> Takes:
    """A list of some of the words, each with how much: ("flip", "rotate 0.1"), in the order in which they happen."""
    form = "a list such as " + ('["flip", "rotate 0.1"]' if "rotate" in words else '["flip"]')

    @takes(form, more=f"of {', '.join(words)}")
    def check(value: object) -> tuple[str, ...]:
        items = value.split(",") if isinstance(value, str) and value.strip() else value or ()
        if not isinstance(items, list | tuple):
            raise must_be(form, value)
        checked = tuple(_one(item, words) for item in items)
        seen = [item.partition(" ")[0] for item in checked]
        if twice := next((word for word in seen if seen.count(word) > 1), None):
            raise ValueError(f"names {twice} twice; leave out one of them")
        return checked

    return check


def parts(item: str) -> tuple[str, float]:
    """The word of a checked item, and how much."""
    word, _, amount = item.partition(" ")
    return word, float(amount or 0)


def _one(item: object, words: tuple[str, ...]) -> str:
    word, _, amount = item.strip().partition(" ") if isinstance(item, str) else (item, "", "")
    known: str = choice(*words)(word)
    bounds = AMOUNTS[known]
    if bounds is None:
        if amount:
            raise ValueError(f'has {known}, which takes no number; write "{known}"')
        return known
    usual, most = bounds
    try:
        return f"{known} {number(LEAST, most)(_number(amount.strip()) if amount else usual):g}"
    except ValueError as problem:
        raise ValueError(f"has {known}, which {problem}") from None


def _number(text: str) -> float | str:
    """The number that a text is; a text that is none as it is."""
    try:
        return float(text)
    except ValueError:
        return text
