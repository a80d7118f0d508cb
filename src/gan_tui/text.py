"""Making strings from outside harmless: the one boundary before a screen, a log or a file name."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence

_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""What may move the cursor, hide or reorder text: controls, formats (bidi, zero-width), surrogates, …"""


def harmless(text: str, limit: int = 500) -> str:
    """One printable line of at most `limit` characters; control, bidi and zero-width ones become spaces."""
    text = text[: limit * 4]
    if not (text.isascii() and text.isprintable()):
        text = "".join(" " if unicodedata.category(c) in _UNSAFE else c for c in text)
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def harmless_paragraphs(text: str, limit: int = 20_000) -> str:
    """Several harmless lines: single line ends flow together, blank lines part paragraphs."""
    parts = re.split(r"\n\s*\n", text[:limit])
    return "\n\n".join(line for part in parts if (line := harmless(part, limit)))


def shown_path(path: object) -> str:
    """A path as scripts may use it; one that a terminal must not be sent is made harmless instead."""
    text = str(path)
    return text if text.isprintable() else harmless(text, 4096)


_NEAR = 0.75
"""How like a word must be to be taken for a misspelling, by difflib: a letter or two wrong, not another word."""


def nearest(word: str, words: Iterable[str]) -> str:
    """`did you mean "x"?` for the one of `words` that was misspelt, jumbled or cut short; else the whole choice."""
    words = list(words)
    lower, known = word.lower(), {each.lower(): each for each in reversed(words)}
    close = difflib.get_close_matches(lower, known, n=1, cutoff=_NEAR)
    alike = [each for each in known if sorted(each) == sorted(lower) or (len(lower) > 2 and each.startswith(lower))]
    if close or len(alike) == 1:
        return f'did you mean "{known[(close or alike)[0]]}"?'
    return "choose from " + ", ".join(words)


def short_number(number: float) -> str:
    """12,345 → '12.3k', 1,486,352 → '1.49M'; below 10,000 in full."""
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(number) >= size:
            return f"{_three_digits(number / (1e3 if unit == 'k' else size))}{unit}"
    return f"{number:,.0f}"


def four_digits(value: float) -> str:
    """0.0123 → '0.0123', 0.0000123 → '1.230e-05': a metric in a column."""
    return f"{value:.4f}" if value == 0 or 1e-3 <= abs(value) < 1e5 else f"{value:.3e}"


def duration(seconds: float) -> str:
    """'8 s', '2 min 05 s', '3 h 20 min': as much as a person needs."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    if whole < 48 * 3600:
        return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
    return f"{whole // 86400} days"


def size(number_of_bytes: float) -> str:
    """'650 MB', '1.2 GB': powers of ten, as disks are sold."""
    for scale, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if number_of_bytes >= scale:
            return f"{_three_digits(number_of_bytes / scale)} {unit}"
    return f"{number_of_bytes:.0f} B"


def _three_digits(number: float) -> str:
    """1.49, 12.3, 334, and 1000 rather than 1e+03."""
    return f"{number:.3g}" if abs(number) < 999.5 else f"{number:.0f}"


def aligned(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Rows as columns two spaces apart; the columns in `right` end together."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell.rjust(widths[n]) if n in right else cell.ljust(widths[n]) for n, cell in enumerate(row)).rstrip()
        for row in rows
    ]
    return "\n".join(lines)
