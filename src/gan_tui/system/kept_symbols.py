"""What a person has answered for each of their terminals: which block characters its font has."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from gan_tui.system import untrusted_files
from gan_tui.system.paths import own_folder
from gan_tui.system.terminal import SYMBOLS, Client, multiplexer

_LARGEST = 65_536
"""Bytes; no person has so many terminals."""


def kept(environ: Mapping[str, str], client: Client | None) -> str:
    """The answer for this terminal, one of SYMBOLS; empty where there is none."""
    answer = _answers().get(_name(environ, client), "")
    return answer if answer in SYMBOLS else ""


def keep(answer: str, environ: Mapping[str, str], client: Client | None) -> None:
    """Remember an answer for this terminal. Raises OSError where that cannot be."""
    file = _file()
    if file is None:
        raise FileNotFoundError("there is no home folder")
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    making = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        making.touch(mode=0o600)
        making.write_text(json.dumps({**_answers(), _name(environ, client): answer}, indent=2) + "\n", "utf-8")
        making.replace(file)
    except OSError:
        making.unlink(missing_ok=True)
        raise


def _name(environ: Mapping[str, str], client: Client | None) -> str:
    """What the terminal that is looked at calls itself: another one has another font."""
    if client:
        return client.term
    program = "" if multiplexer(environ) else environ.get("TERM_PROGRAM", "")
    return program or environ.get("TERM", "")


def _file() -> Path | None:
    folder = own_folder("config")
    return folder and folder / "symbols.json"


def _answers() -> dict[str, str]:
    """By terminal; none where the file is missing, or somebody has made another one of it."""
    with suppress(OSError, ValueError, RecursionError):
        file = _file()
        found = json.loads(untrusted_files.read(file, _LARGEST)) if file else {}
        if isinstance(found, dict):
            return {name: answer for name, answer in found.items() if isinstance(answer, str)}
    return {}
