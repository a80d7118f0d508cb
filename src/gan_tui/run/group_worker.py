"""A worker of a group that is not the first, as the process has it that has started it."""

import os
import signal
import subprocess
import sys
from typing import Any

from gan_tui.run.folder import RunFolder
from gan_tui.run.group_start import TRUSTED
from gan_tui.system.cluster import Cluster

WORKER = (sys.executable, "-P", "-m", "gan_tui.training.group.worker")
"""What is started; a folder with the preset, the descriptor of that, and the number of our process follow."""
JOINED = b"joined\n"
"""What it says on standard output once all workers are there; a sentence may follow."""


def started(folder: RunFolder, cluster: Cluster, trusted: bool = False, **how: Any) -> subprocess.Popen[bytes]:
    """It ends when this process does, or closes its standard input. Raises OSError where it cannot be started.

    `trusted`: whether strangers that reach the workers are no reason against them.
    """
    place = os.open(folder.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    environment = {**os.environ, "TF_CONFIG": cluster.as_tf_config()} | ({TRUSTED: "1"} if trusted else {})
    try:
        return subprocess.Popen(
            [*WORKER, str(folder.path), str(place), str(os.getpid())], stdin=subprocess.PIPE, pass_fds=(place,),
            env=environment, start_new_session=True, cwd="/", **how,
        )  # fmt: skip
    finally:
        os.close(place)


def ending(code: int) -> str:
    """How it ended, as a sentence goes on."""
    if code >= 0:
        return f"ended with exit code {code}"
    name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
    return f"was {'killed' if -code == signal.SIGKILL else 'ended'} ({name})"
