"""The reader's page in Chromium against the real reveal server and a real store."""

import asyncio

import pytest
from playwright.async_api import Browser, Route, expect

from store.formats import base64url
from store.formats.payload_v1 import File, Text
from store.words import Outcome
from tests.browser.chromium import LOCKDOWN, running
from tests.browser.real_reader import RealReader
from tests.browser.visiting import DONE, Visit, visiting

pytestmark = pytest.mark.asyncio(loop_scope="session")
NO_EVAL = "default-src 'none'; script-src 'none'; connect-src 'none'"
SECRET = "rk_live_51Hx  é\r\nsecond line\n"


async def test_the_right_passphrase_shows_the_secret_once(reader: RealReader, visit: Visit) -> None:
    """Who, what and hint stand at the door; the passphrase opens; the server destroys; the key leaves the address."""
    drop = await reader.send(Text(SECRET), hint="last four of the office phone")
    await visit.come(drop.url)
    assert await visit.heading() == "Maya Okafor sent you a credential"
    door = await visit.text()
    assert "Stripe restricted key" in door
    assert "last four of the office phone" in door
    assert "Nothing is used up until the right passphrase is entered." in door
    assert "Central European" in door
    await visit.try_passphrase("47 11")
    await visit.page.wait_for_selector(DONE)
    assert "rk_live" not in await visit.page.input_value("#secret")
    assert "lines, ends with a line break" in await visit.text()
    assert await visit.secret() == SECRET.replace("\r\n", "\n")
    assert await reader.outcome(drop) is Outcome.VIEWED
    assert "#" not in visit.page.url


async def test_copy_hands_over_the_exact_bytes(reader: RealReader, chromium: Browser) -> None:
    """Copy gives every character of the secret, line ends included, while it stays masked."""
    drop = await reader.send(Text(SECRET))
    async with visiting(chromium, permissions=["clipboard-write"]) as visit:
        await visit.page.add_init_script(
            "const real = navigator.clipboard.writeText.bind(navigator.clipboard);"
            "navigator.clipboard.writeText = async (text) => { await real(text); globalThis.copied = text; };"
        )
        await visit.come(drop.url)
        await visit.try_passphrase("4711")
        await visit.page.get_by_role("button", name="Copy", exact=True).click()
        await visit.page.wait_for_selector("text=Copied")
        assert await visit.page.evaluate("copied") == SECRET
        assert "rk_live" not in await visit.page.input_value("#secret")


async def test_a_wrong_passphrase_costs_a_try_and_burns_nothing(reader: RealReader, visit: Visit) -> None:
    """After a wrong passphrase the page says how many tries are left, and the right one still opens."""
    drop = await reader.send(Text("s3cret"))
    await visit.come(drop.url)
    await visit.try_passphrase("1234")
    await expect(visit.page.locator("#problem")).to_have_text("That is not the passphrase. 4 tries left.")
    await expect(visit.page.locator("#passphrase")).to_be_focused()
    await visit.try_passphrase("4711")
    await visit.page.wait_for_selector(DONE)
    assert await visit.secret() == "s3cret"


async def test_looking_consumes_nothing(reader: RealReader, visit: Visit) -> None:
    """The page may be loaded again and again before anybody types; the drop stays."""
    drop = await reader.send(Text("s3cret"))
    for _ in range(3):
        await visit.come(drop.url)
        await visit.page.reload()
        await visit.settled()
    await visit.try_passphrase("4711")
    await visit.page.wait_for_selector(DONE)


async def test_a_second_visitor_learns_what_happened_and_can_object(
    reader: RealReader, chromium: Browser, visit: Visit
) -> None:
    """Whoever comes second is told that the secret was shown, and when; "that was not me" reaches the server."""
    drop = await reader.send(Text("s3cret"))
    await visit.come(drop.url)
    await visit.try_passphrase("4711")
    await visit.page.wait_for_selector(DONE)
    async with visiting(chromium) as second:
        await second.come(drop.url)
        assert await second.heading() == "This link no longer exists."
        assert "The secret was opened and shown on" in await second.text()
        await second.page.get_by_role("button", name="That was not me").click()
        await second.page.wait_for_selector("text=on record for their security team")
        await second.page.get_by_role("button", name="Ask for a new one").click()
        await second.page.wait_for_selector("text=told that you need a new one")
        assert second.console == []


