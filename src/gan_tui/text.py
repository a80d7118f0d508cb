"""Making strings from outside harmless: the one boundary before a screen, a log or a file name.

Also how numbers are told, how wide text is, and what stands for characters that a terminal lacks (`plain`).
A width is always in cells: a letter of Chinese, Japanese or Korean and an emoji take two, an accent that follows its
letter none.
"""

import difflib
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""What may move the cursor, hide or reorder text: controls, formats (bidi, zero-width), surrogates, …"""
DISPUTED = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\U0001f3fb-\U0001f3ff]")
"""Variants of what stands before them, colours of skin among them: some terminals make it wider for them."""
_COLUMN = 8
"""Cells from one stop of a tab to the next, as terminals have them."""


def harmless(text: str, limit: int = 500) -> str:
    """One printable line at most `limit` cells wide; control, bidi and zero-width characters become spaces, letters and
    their accents one character where there is one."""
    return clipped(" ".join(_tame(text[: limit * 4]).split()), limit)


def laid_out(line: str, limit: int = 500) -> str:
    """One harmless line as it was printed: blanks stay, before it and between words, and a tab leads to the next stop,
    so that columns stand as they did."""
    shown, at = list[str](), 0
    for place, part in enumerate(line[: limit * 4].split("\t")):
        blanks = _COLUMN - at % _COLUMN if place else 0
        words = "".join(" " * max(1, character_width(c)) if c.isspace() else c for c in _tame(part))
        shown += " " * blanks, words
        at += blanks + width(words)
        if at > limit:
            break
    return clipped("".join(shown).rstrip(), limit)


def _tame(text: str) -> str:
    """Blanks in place of what acts on a terminal."""
    if text.isascii() and text.isprintable():
        return text
    text = DISPUTED.sub("", unicodedata.normalize("NFC", text))
    return "".join(" " if unicodedata.category(c) in _UNSAFE else c for c in text)


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
    """`did you mean "x"?` for the one of `words` that was meant; else the whole choice."""
    words = list(words)
    return f'did you mean "{near}"?' if (near := meant(word, words)) else "choose from " + ", ".join(words)


def meant(word: str, words: Sequence[str]) -> str:
    """The one of `words` that was misspelt, jumbled or cut short; "" where none is like it."""
    lower, known = word.lower(), {each.lower(): each for each in reversed(words)}
    close = difflib.get_close_matches(lower, known, n=1, cutoff=_NEAR)
    alike = [each for each in known if sorted(each) == sorted(lower) or (len(lower) > 2 and each.startswith(lower))]
    return known[(close or alike)[0]] if close or len(alike) == 1 else ""


def counted(number: int, noun: str) -> str:
    """So many of what a noun names, of which there may be one: "1 epoch", "2,000 epochs"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def short_number(number: float) -> str:
    """12,345 → '12.3k', 1,486,352 → '1.49M'; below 10,000 in full."""
    for least, scale, unit in ((999.5e6, 1e9, "G"), (999.5e3, 1e6, "M"), (1e4, 1e3, "k")):
        if abs(number) >= least:
            return f"{_three_digits(number / scale)}{unit}"
    return f"{number:,.0f}"


def four_digits(value: float | None) -> str:
    """0.0123 → '0.0123', 0.0000123 → '1.230e-05', NaN → 'not finite': a metric in a column."""
    if value is None or not math.isfinite(value):
        return "not finite"
    value = not_quite(value) + 0.0  # no -0.0000
    return f"{value:.4f}" if value == 0 or 1e-3 <= abs(value) < 1e5 else f"{value:.3e}"


def not_quite(value: float, digits: int = 4) -> float:
    """The value, where some digits of it are told: one just below 1 is not rounded to it, as if all were right."""
    nearly = 1 - 10.0**-digits
    return nearly if nearly < value < 1 else value


def percent(done: float, whole: float) -> str:
    """' 99 %', in as many cells as '100 %', which is not reached before all is done."""
    return f"{min(100 * done // whole, 100):3.0f} %"


