"""Private names of Textual: each that is used, in dashboard/terminal/ alone, and that this release has it."""

import ast
import importlib
import importlib.util
import inspect
import pkgutil
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from types import ModuleType

import pytest
from textual import _compositor, _xterm_parser
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.command import CommandPalette
from textual.drivers._writer_thread import WriterThread
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

from gan_tui import dashboard

TERMINAL = "gan_tui.dashboard.terminal."
Owner = type | ModuleType
USED: dict[Owner, tuple[str, ...]] = {
    App: (
        "_batch_count", "_check_bindings", "_check_resize", "_close_messages_no_wait", "_closed", "_display", "_driver",
        "_exception", "_exit", "_exit_renderables", "_fatal_error", "_handle_exception", "_loop", "_message_queue",
        "_resize_timer", "_running", "_set_pointer_shape", "_sync_available",
    ),
    CommandPalette: ("_GATHER_COMMANDS_GROUP", "_select_or_command"),
    Screen: ("_compositor", "_push_result_callback", "_screen_resized", "_size", "_size_updated"),
    Message: ("_sender",),
    Widget: ("_size_updated",),
    Compositor: ("_render_chops",),
    LinuxDriver: (
        "_app", "_auto_restart", "_file", "_get_terminal_size", "_key_thread", "_loop", "_query_in_band_window_resize",
        "_run_input_thread", "_sigcont_application", "_sigtstp_application", "_writer_thread",
    ),
    WriterThread: ("_queue",),
    XTermParser: ("_sequence_to_key_events",),
    _compositor: ("ChopsUpdate", "Compositor", "CompositorUpdate", "LayoutUpdate"),
    _xterm_parser: (
        "BRACKETED_PASTE_END", "BRACKETED_PASTE_START", "SPECIAL_SEQUENCES", "XTermParser", "_re_cursor_position",
        "_re_mouse_event", "_re_terminal_mode_response",
    ),
}  # fmt: skip
"""Who has private names that are used, and which; everything in a private module counts as such."""
PARTS: dict[Owner, tuple[str, ...]] = {
    ChopsUpdate: ("chops", "chop_ends", "spans"),
    LayoutUpdate: ("region", "strips"),
    Compositor: ("cuts", "visible_widgets"),
    XTermParser: ("feed",),
}
"""What private classes have that is used."""
EACH = [(owner, name) for table in (USED, PARTS) for owner, names in table.items() for name in names]


@pytest.mark.slow
def test_textual_has_each() -> None:
    """Textual is pinned: where another release drops one, look for another way to what it is used for."""
    assert not [f"{owner.__name__}.{name}" for owner, name in EACH if name not in names_of(owner)]


def test_a_name_that_textual_has_not_is_found_missing() -> None:
    assert "_resize_timer" in names_of(App) and "_resize_clock" not in names_of(App)


@lru_cache
def names_of(owner: Owner) -> set[str]:
    """The attributes of a module, or of a class and of its objects, as far as Textual's source sets them."""
    names = set(dir(owner))
    for one in inspect.getmro(owner) if isinstance(owner, type) else ():
        if one.__module__.startswith("textual"):
            names |= attributes_set(one)
    return names


@lru_cache
def attributes_set(one: type) -> set[str]:
    """What the methods of a class set in themselves."""
    tree = ast.parse(inspect.cleandoc("\n" + inspect.getsource(one)))
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and is_self(node.value))
    return {node.attr for node in found if isinstance(node.ctx, ast.Store)}


def attributes(tree: ast.AST) -> Iterator[tuple[str, ast.Attribute]]:
    """Private attributes that are asked for or set."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_private(node.attr):
            yield node.attr, node


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


def is_self(node: ast.expr) -> bool:
    """Whether this is the object itself, or what it inherits."""
    return isinstance(node, ast.Name | ast.Call) and ast.unparse(node) in ("self", "cls", "super()")


def is_of_another_library(node: ast.expr, module: ModuleType) -> bool:
    """Whether this is a module that is not Textual's, such as os."""
    value = getattr(module, node.id, None) if isinstance(node, ast.Name) else None
    return isinstance(value, ModuleType) and not value.__name__.startswith("textual")


