"""Filling a log with the events of whole drops, truly signed, with their receipts; the rows of drops are not made."""

import secrets
from typing import Any

from sqlalchemy import insert

from bench.filling import drain
from store.formats import base64url, event_v1, receipt_v1
from store.formats.receipt_v1 import Earlier
from store.log.sequencer import Sequencer
from store.opened import Store
from store.schema import events
from store.words import Event
from tests.stores import Home

EVENTS_A_DROP = 7
_AT_ONCE = 300
_SHA256 = "ab" * 32


async def fill(home: Home, web: Store, bot: Store, count: int) -> None:
    """`count` drops, created one second apart until now, each viewed; all in the log when this returns."""
    sequencer = Sequencer(bot, home.signing)
    now = bot.clock.now_seconds()
    await drain(sequencer)
    made = 0
    while made < count:
        some = range(made, min(made + _AT_ONCE, count))
        rows = [row for number in some for row in _lived(web, bot, now - count + number)]
        async with bot.db.write() as tx:
            await tx.execute(insert(events), rows)
        made += len(some)
        await drain(sequencer)


def _lived(web: Store, bot: Store, at: int) -> list[dict[str, Any]]:
    drop = secrets.token_bytes(16)
    rows: list[dict[str, Any]] = []
    committed: dict[str, event_v1.Fact] = {"sha256": _SHA256, "bytes": 333}
    created: dict[str, event_v1.Fact] = {
        "expires_at": at + 86_400,
        "object": committed,
        "sealed_by": "bot",
        "passphrase": "digits",
        "recipient_class": "guest",
        "way": "dm",
        "template": "anything",
    }
    _say(rows, bot, drop, Event.CREATED, at, created, names=6)
    _say(rows, bot, drop, Event.DELIVERED, at, {})
    _say(rows, web, drop, Event.DOOR_OPENED, at, {}, names=2)
    _say(rows, web, drop, Event.CLAIMED, at, {"may_repeat": True}, names=2)
    _say(rows, web, drop, Event.ACKNOWLEDGED, at, {})
    _say(rows, web, drop, Event.DESTROYED, at, {"outcome": "viewed", "by": "holder", "sends": 1})
    earlier = [Earlier(row["n"], row["event"], row["leaf"]) for row in rows]
    ending = receipt_v1.Ending(
        outcome="viewed",
        ended_by="holder",
        sealed_by="bot",
        created_at=at * 1000,
        expires_at=(at + 86_400) * 1000,
        claimed_at=at * 1000,
        ended_at=at * 1000,
        destroyed_at=at * 1000,
        sends=1,
        may_repeat=True,
        passphrase="verified",  # noqa: S106 - a word of a receipt
        failed_guesses=0,
        verification="none",
        second_consumers=receipt_v1.SecondConsumers(),
        object=committed,
        medium="ext4 on block device",
        database="sqlite",
        version="0.1.0",
        earlier=earlier,
    )
    jti, kind = f"rc_{secrets.token_hex(16)}", receipt_v1.TYPE
    _say(rows, web, drop, Event.RECEIPT, at, receipt_v1.facts(ending), names=6, jti=jti, kind=kind)
    return rows


def _say(
    rows: list[dict[str, Any]],
    by: Store,
    drop: bytes,
    event: Event,
    at: int,
    facts: dict[str, event_v1.Fact],
    *,
    names: int = 0,
    jti: str | None = None,
    kind: str = event_v1.TYPE,
) -> None:
    jti = jti or f"ev_{secrets.token_hex(16)}"
    signed = by.signer.sign(
        event_v1.payload(
            issuer=by.issuer,
            at_ms=at * 1000,
            jti=jti,
            event=event,
            drop=base64url.encode(drop),
            n=len(rows) + 1,
            facts=facts,
            digests=[event_v1.disclose("name", "x", secrets.token_bytes(16)).digest for _ in range(names)],
        ),
        kind,
    )
    named = {"drop_id": drop, "n": len(rows) + 1, "event": event, "at": at * 1000}
    rows.append(named | {"jti": jti, "kid": signed.kid, "leaf": signed.leaf})
