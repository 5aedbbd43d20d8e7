"""Where a webhook's endpoint may be."""

import pytest

from bot.webhook_addresses import is_public

PUBLIC = ("1.1.1.1", "93.184.216.34", "8.8.8.8", "223.255.255.254", "2606:4700:4700::1111", "2a00:1450:4001:81b::200e")

NOT_PUBLIC = (
    # this host
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",  # noqa: S104 - an address that is refused
    "0.1.2.3",
    "::1",
    "::",
    # neighbours
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "100.127.255.255",
    "169.254.0.1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "fc00::1",
    "fd12:3456::1",
    # metadata of clouds
    "169.254.169.254",
    "169.254.170.2",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "fd00:ec2::254",
    # several hosts, or none
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "ff02::1",
    "ff0e::1",
    # for documents and measurements
    "192.0.2.1",
    "198.51.100.1",
    "203.0.113.1",
    "198.18.0.1",
    "198.19.255.255",
    "2001:db8::1",
    "3fff::1",
    "2001:2::1",
    # an IPv4 address in disguise
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:1.1.1.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::1",
    "2002:a00:1::1",
    "2001:0:7f00:1::1",
    "::ffff:0:127.0.0.1",
    "192.88.99.1",
    # of no meaning to everybody
    "100::1",
    "5f00::1",
    "4000::1",
    # no addresses
    "",
    "localhost",
    "127.1",
    "0x7f.1",
    "2130706433",
    "0177.0.0.1",
    "1.1.1.1 ",
)


@pytest.mark.parametrize("address", PUBLIC)
def test_everybody_can_reach_it(address: str) -> None:
    """An endpoint may be there."""
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_not_everybody_can_reach_it(address: str) -> None:
    """An endpoint must not be there, unless its file says so."""
    assert not is_public(address)
