"""Words on a screen that lead to a file or folder, where the terminal takes links; elsewhere they are mere words."""

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.content import Content
from textual.strip import Strip
from textual.style import Style

from gan_tui.system.links import uri


def leading_to(text: str, words: str, path: object) -> Content:
    """A text of which some words, where they are first, lead there."""
    before, found, after = text.partition(words) if words else (text, "", "")
    leads_to = uri(path)
    return Content.assemble(before, (found, Style(link=leads_to)), after) if found and leads_to else Content(text)


def begins_with_link(strip: Strip, words: str, path: object) -> Strip:
    """A line that begins with words of one style, which lead there."""
    first, *rest = [*strip] or [Segment("")]
    leads_to = uri(path)
    if not words or not leads_to or first.text != words:
        return strip
    style = (first.style or RichStyle()) + RichStyle(link=leads_to)
    return Strip([Segment(words, style), *rest], strip.cell_length)
