"""What runs, sweeps, presets, layers and inputs may be called, and which rule of that a name breaks."""

import re
from dataclasses import dataclass

from gan_tui.text import harmless


@dataclass(frozen=True)
class Naming:
    """How things of a kind may be called."""

    kind: str
    letters: str
    """Those that it may be made of, in words."""
    first: re.Pattern[str]
    """What matches a character that it may begin with."""
    other: re.Pattern[str]
    """What matches one that may follow."""
    longest: int
    """Characters."""

    def allows(self, name: str) -> bool:
        return not self._broken(name)

    def refusal(self, name: object) -> str:
        """Which rule a name breaks, and what to do, without a full stop; empty where it breaks none."""
        broken = self._broken(name) if isinstance(name, str) else "it is no text; put it in quotes"
        return f'"{harmless(str(name), 60)}" is not a valid {self.kind} name: {broken}' if broken else ""

    def _broken(self, name: str) -> str:
        if not name:
            return "it is empty"
        if wrong := next((each for each in name if not self.other.match(each)), ""):
            named = f'it has "{wrong}"' if wrong.isprintable() else "it has a character that cannot be shown"
            return f"{named}; use {self.letters}"
        if not self.first.match(name):
            return f'it begins with "{name[0]}"; begin with a letter or a digit'
        if len(name) > self.longest:
            return f"it has {len(name):,} characters; use at most {self.longest}"
        return ""


_ALNUM, _ASCII = re.compile("[A-Za-z0-9]"), "the letters a to z and A to Z, digits"
RUN = Naming("run", f'{_ASCII}, ".", "_" and "-"', _ALNUM, re.compile("[A-Za-z0-9._-]"), 61)
SWEEP = Naming("sweep", RUN.letters, RUN.first, RUN.other, RUN.longest)
PRESET = Naming(
    "preset", 'the letters a to z, digits, "_" and "-"', re.compile("[a-z0-9]"), re.compile("[a-z0-9_-]"), 41
)
LAYER = Naming("layer", f'{_ASCII} and "_"', re.compile("[A-Za-z0-9_]"), re.compile("[A-Za-z0-9_]"), 40)
INPUT = Naming("input", LAYER.letters, LAYER.first, LAYER.other, LAYER.longest)