async def test_a_stranger_learns_nothing(reader: RealReader, visit: Visit) -> None:
    """A link with another key gets the dead page without outcome, time or buttons."""
    drop = await reader.send(Text("s3cret"))
    other = type(drop.link)(drop.link.id, bytes(32), "p")
    await visit.come(other.url(reader.url))
    assert await visit.heading() == "This link no longer exists."
    assert await visit.page.get_by_role("button").count() == 0
    assert await reader.outcome(drop) is None


@pytest.mark.parametrize("cut", [0, 1, 20, 50])
async def test_a_cut_link_is_mended_by_pasting_the_whole_one(reader: RealReader, visit: Visit, cut: int) -> None:
    """A fragment that lost its end asks the server nothing, and the whole link in the field leads to the door."""
    drop = await reader.send(Text("s3cret"))
    address, _, fragment = drop.url.partition("#")
    await visit.come(f"{address}#{fragment[:cut]}" if cut else address)
    assert await visit.heading() == "This link was cut off"
    assert not [request for request in visit.requests if "/api/" in request.url]
    await visit.page.fill("textarea", f" <{drop.url[:40]}\n{drop.url[40:]}> ")
    await visit.page.get_by_role("button", name="Open").click()
    await visit.page.wait_for_selector("#passphrase")


async def test_going_back_after_the_secret_shows_nothing(reader: RealReader, visit: Visit) -> None:
    """Leaving and coming back, or loading again, shows neither secret nor key, and says why."""
    drop = await reader.send(Text("s3cret"))
    await visit.page.goto("about:blank")
    await visit.come(drop.url)
    await visit.try_passphrase("4711")
    await visit.page.wait_for_selector(DONE)
    assert await visit.secret() == "s3cret"
    await visit.page.goto("about:blank")
    await visit.page.go_back()
    await visit.page.wait_for_selector("text=This page is clear")
    assert "s3cret" not in await visit.page.content()
    assert "#" not in visit.page.url
    await visit.page.reload()
    await visit.page.wait_for_selector("text=This page is clear")


async def test_leaving_before_the_server_confirmed_still_confirms(reader: RealReader, visit: Visit) -> None:
    """A page that goes away while its acknowledgement has not got through sends it along as it goes."""
    leaving = False

    async def hold_back(route: Route) -> None:
        await (route.continue_() if leaving else route.abort())

    drop = await reader.send(Text("s3cret"))
    await visit.page.route("**/acknowledge", hold_back)
    await visit.come(drop.url)
    await visit.try_passphrase("4711")
    await visit.page.wait_for_selector("text=has not confirmed yet")
    assert await reader.outcome(drop) is not Outcome.VIEWED
    leaving = True
    await visit.page.goto("about:blank")
    async with asyncio.timeout(10):
        while await reader.outcome(drop) is not Outcome.VIEWED:  # noqa: ASYNC110 - a database tells nobody
            await asyncio.sleep(0.05)
    visit.console.clear()


@pytest.mark.parametrize("how", ["missing", "forbidden", "not loaded"])
async def test_a_device_without_webassembly_still_opens(reader: RealReader, visit: Visit, how: str) -> None:
    """A browser that lacks WebAssembly, forbids it, or could not load that worker takes the plain one."""

    async def spoil(route: Route) -> None:
        answer = await route.fetch()
        if how == "missing":
            await route.fulfill(response=answer, body="delete globalThis.WebAssembly;" + await answer.text())
        elif how == "forbidden":
            await route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": NO_EVAL})
        else:
            await route.abort()

    drop = await reader.send(Text("s3cret"))
    await visit.page.route("**/kdf-wasm-*", spoil)
    await visit.come(drop.url)
    await visit.try_passphrase("4711")
    await visit.page.wait_for_selector(DONE)
    assert await visit.secret() == "s3cret"
    # What the browser says about the worker that the test spoilt is not the page's fault.
    visit.console[:] = [line for line in visit.console if "kdf-wasm" not in line and "WebAssembly" not in line]


