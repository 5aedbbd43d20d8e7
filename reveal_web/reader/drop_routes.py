"""
The five things that can be said about a drop: door, claim, acknowledge, not-me, ask.
A route reads the request, calls one verb of the store and words its result.  The verb judges in the order that the
protocol promises; nothing here looks at a row.
"""

import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final

from aiohttp import web

from reveal_web.reader import bodies, unfinished
from reveal_web.reader.answers import Answer, RefusedError, as_json, problem
from reveal_web.reader.parts import PARTS
from reveal_web.reader.visitors import address_of, limit_key, visitor_of
from store import asks, claims, counted_claims, door, errors
from store.door import Visitor
from store.formats import base64url
from store.opened import Store

Said = dict[str, object]
Act = Callable[[Store, bytes, Said, Visitor], Coroutine[Any, Any, Answer]]

MOST_JSON_BYTES: Final = 64 * 1024


def routes() -> list[web.RouteDef]:
    """The five routes."""
    acts = {"door": _door, "claim": _claim, "acknowledge": _acknowledge, "not-me": _not_me, "ask": _ask}
    return [web.post(f"/api/v1/drops/{{id}}/{path}", _route(act), name=act.__name__[1:]) for path, act in acts.items()]


def _route(act: Act) -> Callable[[web.Request], Awaitable[Answer]]:
    async def answer(request: web.Request) -> Answer:
        parts = request.app[PARTS]
        proxies = parts.settings.trusted_proxies
        try:
            bodies.require_own_page(request, parts.settings.origin)
            said = await bodies.read_object(request)
            drop_id = bodies.drop_id(request.match_info["id"])
            return await parts.unfinished.finish(act(parts.store, drop_id, said, visitor_of(request, proxies)))
        except RefusedError as refused:
            return refused.answer
        except errors.NothingClaimedError:
            return problem("not-found")
        except errors.UnknownDropError:
            wait = parts.wrong_links.count(limit_key(address_of(request, proxies)))
            return problem("slow-down", retry_after=wait) if wait else problem("not-found")
        except errors.DropEndedError as error:
            return problem("ended", state=error.outcome, at=error.at // 1000 or None)
        except errors.DropLockedError:
            return problem("locked")
        except errors.DropPausedError:
            return problem("paused")
        except errors.NotVerifiedError:
            return problem("verification-required")
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


async def _door(store: Store, drop_id: bytes, said: Said, visitor: Visitor) -> Answer:
    (link_proof,) = bodies.keys(said, "link_proof")
    seen = await door.look(store, drop_id, link_proof, visitor)
    state, wait = "paused" if seen.is_paused else seen.state, seen.retry_after_seconds
    told = {"header": seen.header, "hint": seen.hint, "tries_left": seen.tries_left, "retry_after_seconds": wait}
    named = {} if seen.variable is None else {"variable": seen.variable}
    return as_json(200, state=state, **told, **named)


async def _claim(store: Store, drop_id: bytes, said: Said, visitor: Visitor) -> Answer:
    link_proof, auth_token, own = bodies.keys(said, "link_proof", "auth_token", "claim")
    by = time.monotonic() + unfinished.ANSWER_SECONDS
    release = await counted_claims.claim(store, claims.Presented(drop_id, link_proof, auth_token, own, by), visitor)
    sends, seconds = release.sends_left, release.seconds_left
    if len(release.envelope) <= MOST_JSON_BYTES:
        return as_json(200, envelope=base64url.encode(release.envelope), sends_left=sends, seconds_left=seconds)
    left = {"Sends-Left": str(sends), "Seconds-Left": str(seconds)}
    return Answer(body=release.envelope, content_type="application/octet-stream", headers=left)


async def _acknowledge(store: Store, drop_id: bytes, said: Said, visitor: Visitor) -> Answer:
    link_proof, claim = bodies.keys(said, "link_proof", "claim")
    rid = await claims.acknowledge(store, drop_id, link_proof, claim)
    return as_json(200, state="destroyed", receipt=rid and f"{store.issuer}/receipts/{rid}")


async def _not_me(store: Store, drop_id: bytes, said: Said, visitor: Visitor) -> Answer:
    await asks.not_me(store, drop_id, *bodies.keys(said, "link_proof"))
    return as_json(202)


async def _ask(store: Store, drop_id: bytes, said: Said, visitor: Visitor) -> Answer:
    what, (link_proof,) = bodies.asked(said), bodies.keys(said, "link_proof")
    await asks.ask(store, drop_id, link_proof, what)
    return as_json(202)
