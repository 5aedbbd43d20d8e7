"""The form: pasting, dropping, choosing; what it refuses, and what it says."""

import json
import re

import pytest
from playwright.async_api import Browser, Page, Route, expect

from store.formats.payload_v1 import File, Text
from tests.browser.visiting import Visit, plain, visiting
from tests.composer.hands import SENT, choose, passphrase, seal
from tests.composer.real_composer import RealComposer

pytestmark = pytest.mark.asyncio(loop_scope="session")
PROBLEM = "#problem"
# As the browser does it: the event with what is carried, to the element under the pointer or the focus.
GIVE = """([kind, target, files, text]) => {
    const carried = new DataTransfer();
    for (const [name, content] of files) carried.items.add(new File([content], name, { type: "text/x-thing" }));
    if (text) carried.setData("text/plain", text);
    const event = kind === "paste"
        ? new ClipboardEvent("paste", { clipboardData: carried, bubbles: true, cancelable: true })
        : new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true });
    return !document.querySelector(target).dispatchEvent(event);
}"""


async def give(page: Page, kind: str, target: str, *names: str, text: str = "", content: str = "content") -> bool:
    """Paste or drop files or a text; whether the page kept the browser from its own way with them."""
    return bool(await page.evaluate(GIVE, [kind, target, [[name, content] for name in names], text]))


@pytest.mark.parametrize(
    ("kind", "target"), [("drop", "h1"), ("drop", "#secret"), ("paste", "body"), ("paste", "#secret")]
)
async def test_a_file_may_come_from_anywhere(composer: RealComposer, visit: Visit, kind: str, target: str) -> None:
    """Dropped or pasted, on the field or beside it: it is taken, and the browser opens nothing in place of the page."""
    await visit.come(await composer.order())
    assert await give(visit.page, kind, target, "a key.pem")
    await expect(visit.page.locator(".file")).to_contain_text("a key.pem")
    await expect(visit.page.locator("#secret")).to_have_count(0)
    assert await composer.opened(await seal(visit.page)) == File("a key.pem", "text/x-thing", b"content")


async def test_a_file_held_over_the_page_is_seen(composer: RealComposer, visit: Visit) -> None:
    """The page shows that it would take it, and stops when it is taken away or dropped."""
    await visit.come(await composer.order())
    for ends in ("dragleave", "drop"):
        assert await give(visit.page, "dragover", "h1", "a")
        await expect(visit.page.locator("html.dropping")).to_have_count(1)
        await give(visit.page, ends, "h1", "a")
        await expect(visit.page.locator("html.dropping")).to_have_count(0)


async def test_a_dropped_file_never_replaces_the_page(composer: RealComposer, visit: Visit) -> None:
    """Also while nothing takes files: beside the passphrase that nobody has passed on, it would be the end of it."""
    await visit.come(await composer.order())
    await visit.page.fill("#secret", "x")
    await seal(visit.page)
    assert await give(visit.page, "dragover", "h1", "a")
    assert await give(visit.page, "drop", "h1", "a")
    await expect(visit.page.locator(SENT)).to_have_count(1)


async def test_text_and_file_never_mix(composer: RealComposer, visit: Visit) -> None:
    """A file beside a typed text is refused and the text stays; a removed file makes room for a text."""
    await visit.come(await composer.order())
    await visit.page.fill("#secret", "typed")
    await give(visit.page, "drop", "h1", "a.pem")
    await expect(visit.page.locator(PROBLEM)).to_contain_text("one link carries one secret")
    assert await visit.page.input_value("#secret") == "typed"
    await visit.page.fill("#secret", "")
    await give(visit.page, "drop", "h1", "a.pem")
    await visit.page.get_by_role("button", name="Remove it").click()
    await visit.page.fill("#secret", "typed again")
    assert await composer.opened(await seal(visit.page)) == Text("typed again")


async def test_a_picture_of_a_copied_table_is_not_a_file(composer: RealComposer, visit: Visit) -> None:
    """Office programs copy text and a picture of it: the text is meant, and the browser pastes it."""
    await visit.come(await composer.order())
    assert not await give(visit.page, "paste", "#secret", "image.png", text="cell")
    await expect(visit.page.locator(".file")).to_have_count(0)


@pytest.mark.parametrize(
    ("names", "content", "words"),
    [
        (("a", "b"), "content", "One link carries one file."),
        (("empty.txt",), "", "That file is empty."),
        (("large.bin",), "x" * (10 * 1024 * 1024 + 1), "That file is too large."),
    ],
)
async def test_files_that_cannot_be_taken(
    composer: RealComposer, visit: Visit, names: tuple[str, ...], content: str, words: str
) -> None:
    """Several, an empty one, one that is too large: said in words, and the field is as it was."""
    await visit.come(await composer.order())
    await give(visit.page, "drop", "h1", *names, content=content)
    await expect(visit.page.locator(PROBLEM)).to_contain_text(words)
    await expect(visit.page.locator("#secret")).to_be_visible()


