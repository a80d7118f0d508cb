"""A layer in words: its kind, and the arguments that matter."""

from collections.abc import Mapping, Sequence
from typing import Any

_SAY_IT_ALL = """
    units filters kernel_size pool_size size padding activation rate momentum epsilon target_shape max_value
    negative_slope interpolation stddev output_size cropping n dims factor mode merge_mode
"""
_ALONE = frozenset(_SAY_IT_ALL.split())
"""Arguments whose values are told without their names."""
_UNTOLD = ("_initializer", "_regularizer", "_constraint", "_clipping", "_format", "seed")
"""What arguments end in that are told of a layer alone, not in a table."""
_SHORT = {
    "use_bias": "bias", "return_sequences": "sequences", "dilation_rate": "dilation", "depth_multiplier": "depth",
}  # fmt: skip


def described(kind: str, arguments: object) -> str:
    """'Conv2D 32 3×3 relu': a layer with the arguments that matter, as short as they can be told apart."""
    given = dict(arguments)  # type: ignore[call-overload]
    words = [kind]
    for key, value in given.items():
        if key == "strides":
            words[-1] += "" if set(value) == {1} else f"/{_window(value)}"
        elif key == "wraps":
            words[0] += f"({_held(value)})"
        elif key == "trainable":
            words += [] if value else ["fixed"]
        elif not key.endswith(_UNTOLD):
            words.append(_argument(key, value))
    return " ".join(filter(None, words))


def _held(wraps: Mapping[str, Any]) -> str:
    """A layer within another one, which holds no third."""
    return described(str(wraps["layer"]), {key: value for key, value in wraps.items() if key not in ("layer", "wraps")})


def _argument(key: str, value: Any) -> str:
    """A word or two; nothing for what is so without being said."""
    name = _SHORT.get(key, key.replace("_", " "))
    if isinstance(value, bool):
        return "" if value and key == "use_bias" else name if value else f"no {name}"
    return argument_words(value) if key in _ALONE else f"{name} {argument_words(value)}"


def argument_words(value: Any, depth: int = 3) -> str:
    """3×3 of a size, 0.5 of a number, RandomNormal stddev 0.02 of a table: what an argument is, without its name.

    Also of somebody else's log, so no deeper than arguments go.
    """
    if not depth:
        return "…"
    if isinstance(value, tuple | list):
        words = [argument_words(each, depth - 1) for each in value]
        same_everywhere = len({*words}) == 1 and isinstance(value[0], tuple | list)
        return words[0] if same_everywhere else "×".join(words)
    if isinstance(value, dict):
        head = [str(value[key]) for key in ("name", "layer") if isinstance(value.get(key), str)]
        told = ((key, each) for key, each in value.items() if key not in ("name", "layer"))
        return " ".join([*head, *(f"{key} {argument_words(each, depth - 1)}" for key, each in told)])
    return f"{value:g}" if isinstance(value, float) else str(value)


def _window(value: Sequence[int]) -> str:
    """2 for a square one, 1×2 for another."""
    return str(value[0]) if len({*value}) == 1 else argument_words(value)
