"""Which addresses strangers do not reach."""

import pytest

from gan_tui.errors import UserError
from gan_tui.system.cluster import Cluster
from gan_tui.system.private_network import is_private, refuse_public


@pytest.mark.parametrize(
    "address",
    ["127.0.0.2", "::1", "10.1.2.3", "172.31.0.1", "192.168.1.1", "169.254.3.4", "100.64.0.1", "100.127.255.255",
     "fd00::1", "fe80::1%eth0", "::ffff:10.0.0.1"],
)  # fmt: skip
def test_private(address: str) -> None:
    assert is_private(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "172.32.0.1", "100.128.0.1", "192.169.0.1", "203.0.113.1", "198.18.0.1", "0.0.0.0", "::",
     "2001:4860:4860::8888", "::ffff:8.8.8.8"],
)  # fmt: skip
def test_public(address: str) -> None:
    assert not is_private(address)


def test_a_worker_that_strangers_reach_is_refused_with_a_way() -> None:
    cluster = Cluster(("127.0.0.1:7", "8.8.8.8:7"), 0, "TF_CONFIG")
    with pytest.raises(UserError, match=r"^8\.8\.8\.8:7 is a public address.*--trust-network\.$"):
        refuse_public(cluster, trusted=False)
    refuse_public(cluster, trusted=True)


def test_a_name_that_is_unknown_as_yet_is_no_reason() -> None:
    refuse_public(Cluster(("127.0.0.1:7", "no-such-box.invalid:7"), 0, "TF_CONFIG"), trusted=False)
