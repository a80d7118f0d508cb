"""A worker of a group that is not the first: `python -m gan_tui.training.group.worker RUN_FOLDER DESCRIPTOR PARENT`.

It takes the steps that worker 0 says, writes nothing, and ends with the group: with 0 where worker 0 has ended it, else
with CRASHED, or TRAINING_FAILED where trying again is in vain, and a sentence. RUN_FOLDER is where the preset lies. On
standard output it says "joined" once all are there. It ends with its parent, too: with the end of standard input.
"""

import ctypes
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from gan_tui.training import environment

environment.prepare()
if "GAN_TUI_DEBUG" not in os.environ:
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # that a group has ended is said in a sentence

from gan_tui import presets  # noqa: E402 (after what TensorFlow reads from the environment)
from gan_tui.errors import CRASHED, DONE, TRAINING_FAILED, UserError  # noqa: E402
from gan_tui.run.folder import RunFolder  # noqa: E402
from gan_tui.run.group_start import TRUSTED  # noqa: E402
from gan_tui.run.group_worker import JOINED  # noqa: E402
from gan_tui.system import listening, private_network, signals  # noqa: E402
from gan_tui.system.cluster import Cluster, cluster_of  # noqa: E402
from gan_tui.system.held_folder import HeldFolder  # noqa: E402
from gan_tui.training import computed_with  # noqa: E402
from gan_tui.training.failures import in_words  # noqa: E402
from gan_tui.training.group import broken  # noqa: E402

_KILL_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of prctl(2)."""


def main() -> int:
    folder, place, parent = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    _end_with(parent)
    cluster = cluster_of(os.environ)
    assert cluster is not None
    try:
        _follow(RunFolder(folder, HeldFolder(folder, place)), cluster)
        return DONE
    except Exception as error:  # noqa: BLE001 (whatever it was, it ends here with a sentence)
        is_lost = broken.is_of_group(error, cluster.index)
        _say(cluster, broken.reason(error, cluster, {}) if is_lost else in_words(error))
        return TRAINING_FAILED if isinstance(error, UserError) else CRASHED


def _follow(folder: RunFolder, cluster: Cluster) -> None:
    """Take the group's steps, to its end."""
    preset = presets.of_run(folder)
    from gan_tui.training.group.following import follow
    from gan_tui.training.group.group import group_here
    from gan_tui.training.group.usage import Usage
    from gan_tui.training.tasks import load, task_of

    listening.refuse_taken(cluster.workers[cluster.index])
    private_network.refuse_public(cluster, TRUSTED in os.environ)  # names may be known by now that were not
    group = group_here()
    assert group is not None
    for number in signals.STOPPING:
        signal.signal(number, signal.SIG_IGN)  # worker 0 saves, and ends the group; TensorFlow had taken one for itself
    task = task_of(preset, load(preset), group)
    group.begin(task, 0)
    os.write(1, JOINED + _other_length(task).encode())
    follow(task, Usage(computed_with.devices()).numbers)


def _other_length(task: Any) -> str:
    """What to know where this worker was told another number of steps than worker 0, which ends the group."""
    of_group = task.steps.total_of_group
    if of_group in (0, task.steps_total):
        return ""
    return f"worker 0 ends the group after {of_group:,} steps, whatever is said here ({task.steps_total:,})."


def _say(cluster: Cluster, sentence: str) -> None:
    print(f"worker {cluster.index}: {sentence.rstrip('.')}.", file=sys.stderr, flush=True)


def _end_with(parent: int) -> None:
    """Nobody outlives who has started it, not even stopped."""
    with suppress(OSError, AttributeError):  # elsewhere than on Linux, the end of standard input is all there is
        ctypes.CDLL(None).prctl(_KILL_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(CRASHED)
    threading.Thread(target=_watch, name="parent", daemon=True).start()


def _watch() -> None:
    while os.read(0, 1 << 10):
        pass
    os._exit(CRASHED)


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # at once: TensorFlow's server would wait for the others
