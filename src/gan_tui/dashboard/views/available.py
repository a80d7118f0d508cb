"""Which views a run has, in the order in which they are turned over."""

from collections.abc import Iterator

from gan_tui.dashboard.views.base import View
from gan_tui.dashboard.views.features import FeatureMapsView
from gan_tui.dashboard.views.kernels import KernelsView
from gan_tui.dashboard.views.predictions import AnswersView, ConfusionView, PredictionView
from gan_tui.dashboard.views.surface import SurfaceView
from gan_tui.dashboard.views.wall import OneView, SampleWallView, WallView
from gan_tui.run.state import RunState

_NAMES = {"samples": "generated", "real": "real digits", "mistakes": "worst mistakes"}


class Views:
    """Makes each view once, so that it keeps what was chosen in it."""

    def __init__(self) -> None:
        self._made: dict[str, View] = {}

    def of(self, state: RunState) -> list[View]:
        """Everything there is to see now."""
        return [self._made.setdefault(key, view) for key, view in _there(state)]


def _there(state: RunState) -> Iterator[tuple[str, View]]:
    tags = list(state.pictures)
    if "surface" in tags:
        yield "surface", SurfaceView()
    if state.answers is not None:
        yield "answers", AnswersView()
    yield from ((tag, SampleWallView(tag, _name(tag))) for tag in tags if tag == "samples")
    if "one" in tags:
        yield "one", OneView("one", "one latent vector")
    if "real" in tags:
        yield "real", WallView("real", _NAMES["real"])
    yield from ((tag, FeatureMapsView(tag, _name(tag))) for tag in tags if tag.startswith("features-"))
    yield from ((tag, KernelsView(tag.removeprefix("kernels-"))) for tag in tags if tag.startswith("kernels-"))
    if "input" in tags:
        yield "input", PredictionView()
    if state.confusion is not None:
        yield "confusion", ConfusionView()
    if "mistakes" in tags:
        yield "mistakes", WallView("mistakes", _NAMES["mistakes"])
    yield from ((tag, WallView(tag, tag)) for tag in tags if not _is_known(tag))


def _is_known(tag: str) -> bool:
    """Whether there is a view of its own for it."""
    return tag in ("surface", "samples", "one", "real", "input", "mistakes") or tag.startswith(_BY_LAYER)


_BY_LAYER = ("features-", "kernels-")


def _name(tag: str) -> str:
    return _NAMES.get(tag) or tag.replace("features-", "feature maps of ")
