"""What a convolution makes of one image: the image itself, then each map with its number, in colours of activity."""

import numpy as np
from numpy.typing import NDArray

from gan_tui.dashboard.views.base import Scene, draw_alone, latest
from gan_tui.dashboard.views.wall import WallView
from gan_tui.drawing.cells import Cells, blank, paste
from gan_tui.drawing.pictures import shades
from gan_tui.drawing.pictures.blocks import Pixels
from gan_tui.drawing.pictures.tiles import corner
from gan_tui.drawing.pictures.whole import draw_picture
from gan_tui.run.events import Picture
from gan_tui.run.state import RunState


class FeatureMapsView(WallView):
    """The maps by their numbers or by their activity, on one scale or each on its own; dead ones are last."""

    hint = "v scale  k rank  arrows choose  ⏎ enlarge"

    def __init__(self, tag: str, name: str) -> None:
        super().__init__(tag, name)
        self.by_activity = self.own_scale = False
        self._inputs = 0
        """Tiles before the maps."""

    def needs(self, state: RunState) -> list[Picture]:
        image = latest(state, "input")
        return [*([image] if image else []), *super().needs(state)]

    def switch(self) -> bool:
        self.own_scale = not self.own_scale
        return True

    def rank(self) -> bool:
        self.by_activity, self._first = not self.by_activity, 0
        return True

    def draw(self, scene: Scene, columns: int, rows: int) -> tuple[Cells, str]:
        *images, tiles = (scene.tiles(picture) for picture in self.needs(scene.state))
        maps, image = tiles.pixels, images[0].pixels[0] if images else None
        if self.enlarged and self.chosen == 0 and image is not None:
            return draw_alone(image, columns, rows, scene.terminal), "input image"
        self._inputs, (order, dead) = len(images), self._ranked(maps)
        drawn = _on_own_scales(maps) if self.own_scale else maps
        if image is not None:  # the first tile is the input's, which is drawn over it
            drawn, order = np.concatenate([np.zeros_like(drawn[:1]), drawn]), [0, *(number + 1 for number in order)]
        names = ["input"] * (image is not None) + [str(number + 1) for number in range(len(maps))]
        labels = [name if name == "input" else f"no. {name}" for name in names]
        colors, cells, above = shades.of_activity(scene.terminal.colors), blank(rows, columns), max(0, rows - 1)
        wall, note = self._draw(
            scene, drawn, labels, [(name,) for name in names], columns, above, order=order, shades=colors
        )
        if image is not None and self._wall and self._wall.shown and not (self._first or self.enlarged):
            size = self._wall.tile_columns, self._wall.tile_rows
            paste(wall, draw_picture(image, *size, scene.terminal), *corner(self._wall, 0))
        paste(cells, wall, max(0, above - wall.rows) // 2, max(0, columns - wall.columns) // 2)
        ends = ("least of each", "most", "") if self.own_scale else (f"{tiles.low:.2g}", f"{tiles.high:.2g}", "")
        if above:
            paste(cells, shades.draw_bar(*ends, columns, scene.terminal, scene.ink, colors), rows - 1)
        return cells, f"{note}  {dead} dead" if dead else note

    def _range(self, before: int, last: int, total: int) -> str:
        """Of the maps alone: the input's tile is none."""
        first, last, total = max(1, before + 1 - self._inputs), last - self._inputs, total - self._inputs
        return f"maps {first}–{last} of {total}" if first < last else f"map {last} of {total}" if last else "input"

    def _ranked(self, maps: Pixels) -> tuple[list[int], int]:
        """The numbers of the maps in their order, from 0 on, and how many of them are dead: the same everywhere."""
        flat = maps.reshape(len(maps), -1)
        dead: NDArray[np.bool_] = flat.min(axis=1) == flat.max(axis=1)
        active = -flat.mean(axis=1) if self.by_activity else np.zeros(len(flat))
        return np.lexsort((active, dead)).tolist(), int(dead.sum())


def _on_own_scales(maps: Pixels) -> Pixels:
    """Each map from its own least to its own most."""
    least, most = (end(axis=(1, 2, 3), keepdims=True).astype(np.float32) for end in (maps.min, maps.max))
    stretched: Pixels = ((maps - least) * (255 / np.maximum(most - least, 1))).round().astype(np.uint8)
    return stretched
