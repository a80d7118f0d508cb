"""The lines of a log: each ends in a checksum of its own, and what is damaged gives back what is still sound in it."""

import re
import zlib

from gan_tui.run.events import Record, from_line, to_line

_HEAD = b'{"seq":'
"""How every line begins, and nothing inside one does: quotes are escaped there."""
_SEAL = re.compile(rb',"crc":"[0-9a-f]{8}"\}')
_SEAL_BEGIN, _SEAL_LENGTH = b',"crc":"', 18
_MOST_PIECES = 64
"""Records looked for in one damaged line: more than a few were never run together by chance."""


def sealed_line(record: Record) -> bytes:
    """The line of a record with the CRC-32 of all before it as the last field, eight hexadecimal digits."""
    body = to_line(record)[:-2]
    return b'%b%b%08x"}\n' % (body, _SEAL_BEGIN, zlib.crc32(body))


def sound_record(line: bytes) -> Record:
    """The record in a line without its end. Raises ValueError where anything in it was changed.

    A line without a checksum is taken as it is: others may write them.
    """
    seal = line[-_SEAL_LENGTH:]
    if seal.startswith(_SEAL_BEGIN) and seal != b'%b%08x"}' % (_SEAL_BEGIN, zlib.crc32(line[:-_SEAL_LENGTH])):
        raise ValueError("a line that was changed")
    return from_line(line)


def records_in(line: bytes) -> tuple[list[Record], bool]:
    """(the sound records of a line, whether it is damaged): lines may run together when their end was changed."""
    try:
        return [sound_record(line)], False
    except ValueError:
        return list(filter(None, map(_recovered, line.split(_HEAD, _MOST_PIECES)[1:]))), bool(line.strip())


def _recovered(rest: bytes) -> Record | None:
    """The record that begins with a head and goes on with `rest`, whatever follows it."""
    seal = _SEAL.search(rest)
    end = seal.end() if seal else rest.rfind(b"}") + 1
    try:
        return sound_record(_HEAD + rest[:end])
    except ValueError:
        return None
