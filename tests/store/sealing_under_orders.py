"""Somebody who seals under an order, as a page or a client does."""

import secrets
from dataclasses import replace
from typing import Any

from store import orders
from store.formats import delivery_v1, header_v1, seal_v1
from store.formats.link_v1 import Link
from store.formats.order_link_v1 import OrderLink
from store.formats.order_v1 import Terms
from store.formats.payload_v1 import Text
from store.handing_in import HandedIn
from store.opened import Store
from store.words import OrderKind, Way
from tests.sealed_elsewhere import published
from tests.stores import PUBLIC_URL, Home

STRETCHED = b"a passphrase of four words"


def terms(**changed: Any) -> Terms:
    """What Maya lets Dana have."""
    usual = Terms(
        kind=OrderKind.COMPOSER,
        team_id="TWORKSPACE",
        sender_id="UMAYA",
        sender_name="Maya Okafor",
        recipient_id="UDANA",
        recipient_name="Dana Petrov",
        recipient_class="guest",
        recipient_team=None,
        label="Stripe restricted key",
        hint="your phone",
        lives_seconds=86_400,
        way="dm",
        template="anything",
        on_lock="lock",
        reference="OPS-7",
        salt=orders.new_salt(),
    )
    return replace(usual, **changed)


def seal_under(
    public: bytes,
    wanted: Terms,
    now: int,
    *,
    secret: str = "sk_live_canary",
    public_url: str = PUBLIC_URL,
    **header: Any,
) -> tuple[Link, HandedIn]:
    """A drop as a page seals it on these terms at this second; `header` are members that are others."""
    link = Link(header.pop("drop_id", secrets.token_bytes(16)), secrets.token_bytes(32), header.pop("mode", "p"))
    said: dict[str, Any] = {
        "id": link.id,
        "mode": link.mode,
        "form": "words",
        "kind": "text",
        "created_at": now,
        "expires_at": now + wanted.lives_seconds,
        "sender": wanted.sender_name,
        "label": wanted.label,
    }
    text = header_v1.encode(header_v1.Header(**said | header))
    passphrase = STRETCHED if link.mode == "p" else None
    sealed = seal_v1.seal(link, text, passphrase, Text(secret), secrets.token_bytes(12))
    to_bot = None if wanted.way == Way.SHOWN else delivery_v1.seal(public, link.id, link.url(public_url))
    return link, HandedIn(text, sealed.envelope, sealed.link_proof, sealed.auth_token, to_bot)


async def ordered(bot: Store, home: Home, **changed: Any) -> tuple[OrderLink, Terms, bytes]:
    """An order that the bot has placed, its terms, and the key to seal the link to."""
    wanted = terms(**changed)
    return await orders.place(bot, wanted), wanted, await published(bot, home)