async def test_a_browser_in_lockdown_is_slower_and_works(reader: RealReader) -> None:
    """With no WebAssembly and no compiler at all the same keys come out, and the page says that it takes longer."""
    drop = await reader.send(Text("s3cret"))
    async with running(LOCKDOWN) as browser, visiting(browser) as visit:
        await visit.come(drop.url)
        assert await visit.page.evaluate("typeof WebAssembly") == "undefined"
        await visit.try_passphrase("4711")
        await visit.page.wait_for_selector("text=This takes a little longer on this device.")
        await visit.page.wait_for_selector("progress[value]")
        await visit.page.wait_for_selector(DONE, timeout=240_000)
        assert await visit.secret() == "s3cret"
        assert visit.console == []


async def test_the_keyboard_is_enough(reader: RealReader, visit: Visit) -> None:
    """Door, passphrase, secret, Show and clearing need no pointer; the focus goes where the next thing is."""
    drop = await reader.send(Text("s3cret"))
    page = visit.page
    await visit.come(drop.url)
    await expect(page.locator("#passphrase")).to_be_focused()
    await page.keyboard.type("4711")
    await page.keyboard.press("Enter")
    await expect(page.locator("#secret")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    assert await page.input_value("#secret") == "s3cret"
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("text=This page is clear")
    await expect(page.locator("h1")).to_be_focused()


@pytest.mark.parametrize("act", ["hold", "space", "type"])
async def test_a_drop_without_a_passphrase_asks_for_a_deliberate_act(
    reader: RealReader, visit: Visit, act: str
) -> None:
    """A click opens nothing; holding the button, holding Space or typing open does."""
    drop = await reader.send(Text("s3cret"), None, "free")
    page = visit.page
    await visit.come(drop.url)
    button = page.get_by_role("button", name="Hold to open")
    await button.click()
    await page.keyboard.press("Space")
    await page.keyboard.press("Enter")
    assert not [request for request in visit.requests if request.url.endswith("/claim")]
    match act:
        case "hold":
            await button.hover()
            await page.mouse.down()
        case "space":
            await button.focus()
            await page.keyboard.down(" ")
        case _:
            await page.get_by_label("Or type the word").fill("Open")
    await page.wait_for_selector(DONE)
    assert await visit.secret() == "s3cret"


async def test_a_file_is_saved_under_a_harmless_name(reader: RealReader, visit: Visit) -> None:
    """A file is offered for saving only, byte for byte, and its name cannot be a path."""
    body = bytes(range(256)) * 300
    drop = await reader.send(File("../../.ssh/id\u202emep.exe", "text/html", body))
    await visit.come(drop.url)
    await visit.try_passphrase("4711")
    await visit.page.wait_for_selector(DONE)
    assert "Saving leaves a copy in your Downloads folder." in await visit.text()
    async with visit.page.expect_download() as download:
        await visit.page.get_by_role("button", name="Save as file").click()
    saved = await download.value
    assert saved.suggested_filename == "_.._.ssh_id_mep.exe"
    assert (await saved.path()).read_bytes() == body


async def test_what_leaves_the_page_holds_no_key_no_passphrase_no_secret(reader: RealReader, visit: Visit) -> None:
    """Requests go to this server only, and carry neither the link key nor what was typed nor what was opened."""
    drop = await reader.send(Text("s3cret-canary"), "amber canoe violet", "words")
    await visit.come(drop.url)
    await visit.try_passphrase("Amber Canoe-violet")
    await visit.page.wait_for_selector(DONE)
    key = base64url.encode(drop.link.key)
    for request in visit.requests:
        sent = f"{request.url.partition('#')[0]} {request.headers} {request.post_data or ''}"
        assert request.url.startswith(reader.url)
        assert not [word for word in (key, "canoe", "Canoe", "canary") if word in sent]
        assert not request.headers.get("referer")
