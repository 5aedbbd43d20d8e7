"""
Sheet link v1: lets whoever has it read what one person was handed, for a while.

`base64url(nonce[12] ‖ AES-256-GCM(HKDF-Expand(pepper, "sendsecret/sheet-link/v1", 32), nonce, JSON))`.  It stands in
an address, which histories and the logs of proxies keep, and what it says names a person: so that it is sealed and not
only signed.  Nothing of it is stored: it needs no table, and a backup gives none out.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.formats import base64url, hkdf
from store.formats.errors import MalformedError, UnprovenError
from store.formats.strict_json import is_text

NONCE_BYTES: Final = 12
MOST_CHARACTERS: Final = 2400
"""Slack takes an address of 3,000 on a button."""
_TYPES: Final = [str, str, int, bool, dict]
_LABEL: Final = b"sendsecret/sheet-link/v1"


@dataclass(frozen=True)
class Grant:
    """
    What a link grants: the list of one person, until when (Unix seconds), and whether labels are shown.

    `team` is the workspace whose drops are shown.  `pages` leads from a template's name to its provider's page.
    """

    person: str
    team: str
    until: int
    with_labels: bool
    pages: Mapping[str, str]


def encode(pepper: bytes, nonce: bytes, grant: Grant) -> str:
    """The link's text; `nonce` is 12 fresh random bytes.  Provider's pages are left out from where it is too long."""
    pages = dict(grant.pages)
    while True:
        text = _encode(pepper, nonce, grant, pages)
        if len(text) <= MOST_CHARACTERS or not pages:
            return text
        pages.popitem()


def decode(pepper: bytes, text: str) -> Grant:
    """
    What it grants; whether its time is over is for the caller.

    Raises MalformedError for what is no such text, and UnprovenError for one that was never given out.
    """
    raw = base64url.decode(text)
    try:
        said = AESGCM(_key(pepper)).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], None)
    except (InvalidTag, ValueError) as error:
        raise UnprovenError("this link was not given out") from error
    try:
        return _grant(json.loads(said))
    except (ValueError, RecursionError) as error:
        raise MalformedError("a link of another kind") from error


def _grant(said: object) -> Grant:
    if not isinstance(said, list) or [type(one) for one in said] != _TYPES:
        raise MalformedError("a link of another kind")
    person, team, until, with_labels, pages = said
    if not all(map(is_text, (person, team, *pages, *pages.values()))):
        raise MalformedError("a link of another kind")
    return Grant(person, team, until, with_labels, pages)


def _encode(pepper: bytes, nonce: bytes, grant: Grant, pages: Mapping[str, str]) -> str:
    said = [grant.person, grant.team, grant.until, grant.with_labels, dict(pages)]
    plain = json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()
    return base64url.encode(nonce + AESGCM(_key(pepper)).encrypt(nonce, plain, None))


def _key(pepper: bytes) -> bytes:
    return hkdf.expand(pepper, _LABEL, 32)
