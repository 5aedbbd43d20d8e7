"""
Who asks, as far as anybody needs to know: an address for limits, a network and a browser family for the record.
The address is the peer's own unless the peer is a proxy that the operator named.  `X-Forwarded-For` is then read
from its right end, where the trusted proxies wrote; whatever stands further left was written by the visitor.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from aiohttp import web

from reveal_web.settings import Network
from store.door import Visitor

Address = IPv4Address | IPv6Address

# In this order: Edge also says Chrome, and everybody says Safari.
_FAMILIES: Final = (
    ("Edge", ("Edg/", "EdgA/", "EdgiOS/")),
    ("Firefox", ("Firefox/", "FxiOS/")),
    ("Chrome", ("Chrome/", "Chromium/", "CriOS/")),
    ("Safari", ("Safari/",)),
    ("curl", ("curl/",)),
)


def client_address(peer: str | None, forwarded: Sequence[str], proxies: Sequence[Network]) -> Address | None:
    """
    The nearest address on the way here that is not a trusted proxy.

    `forwarded` holds the X-Forwarded-For headers in their order.  What cannot be read ends the walk: the hop that
    passed it on is then the best that is known.
    """
    address = _address(peer)
    hops = ",".join(forwarded).split(",") if forwarded else []
    while address is not None and hops and is_trusted(address, proxies):
        further = _address(hops.pop().strip())
        if further is None:
            break
        address = further
    return address


def is_trusted(address: Address, proxies: Sequence[Network]) -> bool:
    """Whether the operator named this address as a proxy."""
    return any(address in network for network in proxies)


def prefix(address: Address) -> str:
    """The network that is kept in events: /24, or /48."""
    return str(ip_network((address, 24 if address.version == 4 else 48), strict=False))


def limit_key(address: Address | None) -> str:
    """What limits count by: an IPv6 visitor owns at least a /64, so that single addresses would count nothing."""
    return str(ip_network((address, 32 if address.version == 4 else 64), strict=False)) if address else ""


def family(user_agent: str) -> str:
    """The browser's family, of a fixed set: Chrome, Firefox, Safari, Edge, curl, other."""
    return next((name for name, marks in _FAMILIES if any(mark in user_agent for mark in marks)), "other")


def address_of(request: web.BaseRequest, proxies: Sequence[Network]) -> Address | None:
    """The visitor's address."""
    return client_address(request.remote, request.headers.getall("X-Forwarded-For", []), proxies)


def visitor_of(request: web.BaseRequest, proxies: Sequence[Network]) -> Visitor:
    """What an event may say of this visitor."""
    address, browser = address_of(request, proxies), family(request.headers.get("User-Agent", ""))
    return Visitor(network=prefix(address) if address else None, browser=browser)


def _address(text: str | None) -> Address | None:
    try:
        address = ip_address(text or "")
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    # A zone (fe80::1%eth0) is this host's business and would not fit a network.
    return mapped or (IPv6Address(int(address)) if isinstance(address, IPv6Address) else address)
