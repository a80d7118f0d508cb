"""A terminal's screen as a picture: blocks, braille and box lines as exact shapes, all else from a font."""

import unicodedata
from collections import Counter
from functools import cache
from itertools import product
from pathlib import Path

import pyte
from PIL import Image, ImageColor, ImageDraw, ImageFont

WIDTH, HEIGHT = 12, 24
"""Of a cell, in pixels: both can be halved, and the height divided by eight."""
FONT_SIZE = 20
MARGIN = 12
PART_OF_AN_IMAGE = "\U0010eeee"
"""What the Kitty protocol has in cells that show images: nothing is drawn for it."""

FONT_FOLDERS = (
    "/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/dejavu-sans-mono-fonts", "/usr/share/fonts/dejavu",
    "/usr/share/fonts/TTF", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts", "/Library/Fonts",
    "~/Library/Fonts",
)  # fmt: skip
REGULAR, BOLD, FALLBACK = "DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf", "DejaVuSans.ttf"

Color = tuple[int, int, int]

TEXT, PAPER = "d5d9e3", "11131a"
NAMED = {
    "black": "000000", "red": "cd3131", "green": "0dbc79", "brown": "e5e510", "blue": "2472c8", "magenta": "bc3fbc",
    "cyan": "11a8cd", "white": "e5e5e5", "brightblack": "666666", "brightred": "f14c4c", "brightgreen": "23d18b",
    "brightbrown": "f5f543", "brightblue": "3b8eea", "brightmagenta": "d670d6", "brightcyan": "29b8db",
    "brightwhite": "ffffff",
}  # fmt: skip
"""The sixteen colours that a terminal chooses for itself, as Visual Studio Code does."""

QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
"""By bits: upper left, upper right, lower left, lower right."""
BRAILLE_DOTS = (0, 3, 1, 4, 2, 5, 6, 7)
"""The bit of each dot of 2 × 4, in reading order."""
SHADES = {"░": 1 / 4, "▒": 1 / 2, "▓": 3 / 4}
_LEFT, _RIGHT, _UP, _DOWN = "LEFT", "RIGHT", "UP", "DOWN"
_ARMS = {"HORIZONTAL": (_LEFT, _RIGHT), "VERTICAL": (_UP, _DOWN)}


def draw(screen: pyte.Screen) -> Image.Image:
    """The screen, with a margin in the paper that most cells at its sides have."""
    places = list(product(range(screen.lines), range(screen.columns)))
    sides = (0, screen.columns - 1)
    papers = Counter(_colors(screen.buffer[row][column])[1] for row, column in places if column in sides)
    size = (screen.columns * WIDTH + 2 * MARGIN, screen.lines * HEIGHT + 2 * MARGIN)
    image = Image.new("RGB", size, papers.most_common(1)[0][0])
    for row, column in places:
        cell = screen.buffer[row][column]
        character = cell.data[:1].replace(PART_OF_AN_IMAGE, " ") or " "
        image.paste(_cell(character, *_colors(cell), cell.bold, cell.underscore), _corner(row, column))
    return image


def _corner(row: int, column: int) -> tuple[int, int]:
    return MARGIN + column * WIDTH, MARGIN + row * HEIGHT


def _colors(cell: pyte.screens.Char) -> tuple[Color, Color]:
    """(ink, paper)"""
    ink, paper = _color(cell.fg, TEXT), _color(cell.bg, PAPER)
    return (paper, ink) if cell.reverse else (ink, paper)


@cache
def _color(name: str, default: str) -> Color:
    return ImageColor.getrgb("#" + (default if name == "default" else NAMED.get(name, name)))


