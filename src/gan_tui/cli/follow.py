"""The front end without a terminal: follows a run as aligned lines, readable in a log years later."""

import gc
import time
from collections.abc import Callable
from typing import TextIO

from gan_tui.cli import came_to, follow_words
from gan_tui.cli.group_lines import GroupLines
from gan_tui.cli.metric_columns import MetricColumns
from gan_tui.cli.printed import Printed
from gan_tui.errors import DONE, INTERRUPTED, TRAINING_FAILED, UserError
from gan_tui.run import documents
from gan_tui.run.commands import Command
from gan_tui.run.events import START, Alert, Checkpoint, Epoch, Event, Metrics, Resumed, Started, State
from gan_tui.run.folder import RunFolder
from gan_tui.run.follower import Cadence, Follower, News
from gan_tui.run.holder import ENDED, UNKNOWN, Standing
from gan_tui.run.outcome import ended_well
from gan_tui.run.state import RunState
from gan_tui.supervision import control_client
from gan_tui.system import signals
from gan_tui.system.allocator import TIDY_SECONDS
from gan_tui.system.links import linked_path

CADENCE = Cadence(usual=0.1, quick=0.1, folder=0.0)
"""The end of a run is said at once, and what uses it goes on."""
BLOCK = 1 << 16
"""Bytes of the log that are taken in at once: nobody waits for a chart, so what that needs may stay small."""
LINE_SECONDS = 2.0
"""At most one line of metrics in this time."""


