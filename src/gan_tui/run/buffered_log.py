"""A run's log as its trainer writes it: a full disk loses nothing of it, and a power cut at most a second's worth."""

import threading
import time
from collections.abc import Callable

from gan_tui.errors import DISK_FULL, held_up_by, remedy, told, why
from gan_tui.run.events import Alert, Event, Metrics
from gan_tui.run.folder import RunFolder

SYNC_SECONDS = 0.75
"""Between two times that what is new is made durable."""
RETRY_SECONDS = 0.5
"""Between two tries to write while the disk takes nothing."""
MOST_MISSED = 1
"""Looks that may not find the log in its place: an editor takes a file away to save it, and `rm` takes all of a run."""
MOST_WAITING = 1 << 26
"""Bytes that may wait in memory until training waits, too."""


class BufferedLog:
    """Writes events; those that the disk does not take wait in memory, in order, and are written once it does.

    What is wrong meanwhile stands as a sentence in the run's lock file, since no event can say it.
    """

    def __init__(
        self, folder: RunFolder, clock: Callable[[], float] = time.monotonic, *, may_wait: bool = True
    ) -> None:
        """`may_wait`: whether training waits once it is full; else what is told then is lost.

        Raises OSError when the log cannot be opened.
        """
        self._folder, self._clock, self._writer, self._may_wait = folder, clock, folder.writer(), may_wait
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None
        self._unsynced = False
        self._failure: OSError | None = None
        """Why the disk did not take what was written last."""
        self._retry_at = 0.0
        self._troubles: dict[str, tuple[str, str]] = {}
        """What is wrong → (a sentence, what is waited for meanwhile)."""
        self._step = self._missed = 0

    def write(self, *events: Event) -> None:
        """Append events with the present time, now or when there is room."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._keep_up, name="sync the log", daemon=True)
            self._thread.start()
        with self._lock:
            self._add(*events)
            if not self._failure or self._clock() >= self._retry_at:
                self._flush()

    def _add(self, *events: Event) -> None:
        self._writer.add(*events)
        for event in events:
            if isinstance(event, Metrics) and event.steps:
                self._step = int(event.steps[-1])

    @property
    def waiting(self) -> int:
        """Bytes that the disk has not taken yet."""
        return self._writer.waiting

    @property
    def is_full(self) -> bool:
        """Whether so much waits that nothing should be added."""
        return self.waiting > MOST_WAITING

    def sync(self) -> None:
        """Wait until what was written is on the disk; what the disk does not take goes on waiting."""
        try:
            self._unsynced = False
            self._writer.sync()
        except OSError as error:
            self.trouble("sync", f"events.jsonl cannot be synced to the disk: {told(error)}.")
        else:
            self.trouble("sync", "")

    @property
    def held_up_by(self) -> str:
        """What is waited for while the disk does not take the log, in a word."""
        return held_up_by(self._failure) if self._failure else ""

    @property
    def troubles(self) -> str:
        """What is wrong, in sentences."""
        return " ".join(sentence for sentence, _ in self._troubles.values() if sentence)

    def trouble(self, kind: str, sentence: str, waits: str = "") -> None:
        """Say what is wrong, where whoever watches looks also when the disk is full; and what training waits for.

        An empty sentence: the problem is resolved.
        """
        if self._troubles.get(kind, ("", "")) != (sentence, waits):
            self._troubles[kind] = sentence, waits
            self._folder.tell_trouble(self.troubles, next((word for _, word in self._troubles.values() if word), ""))

    def close(self) -> bool:
        """Write and sync what there is; whether all of it could be written."""
        self._closed.set()
        if self._thread:
            self._thread.join()
        with self._lock:
            self._look_after_file(patience=0)
            self._flush()
        self.sync()
        self._writer.close()
        if self.waiting:
            why_not = self._troubles.get("log", ("", ""))[0].partition(":")[0]
            self.trouble("log", f"{why_not}: the last metrics, and how the run ended, could not be written.")
        return not self.waiting

    def _keep_up(self) -> None:
        """Make durable what is new, and try again to write what waits."""
        while not self._closed.wait(SYNC_SECONDS):
            with self._lock:
                self._look_after_file(MOST_MISSED)
                if self.waiting:
                    self._flush()
            if self._unsynced:
                self.sync()

    def _look_after_file(self, patience: int) -> None:
        """Put the log back once so many looks in a row have not found it; of a run that is deleted nothing is made."""
        try:
            self._missed = 0 if self._writer.is_in_place() else self._missed + 1
            news = ""
            if self._missed > patience and self._folder.is_there() and self._folder.lock_file.exists():
                news, self._missed = self._writer.put_back(), 0
            elif not self._missed and self._writer.was_cut():
                news = f"Another program has cut events.jsonl: what it told of steps before {self._step:,} is lost."
            if news:
                self._add(Alert("log", news, self._step))
            self.trouble("file", "")
        except OSError as error:
            what = "events.jsonl was moved, deleted or replaced by another program, and cannot be put back"
            self.trouble("file", f"{what}: {told(error)}.")

    def _flush(self) -> None:
        try:
            self._writer.flush()
        except OSError as error:
            self._failure, self._retry_at = error, self._clock() + RETRY_SECONDS
            waits = self.is_full and self._may_wait
            self.trouble("log", _in_words(error, self.is_full, waits), self.held_up_by if waits else "")
        else:
            self._failure, self._unsynced = None, True
            self.trouble("log", "")


def _in_words(error: OSError, is_full: bool, waits: bool) -> str:
    what = "The disk is full" if held_up_by(error) == DISK_FULL else f"events.jsonl cannot be written ({why(error)})"
    if is_full and not waits:
        return f"{what}, and so is the memory for it: what is measured now is lost; {remedy(error)}."
    if is_full:
        return f"{what}: training waits until the metrics can be written; {remedy(error)}."
    return f"{what}: metrics are kept in memory and written once there is space; {remedy(error)}."
