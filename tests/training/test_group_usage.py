"""What workers tell of themselves, as numbers, comes to rows of the event `group`."""

import os
import platform

import numpy as np
import pytest

from gan_tui.system.cluster import HERE, TF_CONFIG, Cluster
from gan_tui.training.group.told import seconds_between, waiting
from gan_tui.training.group.usage import Usage, rows


def test_the_log_of_a_large_group_grows_no_faster_than_that_of_eight() -> None:
    assert [seconds_between(count) for count in (2, 8, 64, 1024)] == [10, 10, 80, 1280]


def test_rows_say_what_the_workers_told() -> None:
    told = [Usage(["CPU: 2 cores"]).numbers(), Usage(["GPU: H200", "GPU: H200"]).numbers()]
    first, second = rows(np.array(told), reducing=1.25)
    assert first["worker"] == 0 and second["worker"] == 1
    assert (first["host"], first["pid"], first["state"]) == (platform.node()[:48], os.getpid(), "training")
    assert first["devices"] == ["CPU: 2 cores"] and second["devices"] == ["GPU: H200", "GPU: H200"]
    assert first["memory"] > 1 << 20 and isinstance(first["memory"], int) and first["cpu"] >= 0
    assert "gpu" not in first, "nothing is known of a GPU"
    assert first["reducing"] == 1.0
    assert "reducing" not in rows(np.array(told), reducing=None)[0]


@pytest.mark.parametrize(("source", "state", "reason"), [(HERE, "loading", ""), (TF_CONFIG, "missing", "is not there")])
def test_only_who_somebody_else_is_to_start_is_missing(source: str, state: str, reason: str) -> None:
    two = Cluster(("127.0.0.1:1", "127.0.0.1:2"), 0, source)
    rows = waiting(two, {1: "is not there"}).workers
    assert [(row["state"], row["reason"]) for row in rows] == [("waiting", ""), (state, reason)]
    assert [row["state"] for row in waiting(two, {}).workers] == ["waiting", "waiting"]
