"""Who trains together, as the environment says."""

import json

import pytest

from gan_tui.errors import UserError
from gan_tui.system.cluster import Cluster, cluster_of, host_names, parted

TWO = {"worker": ["box1:2222", "box2:2222"]}
STEP = {
    "SLURM_STEP_NUM_TASKS": "3",
    "SLURM_PROCID": "2",
    "SLURM_JOB_ID": "7",
    "SLURM_STEP_ID": "0",
    "SLURM_STEP_NODELIST": "node[10,2]",
    "SLURM_STEP_TASKS_PER_NODE": "2,1",
    "SLURMD_NODENAME": "node2",
    "SLURM_LOCALID": "0",
}
"""The third of three tasks; node10 was named first, so its tasks have the first numbers."""


def told(cluster: object, kind: object = "worker", index: object = 0) -> dict[str, str]:
    return {"TF_CONFIG": json.dumps({"cluster": cluster, "task": {"type": kind, "index": index}})}


def whole(**document: object) -> dict[str, str]:
    return {"TF_CONFIG": json.dumps(document)}


def test_nobody_has_started_a_group() -> None:
    for environ in ({}, {"TF_CONFIG": " "}, {"SLURM_JOB_ID": "3"}, {"SLURM_STEP_NUM_TASKS": "1"}, told({})):
        assert cluster_of(environ) is None
    assert cluster_of(told({"worker": ["box1:2222"]})) is None
    assert cluster_of(told({"chief": ["box1:2222"]}, "chief")) is None


def test_tf_config_as_it_is_given() -> None:
    assert cluster_of(told(TWO, index=1)) == Cluster(("box1:2222", "box2:2222"), 1, "TF_CONFIG")
    assert cluster_of(told(TWO, index="1")) == Cluster(("box1:2222", "box2:2222"), 1, "TF_CONFIG")


def test_what_others_write_beside_the_group_is_left_to_them() -> None:
    task = {"type": "worker", "index": 1, "trial": "7"}
    more = {"environment": "cloud", "rpc_layer": "grpc", "job": {"scale_tier": "CUSTOM"}, "model_dir": "m"}
    cluster = cluster_of(whole(cluster=TWO, task=task, **more))
    assert cluster and cluster.index == 1
    for alone in ({}, more, {"cluster": {"worker": ["a:1"]}}, {"cluster": {"chief": ["a:1"]}, **more}):
        assert cluster_of(whole(**alone)) is None


def test_the_only_chief_needs_no_number() -> None:
    cluster = cluster_of(whole(cluster={"chief": ["boss:1"], "worker": ["box:2"]}, task={"type": "chief"}))
    assert cluster and cluster.index == 0


def test_the_chief_is_worker_0() -> None:
    with_chief = {"chief": ["boss:1"], "worker": ["box:2"]}
    assert cluster_of(told(with_chief, "chief")) == Cluster(("boss:1", "box:2"), 0, "TF_CONFIG")
    assert cluster_of(told(with_chief, "worker", 0)) == Cluster(("boss:1", "box:2"), 1, "TF_CONFIG")


def test_what_is_handed_on_is_read_as_the_same() -> None:
    cluster = Cluster(("[::1]:7", "box:2"), 1, "TF_CONFIG")
    assert cluster_of({"TF_CONFIG": cluster.as_tf_config()}) == cluster


@pytest.mark.parametrize(
    ("environ", "word"),
    [
        (told({**TWO, "ps": ["box3:1"]}), "parameter servers"),
        (told(TWO, "evaluator"), "evaluators"),
        (told(TWO, "boss"), '"boss"'),
        (told({**TWO, "\x1b[31m": []}), "neither"),
        (told(TWO, index=2), "none of them"),
        (told(TWO, index=-1), "from 0 on"),
        (told(TWO, index=True), "from 0 on"),
        (told(TWO, index=None), "from 0 on"),
        (told(TWO, "chief"), "none of them"),
        (told({"chief": ["a:1", "b:1"], "worker": ["c:1"]}), "more than one chief"),
        (told({"worker": "box1:2222"}), "list of addresses"),
        (told({"worker": ["box1", "box2:1"]}), "HOST:PORT"),
        (told({"worker": ["box1:0", "box2:1"]}), "HOST:PORT"),
        (told({"worker": ["box1:1", "box1:1"]}), "twice"),
        (told({"worker": [f"b:{port + 1}" for port in range(1025)]}), "more than 1,024"),
        (told([]), "tables"),
        ({"TF_CONFIG": "[]"}, "no table"),
        (whole(clusters=TWO, task={"index": 1}), 'it has "clusters", did you mean "cluster"?'),
        (whole(cluster=TWO, tasks={"index": 1}), 'it has "tasks", did you mean "task"?'),
        (whole(cluster=TWO, task={"index": 1}, x=1), 'it has "x"'),
        (whole(cluster=TWO), 'no "index"'),
        (whole(cluster=TWO, task={"type": "worker"}), 'no "index"'),
        (whole(cluster=TWO, task={"type": "worker", "indx": 1}), 'no "index"'),
        ({"TF_CONFIG": "{"}, "no JSON"),
        ({"TF_CONFIG": "[" * 100_000}, "no JSON"),
    ],
)
def test_what_makes_no_group_is_refused(environ: dict[str, str], word: str) -> None:
    with pytest.raises(UserError, match="TF_CONFIG names no group") as refused:
        cluster_of(environ)
    assert word in str(refused.value) and "\x1b" not in str(refused.value)
    assert '"worker": ["box1:2222", "box2:2222"]' in str(refused.value)