def textual_bases(ours: type) -> list[type]:
    return [one for one in inspect.getmro(ours) if one.__module__.startswith("textual")]


def privates_in(module: ModuleType) -> set[str]:
    """The private names of Textual that a module of ours uses, imports or takes for its own."""
    tree = ast.parse(inspect.getsource(module))
    ours = {name for name, node in attributes(tree) if is_self(node.value) and isinstance(node.ctx, ast.Store)}
    ours |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    ours |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    found = set(imported(tree))
    found |= {
        name
        for name, node in attributes(tree)
        if not is_self(node.value) and name not in ours and not is_of_another_library(node.value, module)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            found |= privates_of_class(getattr(module, node.name, object), node)
    return found


def imported(tree: ast.AST) -> Iterator[str]:
    """Private modules of Textual that are imported, and private names out of any."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textual"):
            hidden = any(is_private(part) for part in (node.module or "").split("."))
            yield from (name.name for name in node.names if hidden or is_private(name.name))


def privates_of_class(ours: type, node: ast.ClassDef) -> set[str]:
    """What a class of ours uses of what Textual's classes that it is made of keep to themselves."""
    theirs = {name for base in textual_bases(ours) for name in names_of(base)}
    used = {name for name, at in attributes(node) if is_self(at.value)}
    for part in node.body:
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
            used.add(part.name)
        elif isinstance(part, ast.Assign | ast.AnnAssign):
            targets = part.targets if isinstance(part, ast.Assign) else [part.target]
            used |= {target.id for target in targets if isinstance(target, ast.Name)}
    return {name for name in used & theirs if is_private(name)}


def modules() -> list[str]:
    """The dashboard's."""
    found = pkgutil.walk_packages(dashboard.__path__, "gan_tui.dashboard.")
    return ["gan_tui.dashboard", *(one.name for one in found)]


NAMES = modules()


@pytest.mark.slow
def test_nothing_else_of_the_dashboard_uses_one() -> None:
    used = {name: privates_in(importlib.import_module(name)) for name in NAMES if not name.startswith(TERMINAL)}
    assert len(used) > 100 and not {name: found for name, found in used.items() if found}


def test_no_other_room_imports_textual() -> None:
    source = Path(dashboard.__file__).parents[1]
    for path in source.rglob("*.py"):
        if source / "dashboard" not in path.parents and "textual" in path.read_text():
            nodes = list(ast.walk(ast.parse(path.read_text())))
            names = [name.name for node in nodes if isinstance(node, ast.Import) for name in node.names]
            names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
            assert not [name for name in names if name.partition(".")[0] == "textual"], path


def test_those_that_are_used_are_listed() -> None:
    found = {
        private for name in NAMES if name.startswith(TERMINAL) for private in privates_in(importlib.import_module(name))
    }
    assert found == {name for names in USED.values() for name in names}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("from textual._compositor import Compositor", {"Compositor"}),
        ("def on_mount(app): app._driver.close()", {"_driver"}),
        ("class Ours(Screen):\n    def look(self): return self._compositor", {"_compositor"}),
        ("class Ours(Widget):\n    def _size_updated(self): pass", {"_size_updated"}),
        ("class Ours(Widget):\n    def __init__(self):\n        self._size = 1", {"_size"}),
        ("class Ours(Widget):\n    def __init__(self):\n        self._drawing = os._exit", set()),
    ],
)
def test_whoever_used_one_would_be_found(code: str, expected: set[str], tmp_path: Path) -> None:
    path = tmp_path / "ours.py"
    path.write_text(f"import os\nfrom textual.screen import Screen\nfrom textual.widget import Widget\n{code}\n")
    spec = importlib.util.spec_from_file_location("ours", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert privates_in(module) == expected
