"""Training a sweep on a Ray cluster: who trains what is decided here, as on one machine; where, and by which process,
there.

Ray is in a process of its own (`ray_driver.py`), with a pipe for all its workers; here each has its own again, so that
they are heard as those of this machine are.
"""

import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import IO, Any

import orjson

from gan_tui.errors import TRAINING_FAILED, UserError
from gan_tui.sweep import alike
from gan_tui.sweep.engines.local import Happening, Pool, Tick, Told, Worker, ended
from gan_tui.sweep.folder import SweepFolder
from gan_tui.sweep.places import MOST_WORKERS
from gan_tui.sweep.sweep import Job
from gan_tui.system import open_files
from gan_tui.system.answering import Answering
from gan_tui.text import counted, harmless

DRIVER = (sys.executable, "-P", "-m", "gan_tui.sweep.engines.ray_driver")
MISSING = "--on ray needs Ray: pip install 'gan-tui[ray]', here and on the cluster's machines."
NO_TOKEN = (
    "This Ray cluster asks for no token, so whoever reaches its ports can run programs on its machines; "
    "start Ray there with RAY_AUTH_MODE=token"
)
LEAVING_SECONDS = 20.0
"""For Ray to end what it has started."""
ANSWER_SECONDS = 5.0
FILES_OF_ONE = 3
"""Open for a worker: both ends of its pipe, and the lock of what it trains."""
_ADDRESS = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/\[\]]+)):(\d{1,5})")


class RayPool(Pool):
    """A pool whose workers are wherever Ray has room for them."""

    def __init__(self, folder: SweepFolder, jobs: Iterable[Job], address: str) -> None:
        """`address` is HOST:PORT, auto, or empty for what RAY_ADDRESS says, or else a cluster of this sweep's own.

        Raises UserError where there is no Ray, or no cluster at the address.
        """
        super().__init__(folder, jobs)
        self._address = address = reached(address or os.environ.get("RAY_ADDRESS", ""))
        most = min(self._left(), MOST_WORKERS) if address else self.count
        self._driver = Driver(folder, address, most)
        if address:
            self.count = open_files.most_with(FILES_OF_ONE, max(1, min(self._driver.begun(), most)))
        self._trained: Counter[str] = Counter()
        self._said: set[str] = set()

    def happenings(self) -> Iterator[Happening]:
        """Train everything. Raises UserError when it keeps failing, or Ray ends; ends all whatever happens."""
        try:
            yield Told(self._where(), is_trouble=False)
            if not self._address:
                self.count = max(1, min(self._driver.begun(), self.count))
            yield from super().happenings()
        finally:
            self._driver.end()
        each = "; ".join(f"{host} trained {count:,}" for host, count in sorted(self._trained.items()))
        yield Told(each or "Nothing was trained", is_trouble=False)

    def _where(self) -> str:
        workers = counted(self.count, "worker")
        if self._address:
            return f"On the Ray cluster at {harmless(self._address, 80)}, with {workers}"
        return f"RAY_ADDRESS names no cluster, so Ray is started on this machine alone, with {workers}"

    def _tick(self) -> Tick:
        busy = Counter(worker.where for worker in self._workers if worker.job)
        return Tick(sum(not worker.ready for worker in self._workers), (), tuple(sorted(busy.items())))

    def _start(self) -> None:
        self._employed(RayWorker(self._driver))

    def _look_around(self) -> Iterator[Happening]:
        self._refuse()
        yield from ()

    def _bury(self, worker: Worker) -> Iterator[Happening]:
        self._refuse()
        yield from super()._bury(worker)

    def _refuse(self) -> None:
        """Raises UserError where nothing can be trained there."""
        if self._driver.refused:
            raise UserError(f"{self._driver.refused}; {self._folder.way_on}.", TRAINING_FAILED)

    # Words ------------------------------------------------------------------------------------------

    def _hear(self, worker: Worker, words: dict[str, Any]) -> Iterator[Happening]:
        if worker not in self._workers:
            return  # dismissed since, amid its own words
        worker.where = harmless(words.get("host", worker.where), 60)
        if "says" in words:
            place = f"{worker.where}: " if worker.where else ""
            yield from self._once(Told(f"{place}{words['says']}", worker.job if words["again"] else None))
            return
        if "died" in words:
            words = {"failed": f"{ended(words['died'])}, again and again"}
        if "ready" in words:
            yield from self._new(worker.where, words)
        self._trained[worker.where] += "result" in words
        yield from super()._hear(worker, words)

    def _new(self, host: str, ready: dict[str, Any]) -> Iterator[Happening]:
        """What is to be known of where a worker is."""
        if not ready["token"]:
            yield from self._once(Told(NO_TOKEN))
        if other := alike.different(ready.get("computed_with")):
            yield from self._once(Told(f"{host}: numbers may differ in their last bits: {other}", is_trouble=False))

    def _once(self, told: Told) -> Iterator[Happening]:
        if told.again or told.text not in self._said:
            self._said.add(told.text)
            yield told


