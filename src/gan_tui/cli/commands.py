"""What each command of the shell does, apart from parsing its arguments."""

import gc
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gan_tui import data, presets
from gan_tui.cli import settings_shown, tables
from gan_tui.cli.json_output import print_json
from gan_tui.cli.named_sweeps import run_called
from gan_tui.cli.reading_bar import reading_bar
from gan_tui.cli.run_rows import results_of
from gan_tui.errors import DONE, INTERRUPTED, TRAINING_FAILED, UserError
from gan_tui.presets import Preset
from gan_tui.presets.plan import planned
from gan_tui.presets.settings import value_words
from gan_tui.run import catalog, documents
from gan_tui.run.commands import Command
from gan_tui.run.folder import RunFolder
from gan_tui.run.group_start import ALONE, GroupStart
from gan_tui.run.summaries import summaries
from gan_tui.supervision import control_client, starting
from gan_tui.system import allocator, signals, standard_streams, terminal
from gan_tui.system.links import linked_path
from gan_tui.system.paths import user_path
from gan_tui.system.shell_words import shell_word
from gan_tui.text import aligned, flowed, harmless, nearest

if TYPE_CHECKING:  # which few commands need
    from gan_tui.sweep.folder import SweepFolder


def train(preset: Preset, runs: Path, name: str | None, plain: bool, detach: bool, group: GroupStart = ALONE) -> int:
    """A new run: its folder printed where it is to be detached, else followed as lines of text or on the dashboard."""
    if not (plain or detach) and _on_terminal():
        try:
            needs_terminal("The dashboard needs")
        except UserError:
            planned(preset)  # what is wrong with the preset itself is said first
            raise
    prepared = ready(preset)
    return shown(lambda: starting.begin(prepared, runs, name, group=group), runs, plain, detach)


def shown(begin: Callable[[], RunFolder], runs: Path, plain: bool, detach: bool) -> int:
    """Begin a run, and show it as it is to be; to interrupt it in plain text while it starts is to stop it, too."""
    if detach:
        folder = begin()
        with _told_without_output(folder):
            print(linked_path(folder.path), flush=True)
        return DONE
    if plain or not _on_terminal():
        with signals.held_back():
            return follow(begin())
    needs_terminal("The dashboard needs")
    return show_dashboard(runs, begin())


def _on_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def ready(preset: Preset) -> Preset:
    """As `starting.ready`, with a bar of what is read."""
    with reading_bar() as on_read:
        return starting.ready(preset, on_read)


def follow(folder: RunFolder, only_looks: bool = False) -> int:
    """Lines of text until the run has ended.

    Ctrl-C, or a signal to end from whoever runs us, saves and stops it; who `only_looks` just leaves.
    """
    allocator.begin()
    from gan_tui.cli.follow import PlainFollower  # brings numpy, which the menu paints without
    from gan_tui.cli.log_follow import LogFollower
    from gan_tui.integrations.logs.log_folder import LogFolder

    signals.interrupt()
    with _told_without_output(folder):
        kind = LogFollower if isinstance(folder, LogFolder) else PlainFollower
        return kind(folder, sys.stdout, only_looks=only_looks).follow()


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


def show_dashboard(
    runs: Path, folder: RunFolder | None = None, logs: Path | None = None, sweep: "SweepFolder | None" = None
) -> int:
    """The menu, or the dashboard on a run, or on a sweep; or the menu with the logs below a folder as its runs."""
    needs_terminal("gan-tui attach needs" if folder or sweep else "The menu needs", folder)
    allocator.begin()
    from gan_tui.dashboard.redraw_rate import redraw_seconds
    from gan_tui.dashboard.terminal.rescue import Rescue

    redraw_seconds()  # a wish that cannot be granted is refused before anything is drawn
    reader = None
    if folder:
        from gan_tui.integrations.logs.log_folder import LogFolder
        from gan_tui.run import log_prefetch  # brings numpy, which the menu paints without

        is_log = isinstance(folder, LogFolder)
        reader = folder.reader() if is_log else log_prefetch.reader(folder.path / folder.events_file.name)
    Rescue().watch()
    sys.modules.setdefault("ssl", None)  # type: ignore[arg-type]  # asyncio loads it where it is; nothing here needs it
    from gan_tui.dashboard import kept_place
    from gan_tui.dashboard.app import GanTui  # Textual loads here and nowhere else

    if folder:
        from gan_tui.dashboard.screens import training  # noqa: F401 (to be there before the next line)
    gc.freeze()  # what the program is made of will not be garbage: a long history is read sooner without it
    app = GanTui(runs, folder, reader, kept_place.read(folder.path if folder else None, logs))
    app.first_sweep = sweep
    app.run()
    app.keep_place()  # however it was left
    if app.parting_words:
        print(app.parting_words)
    return app.return_code or DONE


def needs_terminal(what: str, folder: RunFolder | None = None) -> None:
    """Raises UserError without a terminal, or with one that is too small, saying what to do instead."""
    instead = f"gan-tui attach {folder.word} --plain" if folder else "gan-tui train gan --plain"
    if not _on_terminal():
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
    print(linked_path(folder.path / answer.text) if name == "save" else f"{folder.name}: {answer.text}")
    return DONE


