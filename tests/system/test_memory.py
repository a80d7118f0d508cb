"""How often the system killed a process for its memory, read from small trees like the kernel's."""

from pathlib import Path

import pytest

from files import tree
from gan_tui.system.memory import memory_kills

MACHINE = {"proc/vmstat": "pgfault 5\noom_kill 9\n"}
GROUP = {"proc/self/cgroup": "0::/user.slice/job.scope\n"}
OLD_GROUP = {"proc/self/cgroup": "5:cpu,cpuacct:/job\n4:memory:/job\n0::/job\n"}
CONTAINER = {"proc/self/cgroup": "0::/../../host/path\n"}


@pytest.mark.parametrize(
    ("files", "kills"),
    [
        ({}, None),
        (MACHINE, 9),
        (GROUP | MACHINE, 9),
        (GROUP | MACHINE | {"sys/fs/cgroup/user.slice/job.scope/memory.events": "oom 1\noom_kill 2\n"}, 2),
        (GROUP | MACHINE | {"sys/fs/cgroup/unified/user.slice/job.scope/memory.events": "oom_kill 3\n"}, 3),
        (CONTAINER | MACHINE | {"sys/fs/cgroup/memory.events": "oom_kill 4\n"}, 4),
        (OLD_GROUP | MACHINE | {"sys/fs/cgroup/memory/job/memory.oom_control": "under_oom 0\noom_kill 5\n"}, 5),
        (OLD_GROUP | MACHINE | {"sys/fs/cgroup/memory/memory.oom_control": "oom_kill 6\n"}, 6),
    ],
)
def test_kills_are_counted_where_ours_are(files: dict[str, str], kills: int | None, tmp_path: Path) -> None:
    assert memory_kills(tree(tmp_path, files)) == kills
