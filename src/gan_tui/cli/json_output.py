"""JSON for programs: all but ASCII is escaped, so that no name can touch a terminal, or be lost in its encoding."""

import json

import orjson


def print_json(rows: object) -> None:
    print(json.dumps(rows, indent=2))


def one_line(line: bytes) -> str:
    """A line of JSON that orjson has made, likewise."""
    return line.decode() if line.isascii() else json.dumps(orjson.loads(line), separators=(",", ":"))


def numbers(array: object) -> str:
    """An array: numbers of single precision in the fewest digits that read back exactly; NaN is null."""
    return orjson.dumps(array, option=orjson.OPT_SERIALIZE_NUMPY).decode()
