"""Data of a sweep that were moved since it was begun, to where a person has written in its sweep.toml."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def files(document: Mapping[str, Any]) -> dict[str, str]:
    """The files that its data came from, by where they are now → what their checksums were."""
    data = document.get("data")
    known = data.get("files") if isinstance(data, dict) else None
    if not isinstance(known, dict):
        return {}
    return {_where_it_is(path, *_places(document)): checksum for path, checksum in known.items()}


def now(document: Mapping[str, Any]) -> dict[str, Any]:
    """What sweep.toml says, with its data where they are now."""
    if not (known := files(document)):
        return dict(document)
    origin = _where_it_is(document["data"].get("origin"), *_places(document))
    return {**document, "data": {**document["data"], "origin": origin, "files": known}}


def _places(document: Mapping[str, Any]) -> tuple[str, str]:
    """Where its data lay, and where they lie; empty where they are no files of a person's own."""
    preset = document.get("preset")
    settings = preset.get("settings") if isinstance(preset, dict) else None
    then, place = document["data"].get("origin"), settings.get("data") if isinstance(settings, dict) else None
    are_paths = all(isinstance(each, str) and each.startswith("/") for each in (then, place))
    return (str(then), str(place)) if are_paths else ("", "")


def _where_it_is(path: str, then: str, place: str) -> str:
    """Where a file is that lay at a place, or below it, before that was moved."""
    return str(Path(place) / Path(path).relative_to(then)) if then and Path(path).is_relative_to(then) else path
