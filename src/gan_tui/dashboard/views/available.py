"""Which views a run has, in the order in which they are turned over."""

from collections.abc import Iterator

from gan_tui.dashboard.views.base import View, latest
from gan_tui.dashboard.views.class_wall import ClassWallView
from gan_tui.dashboard.views.features import FeatureMapsView
from gan_tui.dashboard.views.given import kind_of, view_of
from gan_tui.dashboard.views.histograms import HistogramsView, without_layer
from gan_tui.dashboard.views.kernels import KernelsView
from gan_tui.dashboard.views.numbers import NumbersView, are_numbers
from gan_tui.dashboard.views.predictions import AnswersView, ConfusionView, PredictionView
from gan_tui.dashboard.views.surface import SurfaceView
from gan_tui.dashboard.views.texts import TextsView
from gan_tui.dashboard.views.wall import OneView, SampleWallView, WallView
from gan_tui.run.pictures import are_by_class, name_of
from gan_tui.run.state import RunState


class Views:
    """Makes each view once, so that it keeps what was chosen in it."""

    def __init__(self) -> None:
        self._made: dict[str, View] = {}
        self._histograms, self._texts = HistogramsView(), TextsView()
        self._found_in: tuple[object, object] = None, None
        self._names: list[str] = []

    def of(self, state: RunState) -> list[View]:
        """Everything there is to see now."""
        there = _given(state) if state.is_of_others else _there(state)
        views = [self._made.setdefault(key, view) for key, view in there]
        if names := self._histograms_of(state):
            self._histograms.names = names
            views.append(self._histograms)
        return [*views, self._texts] if state.texts else views

    def _histograms_of(self, state: RunState) -> list[str]:
        """What is looked through when there is something new in it alone: there may be thousands."""
        if not state.is_of_others or state.weights is None:
            return []
        found_in = state.weights[1], state.started
        if any(one is not other for one, other in zip(found_in, self._found_in, strict=True)):
            self._found_in, self._names = found_in, without_layer(*found_in)
        return self._names


def _given(state: RunState) -> Iterator[tuple[str, View]]:
    """What a script or a log has given, in the order in which it came."""
    for tag, shown in state.pictures.items():
        kind = kind_of(tag, shown[-1], state)
        yield f"{kind}/{tag}", view_of(tag, kind)
    yield from _answered(state)


def _answered(state: RunState) -> Iterator[tuple[str, View]]:
    if state.answers is not None:
        yield ("numbers", NumbersView()) if are_numbers(state) else ("answers", AnswersView())
    if state.confusion is not None:
        yield "confusion", ConfusionView()


def _there(state: RunState) -> Iterator[tuple[str, View]]:
    tags = list(state.pictures)
    if "surface" in tags:
        yield "surface", SurfaceView()
    if state.answers is not None:
        yield ("numbers", NumbersView()) if are_numbers(state) else ("answers", AnswersView())
    if made := latest(state, "samples"):
        of_classes = are_by_class(made)
        wall = ClassWallView if of_classes else SampleWallView
        yield "samples by class" if of_classes else "samples", wall("samples", name_of("samples"))
    if "reconstructions" in tags:
        yield "reconstructions", WallView("reconstructions", "reconstructions")
    if "one" in tags:
        yield "one", OneView("one", name_of("one"))
    if "real" in tags:
        digits = state.started is None or state.started.dataset.get("name") == "mnist"
        yield "real", WallView("real", "real digits" if digits else name_of("real"))
    yield from ((tag, FeatureMapsView(tag, name_of(tag))) for tag in tags if tag.startswith("features-"))
    yield from ((tag, KernelsView(tag.removeprefix("kernels-"))) for tag in tags if tag.startswith("kernels-"))
    if "input" in tags:
        yield "input", PredictionView()
    if state.confusion is not None:
        yield "confusion", ConfusionView()
    if "mistakes" in tags:
        yield "mistakes", WallView("mistakes", name_of("mistakes"))
    yield from ((tag, WallView(tag, tag)) for tag in tags if not _is_known(tag))


def _is_known(tag: str) -> bool:
    """Whether there is a view of its own for it."""
    return tag in _ALONE or tag.startswith(_BY_LAYER)


_ALONE = ("surface", "samples", "reconstructions", "one", "real", "input", "mistakes")
_BY_LAYER = ("features-", "kernels-")
