"""What Python seals the browser opens, and the reverse: each against the other's own code, with fresh random keys."""

import secrets
from typing import Any

import pytest
from playwright.async_api import Page

from store.formats import base64url, derivation_v1, link_v1, payload_v1
from store.formats.header_v1 import Header, encode
from store.formats.link_v1 import Link
from store.formats.passphrase_v1 import canon
from store.formats.payload_v1 import File, Text
from store.formats.seal_v1 import open_sealed, seal

pytestmark = pytest.mark.asyncio(loop_scope="session")

SECRETS = [
    (Text("sk_live_1\r\n\u2028 \U0001f511 \u05e9\u05dc\u05d5\u05dd\n"), "12 34"),
    (Text(""), None),
    (File("ключ.pem", "application/x-pem-file", bytes(range(256)) * 40), "0099"),
    (File("empty", "", b""), None),
]


def _plainly(content: Text | File) -> dict[str, Any]:
    if isinstance(content, Text):
        return {"text": content.text}
    return {"file": {"name": content.name, "type": content.type, "body": content.body.hex()}}


def _members(content: Text | File) -> dict[str, Any]:
    kind = "text" if isinstance(content, Text) else "file"
    times = {"created_at": 1_795_000_000, "expires_at": 1_795_003_600}
    return {"form": "digits", "kind": kind, **times, "sender": 'Dana "D" Петрова', "label": "a\\b\u2028c"}


@pytest.mark.parametrize(("content", "typed"), SECRETS)
async def test_the_browser_opens_what_python_seals(formats: Page, content: Text | File, typed: str | None) -> None:
    """A drop sealed by Python opens in the browser to the same bytes."""
    link = Link(secrets.token_bytes(16), secrets.token_bytes(32), "n" if typed is None else "p")
    header = encode(Header(id=link.id, mode=link.mode, **_members(content)))
    passphrase = None if typed is None else canon("digits", typed)
    sealed = seal(link, header, passphrase, content, secrets.token_bytes(12))
    case = {
        "id_text": link.id_text,
        "fragment": link.fragment(),
        "header": header,
        "passphrase": passphrase and passphrase.hex(),
        "envelope": sealed.envelope.hex(),
    }
    opened = await formats.evaluate("(each) => formats.open(each)", case)
    assert opened["content"] == _plainly(content)
    assert opened["authToken"] == sealed.auth_token.hex()


@pytest.mark.parametrize(("content", "typed"), SECRETS)
async def test_python_opens_what_the_browser_seals(formats: Page, content: Text | File, typed: str | None) -> None:
    """A drop sealed by the browser opens in Python, and both derive the same proofs for the server."""
    passphrase = None if typed is None else canon("digits", typed)
    case = {"content": _plainly(content), "members": _members(content), "passphrase": passphrase and passphrase.hex()}
    sealed = await formats.evaluate("(each) => formats.seal(each)", case)
    link = link_v1.parse(sealed["idText"], sealed["fragment"])
    assert open_sealed(link, sealed["header"], passphrase, bytes.fromhex(sealed["envelope"])) == content
    assert derivation_v1.link_proof(link).hex() == sealed["link_proof"]
    assert derivation_v1.derive(link, passphrase).auth_token.hex() == sealed["auth_token"]
    assert base64url.encode(link.id) == sealed["idText"]


async def test_every_seal_has_its_own_id_key_and_nonce(formats: Page) -> None:
    """Two seals of one secret share nothing."""
    case = {"content": {"text": "x"}, "members": _members(Text("x")), "passphrase": None}
    one, two = [await formats.evaluate("(each) => formats.seal(each)", case) for _ in range(2)]
    assert one["idText"] != two["idText"]
    assert one["fragment"] != two["fragment"]
    assert one["envelope"][2:26] != two["envelope"][2:26]


async def test_half_a_character_is_not_sealed(formats: Page) -> None:
    """A secret that has no bytes is refused, rather than sealed as something else."""
    lone = "() => formats.seal({content: {text: 'a\\ud800'}, members: {}, passphrase: null}).catch((e) => e.message)"
    assert await formats.evaluate(lone) == "lone surrogate"
    assert payload_v1.encode(Text("a"))
