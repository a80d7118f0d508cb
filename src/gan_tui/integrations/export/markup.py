"""HTML and SVG that are written so that no text can become markup: only what `tag` has made is not escaped."""

from html import escape


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


def tag(name: str, /, *inside: "str | Markup", **attributes: "str | float | bool | None") -> Markup:
    """An element. Text in it, and values of attributes, are escaped.

    An underscore in an attribute's name is a hyphen, one at its end is left out (class_); of a value that is True the
    name alone is written, of None or False nothing. A number has one decimal at most.
    """
    written = "".join(_attribute(key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    content = joined(*inside)
    return Markup(f"<{name}{written}>" if name in _EMPTY else f"<{name}{written}>{content}</{name}>")


_EMPTY = ("img", "meta", "br")


def _attribute(name: str, value: "str | float | bool | None") -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return f" {name}"
    return f' {name}="{escape(value if isinstance(value, str) else number(value))}"'


def number(value: float) -> str:
    """With one decimal, where it is none that is 0."""
    return f"{value:.1f}".removesuffix(".0")


def joined(*parts: "str | Markup", by: str = "") -> Markup:
    """Parts one after the other, text escaped."""
    return Markup(escape(by).join(part if isinstance(part, Markup) else escape(part) for part in parts))
