"""`gan_tui.Watch`: a fit of Keras, on TensorFlow, JAX or torch, as a run."""

import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, TypeVar

import keras

from gan_tui.integrations.scripts.exact_loss import ExactLoss
from gan_tui.integrations.scripts.fit_checkpoints import FitCheckpoints, Place
from gan_tui.integrations.scripts.fit_going_on import GoingOn, begins_as_told
from gan_tui.integrations.scripts.fit_told import FitTold
from gan_tui.integrations.scripts.handed_out import ExactlyHandedOut, HandedOut
from gan_tui.integrations.scripts.run import Run
from gan_tui.integrations.scripts.shown import Shown
from gan_tui.integrations.scripts.watched_run import WatchedRun, watched_run
from gan_tui.integrations.scripts.words import in_words
from gan_tui.run.recorder import METRICS_SECONDS

Hook = TypeVar("Hook", bound=Callable[..., None])


def _harmless(hook: Hook) -> Hook:
    """A hook that never ends the training: what goes wrong is said, and no more is watched."""

    @wraps(hook)
    def guarded(self: "Watch", *given: Any, **named: Any) -> None:
        if self._is_off:
            return
        try:
            hook(self, *given, **named)
        except Exception as error:  # noqa: BLE001 (whatever it is, the training goes on)
            self._fail(error)

    return guarded  # type: ignore[return-value]


