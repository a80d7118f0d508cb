"""A saved model's network as a person would write it into a preset: a line a layer."""

import json
from collections.abc import Mapping
from typing import Any


def network_text(name: str, table: Mapping[str, Any]) -> str:
    """The tables of a network, as TOML."""
    inputs = [f"{key} = {_value(value)}" for key, value in table.items() if key != "layers"]
    rows = [f"  {_value(layer)}," for layer in table["layers"]]
    return "\n".join([f"[networks.{name}]", *inputs, "layers = [", *rows, "]"])


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key} = {_value(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False)  # strings, numbers and truths are written alike
