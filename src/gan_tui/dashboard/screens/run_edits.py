"""What a person does to runs on a list: mark, rename, note, delete, compare. Sweeps are deleted, too."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial

from textual import getters, work
from textual.binding import Binding, BindingType
from textual.screen import Screen

from gan_tui.dashboard.listed.deletion import deletion, deletion_of_sweep, room_in
from gan_tui.dashboard.listed.rows import Row
from gan_tui.dashboard.looks import looked_at
from gan_tui.dashboard.navigation import CompareRuns
from gan_tui.dashboard.screens.ask import AskScreen
from gan_tui.dashboard.screens.confirm import ConfirmScreen
from gan_tui.dashboard.terminal.app import TerminalApp
from gan_tui.errors import UserError, told
from gan_tui.run import catalog, notes, renaming
from gan_tui.run.folder import RunFolder
from gan_tui.run.summaries import RunSummary
from gan_tui.supervision import launching
from gan_tui.sweep import deletion as sweep_deletion
from gan_tui.sweep.listed import ListedSweep
from gan_tui.text import counted

LEAST_COMPARED, MOST_COMPARED = 2, 8

EDIT_KEYS: list[BindingType] = [
    Binding("space,m", "mark", "Mark", key_display="space", tooltip="Mark the chosen run, or take its mark away"),
    Binding(
        "a", "mark_all", "Mark all", show=False, tooltip="Mark all runs that are listed; again, take all marks away"
    ),
    Binding("v", "compare", "Compare", tooltip="Lay the marked runs over each other, 2 to 8 of them"),
    Binding("R", "rename", "Rename", tooltip="Give the chosen run another name"),
    Binding("n", "note", "Note", tooltip="Note something of the chosen run, to find it by"),
    Binding("X", "export", "Export", show=False, tooltip="Write the chosen run into a file to send: a page, CSV"),
    Binding(
        "d", "delete", "Delete", tooltip="Delete the marked runs that are listed, or the chosen run or sweep; asks"
    ),
]


class NameScreen(AskScreen):
    """Asks for another name of a run."""

    def __init__(self, run: RunSummary) -> None:
        self._folder = run.folder
        super().__init__(f"Rename {run.folder.name} to (enter renames, esc cancels)", run.folder.path.name)

    def problem(self, answer: str) -> str:
        """The question stays with it: what is typed next is another name."""
        if answer == self._folder.path.name:
            return ""
        return looked_at(lambda: renaming.why_not(self._folder, answer), "")


class NoteScreen(AskScreen):
    """Asks what is to be noted; None where nothing is to change."""

    def __init__(self, row: Row) -> None:
        super().__init__(f"Note of {row.listed.name} (enter keeps it, empty takes it away)", row.listed.note)

    def problem(self, answer: str) -> str:
        return f"A note has at most {notes.LONGEST} characters." if notes.is_too_long(answer) else ""

    def action_cancel(self) -> None:
        self.dismiss(None)


class EditsRuns(Screen[None]):
    """The part of a screen that lists runs to be marked."""

    app = getters.app(TerminalApp)

    def __init__(self) -> None:
        super().__init__()
        self._marks = dict[str, None]()
        """The keys of those that are marked, in the order in which they were."""
        self.is_changing = False
        """Whether a change that was asked for is being made."""
        self.changes = 0
        """How many were made: what was looked at before the last one is no longer so."""

    @property
    def chosen(self) -> Row | None:
        """The row that keys are about."""
        raise NotImplementedError

    @property
    def listed(self) -> Sequence[Row]:
        """The rows that are listed."""
        raise NotImplementedError

    def marked(self) -> list[RunSummary]:
        """The runs that are marked, also those that are not listed now."""
        raise NotImplementedError

    def show_marks(self) -> None:
        """Others are marked now."""
        raise NotImplementedError

    def look(self, wanted: str = "") -> None:
        """Something has changed; `wanted` is the key of what is to be chosen then."""
        raise NotImplementedError

    @property
    def to_delete(self) -> list[RunSummary]:
        """Those that are marked and listed, or else the chosen one: nothing goes that a person does not see."""
        run, listed = self.chosen.run if self.chosen else None, {row.key for row in self.listed}
        return [one for one in self.marked() if str(one.folder.path) in listed] or ([run] if run else [])

    @property
    def sweep_to_delete(self) -> ListedSweep | None:
        """The chosen sweep, where no marked run that is listed goes before it."""
        row = self.chosen
        return row.sweep if row and not row.is_training and not self.to_delete else None

    @property
    def out_of_sight(self) -> list[RunSummary]:
        """Those that are marked and not listed now."""
        listed = {row.key for row in self.listed}
        return [run for run in self.marked() if str(run.folder.path) not in listed]

    def why_not(self, action: str) -> str:
        """Why an action means nothing now, half a sentence; empty where it does."""
        if action == "trainings":
            is_sweep = self.chosen is not None and self.chosen.sweep is not None and not self.chosen.is_training
            return "" if is_sweep else "this is no sweep"
        if action not in ("mark", "compare", "rename", "note", "delete", "export"):
            return ""
        if action == "compare":
            return _why_not_compared(len(self.marked()))
        if action == "delete" and self.to_delete:
            return next(filter(None, map(_why_not_deleted, self.to_delete)), "")
        if action == "delete" and (sweep := self.sweep_to_delete):
            return f"{sweep.name} is still being trained" if sweep.under_way else ""
        row = self.chosen
        if row is None:
            return "there is no run here"
        if row.run is None:
            return "this is a training of a sweep" if row.is_training else "this is a sweep"
        if action in ("rename", "note") and row.run.is_log:
            return _of_others(row.run)
        return ""

    # Marks ----------------------------------------------------------

    def action_mark(self) -> None:
        row = self.chosen
        if row and row.run:
            if row.key in self._marks:
                del self._marks[row.key]
            else:
                self._marks[row.key] = None
            self.show_marks()

    def action_mark_all(self) -> None:
        keys = [row.key for row in self.listed if row.run]
        if all(key in self._marks for key in keys):
            self._marks.clear()
        else:
            self._marks.update(dict.fromkeys(keys))
        self.show_marks()

    def marks_without(self, gone: Iterable[str]) -> Collection[str]:
        """The keys that are marked, but for runs that are gone: what is called so later is another run."""
        for key in gone:
            self._marks.pop(key, None)
        return self._marks

    def action_compare(self) -> None:
        self.post_message(CompareRuns([run.folder for run in self.marked()]))

    # Names, notes ----------------------------------------------------------

    @work
    async def action_rename(self) -> None:
        row = self.chosen
        if row is None or row.run is None:
            return
        name = await NameScreen(row.run).answer(self)
        if name and name != row.run.folder.path.name:
            self._do(partial(self._rename, row.key, row.run.folder, name))

    def _rename(self, key: str, folder: RunFolder, name: str) -> str:
        new = str(renaming.rename(folder, name).path)
        self.app.call_from_thread(self._mark_renamed, key, new)
        return new

    def _mark_renamed(self, key: str, new: str) -> None:
        marks = [new if each == key else each for each in self._marks]
        self._marks.clear()
        self._marks.update(dict.fromkeys(marks))

    @work
    async def action_note(self) -> None:
        row = self.chosen
        if row is None or row.run is None:
            return
        text = await NoteScreen(row).answer(self)
        if text is not None and text != row.listed.note:
            self._do(partial(self._note, row.key, row.run.folder, text))

    def _note(self, key: str, folder: RunFolder, text: str) -> str:
        notes.write(folder, text)
        return key

    # Deleting ----------------------------------------------------------

    @work
    async def action_delete(self) -> None:
        runs, stay = self.to_delete, [run.folder.name for run in self.out_of_sight]
        sweep = self.sweep_to_delete
        if runs:
            question = deletion(runs, stay, room_in(self.app.size.height))
            deletions = {str(run.folder.path): partial(_delete_run, run.folder) for run in runs}
        elif sweep:
            question = deletion_of_sweep(sweep)
            deletions = {str(sweep.folder.path): partial(_delete_sweep, sweep)}
        else:
            return
        if await ConfirmScreen(question).answer(self):
            self._do(partial(self._delete, deletions))

    def _delete(self, deletions: Mapping[str, Callable[[], str]]) -> str:
        """Each under the key of its row; it says what was deleted."""
        troubles, deleted = list[str](), list[str]()
        for key, delete in deletions.items():
            try:
                deleted.append(delete())
                self.app.call_from_thread(self.marks_without, [key])
            except UserError as error:
                troubles.append(str(error))
        if deleted:
            said = deleted[0] if len(deleted) == 1 else counted(len(deleted), "run")
            self.app.call_from_thread(self.notify, f"Deleted {said}.", markup=False)
        if troubles:
            raise UserError(" ".join(troubles))
        return ""

    def _do(self, change: partial[str]) -> None:
        """Make a change in a thread; it returns the key of what is to be chosen then. What is typed next waits."""
        self.is_changing = True
        self.app.typed_ahead.hold()
        self.run_worker(partial(self._change, change), thread=True, group="changes", exit_on_error=False)

    def _change(self, change: partial[str]) -> None:
        wanted = ""
        try:
            wanted = change()
        except UserError as error:
            self.app.call_from_thread(self.notify, str(error), severity="error", markup=False)
        except OSError as error:
            words = f"That cannot be done: {told(error)}."
            self.app.call_from_thread(self.notify, words, severity="error", markup=False)
        finally:
            self.app.call_from_thread(self._changed, wanted)

    def _changed(self, wanted: str) -> None:
        self.is_changing, self.changes = False, self.changes + 1
        if self.is_attached:
            self.show_marks()
            self.look(wanted)


def _of_others(run: RunSummary) -> str:
    return f"{run.folder.name} is another program's log"


def _delete_run(folder: RunFolder) -> str:
    launching.release(folder)
    catalog.delete(folder)
    return folder.name


def _delete_sweep(sweep: ListedSweep) -> str:
    sweep_deletion.delete(sweep.folder)
    return f"the sweep {sweep.name}"


def _why_not_deleted(run: RunSummary) -> str:
    if run.is_log:
        return _of_others(run)
    return f"{run.folder.name} is {run.state}" if run.alive else ""


def _why_not_compared(marked: int) -> str:
    if marked < LEAST_COMPARED:
        return f"mark {LEAST_COMPARED} to {MOST_COMPARED} runs first (space)"
    return f"{marked} runs are marked, and {MOST_COMPARED} have room" if marked > MOST_COMPARED else ""
