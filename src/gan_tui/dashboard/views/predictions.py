"""What a classifier takes examples for: one image with its probabilities, all of validation, the points of a plane."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gan_tui.dashboard.views.base import Scene, View, draw_alone, latest, table_of
from gan_tui.drawing.cells import Cells, blank, paste
from gan_tui.drawing.pictures.whole import draw_picture
from gan_tui.drawing.plots.answers import draw_answers
from gan_tui.drawing.plots.bars import draw_bars
from gan_tui.drawing.plots.confusion import draw_confusion, ordered
from gan_tui.run.events import Picture
from gan_tui.run.state import RunState


class PredictionView(View):
    """The chosen image, and a bar for each class with the true one marked."""

    name = "input image"
    hint = "n next  b previous  z random"

    def keys(self, state: RunState) -> str:
        return self.hint if "image" in state.settable else ""

    def needs(self, state: RunState) -> list[Picture]:
        picture = latest(state, "input")
        return [picture] if picture else []

    def draw(self, scene: Scene, columns: int, rows: int) -> tuple[Cells, str]:
        cells, prediction = blank(rows, columns), scene.state.prediction
        image = scene.tiles(self.needs(scene.state)[0]).pixels[0]
        if prediction is None:
            return draw_alone(image, columns, rows, scene.terminal), ""
        values = np.asarray(prediction.probabilities)
        names = scene.names(len(values))
        bar_rows = min(len(values), max(1, rows // 2))
        paste(cells, draw_picture(image, columns, rows - bar_rows - 1, scene.terminal))
        taken = int(values.argmax())
        bars = draw_bars(
            names, values, columns, bar_rows, terminal=scene.terminal, tones=scene.ink, true=prediction.truth,
            chosen=taken,
        )  # fmt: skip
        paste(cells, bars, rows - bar_rows)
        verdict = "right" if taken == prediction.truth else f"actually {_name(names, prediction.truth)}"
        return cells, f"no. {prediction.image:,}: {_name(names, taken)}, {verdict}"


class ConfusionView(View):
    """All validation examples: rows are what they are, columns what they were taken for."""

    name = "confusion matrix"

    def step(self, state: RunState) -> int:
        return state.confusion.step if state.confusion else state.step

    def draw(self, scene: Scene, columns: int, rows: int) -> tuple[Cells, str]:
        assert scene.state.confusion is not None
        counts = np.asarray(scene.state.confusion.counts)
        names = scene.names(len(counts))
        moved = ordered(counts) != list(range(len(counts)))
        cells = draw_confusion(counts, names, columns, rows, terminal=scene.terminal, tones=scene.ink)
        return cells, "ordered by what is confused" if moved else ""


class AnswersView(View):
    """Every point of a small data set, and what the network answers."""

    name = "answers"

    def step(self, state: RunState) -> int:
        return state.answers.step if state.answers else state.step

    def draw(self, scene: Scene, columns: int, rows: int) -> tuple[Cells, str]:
        state = scene.state
        assert state.answers is not None
        probabilities = np.asarray(state.answers.probabilities)
        inputs, classes = _asked(state, len(probabilities))
        count, known = len(classes), max(2, probabilities.shape[1])
        if not count or classes.max() >= known:
            return blank(rows, columns), "no answers for these points"
        cells = draw_answers(
            inputs, classes, probabilities[:count], columns, rows,
            terminal=scene.terminal, tones=scene.ink, names=_told_apart(scene.names(known)),
        )  # fmt: skip
        right = int((probabilities[:count].argmax(axis=1) == classes).sum())
        return cells, f"{right} of {count} right{_WHICH[table_of(state).get('held_back', False)]}"


_WHICH = {True: ", held back", False: ""}


def _asked(state: RunState, most: int) -> tuple[Any, NDArray[np.intp]]:
    """What the examples hold that are answered, and their true classes."""
    if table := table_of(state):
        count = min(most, len(table["truth"]), len(table.get("rows") or []))
        return (table.get("rows") or [])[:count], np.asarray(table["truth"][:count]).astype(int)
    points = np.asarray(state.points[:most], np.float32).reshape(len(state.points[:most]), -1)
    return points[:, :-1], points[:, -1].astype(int) if points.size else np.zeros(0, int)


def _told_apart(names: list[str]) -> list[str]:
    """Names without the words that all of them begin with: class 1, class 2 are 1, 2."""
    first = names[0].rpartition(" ")[0] + " "
    return [name.removeprefix(first) for name in names] if all(name.startswith(first) for name in names) else names


def _name(names: list[str], number: int) -> str:
    return names[number] if number < len(names) else str(number)
