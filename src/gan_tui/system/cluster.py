"""Which workers train one run together, as the environment says: TF_CONFIG as it is given, or what SLURM tells each
task of a step.

TensorFlow's own resolver for SLURM fails on nodes without GPUs, and sorts `node[10,2]`, though tasks are numbered in
SLURM's order; so the few words of a step are read here, and checked against where this task says it is.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import cycle, product
from typing import Any

from gan_tui.errors import UserError
from gan_tui.text import harmless, nearest

TF_CONFIG, SLURM, HERE = "TF_CONFIG", "SLURM", "--workers"
"""Who has said so; HERE: gan-tui itself has started the others."""
MOST_WORKERS = 1024
FIRST_PORT, SLOTS, PORTS_EACH, STEPS_EACH = 20000, 170, 64, 7
"""Steps of SLURM's jobs have ports in turn, below those from which connections are made: (PORTS_EACH + MOST_WORKERS do
not reach beyond 32768). Each task has its own, as nodes may be parts of one machine, and TensorFlow listens on all of
its addresses."""


@dataclass(frozen=True)
class Cluster:
    """The workers of a group, and which of them this process is."""

    workers: tuple[str, ...]
    """Their addresses, host:port, by number."""
    index: int
    source: str
    """TF_CONFIG, SLURM or HERE."""

    def as_tf_config(self) -> str:
        """The same for TensorFlow, and for `cluster_of`: all are workers, the chief the first of them."""
        task = {"type": "worker", "index": self.index}
        return json.dumps({"cluster": {"worker": list(self.workers)}, "task": task})


def cluster_of(environ: Mapping[str, str]) -> Cluster | None:
    """None where nobody has started a group. Raises UserError where what is said makes none."""
    if words := environ.get("TF_CONFIG", "").strip():
        return _of_tf_config(words)
    if environ.get("SLURM_STEP_NUM_TASKS", "1") not in ("", "0", "1"):
        return _of_slurm(environ)
    return None


def parted(address: str) -> tuple[str, int]:
    """The host and the port of a worker's address; [::1]:2222 is of IPv6. Raises UserError."""
    host, colon, port = address.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    if not colon or not host or not re.fullmatch("[0-9]{1,5}", port) or not 0 < int(port) < 1 << 16:
        raise _refused(f'the address "{harmless(address, 60)}" is not HOST:PORT')
    return host, int(port)


def _refused(what: str) -> UserError:
    example = '{"cluster": {"worker": ["box1:2222", "box2:2222"]}, "task": {"type": "worker", "index": 0}}'
    return UserError(f"TF_CONFIG names no group of workers: {what}; it looks like {example}.")


# TF_CONFIG ----------------------------------------------------------

_ALONE = {"ps": "parameter servers", "evaluator": "evaluators"}
"""What TensorFlow knows besides, and all workers of a MultiWorkerMirroredStrategy do without."""
_GROUP = ("cluster", "task")
_BESIDE = (
    "environment", "rpc_layer", "job", "master", "session_master", "eval_session_master", "service", "model_dir",
)  # fmt: skip
"""What TensorFlow and those who start it write beside, which says nothing of who trains together."""


def _of_tf_config(words: str) -> Cluster | None:
    document = _document(words)
    cluster, task = document.get("cluster", {}), document.get("task", {})
    if not isinstance(cluster, dict) or not isinstance(task, dict):
        raise _refused('"cluster" and "task" are tables')
    kind, number = task.get("type", "worker"), _number(task.get("index", 0))
    for name in (*cluster, kind):
        if name in _ALONE:
            raise _refused(f'it has "{name}", and gan-tui trains without {_ALONE[name]}: leave it out')
        if name not in ("chief", "worker", "master"):
            raise _refused(f'"{harmless(str(name), 40)}" is neither "chief" nor "worker"')
    first = [*_addresses(cluster, "chief"), *_addresses(cluster, "master")]
    others = _addresses(cluster, "worker")
    if len(first) > 1:
        raise _refused("it has more than one chief")
    workers = (*first, *others)
    if len(workers) < 2 and number == 0:
        return None  # a group of one is none, as TensorFlow has it, too
    if "index" not in task and kind == "worker":
        raise _refused(f'its "task" has no "index", which says which of the {len(workers)} workers this is')
    index = number + (len(first) if kind == "worker" else 0)
    if index >= len(workers) or (kind != "worker" and (number or not first)):
        raise _refused(f'it has {len(workers)} workers, and the task "{kind}" {number} is none of them')
    return _checked(Cluster(workers, index, TF_CONFIG))


def _number(number: Any) -> int:
    """Of a task."""
    if isinstance(number, str) and re.fullmatch("[0-9]{1,6}", number):  # what a shell has put in
        return int(number)
    if isinstance(number, bool) or not isinstance(number, int) or number < 0:
        raise _refused(f'the "index" of the task is a number from 0 on, not {harmless(json.dumps(number), 40)}')
    return number


def _document(words: str) -> dict[str, Any]:
    try:
        document = json.loads(words)
    except (ValueError, RecursionError) as error:
        raise _refused(f"it is no JSON ({harmless(str(error), 60)})") from None
    if not isinstance(document, dict):
        raise _refused("it is no table")
    for name in document:
        if name not in (*_GROUP, *_BESIDE):  # a slip: whoever has made it would train alone
            raise _refused(f'it has "{harmless(name, 40)}", {nearest(name, _GROUP)}')
    return document


