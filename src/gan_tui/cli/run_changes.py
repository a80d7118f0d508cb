"""Commands that change what is kept of runs, and nothing of what they train: rename, note, delete."""

import sys
from collections.abc import Sequence
from pathlib import Path

from gan_tui.cli.named_runs import is_run
from gan_tui.cli.named_sweeps import run_called, sweep_called
from gan_tui.errors import DONE, TRAINING_FAILED, UserError
from gan_tui.run import catalog, notes, renaming
from gan_tui.run.folder import RunFolder
from gan_tui.run.holder import NOT_HERE
from gan_tui.run.summaries import summary_of
from gan_tui.supervision import launching
from gan_tui.sweep import deletion as sweep_deletion
from gan_tui.sweep.folder import SweepFolder
from gan_tui.system.paths import whole_path
from gan_tui.text import counted, shown_path


def rename(folder: RunFolder, name: str) -> int:
    """Call a run otherwise, and print where it lies now."""
    _refuse_log(folder, "is called as its folder is")
    print(shown_path(renaming.rename(folder, name).path))
    return DONE


def note(folder: RunFolder, words: Sequence[str]) -> int:
    """Print what is noted of a run; or note these words instead, where an empty one takes the note away."""
    _refuse_log(folder, "keeps no note")
    if words:
        notes.write(folder, " ".join(words))
        return DONE
    if said := notes.of(folder):
        print(said)
    else:
        print(f'Nothing is noted of {folder.name}; gan-tui note {folder.word} "…" notes something.', file=sys.stderr)
    return DONE


def _refuse_log(folder: RunFolder, why: str) -> None:
    if type(folder) is not RunFolder:
        raise UserError(f"{folder.name} is another program's log, of which nothing is written: it {why}.")


def delete(words: Sequence[str], runs: Path, surely: bool) -> int:
    """Delete runs and sweeps for good, once all of them may be, and somebody has said yes."""
    named = {one.path: one for one in (_run_or_sweep(word, runs) for word in words)}
    for one in named.values():
        if isinstance(one, SweepFolder):
            sweep_deletion.refuse_alive(one)
        elif one.is_alive():
            raise UserError(f"{one.name} is still running; gan-tui stop {one.word} first. Nothing was deleted.")
    if not surely and not _agreed(list(named.values())):
        print("Nothing was deleted.")
        return DONE
    failed = list[str]()
    for one in named.values():
        try:
            if isinstance(one, SweepFolder):
                sweep_deletion.delete(one)
                print(f"Deleted the sweep {one.name}.")
                continue
            launching.release(one)
            catalog.delete(one)
            print(f"Deleted {one.name}.")
        except UserError as error:
            failed.append(str(error))
    if failed:
        raise UserError(" ".join(failed), TRAINING_FAILED)
    return DONE


def _run_or_sweep(word: str, runs: Path) -> RunFolder | SweepFolder:
    """The run of that name, which is said where a sweep is called so, too; or else the sweep."""
    if not is_run(word, runs) and (path := sweep_called(word, runs)):
        return SweepFolder(whole_path(str(path)))
    return run_called(word, runs)


def _agreed(folders: Sequence[RunFolder | SweepFolder]) -> bool:
    """Ask on the terminal. Raises UserError where there is none."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UserError("delete asks first, and there is no terminal to ask on; --yes deletes without a question.")
    for folder in folders:
        print(_told(folder), file=sys.stderr)
    swept = [folder for folder in folders if isinstance(folder, SweepFolder)]
    kind = "sweep" if len(swept) == len(folders) else "run" if not swept else "folder"
    which = f"the {kind} {folders[0].name}" if len(folders) == 1 else f"these {counted(len(folders), kind)}"
    print(f"Delete {which} for good? This cannot be undone. [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _told(folder: RunFolder | SweepFolder) -> str:
    """What a person should know of a run or a sweep before it is deleted."""
    if isinstance(folder, SweepFolder):
        done = sum(1 for _ in folder.every_result())
        return f"{folder.name} (a sweep with {counted(done, 'training')} that are done)  {shown_path(folder.path)}"
    run, others = summary_of(folder), catalog.others_in(folder)
    parts = [f"{run.shown}: {run.standing.about}" if run.state in NOT_HERE else run.shown]
    parts += [f'noted "{said}"'] if (said := notes.of(folder)) else []
    if others:
        parts.append(f"what else lies in its folder goes, too: {', '.join(others[:4])}{', …' if others[4:] else ''}")
    return f"{folder.name} ({'; '.join(parts)})  {shown_path(folder.path)}"
