"""What a run was made of: a preset written into its folder, every setting resolved, and read out of it again."""

import dataclasses
from contextlib import suppress
from itertools import count
from pathlib import Path

import tomli_w

from gan_tui.errors import UserError, told
from gan_tui.presets import start
from gan_tui.presets.files import LARGEST_FILE, read
from gan_tui.presets.preset import Preset
from gan_tui.presets.settings import MOST_SEEDS
from gan_tui.run import catalog, documents
from gan_tui.run.event_log import read_head
from gan_tui.run.events import Started
from gan_tui.run.folder import RunFolder
from gan_tui.system import untrusted_files


class ScriptRunError(UserError):
    """A run that has no preset: a script made it."""


READ_AS_NEEDED = ", read as needed"
"""What is added to the origin of data that stay in their file, which is where they came from all the same."""


def new_run(preset: Preset, runs: Path, name: str | None = None) -> RunFolder:
    """A new run's folder that says what it trains. Raises UserError as `catalog.create` does."""
    document, copies = preset.as_document(), dict[str, Path | bytes]()
    for setting, file in preset.files().items():  # a run keeps its own copy of what it learnt from
        copy = f"{setting}.csv"
        copies[copy], document["settings"][setting] = file, copy
    if preset.start:
        copies[start.FILE] = preset.start.content
    return catalog.create(document, preset.name, runs, name, copies)


def of_run(folder: RunFolder) -> Preset:
    """What was run, on the data that it began with. Raises UserError, also for a script's run, which has no preset."""
    if documents.is_script(folder):
        raise ScriptRunError(f"{folder.name} was made by a script and has no preset; its script says what it trains.")
    preset = read(folder.preset_file, folder.stem, follow=False, begun=True)
    return dataclasses.replace(preset, origin=_origin(folder)) if "data_folder" in preset.settings else preset


def _origin(folder: RunFolder) -> str:
    """Where a run's data came from when it began; empty for one that never did."""
    for record in read_head(folder.events_file, Started):
        assert isinstance(record.event, Started)
        return str(record.event.dataset.get("origin", "")).removesuffix(READ_AS_NEEDED)
    return ""


def other_seed(folder: RunFolder) -> int:
    """The next seed after a run's from which no run beside it was trained that is the same but for its length.

    Raises UserError where that cannot be told.
    """
    preset, trained = of_run(folder), set[int]()
    for other in catalog.run_folders(folder.path.parent):
        with suppress(UserError):
            beside = of_run(other)
            if _but_seed_and_length(beside) == _but_seed_and_length(preset):
                trained.add(beside.settings["seed"])
    seeds = (seed % MOST_SEEDS for seed in count(int(preset.settings["seed"]) + 1))
    return next(seed for seed in seeds if seed not in trained)


def _but_seed_and_length(preset: Preset) -> tuple[object, ...]:
    copies = {name: file.name for name, file in preset.files().items()}
    settings = {**preset.settings, **copies, "seed": 0, "steps": 0, "epochs": 0}
    return preset.task, preset.dataset, settings, preset.networks, preset.start


def set_length(folder: RunFolder, unit: str, count: int) -> bytes:
    """Have a run go on to so many "steps" or "epochs" in all, and be otherwise what it was.

    Returns what its preset.toml was before. Raises UserError.
    """
    try:
        asked = of_run(folder).of_length(unit, count)
        before = untrusted_files.read(folder.preset_file, LARGEST_FILE, follow=False)
        document = untrusted_files.toml(before.decode("utf-8-sig"))
        document["settings"] |= {unit: asked.settings[unit] for unit in ("steps", "epochs")}
        catalog.rewrite(folder, tomli_w.dumps(document).encode())
        return before
    except OSError as error:
        raise UserError(f"Cannot write the length of {folder.name}: {told(error)}.") from None
