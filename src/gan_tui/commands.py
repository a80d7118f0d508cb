"""What each command of the shell does, apart from parsing its arguments."""

import gc
import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from gan_tui import control, data, plan, presets, run_folder, settings, signals, supervisor, tables, thrift
from gan_tui.checks import user_path
from gan_tui.drawing import terminal
from gan_tui.errors import DONE, TRAINING_FAILED, UserError
from gan_tui.events import Command
from gan_tui.prepared import PreparedSupervisor
from gan_tui.presets import Preset
from gan_tui.run_folder import RunFolder
from gan_tui.text import harmless, nearest, shown_path


def configured(
    preset: Preset,
    changes: Sequence[str],
    steps: int | None,
    epochs: int | None,
    seed: int | None,
    restarts: int | None = None,
) -> Preset:
    """The preset with a command line's changes. Raises UserError for an unknown or impossible setting."""
    values: dict[str, object] = {}
    try:
        for change in changes:
            name, equals, text = change.partition("=")
            if not equals:
                raise UserError(f'--set takes KEY=VALUE, such as --set batch_size=64, not "{harmless(change, 60)}".')
            values[name.strip()] = settings.from_text(preset.task, name.strip(), text)
        if epochs is not None:
            values |= {"epochs": epochs, "steps": 0}
        if steps is not None:
            if steps < 1:
                raise UserError(f"--steps must be at least 1, not {steps}.")
            values["steps"] = steps
        if seed is not None:
            values["seed"] = seed
        if restarts is not None:
            values["restarts"] = restarts
        preset = preset.with_settings(values)
    except ValueError as error:
        raise UserError(f"{preset.name}: {error}.") from None
    plan.plan(preset)
    return preset


def start(preset: Preset, runs: Path, name: str | None, prepared: PreparedSupervisor | None = None) -> RunFolder:
    """A new run of a preset, already training in the background. Leaves nothing behind when it cannot start."""
    plan.plan(preset)
    folder = run_folder.create(preset, runs, name)
    try:
        supervisor.launch(folder, prepared=prepared)
    except UserError:
        run_folder.delete(folder)
        raise
    return folder


def start_and_follow(preset: Preset, runs: Path, name: str | None) -> int:
    """A new run, followed as lines of text; to interrupt it while it starts is to stop it, too."""
    with signals.held_back():
        return follow(start(preset, runs, name))


def follow(folder: RunFolder) -> int:
    """Lines of text until the run has ended. Ctrl-C, or a SIGTERM from whoever runs us, saves and stops it."""
    thrift.begin()
    from gan_tui.plain import PlainFollower  # brings numpy, which the menu paints without

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)  # a shell's background jobs start with Ctrl-C ignored
    return PlainFollower(folder, sys.stdout).follow()


def show_dashboard(runs: Path, folder: RunFolder | None = None) -> int:
    """The menu, or the dashboard on a run."""
    needs_terminal("gan-tui attach needs" if folder else "The menu needs", folder)
    thrift.begin()
    from gan_tui.dashboard.pace import redraw_seconds
    from gan_tui.dashboard.terminal.rescue import Rescue

    redraw_seconds()  # a wish that cannot be granted is refused before anything is drawn
    reader = None
    if folder:
        from gan_tui import read_ahead  # brings numpy, which the menu paints without

        reader = read_ahead.reader(folder.events_file)
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
    instead = "gan-tui show " + folder.name if folder else "gan-tui train gan --plain"
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UserError(f"{what} a terminal; run {instead} instead.")
    if not terminal.can_place_text(os.environ):
        raise UserError(
            f'A terminal of the type "{harmless(os.environ.get("TERM", ""), 40)}" cannot be drawn on; set TERM to what '
            f"it is, such as TERM=xterm-256color, or run {instead}."
        )
    if wanted := terminal.unknown_colors(os.environ):
        raise UserError(f'GAN_TUI_COLORS must be truecolor, 256, 16 or none, not "{harmless(wanted, 40)}".')
    import shutil

    columns, rows = shutil.get_terminal_size()
    if not terminal.fits(columns, rows):
        raise UserError(
            f"This terminal is {columns} × {rows}; gan-tui needs at least "
            f"{terminal.SMALLEST[0]} × {terminal.SMALLEST[1]}: make the window larger, "
            "or use gan-tui train PRESET --plain."
        )


