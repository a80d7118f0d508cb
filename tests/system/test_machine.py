"""What control groups allow, read from small trees like the kernel's."""

import os
from pathlib import Path

import pytest

from files import tree
from gan_tui.system import machine


def test_without_control_groups_all_memory_is_there(tmp_path: Path) -> None:
    assert machine.memory(tmp_path) == machine.physical_memory()
    assert machine.memory_limit(tmp_path) is None and machine.processors_limit(tmp_path) is None


def test_the_lowest_limit_of_a_group_and_those_around_it_counts(tmp_path: Path) -> None:
    root = tree(
        tmp_path,
        {
            "proc/self/cgroup": "0::/user.slice/job.scope\n",
            "sys/fs/cgroup/user.slice/memory.max": "700000000\n",
            "sys/fs/cgroup/user.slice/job.scope/memory.max": "max\n",
            "sys/fs/cgroup/user.slice/cpu.max": "150000 100000\n",
            "sys/fs/cgroup/user.slice/job.scope/cpu.max": "max 100000\n",
        },
    )
    assert machine.memory(root) == machine.memory_limit(root) == 700_000_000
    assert machine.processors_limit(root) == 1.5


def test_a_container_that_sees_only_its_own_group_finds_its_limit(tmp_path: Path) -> None:
    root = tree(tmp_path, {"proc/self/cgroup": "0::/../../host/path\n", "sys/fs/cgroup/memory.max": "512000000\n"})
    assert machine.memory_limit(root) == 512_000_000


def test_the_first_version_of_control_groups_is_understood(tmp_path: Path) -> None:
    root = tree(
        tmp_path,
        {
            "proc/self/cgroup": "5:cpu,cpuacct:/job\n4:memory:/job\n",
            "sys/fs/cgroup/memory/job/memory.limit_in_bytes": "2000000000\n",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
            "sys/fs/cgroup/cpu/job/cpu.cfs_quota_us": "50000\n",
            "sys/fs/cgroup/cpu/job/cpu.cfs_period_us": "100000\n",
            "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
            "sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
        },
    )
    assert machine.memory_limit(root) == 2_000_000_000
    assert machine.processors_limit(root) == 0.5


def test_processors_are_those_that_may_be_used_of_those_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container with a quota sees all processors of its host, and a task that is bound to some as well."""
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)), raising=False)
    quota = {"proc/self/cgroup": "0::/job\n", "sys/fs/cgroup/job/cpu.max": "150000 100000\n"}
    assert (machine.cores(tmp_path), machine.usable_processors(tmp_path)) == ("64 cores", 64)
    tree(tmp_path, quota)
    assert (machine.cores(tmp_path), machine.usable_processors(tmp_path)) == ("1.5 of 64 cores", 1.5)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {7}, raising=False)
    assert (machine.cores(tmp_path), machine.usable_processors(tmp_path)) == ("1 of 64 cores", 1)


def test_free_is_what_the_kernel_can_give_and_what_a_control_group_leaves(tmp_path: Path) -> None:
    root = tree(tmp_path, {"proc/meminfo": "MemTotal: 9000000 kB\nMemAvailable:  1000000 kB\n"})
    assert machine.free_memory(root) == min(1_024_000_000, machine.physical_memory())
    group = {"memory.max": "700000000\n", "memory.current": "650000000\n"}
    group["memory.stat"] = "anon 600000000\ninactive_file 20000000\n"
    root = tree(
        tmp_path,
        {"proc/self/cgroup": "0::/job\n"} | {f"sys/fs/cgroup/job/{name}": text for name, text in group.items()},
    )
    assert machine.free_memory(root) == 70_000_000


def test_the_processor_is_called_as_the_kernel_calls_it(tmp_path: Path) -> None:
    assert machine.processor(tmp_path) == os.uname().machine, "at least its kind"
    tree(
        tmp_path, {"proc/cpuinfo": "processor\t: 0\nmodel name\t: Fast CPU: 3 GHz\n\nprocessor\t: 1\nmodel name\t: x\n"}
    )
    assert machine.processor(tmp_path) == "Fast CPU: 3 GHz"
