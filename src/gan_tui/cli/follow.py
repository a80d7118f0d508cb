"""The front end without a terminal: follows a run as aligned lines, readable in a log years later."""

import gc
import time
from collections.abc import Callable, Sequence
from typing import TextIO

from gan_tui.errors import DONE, INTERRUPTED, TRAINING_FAILED, UserError
from gan_tui.run.event_log import EventReader, damage
from gan_tui.run.events import Alert, Checkpoint, Command, Epoch, Event, Metrics, Resumed, Started, State
from gan_tui.run.folder import RunFolder
from gan_tui.run.follower import Cadence, Follower, News
from gan_tui.run.holder import ENDED, NOT_HERE, UNKNOWN, Standing
from gan_tui.run.outcome import stuck
from gan_tui.run.state import RunState
from gan_tui.run.summaries import summary_of
from gan_tui.supervision import control_client, ways_on
from gan_tui.system import signals
from gan_tui.system.allocator import TIDY_SECONDS
from gan_tui.text import duration, four_digits, shown_path

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
        self._header: tuple[str, ...] = ()
        self._printed_step = 0
        self._went_wrong = self._prepares = False
        self._trouble, self._damaged = "", 0
        reader = EventReader(folder.events_file, BLOCK)
        self._follower = Follower(folder, reader, one_by_one=True, cadence=CADENCE)

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
                self._print_trouble(news)
                self._standing = news.standing
                if not news.alive and self._shown != UNKNOWN:  # a disk that does not answer now
                    break
                self._tidy()
                self._follower.rest()
            except KeyboardInterrupt:
                if self._only_looks:
                    return self._leave()
                if interrupted:
                    name, word = self.folder.name, self.folder.word
                    self._print(f"{name} is still saving; gan-tui attach {word} shows it.")
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
        self._print("Interrupted: saving a checkpoint and stopping (Ctrl-C again to leave at once) …")
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
        state, word = self.state, self.folder.word
        if not self.folder.is_there():
            self._print(self.folder.deleted())
            return INTERRUPTED if interrupted else TRAINING_FAILED
        if state.state == "finished":
            self._print(f"Finished at step {state.step:,}: {state.reason}")
            if words := stuck(state):
                summary = summary_of(self.folder)
                longer = "" if summary.ended_early else f"; {ways_on.longer(self.folder, summary)}"
                self._print(f"{words} {ways_on.with_other_seed(self.folder)} trains it with another{longer}.")
        elif state.state == "stopped":
            saved = state.checkpoints[-1].step if state.checkpoints else 0
            where = "there" if saved == state.step else f"step {saved:,}" if saved else "the first step"
            why = "" if state.reason in ("", "asked to stop") else f": {state.reason}"
            self._print(f"Stopped at step {state.step:,}{why}; gan-tui resume {word} continues from {where}.")
        elif self._shown in NOT_HERE:
            self._print(f"{self._shown.capitalize()}, last seen at step {state.step:,}: {self._standing.about}.")
            self._print(f"gan-tui resume --here {word} trains it here all the same.")
        else:
            reason = state.reason if state.state == "failed" else "its processes were killed"
            self._print(f"Failed at step {state.step:,}: {reason}")
            self._print(f"gan-tui resume {word} {_way_on(state, self._prepares)}; trainer.log may show why.")
        self._print(shown_path(self.folder.path))
        if interrupted:
            return INTERRUPTED
        return DONE if state.state in ("finished", "stopped") else TRAINING_FAILED

    def _take(self, news: News) -> None:
        self.state = news.state
        for record in news.records:
            self._say(record.event)

    def _say(self, event: Event) -> None:
        if isinstance(event, Metrics):
            if self._clock() >= self._line_due:
                self._print_metrics()
        elif isinstance(event, Epoch) and any(self.state.metric(name).each == "epoch" for name in event.values):
            self._print_metrics()
            values = "  ".join(f"{name} {four_digits(value)}" for name, value in event.values.items())
            self._print(f"epoch {event.epoch} done: {values}")
        elif isinstance(event, Checkpoint):
            self._print_metrics()
            self._print(f"checkpoint ({event.why}) {shown_path(self.folder.path / event.folder)}")
        elif isinstance(event, Alert):
            self._went_wrong = self._went_wrong or event.kind == "non-finite"
            self._print(f"WARNING: {event.text}")
        elif isinstance(event, Resumed):
            self._header = ()
            self._print(f"resumed from step {event.from_step:,}")
        elif isinstance(event, Started):
            self._prepares = False
            self._print_start(event)
        elif isinstance(event, State) and event.state in ("starting", "paused"):
            self._prepares = event.state == "starting"
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
            self._print(f"WARNING: {damage(self._damaged)}")

    def _print_start(self, event: Started) -> None:
        data = event.dataset
        self._print(f"{event.preset}: {event.title}")
        for name, rows in event.networks.items():
            layers = [row for row in rows if row["kind"] != "Input"]
            self._print(f"  {name}: {len(layers)} layers, {sum(row['parameters'] for row in layers):,} parameters")
        held_back = f" and {data['validation']:,} for validation" if data.get("validation") else ""
        self._print(f"  data: {data['name']}, {data['train']:,} examples{held_back} ({data['origin']})")
        devices = ", ".join(event.devices)
        self._print(f"  {event.steps_total:,} steps, batch {event.batch_size}, seed {event.seed}, on {devices}")

    def _print_metrics(self) -> None:
        state = self.state
        if state.step == self._printed_step:
            return
        self._printed_step = state.step
        self._line_due = self._clock() + LINE_SECONDS
        names = tuple(
            name for name, series in state.series.items() if series.length and state.metric(name).each == "step"
        )
        if names != self._header:
            self._header = names
            self._print(self._line("step", "epoch", [*names, "steps/s"], "time left"))
        epoch, epochs = state.current_epoch()
        values = [four_digits(state.series[name].last) for name in names]
        speed, left = state.speed, state.seconds_left
        self._print(
            self._line(
                f"{state.step:,} of {state.steps_total:,}", f"{epoch:,}/{epochs:,}",
                [*values, f"{speed:,.1f}" if speed else ""], duration(left) if left is not None else "",
            )
        )  # fmt: skip

    def _line(self, step: str, epoch: str, values: Sequence[str], left: str) -> str:
        """A line of metrics, or their names: each value ends below its name, the last step's like the first's."""
        total, epochs = f"{self.state.steps_total:,}", f"{self.state.current_epoch()[1]:,}"
        wide = [max(17, 2 * len(total) + len(" of ")), max(9, 2 * len(epochs) + 1)]
        wide += [*(max(10, len(name)) for name in self._header), 8]
        cells = [cell.rjust(room) for cell, room in zip((step, epoch, *values), wide, strict=True)]
        return "  ".join([*cells, left]).rstrip()

    def _print(self, line: str) -> None:
        print(line, file=self._stream, flush=True)


def _way_on(state: RunState, prepared: bool) -> str:
    """What resuming a run does that has failed, while it `prepared` to go on or later; half a sentence."""
    if not state.checkpoints:
        return "begins again: there is no checkpoint yet"
    refused = prepared and state.state == "failed"  # and would be again, for the same reason
    return "tries again, once that is mended" if refused else "continues from the last checkpoint"
