"""A real Ray cluster of two nodes on this machine's loopback, with a token of its own or without."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

NODES = ("127.0.0.1", "127.0.0.2")
START_SECONDS = 180.0
"""At most: Ray starts half a dozen processes of Python."""
TRIES = 4
"""Ray itself waits 30 s for its processes, and gives up then."""


class RayCluster:
    """Started by `ray start`, as people start one."""

    def __init__(self, token: bool = True, cores: int = 1) -> None:
        """`cores` of each node."""
        self._folder = Path(tempfile.mkdtemp(prefix="ray-"))  # Ray's sockets lie in it, whose paths must be short
        auth = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(16)} if token else {}
        self.environment = {"RAY_AUTH_MODE": "disabled", **auth, "RAY_USAGE_STATS_ENABLED": "0"}
        self.address = f"{NODES[0]}:{_free_port()}"
        self._cores = cores
        self._nodes: list[subprocess.Popen[bytes]] = []
        try:
            port, folder = self.address.partition(":")[2], self._folder
            self._start(0, "--head", f"--port={port}", f"--temp-dir={folder}", "--include-dashboard=false")
            self._start(1, f"--address={self.address}")
        except BaseException:
            self.end()
            raise

    def kill_node(self) -> None:
        """The second one, as when its machine fails: with all that runs there."""
        children = psutil.Process(self._nodes[1].pid).children(recursive=True)
        for child in (each for each in children if each.name() == "raylet"):
            child.kill()

    def end(self) -> None:
        """End both, and whatever is left of them."""
        for node in self._nodes:
            node.send_signal(signal.SIGTERM)
        for node in self._nodes:
            with suppress(subprocess.TimeoutExpired):
                node.wait(20)
        self._kill_all()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _kill_all(self) -> None:
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def processes(self) -> list[psutil.Process]:
        """Those that have the cluster's folder in their command line, and theirs."""
        found: dict[int, psutil.Process] = {}
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if any(str(self._folder) in word for word in process.cmdline()):
                    found |= {each.pid: each for each in (process, *process.children(recursive=True))}
        return list(found.values())

    def _start(self, number: int, *how: str) -> None:
        for _ in range(TRIES):
            if self._has_started(number, *how):
                return
            if number == 0:
                self._kill_all()  # one of them may still have the port
        raise RuntimeError(f"Ray did not start; {self._log(number).read_text(errors='replace')[-2000:]}")

    def _log(self, number: int) -> Path:
        return self._folder / f"node{number}.log"

    def _has_started(self, number: int, *how: str) -> bool:
        log = self._log(number)
        command = [str(Path(sys.executable).with_name("ray")), "start", "--block", f"--num-cpus={self._cores}", *how]
        command += [f"--node-ip-address={NODES[number]}", "--object-store-memory=100000000"]
        with log.open("wb") as printed:
            node = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=printed, stderr=printed, start_new_session=True,
                env={**os.environ, **self.environment},
            )  # fmt: skip
        self._nodes.append(node)
        until = time.monotonic() + START_SECONDS
        while "Ray runtime started" not in log.read_text(errors="replace"):
            if node.poll() is not None or time.monotonic() > until:
                self._nodes.remove(node)
                return False
            time.sleep(0.2)
        return True


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((NODES[0], 0))
        port: int = free.getsockname()[1]
        return port