def test_an_address_has_two_parts() -> None:
    assert parted("box:22") == ("box", 22)
    assert parted("[fe80::1]:22") == ("fe80::1", 22)


def test_slurm_tells_each_task_of_a_step() -> None:
    first = 20000 + 7 * 7 * 64
    workers = (f"node10:{first}", f"node10:{first + 1}", f"node2:{first + 2}")
    assert cluster_of(STEP) == Cluster(workers, 2, "SLURM")


def test_tasks_dealt_out_in_turn() -> None:
    first = 20000 + 7 * 7 * 64
    dealt = {**STEP, "SLURM_DISTRIBUTION": "cyclic", "SLURMD_NODENAME": "node10", "SLURM_LOCALID": "1"}
    cluster = cluster_of(dealt)
    assert cluster and cluster.workers == (f"node10:{first}", f"node2:{first + 1}", f"node10:{first + 2}")


def test_tf_config_outranks_slurm() -> None:
    cluster = cluster_of({**STEP, **told(TWO)})
    assert cluster and cluster.source == "TF_CONFIG"


def test_ports_of_any_job_are_below_those_of_connections() -> None:
    for job in range(0, 10_000_000, 9_973):
        cluster = cluster_of({**STEP, "SLURM_JOB_ID": str(job)})
        assert cluster and all(20000 <= parted(address)[1] <= 32768 - 1024 for address in cluster.workers)


def test_steps_and_jobs_beside_each_other_share_no_port() -> None:
    told = [cluster_of({**STEP, "SLURM_JOB_ID": job, "SLURM_STEP_ID": step}) for job in "789" for step in "01"]
    ports = [parted(address)[1] for cluster in told if cluster for address in cluster.workers]
    assert len(set(ports)) == len(ports) == 18


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"SLURM_PROCID": "x"}, "invalid literal"),
        ({"SLURM_PROCID": "3"}, "3 tasks"),
        ({"SLURM_STEP_TASKS_PER_NODE": "2(x2)"}, "lists 4"),
        ({"SLURM_STEP_TASKS_PER_NODE": "3"}, "2 nodes"),
        ({"SLURM_STEP_TASKS_PER_NODE": "2(x99999999)"}, "no number"),
        ({"SLURM_STEP_NODELIST": "node[1-999999999]"}, "no range"),
        ({"SLURM_STEP_NODELIST": "node[1"}, "no list of nodes"),
        ({"SLURM_DISTRIBUTION": "plane=2"}, "plane=2"),
        ({"SLURMD_NODENAME": "node10"}, "place 0 of node10"),
    ],
)
def test_what_slurm_does_not_say_clearly_is_refused(change: dict[str, str], word: str) -> None:
    with pytest.raises(UserError, match="set TF_CONFIG yourself") as refused:
        cluster_of({**STEP, **change})
    assert word in str(refused.value)


def test_a_variable_that_slurm_has_not_set_is_named() -> None:
    with pytest.raises(UserError, match="SLURM_JOB_ID is not set"):
        cluster_of({name: value for name, value in STEP.items() if name != "SLURM_JOB_ID"})


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("n1", "n1"),
        ("n[2,10]", "n2 n10"),
        ("n[10,2]", "n10 n2"),
        ("n[08-11],m", "n08 n09 n10 n11 m"),
        ("r[1-2]n[1-2],x-y.z", "r1n1 r1n2 r2n1 r2n2 x-y.z"),
    ],
)
def test_names_in_slurms_own_order(words: str, names: str) -> None:
    assert list(host_names(words)) == names.split()
