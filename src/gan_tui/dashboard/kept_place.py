"""Where a person was in the menu, kept for the next time in a file of their own; of two that leave, the last one's."""

import json
import math
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from gan_tui.dashboard.listed.look import ListLook, first_look
from gan_tui.dashboard.menu_place import MenuPlace
from gan_tui.dashboard.painting import Painting, Point
from gan_tui.system import kept_answers
from gan_tui.text import harmless

_NAME = "place"
_MOST_POINTS, _MOST_CLASSES = 20_000, 9
_MOST_PRESETS, _MOST_SETTINGS, _LONGEST = 50, 100, 4096
"""Whose typed settings are kept; how many of each; characters of a text."""
_RUNS = "runs"
_MOST_MARKED = 1000


def read(run: Path | None = None, logs: Path | None = None) -> MenuPlace:
    """As it was left, with a run chosen, or a folder of logs listed; what cannot be read is as at first."""
    kept = kept_answers.kept(_NAME)
    return MenuPlace(
        run=run or (Path(kept["run"]) if kept.get("run") else None),
        among_runs=kept.get("pane") == _RUNS and run is None,
        logs=logs,
        painting=Painting(_points(_parsed(kept.get("points", "")))),
        preset_name=kept.get("preset", ""),
        before=_typed(_parsed(kept.get("typed", ""))),
        look=_look(_parsed(kept.get("list", "")), is_open=run is None) if logs is None else first_look(),
    )


def written(place: MenuPlace) -> dict[str, str]:
    """What is kept of it."""
    typed = dict(list(place.all_typed().items())[-_MOST_PRESETS:])
    points = place.painting.points if len(place.painting.points) <= _MOST_POINTS else ()
    return {
        "preset": place.preset.name if place.preset else place.preset_name,
        "run": str(place.run or ""),
        "pane": _RUNS if place.among_runs else "presets",
        "typed": json.dumps({name: [sign, dict(words)] for name, (sign, words) in typed.items()}),
        "points": json.dumps(points, separators=(",", ":")),
        "list": _list(place) if place.logs is None else kept_answers.kept(_NAME).get("list", ""),
    }


def _list(place: MenuPlace) -> str:
    """Where a person is in the list of runs over the whole screen; nothing where they are not in it."""
    look = place.look
    if not look.is_open:
        return ""
    marked = dict(list(look.marked.items())[:_MOST_MARKED])
    return json.dumps({"wanted": look.wanted[:_LONGEST], "chosen": look.chosen, "marked": marked})


def _look(found: Any, is_open: bool) -> ListLook:
    """As the list was left, where it was; and else as it begins."""
    look = first_look()
    if not is_open or not isinstance(found, dict):
        return look
    wanted, chosen, marked = (found.get(name) for name in ("wanted", "chosen", "marked"))
    look.is_open = True
    look.wanted = harmless(wanted, _LONGEST) if isinstance(wanted, str) else ""
    look.chosen = chosen if isinstance(chosen, str) else ""
    for key, began in list(marked.items())[:_MOST_MARKED] if isinstance(marked, dict) else ():
        if type(began) in (int, float):
            look.marked[key] = float(began)
    return look


def keep(place: MenuPlace) -> bool:
    """Keep it, and say whether what was painted is kept with it."""
    try:
        if (now := written(place)) != kept_answers.kept(_NAME):
            kept_answers.keep(_NAME, now)
    except (OSError, ValueError):
        return False
    return len(place.painting.points) <= _MOST_POINTS


def _parsed(text: str) -> Any:
    with suppress(ValueError, RecursionError):
        return json.loads(text)
    return None


def _points(found: Any) -> tuple[Point, ...]:
    """All of them, or none where one is no point: half a painting is none."""
    if not isinstance(found, list) or len(found) > _MOST_POINTS or not all(map(_is_point, found)):
        return ()
    return tuple((float(x), float(y), kind) for x, y, kind in found)


def _is_point(found: Any) -> bool:
    if not (isinstance(found, list) and len(found) == 3 and type(found[2]) is int and 0 <= found[2] < _MOST_CLASSES):
        return False
    return all(type(each) in (int, float) and math.isfinite(each) and 0 <= each <= 1 for each in found[:2])


def _typed(found: Any) -> dict[str, tuple[str, Mapping[str, str]]]:
    """What is of the right shape, within bounds, and harmless."""
    typed = dict[str, tuple[str, Mapping[str, str]]]()
    for name, each in list(found.items())[:_MOST_PRESETS] if isinstance(found, dict) else ():
        if isinstance(each, list) and len(each) == 2 and isinstance(each[0], str) and isinstance(each[1], dict):
            words = {
                setting: harmless(text, _LONGEST) if not text.isprintable() else text[:_LONGEST]
                for setting, text in list(each[1].items())[:_MOST_SETTINGS]
                if isinstance(text, str)
            }
            typed[harmless(name, 80)] = each[0], words
    return typed
