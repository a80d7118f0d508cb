"""Modules that are loaded once something looks into them.

What TensorFlow offers (`tf.nn`, `tf.io`, …) are some 350 modules that hold names alone, and load what these stand for:
much that no training uses. Left until it is looked into, loading Keras and TensorFlow takes 2.4 instead of 3.4 s of
processor time here. Gradients are all registered as before, but for those of TensorFlow's debugger.

Python's own `importlib.util.LazyLoader` does not take modules that put another object into their place while they load,
as those of `tf.compat.v1` do.
"""

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from threading import RLock
from types import ModuleType
from typing import Any

_loading = RLock()


class LazyModules(MetaPathFinder):
    """Finds modules whose names begin with `prefix`, as Python would, to be loaded later."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix

    def install(self) -> None:
        """From now on, in this process."""
        sys.meta_path.insert(0, self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname.startswith(self._prefix) else None
        if spec is not None and spec.loader is not None:
            spec.loader = _LazyLoader(spec.loader)
        return spec


class _LazyLoader(Loader):
    """Makes a module that another loader fills when a name is missed in it."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        loading = False

        def filled(name: str) -> Any:
            """What is missed, once all is loaded: other threads wait for that, the one that loads cannot."""
            nonlocal loading
            with _loading:
                if loading:
                    return object.__getattribute__(module, name)
                if vars(module).get("__getattr__") is filled:
                    vars(module).pop("__dir__", None)
                    loading = True
                    try:
                        self._loader.exec_module(module)
                    finally:
                        loading = False
                    if vars(module).get("__getattr__") is filled:  # and not one of its own
                        del module.__getattr__
            return getattr(module, name)

        module.__getattr__ = filled  # type: ignore[method-assign]
        module.__dir__ = lambda: filled("__dir__")()  # type: ignore[method-assign]
