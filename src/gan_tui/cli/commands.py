"""What each command of the shell does, apart from parsing its arguments."""

import gc
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from gan_tui import data, presets
from gan_tui.cli import tables
from gan_tui.errors import DONE, INTERRUPTED, TRAINING_FAILED, UserError
from gan_tui.presets import Preset
from gan_tui.presets.plan import planned, settled
from gan_tui.presets.settings import value_words
from gan_tui.run import catalog
from gan_tui.run.events import Command
from gan_tui.run.folder import RunFolder
from gan_tui.run.summaries import summaries
from gan_tui.supervision import control_client, starting
from gan_tui.system import allocator, signals, standard_streams, terminal
from gan_tui.system.paths import user_path
from gan_tui.system.shell_words import shell_word
from gan_tui.text import aligned, flowed, harmless, nearest, shown_path


def train(preset: Preset, runs: Path, name: str | None, plain: bool, detach: bool) -> int:
    """A new run: its folder printed where it is to be detached, else followed as lines of text or on the dashboard."""
    if detach:
        folder = starting.start(preset, runs, name)
        with _told_without_output(folder):
            print(shown_path(folder.path), flush=True)
        return DONE
    if plain or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return start_and_follow(preset, runs, name)
    try:
        needs_terminal("The dashboard needs")
    except UserError:
        planned(preset)  # what is wrong with the preset itself is said first
        raise
    return show_dashboard(runs, starting.start(preset, runs, name))


def start_and_follow(preset: Preset, runs: Path, name: str | None) -> int:
    """A new run, followed as lines of text; to interrupt it while it starts is to stop it, too."""
    with signals.held_back():
        return follow(starting.start(preset, runs, name))


def follow(folder: RunFolder, only_looks: bool = False) -> int:
    """Lines of text until the run has ended.

    Ctrl-C, or a signal to end from whoever runs us, saves and stops it; who `only_looks` just leaves.
    """
    allocator.begin()
    from gan_tui.cli.follow import PlainFollower  # brings numpy, which the menu paints without

    signals.interrupt()
    with _told_without_output(folder):
        return PlainFollower(folder, sys.stdout, only_looks=only_looks).follow()


@contextmanager
def _told_without_output(folder: RunFolder) -> Iterator[None]:
    """Say what becomes of a run where nothing more can be printed of it; that is no failure of the training."""
    try:
        yield
    except standard_streams.OUTPUT_ENDED as error:
        why = standard_streams.give_up_output(error)
        if folder.is_alive():
            way = f"{folder.name} trains on in the background; gan-tui stop {folder.word} ends it."
        elif isinstance(error, BrokenPipeError):
            raise  # whoever wants no more of what has ended needs no word
        else:
            way = f"gan-tui attach {folder.word} shows how it ended."
        raise UserError(f"{why} {way}", INTERRUPTED) from None


def show_dashboard(runs: Path, folder: RunFolder | None = None) -> int:
    """The menu, or the dashboard on a run."""
    needs_terminal("gan-tui attach needs" if folder else "The menu needs", folder)
    allocator.begin()
    from gan_tui.dashboard.redraw_rate import redraw_seconds
    from gan_tui.dashboard.terminal.rescue import Rescue

    redraw_seconds()  # a wish that cannot be granted is refused before anything is drawn
    reader = None
    if folder:
        from gan_tui.run import log_prefetch  # brings numpy, which the menu paints without

        reader = log_prefetch.reader(folder.path / folder.events_file.name)
    Rescue().watch()
    sys.modules.setdefault("ssl", None)  # type: ignore[arg-type]  # asyncio loads it where it is; nothing here needs it
    from gan_tui.dashboard.app import GanTui  # Textual loads here and nowhere else

    if folder:
        from gan_tui.dashboard.screens import training  # noqa: F401 (to be there before the next line)
    gc.freeze()  # what the program is made of will not be garbage: a long history is read sooner without it
    app = GanTui(runs, folder, reader)
    app.run()
    if app.parting_words:
        print(app.parting_words)
    return app.return_code or DONE


