"""What a run was made of: a preset written into its folder, every setting resolved, and read out of it again."""

from pathlib import Path

from gan_tui.presets.files import read
from gan_tui.presets.preset import Preset, points_file
from gan_tui.run import catalog
from gan_tui.run.folder import RunFolder


def new_run(preset: Preset, runs: Path, name: str | None = None) -> RunFolder:
    """A new run's folder that says what it trains. Raises UserError as `catalog.create` does."""
    document, points = preset.as_document(), points_file(preset)
    if points is None:
        return catalog.create(document, preset.name, runs, name)
    document["settings"]["points"] = "points.csv"  # a run keeps its own copy of what it learnt from
    return catalog.create(document, preset.name, runs, name, {"points.csv": points})


def of_run(folder: RunFolder) -> Preset:
    """What was run. Raises UserError."""
    return read(folder.preset_file, folder.stem, follow=False)
