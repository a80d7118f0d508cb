"""What a run is told of a fit beside its numbers: how long it is, what is measured, its networks, and what they do."""

import time
from collections.abc import Callable, Iterable
from typing import Any

import keras

from gan_tui.integrations.scripts import learning_rates
from gan_tui.integrations.scripts.drawing import Drawing
from gan_tui.integrations.scripts.keras_metrics import declared
from gan_tui.integrations.scripts.keras_state import has_weights
from gan_tui.integrations.scripts.layer_tables import networks_of
from gan_tui.integrations.scripts.run import Run
from gan_tui.integrations.scripts.shown import Shown
from gan_tui.integrations.scripts.watched_run import devices


class FitTold:
    """Of one run, fit after fit."""

    def __init__(self, run: Run, shown: Shown, share: float, synced: Callable[[], Any]) -> None:
        """`synced` gives the model with its variables as they are now."""
        self._run, self._shown, self._share, self._synced = run, shown, share, synced
        self._names: tuple[str, ...] = ()
        self._drawing: Drawing | None = None
        self._made: tuple[int, ...] = ()
        self._rates: dict[str, float] = {}

    def begin(self, epochs: int, steps: int) -> None:
        """A fit of so many epochs more, each of so many steps (0: nobody knows)."""
        model, run = self._synced(), self._run
        self._rates = learning_rates.rates(model)
        run.setters.clear()
        run.setters.update({**learning_rates.setters(self._synced), **self._questions()})
        known = {"title": model.name, "devices": devices(keras.backend.backend()), **self._shown.described()}
        if not self.show(**known, **self._length(epochs, steps)):
            run.describe(**known, **self._length(epochs, steps))

    def last(self, epochs: int, steps: int) -> None:
        """There are so many epochs left, each of so many steps."""
        self._run.describe(**self._length(epochs, steps))

    def _length(self, epochs: int, steps: int) -> dict[str, int]:
        total = self._run.step + epochs * steps
        return {"steps_total": total if steps else 0, "steps_per_epoch": max(1, steps)}

    def measured(self, names: Iterable[str]) -> None:
        """Say what is measured, once it is known, and what has come to it."""
        known = tuple(dict.fromkeys((*self._names, *(name.removeprefix("val_") for name in names))))
        if known != self._names:
            self._names = known
            self._run.describe(metrics=[metric.as_row() for metric in declared(known)])

    def changed_rates(self) -> dict[str, float]:
        """The learning rates, where they are others than they were at the last epoch's end."""
        before, self._rates = self._rates, learning_rates.rates(self._synced())
        return self._rates if self._rates != before else {}

    # What there is to see ---------------------------------------------------------------------------------

    def show(self, **known: Any) -> bool:
        """Tell the networks, with what else is known, and draw what they are like; whether they are there, and others
        than before."""
        model = self._synced()
        made = id(model), len(model.weights), len(model.trainable_weights)
        there = has_weights(model) or (self._run.step > 0 and model.weights)  # of layers that nobody uses, never
        if not there or made == self._made:
            return False
        self._made = made
        networks = networks_of(model)
        self._run.describe(networks={network.name: network.as_events() for network in networks}, **known)
        views = self._shown.views(model, networks, self._run.say) if self._share > 0 else []
        self._drawing = Drawing(views, self._share, self._run.draw, lambda words: self._run.say(words, words))
        self._drawing.draw_all(self._run.step)
        return True

    def draw_due(self) -> None:
        """Draw what has waited longest, if its time has come."""
        if self._drawing is None:
            self.show()
        elif time.monotonic() >= self._drawing.due:
            self._synced()
            self._drawing.draw_due(self._run.step)

    def draw_last(self) -> None:
        """A fit has ended."""
        if self._drawing:
            self._synced()
            self._drawing.draw_last(self._run.step)

    def _questions(self) -> dict[str, Callable[[Any], str]]:
        """What only chooses what is looked at."""

        def choose(which: Any) -> str:
            words = self._shown.choose(which)
            if self._drawing and self._shown.features:
                self._synced()
                self._drawing.draw(self._shown.features, self._run.step)
            return words

        return {"image": choose} if self._shown.has_examples else {}
