"""The process that talks to Ray: `python -P -m gan_tui.sweep.engines.ray_driver DESCRIPTOR`.

It is a process of its own because Ray prints what it likes, takes signals for itself, and ends whoever uses it when the
head of its cluster is gone. What it prints goes to the sweep's log. On standard input come JSON lines, first what is to
be trained and where ({"sweep", "address", "most", "folder"}), then orders to workers ({"worker"} with "begin", "job" or
"end"). To the descriptor go {"count"} or {"refused"}, then what workers say, as those of one machine say it ({"worker",
"ready"}, …), also "says", words for a person, and "died", an exit code. When its input ends, all ends.

Whoever dies is started again by Ray, anywhere where there is room, and the call that was under way made again. Until
Ray notices that a whole machine is gone, calls to it fail at once: their number has no bound, that of losses has.
"""

import asyncio
import os
import secrets
import shutil
import sys
import traceback
from collections.abc import Callable
from typing import Any

import orjson

PRIVATE = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
"""For a cluster of our own: nobody else can give it work."""
QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",
    "RAY_DISABLE_IMPORT_WARNING": "1",
}
"""It sends nothing about its use, and starts workers with this Python."""


def _prepare(own: bool) -> None:
    """Set what Ray reads when it is imported."""
    os.environ.update(QUIET)
    os.environ.pop("RAY_ADDRESS", None)  # it has been read
    if own:
        os.environ.update(PRIVATE)


_begun: dict[str, Any] = orjson.loads(sys.stdin.buffer.readline()) if __name__ == "__main__" else {}
_prepare(not _begun.get("address"))

import ray  # noqa: E402 (after what it reads from the environment)

from gan_tui.sweep import alike  # noqa: E402
from gan_tui.sweep.engines.ray_worker import RETRIES, Lost, RayWorker  # noqa: E402
from gan_tui.system.answering import own_answers  # noqa: E402
from gan_tui.system.machine import TENSORFLOW_BYTES  # noqa: E402

WORD_SECONDS = 0.5
"""From one look at a worker to the next."""
SLOW_SECONDS = 15.0
"""Without an answer, after which that is told."""
STORE_BYTES = 100_000_000
"""For objects that processes share; jobs and results are a line each."""
Say = Callable[..., None]
LOST = "its worker is lost, and Ray starts another"
SILENT = f"its worker has said nothing for {SLOW_SECONDS:.0f} s; Ray starts another where it finds that it is gone"
DIED = "its training process has died, and Ray has another started"
NEEDS_TOKEN = (
    "the cluster asks for its token; set RAY_AUTH_MODE=token, and put the token that it was started with "
    "into RAY_AUTH_TOKEN or ~/.ray/auth_token"
)
NO_ROOM = "Ray has no room yet for a worker: each takes a core and 1 GB of memory"


def connect(address: str | None, folder: str, most: int) -> None:
    """To the cluster at an address, or to one of our own, with its files in a folder. Raises what Ray raises."""
    quiet: dict[str, Any] = {"log_to_driver": False, "configure_logging": False, "logging_level": "ERROR"}
    if address:
        ray.init(address, **quiet)
        return
    own: dict[str, Any] = {"num_cpus": most, "include_dashboard": False, "object_store_memory": STORE_BYTES}
    ray.init("local", **own, **quiet, _temp_dir=folder)


