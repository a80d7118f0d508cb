"""How the pictures of a script's run, or of another program's log, are shown: by their kind, under their own tags.

`Watch` draws what presets' runs draw, under the same tags and kinds; everything else is a wall of what was given.
"""

from gan_tui.dashboard.views.base import View
from gan_tui.dashboard.views.class_wall import ClassWallView
from gan_tui.dashboard.views.features import FeatureMapsView
from gan_tui.dashboard.views.kernels import KernelsView
from gan_tui.dashboard.views.predictions import PredictionView
from gan_tui.dashboard.views.surface import SurfaceView
from gan_tui.dashboard.views.wall import OneView, SampleWallView, WallView
from gan_tui.run.events import Picture
from gan_tui.run.pictures import are_by_class
from gan_tui.run.state import RunState


def kind_of(tag: str, picture: Picture, state: RunState) -> str:
    """What a picture is beside a wall of images; "" where it is only that."""
    kind = picture.kind
    if tag.partition("-")[0] != kind or (kind == "one" and "latent" not in state.settable):
        return ""
    if kind == "samples" and "real" in state.pictures:
        return "classes" if are_by_class(picture) else kind
    return kind if kind in ("features", "kernels", "surface", "input", "one") else ""


def view_of(tag: str, kind: str) -> View:
    """The view of a tag's pictures."""
    layer = tag.partition("-")[2]
    match kind:
        case "features":
            return FeatureMapsView(tag, f"feature maps of {layer}")
        case "kernels":
            return KernelsView(layer)
        case "surface":
            return SurfaceView()
        case "input":
            return PredictionView()
        case "one":
            return OneView(tag, tag)
        case "samples":
            return SampleWallView(tag, tag)
        case "classes":
            return ClassWallView(tag, tag)
    return WallView(tag, tag)