class PlainFollower:
    """Prints a run as it happens, until it ends."""

    def __init__(
        self,
        folder: RunFolder,
        stream: TextIO,
        clock: Callable[[], float] = time.monotonic,
        only_looks: bool = False,
    ) -> None:
        """`clock` times the lines of metrics. Who `only_looks` leaves the run as it is: others may be there."""
        self.folder, self._stream, self._clock, self._only_looks = folder, stream, clock, only_looks
        self.state, self._standing = RunState(), Standing(ENDED)
        self._line_due = self._tidy_due = 0.0
        self._columns, self._group = MetricColumns(stream), GroupLines()
        self._printed_step = 0
        self._went_wrong = self._prepares = False
        self._trouble, self._damaged = "", 0
        self._printed = Printed(folder.trainer_log) if documents.is_script(folder) else None
        """What a script prints, which is shown with all else."""
        self._said: list[str] = []
        """What was last printed of what is trained."""
        self._follower = Follower(folder, folder.reader(BLOCK), one_by_one=True, cadence=CADENCE)

    def follow(self) -> int:
        """Returns the exit code: 0 when the run finished or was stopped, 130 after Ctrl-C, else 1."""
        interrupted = False
        while True:
            try:
                signals.taken_again()  # those that came while the run was started
                news = self._follower.news()
                if news.records:
                    self._take(news)
                    continue
                if self._went_wrong and news.alive and not self._only_looks:
                    return self._give_up()
                self._print_printed()
                self._print_trouble(news)
                self._standing = news.standing
                if not news.alive and not news.is_to_come:
                    break
                self._tidy()
                self._follower.rest()
            except KeyboardInterrupt:
                if self._only_looks:
                    return self._leave()
                if interrupted:
                    name, word = self.folder.name, self.folder.word
                    doing = "ending" if self._printed else "saving"
                    self._print(f"{name} is still {doing}; gan-tui attach {word} shows it.")
                    return INTERRUPTED
                interrupted = True
                self._ask_to_stop()
        return self._end(interrupted)

    @property
    def _shown(self) -> str:
        """The run's state as a person should see it."""
        return self._standing.shown(self.state.state)

    def _leave(self) -> int:
        name, word = self.folder.name, self.folder.word
        if self.folder.is_alive():
            self._print(f"{name} continues in the background; gan-tui stop {word} ends it.")
        return INTERRUPTED

    def _tidy(self) -> None:
        if self._clock() >= self._tidy_due:
            self._tidy_due = self._clock() + TIDY_SECONDS
            gc.collect()

    def _ask_to_stop(self) -> None:
        doing = "asking the script to stop" if self._printed else "saving a checkpoint and stopping"
        self._print(f"Interrupted: {doing} (Ctrl-C again to leave at once) …")
        try:
            control_client.ask(self.folder, Command("stop"))
        except UserError as error:
            self._print(str(error))
        except KeyboardInterrupt:
            raise SystemExit(INTERRUPTED) from None

    def _give_up(self) -> int:
        """End a run that paused itself because its numbers went wrong: nobody is here to press a key."""
        self._went_wrong = False
        try:
            control_client.ask(self.folder, Command("stop"))
        except UserError as error:
            self._print(str(error))
        self.follow()
        return TRAINING_FAILED

    def _end(self, interrupted: bool) -> int:
        self._print_metrics()
        self._print_printed(ended=True)
        state = self.state
        if not self.folder.is_there():
            self._print(self.folder.deleted())
            return INTERRUPTED if interrupted else TRAINING_FAILED
        for line in follow_words.of_end(self.folder, state, self._standing, self._prepares):
            self._print(line)
        for line in came_to.sentences(self.folder, state, self._stream):
            self._print(line)
        self._print(linked_path(self.folder.path, self._stream))
        if interrupted:
            return INTERRUPTED
        return DONE if ended_well(state) else TRAINING_FAILED

    def _take(self, news: News) -> None:
        self.state = news.state
        for record in news.records:
            self._say(record.event)
        for line in self._group.lines(self.state):
            self._print(line)

    def _say(self, event: Event) -> None:
        if isinstance(event, Metrics):
            if self._clock() >= self._line_due:
                self._print_metrics()
        elif isinstance(event, Epoch) and any(self.state.metric(name).each == "epoch" for name in event.values):
            self._print_metrics()
            self._print(f"epoch {event.epoch} done: {self._columns.of_epoch(self.state, event.values)}")
        elif isinstance(event, Checkpoint):
            self._print_metrics()
            self._print(f"checkpoint ({event.why}) {linked_path(self.folder.path / event.folder, self._stream)}")
        elif isinstance(event, Alert) and event.kind != START:  # which was printed with the start
            pauses = event.kind == "non-finite" and not self._printed  # a script goes on
            self._went_wrong = self._went_wrong or pauses
            self._print(f"WARNING: {event.text}")
        elif isinstance(event, Resumed):
            self._columns.begin()
            self._print(f"resumed from step {event.from_step:,}")
        elif isinstance(event, Started):
            self._prepares = False
            self._print_start(event)
        elif isinstance(event, State) and event.state in ("starting", "paused"):
            self._prepares = event.state == "starting"
            if self._prepares and not self._printed:
                self._said = []
            self._print(f"{event.state}: {event.reason}")

    def _print_trouble(self, news: News) -> None:
        """What no event can say: a full disk, a lock that cannot be looked at, lines that were damaged; each once."""
        about = news.standing.about if news.standing.shown(news.state.state) == UNKNOWN else ""
        trouble = news.trouble or (f"{about[0].upper()}{about[1:]}." if about else "")
        if trouble != self._trouble:
            self._trouble = trouble
            self._print(f"WARNING: {trouble}" if trouble else "Problem resolved.")
        if news.damaged != self._damaged:
            self._damaged = news.damaged
            self._print(f"WARNING: {self.folder.damage(self._damaged)}")

    def _print_start(self, event: Started) -> None:
        """What is known of a training, as far as it was not said before: a script tells it by and by."""
        lines = list(follow_words.of_start(event))
        for line in lines:
            if line not in self._said:
                self._print(line)
        self._said = lines

    def _print_printed(self, ended: bool = False) -> None:
        for line in self._printed.lines(ended) if self._printed else ():
            self._print(f"| {line}")

    def _print_metrics(self) -> None:
        state = self.state
        if state.step == self._printed_step:
            return
        self._printed_step = state.step
        self._line_due = self._clock() + LINE_SECONDS
        for line in self._columns.lines(state):
            self._print(line)

    def _print(self, line: str) -> None:
        print(line, file=self._stream, flush=True)
