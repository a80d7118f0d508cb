"""What a run was made of: a preset written into its folder, every setting resolved, and read out of it again."""

from pathlib import Path

from gan_tui.presets.files import read
from gan_tui.presets.preset import Preset
from gan_tui.run import catalog
from gan_tui.run.folder import RunFolder


def new_run(preset: Preset, runs: Path, name: str | None = None) -> RunFolder:
    """A new run's folder that says what it trains. Raises UserError as `catalog.create` does."""
    document, copies = preset.as_document(), {}
    for setting, file in preset.files().items():  # a run keeps its own copy of what it learnt from
        copy = f"{setting}.csv"
        copies[copy], document["settings"][setting] = file, copy
    return catalog.create(document, preset.name, runs, name, copies)


def of_run(folder: RunFolder) -> Preset:
    """What was run. Raises UserError."""
    return read(folder.preset_file, folder.stem, follow=False)