def command_run(folder: RunFolder, name: str) -> int:
    """pause, save or stop a run from the shell."""
    answer = control.ask(folder, Command(name))
    if not answer.ok:
        raise UserError(f"{folder.name}: {answer.text}", TRAINING_FAILED)
    if name == "stop":
        _wait_until_gone(folder)
    print(shown_path(folder.path / answer.text) if name == "save" else f"{folder.name}: {answer.text}")
    return DONE


def resume(folder: RunFolder) -> int:
    """Go on with a paused run, or start a stopped or crashed one again from its last checkpoint."""
    if folder.is_alive():
        return command_run(folder, "resume")
    restart(folder)
    print(f"{folder.name}: goes on in the background; gan-tui attach {folder.name} shows it.")
    return DONE


def restart(folder: RunFolder, prepared: PreparedSupervisor | None = None) -> None:
    """Start the processes of a run that is not alive. Raises UserError when it has nothing left to do."""
    summary = run_folder.summary(folder)
    if summary.state == "finished":
        raise UserError(f"{folder.name} has finished; gan-tui train {summary.preset} starts another run.")
    supervisor.release(folder)
    supervisor.launch(folder, prepared=prepared)


def _wait_until_gone(folder: RunFolder, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while folder.is_alive() and time.monotonic() < deadline:
        time.sleep(0.02)


def list_runs(runs: Path, as_json: bool) -> int:
    found = run_folder.summaries(runs)
    if as_json:
        rows = [
            {"name": run.folder.name, "folder": str(run.folder.path), "preset": run.preset,
             "state": run.state, "alive": run.alive, "step": run.step, "steps_total": run.steps_total}
            for run in found
        ]  # fmt: skip
        _print_json(rows)
    elif found:
        print(tables.run_table(found))
    elif runs.exists() and not runs.is_dir():
        raise UserError(f"{shown_path(runs)} is no folder; name one with --runs-dir or GAN_TUI_RUNS.")
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
        print(tables.preset_table(found))
    for problem in problems:
        print(problem, file=sys.stderr)
    return DONE


def _print_json(rows: object) -> None:
    print(json.dumps(rows, indent=2))  # not orjson: all but ASCII is escaped, so that no name can touch a terminal


def show(what: str, runs: Path) -> int:
    """Layer tables of a preset or a run."""
    if run_folder.is_run(runs / what) or run_folder.is_run(user_path(what)):
        preset = run_folder.find(what, runs).preset()
    elif what in presets.files() or what.endswith(".toml") or "/" in what:
        preset = presets.find(what)
    else:
        known = [*presets.files(), *(run.folder.name for run in run_folder.summaries(runs))]
        raise UserError(f'There is no preset or run "{harmless(what, 60)}", {nearest(what, known)}.')
    print(f"{preset.title} ({preset.name})\n\n{preset.about}\n")
    print("\n\n".join(tables.network_table(network) for network in preset.networks))
    print("\nsettings")
    print(
        tables.aligned(
            [(f"  {name}", _shown(value), settings.SETTINGS[name].about) for name, value in preset.settings.items()]
        )
    )
    return DONE


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else harmless(str(value), 40)


def sweep(
    preset: Preset, changes: Sequence[str], until: str | None, repeats: int, runs: Path, name: str | None, as_json: bool
) -> int:
    """Train every combination of the values, or what is missing of them, and print how they compare."""
    from gan_tui import sweep, sweep_folder, sweep_run

    swept = sweep.made(preset, changes, until, repeats)
    return sweep_run.run(swept, sweep_folder.find_or_make(swept, runs, name), as_json)


def resume_sweep(name: str, runs: Path, as_json: bool) -> int:
    """Go on with a sweep as it was begun."""
    from gan_tui import sweep_folder, sweep_run

    folder = sweep_folder.find(name, runs)
    return sweep_run.run(folder.sweep(), folder, as_json)


def show_data() -> int:
    from gan_tui.data import report

    print(report.table(data.available()))
    return DONE


def fetch_data(name: str) -> int:
    from gan_tui.data import report

    if name not in data.NAMES:
        raise UserError(f'There is no data set "{harmless(name, 60)}", {nearest(name, data.NAMES)}.')
    report.fetch_with_bar(name, sys.stdout)
    return DONE
