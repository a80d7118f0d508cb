"""What a script tells of its training, written into the folder of its run.

A thread writes what waits while the script is busy with something else, and what the process uses.
"""

import threading
import time
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import psutil

from gan_tui.integrations.scripts import endings
from gan_tui.integrations.scripts.bounded import Names, bounded_networks, plain_name
from gan_tui.integrations.scripts.numbers import Numbers, columns_of
from gan_tui.integrations.scripts.values import Refusal, number
from gan_tui.run import pictures
from gan_tui.run.buffered_log import BufferedLog
from gan_tui.run.event_schema import MOST_CHARACTERS, MOST_METRICS, MOST_WEIGHTS
from gan_tui.run.events import Alert, Epoch, Event, Metrics, Started, State, Text, Usage, Weights, is_readable
from gan_tui.run.folder import RunFolder
from gan_tui.run.pictures import Tiles
from gan_tui.run.recorder import METRICS_SECONDS, USAGE_SECONDS
from gan_tui.system import signals
from gan_tui.text import harmless

LAST_STEP = 2**53 - 1
"""From there on, not every whole number is one of double precision."""
MOST_SAID = 1000
"""Sentences about what was cut or left out, of one run."""


_LOST = "The disk took nothing for so long that some of what was measured is lost; the training went on."


