"""A process that trains repeats of a sweep on another machine, where nothing of the sweep is: `gan-tui sweep-worker`.

All comes by standard input and goes by standard output, in frames: what it is made of first, for another version would
give other results; then the sweep, whole; then jobs, as for a worker beside its sweep (sweep_worker.py). A word every
few seconds says that it is there, for not every way here tells when it has broken. It ends when its input does, or when
nothing has come by it for long: whoever began it says a word now and then, too.
"""

import os
import queue
import select
import sys
import threading
import time
import tomllib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gan_tui.errors import UserError
from gan_tui.sweep import alike
from gan_tui.system.frames import Frames, framed
from gan_tui.text import harmless, shown_path
from gan_tui.training import environment

if TYPE_CHECKING:  # they bring much along
    from gan_tui.sweep.sweep import Sweep
    from gan_tui.training.sweep_diary import Diary

ALIVE_SECONDS = 3.0
"""From one word to the next, where there is no other."""
DESERTED_SECONDS = 180.0
"""Without a word, after which nobody is taken to be there: of a link that is gone, a machine may hear nothing."""
_EPOCH_SECONDS = 0.5


class Caller:
    """Whoever has started this process, at the other end of its input and output."""

    def __init__(self) -> None:
        self._words = os.dup(1)
        os.dup2(2, 1)  # what modules print goes where errors go
        self._heard: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._speaking = threading.Lock()
        self._due = 0.0
        threading.Thread(target=self._listen, daemon=True).start()

    def say(self, **words: object) -> None:
        """Raises BrokenPipeError where nobody listens."""
        line = framed(words)
        with self._speaking:
            while line:
                line = line[os.write(self._words, line) :]

    def next_words(self) -> dict[str, Any]:
        return self._heard.get()

    def next_job(self) -> Mapping[str, int]:
        while "combination" not in (words := self.next_words()):
            pass
        return words

    def hear(self, epochs: int, diary: "Diary") -> None:
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + _EPOCH_SECONDS
            self.say(epoch=epochs, **diary.news())

    def say_that_it_lives(self) -> None:
        """From now on, again and again."""
        threading.Thread(target=self._live, daemon=True).start()

    def _live(self) -> None:
        try:
            while True:
                time.sleep(ALIVE_SECONDS)
                self.say(alive=True)
        except OSError:
            os._exit(0)

    def _listen(self) -> None:
        """Take in what comes, and end the process once nothing can."""
        frames = Frames()
        while select.select([0], [], [], DESERTED_SECONDS)[0] and (data := os.read(0, 1 << 16)):
            for words in frames.read(data)[0]:
                self._heard.put(words)
        os._exit(0)  # whatever is trained: nobody would be told


def main() -> None:
    caller = Caller()
    caller.say(hello=alike.versions())  # before all that another version may fail in
    caller.say_that_it_lives()
    while not isinstance(text := caller.next_words().get("sweep"), str):
        pass
    environment.prepare()
    from gan_tui.sweep.sweep import from_document

    document = tomllib.loads(text)
    try:
        sweep = from_document(document)
        refuse_other_data(sweep, document["data"])
    except (UserError, ValueError, KeyError, TypeError) as error:
        caller.say(refused=str(error).rstrip("."))
        return
    from gan_tui.training import sweep_worker
    from gan_tui.training.computed_with import computed_with

    on_one_thread = sweep_worker.use_one_thread(sweep)
    computed = {name: words for name, words in computed_with().items() if name != "threads" or not on_one_thread}
    sweep_worker.work(caller, sweep, computed_with=computed)


def refuse_other_data(sweep: "Sweep", begun_with: Mapping[str, Any]) -> None:
    """Raises UserError where what it would be trained on is not here, or is something else than where it was begun."""
    from gan_tui.data import own
    from gan_tui.presets import own_data
    from gan_tui.presets.preparing import prepare_all

    settings, found = sweep.preset.settings, sweep.preset.found
    place = settings.get("data", "")
    if place and not own.is_there(place):
        raise UserError(f"its data are not there; copy them to {shown_path(place)} on that machine")
    if found:
        count = own_data.found_again(sweep.preset.rules, settings, found).count
        if count != found.count:
            raise UserError(f"at {shown_path(place)} it has {count:,} examples and not {found.count:,}, as here")
    prepare_all(sweep.with_values(combination) for combination in sweep.combinations)
    now = sweep.as_document()["data"]
    files, known = now.get("files", {}), begun_with.get("files", {})
    if others := [shown_path(path) for path, checksum in known.items() if files.get(path) != checksum]:
        raise UserError(f"{others[0]} is not there, or is another file than here; copy it to that machine")
    for part in ("train", "validation"):
        if now[part] != begun_with.get(part):
            counts = f"{now[part]:,} examples to {part} on and not {begun_with.get(part):,}"
            raise UserError(f"it has {counts}, as here: another copy of {harmless(sweep.preset.dataset, 40)}")


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        os._exit(0)  # nobody listens any more
    sys.stdout.flush()
    os._exit(0)
