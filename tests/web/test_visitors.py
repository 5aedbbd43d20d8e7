"""Whose address counts: the peer's, unless the operator trusts the peer to speak for another."""

from ipaddress import ip_network

import pytest

from reveal_web.assets import Assets
from reveal_web.reader.visitors import client_address, family, limit_key, prefix
from reveal_web.reader.wrong_links import BURST, MOST_ADDRESSES, WrongLinks
from reveal_web.settings import WebSettings
from store.formats import base64url
from tests.web.conftest import World, run_world

PROXIES = (ip_network("10.0.0.0/8"), ip_network("2001:db8:ffff::/48"))
DOOR = f"/api/v1/drops/{base64url.encode(bytes(16))}/door"
PROOF = {"link_proof": base64url.encode(bytes(32))}


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1", "198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1, 198.51.100.1, 10.2.3.4"], "198.51.100.1"),
        ("10.0.0.1", ["10.9.9.9"], "10.9.9.9"),
        ("10.0.0.1", ["198.51.100.1, nonsense"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1, nonsense, 10.2.3.4"], "10.2.3.4"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("::ffff:10.0.0.1", ["::ffff:198.51.100.1"], "198.51.100.1"),
        ("2001:db8:ffff::1", ["2001:db8:1:2::3"], "2001:db8:1:2::3"),
        ("fe80::1%eth0", [], "fe80::1"),
        (None, ["198.51.100.1"], None),
    ],
)
def test_forwarded_addresses_are_walked_from_the_right(peer: str | None, forwarded: list[str], found: str) -> None:
    """The first address that no trusted proxy vouches for is the visitor; what stands left of it is hearsay."""
    address = client_address(peer, forwarded, PROXIES)
    assert (str(address) if address else None) == found


@pytest.mark.parametrize(
    ("address", "network", "key"),
    [
        ("203.0.113.9", "203.0.113.0/24", "203.0.113.9/32"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48", "2001:db8:1:2::/64"),
    ],
)
def test_what_is_kept_and_counted_of_an_address(address: str, network: str, key: str) -> None:
    """Events keep a /24 or a /48; limits count a single IPv4 address, or the /64 that one IPv6 visitor owns."""
    found = client_address(address, [], ())
    assert found is not None
    assert (prefix(found), limit_key(found)) == (network, key)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36", "Chrome"),
        ("Mozilla/5.0 (iPhone) AppleWebKit/605.1 (KHTML, like Gecko) CriOS/140.0 Mobile Safari/604.1", "Chrome"),
        ("Mozilla/5.0 (Windows) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge"),
        ("Mozilla/5.0 (Macintosh) AppleWebKit/605.1 (KHTML, like Gecko) Version/18.0 Safari/605.1", "Safari"),
        ("Mozilla/5.0 (X11; Linux; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox"),
        ("curl/8.5.0", "curl"),
        ("<script>alert(1)</script>", "other"),
        ("", "other"),
    ],
)
def test_browsers_are_of_a_fixed_set(user_agent: str, name: str) -> None:
    """Whatever is sent as a user agent, one of six words is kept."""
    assert family(user_agent) == name


def test_wrong_links_are_counted_for_each_address() -> None:
    """Twenty at once, then one every three seconds; another address is not touched by it."""
    now = [0.0]
    wrong = WrongLinks(lambda: now[0])
    assert [wrong.count("a") for _ in range(BURST)] == [0] * BURST
    assert wrong.count("a") == 3
    assert wrong.count("b") == 0
    now[0] = 3.0
    assert [wrong.count("a"), wrong.count("a")] == [0, 3]


def test_the_memory_of_wrong_links_is_bounded() -> None:
    """However many addresses come, no more than so many are remembered, the latest ones."""
    wrong = WrongLinks(lambda: 0.0)
    for number in range(MOST_ADDRESSES + 500):
        wrong.count(str(number))
    assert len(wrong._buckets) == MOST_ADDRESSES
    assert "0" not in wrong._buckets


async def test_only_wrong_links_are_slowed_down(world: World) -> None:
    """The 21st wrong link is slowed down; the holder behind the same address opens their drop all the same."""
    world.hold_wrong_links()
    holder = await world.make()
    for _ in range(25):
        assert (await world.door(holder)).status == 200
    assert [(await world.post(DOOR, PROOF)).status for _ in range(BURST)] == [404] * BURST
    slowed = await world.post(DOOR, PROOF)
    assert (slowed.status, slowed.slug) == (429, "slow-down")
    assert int(slowed.headers["retry-after"]) == slowed.json()["retry_after_seconds"] == 3
    assert (await world.claim(holder)).status == 200


async def test_a_stranger_cannot_change_address(world: World) -> None:
    """Without a trusted proxy no header moves the count elsewhere, however it is spelt."""
    world.hold_wrong_links()
    for number in range(BURST):
        claimed = f"198.51.100.{number}"
        headers = {"X_Forwarded_For": claimed, "X_Real_IP": claimed, "Forwarded": f"for={claimed}"}
        assert (await world.post(DOOR, PROOF, **headers)).status == 404
    assert (await world.post(DOOR, PROOF, X_Forwarded_For="198.51.100.99")).status == 429


async def test_behind_a_trusted_proxy_visitors_are_told_apart(installed: WebSettings, page: Assets) -> None:
    """Each visitor has a count of their own; one who writes the header too, or its twin, keeps theirs."""
    behind = installed.model_copy(update={"trusted_proxies": (ip_network("127.0.0.0/8"),)})
    async for world in run_world(behind, page):
        world.hold_wrong_links()
        for number in range(BURST):
            assert (await world.post(DOOR, PROOF, X_Forwarded_For=f"1.1.1.{number}, 198.51.100.1")).status == 404
        assert (await world.post(DOOR, PROOF, X_Forwarded_For="1.1.1.99, 198.51.100.1")).status == 429
        assert (await world.post(DOOR, PROOF, X_Forwarded_For="198.51.100.2")).status == 404
        # A twin that some proxies and gateways would merge with the real header.
        raw = "X_Forwarded_For: 198.51.100.3\r\nX-Forwarded-For: 198.51.100.1\r\nUser-Agent: x"
        assert (await world.post(DOOR, PROOF, Accept=f"*/*\r\n{raw}")).status == 429


async def test_the_visitor_stands_in_the_record_as_network_and_family(world: World) -> None:
    """Door and claim record a /24 and a browser family, as erasable disclosures, and nothing finer."""
    holder = await world.make()
    await world.door(holder, User_Agent="curl/8.5.0 kanarienvogel")
    await world.claim(holder, User_Agent="curl/8.5.0 kanarienvogel")
    kept = await world.disclosed(holder, "network", "browser")
    assert kept == [("browser", "curl")] * 2 + [("network", "127.0.0.0/24")] * 2
