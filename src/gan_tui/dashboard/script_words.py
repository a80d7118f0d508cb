"""What is known of a script's run before it says anything: its command, where that runs, and what it was given."""

import json
from collections.abc import Mapping
from typing import Any

from gan_tui.system.shell_words import shell_word
from gan_tui.text import aligned, harmless

MOST_SETTINGS = 200
"""Of a configuration that are told."""
_LONGEST = 1000
"""Characters of a line."""


def title_of(document: Mapping[str, Any]) -> str:
    """What the run's preset.toml calls it."""
    return harmless(str(document.get("title") or document.get("name") or ""), 80)


def script_words(document: Mapping[str, Any]) -> str:
    """All that the run's preset.toml tells, in lines."""
    command, config = document.get("command"), document.get("config")
    words = " ".join(shell_word(str(word)) for word in command) if isinstance(command, list) else ""
    facts = [("command", words), ("folder", str(document.get("folder") or ""))]
    told = [(name, harmless(value, _LONGEST)) for name, value in facts if value]
    lines = [aligned(told)] if told else []
    if isinstance(config, dict) and config:
        settings = [(harmless(str(name), 80), _told(value)) for name, value in [*config.items()][:MOST_SETTINGS]]
        lines += ["", aligned(settings)]
    return "\n".join(lines)


def _told(value: Any) -> str:
    return harmless(value if isinstance(value, str) else json.dumps(value, default=str), _LONGEST)
