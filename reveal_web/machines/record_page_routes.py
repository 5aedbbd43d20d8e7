"""
What the page of a record says: show me the door, and here is a passphrase.

As the reader's routes for a drop, in their order and with their problems.  A record of another door, one that never was
and a wrong link are one answer.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from reveal_web.machines.record_routes import REFUSALS
from reveal_web.reader import bodies
from reveal_web.reader.answers import Answer, RefusedError, as_json, problem
from reveal_web.reader.parts import PARTS
from reveal_web.reader.visitors import address_of, limit_key, visitor_of
from store import errors, record_views
from store.formats import base64url
from store.record_views import Presented

LIVE: Final = "live"
LOCKED: Final = "locked"

Act = Callable[[web.Request, bytes, dict[str, object]], Awaitable[Answer]]


def routes() -> list[web.RouteDef]:
    """The two of them."""
    return [
        web.post("/api/v1/records/{id}/door", _answered(_door), name="record-door"),
        web.post("/api/v1/records/{id}/view", _answered(_view), name="record-view"),
    ]


def _answered(act: Act) -> Callable[[web.Request], Awaitable[Answer]]:
    async def answer(request: web.Request) -> Answer:
        parts = request.app[PARTS]
        try:
            bodies.require_own_page(request, parts.settings.origin)
            said = await bodies.read_object(request)
            return await act(request, bodies.drop_id(request.match_info["id"]), said)
        except RefusedError as refused:
            return refused.answer
        except errors.UnknownRecordError:
            wait = parts.wrong_links.count(limit_key(address_of(request, parts.settings.trusted_proxies)))
            return problem("slow-down", retry_after=wait) if wait else problem("not-found")
        except errors.RecordEndedError as error:
            return problem("ended", state=error.state, at=error.at // 1000)
        except errors.DropLockedError:
            return problem("locked")
        except errors.WrongPassphraseError as error:
            wait = error.retry_after_seconds
            return problem("wrong-passphrase", tries_left=error.tries_left, retry_after_seconds=wait)
        except errors.TooSoonError as error:
            return problem("too-soon", retry_after=error.retry_after_seconds)
        except errors.KeyUnreadableError:
            return problem("key-unreadable", retry_after=5)
        except errors.StoreUnavailableError:
            return problem("unavailable", retry_after=1)

    return answer


async def _door(request: web.Request, record_id: bytes, said: dict[str, object]) -> Answer:
    parts = request.app[PARTS]
    (link_proof,) = bodies.keys(said, "link_proof")
    seen = await parts.unfinished.finish(record_views.look(parts.store, record_id, link_proof))
    return as_json(
        200,
        state=LOCKED if seen.is_locked else LIVE,
        header=seen.header,
        hint=seen.hint,
        tries_left=seen.tries_left,
        retry_after_seconds=seen.retry_after_seconds,
        reads_left=seen.reads_left,
    )


async def _view(request: web.Request, record_id: bytes, said: dict[str, object]) -> Answer:
    parts = request.app[PARTS]
    presented = Presented(record_id, *bodies.keys(said, "link_proof", "auth_token", "attempt"))
    visitor = visitor_of(request, parts.settings.trusted_proxies)
    given_up = asyncio.Event()

    def is_waited_for() -> bool:
        return not given_up.is_set()

    try:
        act = record_views.view(parts.store, presented, visitor, is_waited_for=is_waited_for)
        given = await parts.unfinished.finish(act)
    finally:
        given_up.set()
    if given.over is not None:
        request.app[REFUSALS].erase(given.over)
    return as_json(200, sealed=base64url.encode(given.sealed), version=given.version, reads_left=given.reads_left)
