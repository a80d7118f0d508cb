"""Groups of real processes on this machine, for tests: what each worker came to."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from gan_tui.presets import Preset

MEMBER = Path(__file__).with_name("group_member.py")
GROUP_SECONDS = 1800
"""More than any group here needs on a machine that has much else to do."""
Arrays = dict[str, np.ndarray]


def case(
    name: str, preset: Preset, *chunks: int, begins: Path | None = None, others: Preset | None = None, **sets: Any
) -> dict[str, Any]:
    """A preset trained in calls of so many steps, from a worker's arrays where they are named.

    `others`: what all but worker 0 are given for it; `sets`: what is set after the first call.
    """
    documents = [{**each.as_document(), "name": name} for each in (preset, others or preset)]
    given = {"preset": documents[0], "others": documents[1], "chunks": chunks, "set": sets}
    return {"name": name, "begins": str(begins) if begins else None, **given}


def in_chunks(task: Any, case: dict[str, Any]) -> Iterator[np.ndarray]:
    """Rows of each call, after the first of which some things are set."""
    for place, k in enumerate(case["chunks"]):
        yield task.steps.run(k)
        for name, value in (case["set"] if not place else {}).items():
            task.settable()[name].set(value)
            task.share_settings()


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def environments(count: int) -> list[dict[str, str]]:
    """Of each of so many workers on this machine."""
    workers = [f"127.0.0.1:{port}" for port in free_ports(count)]
    tasks = [{"cluster": {"worker": workers}, "task": {"type": "worker", "index": n}} for n in range(count)]
    return [{"TF_CONFIG": json.dumps(task)} for task in tasks]


def train(folder: Path, cases: Sequence[dict[str, Any]], envs: Sequence[dict[str, str]]) -> None:
    """Train cases in one process each of these environments."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cases.json").write_text(json.dumps(cases))
    outs = [(folder / f"out.{n}").open("wb") for n in range(len(envs))]
    members = [
        subprocess.Popen(
            [sys.executable, MEMBER, folder], env={**os.environ, "CUDA_VISIBLE_DEVICES": "-1", **env},
            stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
        )
        for env, out in zip(envs, outs, strict=True)
    ]  # fmt: skip
    try:
        codes = [member.wait(GROUP_SECONDS) for member in members]
    finally:
        for member in members:
            member.kill()
            member.wait()
        for out in outs:
            out.close()
    said = "\n".join((folder / f"out.{n}").read_text(errors="replace")[-3000:] for n in range(len(envs)))
    assert codes == [0] * len(envs), said


def result(folder: Path, name: str, worker: int = 0) -> Arrays:
    """What a worker came to, `rows` and `step` among it."""
    return dict(np.load(folder / f"{name}.{worker}.npz"))


def refused(folder: Path, name: str, worker: int = 0) -> str:
    return (folder / f"{name}.{worker}.txt").read_text()


def apart(one: Arrays, other: Arrays) -> tuple[float, str]:
    """How far the arrays of two trainings are apart at most, and in which array."""
    worst = (0.0, "")
    for name in one.keys() & other.keys():
        a, b = np.asarray(one[name], np.float64), np.asarray(other[name], np.float64)
        worst = max(worst, (float(np.abs(a - b).max(initial=0)), name))
    return worst
