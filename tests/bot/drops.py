"""Drops as the store shows them, in every state, without a store."""

import secrets
from dataclasses import replace
from typing import Any

from store.drops import Drop
from store.formats.header_v1 import Header
from store.words import Delivery, Outcome, SealedBy, State, Way

NOW_MS = 1_790_000_000_000
DAY_MS = 86_400_000


def sealed(**changed: Any) -> Drop:
    """A delivered drop that waits."""
    drop_id = secrets.token_bytes(16)
    header = Header(
        id=drop_id,
        mode="p",
        form="digits",
        kind="text",
        created_at=NOW_MS // 1000,
        expires_at=(NOW_MS + DAY_MS) // 1000,
        sender="Maya Castillo",
        label="Stripe restricted key",
    )
    drop = Drop(
        id=drop_id,
        state=State.SEALED,
        outcome=None,
        ended_by=None,
        delivery=Delivery.DELIVERED,
        team_id="T0TEAM",
        sender_id="U0MAYA",
        recipient_id="U0DANA",
        recipient_name="Dana Okafor",
        recipient_class="guest",
        template="anything",
        sealed_by=SealedBy.BOT,
        on_lock="lock",
        form=drop_id,
        header=header,
        hint=None,
        created_at=NOW_MS,
        expires_at=NOW_MS + DAY_MS,
        door_opened_at=None,
        claimed_at=None,
        ended_at=None,
        destroyed_at=None,
        guesses=0,
        round_guesses=0,
        unlocks=0,
        sends=0,
        way=Way.DM,
        recipient_team="T0TEAM",
        paused_at=None,
        receipt=None,
    )
    return replace(drop, **changed)


def labelled(label: str, sender: str = "Maya Castillo", **changed: Any) -> Drop:
    """A drop with other words in its header."""
    drop = sealed(**changed)
    return replace(drop, header=replace(drop.header, label=label, sender=sender))


def ended(outcome: Outcome, **changed: Any) -> Drop:
    """A destroyed drop."""
    claimed = NOW_MS + 60_000 if outcome in (Outcome.VIEWED, Outcome.RELEASED) else None
    return sealed(
        state=State.DESTROYED,
        outcome=outcome,
        claimed_at=claimed,
        ended_at=NOW_MS + 61_000,
        destroyed_at=NOW_MS + 61_100,
        **{"receipt": "0" * 32, **changed},
    )


def ending(outcome: Outcome, **changed: Any) -> Drop:
    """A drop that nobody can open any more and whose key is not erased yet."""
    return sealed(state=State.ENDING, outcome=outcome, ended_at=NOW_MS + 61_000, **changed)


ENDS_IN_STEPS = (Outcome.REVOKED, Outcome.EXPIRED, Outcome.UNDELIVERED, Outcome.LOCKED_OUT)


def every() -> dict[str, Drop]:
    """One drop for each way in which a drop can stand."""
    standing = {
        "pending": sealed(delivery=Delivery.PENDING),
        "waiting": sealed(),
        "looked-at": sealed(door_opened_at=NOW_MS + 1000),
        "shown": sealed(way=Way.SHOWN),
        "posted": sealed(way=Way.HERE),
        "from-a-page": sealed(sealed_by=SealedBy.PAGE),
        "from-a-program": sealed(sealed_by=SealedBy.CLIENT),
        "kept-by-a-program": sealed(way=Way.SHOWN, sealed_by=SealedBy.CLIENT),
        "mailed": sealed(
            way=Way.MAIL,
            recipient_id="dana@example.com",
            recipient_name="dana@example.com",
            recipient_class="email",
            recipient_team="",
        ),
        "paused": sealed(paused_at=NOW_MS + 1000),
        "unlocked": sealed(unlocks=1, guesses=5),
        "locked": sealed(state=State.LOCKED, guesses=5, round_guesses=5),
        "locked-for-good": sealed(state=State.LOCKED, guesses=15, round_guesses=5, unlocks=2),
        "claimed": sealed(state=State.CLAIMED, claimed_at=NOW_MS + 60_000, sends=1),
    }
    standing["to-be-rotated"] = sealed(rotate_by=NOW_MS + 90 * DAY_MS)
    standing["rotated"] = ended(Outcome.VIEWED, rotate_by=NOW_MS + DAY_MS, rotated_at=NOW_MS + DAY_MS)
    endings = {f"ending-{outcome.value}": ending(outcome) for outcome in ENDS_IN_STEPS}
    return standing | endings | {outcome.value: ended(outcome) for outcome in Outcome}
