"""What a script saves when it is asked to: a folder of its own making, complete or absent."""

import shutil
from collections.abc import Callable
from pathlib import Path

from gan_tui.run.folder import RunFolder
from gan_tui.run.manifests import FORMAT, MANIFEST, content_of, folder_name, sha256_of
from gan_tui.run.replacing import put_in_place
from gan_tui.system.fsync import sync

OnSave = Callable[[Path], object]


def save(folder: RunFolder, step: int, on_save: OnSave) -> str:
    """Have a script save into the checkpoint of a step; returns that folder's name within the run's.

    Raises whatever `on_save` raises, and OSError; then there is no new checkpoint, and the one of this step that was
    there before is there still.
    """
    name = folder_name(step)
    checkpoints = folder.path / folder.checkpoints.name  # a path that means the same in other processes
    making, final = checkpoints / f".{name}.making", checkpoints / name
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True, mode=0o700)
    try:
        on_save(making)
        if not any(making.iterdir()):
            raise ValueError("on_save has written nothing into the folder that it was given")
        _seal(making, step)
        for path in making.rglob("*"):
            sync(path)
        sync(making)
        put_in_place(making, final)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    return f"checkpoints/{name}"


def _seal(folder: Path, step: int) -> None:
    """Have a checkpoint say what it is made of, so that it is known to be whole when a run goes on; unless it does."""
    if (folder / MANIFEST).exists():
        return
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = {path.relative_to(folder).as_posix(): sha256_of(path) for path in files}
    (folder / MANIFEST).write_bytes(content_of({"format": FORMAT, "step": step, "why": "asked", "sha256": sums}))
