"""Drops that somebody else sealed, each with its link sealed to the bot; and records."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, replace
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import select

from store import creation, delivery_keys, orders
from store.creation import NewDrop
from store.formats import base64url, delivery_v1, header_v1, link_v1, record_page_v1, record_v1
from store.formats.asked_page_v1 import AskedPage, Derived
from store.formats.asked_record_v1 import AskedRecord, Wanted
from store.formats.header_v1 import Header
from store.formats.link_v1 import Link
from store.formats.order_v1 import Terms
from store.formats.record_key_v1 import RecordKey
from store.link_opener import LinkOpener
from store.opened import Store
from store.records import chance
from store.schema_of_deliveries import deliveries
from store.words import OrderKind, SealedBy
from tests.store.looking import HINT, SENDER, Holder
from tests.store.recording import VALUE
from tests.stores import PUBLIC_URL, Home, Sealed, seal

PASSPHRASE: Final = b"canary passphrase"


async def published(store: Store, home: Home) -> bytes:
    """The key to seal to, as a bot publishes it when it starts; its 65 bytes."""
    opener = LinkOpener(home.signing)
    await delivery_keys.publish_one_of(store.db, opener.key, opener.kids)
    newest = await delivery_keys.newest(store.db)
    assert newest is not None
    return newest.public


def elsewhere(public: bytes, *, link: str | None = None, **fields: Any) -> Sealed:
    """A drop with a passphrase and its link, sealed to this key; `link` is what is sealed in its place."""
    sealed = seal(sealed_by=SealedBy.PAGE, passphrase=PASSPHRASE, **fields)
    text = sealed.link.url(PUBLIC_URL) if link is None else link
    return replace(sealed, new=replace(sealed.new, sealed_link=delivery_v1.seal(public, sealed.new.id, text)))


async def handed_in(store: Store, home: Home, **fields: Any) -> Sealed:
    """The same, stored."""
    sealed = await ordered(store, elsewhere(await published(store, home), **fields))
    await creation.create(store, sealed.new)
    return sealed


async def ordered(store: Store, sealed: Sealed, **changed: Any) -> Sealed:
    """The same, to be created under an order for it; `changed` are terms that are others.  `store` is the bot's."""
    link = await orders.place(store, replace(terms(sealed.new), **changed))
    return replace(sealed, new=replace(sealed.new, order=link.id))


def terms(new: NewDrop, kind: OrderKind = OrderKind.COMPOSER) -> Terms:
    """The terms of an order for just this drop."""
    header = header_v1.parse(new.header)
    return Terms(
        kind=kind,
        team_id=new.team_id,
        sender_id=new.sender_id,
        sender_name=header.sender,
        recipient_id=new.recipient_id,
        recipient_name=new.recipient_name,
        recipient_class=new.recipient_class,
        recipient_team=new.recipient_team,
        label=header.label,
        hint=new.hint,
        lives_seconds=header.expires_at - header.created_at,
        way=new.way,
        template=new.template,
        on_lock=new.on_lock,
        reference=new.reference,
        salt=orders.new_salt(),
        verify=new.verify,
        unviewed_after=new.unviewed_after,
        rotate_by=new.rotate_by,
        variable=new.variable,
    )


def as_long_as_a_link() -> str:
    """Another text of the same length, which the store cannot tell from a link."""
    return secrets.token_hex(200)[: delivery_v1.sealed_bytes(PUBLIC_URL) - 81]


async def waiting(store: Store) -> set[bytes]:
    """The ids of the drops whose sealed link waits."""
    async with store.db.read() as tx:
        return set((await tx.execute(select(deliveries.c.drop_id))).scalars())


WANTED: Final = Wanted("Stripe restricted key", "https://dashboard.stripe.com/apikeys", 3600, None)


def sealed_record(**changed: Any) -> tuple[RecordKey, AskedRecord]:
    """What a client draws and seals; `changed` are wishes that are others."""
    key = RecordKey(secrets.token_bytes(16), secrets.token_bytes(32))
    inside = record_v1.inside(key, 1, VALUE, chance())
    return key, AskedRecord(key.id, key.proof, inside, replace(WANTED, **changed))


def sealed_page(
    *,
    present: int,
    sender: str = SENDER,
    header: Mapping[str, object] = MappingProxyType({}),
    **changed: Any,
) -> tuple[Holder, AskedPage]:
    """The same for people, sealed at `present` (Unix seconds); `header` is what it says otherwise than it should."""
    link = Link(secrets.token_bytes(16), secrets.token_bytes(32), "p", link_v1.RECORD)
    wanted, holder = replace(WANTED, **changed), Holder(link)
    until = present + wanted.lives_seconds
    text = header_v1.encode(Header(link.id, "p", "words", "text", present, until, sender, wanted.label))
    inside = record_page_v1.inside(link, holder.keys, 1, text, VALUE, chance())
    derived = Derived(holder.proof, holder.keys.auth_token, holder.keys.commit)
    said = json.dumps(json.loads(text) | header) if header else text
    return holder, AskedPage(link.id, said, HINT, derived, inside, wanted)


def record_said(asked: AskedRecord | AskedPage) -> dict[str, object]:
    """The same as a client says it."""
    parts = {"id": asked.id, "wrapped_key": asked.inside.wrapped_key, "box": asked.inside.box}
    said: dict[str, object] = {}
    if isinstance(asked, AskedPage):
        derived = asked.derived
        parts |= {"link_proof": derived.link_proof, "auth_token": derived.auth_token, "commit": derived.commit}
        said = {"door": "page", "header": asked.header, "hint": asked.hint}
    else:
        parts |= {"proof": asked.proof}
    return {name: base64url.encode(part) for name, part in parts.items()} | said | asdict(asked.wanted)
