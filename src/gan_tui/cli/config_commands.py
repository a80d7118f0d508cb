"""`gan-tui config`: config.toml made, opened in an editor, and looked through; and what each key is now, and why."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gan_tui.cli.json_output import print_json
from gan_tui.dashboard import kept_choices, kept_theme
from gan_tui.errors import DONE, WRONG_USE, UserError, told
from gan_tui.system import config, editor, kept_symbols, terminal
from gan_tui.system.config_keys import AUTO, COLORS, KEYS, OF_A_THEME, Key
from gan_tui.system.paths import no_home
from gan_tui.text import aligned, harmless, shown_path

_DEFAULT, _KEPT, _WRITTEN = "default", "kept choice", "config.toml"
_HEAD = """\
# What gan-tui begins with. Each line has its default: take the # away, and write what you want instead.
# What is wrong here is said at the start, and by gan-tui config --print; it then counts as not written.
# What you choose by a key on a screen is kept elsewhere, and holds where nothing is written here.
"""
_OF_KEYS = """\
# Other keys for actions: "f5", "ctrl+g", "P", "?", or several, as ["p", "f5"]. A key that is another action's on the
# same screen is refused, unless that has another key, too.
[keys]
"""
_OF_THEMES = """\
# Themes of your own, to be chosen by name, or by t. What is left out is as in gan-dark or gan-light.
#[themes.mine]
"""


def edit() -> int:
    """Open config.toml in an editor, made first where there is none. Raises UserError, also for what is wrong then."""
    path = config.file()
    if path is None:
        raise no_home("XDG_CONFIG_HOME")
    command = editor.command(path)
    _make(path)
    try:
        if words := editor.ended(_run(command)):
            print(f"{words[:1].upper()}{words[1:]}.", file=sys.stderr)
    except OSError as error:
        words = told(error, "set EDITOR to another")
        raise UserError(f"The editor {harmless(command[0], 200)} cannot be started: {words}.") from None
    _refuse_wrong()
    print(shown_path(path))
    return DONE


def show(as_json: bool) -> int:
    """Print each key, and then say what is wrong. Raises UserError where anything is."""
    rows = list(_rows())
    if as_json:
        problems = _problems()
        print_json({"file": str(config.file() or ""), "keys": [row.__dict__ for row in rows], "problems": problems})
    else:
        lines = [(row.key, json.dumps(row.value), row.source, row.about) for row in rows]
        print(aligned([("key", "value", "from", "about"), *lines], (), terminal.columns_of_output()))
    _refuse_wrong()
    return DONE


def _problems() -> list[str]:
    from gan_tui.dashboard import own_keys
    from gan_tui.dashboard.app import GanTui

    config.written.cache_clear()
    return [*config.problems(), *own_keys.begin(GanTui.keys_by_screen)[1]]


def _refuse_wrong() -> None:
    """Raises UserError with all that is wrong."""
    if problems := _problems():
        raise UserError("\n".join(problems), WRONG_USE)


def _run(command: list[str]) -> int:
    """Run an editor to its end; returns its status as os.waitpid has it. Ctrl-C in it is not for us."""
    child = subprocess.Popen(command)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return os.waitpid(child.pid, 0)[1]
    finally:
        signal.signal(signal.SIGINT, before)


# What each key is ---------------------------------------------------------------------------------------


@dataclass
class _Row:
    """A key as it is now."""

    key: str
    value: Any
    source: str
    """Why it is so, one of the words above."""
    default: Any
    takes: str
    about: str


def _rows() -> Iterator[_Row]:
    kept_choices.begin()
    for key in KEYS:
        value, source = _now(key)
        yield _Row(key.name, value, source, key.default, key.takes, key.about)
    own = _own_keys()
    for name, (keys, about) in _actions().items():
        source = _WRITTEN if name in own else _DEFAULT
        yield _Row(f"keys.{name}", list(own.get(name, keys)), source, list(keys), "a key, or several in a list", about)
    for theme, says in config.written().themes.items():
        for name, each in says.items():
            key = COLORS[name]
            yield _Row(f"themes.{theme}.{name}", each, _WRITTEN, None, key.takes, key.about)


def _own_keys() -> Mapping[str, Sequence[str]]:
    """Name of an action → its keys in config.toml, of those that count: what is refused is not in force."""
    from gan_tui.dashboard import key_check
    from gan_tui.dashboard.app import GanTui

    written = config.written().keys
    right = key_check.checked(written, GanTui.keys_by_screen())[0] if written else {}
    return {name: written[name] for name in right}


def _now(key: Key) -> tuple[Any, str]:
    """What it is, and why."""
    if config.is_written(key.name):
        return config.value(key.name), _WRITTEN
    if key.name == "theme":
        chosen = kept_theme.kept_on(terminal.seems_light(os.environ))
        return (chosen, _KEPT) if chosen else (AUTO, _DEFAULT)
    if key.name == "symbols":
        environ = terminal.environment()
        answer = kept_symbols.kept(environ, terminal.tmux_client(environ))
        return (answer, _KEPT) if answer else (AUTO, _DEFAULT)
    if kept_choices.is_kept(key.name):
        return kept_choices.kept(key.name, key.default), _KEPT
    return key.default, _DEFAULT


def _actions() -> dict[str, tuple[tuple[str, ...], str]]:
    """Name of an action → its keys by default, and what they do."""
    from gan_tui.dashboard import key_check  # Textual loads here
    from gan_tui.dashboard.app import GanTui

    on = GanTui.keys_by_screen()
    keys, about = key_check.usual(on), dict[str, str]()
    for binding in (binding for bindings in on.values() for binding in bindings if binding.id):
        about.setdefault(str(binding.id), binding.tooltip or binding.description)
    return {name: (tuple(map(key_check.as_written, each)), about[name]) for name, each in keys.items()}


# The file -----------------------------------------------------------------------------------------------


def _make(path: Path) -> None:
    """Where there is none: one in which all keys are, commented out. Raises UserError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text())
    except FileExistsError:
        return
    except OSError as error:
        raise UserError(
            f"{shown_path(path)} cannot be made: {told(error, 'check that folder and its disk')}."
        ) from None


def text() -> str:
    """A file with every key, its default, and what it takes; none of them counts yet."""
    parts, table = [_HEAD], ""
    for key in KEYS:
        before, _, name = key.name.rpartition(".")
        if before != table:
            table = before
            parts.append(f"[{table}]\n")
        parts.append(f"# {key.about}\n# {key.takes}\n#{name} = {json.dumps(key.default)}\n")
    actions = (f"#{name} = {_keys(keys)}  # {about}\n" for name, (keys, about) in _actions().items())
    parts.append(_OF_KEYS + "".join(actions))
    parts.append(_OF_THEMES + "".join(f"#{key.name} = {_example(key)}  # {key.about}\n" for key in OF_A_THEME))
    return "\n".join(parts)


def _keys(keys: tuple[str, ...]) -> str:
    return json.dumps(keys[0] if len(keys) == 1 else list(keys))


def _example(key: Key) -> str:
    from gan_tui.dashboard.themes import DARK, hex_of, inks

    ink = inks(DARK)
    if key.name == "dark":
        return "true"
    if key.name == "series":
        return json.dumps([hex_of(color) for color in ink.series])
    known = getattr(ink, key.name, None)
    return json.dumps(hex_of(known) if known is not None else str(getattr(DARK, key.name, "") or "#3a4052"))