def needs_terminal(what: str, folder: RunFolder | None = None) -> None:
    """Raises UserError without a terminal, or with one that is too small, saying what to do instead."""
    instead = f"gan-tui attach {folder.word} --plain" if folder else "gan-tui train gan --plain"
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UserError(f"{what} a terminal; run {instead} instead.")
    if not terminal.can_place_text(os.environ):
        kind = harmless(os.environ.get("TERM", ""), 40)
        raise UserError(
            (f'The terminal type "{kind}" cannot show the dashboard' if kind else "TERM is not set")
            + f"; set TERM to your terminal's type, such as TERM=xterm-256color, or run {instead}."
        )
    if wanted := terminal.unknown_colors(os.environ):
        raise UserError(f'GAN_TUI_COLORS must be truecolor, 256, 16 or none, not "{harmless(wanted, 40)}".')
    if wanted := terminal.unknown_symbols(os.environ):
        raise UserError(f'GAN_TUI_SYMBOLS must be octants, quadrants, halves or ascii, not "{harmless(wanted, 40)}".')
    columns, rows = terminal.window()
    if not terminal.fits(columns, rows):
        raise UserError(
            f"This terminal is {columns} × {rows}; gan-tui needs at least "
            f"{terminal.SMALLEST[0]} × {terminal.SMALLEST[1]}: make the window larger, or run {instead}."
        )


def command_run(folder: RunFolder, name: str) -> int:
    """pause, save or stop a run from the shell."""
    asked = control_client.Asked(folder, Command(name))
    if words := asked.late():
        print(words, file=sys.stderr, flush=True)
    answer = asked.reply()
    if not answer.ok:
        raise UserError(f"{folder.name}: {answer.text}", TRAINING_FAILED)
    if name == "stop":
        _wait_until_gone(folder)
    print(shown_path(folder.path / answer.text) if name == "save" else f"{folder.name}: {answer.text}")
    return DONE


def resume(folder: RunFolder, here: bool) -> int:
    """Go on with a paused run, or start a stopped or crashed one again from its last checkpoint.

    `here` is the word to train here what may be trained elsewhere.
    """
    if folder.is_alive():
        return command_run(folder, "resume")
    starting.restart(folder, here=here)
    with _told_without_output(folder):
        print(f"{folder.name}: continues in the background; gan-tui attach {folder.word} shows it.", flush=True)
    return DONE


def resume_to(folder: RunFolder, unit: str, count: int, here: bool) -> int:
    """Go on with a run that is not alive to so many "steps" or "epochs" in all."""
    other = starting.train_longer(folder, unit, count, here=here)
    words = f"{folder.name}: trains on to {count:,} {unit} in the background; gan-tui attach {folder.word} shows it."
    with _told_without_output(folder):
        print(f"{words} {other}".strip(), flush=True)
    return DONE


