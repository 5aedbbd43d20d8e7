"""A record as it is sealed on this computer, for a key or for a link and a passphrase: the server is given neither."""

import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Final

from sendsecret.sending.chosen_passphrase import Passphrase
from store import record_lines
from store.formats import base64url, derivation_v1, header_v1, link_v1, record_key_v1, record_page_v1, record_v1
from store.formats.asked_record_v1 import Wanted
from store.formats.header_v1 import Header
from store.formats.link_v1 import Link
from store.formats.record_key_v1 import RecordKey
from store.formats.record_v1 import Inside

_FIRST: Final = 1
_OF_KEYS: Final = "r"
_PAGE: Final = "page"


@dataclass(frozen=True)
class SealedRecord:
    """
    `path` stands before its id in its address, and `body` is what the server is given.  `lines` says what opens the
    record, where its server is reached under that address: secret, and nobody can be told again.
    """

    id: bytes
    path: str
    body: bytes = field(repr=False)
    lines: Callable[[str], str] = field(repr=False)

    @property
    def id_text(self) -> str:
        """The record's id, which opens nothing."""
        return base64url.encode(self.id)


def for_programs(wanted: Wanted, value: str) -> SealedRecord:
    """With a key that is drawn here.  Raises MalformedError for what is no text, or too long."""
    key = RecordKey(secrets.token_bytes(record_key_v1.ID_BYTES), secrets.token_bytes(record_key_v1.SECRET_BYTES))
    sealed = record_v1.inside(key, _FIRST, value, _chance())
    body = _body(wanted, sealed, {"id": key.id, "proof": key.proof})
    return SealedRecord(key.id, _OF_KEYS, body, lambda public_url: record_lines.lines(key, public_url))


def for_people(wanted: Wanted, value: str, passphrase: Passphrase, sender: str) -> SealedRecord:
    """
    With a link that is drawn here; `sender` is what the page calls whoever made it.

    Takes about 130 ms.  Raises MalformedError for what is no text, or too long.
    """
    link = Link(secrets.token_bytes(link_v1.ID_BYTES), secrets.token_bytes(link_v1.KEY_BYTES), "p", link_v1.RECORD)
    made = int(time.time())
    until, form = made + wanted.lives_seconds, passphrase.form
    header = header_v1.encode(Header(link.id, "p", form, "text", made, until, sender, wanted.label))
    keys = record_page_v1.derive(link, passphrase.canonical)
    sealed = record_page_v1.inside(link, keys, _FIRST, header, value, _chance())
    proofs = {"link_proof": derivation_v1.link_proof(link), "auth_token": keys.auth_token, "commit": keys.commit}
    said = {"door": _PAGE, "header": header, "hint": None}
    body = _body(wanted, sealed, {"id": link.id, **proofs}, said)

    def lines(public_url: str) -> str:
        return record_lines.lines_of_page(link, passphrase.shown, public_url)

    return SealedRecord(link.id, link_v1.RECORD.path, body, lines)


def _body(
    wanted: Wanted, sealed: Inside, parts: Mapping[str, bytes], said: Mapping[str, str | None] | None = None
) -> bytes:
    parts = {**parts, "wrapped_key": sealed.wrapped_key, "box": sealed.box}
    texts = {name: base64url.encode(part) for name, part in parts.items()}
    return json.dumps({**texts, **(said or {}), **asdict(wanted)}, ensure_ascii=False).encode()


def _chance() -> record_v1.Chance:
    nonces = (secrets.token_bytes(record_v1.NONCE_BYTES) for _ in range(3))
    return record_v1.Chance(secrets.token_bytes(record_v1.KEY_BYTES), *nonces)
