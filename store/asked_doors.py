"""
The two doors of records as clients ask for them: what waits of each for the bot, and how the bot seals it.

What is sealed for a key, or for a link and a passphrase, waits under the key of the month: in clear it would open, with
the box beside it, in a copy of the database made just then, for whoever has the key, or finds the passphrase, long
after the record has ended.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from store import personal, record_pages
from store.errors import UnacceptableRecordError
from store.formats import asked_page_v1, asked_record_v1, header_v1, record_page_v1, record_v1
from store.formats.api_token_v1 import ApiToken
from store.formats.asked_page_v1 import AskedPage
from store.formats.asked_record_v1 import AskedRecord, Wanted
from store.formats.errors import FormatError
from store.formats.record_v1 import Chance, Inside
from store.months import Months
from store.opened import Store
from store.record_doors import Opener, RecordDoor, Sealed
from store.record_names import is_label

Asked = AskedRecord | AskedPage

_EARLIEST: Final = 1200
_LATEST: Final = 60
_NO_PROOF: Final = b""
"""In place of a key's hash: of link and passphrase nothing is kept in clear."""


@dataclass(frozen=True)
class _ByKey:
    """For programs: the client has sealed it for a key of its own, which nobody here has."""

    asked: AskedRecord

    @property
    def id(self) -> bytes:
        """Which record."""
        return self.asked.id

    @property
    def door(self) -> RecordDoor:
        """The door for programs."""
        return RecordDoor.API

    def seal(self, ring_key: bytes, version: int, value: str, chance: Chance) -> Sealed:
        """The keyring's layer around what came sealed; there is no value."""
        return Sealed(self.asked.proof, record_v1.stored(self.id, ring_key, version, self.asked.inside, chance.outer))

    async def stand(self, tx: AsyncConnection, store: Store, month: str) -> None:
        """A key needs nothing beside the row."""


@dataclass(frozen=True)
class _ByPage:
    """For people: the client has sealed it for a link and a passphrase, which nobody here has."""

    asked: AskedPage

    @property
    def id(self) -> bytes:
        """Which record."""
        return self.asked.id

    @property
    def door(self) -> RecordDoor:
        """The door for people."""
        return RecordDoor.PAGE

    def seal(self, ring_key: bytes, version: int, value: str, chance: Chance) -> Sealed:
        """The keyring's layer around what came sealed; there is no value."""
        derived, inside = self.asked.derived, self.asked.inside
        proof = record_page_v1.proof(ring_key, self.id, derived.auth_token)
        stored = record_page_v1.stored(self.id, ring_key, version, derived.commit, inside, chance.outer)
        return Sealed(proof, stored)

    async def stand(self, tx: AsyncConnection, store: Store, month: str) -> None:
        """As `record_pages.stand`."""
        proof, header, hint = self.asked.derived.link_proof, self.asked.header, self.asked.hint
        await record_pages.stand(tx, store, month, self.id, link_proof=proof, header=header, hint=hint)


def door_of(asked: Asked) -> RecordDoor:
    """By what it is to be read."""
    return RecordDoor.PAGE if isinstance(asked, AskedPage) else RecordDoor.API


def opener(asked: Asked) -> Opener:
    """Whatever it is sealed for."""
    return _ByPage(asked) if isinstance(asked, AskedPage) else _ByKey(asked)


def lives_until(asked: Asked, present: int) -> int:
    """When it is over, where it is made at `present` (both milliseconds): a page's as it says itself."""
    if isinstance(asked, AskedPage):
        return header_v1.parse(asked.header).expires_at * 1000
    return present + asked.wanted.lives_seconds * 1000


def require_fitting(asked: Asked, present: int) -> None:
    """
    A page says of its record what the client says of it, at `present` (milliseconds).

    Raises UnacceptableRecordError: what was sealed under another header opens for nobody, or says what is not so.
    """
    if not isinstance(asked, AskedPage):
        return
    try:
        header = header_v1.parse(asked.header)
    except FormatError as error:
        raise UnacceptableRecordError(f"its header cannot be read: {error}") from None
    if header.id != asked.id:
        raise UnacceptableRecordError("its header is for another id")
    if (header.mode, header.kind) != ("p", "text"):
        raise UnacceptableRecordError("a page has a passphrase and holds a text: mode p, kind text")
    if header.label != asked.wanted.label:
        raise UnacceptableRecordError("its header names another label")
    if not is_label(header.sender):
        raise UnacceptableRecordError("its header's sender is 1 to 100 letters and signs on one line")
    if header.expires_at - header.created_at != asked.wanted.lives_seconds:
        raise UnacceptableRecordError("its header lets it live for another time")
    if not present // 1000 - _EARLIEST <= header.created_at <= present // 1000 + _LATEST:
        raise UnacceptableRecordError("its header was made at another time; is the clock right?")
    if header.expires_at * 1000 <= present:
        raise UnacceptableRecordError("its time is over already")


def sender_of(asked: Asked) -> str | None:
    """What its page calls whoever made it; None where there is no page."""
    return header_v1.parse(asked.header).sender if isinstance(asked, AskedPage) else None


def columns(month_key: bytes, asked: Asked) -> Mapping[str, bytes]:
    """What of a row of asked_records is the door's."""
    if isinstance(asked, AskedPage):
        proof, kept = _NO_PROOF, asked.encode_kept()
    else:
        proof, kept = asked.proof, asked.inside.wrapped_key
    return {
        "proof": proof,
        "wrapped_key": personal.seal_asked(month_key, asked.id, kept),
        "box": asked.inside.box,
        "personal": personal.seal_order(month_key, asked.id, asked.wanted.encode()),
    }


def of_row(months: Months, row: Row[Any]) -> Asked | None:
    """What waits; None where its month was erased.  Raises FormatError and KeyUnreadableError for what is damaged."""
    text = personal.order_of(months, row.month, row.id, row.personal)
    kept = personal.asked_of(months, row.month, row.id, row.wrapped_key)
    if text is None or kept is None:
        return None
    wanted = Wanted.parse(text)
    if row.proof == _NO_PROOF:
        return AskedPage.parse_kept(row.id, kept, row.box, wanted)
    return AskedRecord(row.id, row.proof, Inside(kept, row.box), wanted)


def to_seal(token: ApiToken, asked: Asked, until: int) -> str:
    """As the format of its door has it."""
    if isinstance(asked, AskedPage):
        return asked_page_v1.to_seal(token, asked, until)
    return asked_record_v1.to_seal(token, asked, until)


def token_in(opened: str, asked: Asked, now: int) -> ApiToken:
    """As the format of its door has it.  Raises MalformedError."""
    if isinstance(asked, AskedPage):
        return asked_page_v1.token_in(opened, asked, now)
    return asked_record_v1.token_in(opened, asked, now)