def duration(seconds: float) -> str:
    """'8 s', '2 min 05 s', '3 h 20 min', '2 days 23 h': as much as a person needs."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    if whole < 48 * 3600:
        return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
    days = whole // 86400
    return f"{days} days" if days >= 10 else f"{days} days {whole % 86400 // 3600} h"


def age_words(seconds: float) -> str:
    """'now', '5 min', '3 h', '12 days': in steps so large that a list of ages stands still."""
    minutes = int(seconds // 60)
    if minutes < 60:
        return f"{minutes // 5 * 5} min" if minutes >= 5 else "now"
    hours = minutes // 60
    return f"{hours} h" if hours < 48 else counted(hours // 24, "day")


def size(number_of_bytes: float) -> str:
    """'650 MB', '1.2 GB': powers of ten, as disks are sold."""
    for scale, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if number_of_bytes >= 0.9995 * scale:
            return f"{_three_digits(number_of_bytes / scale)} {unit}"
    return f"{number_of_bytes:.0f} B"


def _three_digits(number: float) -> str:
    """1.49, 12.3, 334, and 1000 rather than 1e+03."""
    return f"{number:.3g}" if abs(number) < 999.5 else f"{number:.0f}"


# Widths ----------------------------------------------------------


@lru_cache(maxsize=4096)
def character_width(character: str) -> int:
    """How many cells a character takes: 0, 1 or 2."""
    if _is_new_block(character):
        return 1
    if unicodedata.category(character) in ("Mn", "Mc", "Me", "Cc", "Cf") or _JOINS.match(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


NEW_BLOCKS = "\U0001cc00-\U0001cebf\U0001fb00-\U0001fbff"
"""The block characters that Unicode got last (13 to 16), in a regular expression: Python may not know them yet."""
_is_new_block = re.compile(f"[{NEW_BLOCKS}]").match
_JOINS = re.compile("[\u1160-\u11ff\ud7b0-\ud7ff]")
"""Vowels and finals of Korean that are drawn into the letter before them."""


def width(text: str) -> int:
    """How many cells a line takes."""
    return len(text) if text.isascii() else sum(map(character_width, text))


def clipped(text: str, columns: int, sign: str = "…") -> str:
    """The text in at most so many cells, its end a sign if it was longer."""
    if width(text) <= columns:
        return text
    kept, room = 0, columns - width(sign)
    while kept < len(text) and (room := room - character_width(text[kept])) >= 0:
        kept += 1
    return text[:kept] + sign


def cut(text: str, columns: int) -> str:
    """As much of the text as there are cells for."""
    return clipped(text, columns, "")


def short_name(name: str, columns: int) -> str:
    """A name that fits, with its end, which tells it from others."""
    if width(name) <= columns:
        return name
    end = cut(name[::-1], 5)[::-1]
    return clipped(name, columns - width(end)) + end


def padded(text: str, columns: int, right: bool = False) -> str:
    """The text with blanks up to so many cells, before it if it is to end at the right."""
    blanks = " " * (columns - width(text))
    return blanks + text if right else text + blanks


def wrapped(text: str, columns: int) -> list[str]:
    """The words of a text in lines of at most so many cells; what is longer than a line goes on in the next."""
    lines = [""]
    for word in text.split():
        while width(word) > columns and (start := cut(word, columns)):
            lines, word = [*lines, start] if lines[-1] else [start], word.removeprefix(start)
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if width(longer) <= columns or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def flowed(text: str, columns: int | None) -> str:
    """Each line of a text, gone on with below where it is wider than a terminal of so many columns."""
    return "\n".join(line for whole in text.split("\n") for line in (wrapped(whole, columns) if columns else [whole]))


def aligned(rows: Sequence[Sequence[str]], right: Sequence[int] = (), columns: int | None = None) -> str:
    """Rows as columns two spaces apart; the columns in `right` end together.

    Where they are wider than so many `columns` of a terminal, words go on below, within their column.
    """
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    if columns and sum(widths) + 2 * len(widths) - 2 > columns:
        widths = _narrower(rows, widths, columns)
        rows = [below for row in rows for below in _broken(row, widths)]
    lines = ["  ".join(padded(cell, widths[n], n in right) for n, cell in enumerate(row)).rstrip() for row in rows]
    return "\n".join(lines)


_LEAST_COLUMN = 8


def _narrower(rows: Sequence[Sequence[str]], widths: list[int], columns: int) -> list[int]:
    """Widths that fit, taken from the widest; words are parted only where nothing else helps."""
    words = [max(width(word) for row in rows for word in (row[n].split() or [""])) for n in range(len(widths))]
    for least in ([word + _indent(rows, n) for n, word in enumerate(words)], [_LEAST_COLUMN] * len(widths)):
        while sum(widths) + 2 * len(widths) - 2 > columns:
            widest = max(range(len(widths)), key=lambda n: widths[n] - least[n] if widths[n] > least[n] else -1)
            if widths[widest] <= least[widest]:
                break
            widths = [wide - (n == widest) for n, wide in enumerate(widths)]
    return widths


def _indent(rows: Sequence[Sequence[str]], column: int) -> int:
    return max(len(row[column]) - len(row[column].lstrip()) for row in rows)


def _broken(row: Sequence[str], widths: Sequence[int]) -> list[list[str]]:
    """A row as the lines that it takes."""
    cells = []
    for cell, wide in zip(row, widths, strict=True):
        before = cell[: len(cell) - len(cell.lstrip())]
        whole = width(cell) <= wide
        cells.append([cell] if whole else [before + line for line in wrapped(cell, wide - len(before))])
    return [[cell[n] if n < len(cell) else "" for cell in cells] for n in range(max(map(len, cells)))]


# Characters ----------------------------------------------------------

_PLAIN = {
    ord(character): plain
    for plain, characters in {
        "-": "─━┄┅┈═╴╶╸╺–—▔▀", "|": "│┃┆║╵╷▏▎▍▌▐▕▋▊▉", "+": "╭╮╯╰┌┐┘└├┤┬┴┼┏┓┗┛┠╔╗╚╝±", "_": "▁▂", "=": "▃▄▅▆▇‖",
        "#": "█■▓", ".": "░·…°⋅", ":": "▒", "*": "•●◉▪◆✦", "o": "○◯□▫◇", "^": "▲△↑⌃⇧", "v": "▼▽▾↓✓✔√",
        ">": "▶▸►▷→≥", "<": "◀◂◁◄←↵≤", "x": "×✕✗✘", "/": "÷", '"': "“”", "~": "≈", "u": "µ",
    }.items()
    for character in characters
}  # fmt: skip
"""ASCII that stands for what interfaces are drawn with."""


def keys_in_words(text: str) -> str:
    """Keys that are named by signs, where there is only ASCII: what is like ⏎ there would be another key."""
    return text.replace("⏎", "enter")


def plain(text: str, encoding: str = "ascii") -> str:
    """The text in characters that an encoding has, as wide: what it lacks becomes ASCII that is like it, or `?`."""
    return text if text.isascii() else "".join(_plain(character, encoding) for character in text)


@lru_cache(maxsize=4096)
def _plain(character: str, encoding: str) -> str:
    if can_be_written(character, encoding):
        return character
    like = character.translate(_PLAIN)
    if unicodedata.category(character).startswith("L"):
        like = unicodedata.normalize("NFKD", character)[0]  # é is an e with an accent
    cells = character_width(character)
    return padded(like if like.isascii() else "?", cells) if cells else ""


def can_be_written(text: str, encoding: str) -> bool:
    """Whether an encoding that Python knows has all characters of a text."""
    try:
        return text.encode(encoding) != b""
    except (UnicodeEncodeError, LookupError):
        return False
