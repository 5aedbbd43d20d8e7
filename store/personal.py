"""
Who a drop is from and for, and what it is called: read out of its row, and sealed for it.

Every way in and out of what the database keeps under the key of a month is here.  Whoever reads a drop whose month was
erased, or whose people were forgotten, is given ERASED for a name and nothing for an id.
"""

import json
import secrets
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from sqlalchemy import Row

from store.errors import KeyUnreadableError
from store.formats import header_v1, personal_v1
from store.formats.errors import MalformedError
from store.known_as import known_as
from store.months import Months

ERASED: Final = "(erased)"
SENDER: Final = "sender"
RECIPIENT: Final = "recipient"
_PEOPLE: Final = "people"
_HINT: Final = "hint"
_DISCLOSURE: Final = "disclosure"
_PLACE: Final = "place"
_ORDER: Final = "order"
_TOKEN: Final = "token"
_REQUEST: Final = "request"
_RECORD: Final = "record"
_RECORD_HEADER: Final = "record_header"
_ASKED: Final = "asked"


@dataclass(frozen=True)
class Personal:
    """What of a drop is about people; `header` is verbatim.  An id that was erased is empty."""

    team_id: str
    sender_id: str
    recipient_id: str
    recipient_name: str
    recipient_team: str | None
    header: str
    reference: str | None = None

    def disclosed(self) -> dict[str, str | None]:
        """What drop.created and the receipt commit to, by the names of their disclosures."""
        header = _header(self.header)
        return {
            "team": self.team_id,
            "sender": self.sender_id,
            "sender_name": header.sender if header else None,
            "recipient": self.recipient_id,
            "recipient_name": self.recipient_name,
            "label": header.label if header else None,
            "reference": self.reference,
        }

    def without(self, role: str) -> "Personal":
        """Without one of the two people, and without what may name them in somebody's own words."""
        header = _header(self.header)
        if header is not None:
            name = ERASED if role == SENDER else header.sender
            text = header_v1.encode(replace(header, sender=name, label=ERASED))
        else:
            text = ""
        bare = replace(self, header=text, reference=None)
        if role == SENDER:
            return replace(bare, sender_id="")
        return replace(bare, recipient_id="", recipient_name=ERASED, recipient_team=None)


def pseudonym(month_key: bytes, role: str, person: str) -> bytes:
    """What stands for somebody in the columns `sender` and `recipient`, however their address was typed."""
    return personal_v1.pseudonym(month_key, role, known_as(person))


def pseudonyms(month_key: bytes, role: str, person: str) -> set[bytes]:
    """The same, and what stood for an address as it was typed before addresses were known in one spelling."""
    return {pseudonym(month_key, role, person), personal_v1.pseudonym(month_key, role, person)}


def seal(month_key: bytes, drop_id: bytes, personal: Personal) -> bytes:
    """For the column `personal`."""
    plain = json.dumps(asdict(personal), ensure_ascii=False).encode("utf-8", "surrogatepass")
    return _sealed(month_key, _PEOPLE, drop_id, plain)


def seal_hint(month_key: bytes, drop_id: bytes, hint: str | None) -> bytes | None:
    """For the column `hint`."""
    if hint is None:
        return None
    return _sealed(month_key, _HINT, drop_id, hint.encode())


def seal_disclosure(month_key: bytes, digest: str, text: str) -> bytes:
    """For the column `disclosure`; `digest` is the row's."""
    return _sealed(month_key, _DISCLOSURE, digest.encode(), text.encode())


def seal_place(month_key: bytes, drop_id: bytes, audience: str, text: str) -> bytes:
    """For the column `place` of messages."""
    return _sealed(month_key, _PLACE, drop_id + audience.encode(), text.encode())


def seal_order(month_key: bytes, order_id: bytes, text: str) -> bytes:
    """For the column `personal` of orders."""
    return _sealed(month_key, _ORDER, order_id, text.encode("utf-8", "surrogatepass"))


def seal_token(month_key: bytes, whose: bytes, text: str) -> bytes:
    """For the column `personal` of tokens; `whose` is what of the row it is bound to, which opens it again."""
    return _sealed(month_key, _TOKEN, whose, text.encode())


def seal_request(month_key: bytes, order_id: bytes, text: str) -> bytes:
    """For the column `place` of orders."""
    return _sealed(month_key, _REQUEST, order_id, text.encode())


def seal_record(month_key: bytes, record_id: bytes, text: str) -> bytes:
    """For the column `personal` of records."""
    return _sealed(month_key, _RECORD, record_id, text.encode())


def seal_record_header(month_key: bytes, record_id: bytes, header: str) -> bytes:
    """For the column `header` of record_pages."""
    return _sealed(month_key, _RECORD_HEADER, record_id, header.encode())


