"""The command `gan-tui sweep`: what its options ask for, and what they cannot ask for together."""

from argparse import Namespace
from pathlib import Path

from gan_tui.cli.reading_bar import reading_bar
from gan_tui.errors import UserError
from gan_tui.presets import Preset
from gan_tui.presets.own_data import refuse_missing
from gan_tui.presets.plan import settled
from gan_tui.presets.preparing import prepare_all
from gan_tui.supervision import starting
from gan_tui.sweep import folder as sweep_folder
from gan_tui.sweep import places, ranking
from gan_tui.sweep.run import run_sweep
from gan_tui.sweep.sweep import Sweep, made
from gan_tui.system import signals
from gan_tui.text import harmless, nearest, shown_path

_SEARCHES = ("grid", "random")
_OF_A_NEW_ONE = (
    "preset", "until", "repeats", "steps", "epochs", "seed", "name", "data_dir", "data", "label", "search", "changes",
)  # fmt: skip
"""What says which sweep it is."""


def sweep(given: Namespace, preset: Preset, runs: Path) -> int:
    """Train the combinations that are asked for, or what is missing of them, and print how they compare."""
    trials, where = _trials(given), places.read(given.on)
    with reading_bar() as on_read:  # one that cannot be trained is refused as it is, whatever its combinations change
        preset = settled(starting.ready(preset, on_read))
    swept = made(preset, given.changes, given.until, 1 if given.repeats is None else given.repeats, trials)
    look = _look(given, swept)
    _read_for(swept)
    signals.interrupt()
    return run_sweep(swept, sweep_folder.find_or_make(swept, runs, given.name), given.json, look, where)


def resume(given: Namespace, runs: Path) -> int:
    """Go on with a sweep as it was begun; a random search may draw more than before, so many --trials in all."""
    if any(getattr(given, option, None) not in (None, []) for option in _OF_A_NEW_ONE):
        raise UserError(
            "--resume NAME continues a sweep as it was started; leave out all else but --trials, --on, --by, "
            "--rows and --json."
        )
    where = places.read(given.on)
    folder = sweep_folder.find(given.resume, runs)
    swept = folder.sweep()
    refuse_missing(swept.preset.settings, "sweep", f"the [preset.settings] of {shown_path(folder.file)}")
    if given.trials is not None:
        swept = swept.with_trials(given.trials)
    look = _look(given, swept)
    _read_for(swept)
    signals.interrupt()
    return run_sweep(swept, folder, given.json, look, where)


def _trials(given: Namespace) -> int | None:
    """How many combinations a random search draws; None for every one."""
    method, trials = given.search or "grid", given.trials
    if method not in _SEARCHES:
        raise UserError(f'--search cannot be "{harmless(method, 40)}", {nearest(method, _SEARCHES)}.')
    if method == "random" and trials is None:
        raise UserError("--search random needs the number of combinations to draw, such as --trials 20.")
    if method == "grid" and trials is not None:
        raise UserError("--trials goes with --search random; without it every combination is trained.")
    return None if trials is None else int(trials)


def _look(given: Namespace, swept: Sweep) -> ranking.Look:
    if given.rows is not None and given.rows < 1:
        raise UserError(f"--rows must be at least 1, not {given.rows}.")
    ranking.measure(swept, given.by)
    return ranking.Look(given.by, given.rows)


def _read_for(swept: Sweep) -> None:
    """Have images read in each form that a combination takes."""
    with reading_bar() as on_read:
        prepare_all((swept.with_values(combination) for combination in swept.combinations), on_read)
