"""A small installation for the routes to be about: drops, records, orders, a token, a pack, all of them real."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from store import claims, creation, deliveries, orders, records, tokens
from store.door import Visitor
from store.formats import base64url
from store.incident import links
from store.records import Named
from store.words import Scope
from tests.sealed_elsewhere import published, record_said, sealed_record
from tests.store.looking import made_page
from tests.store.packs import kept
from tests.store.sealing_under_orders import terms
from tests.stores import Home, Sealed, seal
from tests.web.test_asking import WISHES

_KEY: Final = base64url.encode(bytes(32))
_DROPS: Final = 12
_TOKENS: Final = 20
_NOBODY: Final = Visitor()


@dataclass(frozen=True)
class Known:
    """
    What a request may name.  `ids` are by the folder that an address begins with, `bodies` by the end of a route.

    `headers` are those that let somebody in.
    """

    ids: Mapping[str, list[str]]
    bodies: Mapping[str, list[Any]]
    headers: Mapping[str, list[str]]


async def furnished(home: Home) -> Known:
    """Put all of it into an installation that is prepared."""
    async with home.open("bot") as store:
        await published(store, home)
        # Several, because of one token only so much is answered a second.
        people = ["UMAYA", "UMAYA", *(f"UMAYA{number}" for number in range(_TOKENS - 2))]
        made = [await tokens.make(store, "TWORKSPACE", person, scopes=frozenset(Scope)) for person in people]
        order = await orders.place(store, terms())
        page = await made_page(store)
        named = Named("Key", owner="UMAYA", team="TWORKSPACE")
        key, _ = await records.make(store, named, "value", lives_seconds=9999)
        pack = await kept(store.db, home.path / "zip", bytes(70_000))
        sheet = links.give(store, "UDANA", "TWORKSPACE", with_labels=True, pages={}).text
    async with home.open("web") as store:
        drops = [await _delivered(store) for _ in range(_DROPS)]
        ended = drops[0].present()
        await claims.claim(store, ended, _NOBODY)
        rid = await claims.acknowledge(store, ended.drop_id, ended.link_proof, ended.claim)
    whose = drops[1].new
    holds = {
        "link_proof": base64url.encode(whose.link_proof),
        "auth_token": base64url.encode(whose.auth_token),
        "claim": base64url.encode(secrets.token_bytes(32)),
    }
    proof = {"link_proof": holds["link_proof"]}
    asked = sealed_record()[1]
    return Known(
        ids={
            "drops": [one.link.id_text for one in drops],
            "s": [drops[1].link.id_text],
            "orders": [order.id_text],
            "c": [order.id_text],
            "records": [page.link.id_text, key.id_text],
            "r": [key.id_text],
            "v": [page.link.id_text],
            "receipts": [str(rid)],
            "evidence": [pack.hex()],
            "incident": [sheet],
            "{log}": ["log", "log", "log-2"],
            "tile": ["tile/0/000", "tile/0/000.p/1", "tile/1/x000/000", "tile/entries/000"],
        },
        bodies={
            "/door": [proof, page.door_body],
            "/claim": [holds],
            "/view": [{**proof, "auth_token": _KEY, "attempt": _KEY}],
            "/acknowledge": [{"link_proof": holds["link_proof"], "claim": holds["claim"]}],
            "/not-me": [proof],
            "/ask": [{**proof, "what": what} for what in ("passphrase", "again", "tries")],
            "/look": [{"token": order.token_text}],
            "/drop": [_handed_in(drops[2], order.token_text)],  # before an envelope, see `requests`
            "/orders": [WISHES],
            "/records": [record_said(asked)],
            "/names": [{"token": base64url.encode(bytes(21))}],
            "/revoke": [{}],
        },
        headers={"Authorization": [f"Bearer {token.text}" for token, _ in made], "X-API-Key": [key.text]},
    )


def _handed_in(sealed: Sealed, token: str) -> dict[str, Any]:
    new = sealed.new
    said = {"token": token, "header": new.header, "link_proof": _KEY, "auth_token": _KEY}
    return {**said, "sealed_link": base64url.encode(bytes(200))}


async def _delivered(store: Any) -> Sealed:
    sealed = seal()
    await creation.create(store, sealed.new)
    await deliveries.record_delivered(store, sealed.new.id, deliveries.Place("D1", "1.000"))
    return sealed
