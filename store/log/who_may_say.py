"""
Which program may say which event, and whose keys are believed.

The web program faces the internet: whoever owns it holds its event key, and must not be able to write into the log that
a drop was delivered or unlocked, nor that one was created, unless under an order that the bot has signed.  Believed are
the public halves in SIGNING_DIR/trusted and no others: a key that stands in the database's table alone was perhaps put
there by whoever can write to the database.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Row

from store.errors import LogStoppedError
from store.formats import base64url, jws_v1, order_v1, receipt_reading_v1, receipt_v1, record_event_v1
from store.formats.errors import FormatError, UnprovenError
from store.key_files import write_in_place_of
from store.signer import EventKey, verify
from store.words import Event, Read

_HOLDERS: Final = frozenset(
    {
        Event.DOOR_OPENED,
        Event.PASSPHRASE_FAILED,
        Event.LOCKED,
        Event.CLAIMED,
        Event.REDELIVERED,
        Event.ACKNOWLEDGED,
        Event.SECOND_CONSUMER,
        Event.ASKED,
        Event.RECORD_READ,
        Event.RECORD_LOCKED,
    }
)
# Either program ends what is overdue and finishes what a crash left; a holder and a recipient both can say "not me".
# A record's last read ends it where it is read, and whoever sweeps says how many wrong keys came meanwhile.  What makes
# a record, unlocks it, gives it another key or revokes it is its operators' alone.
_EITHER: Final = frozenset(
    {
        Event.EXPIRED,
        Event.UNDELIVERED,
        Event.DESTROYED,
        Event.RECEIPT,
        Event.NOT_ME,
        Event.RECORD_REFUSED,
        Event.RECORD_EXPIRED,
    }
)

MAY_SAY: Final[Mapping[str, frozenset[Event]]] = {
    # That a token was used for reading: nothing follows from it and nobody is told.  Whoever owns the web program reads
    # what it serves without saying so, and an event too many accuses a token of nothing but looking.
    "web": _HOLDERS | _EITHER | {Event.CREATED, Event.TOKEN_USED},
    "bot": frozenset(Event) - _HOLDERS,
}

UNKNOWN_KEY: Final = "unknown key"
RETIRED: Final = "its key was retired"


@dataclass(frozen=True)
class Speaker:
    """
    A believed key: the program it belongs to, its public half.

    `retired` is the position of the event after which nothing that it signed is believed; None while it may go on.
    """

    program: str
    jwk: str
    retired: int | None = None


def trust(signing_dir: Path, key: EventKey) -> None:
    """Believe what this key signs from here on; do nothing where it is believed, or was retired."""
    path = signing_dir / "trusted" / f"{key.program}-{key.kid}.jwk"
    if not path.exists():
        # Each by itself: a folder that is only made on the way to another is open to everybody.
        for folder in (signing_dir, path.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_in_place_of(path, key.public_jwk.encode())


def retire(signing_dir: Path, kid: str, position: int) -> None:
    """
    Believe nothing of this key that stands later than `position`.

    The earlier of two positions counts: after a restored backup a later one would let the stolen key speak again.
    """
    speaker = believed(signing_dir)[kid]
    if speaker.retired is None or speaker.retired > position:
        write_in_place_of(signing_dir / "trusted" / f"{speaker.program}-{kid}.retired", f"{position}\n".encode())


def believed(signing_dir: Path) -> Mapping[str, Speaker]:
    """The believed keys by kid.  Raises LogStoppedError for a file that is none."""
    found = {}
    for path in sorted((signing_dir / "trusted").glob("*.jwk")):
        program, _, kid = path.stem.partition("-")
        try:
            jwk = path.read_text()
            if program not in MAY_SAY or json.loads(jwk)["kid"] != kid:
                raise ValueError  # noqa: TRY301 - answered like a file that cannot be read
            end = path.with_suffix(".retired")
            found[kid] = Speaker(program, jwk, int(end.read_text()) if end.exists() else None)
        except (OSError, ValueError, KeyError, TypeError):
            raise LogStoppedError(
                f"{path.name} in SIGNING_DIR/trusted, or its .retired, is not a key that can be believed; nothing was "
                "signed. Restore both, or remove both: the events that it signed are then left out of the log"
            ) from None
    return found


def fault(event: Row[Any], speakers: Mapping[str, Speaker]) -> str | None:
    """Why the log must not take this row of `events`; None where it may."""
    speaker = speakers.get(event.kid)
    if speaker is None:
        return UNKNOWN_KEY
    if speaker.retired is not None and event.position > speaker.retired:
        return RETIRED
    try:
        claims = verify(event.leaf, speaker.jwk)
    except Exception:  # noqa: BLE001 - whatever a forged leaf does to a library: one row must not stop the log
        return "wrong signature"
    if not isinstance(claims, dict):
        return "its leaf is no event"
    said = (claims.get("evt"), claims.get("jti"), claims.get("drop"), claims.get("n"))
    drop = None if event.drop_id is None else base64url.encode(event.drop_id)
    if said != (event.event, event.jti, drop, event.n):
        return "the row says something else than its leaf"
    if event.event not in MAY_SAY[speaker.program]:
        return f"the key of {speaker.program} may not say {event.event}"
    if speaker.program == "web" and event.event == Event.CREATED and (why := _unordered(claims, event, speakers)):
        return why
    if speaker.program == "web" and event.event == Event.TOKEN_USED and claims.get("what") not in list(Read):
        return "the key of web may say token.used only of reading"
    return _misshapen(event)


def order_in(text: object, speakers: Mapping[str, Speaker], position: int | None = None) -> order_v1.Order:
    """
    The order in a text that a believed key of the bot's signed.  Raises UnprovenError for every other text.

    A key that was retired is not believed; with the `position` of an event, only if it was by then.
    """
    try:
        signed = jws_v1.parse(str(text).encode())
        speaker = speakers[signed.kid]
        is_retired = speaker.retired is not None and (position is None or position > speaker.retired)
        if signed.kind != order_v1.TYPE or speaker.program != "bot" or is_retired:
            raise UnprovenError("it is no order of the bot's")  # noqa: TRY301 - answered like every other
        verify(str(text).encode(), speaker.jwk)
        return order_v1.of_claims(signed.claims)
    except Exception:  # noqa: BLE001 - as above
        raise UnprovenError("the bot has signed no such order") from None


def _unordered(claims: Mapping[str, Any], event: Row[Any], speakers: Mapping[str, Speaker]) -> str | None:
    """Whoever owns the web program could have the log say that anybody sent anything."""
    try:
        order = order_in(claims.get("order"), speakers, event.position)
    except UnprovenError:
        return "the key of web may say drop.created only under an order of the bot's"
    iat = claims.get("iat")
    if claims.get("sealed_by") != order.sealed_by or type(iat) is not int or iat > order.until:
        return "it was created otherwise, or later, than the bot has ordered"
    return None


def _misshapen(event: Row[Any]) -> str | None:
    """A key that may sign receipts must not make one of words that no receipt says; nor an event of a record."""
    try:
        signed = jws_v1.parse(event.leaf)
    except FormatError as error:
        return f"its leaf is malformed: {error}"
    if (signed.kind == receipt_v1.TYPE) != (event.event == Event.RECEIPT):
        return "its leaf is of another type than its event"
    if event.event == Event.RECEIPT and (why := receipt_reading_v1.fault(signed.claims)):
        return f"its leaf is no receipt: {why}"
    return record_event_v1.fault(signed.claims)
