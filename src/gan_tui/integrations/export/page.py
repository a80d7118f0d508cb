"""A run as one page that a person can send: charts, pictures, settings, layers, and what happened, in words, too.

Nothing is fetched from elsewhere and nothing runs in it, which its policy also says to the browser: it has no script,
and all styles stand in its head. Every word of a run is escaped (`markup`).
"""

import base64
import hashlib
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from gan_tui.integrations.export import page_tables as tables
from gan_tui.integrations.export.ink import Ink
from gan_tui.integrations.export.markup import Markup, tag
from gan_tui.integrations.export.new_file import written
from gan_tui.integrations.export.page_charts import charts
from gan_tui.integrations.export.page_style import style
from gan_tui.integrations.export.png_picture import in_few_colors
from gan_tui.integrations.export.sheets import Sheets
from gan_tui.integrations.export.whole_run import WholeRun
from gan_tui.run.events import Picture
from gan_tui.run.pictures import name_of
from gan_tui.text import counted

MOST_BYTES = 700_000
"""Of all pictures: a page is to be sent."""
_SEEN, _LARGEST = 420, 640
"""Pixels of a picture's longer side as it is seen: at least, unless it is larger; at most."""
_MOST_LABELS = 32


def export(
    run: WholeRun, settings: Sequence[tables.Setting], path: Path, dark: Ink, light: Ink, replace: bool = False
) -> None:
    """Raises UserError where it cannot be written."""
    with written(path, replace) as file:
        file.write(page(run, settings, dark, light).encode())


def page(run: WholeRun, settings: Sequence[tables.Setting], dark: Ink, light: Ink) -> str:
    """The whole document; `settings` are told in the order in which they are given."""
    rules, name = style(dark, light), run.folder.name
    allowed = base64.b64encode(hashlib.sha256(rules.encode()).digest()).decode()
    policy = f"default-src 'none'; img-src data:; style-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", f"{name}: a run of gan-tui"),
        Markup(f"<style>{rules}</style>"),
    )
    parts = [tables.head(run), *_sections(run, settings, dark)]
    foot = tag("footer", tag("p", "Written by gan-tui. The page fetches nothing and runs nothing."))
    body = tag("body", tag("main", *parts), foot)
    return f"<!DOCTYPE html>\n{tag('html', head, body, lang='en')}\n"


def _sections(run: WholeRun, settings: Sequence[tables.Setting], ink: Ink) -> Iterator[Markup]:
    """Those of which there is something to say."""
    drawn, more = charts(run.state)
    if more:
        drawn.append(tag("p", f"There is no room for {counted(more, 'more chart')}; the CSV export has all numbers."))
    for title, parts in (
        ("Results", tables.results(run)),
        ("Charts", drawn),
        ("Pictures", _pictures(run, ink)),
        ("Settings", tables.settings(run, settings)),
        ("Layers", tables.layers(run)),
        ("What happened", tables.events(run)),
        ("Versions", tables.versions(run)),
    ):
        if inside := [*parts]:
            yield tag("section", tag("h2", title), *inside)


# Pictures ----------------------------------------------------------------------------------------------------


def _pictures(run: WholeRun, ink: Ink) -> Iterator[Markup]:
    """The newest of each tag, as many as there is room for; the others are named."""
    figures, left_out, room = list[Markup](), list[str](), MOST_BYTES
    for shown in run.pictures:
        picture, called = run.pictures[shown][-1], shown if run.state.is_of_others else name_of(shown)
        try:
            content, (height, width) = _png(Sheets(run, shown, ink), picture)
        except (OSError, ValueError):
            left_out.append(f"{called} (cannot be read)")
            continue
        if len(content) > room:
            left_out.append(f"{called} (too large)")
            continue
        room -= len(content)
        figures.append(_figure(picture, called, content, (height, width)))
    if figures:
        yield tag("div", *figures, class_="pictures")
    if left_out:
        yield tag("p", f"Not shown: {', '.join(left_out)}.", class_="dim")


def _png(sheets: Sheets, picture: Picture) -> tuple[bytes, tuple[int, int]]:
    """The file, a pixel a pixel, and the (height, width) that it is seen at. Raises OSError or ValueError."""
    surface = picture.kind == "surface"
    pixels, file = sheets.draw(picture, _SEEN if surface else 1), io.BytesIO()
    in_few_colors(pixels).save(file, "PNG", optimize=True)
    height, width = pixels.shape[:2]
    factor = max(1, min(-(-_SEEN // max(height, width)), _LARGEST // max(height, width)))
    return file.getvalue(), (height * factor, width * factor)


def _figure(picture: Picture, called: str, content: bytes, size: tuple[int, int]) -> Markup:
    source = f"data:image/png;base64,{base64.b64encode(content).decode()}"
    image = tag("img", src=source, alt=_in_words(picture, called), width=size[1], height=size[0])
    labels = [f"{number}. {label}" for number, label in enumerate(picture.labels[:_MOST_LABELS], 1)]
    more = f" … {len(picture.labels):,} in all" if len(picture.labels) > _MOST_LABELS else ""
    said = [tag("p", tag("b", called), f", step {picture.step:,}")]
    said += [tag("p", "; ".join(labels) + more)] if labels else []
    return tag("figure", image, tag("figcaption", *said))


def _in_words(picture: Picture, called: str) -> str:
    height, width = picture.tile
    if picture.kind == "surface":
        return f"{called} at step {picture.step:,}: which class the network sees where in the plane"
    tiles = f"{counted(picture.count, 'tile')} of {height} × {width} pixels"
    return f"{called} at step {picture.step:,}: {tiles}"
