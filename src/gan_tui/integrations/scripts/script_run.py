"""A run as a script has it: begun, told of, steered, ended, whoever tells: `gan_tui.Run` or `gan_tui.Watch`."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gan_tui.errors import UserError, told
from gan_tui.integrations.scripts import endings, ranks, versions
from gan_tui.integrations.scripts.command_source import CommandSource
from gan_tui.integrations.scripts.obedience import Obedience, Setters
from gan_tui.integrations.scripts.opened import opened
from gan_tui.integrations.scripts.recording import Recording
from gan_tui.integrations.scripts.run_ends import RunEnds
from gan_tui.integrations.scripts.saving import OnSave, save
from gan_tui.integrations.scripts.unfailing import unfailing
from gan_tui.integrations.scripts.words import in_words
from gan_tui.run.documents import SCRIPT, written
from gan_tui.run.event_log import read_tail
from gan_tui.run.events import Checkpoint, Epoch, Event, Metrics, Picture, Resumed
from gan_tui.run.folder import RunFolder
from gan_tui.run.manifests import newest_whole

_STEERS = ("pause", "resume", "step", "stop")
"""Commands that a script of one process obeys."""


class ScriptRun(RunEnds):
    """A run, or none, where there can be none or should be none: then nothing that is told goes anywhere."""

    def __init__(
        self,
        name: str | None = None,
        *,
        config: Any = None,
        on_save: OnSave | None = None,
        title: str = "",
        steps: int = 0,
        runs_dir: str | os.PathLike[str] | None = None,
    ) -> None:
        """As of `Run`."""
        self.setters: Setters = {}
        """Settings that may be changed while it trains: name → what sets it, given the value, and says what became of
        it. What it raises is told to who has asked."""
        self.step = 0
        """The last step that was logged or ended, counted from 1."""
        self.resumed_from: Path | None = None
        """The checkpoint to go on from, as `on_save` wrote it, in a run that is resumed; None where it begins."""
        self._in_step: int | None = None
        """The step that `Run.steps` has given out."""
        self._recording: Recording | None = None
        self._obedience: Obedience | None = None
        self._on_save = on_save
        if not ranks.is_silent():
            try:
                self._begin(*opened(name, title, config or {}, runs_dir), on_save, title, steps)
            except Exception as error:  # noqa: BLE001 (whatever it is, the training goes on)
                self._give_up(_why_not(error))

    def _begin(self, folder: RunFolder, source: CommandSource, on_save: OnSave | None, title: str, steps: int) -> None:
        self._recording = Recording(folder)
        self._obedience = Obedience(source, self._recording, self.setters)
        self._told: dict[str, Any] = {}
        """What it was last said to obey."""
        self._resumes = bool(read_tail(folder.events_file, (Metrics, Epoch, Picture, Checkpoint)))
        """Whether the run had been begun before."""
        if self._resumes:
            self.resumed_from = newest_whole(folder.path / folder.checkpoints.name)
        self.on_save = on_save
        title = title or str(written(folder.preset_file).get("title") or folder.name)
        self._fields = _first_told(folder.stem, str(title), max(0, int(steps)))
        self._recording.show("starting", "The script has begun")
        self.describe()
        if source.deaf:
            what = "paused" if source.obeyed_for_it else "paused or stopped"
            self._recording.say("deaf", f"This run cannot be {what} from here: {source.deaf}.")
        endings.watch(self)

    @property
    def path(self) -> Path | None:
        """The run's folder; None where there is no run: in a process that is not the first of several, say."""
        return self._recording.folder.path if self._recording else None

    # What is told -----------------------------------------------------------------------------------------

    def _begin_steps(self, step: int) -> None:
        """The first step is taken: what it is, tells where a run goes on that had some before."""
        assert self._recording
        self._recording.is_starting = False
        if self._resumes:
            self._resumes = False
            self.event(Resumed(max(0, int(step) - 1)))
        if self._obeyed() != self._told:
            self.describe()
        self._recording.show("training")

    def _step(self, step: int | None) -> int:
        if step is not None and self._recording:
            return self._recording.whole(step)
        return self._in_step if self._in_step is not None else self.step

    @unfailing
    def log_many(self, steps: Any, columns: Mapping[str, Any]) -> None:
        """Numbers of several steps, which rise: arrays of single precision as long as `steps`."""
        if self._recording and len(steps):
            if self._recording.is_starting:
                self._begin_steps(int(steps[0]))
            self._recording.columns(steps, columns)
            self.step = max(self.step, int(steps[-1]))

    @unfailing
    def epoch(self, number: int, values: Mapping[str, Any], step: int | None = None) -> None:
        """An epoch has ended: means over its examples, and what validation gave."""
        if self._recording:
            self._recording.epoch(number, values, self._step(step))

    @unfailing
    def describe(self, /, **changes: Any) -> None:
        """Tell what is known of the training: fields of the event `started`."""
        if self._recording and self._obedience:
            self._fields |= changes
            self._told = self._obeyed()
            self._recording.started({**self._told, **self._fields})

    def _obeyed(self) -> dict[str, Any]:
        """What it obeys, and what may be set."""
        assert self._obedience
        source = self._obedience.source
        saves = ["save"] if self._obedience.save else []
        sets = ["set"] if self.setters else []
        steers = _STEERS if ranks.processes() == 1 else ()
        commands = [*steers, *saves, *sets] if not source.deaf else [*source.obeyed_for_it]
        return {"commands": commands, "settable": list(self.setters)}

    @unfailing
    def event(self, *events: Event) -> None:
        """Events as they are."""
        if self._recording:
            self._recording.event(*events)

    # What is asked ----------------------------------------------------------------------------------------

    def obey(self, at_once: int = 1) -> None:
        """Do what was asked of the run meanwhile; waits here while it is paused. Called between two steps, or two lots
        of as many as are taken `at_once`."""
        if self._obedience and self._obedience.is_due:
            self._obedience.between_steps(at_once)
            if self._obedience.source.lost:
                self._lose()

    @property
    def stopping(self) -> bool:
        """Whether someone has asked the training to end."""
        return bool(self._obedience and self._obedience.stop)

    def _has_stopped(self) -> bool:
        """Whether the loop ends here, because someone has asked for it; who has, is told."""
        if self._obedience and self.stopping:
            self._obedience.save_at_last()
            self._obedience.end()
        return self.stopping

    @property
    def on_save(self) -> OnSave | None:
        """What saves a checkpoint into the folder that it is called with."""
        return self._on_save

    @on_save.setter
    def on_save(self, on_save: OnSave | None) -> None:
        self._on_save, recording = on_save, self._recording
        if recording and self._obedience:
            self._obedience.save = (lambda: save(recording.folder, recording.step, on_save)) if on_save else None


def _why_not(error: Exception) -> str:
    """Why there is no run, in a sentence."""
    if isinstance(error, UserError):
        return str(error)
    return f"{told(error) if isinstance(error, OSError) else in_words(error)}."


def _first_told(name: str, title: str, steps: int) -> dict[str, Any]:
    """The fields of `started`, as far as they are known when a script begins."""
    return {
        "preset": name, "title": title, "task": SCRIPT, "seed": 0, "networks": {},
        "dataset": {"name": "own", "origin": SCRIPT, "train": 0, "validation": 0}, "devices": [],
        "versions": versions.loaded(), "steps_total": steps, "steps_per_epoch": 1, "batch_size": 0,
    }  # fmt: skip
