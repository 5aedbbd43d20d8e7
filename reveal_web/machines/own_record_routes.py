"""
What a client with a token reads of its owner's records, and ends: all of them, one, and revoking.

A record that is not its owner's is not there.  That something was read is on record before it is shown.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from aiohttp import web

from reveal_web.machines import revoke_route
from reveal_web.machines.bearer import Bearer
from reveal_web.machines.drop_members import after_in, encode_after
from reveal_web.machines.own_drop_routes import LOOKS, for_token
from reveal_web.machines.problems import problem as own_problem
from reveal_web.machines.revoke_route import AGAIN_SECONDS, REVOKES, answered, refusal
from reveal_web.reader import bodies
from reveal_web.reader.answers import Answer, RefusedError, as_json, problem
from reveal_web.reader.parts import Parts
from store import asked_revokes, errors, own_records, record_pages, token_reads
from store.asked_words import Revocable
from store.formats import base64url
from store.formats.errors import MalformedError
from store.listing import After
from store.record_doors import PATHS, RecordDoor
from store.records import Held
from store.words import Read, RecordState, Scope

_ON_PAGE: Final = 20
_LIMIT: Final = re.compile("[1-9][0-9]?|100", re.ASCII)
_PARAMETERS: Final = {"limit", "after"}


def routes() -> list[web.RouteDef]:
    """The three of them."""
    one = "/api/v1/records/{id}"
    return [
        web.get("/api/v1/records", for_token(Scope.READ, LOOKS, _list), name="own-records", allow_head=False),
        web.get(one, for_token(Scope.READ, LOOKS, _record), name="own-record", allow_head=False),
        web.post(f"{one}/revoke", for_token(Scope.REVOKE, REVOKES, _revoke), name="own-record-revoke"),
    ]


async def _list(request: web.Request, parts: Parts, known: Bearer) -> Answer:
    limit, after = _parameters(request.query)
    await token_reads.record(parts.store, known.token.id, Read.RECORDS)
    owner = known.owner
    page = await own_records.page(parts.store, owner.user_id, owner.team_id, after=after, most=limit)
    return as_json(200, records=await _members(parts, page.records), after=encode_after(page.after))


async def _record(request: web.Request, parts: Parts, known: Bearer) -> Answer:
    if request.query:
        raise RefusedError(problem("malformed"))
    await token_reads.record(parts.store, known.token.id, Read.RECORD)
    [member] = await _members(parts, [await _found(request, parts, known)])
    return as_json(200, **member)


async def _revoke(request: web.Request, parts: Parts, known: Bearer) -> Answer:
    if request.query:
        raise RefusedError(problem("malformed"))
    # Asked whosever it is: the bot judges that, and puts the use of the token on record, which this program may not.
    record_id = bodies.drop_id(request.match_info["id"])
    asking = asked_revokes.ask(parts.store, known.token, record_id, Revocable.RECORD)
    why = await answered(parts.store, await parts.unfinished.finish(asking), revoke_route.WAITS_SECONDS)
    if why is not None:
        raise refusal(why)
    held = await _found(request, parts, known)
    if held.state is RecordState.REVOKED:
        return as_json(200, state=held.state, rotate_url=held.named.rotate_url if held.named else None)
    if held.state is RecordState.EXPIRED:
        return own_problem("too-late", state=held.state, outcome=held.state, at=(held.ended_at or 0) // 1000)
    answer = as_json(202, state="asked", look=f"/api/v1/records/{base64url.encode(held.id)}")
    answer.headers["Retry-After"] = str(AGAIN_SECONDS)
    return answer


async def _found(request: web.Request, parts: Parts, known: Bearer) -> Held:
    """Raises RefusedError with 404."""
    owner, record_id = known.owner, bodies.drop_id(request.match_info["id"])
    try:
        return await own_records.find(parts.store, owner.user_id, owner.team_id, record_id)
    except errors.UnknownRecordError:
        raise RefusedError(problem("not-found")) from None


async def _members(parts: Parts, some: Sequence[Held]) -> list[dict[str, object]]:
    pages = [held.id for held in some if held.door is RecordDoor.PAGE]
    locked = await record_pages.unlocks_left(parts.store, pages) if pages else {}
    return [_member(parts, held, is_locked=held.id in locked) for held in some]


def _member(parts: Parts, held: Held, *, is_locked: bool) -> dict[str, object]:
    record = base64url.encode(held.id)
    return {
        "id": record,
        "door": held.door,
        "state": held.state,
        "locked": is_locked,
        "label": held.named.label if held.named else None,
        "url": f"{parts.store.issuer}/{PATHS[held.door]}/{record}",
        "rotate_url": held.named.rotate_url if held.named else None,
        "version": held.version,
        "reads": held.reads,
        "reads_left": held.reads_left,
        "wrong_keys": held.refused,
        "read_at": _seconds(held.read_at),
        "expires_at": _seconds(held.expires_at),
        "ended_at": _seconds(held.ended_at),
    }


def _seconds(at_ms: int | None) -> int | None:
    return None if at_ms is None else at_ms // 1000


def _parameters(query: Mapping[str, str]) -> tuple[int, After | None]:
    """How many, and where the page begins.  Raises RefusedError with 400."""
    limit, after = query.get("limit", str(_ON_PAGE)), query.get("after")
    # Of a multidict the length counts what stands twice.
    if not set(query) <= _PARAMETERS or len(set(query)) != len(query) or not _LIMIT.fullmatch(limit):
        raise RefusedError(problem("malformed"))
    try:
        return int(limit), None if after is None else after_in(after)
    except MalformedError:
        raise RefusedError(problem("malformed")) from None
