"""How a group breaks, in words: which worker is lost, how, and what to do."""

import re
from collections.abc import Mapping

from gan_tui.errors import UserError
from gan_tui.system import listening
from gan_tui.system.cluster import HERE, Cluster
from gan_tui.system.listening import worker_words
from gan_tui.text import harmless

_OF_TASKS = re.compile(r"/job:(?:worker|chief)/(?:replica:\d+/)?task:(\d+)")
_OF_GROUPS = (
    "Collective ops is aborted", "CoordinationService", "oordination service", "CollectiveReduce", "CollectiveBcast",
    "CollectiveGather",
)  # fmt: skip
"""What TensorFlow says where it is the group that broke, and not this worker's own step."""
_FROZEN = ("stopped sending heartbeats", "Heartbeat")
_MOST_NAMED = 3
GROUP = "group"
"""The kind of alerts that are about one."""


class GroupBroken(Exception):  # noqa: N818 (it says what is so)
    """The group is no more, in a sentence without its full stop. Trying again may help."""

    def __init__(self, reason: str, advice: str, step: int) -> None:
        """`advice` is a sentence; the training had come to that step."""
        super().__init__(reason)
        self.advice, self.step = advice, step


def is_of_group(error: BaseException, own: int) -> bool:
    """Whether an error tells that others are lost; `own` is our number.

    In a group, TensorFlow calls our own devices by our task: what it says of that alone is of our own step.
    """
    words = str(error)
    if isinstance(error, UserError):
        return False
    return any(word in words for word in _OF_GROUPS) or bool(_named(words) - {own})


def _named(words: str) -> set[int]:
    """The workers that TensorFlow names."""
    return {int(number) for number in _OF_TASKS.findall(words)}


def reason(error: BaseException, cluster: Cluster, ended: Mapping[int, str]) -> str:
    """Who is lost, and how; `ended` are those that are known to have ended, and how."""
    return in_words(error, cluster, lost_of(error, cluster, ended))


def lost_of(error: BaseException, cluster: Cluster, ended: Mapping[int, str]) -> dict[int, str]:
    """Number of a worker → how it was lost."""
    return dict(ended) or _lost(str(error), cluster)


def in_words(error: BaseException, cluster: Cluster, lost: Mapping[int, str]) -> str:
    """A sentence without its full stop."""
    if not lost:
        return f"The group broke: {harmless(_telling(str(error)), 200)}"
    who = [f"{worker_words(index, cluster.workers[index])} {how}" for index, how in sorted(lost.items())]
    more = f" and {len(who) - _MOST_NAMED} more are lost" if len(who) > _MOST_NAMED else ""
    return f"The group broke: {', '.join(who[:_MOST_NAMED])}{more}"


def _lost(words: str, cluster: Cluster) -> dict[int, str]:
    """Whom TensorFlow names, and who is not at its address any more."""
    named = _named(words) - {cluster.index}
    others = [index for index in range(len(cluster.workers)) if index != cluster.index]
    troubles = listening.troubles(cluster.workers[index] for index in others)
    found = {index: troubles.get(cluster.workers[index], "") for index in others}
    return {index: _how(found[index], words) for index in others if index in named or found[index]}


def _how(found: str, words: str) -> str:
    if found == listening.SILENT or (not found and any(word in words for word in _FROZEN)):
        return "stopped answering: it is frozen, or the network between is cut"
    return "was lost: its process has ended, or its machine" if found else "was lost"


def _telling(words: str) -> str:
    """The line of TensorFlow's own that tells most."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    return next((line for line in lines if "aborted by" in line), lines[-1] if lines else "it is not known why")


def way_on(cluster: Cluster, word: str) -> str:
    """What to do, as a sentence; `word` names the run in a shell."""
    if cluster.source == HERE:
        return f"gan-tui resume {word} goes on from the newest checkpoint; train --restarts 3 does so by itself."
    return (
        f"To go on from the newest checkpoint, start the workers again: here with gan-tui resume {word} --plain, the "
        "others with the same command as before."
    )
