"""Settings of a run that is alive, changed from the shell: each takes effect between two steps."""

import json
import tomllib
from collections.abc import Sequence
from typing import Any

from gan_tui.errors import DONE, TRAINING_FAILED, UserError
from gan_tui.run.commands import Command
from gan_tui.run.folder import RunFolder
from gan_tui.supervision import control_client
from gan_tui.text import harmless


def parted(words: Sequence[str]) -> tuple[str | None, list[str]]:
    """(the run that is named, if one is; the changes)"""
    named = words and "=" not in words[0]
    return (words[0], list(words[1:])) if named else (None, list(words))


def change(folder: RunFolder, changes: Sequence[str]) -> int:
    """Print what became of each KEY=VALUE. Raises UserError where one is no change, or was refused."""
    wanted = [_wanted(change) for change in changes]
    if not wanted:
        raise UserError(f"gan-tui set needs KEY=VALUE, such as gan-tui set {folder.word} learning_rate=0.0005.")
    for key, value in wanted:
        reply = control_client.ask(folder, Command("set", setting=key, value=value))
        if not reply.ok:
            raise UserError(f"{folder.name}: {reply.text}", TRAINING_FAILED)
        print(f"{folder.name}: {reply.text}", flush=True)
    return DONE


def _wanted(change: str) -> tuple[str, Any]:
    key, equals, value = change.partition("=")
    if not equals or not key.strip() or not value.strip():
        raise UserError(f'"{harmless(change, 60)}" is no KEY=VALUE, such as learning_rate=0.0005.')
    return key.strip(), _read(value.strip())


def _read(value: str) -> Any:
    """A number, a truth or a list, as TOML or JSON has them; anything else is a word."""
    for read in (lambda text: tomllib.loads(f"value = {text}")["value"], json.loads):
        try:
            return read(value)
        except ValueError:
            continue
    return value