def _wait_until_gone(folder: RunFolder, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while folder.is_alive() and time.monotonic() < deadline:
        time.sleep(0.02)


def list_runs(runs: Path, as_json: bool) -> int:
    found = summaries(runs)
    if as_json:
        rows = [
            {"name": run.folder.name, "folder": str(run.folder.path), "preset": run.preset,
             "state": run.state, "alive": run.alive, "step": run.step, "steps_total": run.steps_total}
            for run in found
        ]  # fmt: skip
        _print_json(rows)
    elif found:
        print(tables.run_table(found, terminal.columns_of_output()))
    elif runs.exists() and not runs.is_dir():
        raise UserError(f"{shown_path(runs)} is not a folder; name one with --runs-dir or GAN_TUI_RUNS.")
    else:
        print(f"No runs yet in {shown_path(runs)}; start one with gan-tui, or gan-tui train gan.")
    return DONE


def list_presets(as_json: bool) -> int:
    found, problems = presets.every()
    if as_json:
        rows = [
            {"name": preset.name, "task": preset.task, "title": preset.title,
             "parameters": {network.name: network.parameters for network in preset.networks},
             "not_trainable": {network.name: network.fixed for network in preset.networks}}
            for preset in found
        ]  # fmt: skip
        _print_json(rows)
    else:
        print(tables.preset_table(found, terminal.columns_of_output()))
    for problem in problems:
        print(problem, file=sys.stderr)
    return DONE


def _print_json(rows: object) -> None:
    print(json.dumps(rows, indent=2))  # not orjson: all but ASCII is escaped, so that no name can touch a terminal


def _named(what: str, runs: Path) -> tuple[Preset, RunFolder | None]:
    """The run of that name or path, with its preset; or else the preset. Of both, the other is told.

    A name is that of a run among the runs; one in the current folder has a path, ./NAME, where a preset has its name.
    """
    files = presets.files()
    if catalog.may_be_run(runs / what) or (what not in files and catalog.is_run(user_path(what))):
        folder = catalog.find(what, runs)
        if what in files:
            print(f"{what} is also a preset, which gan-tui show {shell_word(files[what])} shows.", file=sys.stderr)
        return presets.of_run(folder), folder
    if what in files or what.endswith(".toml") or "/" in what:
        return presets.find(what), None
    known = [*files, *(run.folder.name for run in summaries(runs))]
    raise UserError(f'There is no preset or run "{harmless(what, 60)}", {nearest(what, known)}.')


def show(what: str, runs: Path) -> int:
    """Layers and settings of a preset, or of a run with what it came to."""
    preset, folder = _named(what, runs)
    columns = terminal.columns_of_output()
    print(f"{preset.title} ({preset.name})\n\n{flowed(preset.about, columns)}\n")
    print("\n\n".join(tables.network_table(network, columns) for network in preset.networks))
    print("\nsettings")
    about = {name: setting.about for name, setting in preset.rules.settings_for().items()}
    rows = [(f"  {name}", value_words(value), about[name]) for name, value in preset.settings.items()]
    print(aligned(rows, (), columns))
    if idle := preset.without_effect():
        print("\n" + flowed("\n".join(idle), columns))
    if folder:
        print(f"\nresults\n{tables.results(folder, preset, columns)}")
    return DONE


def sweep(
    preset: Preset, changes: Sequence[str], until: str | None, repeats: int, runs: Path, name: str | None, as_json: bool
) -> int:
    """Train every combination of the values, or what is missing of them, and print how they compare."""
    from gan_tui.sweep import folder as sweep_folder
    from gan_tui.sweep import sweep
    from gan_tui.sweep.run import run_sweep

    planned(preset)  # one that cannot be trained is refused as it is, whatever its combinations change
    swept = sweep.made(settled(preset), changes, until, repeats)
    signals.interrupt()
    return run_sweep(swept, sweep_folder.find_or_make(swept, runs, name), as_json)


def resume_sweep(name: str, runs: Path, as_json: bool) -> int:
    """Go on with a sweep as it was begun."""
    from gan_tui.sweep import folder as sweep_folder
    from gan_tui.sweep.run import run_sweep

    folder = sweep_folder.find(name, runs)
    signals.interrupt()
    return run_sweep(folder.sweep(), folder, as_json)


def show_data() -> int:
    from gan_tui.cli import data_report

    print(data_report.table(data.available(), terminal.columns_of_output()))
    return DONE


def fetch_data(name: str) -> int:
    from gan_tui.cli import data_report

    data_report.fetch_with_bar(name, sys.stdout)
    return DONE


def diagnose(runs: Path, as_json: bool) -> int:
    """What this machine has, and what would end a run here."""
    from gan_tui import doctor

    return doctor.doctor(runs, as_json, data.NAMES, data.at_hand)