def room() -> int:
    """How many workers the machines have room for where nobody else uses them: a core each, and memory."""
    alive = (node["Resources"] for node in ray.nodes() if node["Alive"])
    return int(sum(min(each.get("CPU", 0), each.get("memory", 0) // TENSORFLOW_BYTES) for each in alive))


class Behind:
    """A worker of the pool, behind Ray."""

    def __init__(self, number: int, sweep: str, say: Say) -> None:
        self._number, self._sweep, self._say = number, sweep, say
        self._actor = self._new_actor()
        self._jobs: asyncio.Queue[bytes] = asyncio.Queue()
        self._host, self._losses, self._is_silent = "", 0, False
        self._call: asyncio.Task[dict[str, Any]] | None = None
        self._tasks = [asyncio.create_task(self._work()), asyncio.create_task(self._watch())]

    def _new_actor(self) -> Any:
        how = {"num_cpus": 1, "memory": TENSORFLOW_BYTES, "scheduling_strategy": "SPREAD", "max_restarts": -1}
        actor = ray.remote(**how, concurrency_groups={"words": 1})(RayWorker)
        return actor.remote(self._sweep, alike.versions())

    def give(self, job: bytes) -> None:
        self._jobs.put_nowait(job)

    def end(self) -> None:
        """Ray ends its process, and that the one that trains."""
        for task in self._tasks:
            task.cancel()
        ray.kill(self._actor)

    async def _work(self) -> None:
        try:
            ready = await self._asked(self._actor.ready)
        except ray.exceptions.RayError as error:
            self._say(refused=f"Ray cannot start a worker: {last_line(error)}")
            return
        self._told(**ready, **({"over": True} if "died" in ready else {}))
        while True:
            job = await self._jobs.get()
            self._losses = 0
            self._call = asyncio.create_task(self._asked(self._actor.train, job))
            await asyncio.wait([self._call])
            try:
                self._told(**self._call.result())
            except asyncio.CancelledError:  # by _lose
                self._begin_anew()
                self._told(failed=f"Ray has lost its worker {RETRIES + 1} times with it")
            except ray.exceptions.RayError as error:
                self._begin_anew()
                self._told(failed=last_line(error))

    def _begin_anew(self) -> None:
        ray.kill(self._actor)
        self._actor = self._new_actor()

    async def _asked(self, method: Any, *given: bytes) -> dict[str, Any]:
        """Its answer; Ray asks anew whoever it starts instead of one that is lost. Raises RayError."""
        answer = await method.options(max_task_retries=-1, retry_exceptions=[Lost]).remote(*given)
        words: dict[str, Any] = orjson.loads(answer)
        print(words.pop("printed"), end="", flush=True)
        if "refused" in words:
            self._say(refused=f"{words['host']}: {words['refused']}")
        return words

    def _lose(self) -> None:
        """Tell that it is lost; that with which it was too often is given up: it may be what takes all memory."""
        is_lost = bool(self._host) and not self._is_silent
        self._told(says=LOST if is_lost else SILENT if self._host else NO_ROOM, again=is_lost, host=self._host)
        self._losses += is_lost
        if self._losses > RETRIES and self._call:
            self._call.cancel()

    async def _watch(self) -> None:
        """Look at it now and then, and tell when it dies, is silent, and is there again."""
        epoch = deaths = 0
        is_lost = False
        while True:
            now = await self._now()
            if now is None:
                if not is_lost:
                    self._lose()
                is_lost, deaths = True, 0
            else:
                if now["deaths"] > deaths:
                    self._told(says=DIED, again=True, host=now["host"])
                is_lost, deaths, self._host = False, now["deaths"], now["host"]
                if now["epoch"] != epoch:
                    epoch = now["epoch"]
                    self._told(epoch=epoch)
            await asyncio.sleep(WORD_SECONDS)

    async def _now(self) -> dict[str, Any] | None:
        """What it says; None where it does not."""
        ask = self._actor.now.options(concurrency_group="words", max_task_retries=0)
        done, silent = await asyncio.wait([asyncio.wrap_future(ask.remote().future())], timeout=SLOW_SECONDS)
        self._is_silent = bool(silent)
        try:
            return next((dict(orjson.loads(each.result())) for each in done), None)
        except ray.exceptions.RayError:
            return None

    def _told(self, **words: object) -> None:
        self._say(worker=self._number, **words)


def last_line(error: BaseException) -> str:
    """The end of what Ray says, which is long."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1][:300] if lines else type(error).__name__


async def serve(sweep: str, say: Say) -> None:
    """Do what orders say until they end."""
    orders = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    workers: dict[int, Behind] = {}
    while line := await orders.readline():
        order = orjson.loads(line)
        number = order["worker"]
        if "job" in order:
            workers[number].give(orjson.dumps(order["job"]))
        elif "end" in order:
            workers.pop(number).end()
        else:
            workers[number] = Behind(number, sweep, say)
    for each in workers.values():
        each.end()


def main() -> None:
    descriptor = own_answers()

    def say(**words: object) -> None:
        line = orjson.dumps(words) + b"\n"
        while line:
            line = line[os.write(descriptor, line) :]

    try:
        connect(_begun["address"], _begun["folder"], _begun["most"])
        say(count=room())
    except Exception as error:  # noqa: BLE001 (whatever Ray raises)
        traceback.print_exc()
        asks = any("InvalidAuthToken" in line for line in traceback.format_exception(error))
        say(refused=NEEDS_TOKEN if asks else last_line(error))
        return
    try:
        asyncio.run(serve(_begun["sweep"], say))
    finally:
        ray.shutdown()
        shutil.rmtree(_begun["folder"], ignore_errors=True)  # whoever has begun this may have been killed


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        os._exit(0)  # nobody listens any more
