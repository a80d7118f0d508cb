"""What a check finds, and how findings are printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from gan_tui.text import harmless, wrapped

Outcome = Literal["ok", "attention", "broken"]


@dataclass(frozen=True)
class Finding:
    """One line: `state` is "broken" where no run can work, "attention" where something may go wrong."""

    name: str
    text: str
    state: Outcome = "ok"
    remedy: str = ""
    """The one command that helps, where something is wrong."""


Groups = dict[str, Sequence[Finding]]
"""Heading → its findings."""

_MARK = len("attention")
_LEAST, _MOST = 40, 110
"""Columns of what is printed."""


def printed(groups: Groups, columns: int) -> str:
    """The findings in aligned columns under their headings, no wider than the terminal."""
    columns = max(_LEAST, min(columns, _MOST))
    wide = max(len(finding.name) for findings in groups.values() for finding in findings)
    lines: list[str] = []
    for heading, findings in groups.items():
        lines += ["", heading]
        for finding in findings:
            lines += _lines(finding, wide, columns)
    return "\n".join([*lines[1:], "", _summary(groups)])


def _lines(finding: Finding, wide: int, columns: int) -> list[str]:
    head = f"  {finding.state:<{_MARK}}  {finding.name:<{wide}}  "
    below = " " * len(head)
    words = wrapped(harmless(finding.text, 500), columns - len(head))
    lines = [head + words[0], *(below + line for line in words[1:])]
    if finding.remedy:
        lines.append(f"{below}-> {harmless(finding.remedy, 500)}")  # never wrapped: it is there to be copied
    return [line.rstrip() for line in lines]


def _summary(groups: Groups) -> str:
    found = [finding.state for findings in groups.values() for finding in findings]
    broken, attention = found.count("broken"), found.count("attention")
    if broken:
        return f"Runs cannot work here; broken: {broken}. Fixes are shown after ->."
    if attention:
        return f"Runs work here; needs attention: {attention}. Fixes are shown after ->."
    return "No problems found."


def as_rows(groups: Groups) -> list[dict[str, str]]:
    """The findings as plain values, for scripts."""
    return [
        {"group": heading, "name": one.name, "state": one.state, "text": harmless(one.text), "remedy": one.remedy}
        for heading, findings in groups.items()
        for one in findings
    ]


def works(groups: Groups) -> bool:
    """Whether a run can work."""
    return all(finding.state != "broken" for findings in groups.values() for finding in findings)
