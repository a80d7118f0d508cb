"""What a viewer may ask of a run, and what became of it: typed, to and from one JSON line."""

from dataclasses import dataclass
from typing import Annotated, Any

import orjson

from gan_tui.run import event_schema as schema
from gan_tui.run.event_schema import Shape, one_of
from gan_tui.text import harmless

COMMANDS = ("pause", "resume", "step", "save", "stop", "set")
LONGEST_COMMAND = 1 << 20
"""Bytes of one command's line; a longer one is refused."""
AS_BEFORE = "as before"
"""The setting of a `pause` by which a run that was paused is so again once it was restarted."""


@dataclass(frozen=True)
class Command:
    """A viewer's wish. `steps` is how many steps `step` asks for; `set` gives a `setting` a `value`."""

    name: Annotated[str, one_of(COMMANDS)]
    id: int = 0
    steps: Annotated[int, lambda value: schema.positive(value) and value <= 1_000_000] = 1
    setting: Annotated[str, Shape(schema.anything, lambda value: harmless(str(value), 40))] = ""
    value: Annotated[Any, Shape(schema.anything, schema.as_it_is)] = None

    def to_line(self) -> bytes:
        return orjson.dumps(self, option=orjson.OPT_APPEND_NEWLINE)

    @staticmethod
    def from_line(line: bytes) -> "Command":
        """Raises ValueError for a line that is no command."""
        document = orjson.loads(line)
        if not isinstance(document, dict) or document.get("name") not in COMMANDS:
            raise ValueError("unknown command, choose from " + ", ".join(COMMANDS))
        try:
            return Command(**schema.fields_of(_COMMAND, document))
        except ValueError:
            raise ValueError("a command's id must be a whole number, its steps from 1 to 1,000,000") from None


@dataclass(frozen=True)
class Reply:
    """What became of a command, given once it has taken effect."""

    id: int
    ok: bool
    text: Annotated[str, Shape(schema.text, harmless)]
    step: int = 0

    def to_line(self) -> bytes:
        return orjson.dumps(self, option=orjson.OPT_APPEND_NEWLINE)

    @staticmethod
    def from_line(line: bytes) -> "Reply":
        """Raises ValueError for a line that is no answer, whole."""
        document = orjson.loads(line)
        if not isinstance(document, dict) or not _REPLY.keys() <= document.keys():
            raise ValueError("not an answer")
        return Reply(**schema.fields_of(_REPLY, document))


_COMMAND, _REPLY = schema.shapes_of(Command), schema.shapes_of(Reply)