class RayWorker(Worker):
    """One of those, as the pool knows it."""

    def __init__(self, driver: "Driver") -> None:
        self._driver = driver
        self.number, answers = driver.begin()
        self._begin(answers)

    def _say(self, words: dict[str, Any]) -> None:
        self._driver.say(worker=self.number, job=words)

    def end(self, patience: float = 0.0) -> int:
        self._driver.dismiss(self.number)
        self._answers.close()
        return self._driver.codes.get(self.number, 0)


class Driver:
    """The process that Ray is in. What its workers say is parted in a thread."""

    def __init__(self, folder: SweepFolder, address: str, most: int) -> None:
        self._sweep, self._address, self._most = folder, address, most
        self._folder = tempfile.mkdtemp(prefix="gan-tui-ray-")  # with sockets, whose paths must be short
        self._begun, self._pipes = 0, dict[int, int]()
        self._parting, self._thread = threading.Lock(), threading.Thread(target=self._part, daemon=True)
        self.codes: dict[int, int] = {}
        """How processes ended for good."""
        self.refused = ""
        log = os.open(folder.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._process = Answering(DRIVER, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd="/")
        finally:
            os.close(log)

    def begun(self) -> int:
        """For how many workers there is room. Raises UserError where there is no cluster; ends it whatever else."""
        try:
            text = self._sweep.file.read_text(encoding="utf-8")
            self.say(sweep=text, address=self._address or None, folder=self._folder, most=self._most)
            line = self._process.answers.readline()
            words = orjson.loads(line) if line.endswith(b"\n") else {"refused": "it has ended"}
            if "refused" in words:
                why = harmless(words["refused"]).rstrip(".")
                raise UserError(f"Ray cannot be used: {why}; see {harmless(str(self._sweep.log))}.", TRAINING_FAILED)
        except BaseException:
            self.end()
            raise
        self._thread.start()
        return int(words["count"])

    def begin(self) -> tuple[int, IO[bytes]]:
        """A worker: its number, and what it says."""
        ours, theirs = os.pipe()
        with self._parting:
            number, self._begun = self._begun, self._begun + 1
            self._pipes[number] = theirs
        self.say(worker=number, begin=True)
        return number, os.fdopen(ours, "rb")

    def dismiss(self, number: int) -> None:
        self.say(worker=number, end=True)
        self._close(number)

    def say(self, **words: object) -> None:
        assert self._process.stdin is not None
        with suppress(OSError, ValueError):  # it has ended: so does what its workers say
            self._process.stdin.write(orjson.dumps(words) + b"\n")
            self._process.stdin.flush()

    def end(self) -> None:
        """End it, and with it all that it has started."""
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(LEAVING_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        if self._thread.is_alive():
            self._thread.join(LEAVING_SECONDS)  # whom it hears has ended
        if not self._thread.is_alive():
            self._process.answers.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _part(self) -> None:
        """Give each worker what it says, and hear what is said of all."""
        for line in self._process.answers:
            words = orjson.loads(line)
            if "refused" in words:
                self.refused = harmless(words["refused"]).rstrip(".")
            elif "over" in words:
                self.codes[words["worker"]] = words["died"]
                self._close(words["worker"])
            else:
                self._write(words.pop("worker"), orjson.dumps(words) + b"\n")
        self.refused = self.refused or "Ray has ended"
        for number in list(self._pipes):
            self._close(number)

    def _write(self, number: int, line: bytes) -> None:
        try:
            with self._parting:
                pipe = os.dup(self._pipes[number])  # once it is dismissed, its number may be that of another's
        except (OSError, KeyError):
            self._close(number)  # it was dismissed, or this process may open no file any more: then it is heard as lost
            return
        try:
            while line:
                line = line[os.write(pipe, line) :]
        except OSError:
            self._close(number)  # it was dismissed meanwhile
        finally:
            os.close(pipe)

    def _close(self, number: int) -> None:
        with self._parting:
            if (pipe := self._pipes.pop(number, None)) is not None:
                os.close(pipe)


def reached(address: str) -> str:
    """An address where somebody answers, or one that Ray is to find. Raises UserError where there is none."""
    if importlib.util.find_spec("ray") is None:
        raise UserError(MISSING)
    if address in ("", "auto", "local"):
        return address.removeprefix("local")  # Ray's own word for one on this machine alone
    parts = _ADDRESS.fullmatch(address)
    if not parts:
        raise UserError(
            f'"{harmless(address, 60)}" is no address of a Ray cluster; name its head, such as --on ray:10.0.0.1:6379.'
        )
    try:
        socket.create_connection((parts[1] or parts[2], int(parts[3])), ANSWER_SECONDS).close()
    except (OSError, OverflowError):
        raise UserError(
            f"Nobody answers at {harmless(address, 80)}; start Ray there (ray start --head), and on this machine "
            f"(ray start --address={harmless(address, 80)}), and try again."
        ) from None
    return address