@cache
def _cell(character: str, ink: Color, paper: Color, bold: bool, underlined: bool) -> Image.Image:
    image = Image.new("RGB", (WIDTH, HEIGHT), paper)
    pen = ImageDraw.Draw(image)
    if character in QUADRANTS:
        _fill(pen, ink, 2, 2, QUADRANTS.index(character))
    elif "\u2800" <= character <= "\u28ff":
        _dots(pen, ink, ord(character) - 0x2800)
    elif character in SHADES:
        share = SHADES[character]
        image.paste(tuple(round(share * a + (1 - share) * b) for a, b in zip(ink, paper, strict=True)), image.getbbox())
    elif "\u2581" <= character <= "\u2587":
        eighths = ord(character) - 0x2580
        pen.rectangle((0, HEIGHT - eighths * HEIGHT // 8, WIDTH, HEIGHT), fill=ink)
    elif "\u2589" <= character <= "\u258f":
        eighths = 8 - (ord(character) - 0x2588)
        pen.rectangle((0, 0, eighths * WIDTH // 8 - 1, HEIGHT), fill=ink)
    elif arms := _arms(character):
        _lines(pen, ink, arms, rounded="ARC" in unicodedata.name(character))
    else:
        _glyph(pen, ink, character, bold)
    if underlined:
        pen.line((0, HEIGHT - 3, WIDTH, HEIGHT - 3), fill=ink)
    return image


def _fill(pen: ImageDraw.ImageDraw, ink: Color, across: int, down: int, bits: int) -> None:
    wide, high = WIDTH // across, HEIGHT // down
    for number in range(across * down):
        if bits >> number & 1:
            x, y = number % across * wide, number // across * high
            pen.rectangle((x, y, x + wide - 1, y + high - 1), fill=ink)


def _dots(pen: ImageDraw.ImageDraw, ink: Color, bits: int) -> None:
    for number, bit in enumerate(BRAILLE_DOTS):
        if bits >> bit & 1:
            x, y = number % 2 * WIDTH // 2, number // 2 * HEIGHT // 4
            pen.rounded_rectangle((x, y, x + 4, y + 4), 1, fill=ink)


def _arms(character: str) -> dict[str, int]:
    """The thickness in pixels of each arm of a box-drawing character; nothing for any other."""
    name = unicodedata.name(character, "")
    prefix, _, words = name.removeprefix("BOX DRAWINGS ").replace("ARC ", "").partition(" ")
    if not name.startswith("BOX DRAWINGS ") or prefix not in ("LIGHT", "HEAVY"):
        return {}
    sides = [side for word in words.split(" AND ") for side in _ARMS.get(word, (word,))]
    thick = 2 if prefix == "LIGHT" else 4
    return dict.fromkeys(sides, thick) if set(sides) <= {_LEFT, _RIGHT, _UP, _DOWN} else {}


def _lines(pen: ImageDraw.ImageDraw, ink: Color, arms: dict[str, int], *, rounded: bool) -> None:
    x, y, half = WIDTH // 2, HEIGHT // 2, max(arms.values()) // 2
    if rounded:  # a quarter of a circle from the middle of one edge towards the next, straight for the rest
        right, down = _RIGHT in arms, _DOWN in arms
        box = (x - half if right else x + half - 1 - WIDTH, y - half if down else y + half - 1 - WIDTH)
        angle = {(True, True): 180, (False, True): 270, (False, False): 0, (True, False): 90}[right, down]
        pen.arc((*box, box[0] + WIDTH, box[1] + WIDTH), angle, angle + 90, fill=ink, width=2 * half)
        pen.rectangle((x - half, y + WIDTH // 2 - half, x + half - 1, HEIGHT) if down else
                      (x - half, 0, x + half - 1, y - WIDTH // 2 + half - 1), fill=ink)  # fmt: skip
        return
    if _LEFT in arms or _RIGHT in arms:
        ends = 0 if _LEFT in arms else x - half, WIDTH if _RIGHT in arms else x + half - 1
        pen.rectangle((ends[0], y - half, ends[1], y + half - 1), fill=ink)
    if _UP in arms or _DOWN in arms:
        ends = 0 if _UP in arms else y - half, HEIGHT if _DOWN in arms else y + half - 1
        pen.rectangle((x - half, ends[0], x + half - 1, ends[1]), fill=ink)


def _glyph(pen: ImageDraw.ImageDraw, ink: Color, character: str, bold: bool) -> None:
    regular = _font(REGULAR)
    font = _font(BOLD) if bold else regular
    if _lacks(regular, character):
        font = _font(FALLBACK)
    ascent, descent = regular.getmetrics()
    baseline = (HEIGHT - ascent - descent) // 2 + ascent
    room = max(0.0, font.getlength(character) - WIDTH)
    pen.text((-room / 2, baseline), character, font=font, fill=ink, anchor="ls")


@cache
def _lacks(font: ImageFont.FreeTypeFont, character: str) -> bool:
    """Whether a font draws its sign for "no such character"."""
    return bytes(font.getmask(character)) == bytes(font.getmask("\U0010fffe")) and not character.isspace()


@cache
def _font(name: str) -> ImageFont.FreeTypeFont:
    """Raises SystemExit when the font is not installed."""
    for folder in map(Path, FONT_FOLDERS):
        if found := next(iter(sorted(folder.expanduser().rglob(name))), None):
            return ImageFont.truetype(found, FONT_SIZE)
    raise SystemExit(f"The font {name} is not installed; on Debian, apt install fonts-dejavu-core brings it.")
