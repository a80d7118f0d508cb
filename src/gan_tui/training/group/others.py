"""The workers that worker 0 has started on its own machine, which end with it, however it ends."""

import subprocess
import time
from contextlib import suppress

from gan_tui.run import group_worker
from gan_tui.run.folder import RunFolder
from gan_tui.system.cluster import HERE, Cluster
from gan_tui.system.listening import free_ports

END_SECONDS = 10.0
"""What an other may take to end by itself, once the group has ended."""


def cluster_here(workers: int) -> Cluster:
    """So many workers on loopback, at ports that nobody has."""
    return Cluster(tuple(f"127.0.0.1:{port}" for port in free_ports(workers)), 0, HERE)


class Others:
    """All but worker 0, by number."""

    def __init__(self, folder: RunFolder, cluster: Cluster) -> None:
        """Raises OSError where one cannot be started."""
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        try:
            for index in range(1, len(cluster.workers)):
                one = Cluster(cluster.workers, index, HERE)
                self._processes[index] = group_worker.started(folder, one, stdout=subprocess.DEVNULL)
        except BaseException:
            self.end(0)
            raise

    def ended(self) -> dict[int, str]:
        """Those that have ended by themselves, and how, as a sentence goes on."""
        codes = {index: process.poll() for index, process in self._processes.items()}
        return {index: group_worker.ending(code) for index, code in codes.items() if code is not None}

    def end(self, seconds: float = END_SECONDS) -> None:
        """Let them end, and kill those that do not."""
        deadline = time.monotonic() + seconds
        for process in self._processes.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            process.kill()
            process.wait()
            assert process.stdin is not None
            process.stdin.close()
        self._processes.clear()
