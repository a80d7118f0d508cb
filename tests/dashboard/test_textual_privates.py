"""Private names of Textual: each that is used, in dashboard/terminal/ alone, and that this release has it."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from functools import lru_cache
from types import ModuleType

import pytest

from gan_tui import dashboard

TERMINAL = "gan_tui.dashboard.terminal."
USED: dict[type | ModuleType, tuple[str, ...]] = {}
"""Who has them, and which. Textual is pinned; where a release drops one, look how else it can be had."""


@lru_cache
def names_of(owner: type | ModuleType) -> set[str]:
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
    return {name for name, node in attributes(tree) if is_self(node.value) and isinstance(node.ctx, ast.Store)}


def attributes(tree: ast.AST) -> Iterator[tuple[str, ast.Attribute]]:
    """Private attributes that are asked for or set, with where."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_private(node.attr):
            yield node.attr, node


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


def is_self(node: ast.expr) -> bool:
    """Whether this is the object itself, or what it inherits."""
    return isinstance(node, ast.Name | ast.Call) and ast.unparse(node) in ("self", "cls", "super()")


def textual_bases(ours: type) -> list[type]:
    return [one for one in inspect.getmro(ours) if one.__module__.startswith("textual")]


def privates_in(module: ModuleType) -> set[str]:
    """The private names of Textual that a module of ours uses, imports or takes for its own."""
    tree = ast.parse(inspect.getsource(module))
    ours = {name for name, node in attributes(tree) if is_self(node.value) and isinstance(node.ctx, ast.Store)}
    ours |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    ours |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    found = set(imported(tree))
    found |= {name for name, node in attributes(tree) if not is_self(node.value) and name not in ours}
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
    found = pkgutil.walk_packages(dashboard.__path__, "gan_tui.dashboard.")
    return ["gan_tui.dashboard", *(one.name for one in found)]


@pytest.mark.parametrize("name", [name for name in modules() if not name.startswith(TERMINAL)])
def test_nothing_else_of_the_dashboard_uses_one(name: str) -> None:
    assert privates_in(importlib.import_module(name)) == set()
