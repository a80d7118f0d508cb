"""Layers as presets write them, checked: their arguments, and the rows of their table."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from gan_tui.presets import keras_names
from gan_tui.presets.checks import Check, flag, shown
from gan_tui.presets.layers import (
    activations,
    attention,
    convolutions,
    dense,
    einsum,
    encoding,
    images,
    merging,
    normalizing,
    pooling,
    random_images,
    recurrent,
    regularizing,
    shaping,
    wrapping,
)
from gan_tui.presets.layers.kind import LARGEST_LAYER, Arguments, Kind, LayerRow, Merging, Shape, Wrapping
from gan_tui.text import harmless, nearest

KINDS: dict[str, Kind] = {
    **dense.KINDS, **activations.KINDS, **convolutions.KINDS, **pooling.KINDS, **shaping.KINDS, **normalizing.KINDS,
    **regularizing.KINDS, **recurrent.KINDS, **merging.KINDS, **attention.KINDS, **images.KINDS,
    **random_images.KINDS, **einsum.KINDS, **encoding.KINDS, **wrapping.KINDS,
}  # fmt: skip
"""Name, as Keras has it → what is known of it."""
WRAPS = "wraps"
"""The argument that holds another layer: a table, as one of a network is."""


def instead_of(kind: object) -> str:
    """What to write instead of a layer that there is not; nothing where there is such a one."""
    if not isinstance(kind, str):
        return 'layer is missing; say which, as in {layer = "Dense", units = 2}'
    if kind in KINDS:
        return ""
    unknown = f'unknown layer "{harmless(kind, 60)}"'
    last = kind.rpartition(".")[2]  # of keras.layers.Dense
    if instead := keras_names.OTHER_NAMES.get(last, last if last in KINDS else ""):
        return f'{unknown}, write "{instead}"'
    if why := keras_names.refused_layer(kind):
        return f"Keras has {why}"
    near = nearest(kind, KINDS)
    return f"{unknown}, {near if len(near) < 100 else f'choose one of the {len(KINDS)} in docs/own-networks/layers.md'}"


def checked_arguments(kind: str, given: Mapping[str, object]) -> dict[str, Any]:
    """The arguments of a layer, each checked and in its canonical form (sizes as tuples).

    Raises ValueError with a sentence that names the argument and, for a misspelt one, the nearest right one.
    """
    known = KINDS[kind]
    checks: dict[str, Check] = {**known.arguments, "trainable": flag}
    checked = {}
    for key, value in given.items():
        if key == WRAPS and isinstance(known, Wrapping):
            checked[key] = _wrapped(kind, known, value)
            continue
        if key not in checks:
            raise ValueError(_no_argument(kind, key, [*known.arguments, "trainable", "name"]))
        try:
            checked[key] = checks[key](value)
        except ValueError as error:
            raise ValueError(f"{kind}'s {key} {error}") from None
    for key in (*known.required, *((WRAPS,) if isinstance(known, Wrapping) else ())):
        if key not in checked:
            raise ValueError(f"{kind} needs {key}")
    return checked


def _no_argument(kind: str, key: str, has: Sequence[str]) -> str:
    if why := keras_names.refused_argument(key):
        return f"{kind}'s {key} cannot be set: {why}"
    return f'{kind} has no argument "{harmless(key, 60)}", {nearest(key, has)}'


def _wrapped(kind: str, known: Wrapping, value: object) -> dict[str, Any]:
    """The layer that another one holds, as a table in canonical form."""
    if not isinstance(value, dict) or "name" in value:
        such_as = '{layer = "LSTM", units = 8}'
        raise ValueError(f"{kind}'s wraps must be a layer without a name, such as {such_as}, not {shown(value)}")
    inner = value.get("layer")
    if why := instead_of(inner):
        raise ValueError(f"{kind}'s wraps: {why}")
    held = KINDS[str(inner)]
    if (known.holds and inner not in known.holds) or isinstance(held, Merging | Wrapping):
        instead = f"; it takes {', '.join(known.holds)}" if known.holds else ""
        raise ValueError(f"{kind} cannot wrap {inner}{instead}")
    try:
        arguments = checked_arguments(str(inner), {key: each for key, each in value.items() if key != "layer"})
    except ValueError as error:
        raise ValueError(f"{kind}'s wraps: {error}") from None
    if why := known.refuses(str(inner), arguments):
        raise ValueError(f"{kind}'s wraps: {why}")
    return {"layer": inner, **arguments}


# Rows ------------------------------------------------------------


def layer_row(name: str, kind: str, shapes: Sequence[Shape], arguments: Arguments) -> LayerRow:
    """The table row of a layer that receives inputs of these shapes; raises ValueError when they do not fit."""
    known = KINDS[kind]
    shape = shapes[0]
    known.check_count(kind, len(shapes))
    if known.axes and len(shape) != len(known.axes):
        of_what = f"{len(known.axes)} axes ({', '.join(known.axes)})" if len(known.axes) > 1 else "one axis"
        raise ValueError(f"{kind} needs an input of {of_what}, not {list(shape)}")
    output, (trainable, fixed), inner = _made(known, shapes, arguments)
    if min(output) < 1:
        raise ValueError(f'{kind} makes {list(shape)} smaller than one pixel; use padding "same" or a smaller window')
    if max(trainable + fixed, math.prod(output), inner) > LARGEST_LAYER:
        raise ValueError(f"{kind} is too large: at most {LARGEST_LAYER:,} parameters or outputs per layer")
    if not arguments.get("trainable", True):
        trainable, fixed = 0, trainable + fixed
    return LayerRow(name, kind, output, trainable, fixed, arguments, inner)


def _made(known: Kind, shapes: Sequence[Shape], arguments: Arguments) -> tuple[Shape, tuple[int, int], int]:
    """(output shape, parameters, numbers beside the output)"""
    if isinstance(known, Wrapping):
        inner, given = split(arguments[WRAPS])
        return known.around(shapes[0], arguments, lambda shape: layer_row(inner, inner, (shape,), given))
    return known.gives(shapes, arguments), known.learns(shapes, arguments), known.makes(shapes, arguments)


def split(wraps: Arguments) -> tuple[str, dict[str, Any]]:
    """The kind of a layer that another one holds, and its arguments."""
    return str(wraps["layer"]), {key: value for key, value in wraps.items() if key != "layer"}


def ends_in(kind: str, arguments: Arguments) -> str:
    """What a layer's output went through last, by the word that `activation` has for it."""
    if kind in ("SpectralNormalization", "TimeDistributed"):
        return ends_in(*split(arguments[WRAPS]))
    return KINDS[kind].ends_in(arguments)
