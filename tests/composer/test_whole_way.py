"""From what somebody types or chooses to what opens, byte for byte."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.async_api import expect

from store.formats.payload_v1 import File, Text
from store.words import OrderState
from tests.browser.visiting import Visit
from tests.composer.hands import choose, seal
from tests.composer.real_composer import RealComposer

pytestmark = pytest.mark.asyncio(loop_scope="session")
MIB = 1024 * 1024
PEM = (
    rsa.generate_private_key(public_exponent=65537, key_size=4096)
    .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    .decode()
)
ACCOUNT = json.dumps({"type": "service_account", "private_key": PEM, "client_email": "é@example.com"}, indent=2)
TEXTS = {
    "one byte": "x",
    "3,000 characters": "aé漢" * 1000,
    "trailing newline": "secret\n",
    "blanks around": "  \t secret \n\n ",
    "emoji": "🔑👩🏽‍💻",
    "right to left": "סוד \u202e مفتاح",
    "PEM": PEM,
    "service account": ACCOUNT,
    "quotes and zero": 'a"\\\u0001</script>&amp;',
}


@pytest.mark.parametrize("name", TEXTS)
async def test_a_text_arrives_as_it_was_typed(composer: RealComposer, visit: Visit, name: str) -> None:
    """Nothing is trimmed, normalised or escaped between the field and whoever opens it."""
    await visit.come(await composer.order())
    await visit.page.fill("#secret", TEXTS[name])
    passphrase = await seal(visit.page)
    assert len(passphrase.split()) == 4
    assert await composer.opened(passphrase) == Text(TEXTS[name])


@pytest.mark.parametrize(
    ("name", "content"),
    [("key.pem", PEM.encode().replace(b"\n", b"\r\n")), ("ключ 🔑.bin", bytes(range(256)) * 3), ("a", b"\0")],
)
async def test_a_file_arrives_with_its_name(composer: RealComposer, visit: Visit, name: str, content: bytes) -> None:
    """Its bytes, its name and its type."""
    await visit.come(await composer.order())
    await choose(visit.page, name, content, "application/x-thing")
    await expect(visit.page.locator(".file")).to_contain_text(f"{len(content):,} byte")
    assert await composer.opened(await seal(visit.page)) == File(name, "application/x-thing", content)


async def test_ten_mebibytes_fit_and_one_byte_more_does_not(composer: RealComposer, visit: Visit) -> None:
    """The largest file arrives whole; a larger one is refused before it is read, and nothing is lost."""
    largest = b"\x00\xff" * (5 * MIB)
    await visit.come(await composer.order())
    await choose(visit.page, "too.bin", largest + b"x")
    await expect(visit.page.locator("#problem")).to_contain_text("That file is too large.")
    await choose(visit.page, "just.bin", largest)
    await expect(visit.page.locator(".file")).to_contain_text("10,485,760 bytes")
    found = await composer.opened(await seal(visit.page))
    assert isinstance(found, File)
    assert found.body == largest


async def test_what_was_ordered_stands_in_the_header(composer: RealComposer, visit: Visit) -> None:
    """Sender, label and time are the order's, by the server's clock, and the drop uses the order up."""
    composer.home.advance_clock(-400)
    url = await composer.order(lives_seconds=7200)
    await visit.come(url)
    await visit.page.fill("#secret", "s")
    await seal(visit.page)
    header = (await composer.arrived()).header
    assert (header.sender, header.label, header.kind, header.form) == (
        "Maya Okafor",
        "Stripe restricted key",
        "text",
        "words",
    )
    assert header.expires_at - header.created_at == 7200
    assert abs(header.created_at - composer.web.clock.now_seconds()) < 60
    assert await composer.state(url) is OrderState.USED
