"""Promise 16 for other tools' logs: cut anywhere, or changed, they neither end nor hold up who reads them."""

import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gan_tui.errors import UserError
from gan_tui.integrations.logs import formats
from gan_tui.run import pictures
from gan_tui.run.events import Picture, to_line
from logs import LOGS, all_records, shown

pytestmark = pytest.mark.promise(16)
NAMES = sorted(folder.name for folder in LOGS.iterdir() if folder.is_dir())
MOST_SECONDS = 5.0


def cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def changed(content: bytes, chance: random.Random) -> bytes:
    """With some bytes changed: few, so that what depends on them is read."""
    found = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5, 40))):
        if found:
            found[chance.randrange(len(found))] = chance.randrange(256)
    return bytes(found)


def read_whole(place: Path) -> bool:
    """Read a log as it is shown, pictures and all; False where it is none any more, and that is said."""
    try:
        folder = formats.opened(place)
    except UserError as error:
        assert "holds no log" in str(error) or "holds" in str(error)
        return False
    reader = folder.reader()
    for record in all_records(reader):
        to_line(record)
        if isinstance(record.event, Picture):
            try:
                pictures.read(folder, record.event)
            except (ValueError, OSError):
                continue
    assert reader.read() == []
    shown(folder)
    return True


@pytest.mark.slow
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("spoil", (cut, changed))
def test_a_spoilt_log_is_read_as_far_as_it_is_sound(
    name: str,
    spoil: Callable[[bytes, random.Random], bytes],
    tmp_path: Path,
    trials: Callable[[int, int], int],
    proved: Callable[[str], None],
) -> None:
    chance = random.Random(19)
    place = Path(shutil.copytree(LOGS / name, tmp_path / name))
    files = {path: path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file()}
    most, opened, count = 0.0, 0, trials(4, 1000)
    for _ in range(count):
        spoilt = chance.choices(list(files), weights=[len(content) for content in files.values()])[0]
        spoilt.write_bytes(spoil(files[spoilt], chance))
        begun = time.monotonic()
        opened += read_whole(place)
        most = max(most, time.monotonic() - begun)
        spoilt.write_bytes(files[spoilt])
    assert most < MOST_SECONDS
    proved(f"{count} {spoil.__name__}, {opened} of them opened, at most {most:.2f} s")
