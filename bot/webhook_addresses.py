"""
At which addresses a webhook's endpoint may be: those that everybody can reach, unless its file says otherwise. Pure.

Whoever writes the file, or has the name that stands in it, must not make this program talk to what only this program
can reach: itself, its neighbours, the cloud's metadata.  What Python calls global is not enough: it depends on the
release, and IPv6 has ways to name an IPv4 address that a router translates.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

_NOT_REACHED_BY_EVERYBODY: Final = tuple(
    ip_network(network)
    for network in (
        # IANA's registry of special IPv4 addresses
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by a provider's customers, and where some clouds keep their metadata
        "127.0.0.0/8",
        "169.254.0.0/16",  # of the link, and where most clouds keep their metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
        "168.63.129.16/32",  # looks public, and is Azure's agent on every machine there
        # and of special IPv6 addresses, among those that are unicast and global
        "2001::/23",  # Teredo, ORCHID, benchmarks
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "3fff::/20",
    )
)
_GLOBAL_UNICAST: Final = ip_network("2000::/3")
"""Everything else of IPv6 is of this host, of this link, of this site, or an IPv4 address in disguise."""


def of(text: str) -> IPv4Address | IPv6Address | None:
    """An address as it is written in a URL; None for a name."""
    try:
        return ip_address(text)
    except ValueError:
        return None


def is_public(text: str) -> bool:
    """Whether everybody can reach this address; False for what is none."""
    address = of(text)
    if address is None or (isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST):
        return False
    return not any(address.version == network.version and address in network for network in _NOT_REACHED_BY_EVERYBODY)
