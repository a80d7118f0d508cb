"""Names of others' metrics, pictures and texts, as they may be shown: harmless, short, few, and still told apart."""

from gan_tui.run.event_schema import LONGEST_METRIC_NAME
from gan_tui.text import clipped, harmless


class Names:
    """A name of ours for each of theirs, always the same one."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: dict[str, str] = {}
        self._taken: set[str] = set()
        self.left_out: set[str] = set()
        """Those that came when there were enough; as many again at most are told apart."""

    def of(self, theirs: str) -> str | None:
        """What it is called here; None where there are too many."""
        if (known := self._known.get(theirs)) is not None:
            return known
        if len(self._known) >= self._most:
            if len(self.left_out) < self._most:
                self.left_out.add(theirs)
            return None
        ours = self._known[theirs] = self._free(harmless(theirs, LONGEST_METRIC_NAME) or "unnamed")
        self._taken.add(ours)
        return ours

    def _free(self, name: str) -> str:
        number, free = 1, name
        while free in self._taken:
            number += 1
            end = f" ({number})"
            free = clipped(name, LONGEST_METRIC_NAME - len(end)) + end
        return free
