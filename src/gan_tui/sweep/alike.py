"""Whether another machine would give the same results: what it must have as it is here, and what is only told."""

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from platform import python_version_tuple

from gan_tui.system.computing import computing
from gan_tui.text import harmless

_PACKAGES = ("gan-tui", "keras", "tensorflow", "numpy")


def versions() -> dict[str, str]:
    """What this program is, and what it computes with."""
    return {
        **{package: _installed(package) for package in _PACKAGES},
        "python": ".".join(python_version_tuple()[:2]),
    }


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


def refusal(there: Mapping[str, object], here: Mapping[str, str] | None = None) -> str:
    """Why results from there would be others than from what is here, with what to do; empty where they would not."""
    others = [
        f"{name} {_words(there.get(name))} and not {ours}"
        for name, ours in (here or versions()).items()
        if there.get(name) != ours
    ]
    return f"it has {', '.join(others)}, as here; install the same there" if others else ""


def _words(found: object) -> str:
    return harmless(found, 30) if isinstance(found, str) else "none"


def different(there: object) -> str:
    """In what a machine differs that computes as it says; only last bits depend on that. Empty where in nothing."""
    if not isinstance(there, dict):
        return ""
    others = [
        f"{name} {_words(there[name])} instead of {expected}"
        for name, expected in computing().items()
        if name in there and there[name] != expected
    ]
    return "; ".join(others)
