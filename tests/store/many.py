"""Thousands of drops at once: rows as the verbs leave them, in every way in which a drop can stand."""

import secrets
from dataclasses import replace
from itertools import islice
from typing import Any, Final

from sqlalchemy import insert

from store import personal
from store.formats import header_v1
from store.months import month_of
from store.opened import Store
from store.schema import drops, events, recurrences
from store.schema_of_watches import watches
from store.words import Delivery, Event, Outcome, SealedBy, State, Verify, Watch, Way
from tests.stores import seal

_HOUR_MS: Final = 3_600_000
_AT_ONCE: Final = 1000
_STANDS: Final = (
    *[(State.DESTROYED, Outcome.VIEWED)] * 12,
    *[(State.DESTROYED, Outcome.EXPIRED)] * 2,
    (State.DESTROYED, Outcome.REVOKED),
    (State.DESTROYED, Outcome.UNDELIVERED),
    *[(State.SEALED, None)] * 3,
    (State.LOCKED, None),
)


async def many(
    store: Store,
    count: int,
    *,
    senders: tuple[str, ...],
    recipient: str,
    team_id: str,
    days: int,
    open_days: int | None = None,
) -> None:
    """
    So many, the newest just now and the oldest `days` ago; a fifth of those of the last `open_days` can be opened.

    Of those that were opened every tenth is to be rotated by now, and every twentieth has a second reader.
    """
    now = store.clock.now_seconds() * 1000
    month = month_of(now)
    key = store.months.to_write(month)
    model = seal(recipient_id=recipient, team_id=team_id, recipient_team=team_id).new
    header = header_v1.parse(model.header)
    known = {sender: personal.pseudonym(key, personal.SENDER, sender) for sender in senders}
    addressee = personal.pseudonym(key, personal.RECIPIENT, recipient)
    rows: dict[Any, list[dict[str, Any]]] = {drops: [], events: [], watches: [], recurrences: []}
    for number in range(count):
        drop_id, sender = secrets.token_bytes(16), senders[number // len(_STANDS) % len(senders)]
        state, outcome = _STANDS[number % len(_STANDS)]
        if number * days // count > (open_days or days):
            state, outcome = _STANDS[0]
        created_at = now - number * days * 24 * _HOUR_MS // count
        is_open, is_opened = outcome is None, outcome is Outcome.VIEWED
        expires_at = created_at + (days + 9) * 24 * _HOUR_MS if is_open else created_at + 24 * _HOUR_MS
        ended_at = None if is_open else created_at + _HOUR_MS
        text = header_v1.encode(
            replace(header, id=drop_id, created_at=created_at // 1000, expires_at=expires_at // 1000)
        )
        people = replace(model, header=text, sender_id=sender).personal
        rows[drops].append(
            {
                "id": drop_id,
                "state": state,
                "outcome": outcome,
                "ended_by": None,
                "delivery": Delivery.UNDELIVERED if outcome is Outcome.UNDELIVERED else Delivery.DELIVERED,
                "delivery_until": created_at,
                "month": month,
                "personal": personal.seal(key, drop_id, people),
                "sender": known[sender],
                "recipient": addressee,
                "recipient_class": "guest",
                "template": "anything",
                "sealed_by": SealedBy.BOT,
                "on_lock": "lock",
                "form": drop_id,
                "v1": bytes(32),
                "v2": bytes(32) if is_open else None,
                "envelope": bytes(364) if is_open else None,
                "envelope_bytes": 364,
                "created_at": created_at,
                "expires_at": expires_at,
                "guesses": 5 if state is State.LOCKED else 0,
                "round_guesses": 5 if state is State.LOCKED else 0,
                "unlocks": 0,
                "next_guess_at": 0,
                "claim_hash": bytes(32) if is_opened else None,
                "claimed_at": created_at + _HOUR_MS if is_opened else None,
                "sends": int(is_opened),
                "ended_at": ended_at,
                "destroyed_at": ended_at,
                "n": 3,
                "way": Way.DM,
                "verify": Verify.NONE,
            }
        )
        if not is_open:
            jti = f"rc_{secrets.token_hex(16)}"
            of_event = {"drop_id": drop_id, "n": 3, "event": Event.RECEIPT, "at": ended_at}
            rows[events].append({**of_event, "jti": jti, "kid": "k", "leaf": b"leaf"})
        else:
            told_at = created_at + 1 if number % 40 == 16 else None
            rows[watches].append({"drop_id": drop_id, "what": Watch.UNVIEWED, "at": created_at, "told_at": told_at})
        rows[watches].append(
            {"drop_id": drop_id, "what": Watch.HOUR_LEFT, "at": expires_at - _HOUR_MS, "told_at": None}
        )
        if is_opened:
            at = now - 1 if number % 10 == 0 else now + 90 * 24 * _HOUR_MS
            rows[watches].append({"drop_id": drop_id, "what": Watch.ROTATE, "at": at, "told_at": None})
        if is_opened and number % 20 == 1:
            what = f"{Event.SECOND_CONSUMER} passphrase=right stage=claim"
            rows[recurrences].append({"drop_id": drop_id, "what": what, "told_at": ended_at, "count": 1})
    async with store.db.write() as tx:
        for table, given in rows.items():
            left = iter(given)
            while some := list(islice(left, _AT_ONCE)):
                await tx.execute(insert(table), some)