async def test_a_slow_file_never_replaces_what_is_being_sealed(composer: RealComposer, visit: Visit) -> None:
    """Two files in a row, the second from a slow disk, and Seal pressed meanwhile: the first arrives whole."""
    await visit.page.add_init_script(
        "const real = Blob.prototype.arrayBuffer;"
        "Blob.prototype.arrayBuffer = async function () {"
        " if (this.name !== 'slow.txt') return real.call(this);"
        " await new Promise((go) => { globalThis.letGo = go; }); return real.call(this); };"
    )
    await visit.come(await composer.order())
    await choose(visit.page, "first.txt", b"the first")
    await visit.page.wait_for_selector(".file")
    await choose(visit.page, "slow.txt", b"the second")
    await visit.page.evaluate("document.querySelector('form').requestSubmit(); letGo(); setTimeout(() => letGo(), 50);")
    opened = await composer.opened(await passphrase(visit.page))
    assert opened == File("first.txt", "application/octet-stream", b"the first")


async def test_what_is_typed_while_a_file_is_read_stays(composer: RealComposer, visit: Visit) -> None:
    """One link carries one secret, and what somebody typed does not vanish."""
    await visit.page.add_init_script(
        "const real = Blob.prototype.arrayBuffer;"
        "Blob.prototype.arrayBuffer = async function () {"
        " await new Promise((go) => { globalThis.letGo = go; }); return real.call(this); };"
    )
    await visit.come(await composer.order())
    await choose(visit.page, "slow.txt", b"the file")
    await visit.page.fill("#secret", "typed")
    await visit.page.evaluate("letGo()")
    await expect(visit.page.locator(PROBLEM)).to_contain_text("There is text in the field")
    assert await visit.page.input_value("#secret") == "typed"


async def test_what_cannot_be_read_is_said(composer: RealComposer, visit: Visit) -> None:
    """A folder, or a file that has been moved away."""
    await visit.page.add_init_script(
        "Blob.prototype.arrayBuffer = async () => { throw new DOMException('', 'NotReadableError'); };"
    )
    await visit.come(await composer.order())
    await choose(visit.page, "a", b"x")
    await expect(visit.page.locator(PROBLEM)).to_contain_text("That cannot be read.")


async def test_a_file_that_is_too_large_is_not_read(composer: RealComposer, visit: Visit) -> None:
    """Nothing of it comes into memory."""
    await visit.page.add_init_script(
        "globalThis.reads = 0; const real = Blob.prototype.arrayBuffer;"
        "Blob.prototype.arrayBuffer = function () { reads += 1; return real.call(this); };"
    )
    await visit.come(await composer.order())
    await choose(visit.page, "large", b"x" * (10 * 1024 * 1024 + 1))
    await expect(visit.page.locator(PROBLEM)).to_contain_text("too large")
    await choose(visit.page, "small", b"x")
    await expect(visit.page.locator(".file")).to_contain_text("small")
    assert await visit.page.evaluate("reads") == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Type or paste the secret first"),
        ("half \ud83d a pair", "half a character"),
        ("x" * 1001, "That is more than fits"),
        ("\x01" * 999 * 40, "That is more than fits"),
    ],
)
async def test_texts_that_cannot_be_sealed(composer: RealComposer, visit: Visit, text: str, words: str) -> None:
    """Nothing, half a character, more than fits: said in words, and nothing is sent."""

    async def small(route: Route) -> None:
        answer = await route.fetch()
        await route.fulfill(json={**await answer.json(), "most_bytes": 1000})

    await visit.page.route("**/look", small)
    await visit.come(await composer.order())
    await visit.page.evaluate(
        "(text) => { const field = document.querySelector('#secret'); field.value = JSON.parse(text);"
        " field.dispatchEvent(new Event('input')); }",
        json.dumps(text),
    )
    await visit.page.get_by_role("button", name="Seal it").click()
    await expect(visit.page.locator(PROBLEM)).to_contain_text(words)
    await expect(visit.page.locator(PROBLEM)).to_contain_text("Nothing was sealed.")
    assert await visit.page.evaluate("document.activeElement.id") == "secret"
    assert not [request for request in visit.requests if request.url.endswith("/drop")]


async def test_pasted_line_breaks_of_windows_can_be_kept(composer: RealComposer, chromium: Browser) -> None:
    """A field makes LF of CRLF; the page says so, and seals the pasted bytes as a file if asked."""
    async with visiting(chromium, permissions=["clipboard-read", "clipboard-write"]) as visit:
        await visit.come(await composer.order())
        await visit.page.fill("#secret", "before\n")
        await visit.page.evaluate("navigator.clipboard.writeText('one\\r\\ntwo\\r\\n')")
        await visit.page.press("#secret", "Control+End")
        await visit.page.press("#secret", "Control+V")
        await expect(visit.page.locator(".note")).to_contain_text("CRLF")
        assert await visit.page.input_value("#secret") == "before\none\ntwo\n"
        await visit.page.get_by_role("button", name="Keep it exactly").click()
        await expect(visit.page.locator(".file")).to_contain_text("17 bytes")
        assert await composer.opened(await seal(visit.page)) == File(
            "secret.txt", "text/plain", b"before\none\r\ntwo\r\n"
        )


