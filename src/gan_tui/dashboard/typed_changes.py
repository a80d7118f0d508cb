"""How images would be changed at random, as a person types the settings of a preset, or else as the preset has it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from gan_tui.presets import Preset


@dataclass(frozen=True)
class Changes:
    """What a run would do to its images."""

    words: tuple[str, ...] = ()
    """As a preset has them; none: nothing is changed."""
    seed: int = 0

    @staticmethod
    def of(preset: Preset | None, typed: Mapping[str, str]) -> "Changes":
        """`typed` is setting → text; a text that is no value counts as not typed."""
        if preset is None or "augment" not in preset.settings:
            return Changes()
        values = {name: preset.settings[name] for name in ("augment", "seed")}
        for name in values:
            if name in typed:
                with suppress(ValueError):
                    values[name] = preset.rules.from_text(name, typed[name], preset.dataset)
        return Changes(values["augment"], values["seed"])
