"""How a group breaks, in words: what TensorFlow 2.21 says when a worker is killed or frozen, as it was seen."""

import socket

import pytest

from gan_tui.errors import UserError
from gan_tui.system.cluster import HERE, TF_CONFIG, Cluster
from gan_tui.system.listening import free_ports
from gan_tui.training.group.broken import is_of_group, reason, way_on

KILLED = """Graph execution error:

Detected at node CollectiveReduceV2 defined at (most recent call last):
Collective ops is aborted by: recvmsg:Connection reset by peer
Additional GRPC error information from remote target /job:worker/replica:0/task:1 while calling RecvBuf:
The error could be from a previous operation. Restart your program to reset."""
FROZEN = """Graph execution error:

Collective ops is aborted by: Error reported from /job:worker/task:1: The following tasks are unhealthy (stopped \
sending heartbeats):
/job:worker/replica:0/task:1
The tasks have crashed."""
OWN = (
    "OOM when allocating tensor with shape[512,512] and type float on /job:worker/replica:0/task:0/device:GPU:0 by "
    "allocator GPU_0_bfc",
    "{{function_node __wrapped__ResourceGather_device_/job:worker/replica:0/task:0/device:CPU:0}} indices[3] = 12 is "
    "not in [0, 10)",
)
LEADER_FROZEN = """Graph execution error:

Collective ops is aborted by: Deadline Exceeded

RPC: /tensorflow.CoordinationService/Heartbeat"""


def cluster(index: int = 0, source: str = TF_CONFIG) -> Cluster:
    return Cluster(tuple(f"127.0.0.1:{port}" for port in free_ports(2)), index, source)


def test_a_killed_worker_is_named() -> None:
    of = cluster()
    words = reason(RuntimeError(KILLED), of, {})
    assert words == f"The group broke: worker 1 ({of.workers[1]}) was lost: its process has ended, or its machine"


def test_a_frozen_worker_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        of = Cluster((f"127.0.0.1:{free_ports(1)[0]}", f"127.0.0.1:{frozen.getsockname()[1]}"), 0, TF_CONFIG)
        assert "worker 1 (127.0.0.1:" in (words := reason(RuntimeError(FROZEN), of, {}))
        assert "stopped answering: it is frozen" in words


def test_a_worker_sees_that_the_first_is_lost() -> None:
    of = cluster(1)
    assert f"worker 0 ({of.workers[0]}) was lost" in reason(RuntimeError(LEADER_FROZEN), of, {})


def test_what_is_known_of_a_process_is_said() -> None:
    of = cluster(source=HERE)
    assert reason(RuntimeError(KILLED), of, {1: "was killed (SIGKILL)"}).endswith("was killed (SIGKILL)")


def test_many_are_told_in_few_words() -> None:
    of = Cluster(tuple(f"127.0.0.1:{port}" for port in free_ports(6)), 0, TF_CONFIG)
    assert reason(RuntimeError(KILLED), of, {}).endswith(" and 2 more are lost")


def test_an_error_of_ones_own_is_no_loss() -> None:
    assert is_of_group(RuntimeError(KILLED), 0) and is_of_group(RuntimeError(LEADER_FROZEN), 1)
    assert not is_of_group(ValueError("a layer was given what it does not take"), 0)
    assert not is_of_group(UserError("Worker 1 has other data than worker 0."), 0)


@pytest.mark.parametrize("words", OWN)
def test_what_tensorflow_says_of_our_own_devices_is_no_loss(words: str) -> None:
    assert not is_of_group(RuntimeError(words), 0)
    assert is_of_group(RuntimeError(words), 1)


def test_what_to_do() -> None:
    assert "gan-tui resume xor-1 --plain, the others with the same command" in way_on(cluster(), "xor-1")
    assert way_on(cluster(source=HERE), "xor-1").startswith("gan-tui resume xor-1 goes on")
