"""Strings that try to touch a terminal or an interface, and the scan for what must never reach one."""

import unicodedata

STRINGS = {
    "OSC 52": "a\x1b]52;c;aGk=\x07b",
    "OSC 8": "a\x1b]8;;https://example.org\x1b\\b\x1b]8;;\x1b\\",
    "OSC 0": "a\x1b]0;title\x07b",
    "CSI": "a\x1b[2J\x1b[1;1H\x1b[31mb",
    "DCS": "a\x1bP+q544e\x1b\\b",
    "APC": "a\x1b_Gf=100;AAAA\x1b\\b",
    "C1": "a\x9b31mb\x9d52;c;aGk=\x9cb\x90q\x9c",
    "bidi": "a\u202eb\u2066c\u2069\u200f\u061cd",
    "zero-width": "a\u200bb\u200dc\ufeffd\u2060\u00ade",
    "lines": "a\nb\r\nc\rd\x0be\x0cf\x85g\u2028h\u2029i",
    "tabs and bells": "a\tb\x07c\x08d\x00e\x7ff",
    "an action": "[@click=app.bell]x[/]",
    "markup": "[/]",
    "nested markup": "[bold][/][red on blue]x[link=https://example.org]y[/link",
    "a tag": "a\U000e0041\U000e007fb",
    "private use": "a\ue000\U0010fffdb",
    "combining": "a" + "\u0301" * 2000,
    "long": "x" * 1_000_000,
    "percent": "%s%n{0}{x!r}",
}
BYTES = {
    "invalid UTF-8": b"a\xff\xfe\x80b",
    "C1 as bytes": b"a\x9b31mb",
    "a surrogate": b"a\xed\xa0\x80b",
}
"""File names that are no text."""


def harm(printed: bytes) -> str:
    """What in some output is no printable character or line end; empty when all is well."""
    text = printed.decode("utf-8", errors="surrogateescape")
    for position, character in enumerate(text):
        if character != "\n" and unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
            return f"{character!r} in {text[max(0, position - 60) : position + 20]!r}"
    longest = max(map(len, text.split("\n")))
    return f"a line of {longest:,} characters" if longest > 20_000 else ""
