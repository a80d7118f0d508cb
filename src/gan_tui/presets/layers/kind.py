"""What is known of a kind of layer: what it may be given, and what comes out."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gan_tui.presets.checks import Check

Shape = tuple[int, ...]
Arguments = Mapping[str, Any]
Parameters = tuple[int, int]
"""(those that training changes, those that it does not)"""

LARGEST_LAYER = 200_000_000
"""Parameters or outputs of one layer beyond which a preset is refused: 800 MB of float32."""


@dataclass(frozen=True)
class LayerRow:
    """A line of a layer table."""

    name: str
    kind: str
    output_shape: Shape
    trainable: int
    """Parameters that training changes."""
    fixed: int
    """Parameters that it does not, such as a batch normalization's moving averages."""
    arguments: Arguments
    inner: int = 0
    """Numbers that it makes of an example and keeps until it has learnt, beside its output."""

    @property
    def parameters(self) -> int:
        return self.trainable + self.fixed


def _none(shape: Shape, a: Arguments) -> Parameters:
    return 0, 0


def _nothing(shape: Shape, a: Arguments) -> int:
    return 0


def _activation(a: Arguments) -> str:
    return str(a.get("activation", "linear"))


@dataclass(frozen=True)
class Kind:
    """What is known of one kind of layer."""

    arguments: Mapping[str, Check]
    output: Callable[[Shape, Arguments], Shape]
    """Raises ValueError with a sentence where the arguments do not fit the input, or each other."""
    parameters: Callable[[Shape, Arguments], Parameters] = _none
    required: tuple[str, ...] = ()
    axes: tuple[str, ...] = ()
    """What the axes of its input are, where it must have just these."""
    inner: Callable[[Shape, Arguments], int] = _nothing
    """`LayerRow.inner`"""
    ends_in: Callable[[Arguments], str] = _activation
    """What its output went through last: a word that `activation` has, or a word of its own."""
    moves: bool = False
    """Whether it only moves, leaves out or averages numbers: what they went through before, they went through last."""

    def check_count(self, kind: str, count: int) -> None:
        """Raises ValueError where it is given fewer or more inputs than it takes."""
        if count > 1:
            raise ValueError(
                f"{kind} takes one input, not {count}; merge them first, in a layer as "
                '{layer = "Concatenate", from = ["a", "b"]}'
            )

    def gives(self, shapes: Sequence[Shape], a: Arguments) -> Shape:
        """The shape of its output for inputs of such shapes."""
        return self.output(shapes[0], a)

    def learns(self, shapes: Sequence[Shape], a: Arguments) -> Parameters:
        """Its parameters."""
        return self.parameters(shapes[0], a)

    def makes(self, shapes: Sequence[Shape], a: Arguments) -> int:
        """`LayerRow.inner`"""
        return self.inner(shapes[0], a)


@dataclass(frozen=True)
class Merging(Kind):
    """A kind that takes several inputs; what comes out follows from the shapes of all of them."""

    output: Callable[[Shape, Arguments], Shape] = lambda shape, a: shape
    merged: Callable[[Sequence[Shape], Arguments], Shape] = lambda shapes, a: shapes[0]
    """Raises ValueError with a sentence where one does not fit, UnlikeShapesError where two do not fit each other."""
    weights: Callable[[Sequence[Shape], Arguments], int] = lambda shapes, a: 0
    """Parameters, all of which training changes."""
    kept: Callable[[Sequence[Shape], Arguments], int] = lambda shapes, a: 0
    """`LayerRow.inner`"""
    fewest: int = 2
    most: int = 16
    """Inputs."""

    def check_count(self, kind: str, count: int) -> None:
        if not self.fewest <= count <= self.most:
            reach = f"{self.fewest}" if self.fewest == self.most else f"{self.fewest} to {self.most}"
            raise ValueError(f'{kind} takes {reach} inputs, not {count}; name them, as in from = ["a", "b"]')

    def gives(self, shapes: Sequence[Shape], a: Arguments) -> Shape:
        return self.merged(shapes, a)

    def learns(self, shapes: Sequence[Shape], a: Arguments) -> Parameters:
        return self.weights(shapes, a), 0

    def makes(self, shapes: Sequence[Shape], a: Arguments) -> int:
        return self.kept(shapes, a)


RowOf = Callable[[Shape], LayerRow]
"""The row of the layer that is wrapped, where it is given such a shape."""


@dataclass(frozen=True)
class Wrapping(Kind):
    """A kind that holds one layer; what comes out follows from what that one gives."""

    output: Callable[[Shape, Arguments], Shape] = lambda shape, a: shape
    holds: Collection[str] = ()
    """The kinds that it may hold; none: any that holds no other and takes one input."""
    refuses: Callable[[str, Arguments], str] = lambda kind, a: ""
    """Why it cannot hold a layer of this kind with these arguments; nothing where it can."""
    around: Callable[[Shape, Arguments, RowOf], tuple[Shape, Parameters, int]] = lambda shape, a, row_of: (
        row_of(shape).output_shape, (row_of(shape).trainable, row_of(shape).fixed), row_of(shape).inner,
    )  # fmt: skip
    """(output shape, parameters, `LayerRow.inner`)"""


class UnlikeShapesError(ValueError):
    """Two inputs of a layer do not go together."""

    def __init__(self, shapes: Sequence[Shape], one: int, other: int, why: str) -> None:
        """`one` and `other` are their places among the shapes; `why` ends a sentence about both."""
        super().__init__(why)
        self._shapes, self._places, self._why = shapes, (one, other), why

    def told(self, kind: str, names: Sequence[str]) -> str:
        """A sentence that calls the two by their names."""
        one, other = (f"{names[place]} {list(self._shapes[place])}" for place in self._places)
        return f"{kind} cannot merge {one} and {other}: {self._why}"
