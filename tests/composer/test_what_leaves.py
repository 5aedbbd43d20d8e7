"""What leaves the page, byte for byte: addresses, headers and bodies of every request, and what the browser keeps."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, Request

from store.formats import base64url
from tests.browser.visiting import Visit, visiting
from tests.canaries import is_in, spellings
from tests.composer.hands import SENT, choose, seal
from tests.composer.real_composer import RealComposer

pytestmark = pytest.mark.asyncio(loop_scope="session")
CANARY = "canary-sk_live_7f3a9c52d1e8"
# Where a page can keep something: stores, history, caches, cookies, its own address.
KEPT = """async () => JSON.stringify([
    Object.entries(localStorage), Object.entries(sessionStorage), history.state, history.length, document.cookie,
    name, await caches.keys(), await indexedDB.databases(), location.href, document.title,
])"""


async def everything(requests: list[Request]) -> bytes:
    """All bytes of all requests."""
    parts: list[bytes] = []
    for request in requests:
        headers = await request.headers_array()
        parts += [request.method.encode(), request.url.encode(), request.post_data_buffer or b""]
        parts += [f"{header['name']}: {header['value']}".encode() for header in headers]
    return b"\n".join(parts)


async def secrets_of(composer: RealComposer, passphrase: str) -> dict[str, bytes]:
    """What must not leave in clear: passphrase, its canonical spelling, the key, the whole link and its fragment."""
    arrived = await composer.arrived()
    return {
        "secret": CANARY.encode(),
        "passphrase": passphrase.encode(),
        "canonical passphrase": passphrase.replace(" ", "-").encode(),
        "link key": arrived.link.key,
        "link key as text": base64url.encode(arrived.link.key).encode(),
        "link": arrived.url.encode(),
        "fragment": arrived.url.partition("#")[2].encode(),
    }


def require_absent(canaries: dict[str, bytes], haystack: bytes) -> None:
    """None of them is there, in any spelling."""
    assert [name for name, canary in canaries.items() if is_in(canary, haystack)] == []


async def test_no_request_and_no_store_holds_anything_in_clear(
    composer: RealComposer, visit: Visit, tmp_path: Path
) -> None:
    """Secret, passphrase, link key and link: in no request, also after a reload, and nowhere that the browser keeps."""
    await visit.come(await composer.order())
    await visit.page.fill("#secret", CANARY)
    passphrase = await seal(visit.page)
    canaries = await secrets_of(composer, passphrase)
    await visit.page.wait_for_timeout(1500)  # it goes on looking
    kept = [await visit.page.evaluate(KEPT)]
    await visit.page.get_by_role("button", name="clear this page").click()
    require_absent(canaries, (await visit.page.content()).encode())
    await visit.page.reload()
    await visit.settled()
    kept.append(await visit.page.evaluate(KEPT))
    sent = await everything(visit.requests)
    require_absent(canaries, sent)
    require_absent(canaries, "\n".join([*kept, *visit.console]).encode())
    # What stays of it with the server, row by row and file by file.
    files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    require_absent({name: value for name, value in canaries.items() if name != "secret"}, files)
    assert not is_in(CANARY.encode(), files)
    assert b"/drop" in sent
    assert canaries["link key"] != bytes(32)


async def test_what_leaves_goes_to_this_server_alone(composer: RealComposer, visit: Visit) -> None:
    """Shell, files, looks and one drop; nothing else is asked for, from nobody else, and the token is in no address."""
    url = await composer.order()
    sockets: list[str] = []
    visit.page.on("websocket", lambda socket: sockets.append(socket.url))
    await visit.come(url)
    await choose(visit.page, f"{CANARY}.txt", CANARY.encode())
    await seal(visit.page)
    token = url.partition("#")[2].split(".")[1]
    address = url.partition("#")[0]
    order = address.replace("/c/", "/api/v1/orders/")
    for request in visit.requests:
        assert request.url.startswith(f"{composer.url}/")
        asked = request.url.partition("#")[0]
        assert asked in {address, f"{order}/look", f"{order}/drop"} or asked.startswith(f"{composer.url}/composer/")
        if request.url != url:  # of the page's own address the browser sends no fragment
            assert token not in request.url
        assert "referer" not in await request.all_headers()
        assert "cookie" not in await request.all_headers()
    assert sockets == []
    drops = [request for request in visit.requests if request.url.endswith("/drop")]
    assert len(drops) == 1
    assert not is_in(CANARY.encode(), drops[0].post_data_buffer or b"")


async def test_a_typed_passphrase_does_not_leave_either(composer: RealComposer, visit: Visit) -> None:
    """One that both know already."""
    await visit.come(await composer.order())
    await visit.page.fill("#secret", "x")
    await visit.page.get_by_role("button", name="already knows").click()
    await visit.page.fill("#passphrase", CANARY)
    await visit.page.get_by_role("button", name="Seal it").click()
    await visit.page.wait_for_selector(SENT)
    assert CANARY not in await visit.page.content()
    require_absent(await secrets_of(composer, CANARY), await everything(visit.requests))


async def test_the_search_finds_what_is_there(composer: RealComposer, chromium: Browser) -> None:
    """A page that does send it is found out, in a header, in an address and in a body."""
    leaks = (
        "fetch('/robots.txt', {headers: {'x-a': btoa(canary)}})",
        "fetch('/robots.txt?' + canary)",
        "fetch('/robots.txt', {method: 'POST', body: canary})",
    )
    for leak in leaks:
        async with visiting(chromium) as visit:
            await visit.come(await composer.order())
            await visit.page.evaluate(f"async (canary) => {{ await {leak}; }}", CANARY)
            assert is_in(CANARY.encode(), await everything(visit.requests)), leak
    assert len(spellings(CANARY.encode())) > 5
