"""What is told of a group's workers as events: who trains and what it uses, who has not come, who is lost."""

from collections.abc import Iterable, Mapping
from typing import Any

from gan_tui.run.events import Group
from gan_tui.run.group import LOADING, LOST, MISSING, WAITING
from gan_tui.system.cluster import HERE, Cluster, parted
from gan_tui.text import harmless

_SECONDS, _AT_ONCE = 10.0, 8


def seconds_between(workers: int) -> float:
    """From one time that all tell what they use to the next: longer for many, whose logs would grow fast."""
    return _SECONDS * max(1.0, workers / _AT_ONCE)


def training(cluster: Cluster, rows: Iterable[Mapping[str, Any]]) -> Group:
    """All of them, by the rows that `usage` makes of what they have told."""
    return Group([{**row, "address": harmless(cluster.workers[row["worker"]], 80)} for row in rows])


def waiting(cluster: Cluster, missing: Mapping[int, str]) -> Group:
    """Those who are there, and those who are not, and why; who was started by gan-tui itself only loads yet."""
    count, absent = range(len(cluster.workers)), LOADING if cluster.source == HERE else MISSING
    states = {index: absent if index in missing else WAITING for index in count}
    missing = {} if cluster.source == HERE else missing
    return Group([_row(cluster, index, states[index], missing.get(index, "")) for index in count])


def lost(cluster: Cluster, gone: Mapping[int, str]) -> Group:
    """Those who are lost, and how."""
    return Group([_row(cluster, index, LOST, how) for index, how in sorted(gone.items())])


def _row(cluster: Cluster, index: int, state: str, reason: str) -> dict[str, Any]:
    address = cluster.workers[index]
    host = harmless(parted(address)[0], 60)
    return {"worker": index, "host": host, "address": harmless(address, 80), "state": state, "reason": reason}
