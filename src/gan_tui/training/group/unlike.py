"""In what the settings of two workers differ, in words: who has to give both the same knows which."""

import json
from collections.abc import Mapping
from typing import Any

from gan_tui.presets.settings import value_words
from gan_tui.text import harmless

_MOST_NAMED = 3
_LEAST = 4
"""What each tells is a multiple of so many bytes long."""
_LARGEST = 1 << 16
"""Bytes that each tells of its settings: names of long lists alone make more."""


def told(settings: Mapping[str, Any], networks: object, length: int) -> bytes:
    """What a worker tells the others of itself, where a checksum has said that they differ."""
    words = json.dumps([settings, networks, length], sort_keys=True, default=str).encode()
    words = words if len(words) <= _LARGEST else json.dumps([settings, 0, length], sort_keys=True, default=str).encode()
    return words + b" " * (-len(words) % _LEAST)


def differences(first: bytes, other: bytes) -> str:
    """'learning_rate 0.5, and 0.1 there', of worker `other` and of worker 0; empty where that cannot be told."""
    try:
        (settings, networks, length), (others, other_networks, other_length) = json.loads(first), json.loads(other)
        named = [
            f"{harmless(name, 40)} {_words(others, name)}, and {_words(settings, name)} there"
            for name in sorted(settings.keys() | others.keys())
            if settings.get(name) != others.get(name)
        ]
        if length != other_length:
            named.append(f"{other_length:,} steps, and {length:,} there")
    except (ValueError, TypeError, AttributeError, RecursionError):
        return ""
    if networks != other_networks:
        named.append("other networks")
    more = f"; {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    return "; ".join(named[:_MOST_NAMED]) + more


def _words(settings: Mapping[str, Any], name: str) -> str:
    return harmless(value_words(settings[name], 40), 60) if name in settings else "none"
