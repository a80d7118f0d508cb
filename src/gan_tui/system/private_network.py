"""Whether the workers of a group are only on networks that strangers do not reach: TensorFlow's server asks nobody who
they are, and listens on every address of its machine.
"""

import ipaddress
import socket
from collections.abc import Iterator

from gan_tui.errors import UserError
from gan_tui.system.cluster import Cluster, parted
from gan_tui.text import harmless

_PRIVATE = tuple(
    map(
        ipaddress.ip_network,
        (
            "127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fe80::/10",
            "fc00::/7", "100.64.0.0/10",
        ),
    )
)  # fmt: skip
"""Loopback, RFC 1918, link-local, unique local, and what providers share (CGNAT, also of private overlays). Not
`is_private` of Python's, which also has what is reserved for other purposes."""
TO_KNOW = (
    "TensorFlow's servers of a group listen on every address of their machines and ask nobody who they are: train so "
    "only where all who reach these machines may do with them as they like."
)


def is_private(address: str) -> bool:
    """Of an IP address; IPv4 may be written as IPv6."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found in network for network in _PRIVATE if network.version == found.version)


def public(cluster: Cluster) -> Iterator[tuple[str, str]]:
    """(worker's address, its IP address) of those that are on no private network; names that are unknown as yet are
    passed over.
    """
    for worker in cluster.workers:
        host, port = parted(worker)
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            continue
        yield from ((worker, str(at[0])) for *_, at in found if not is_private(str(at[0])))


def refuse_public(cluster: Cluster, trusted: bool) -> None:
    """Raises UserError where a worker is reached by strangers, unless the network is `trusted` all the same."""
    for worker, address in () if trusted else public(cluster):
        named = harmless(worker, 60) + (f" ({address})" if address not in worker else "")
        raise UserError(
            f"{named} is a public address, and TensorFlow's server there would take orders from anyone who reaches it; "
            "give the workers addresses of a private network, or, where a firewall keeps strangers out, add "
            "--trust-network."
        )