def resume(folder: RunFolder, here: bool, group: GroupStart | None = None) -> int:
    """Go on with a paused run, or start a stopped or crashed one again from its last checkpoint.

    `here` is the word to train here what may be trained elsewhere.
    """
    if folder.is_alive():
        if group:
            raise UserError(
                f"{folder.name} is alive, and trains as it was started; gan-tui stop {folder.word} saves and ends it, "
                "and then it may go on with others."
            )
        return command_run(folder, "resume")
    to_know = starting.restart(folder, here=here, group=group)
    with _told_without_output(folder):
        does = "is started again" if documents.is_script(folder) else "continues"
        words = f"{folder.name}: {does} in the background; gan-tui attach {folder.word} shows it."
        print(f"{words} {to_know}".strip(), flush=True)
    return DONE


def resume_to(folder: RunFolder, unit: str, count: int, here: bool, group: GroupStart | None = None) -> int:
    """Go on with a run that is not alive to so many "steps" or "epochs" in all."""
    other = starting.train_longer(folder, unit, count, here=here, group=group)
    words = f"{folder.name}: trains on to {count:,} {unit} in the background; gan-tui attach {folder.word} shows it."
    with _told_without_output(folder):
        print(f"{words} {other}".strip(), flush=True)
    return DONE


def _wait_until_gone(folder: RunFolder, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while folder.is_alive() and time.monotonic() < deadline:
        time.sleep(0.02)


def _named(what: str, runs: Path) -> tuple[Preset, RunFolder | None] | tuple[None, RunFolder]:
    """The run of that name or path, with its preset, if it has one; or else the preset. Of both, the other is told.

    A name is that of a run among the runs; one in the current folder has a path, ./NAME, where a preset has its name.
    """
    files = presets.files()
    untold = what in files and not os.access(runs, os.X_OK)  # whether it is a run as well
    if (not untold and catalog.may_be_run(runs / what)) or (what not in files and catalog.is_run(user_path(what))):
        folder = run_called(what, runs)
        if what in files:
            print(f"{what} is also a preset, which gan-tui show {shell_word(files[what])} shows.", file=sys.stderr)
        return (None, folder) if documents.is_script(folder) else (presets.of_run(folder), folder)
    if what in files or what.endswith(".toml") or "/" in what:
        return presets.find(what), None
    known = [*files, *(run.folder.name for run in summaries(runs))]
    raise UserError(f'There is no preset or run "{harmless(what, 60)}", {nearest(what, known)}.')


_ALWAYS = ("epochs", "steps", "batch_size", "learning_rate", "optimizer", "loss", "metrics", "seed")
"""Settings that are shown whatever they are."""


def show(what: str, runs: Path, settings: bool = False, as_json: bool = False) -> int:
    """Layers and settings of a preset, or of a run with what it came to; or `settings` alone, with all about them."""
    preset, folder = _named(what, runs)
    columns = terminal.columns_of_output()
    if preset is None:
        assert folder
        return _show_script(folder, settings, as_json, columns)
    if as_json:
        print_json({**settings_shown.as_document(preset), **({"results": results_of(folder)} if folder else {})})
        return DONE
    if settings:
        print(settings_shown.text(preset, columns))
        return DONE
    print(f"{preset.title} ({preset.name})\n\n{flowed(preset.about, columns)}\n")
    if preset.found:
        found = preset.found
        print(flowed(f"data  {found.name}: {found.says or f'{found.count:,} examples'} ({found.path})", columns) + "\n")
    if preset.start:
        print(flowed(f"start  {preset.start.origin}", columns) + "\n")
    print("\n\n".join(tables.network_table(network, columns) for network in preset.networks))
    print("\nsettings")
    known = preset.rules.settings_for()
    told = {name: value for name, value in preset.settings.items() if name in _ALWAYS or value != known[name].default}
    longest = settings_shown.LONGEST
    rows = [(f"  {name}", value_words(value, longest), known[name].about) for name, value in told.items()]
    print(aligned(rows, (), columns))
    if left := len(preset.settings) - len(told):
        print(flowed(f"  and {left} more as they are by default; gan-tui show {shell_word(what)} --settings", columns))
    if idle := preset.without_effect():
        print("\n" + flowed("\n".join(idle), columns))
    if folder:
        print(f"\nresults\n{tables.results(folder, preset.settings, columns)}")
    return DONE


def _show_script(folder: RunFolder, settings: bool, as_json: bool, columns: int | None) -> int:
    """What a script's run is."""
    from gan_tui.cli import script_shown

    if settings:
        raise UserError(f"What can be set is the script's own affair; gan-tui show {folder.word} shows what it told.")
    if as_json:
        print_json({**script_shown.as_document(folder), "results": results_of(folder)})
    else:
        print(script_shown.text(folder, columns))
    return DONE


def diagnose(runs: Path, as_json: bool) -> int:
    """What this machine has, and what would end a run here."""
    from gan_tui import doctor

    return doctor.doctor(runs, as_json, data.NAMES, data.at_hand)
