"""What a run has said, event by event, as JSON lines: as its log has them, checked and harmless, without checksums."""

import sys
from collections.abc import Sequence

from gan_tui.cli.json_output import one_line
from gan_tui.run.events import Record, to_line
from gan_tui.run.folder import RunFolder
from gan_tui.run.follower import Follower
from gan_tui.run.reader import blocks


def show(folder: RunFolder, since: int | None, follow: bool) -> int:
    """Print the events after number `since`; with `follow`, also those to come, until the run has ended.

    Returns how many lines of its log are damaged.
    """
    seen, reader = -1 if since is None else since, folder.reader()
    if follow:
        for news in Follower(folder, reader, history=False).until_end():
            _print(news.records, seen)
    else:
        for records in blocks(reader):
            _print(records, seen)
    return reader.damaged


def _print(records: Sequence[Record], seen: int) -> None:
    for record in records:
        if record.seq > seen:
            sys.stdout.write(one_line(to_line(record).rstrip(b"\n")) + "\n")
    sys.stdout.flush()
