"""Colours and attributes as a terminal takes them, and a pen that says only what changes."""

from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakValueDictionary

from rich.color import Color, ColorType
from rich.style import Style

from gan_tui.dashboard.terminal.sign_words import link
from gan_tui.drawing.sixteen import SIXTEEN, named
from gan_tui.drawing.terminal import ColorDepth

_CUBE = (0, 95, 135, 175, 215, 255)
_KEPT = 512
"""Looks that are remembered: a picture has some hundred, and a cache that fills for hours looks like a leak."""
_STANDS_OUT = 0.1
"""How far (of black to white) a background differs from the paper that is reversed where there are no colours."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Look:
    """How a cell looks, in parameters of the sequence that selects it (ECMA-48's SGR)."""

    ink: str | None
    """None where no ink shows: a blank takes any."""
    paper: str
    attributes: str
    link: str = ""
    """Where it leads (OSC 8); nowhere, where that is empty."""


class Looks:
    """Styles as the looks that a depth has; equal looks are one object."""

    def __init__(self, depth: ColorDepth) -> None:
        self._depth = depth
        self.paper = 0.0
        """Lightness, 0..1, of the app's background: with few colours, what differs from it is reversed."""
        self._made: WeakValueDictionary[tuple[str | None, str, str, str], Look] = WeakValueDictionary()
        self.of = lru_cache(maxsize=_KEPT)(self._of)
        self.of_blank = lru_cache(maxsize=_KEPT)(self._of_blank)
        self.reversed = lru_cache(maxsize=_KEPT)(self._reversed)

    def paper_is(self, color: Color) -> None:
        """The app's background has another colour."""
        self.paper = _lightness(color)
        self.of.cache_clear()
        self.of_blank.cache_clear()

    def _of(self, style: Style | None) -> Look:
        if style is None:
            return self._look(None, "49", "")
        reverse = style.bgcolor is not None and self._is_reversed(style.bgcolor)
        attributes, leads_to = _attributes(style, bool(style.reverse) != reverse), style.link or ""
        if self._depth is ColorDepth.MONO or reverse:
            return self._look("39", "49", attributes, leads_to)
        if self._depth is ColorDepth.COLORS_16:
            ink, paper = _named_ink(style.color, self.paper < 0.5), _named_paper(style.bgcolor)
            return self._look(ink, paper, attributes, leads_to)
        ink = _parameters(style.color, self._depth, 38)
        return self._look(ink, _parameters(style.bgcolor, self._depth, 48), attributes, leads_to)

    def _of_blank(self, style: Style | None) -> Look:
        look = self.of(style)
        plain = not set(look.attributes.split(";")) & {"4", "7", "9"}  # a line or a reversal shows without a character
        return self._look(None, look.paper, "") if plain else look

    def _reversed(self, look: Look) -> Look | None:
        """The look with ink and paper exchanged; None where one of them is the terminal's own."""
        if look.ink is None or look.attributes or look.link:
            return None
        if not (look.ink.startswith("38;") and look.paper.startswith("48;")):
            return None
        return self._look("38;" + look.paper[3:], "48;" + look.ink[3:], "")

    def _look(self, ink: str | None, paper: str, attributes: str, leads_to: str = "") -> Look:
        leads_to = leads_to if leads_to.isascii() and leads_to.isprintable() else ""  # it stands in a control string
        return self._made.setdefault((ink, paper, attributes, leads_to), Look(ink, paper, attributes, leads_to))

    def _is_reversed(self, paper: Color) -> bool:
        """Whether the background of a word stands out, and no colour is there to show that with."""
        few = self._depth in (ColorDepth.MONO, ColorDepth.COLORS_16)
        if not few or (self._depth is ColorDepth.COLORS_16 and _packed(paper) in SIXTEEN):
            return False
        return abs(_lightness(paper) - self.paper) > _STANDS_OUT


def _attributes(style: Style, reverse: bool) -> str:
    ways = (style.bold, style.dim, style.italic, style.underline, reverse, style.strike)
    return ";".join(code for code, on in zip("123479", ways, strict=True) if on)


class Pen:
    """What the terminal draws with at the moment."""

    def __init__(self) -> None:
        self._now: Look | None = None
        self.links = False
        """Whether the terminal takes links."""
        self._link: str | None = ""
        """Where what is drawn leads to; None where that is not known."""

    def lift(self) -> None:
        """It is not known any more what the terminal draws with."""
        self._now, self._link = None, None if self.links else ""

    def fits(self, look: Look) -> bool:
        """Whether the terminal draws so already."""
        now = self._now
        return (
            now is not None
            and (now.paper, now.attributes) == (look.paper, look.attributes)
            and (look.ink is None or look.ink == now.ink)
            and (not self.links or self._link == look.link)
        )

    def cost(self, look: Look) -> int:
        """Characters that say what changes, about."""
        now = self._now
        if now is None:
            return 0
        return len(look.ink or "") * (look.ink not in (None, now.ink)) + len(look.paper) * (look.paper != now.paper)

    def take(self, look: Look) -> str:
        """The sequence that makes the terminal draw so; empty when it does."""
        if self.links and self._link != look.link:
            self._link = look.link
            return link(look.link) + self._take(look)
        return self._take(look)

    def _take(self, look: Look) -> str:
        now = self._now
        if now is look:
            return ""
        if now is None or now.attributes != look.attributes:
            self._now = look if look.ink is not None else Look("39", look.paper, look.attributes)
            codes = [
                "0",
                look.attributes,
                look.ink if look.ink != "39" else None,
                look.paper if look.paper != "49" else "",
            ]
            return _select(codes)
        ink = look.ink if look.ink is not None else now.ink
        self._now = look if ink is look.ink else Look(ink, look.paper, look.attributes)
        return _select([ink if ink != now.ink else "", look.paper if look.paper != now.paper else ""])


def _select(codes: list[str | None]) -> str:
    parameters = ";".join(code for code in codes if code)
    return f"\x1b[{parameters}m" if parameters else ""


def _named_ink(color: Color | None, on_dark: bool) -> str:
    """One of sixteen colours where a picture has chosen it, one of six where a word is coloured, or the terminal's."""
    if color is None or color.is_default:
        return "39"
    packed = _packed(color)
    number = SIXTEEN.index(packed) if packed in SIXTEEN else named(packed, on_dark)
    return "39" if number is None else str(30 + number if number < 8 else 82 + number)


def _named_paper(color: Color | None) -> str:
    """One of sixteen colours where a picture has chosen it; words have the terminal's own paper."""
    if color is None or color.is_default or _packed(color) not in SIXTEEN:
        return "49"
    number = SIXTEEN.index(_packed(color))
    return str(40 + number if number < 8 else 92 + number)


def _packed(color: Color) -> int:
    red, green, blue = color.get_truecolor()
    return red << 16 | green << 8 | blue


def _parameters(color: Color | None, depth: ColorDepth, kind: int) -> str:
    """`kind` is 38 for ink and 48 for paper."""
    if color is None or color.is_default:
        return str(kind + 1)
    if color.type is ColorType.EIGHT_BIT:  # an image's number
        return f"{kind};5;{color.number}"
    red, green, blue = color.get_truecolor()
    if depth is ColorDepth.TRUECOLOR and not (red == green == blue and _is_near_a_grey(red)):
        return f"{kind};2;{red};{green};{blue}"
    return f"{kind};5;{_index_256(red, green, blue)}"


def _index_256(red: int, green: int, blue: int) -> int:
    """The nearest of the 216 colours of the cube and the 24 greys, by squared distance.

    Rich's own conversion takes some of these greys for their neighbours.
    """
    steps = [min(range(6), key=lambda step: abs(_CUBE[step] - level)) for level in (red, green, blue)]
    grey = min(23, max(0, round(((red + green + blue) / 3 - 8) / 10)))

    def error(*levels: int) -> int:
        return sum((one - other) ** 2 for one, other in zip(levels, (red, green, blue), strict=True))

    level = 8 + 10 * grey
    if error(level, level, level) < error(*(_CUBE[step] for step in steps)):
        return 232 + grey
    return 16 + 36 * steps[0] + 6 * steps[1] + steps[2]


def _is_near_a_grey(level: int) -> bool:
    """Whether the 256 colours have this grey, to the eye: pictures are grey, and a number is half as long."""
    return level <= 243 or level >= 253


def _lightness(color: Color) -> float:
    red, green, blue = color.get_truecolor()
    return (0.3 * red + 0.59 * green + 0.11 * blue) / 255
