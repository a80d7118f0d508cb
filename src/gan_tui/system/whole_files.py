"""Files that are replaced whole or not at all, so that who reads finds the old content or the new one."""

import os
from pathlib import Path

from gan_tui.system.fsync import sync


def put(path: Path, content: bytes, lasting: bool = False) -> None:
    """Write a file that its owner alone may read; one that is `lasting` outlasts a power cut. Raises OSError."""
    import tempfile  # takes its time, and a list writes nothing

    descriptor, making = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        if lasting:
            sync(Path(making))
        Path(making).replace(path)
        if lasting:
            sync(path.parent)
    except BaseException:
        Path(making).unlink(missing_ok=True)
        raise
