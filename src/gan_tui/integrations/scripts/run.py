"""`gan_tui.Run`: a run of any script, in any framework."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gan_tui.integrations.scripts.images import as_array, tiles_of
from gan_tui.integrations.scripts.script_run import ScriptRun
from gan_tui.integrations.scripts.unfailing import stumbled, unfailing
from gan_tui.run.weight_statistics import statistics


class Run(ScriptRun):
    """A training of your own that gan-tui shows, pauses, saves and stops.

        run = gan_tui.Run("night", config={"lr": 0.1}, on_save=save)
        for step in run.steps(10_000):
            run.log(loss=loss, accuracy=accuracy)

    Nothing that goes wrong with the run ends the training: what is wrong is told to whoever watches, and where there
    can be no run at all, in one sentence on standard error. It may be used as a context manager; else it ends with the
    script. Of several processes that train together (torchrun, mpirun, srun) the first alone has a run; in the others
    all of this does nothing.

    name: what the run is called; without one, as the script. Where a run is called so already, a number follows.
    config: settings to keep with the run, by name: numbers, texts, lists, tables, a dataclass or argparse's namespace.
    on_save: called with the folder (a pathlib.Path, empty) to save into, when someone asks for a checkpoint; the folder
        is then renamed to checkpoints/STEP in the run's. What it raises is told to who has asked.
    title: what the run is called on screens.
    steps: how many there will be, where `steps` of this class does not say so; 0 where nobody knows.
    runs_dir: the folder of runs; without one, $GAN_TUI_RUNS or the usual one.
    """

    def log(self, values: Mapping[str, Any] | None = None, /, *, step: int | None = None, **named: Any) -> None:
        """Numbers of a step, by name.

        values: numbers by names that Python's arguments cannot have: run.log({"val/loss": 0.2}).
        step: counted from 1, rising for each name; names may have steps of their own. Without one it is the step that
            `steps` is at, or one more than the last.

        A number may be Python's, numpy's or a tensor of one element, wherever it lives. NaN and infinity are kept as
        gaps. What is no number is left out, and said once to whoever watches.
        """
        recording, obedience = self._recording, self._obedience
        if recording is None or obedience is None:
            return
        try:
            if values:
                named = {**values, **named} if named else dict(values)
            looping = self._in_step
            if step is None:
                step = self.step + 1 if looping is None else looping
            if recording.is_starting:
                self._begin_steps(step)
            recording.numbers(step, named)
            if looping is None and recording.step > self.step:
                self.step = recording.step
                if obedience.is_due:
                    self.obey()
        except Exception as error:  # noqa: BLE001 (whatever it is, the training goes on)
            stumbled(self, "log", error)

    @unfailing
    def image(
        self,
        tag: str,
        array: Any,
        *,
        step: int | None = None,
        low: float | None = None,
        high: float | None = None,
        labels: Sequence[str] = (),
    ) -> None:
        """One or several images, as tiles.

        tag: what they show; each tag has a history of its own.
        array: (height, width), (height, width, channels), (n, height, width) or (n, height, width, channels), of one
            channel (grey) or three (red, green, blue); of uint8 (0 to 255), or of any numbers.
        low, high: the numbers that black and white stand for; without them the least and the greatest of the array.
        labels: what each image is called.
        """
        if self._recording and (shown := self._recording.tag(tag)) is not None:
            try:
                tiles, cut = tiles_of(shown, array, low, high, tuple(labels))
            except Exception as error:  # noqa: BLE001 (whatever a framework raises)
                self._recording.say(f"image {tag}", f"The picture {shown} cannot be drawn: {error}.")
                return
            if cut:
                self._recording.say(f"image {tag}", cut)
            self._recording.picture(tiles, tag, self._step(step))

    @unfailing
    def histogram(self, tag: str, array: Any, *, step: int | None = None) -> None:
        """How the numbers of an array of any shape are spread: of weights "network/layer/weight", of gradients, say."""
        if self._recording:
            try:
                found = statistics(as_array(array))
            except Exception as error:  # noqa: BLE001 (whatever a framework raises)
                self._recording.say(f"histogram {tag}", f"The histogram {tag} cannot be drawn: {error}.")
                return
            self._recording.histogram(tag, found, self._step(step))

    @unfailing
    def text(self, tag: str, text: str, *, step: int | None = None) -> None:
        """Words about a step, at most 20,000 characters, under a tag."""
        if self._recording:
            self._recording.text(tag, str(text), self._step(step))

    @unfailing
    def alert(self, text: str) -> None:
        """A sentence that whoever watches should see."""
        if self._recording:
            self._recording.alert(str(text))

    def steps(self, total: int, start: int = 0) -> Iterator[int]:
        """The steps from `start` + 1 to `total`; between two of them the run pauses, saves or ends as it was asked to.

        total: the last step.
        start: how many were done before, in an earlier run of the script.
        """
        total, start = int(total), int(start)
        if self._recording and self._fields["steps_total"] != total:
            self.describe(steps_total=total)
        try:
            for step in range(start + 1, total + 1):
                self.obey()
                if self._has_stopped():
                    return
                if self._recording and self._recording.is_starting:
                    self._begin_steps(step)
                self._in_step = step
                yield step
                self._at(step)
        finally:
            self._in_step = None

    def _at(self, step: int) -> None:
        """A step is done, whether anything was logged of it or not."""
        self.step = max(self.step, step)
        if self._recording:
            self._recording.step = self.step
