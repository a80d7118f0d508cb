"""A run as exports tell it: what its whole log comes to, and all its pictures, not only those that a screen keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gan_tui.errors import UserError
from gan_tui.integrations.logs.log_folder import LogFolder
from gan_tui.run.events import Picture, Record, Resumed
from gan_tui.run.folder import RunFolder
from gan_tui.run.reader import blocks
from gan_tui.run.state import RunState
from gan_tui.text import counted, nearest

Pictures = Mapping[str, tuple[Picture, ...]]
_NAMED = 8
"""Steps that are told of where another one was asked for."""


@dataclass(frozen=True)
class WholeRun:
    """What was read of a run at once."""

    folder: RunFolder
    state: RunState
    """With its history."""
    pictures: Pictures
    """Tag → all pictures that count, oldest first."""
    damaged: int
    """Lines of its log that were passed over."""

    @classmethod
    def read(cls, folder: RunFolder) -> "WholeRun":
        """Raises UserError where it has logged nothing, or is gone."""
        if not folder.is_there():
            raise UserError(folder.deleted())
        folder = folder.anew() if isinstance(folder, LogFolder) else folder
        reader, state, shown = folder.reader(), RunState(), dict[str, list[Picture]]()
        histories = reader.histories
        for records in blocks(reader):
            if reader.histories != histories:  # another log has come into its place
                histories, state, shown = reader.histories, RunState(), {}
            state = state.apply_all(records)
            _take(shown, records)
        if not state.first_time:
            raise UserError(f"{folder.name} has logged nothing yet, so there is nothing to export.")
        kept = {tag: tuple(some) for tag, some in shown.items() if some}
        return cls(folder, state, kept, reader.damaged)

    def picture(self, tag: str, step: int | None = None) -> Picture:
        """The newest picture of a tag, or the one of a step. Raises UserError, with those that there are."""
        some = self.history(tag)
        if step is None:
            return some[-1]
        found = next((picture for picture in reversed(some) if picture.step == step), None)
        if found is None:
            near = sorted(some, key=lambda picture: abs(picture.step - step))[:_NAMED]
            steps = ", ".join(f"{number:,}" for number in sorted(picture.step for picture in near))
            which = f"the nearest of {counted(len(some), 'picture')} are" if len(some) > _NAMED else "there are those"
            raise UserError(f"{self.folder.name} has no picture of {tag} at step {step:,}; {which} of {steps}.")
        return found

    def history(self, tag: str) -> tuple[Picture, ...]:
        """All pictures of a tag, oldest first. Raises UserError, with the tags that there are."""
        if tag not in self.pictures:
            if not self.pictures:
                raise UserError(f"{self.folder.name} has no pictures.")
            raise UserError(f'{self.folder.name} has no pictures of "{tag}", {nearest(tag, self.pictures)}.')
        return self.pictures[tag]


def _take(shown: dict[str, list[Picture]], records: Sequence[Record]) -> None:
    """Take in what some records say of pictures."""
    for record in records:
        event = record.event
        if isinstance(event, Picture):
            some = shown.setdefault(event.tag, [])
            if some and some[-1].step == event.step:
                some.pop()  # drawn again
            some.append(event)
        elif isinstance(event, Resumed):
            for tag in event.names or list(shown):
                shown[tag] = [picture for picture in shown.get(tag, ()) if picture.step <= event.from_step]