def _addresses(cluster: Mapping[str, Any], name: str) -> list[str]:
    listed = cluster.get(name, [])
    if not isinstance(listed, list) or not all(isinstance(address, str) for address in listed):
        raise _refused(f'"{name}" is a list of addresses')
    return listed


def _checked(cluster: Cluster) -> Cluster:
    if len(cluster.workers) > MOST_WORKERS:
        raise _refused(f"it has {len(cluster.workers):,} workers, more than {MOST_WORKERS:,}")
    for address in cluster.workers:
        parted(address)
    if len(set(cluster.workers)) < len(cluster.workers):
        twice = next(address for address in cluster.workers if cluster.workers.count(address) > 1)
        raise _refused(f"{harmless(twice, 60)} is there twice")
    return cluster


# SLURM ----------------------------------------------------------


def _of_slurm(environ: Mapping[str, str]) -> Cluster:
    """A step's tasks, each on its node at a port of its own, by the numbers of job, step and task."""
    try:
        count, index = int(environ["SLURM_STEP_NUM_TASKS"]), int(environ["SLURM_PROCID"])
        job, step = int(environ["SLURM_JOB_ID"]), int(environ.get("SLURM_STEP_ID", "0"))
        nodes = list(host_names(environ["SLURM_STEP_NODELIST"]))
        each = list(_tasks_per_node(environ["SLURM_STEP_TASKS_PER_NODE"]))
        tasks = _tasks(nodes, each, environ.get("SLURM_DISTRIBUTION", "block"))
        if len(tasks) != count or not 0 <= index < count <= MOST_WORKERS:
            raise ValueError(f"it speaks of {count} tasks, and lists {len(tasks)}")
        _check_place(environ, tasks[index])
    except KeyError as error:
        raise _not_read(f"{error.args[0]} is not set") from None
    except ValueError as error:
        raise _not_read(harmless(str(error), 120)) from None
    first = FIRST_PORT + (job * STEPS_EACH + step) % SLOTS * PORTS_EACH
    return Cluster(tuple(f"{node}:{first + number}" for number, (node, _) in enumerate(tasks)), index, SLURM)


def _not_read(what: str) -> UserError:
    return UserError(
        f"SLURM's variables do not say who trains together: {what}; set TF_CONFIG yourself, or start one task (srun "
        "-n1)."
    )


def _tasks(nodes: list[str], each: list[int], distribution: str) -> list[tuple[str, int]]:
    """(node, place on it) of each task in the order of their numbers."""
    if len(nodes) != len(each):
        raise ValueError(f"it has {len(nodes)} nodes, and tells how many tasks {len(each)} have")
    across = distribution.split(":")[0].split(",")[0]
    if across in ("", "block", "*"):
        return [(node, place) for node, count in zip(nodes, each, strict=True) for place in range(count)]
    if across != "cyclic":
        raise ValueError(f"tasks are placed by --distribution={across}, and only block and cyclic are understood")
    tasks: list[tuple[str, int]] = []
    placed = dict.fromkeys(nodes, 0)
    most = dict(zip(nodes, each, strict=True))
    for node in cycle(nodes):
        if len(tasks) == sum(each):
            break
        if placed[node] < most[node]:
            tasks.append((node, placed[node]))
            placed[node] += 1
    return tasks


def _check_place(environ: Mapping[str, str], computed: tuple[str, int]) -> None:
    """Where this task is, as SLURM says itself: an order of tasks that is not understood is found so."""
    node, place = environ.get("SLURMD_NODENAME", computed[0]), int(environ.get("SLURM_LOCALID", computed[1]))
    if (node, place) != computed:
        raise ValueError(f"this task would be place {computed[1]} of {computed[0]}, and is place {place} of {node}")


def _tasks_per_node(words: str) -> Iterator[int]:
    """How many tasks each node has: "2(x3),1" are 2, 2, 2 and 1."""
    for word in words.split(","):
        found = re.fullmatch(r"(\d{1,6})(?:\(x(\d{1,6})\))?", word.strip())
        if found is None or int(found[2] or 1) > MOST_WORKERS:
            raise ValueError(f'"{harmless(word, 40)}" is no number of tasks')
        yield from [int(found[1])] * int(found[2] or 1)


def host_names(words: str) -> Iterator[str]:
    """The names of a list of SLURM's, in its order: "n[1-2,10],m" are n1, n2, n10 and m."""
    count = 0
    for word in re.findall(r"(?:[^,\[\]]|\[[^\[\]]*\])+", words):
        parts = re.split(r"\[([^\[\]]*)\]", word)
        choices = [list(_numbers(part)) if place % 2 else [part] for place, part in enumerate(parts)]
        for name in product(*choices):
            count += 1
            if count > MOST_WORKERS:
                raise ValueError(f"it lists more than {MOST_WORKERS:,} nodes")
            yield "".join(name)
    if not count or words.count("[") != words.count("]"):
        raise ValueError(f'"{harmless(words, 60)}" is no list of nodes')


def _numbers(words: str) -> Iterator[str]:
    """The numbers in brackets, as wide as they are written: "08-10,3" are 08, 09, 10 and 3."""
    for word in words.split(","):
        found = re.fullmatch(r"(\d{1,9})(?:-(\d{1,9}))?", word)
        if found is None or int(found[2] or found[1]) - int(found[1]) > MOST_WORKERS:
            raise ValueError(f'"{harmless(word, 40)}" is no range of nodes')
        for number in range(int(found[1]), int(found[2] or found[1]) + 1):
            yield str(number).zfill(len(found[1]))
