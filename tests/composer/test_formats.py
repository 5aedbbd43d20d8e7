"""What the composer computes, held against Python's: order links, links sealed to the bot, passphrases."""

import base64
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from bot import passphrases
from reveal_web.assets import Asset, page_script
from reveal_web.machines import composer_assets
from store.formats import base64url, delivery_v1, order_link_v1
from store.formats.errors import CutLinkError, MalformedError, UnusablePassphraseError
from store.formats.order_link_v1 import OrderLink
from store.link_opener import DeliveryKey
from tests.browser.serving import application, serving

pytestmark = pytest.mark.asyncio(loop_scope="session")
HERE = Path(__file__).parent
LINK = OrderLink(bytes(range(16)), bytes(range(100, 132)))
FRAGMENT = LINK.url("").partition("#")[2]
IDS = ["AAECAwQFBgcICQoLDA0ODw", "AAECAwQFBgcICQoLDA0OD", "AAECAwQFBgcICQoLDA0ODx", "AAECAwQFBgcICQoLDA0ODA", ""]
FRAGMENTS = [
    FRAGMENT,
    FRAGMENT[:-1],
    FRAGMENT + "A",
    "2" + FRAGMENT[1:],
    "1p" + FRAGMENT[1:],
    FRAGMENT.replace(".", ":", 1),
    FRAGMENT[:45] + "-" + FRAGMENT[46:],
    FRAGMENT[:10] + ("A" if FRAGMENT[10] != "A" else "B") + FRAGMENT[11:],
    FRAGMENT[:44] + "!" + FRAGMENT[45:],
    FRAGMENT[:-1] + "=",
    "1",
    "",
]
TYPED = [
    *("1234", "12 34", "1-2-3", "12", "+49 (30) 1234", "\uff11\uff12\uff13\uff14", "12a4", "amber tiger"),
    *("Amber - Tiger", "amber", "a b c d", "amber_tiger", "", "   ", "abc", "pässwörd", "ab\u200bcd", "ab\x07cd"),
    *("\ud800abcd", "x" * 300, "----1----", "👩🏽\u200d💻🔑🔑🔑"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def formats(chromium: Browser) -> AsyncIterator[Page]:
    """A page under the composer's own policy that holds its formats as `formats`."""
    page = composer_assets.load("http://127.0.0.1")
    workers = {name: next(path for path in page.files if f"/kdf-{name}-" in path) for name in ("wasm", "plain")}

    def module(name: str) -> str:
        return (HERE / name).read_text("utf-8") if name == "formats_page.js" else composer_assets.module(name)

    script = page_script("formats_page.js", workers, module).encode()
    digest = base64.b64encode(hashlib.sha384(script).digest())
    # The policy asks every script for its integrity hash; one made by hand here keeps the page as strict.
    tag = b'<script type="module" src="/assets/formats.js" integrity="sha384-%s"></script>' % digest
    extra = {"/assets/formats.js": Asset(script, "text/javascript; charset=utf-8", {})}
    app = application(page, extra, b"<!doctype html><title>formats</title>" + tag)
    async with serving(app) as url:
        tab = await chromium.new_page()
        await tab.goto(f"{url}/s/x")
        await tab.wait_for_function("globalThis.formats !== undefined")
        yield tab
        await tab.close()


async def call(page: Page, name: str, *values: object) -> Any:
    """One call of a format."""
    return await page.evaluate("([name, values]) => formats[name](...values)", [name, list(values)])


@pytest.mark.parametrize("id_text", IDS)
@pytest.mark.parametrize("fragment", FRAGMENTS)
async def test_both_read_an_order_link_alike(formats: Page, id_text: str, fragment: str) -> None:
    """Whole, cut and malformed are the same to both."""
    try:
        link = order_link_v1.parse(id_text, fragment)
        expected: object = {"idText": link.id_text, "tokenText": link.token_text}
    except CutLinkError:
        expected = {"refused": "cut"}
    except MalformedError:
        expected = {"refused": "malformed"}
    assert await call(formats, "parseOrderLink", id_text, fragment) == expected


async def test_the_bot_opens_what_the_page_seals_to_it(formats: Page) -> None:
    """With its own key and for this id alone; each time it is another text."""
    key = DeliveryKey.parse(DeliveryKey.generate())
    link = "https://drop.example/s/AAECAwQFBgcICQoLDA0ODw#1p.ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1-f4CBgoM.sCW9"
    sealed = [
        base64url.decode(await call(formats, "sealLink", base64url.encode(key.public), IDS[0], link)) for _ in range(2)
    ]
    assert [delivery_v1.unseal(key.private, bytes(range(16)), one) for one in sealed] == [link, link]
    assert {len(one) for one in sealed} == {delivery_v1.sealed_bytes("https://drop.example")}
    assert sealed[0] != sealed[1]
    with pytest.raises(MalformedError):
        delivery_v1.unseal(key.private, bytes(16), sealed[0])
    other = DeliveryKey.parse(DeliveryKey.generate())
    with pytest.raises(MalformedError):
        delivery_v1.unseal(other.private, bytes(range(16)), sealed[0])


@pytest.mark.parametrize("key", [bytes(65), b"\x04" + bytes(64), b"\x04" + b"\xff" * 64, bytes(33), b""])
async def test_nothing_is_sealed_to_what_is_no_key(formats: Page, key: bytes) -> None:
    """A server that hands out nonsense gets no link."""
    assert await call(formats, "sealLink", base64url.encode(key), IDS[0], "https://x") == {"refused": "malformed"}


@pytest.mark.parametrize("text", TYPED)
async def test_a_typed_passphrase_means_the_same_as_in_the_bot(formats: Page, text: str) -> None:
    """Its form, its odds, and why it is refused."""
    expected = in_the_bot(text)
    assert await call(formats, "typed", text) == expected
    if "text" in expected:
        assert await call(formats, "odds", text) == passphrases.typed(text).tries_for_one


def in_the_bot(text: str) -> dict[str, object]:
    """What the bot makes of it, in the page's words."""
    try:
        return {"text": text, "form": passphrases.typed(text).form, "wasMade": False}
    except passphrases.TooShortError:
        return {"refused": "too-short"}
    except UnusablePassphraseError as error:
        return {"refused": error.reason}


async def test_made_passphrases_are_four_words_of_the_list(formats: Page) -> None:
    """BIP-39's 2,048 English words, each as likely as any other; no two passphrases alike."""
    words = composer_assets.module("bip39-english.js").split("`")[1].split("\n")
    assert (len(words), len(set(words))) == (2048, 2048)
    made = [await call(formats, "made") for _ in range(50)]
    assert len({one["text"] for one in made}) == 50
    for one in made:
        assert (one["form"], one["wasMade"]) == ("words", True)
        assert len(one["text"].split(" ")) == 4
        assert set(one["text"].split(" ")) <= set(words)
        assert passphrases.typed(one["text"]).form == "words"


async def test_no_number_is_likelier_than_another(formats: Page) -> None:
    """A number of the last, incomplete round is thrown away and drawn again."""
    drawn = """async (count) => {
        const real = crypto.getRandomValues;
        const numbers = [50000, 65535, 123];
        crypto.getRandomValues = (into) => { into[0] = numbers.shift(); return into; };
        try { return [formats.below(count), numbers.length]; } finally { crypto.getRandomValues = real; }
    }"""
    assert await formats.evaluate(drawn, 40_000) == [123, 0]
    assert await formats.evaluate(drawn, 2048) == [50_000 % 2048, 2]
