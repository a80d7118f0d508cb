"""How an exported page looks: in the colours of a dark theme or a light one, as the system asks; light on paper."""

from gan_tui.integrations.export.ink import Ink

_NAMES = ("text", "dim", "accent", "good", "bad", "warning", "background", "chosen")
_RULES = """
:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem 1.25rem 4rem; background: var(--background); \
color: var(--text); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0; }
h2 { font-size: 1.25rem; margin: 2.4rem 0 .6rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
h3 { font-size: 1rem; margin: 1.4rem 0 .3rem; }
p { margin: .3rem 0; }
.dim, figcaption, caption, footer { color: var(--dim); }
.state { font-weight: 600; }
.good { color: var(--good); } .bad { color: var(--bad); } .warning { color: var(--warning); }
table { border-collapse: collapse; margin: .4rem 0 1rem; font-variant-numeric: tabular-nums; \
overflow-wrap: break-word; }
caption { text-align: left; padding-bottom: .25rem; }
th, td { text-align: left; vertical-align: top; padding: .2rem 1.1rem .2rem 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--dim); font-weight: 600; }
tbody th { font-weight: 400; }
.number { text-align: right; } .number, thead th { white-space: nowrap; }
tr.changed th, tr.changed td { background: var(--chosen); }
tr.changed th { font-weight: 600; }
figure { margin: 0 0 1.4rem; }
.wide { overflow-x: auto; }
.chart { display: block; width: 100%; height: auto; font: 11px system-ui, sans-serif; }
.chart text { fill: var(--text); } .chart .tick { fill: var(--dim); }
.chart .middle { text-anchor: middle; } .chart .end { text-anchor: end; }
.chart path { fill: none; } .chart .axis { stroke: var(--dim); } .chart .grid { stroke: var(--line); }
.chart .level { stroke: var(--dim); stroke-dasharray: 1 4; }
.chart .line { stroke-width: 1.8; stroke-linejoin: round; } .chart .spread { stroke-width: 1; opacity: .35; }
.curves { list-style: none; margin: 0; padding: 0; font-size: .9rem; }
.curves b { font-weight: 600; }
.pictures { display: flex; flex-wrap: wrap; gap: 1.2rem 1.6rem; }
.pictures figure { max-width: 100%; margin: 0; }
.pictures img { display: block; max-width: 100%; height: auto; image-rendering: pixelated; }
figcaption { font-size: .9rem; max-width: 40rem; }
summary { cursor: pointer; }
footer { margin-top: 3rem; font-size: .85rem; }
@media print {
  body { max-width: none; padding: 0; font-size: 11pt; }
  h2, h3, caption { break-after: avoid; }
  figure, tr { break-inside: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
"""


def style(dark: Ink, light: Ink) -> str:
    """All rules."""
    shades = f"@media (prefers-color-scheme: dark) {{ :root {{ {_colors(dark)} }} }}"
    paper = f"@media print {{ :root {{ color-scheme: light; {_colors(light)} --background: #ffffff; }} }}"
    return f":root {{ {_colors(light)} }}\n{shades}\n{paper}\n{_curves(len(light.series))}{_RULES}"


def _colors(ink: Ink) -> str:
    named = [(name, getattr(ink, name)) for name in _NAMES] + [(f"c{n}", color) for n, color in enumerate(ink.series)]
    line = f"--line: color-mix(in srgb, #{ink.dim:06x} 30%, #{ink.background:06x});"
    return " ".join([*(f"--{name}: #{color:06x};" for name, color in named), line])


def _curves(count: int) -> str:
    """What is of a curve has its colour."""
    rules = (
        f".c{n}.line, .c{n}.spread {{ stroke: var(--c{n}); }} .c{n}.dot {{ fill: var(--c{n}); }} "
        f".chart .c{n}.name, b.c{n} {{ fill: var(--c{n}); color: var(--c{n}); }}\n"
        for n in range(count)
    )
    return "".join(rules)