class Recording:
    """The writer of one run's events. May be used by several threads."""

    def __init__(self, folder: RunFolder) -> None:
        """Raises OSError where the log cannot be opened."""
        self.folder, self.step = folder, 0
        self.lock = threading.RLock()
        self.log = BufferedLog(folder, may_wait=False)
        self._lost = 0
        """Events that there was no room for, neither on the disk nor in memory."""
        self._closed = threading.Event()
        self._said: set[str] = set()
        self._numbers = Numbers(self.say)
        self._tags, self._weight_names = Names(), Names(MOST_WEIGHTS)
        self._weights: dict[str, Any] = {}
        self._weights_step, self._weights_are_new = 0, False
        self._due = self._usage_due = 0.0
        self._process = psutil.Process()
        self.state = ""
        """As it was last told."""
        self.writer = 0
        """The thread that writes into the log right now; 0 while none does."""
        self.is_starting = True
        """Whether no step was taken yet."""
        threading.Thread(target=_keep_up, args=(weakref.ref(self), self._closed), name="gan-tui", daemon=True).start()

    # What is told -----------------------------------------------------------------------------------------

    def event(self, *events: Event) -> None:
        """Write what was logged until now, then some events; none that a reader would refuse, and lose."""
        refused = [event for event in events if not (isinstance(event, Metrics) or is_readable(event))]
        sound = [event for event in events if all(event is not each for each in refused)]
        with self.lock:
            if not self._closed.is_set():
                self._due = time.monotonic() + METRICS_SECONDS
                with self._writing():
                    self._write(*self._waiting(), *sound)
        for event in refused:
            sentence = (
                f"Something that was told of the run ({event.type}) is beyond what can be kept, and was left out."
            )
            self.say(f"refused {event.type}", sentence)

    def _write(self, *events: Event) -> None:
        if self.log.is_full and (lost := [event for event in events if not isinstance(event, State)]):
            self._lost += len(lost)
            events = tuple(event for event in events if isinstance(event, State))
        elif self._lost:
            self._lost = 0
            events = (Alert("script", _LOST, self.step), *events)
        self.log.write(*events)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """What ends the script in the midst of this, does so afterwards. With the lock held."""
        before, self.writer = self.writer, threading.get_ident()
        try:
            with signals.interrupted_later():
                yield
        finally:
            self.writer = before
        if not before:
            endings.goes_on()

    def _waiting(self) -> list[Event]:
        """What was logged and not written yet."""
        waiting: list[Event] = [*self._numbers.take()] if self._numbers.waiting else []
        if self._weights_are_new:
            self._weights_are_new = False
            waiting.append(Weights(self._weights_step, dict(self._weights)))
        return waiting

    def numbers(self, step: int, values: Mapping[str, Any]) -> None:
        """Numbers of a step: written soon."""
        if type(step) is not int or not 0 <= step <= LAST_STEP:
            step = self.whole(step)
        with self.lock:
            self._numbers.add(step, values)
            if step > self.step:
                self.step = step
            if time.monotonic() >= self._due:
                self.event()

    def whole(self, step: Any) -> int:
        """A step as a whole number from 0 on; that after the last one, where it is none."""
        try:
            whole = int(step)
        except (TypeError, ValueError, OverflowError):
            whole = -1
        if not 0 <= whole <= LAST_STEP or whole != step:
            self.say("step", f"A step is a whole number from 0 on, and {harmless(repr(step), 40)} is none.")
        return whole if 0 <= whole <= LAST_STEP else self.step + 1

    def columns(self, steps: Sequence[int], columns: Mapping[str, Any]) -> None:
        """Numbers of several steps: arrays as long as `steps`, which rise."""
        with self.lock:
            self.event(*self._numbers.take(), *self._numbers.told(columns_of(steps, columns)))
            self.step = max(self.step, int(steps[-1])) if len(steps) else self.step

    def epoch(self, epoch: int, values: Mapping[str, Any], step: int) -> None:
        """Means over an epoch's steps, and what validation gave."""
        with self.lock:
            named = {self._numbers.called(name): number(value) for name, value in values.items()}
        told = {name: value for name, value in named.items() if name is not None and not isinstance(value, Refusal)}
        self.event(Epoch(epoch, step, told))

    def histogram(self, tag: str, statistics: Mapping[str, Any], step: int) -> None:
        """What an array is like: written soon, with the last of all others."""
        with self.lock:
            name = self._weight_names.of(tag)
            if name is None:
                self.say("weights", f"There are more than {MOST_WEIGHTS:,} histograms: those after them are left out.")
                return
            self._weights[name] = dict(statistics)
            self._weights_step, self._weights_are_new = step, True

    def text(self, tag: str, text: str, step: int) -> None:
        """Words about a step."""
        if (shown := self.tag(tag)) is not None:
            if len(text) > MOST_CHARACTERS:
                self.say(f"text {tag}", f"The text {shown} is cut after {MOST_CHARACTERS:,} characters.")
            self.event(Text(shown, step, text[:MOST_CHARACTERS]))

    def tag(self, tag: str) -> str | None:
        """How pictures or texts of a tag are called; None where there are too many tags."""
        with self.lock:
            shown = self._tags.of(tag)
        if shown is None:
            self.say("tags", f"There are more than {MOST_METRICS} tags of pictures and texts: others are left out.")
        return shown

    def picture(self, tiles: Tiles, tag: str, step: int) -> None:
        """Write a picture; one that the disk does not take is left out, which the log's own trouble says.

        `tag` is as the script has it; that of the tiles is as it is shown.
        """
        with suppress(OSError):
            if self.folder.is_there():  # of a run that is being deleted nothing is made again
                file = self.folder.sample_file(plain_name(tag), step)
                self.event(pictures.write(tiles, step, file, self.folder.root))

    def started(self, fields: Mapping[str, Any]) -> None:
        """What is known of the training, in the fields of `Started`; layers within bounds."""
        networks, cut = bounded_networks(fields["networks"])
        self.event(Started(**{**fields, "networks": networks}))
        if cut:
            self.say("layers", cut)

    def show(self, state: str, reason: str = "") -> None:
        """Tell the state that the run is in."""
        self.state = state
        self.event(State(state, reason))

    def alert(self, text: str) -> None:
        """A sentence of the script's own."""
        self.event(Alert("note", text, self.step))

    def say(self, about: str, sentence: str) -> None:
        """Tell whoever watches something, once for what it is about."""
        with self.lock:
            if about not in self._said and len(self._said) < MOST_SAID:
                self._said.add(about)
                with self._writing():
                    self._write(Alert("script", sentence, self.step))

    # As time passes ---------------------------------------------------------------------------------------

    def keep_up(self) -> None:
        """Write what the script has left waiting, and what the process uses."""
        now = time.monotonic()
        with self.lock:
            if self._closed.is_set():
                return
            idle = now >= self._due + METRICS_SECONDS and self._numbers.is_plain
            if now >= self._usage_due:
                self._usage_due = now + USAGE_SECONDS
                with self._writing():
                    self._write(Usage(self._process.cpu_percent(), self._process.memory_info().rss))
            if idle and (self._numbers.waiting or self._weights_are_new):
                self.event()

    def close(self) -> None:
        """Write all there is, and let the log go."""
        with self.lock:
            if self._closed.is_set():
                return
            self.event()
            self._closed.set()
        self.log.close()


def _keep_up(recording: "weakref.ref[Recording]", closed: threading.Event) -> None:
    """For as long as anybody has the recording: who lets go of a run has ended it."""
    while not closed.wait(METRICS_SECONDS):
        if (alive := recording()) is None:
            return
        with suppress(OSError, psutil.Error):
            alive.keep_up()
        del alive