class Watch(keras.callbacks.Callback):  # type: ignore[misc, unused-ignore]
    """A callback that makes a `fit` a run of gan-tui: shown, paused, stepped, saved and stopped from any terminal.

        model.fit(x, y, validation_data=(x_val, y_val), callbacks=[gan_tui.Watch()])

    Weights and history are the same without it. Nothing that goes wrong with it ends the training.

    name: what the run is called; without one, as the script.
    inputs: some examples as the model takes them, (n, …) or several of these: then feature maps, answers, mistakes and
        the confusion matrix are shown. A few hundred are enough; images are (n, height, width, 1 or 3 channels).
    labels: their classes: whole numbers (n,), or (n, classes) with one of them set.
    names: what the classes are called.
    generator: a model that makes images: then what it makes is shown, (n, height, width, 1 or 3 channels).
    latents: what the generator is called with; without it, 100 latent vectors of normal numbers that stay the same.
    exact: read what each step has given, also of steps that Keras runs several at once (`steps_per_execution`),
        instead of undoing the means that Keras hands out. It takes 40 to 330 µs more a step.
    share: the part of the time, from 0 to 1, that drawing all of this may take; with 0, numbers alone are shown.
    run: a `gan_tui.Run` that the fit is a part of; it ends when that is closed. Without one, it has a run of its own,
        with all fits that it watches, until the script ends; in a notebook, a run for each fit.
    """

    def __init__(
        self,
        name: str | None = None,
        *,
        inputs: Any = None,
        labels: Any = None,
        names: Sequence[str] = (),
        generator: Any = None,
        latents: Any = None,
        exact: bool = False,
        share: float = 0.01,
        run: Run | None = None,
    ) -> None:
        super().__init__()
        self._name, self._given, self._share = name, run, share
        self._shown = Shown(inputs, labels, names, generator, latents)
        self._loss = ExactLoss() if exact else None
        self._handed: HandedOut = ExactlyHandedOut(self._loss) if self._loss else HandedOut()
        self._watched: WatchedRun | None = None
        self._is_off = True
        self._epoch = self._batch = 0
        """Whole epochs of this fit, and batches of the one that is under way."""
        self._is_tested = False  # whether this epoch was validated

    @property
    def run(self) -> Run | None:
        """The run, for what else a script has to say of it; None before the first `fit`."""
        return self._watched.run if self._watched else None

    def set_model(self, model: Any) -> None:
        super().set_model(model)
        begins_as_told(model)
        if self._loss:
            self._loss.give(model)

    # A fit, its epochs, its batches -------------------------------------------------------------------------------

    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        self._is_off = False
        self._begin()

    @_harmless
    def _begin(self) -> None:
        if self._watched is None or not self._watched.is_open:
            self._open(type(self._model).__name__)
        assert self._watched
        watched, run, model = self._watched, self._watched.run, self.model
        self._is_off = not watched.is_open
        if self._is_off:
            return
        self._tell_rest()  # of a fit that Ctrl-C has ended
        watched.fits += 1
        run.on_save = lambda folder: self._checkpoints.write(folder, self.model, self._place)
        self._steps, self._due = int(self.params.get("steps") or 0), 0.0
        self._at_once = int(getattr(model, "steps_per_execution", 1) or 1)
        self._handed.forget()
        self._batch, self._epoch = 0, self._going_on.begin(model, int(self.params.get("epochs") or 0))
        self._told.begin(self._epochs_left, self._steps)

    def _open(self, title: str) -> None:
        """A run, which must not keep this alive: it ends when nobody has it any more."""
        self._watched = watched_run(self._name, title, self._given)
        run, myself = self._watched.run, weakref.ref(self)
        self._checkpoints = FitCheckpoints(self._watched, run.say)
        self._going_on = GoingOn(self._watched, self._checkpoints)
        self._told = FitTold(run, self._shown, self._share, lambda: myself().model)  # type: ignore[union-attr]
        run.before_close = lambda: (watch := myself()) and watch._tell_rest()

    def on_train_end(self, logs: Mapping[str, Any] | None = None) -> None:
        if self._loss:
            self._loss.take_back()
        begins_as_told(self.model)
        self._end()
        self._is_off = True

    @_harmless
    def _end(self) -> None:
        assert self._watched
        model = self.model
        self._take_in(live=False)
        self._told.draw_last()
        if self._watched.run.stopping:
            self._checkpoints.save(model, self._place, "stop")
        else:
            self._checkpoints.save_if_due(model, self._place)
        self._watched.epochs += self._epoch
        self._watched.end_of_fit()

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        begins_as_told(self.model)
        self._begin_epoch(epoch)

    @_harmless
    def _begin_epoch(self, epoch: int) -> None:
        assert self._watched
        self._epoch, self._batch, self._is_tested = epoch, 0, False
        self._first = self._watched.run.step
        self._handed.begin(self._steps)

    @_harmless
    def on_test_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        """Validation: Keras is about to begin its means anew."""
        self._take_in(live=True)
        self._is_tested = True

    @_harmless
    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        assert self._watched
        run = self._watched.run
        self._take_in(live=not self._is_tested)
        if self._batch == self._steps or not (run.stopping or self._model.stop_training):
            self._epoch, self._batch = epoch + 1, 0  # else it was ended within the epoch
        values = {**self._told.changed_rates(), **(logs or {})}
        if not self._steps and not run.stopping:
            self._steps = run.step - self._first
            self._told.last(self._epochs_left, self._steps)
        self._told.measured(values)
        run.epoch(self._watched.epochs + epoch + 1, values, run.step)
        if not run.stopping:
            self._checkpoints.save_if_due(self.model, self._place)

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        if self._is_off:
            return
        handed = self._handed
        handed.batches.append(batch)
        handed.logs.append(logs or {})
        if self._loss or not handed.sought or time.monotonic() >= self._due or self._watched.run.is_asked:  # type: ignore[union-attr]
            self._after_batch(batch, logs or {})

    @_harmless
    def _after_batch(self, batch: int, logs: Mapping[str, Any]) -> None:
        assert self._watched
        handed, run = self._handed, self._watched.run
        if self._going_on.put_back_late(self._model):
            handed.batches.clear()
            handed.logs.clear()
            return
        if not handed.sought and batch:
            handed.seek(self._model, batch, logs)
        if isinstance(handed, ExactlyHandedOut):
            handed.read(self._model, batch, logs)
        if time.monotonic() >= self._due or run.is_asked:
            self._take_in(live=True)
            run.obey(self._at_once)
            if run.stopping:
                self._model.stop_training = self.model.stop_training = True  # of torch's that are spread, both
            else:
                self._told.draw_due()

    def _take_in(self, live: bool) -> None:
        """What has come since the last time, a few times a second and whenever something is asked."""
        assert self._watched
        if self._handed.batches:
            self._told.measured(self._handed.logs[-1])
            self._batch = self._handed.last_step
        for steps, columns in self._handed.take(self._model, live):
            self._watched.run.log_many(self._first + steps, columns)
        self._due = time.monotonic() + METRICS_SECONDS

    @_harmless
    def _tell_rest(self) -> None:
        """What waits still, of a fit that has not come to its end."""
        self._take_in(live=False)

    @property
    def _place(self) -> Place:
        assert self._watched
        return Place(self._watched.fits, self._epoch, self._batch, self._watched.epochs)

    @property
    def _epochs_left(self) -> int:
        return max(0, int(self.params.get("epochs") or 1) - self._epoch)

    def _fail(self, error: Exception) -> None:
        self._is_off = True
        if self._watched:
            sentence = f"This fit is not watched any more: {in_words(error)}; the training goes on."
            self._watched.run.say("watch", sentence)
