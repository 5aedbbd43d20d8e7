"""
What a program with a record's key says: give me its value.

The answer to whatever is wrong is one, byte for byte, and never waits for what is written down about it: whoever tries
keys learns nothing about which records there are.  Nor does a value that was counted wait for the end of its record.
"""

import asyncio
import json
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Final

from aiohttp import web

from reveal_web.machines.problems import problem as own_problem
from reveal_web.reader.answers import Answer
from reveal_web.reader.parts import PARTS, Parts
from reveal_web.reader.visitors import address_of, limit_key, visitor_of
from reveal_web.reader.wrong_links import WrongLinks
from store import errors, record_keys, record_reads, record_refusals
from store.door import Visitor
from store.formats import base64url, record_key_v1
from store.formats.errors import MalformedError
from store.formats.record_key_v1 import RecordKey
from store.record_keys import KeyName

UNKNOWN: Final = (
    b'{"error":"Authentication required","message":"Please provide your token in the X-API-Key header to decrypt the '
    b'content."}'
)
_HEADER: Final = "X-API-Key"
_NO_RECORD: Final = b""
"""No record has this id, and looking for it costs the same."""


class Refusals:
    """What is done beside an answer, of which it does not tell, and the wrong keys of each address."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._tasks: set[asyncio.Task[None]] = set()
        self.limit = WrongLinks()

    def note(self, record_id: bytes, visitor: Visitor) -> None:
        """Write a wrong key down; a stop waits for it."""
        # Nobody was given anything: where the store is away one count less stands in the log.
        self._beside(record_refusals.note(self._parts.store, record_id, visitor))

    def erase(self, name: KeyName) -> None:
        """Erase the key of a record that was read for the last time; a stop waits for it."""
        # The sweeper repeats it where it cannot be done just now.
        self._beside(record_keys.erase(self._parts.store, name))

    def _beside(self, act: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(self._finished(act))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _finished(self, act: Coroutine[Any, Any, object]) -> None:
        with suppress(errors.StoreUnavailableError):
            await self._parts.unfinished.finish(act)


REFUSALS: Final = web.AppKey("refusals", Refusals)


def routes() -> list[web.RouteDef]:
    """The one of them; HEAD would be a read whose value nobody gets."""
    return [web.get("/r/{id}", _read, name="record", allow_head=False)]


async def _read(request: web.Request) -> Answer:
    parts, refusals = request.app[PARTS], request.app[REFUSALS]
    visitor = visitor_of(request, parts.settings.trusted_proxies)
    record_id = _id(request)
    given_up = asyncio.Event()

    def is_waited_for() -> bool:
        return not given_up.is_set()

    try:
        act = record_reads.read(parts.store, record_id, _key(request), visitor, is_waited_for=is_waited_for)
        given = await parts.unfinished.finish(act)
    except errors.UnknownRecordError:
        if wait := refusals.limit.count(limit_key(address_of(request, parts.settings.trusted_proxies))):
            return own_problem("wrong-keys", retry_after=wait)
        if _HEADER in request.headers:  # no key at all is no wrong key, and nothing for a security team
            refusals.note(record_id, visitor)
        return _unknown()
    except errors.KeyUnreadableError:
        return own_problem("record-unreadable", retry_after=5)
    except errors.StoreUnavailableError:
        return own_problem("record-unavailable", retry_after=1)
    finally:
        given_up.set()
    if given.over is not None:
        refusals.erase(given.over)
    body = json.dumps({"data": given.value}, ensure_ascii=False, separators=(",", ":"))
    return Answer(body=body.encode(), content_type="application/json")


def _unknown() -> Answer:
    # RFC 9110, 15.5.2, wants the header, and without it some clients take the answer for a broken one.
    challenge = {"WWW-Authenticate": _HEADER}
    return Answer(body=UNKNOWN, status=401, content_type="application/json", headers=challenge)


def _id(request: web.Request) -> bytes:
    try:
        return base64url.decode(request.match_info["id"], record_key_v1.ID_BYTES)
    except MalformedError:
        return _NO_RECORD


def _key(request: web.Request) -> RecordKey | None:
    """The key of a request; None for none, several, and what is no key."""
    said = request.headers.getall(_HEADER, [])
    try:
        return record_key_v1.parse(said[0]) if len(said) == 1 else None
    except MalformedError:
        return None
