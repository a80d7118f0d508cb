"""Which libraries a script has loaded, and which versions of them."""

import platform
import sys
from importlib.metadata import PackageNotFoundError, version

_TOLD = ("keras", "tensorflow", "jax", "torch", "lightning", "sklearn", "numpy")


def loaded() -> dict[str, str]:
    """Name → version, of Python and of what computes."""
    found = {"python": platform.python_version()}
    for name in _TOLD:
        if name in sys.modules:
            try:
                found[name] = version({"sklearn": "scikit-learn"}.get(name, name))
            except PackageNotFoundError:
                continue
    return found
