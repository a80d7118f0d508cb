"""A run that is written for TensorBoard while it trains: by a process of its own, which reads the run's log.

Nothing that becomes of it touches the training; it says in the trainer's log what is wrong.
"""

import subprocess
import sys

from gan_tui.errors import told
from gan_tui.run import documents
from gan_tui.run.folder import RunFolder

SETTING = "tensorboard"
_WRITER = (sys.executable, "-P", "-m", "gan_tui.integrations.export.live")


class Exporting:
    """Starts it with the trainer, where the run's preset names a folder; it ends by itself after the run."""

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Unless it still writes, as it does where a trainer is started again."""
        settings = documents.written(self._folder.preset_file).get("settings")
        directory = settings.get(SETTING) if isinstance(settings, dict) else None
        if not directory or not isinstance(directory, str) or (self._process and self._process.poll() is None):
            return
        command, quiet = (*_WRITER, str(self._folder.path), directory), subprocess.DEVNULL
        try:
            self._process = subprocess.Popen(command, stdin=quiet, stdout=quiet, cwd="/", start_new_session=True)
        except OSError as error:
            print(f"{self._folder.name} is not written for TensorBoard: {told(error)}.", file=sys.stderr)
