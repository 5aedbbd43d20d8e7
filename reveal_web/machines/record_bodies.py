"""A record as a client hands it in: one JSON object, larger than any that the reader takes, sealed before it came."""

import asyncio
from typing import Final

from aiohttp import web
from aiohttp.web_protocol import RequestPayloadError

from reveal_web.machines.problems import problem as own_problem
from reveal_web.reader import bodies
from reveal_web.reader.answers import RefusedError, problem
from store import record_lines, record_names
from store.asked_doors import Asked
from store.formats import base64url, record_key_v1
from store.formats.asked_page_v1 import AskedPage, Derived
from store.formats.asked_record_v1 import AskedRecord, Wanted
from store.formats.errors import MalformedError
from store.formats.record_v1 import Inside
from store.formats.strict_json import is_text, parse_object
from store.record_doors import RecordDoor

MOST_BYTES: Final = 100 * 1024
"""With the largest box, and a header in which every letter is escaped twice."""
MOST_IN_HINT: Final = 300
PROOF_BYTES: Final = 32
TOO_LONG: Final = "it lives for 365 days at most"
_SECONDS: Final = 15
_BOTH: Final = {"id", "wrapped_key", "box", "label", "rotate_url", "lives_seconds", "most_reads"}
_KEY: Final = _BOTH | {"proof"}
_PAGE: Final = _BOTH | {"header", "hint", "link_proof", "auth_token", "commit"}
_OTHER_DOOR: Final = "what it holds beside `door` is not that door's: see protocol.md, sections 19 and 20"


async def read(request: web.BaseRequest) -> Asked:
    """The record of a request.  Raises RefusedError with 415, 413, 408, 400 or 422."""
    types = request.headers.getall("Content-Type", [])
    # A form or text/plain can be sent across sites without asking; application/json cannot.
    if len(types) != 1 or not bodies.JSON_TYPE.fullmatch(types[0]) or "Content-Encoding" in request.headers:
        raise RefusedError(problem("unsupported-type"))
    size = request.content_length
    if size is None:
        raise RefusedError(problem("malformed"))
    if size > MOST_BYTES:
        raise RefusedError(problem("too-large"))
    try:
        async with asyncio.timeout(_SECONDS):
            body = await request.content.readexactly(size)
        return _record(parse_object(body.decode("utf-8")))
    except TimeoutError:
        raise RefusedError(problem("malformed", status=408)) from None
    except (RequestPayloadError, asyncio.IncompleteReadError, ConnectionError, UnicodeDecodeError, MalformedError):
        raise RefusedError(problem("malformed")) from None


def _record(said: dict[str, object]) -> Asked:
    """Raises MalformedError for another shape, RefusedError with 422 for what no record can be."""
    # A client from before there were pages says nothing of a door.
    door = said.pop("door", RecordDoor.API)
    if said.keys() == (_PAGE if door == RecordDoor.API else _KEY if door == RecordDoor.PAGE else None):
        raise unacceptable(_OTHER_DOOR)
    if door == RecordDoor.PAGE and said.keys() == _PAGE:
        return _page(said)
    if door != RecordDoor.API or said.keys() != _KEY:
        raise MalformedError("it has other members")
    sealed = Inside(_bytes(said["wrapped_key"]), _bytes(said["box"]))
    record_id = _bytes(said["id"], record_key_v1.ID_BYTES)
    return AskedRecord(record_id, _bytes(said["proof"], PROOF_BYTES), sealed, _wanted(said))


def _page(said: dict[str, object]) -> AskedPage:
    record_id, header, hint = _bytes(said["id"], record_key_v1.ID_BYTES), said["header"], said["hint"]
    if not is_text(header) or not (hint is None or is_text(hint)):
        raise MalformedError("a member is of another type")
    if hint is not None and not 0 < len(str(hint)) <= MOST_IN_HINT:
        raise unacceptable(f"its hint has 1 to {MOST_IN_HINT} letters, or is null")
    proof, token, commit = (_bytes(said[name]) for name in ("link_proof", "auth_token", "commit"))
    wrapped, box = _bytes(said["wrapped_key"]), _bytes(said["box"])
    try:
        derived = Derived(proof, token, commit)
    except MalformedError as error:
        raise unacceptable(str(error)) from None
    try:
        inside = Inside(wrapped, box)
    except MalformedError:
        raise unacceptable("its wrapped_key or its box has another size") from None
    return AskedPage(record_id, str(header), None if hint is None else str(hint), derived, inside, _wanted(said))


def _wanted(said: dict[str, object]) -> Wanted:
    label, url, lives, reads = (said[name] for name in ("label", "rotate_url", "lives_seconds", "most_reads"))
    if not is_text(label) or not (url is None or is_text(url)):
        raise MalformedError("a member is of another type")
    rotate_url, most_reads = None if url is None else str(url), None if reads is None else _number(reads)
    wanted = Wanted(str(label), rotate_url, _number(lives), most_reads)
    if not record_names.is_label(wanted.label):
        raise unacceptable("its label is 1 to 100 letters and signs on one line")
    if wanted.rotate_url is not None and not record_lines.is_page(wanted.rotate_url):
        raise unacceptable("its rotate_url is the address of a page, with https:// and of at most 500 characters")
    if not 0 < wanted.lives_seconds <= record_names.MOST_SECONDS_OF_ONE:
        raise unacceptable(TOO_LONG)
    if wanted.most_reads is not None and not 0 < wanted.most_reads <= record_names.MOST_READS:
        raise unacceptable("it is read 1 to 1,000,000 times")
    return wanted


def unacceptable(why: str) -> RefusedError:
    """422, and why in words of ours."""
    return RefusedError(own_problem("unacceptable-record", why=why))


def _bytes(value: object, size: int | None = None) -> bytes:
    if not isinstance(value, str):
        raise MalformedError("a member is of another type")
    return base64url.decode(value, size)


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise MalformedError("a member is of another type")
    return value