async def test_a_pasted_text_of_megabytes_becomes_a_file(composer: RealComposer, visit: Visit) -> None:
    """A field would let the page stand still; the bytes are the pasted ones, and more than fits is refused."""
    await visit.come(await composer.order())
    assert await give(visit.page, "paste", "#secret", text="x" * (10 * 1024 * 1024 + 1))
    await expect(visit.page.locator(PROBLEM)).to_contain_text("That is more than fits")
    long = "line\r\n" * 100_000
    assert await give(visit.page, "paste", "#secret", text=long)
    await expect(visit.page.locator("#status")).to_contain_text("too long for the field")
    assert await composer.opened(await seal(visit.page)) == File("secret.txt", "text/plain", long.encode())


async def test_the_offer_goes_when_the_text_is_another(composer: RealComposer, chromium: Browser) -> None:
    """What is offered is always what stands in the field; a paste without such breaks offers nothing."""
    async with visiting(chromium, permissions=["clipboard-read", "clipboard-write"]) as visit:
        await visit.come(await composer.order())
        for pasted, offered in (("a\\r\\nb", 1), ("plain\\n", 0)):
            await visit.page.fill("#secret", "")
            await visit.page.evaluate(f"navigator.clipboard.writeText('{pasted}')")
            await visit.page.press("#secret", "Control+V")
            await expect(visit.page.locator(".note button")).to_have_count(offered)
        await visit.page.fill("#secret", "")
        await visit.page.evaluate("navigator.clipboard.writeText('a\\r\\nb')")
        await visit.page.press("#secret", "Control+V")
        await visit.page.press("#secret", "x")
        await expect(visit.page.locator(".note button")).to_have_count(0)
        assert await composer.opened(await seal(visit.page)) == Text("a\nbx")


async def test_what_was_typed_is_described(composer: RealComposer, visit: Visit) -> None:
    """Characters, lines, and the line break at the end that somebody may not mean."""
    await visit.come(await composer.order())
    length = visit.page.locator("#secret-length")
    await expect(length).to_have_text("")
    for text, words in (
        ("x" * 42 + "\n", "43 characters, ends with a line break"),
        ("a\nb", "3 characters in 2 lines"),
    ):
        await visit.page.fill("#secret", text)
        assert plain(await length.inner_text()) == words
    await visit.page.fill("#secret", "é" * 100_001)
    await expect(length).to_have_text("200,002 bytes")


async def test_a_known_passphrase_is_judged_before_anything_is_sealed(composer: RealComposer, visit: Visit) -> None:
    """Too short and empty are refused; digits are told their odds; the right one seals, and is not shown again."""
    await visit.come(await composer.order())
    await visit.page.fill("#secret", "s")
    await visit.page.get_by_role("button", name="already knows").click()
    for typed, words in (("", "Type the passphrase"), ("123", "at least four characters"), ("ab\x07cd", "invisible")):
        await visit.page.fill("#passphrase", typed)
        await visit.page.get_by_role("button", name="Seal it").click()
        await expect(visit.page.locator(PROBLEM)).to_contain_text(words)
    await visit.page.fill("#passphrase", "12 34")
    await expect(visit.page.locator("#odds")).to_contain_text("1 chance in 2,000")
    await visit.page.get_by_role("button", name="Seal it").click()
    await visit.page.wait_for_selector(SENT)
    assert "12 34" not in await visit.text()
    await expect(visit.page.locator(".made")).to_have_count(0)
    arrived = await composer.arrived()
    assert arrived.header.form == "digits"
    assert await composer.opened("1234") == Text("s")


async def test_a_request_is_worded_for_whoever_has_the_secret(composer: RealComposer, visit: Visit) -> None:
    """The asker is the recipient, and the page says who asks, to whom it goes and what to do if words are lost."""
    changed = {"sender_name": "Dana Petrov", "recipient_name": "Maya Okafor", "recipient_class": "member", "hint": None}
    await visit.come(await composer.order(kind="request", **changed))
    assert await visit.heading() == "Maya Okafor asks you for a secret"
    told = await visit.text()
    assert re.search(r"For\s+Maya Okafor\n", told)
    assert re.search(r"From\s+Dana Petrov\n", told)
    assert "This page can be used until" in told
    await visit.page.fill("#secret", "s")
    words = await seal(visit.page)
    assert "ask Maya Okafor for a new link" in await visit.text()
    assert (await composer.arrived()).header.sender == "Dana Petrov"
    assert await composer.opened(words) == Text("s")