def seal_asked(month_key: bytes, record_id: bytes, plain: bytes) -> bytes:
    """For the column `wrapped_key` of asked_records."""
    return _sealed(month_key, _ASKED, record_id, plain)


def of_row(months: Months, row: Row[Any]) -> Personal:
    """A drop's people; the row has id, month, personal and the times.  Raises KeyUnreadableError."""
    plain = _opened(months, row.month, row.personal, _PEOPLE, row.id)
    if plain is None:
        return _nobody(row)
    try:
        return Personal(**json.loads(plain.decode("utf-8", "surrogatepass")))
    except (ValueError, TypeError) as error:
        raise KeyUnreadableError("what is kept of a drop's people cannot be read") from error


def hint_of(months: Months, row: Row[Any]) -> str | None:
    """A live drop's hint; the row has id, month and hint.  Raises KeyUnreadableError."""
    plain = _opened(months, row.month, row.hint, _HINT, row.id)
    return None if plain is None else plain.decode()


def disclosure_of(months: Months, row: Row[Any]) -> str | None:
    """The text of a row of disclosures, or None where its month was erased.  Raises KeyUnreadableError."""
    plain = _opened(months, row.month, row.disclosure, _DISCLOSURE, row.digest.encode())
    return None if plain is None else plain.decode()


def place_of(months: Months, row: Row[Any]) -> str | None:
    """The text of a row of messages, or None where its month was erased.  Raises KeyUnreadableError."""
    plain = _opened(months, row.month, row.place, _PLACE, row.drop_id + row.audience.encode())
    return None if plain is None else plain.decode()


def order_of(months: Months, month: str, order_id: bytes, sealed: bytes) -> str | None:
    """The text of a row of orders, or None where its month was erased.  Raises KeyUnreadableError."""
    plain = _opened(months, month, sealed, _ORDER, order_id)
    return None if plain is None else plain.decode("utf-8", "surrogatepass")


def token_of(months: Months, month: str, whose: bytes, sealed: bytes) -> str | None:
    """The text of a row of tokens, or None where its month was erased.  Raises KeyUnreadableError."""
    plain = _opened(months, month, sealed, _TOKEN, whose)
    return None if plain is None else plain.decode()


def record_of(months: Months, month: str, record_id: bytes, sealed: bytes | None) -> str | None:
    """The text of a row of records, or None where its month was erased.  Raises KeyUnreadableError."""
    plain = _opened(months, month, sealed, _RECORD, record_id)
    return None if plain is None else plain.decode()


def record_header_of(months: Months, month: str, record_id: bytes, sealed: bytes | None) -> str | None:
    """The header of a record's page, or None where its month was erased.  Raises KeyUnreadableError."""
    plain = _opened(months, month, sealed, _RECORD_HEADER, record_id)
    return None if plain is None else plain.decode()


def asked_of(months: Months, month: str, record_id: bytes, sealed: bytes) -> bytes | None:
    """What a row of asked_records holds sealed, or None where its month was erased.  Raises KeyUnreadableError."""
    return _opened(months, month, sealed, _ASKED, record_id)


def request_of(months: Months, row: Row[Any]) -> str | None:
    """The place in a row of orders, or None where there is none or its month was erased.  Raises KeyUnreadableError."""
    plain = _opened(months, row.month, row.place, _REQUEST, row.id)
    return None if plain is None else plain.decode()


def _sealed(month_key: bytes, what: str, whose: bytes, plain: bytes) -> bytes:
    return personal_v1.seal(month_key, what, whose, plain, secrets.token_bytes(personal_v1.NONCE_BYTES))


def _opened(months: Months, month: str, sealed: bytes | None, what: str, whose: bytes) -> bytes | None:
    key = None if sealed is None else months.read(month)
    if key is None or sealed is None:
        return None
    try:
        return personal_v1.unseal(key, what, whose, sealed)
    except MalformedError as error:
        # Another key in the file's place answers like no key: what is gone for now must not look like what was erased.
        raise KeyUnreadableError(f"what is kept under the key of {month} does not open with it") from error


def _nobody(drop: Row[Any]) -> Personal:
    header = header_v1.Header(
        id=drop.id,
        mode="p",
        form="free",
        kind="text",
        created_at=drop.created_at // 1000,
        expires_at=drop.expires_at // 1000,
        sender=ERASED,
        label=ERASED,
    )
    return Personal("", "", "", ERASED, None, header_v1.encode(header))


def _header(text: str) -> header_v1.Header | None:
    try:
        return header_v1.parse(text)
    except MalformedError:  # an ending must not fail because something in the row was damaged
        return None
