"""What is said of a group of workers where a run is followed as text: who takes part, and who is not there."""

from collections.abc import Iterator

from gan_tui.run import group
from gan_tui.run.group import ENDED, TRAINING, Worker
from gan_tui.run.state import RunState


class GroupLines:
    """A line of the group when it is first told of and whenever one of its workers is in another state."""

    def __init__(self) -> None:
        self._told: dict[int, str] = {}

    def lines(self, state: RunState) -> Iterator[str]:
        """What is new since the last time."""
        now = {worker.worker: self._news_of(worker) for worker in state.workers}
        if now == self._told or not now:
            self._told = now
            return
        if now.keys() != self._told.keys():
            yield f"group: {', '.join(map(_named, state.workers))}"
        changed = [one for one in state.workers if self._told.get(one.worker, TRAINING) != now[one.worker]]
        self._told = now
        for worker in changed:
            if not worker.is_absent:
                yield f"group: {worker.called} is {worker.state}"
        if any(worker.is_absent for worker in changed):
            yield f"WARNING: {group.advice(state.workers)}"

    def _news_of(self, worker: Worker) -> str:
        """That all have ended with their run says nothing new."""
        return self._told.get(worker.worker, TRAINING) if worker.state == ENDED else worker.state


def _named(worker: Worker) -> str:
    """'worker 1 on box2 (GPU: H100)'"""
    devices = f" ({', '.join(worker.devices)})" if worker.devices else ""
    return f"{worker.called}{devices}"
