"""
Making a record with a token: taken in here, sealed as it is, made by the bot, and waited for a while.

This program's key may not say that a record was made, and it is not asked whose it is: the token goes to the bot,
sealed together with a hash of all that came, and the answer is read off the record.
"""

import asyncio
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from reveal_web.machines import record_bodies
from reveal_web.machines.ask_routes import ASKED
from reveal_web.machines.bearer import bearer, no_token, wrong_scope
from reveal_web.machines.order_routes import answered
from reveal_web.machines.problems import problem as own_problem
from reveal_web.reader.answers import Answer, RefusedError, as_json, problem
from reveal_web.reader.parts import Parts
from store import asked_records, errors, sending_bounds
from store.asked_doors import Asked, door_of
from store.asked_records import Stands
from store.asked_words import AskedRecord as State
from store.asked_words import NotMade
from store.formats import base64url
from store.opened import Store
from store.record_doors import PATHS
from store.words import Scope

WAITS_SECONDS: Final = 10.0
"""For how long the bot's answer is waited for."""
_EVERY_SECONDS: Final = 0.15
_AGAIN_SECONDS: Final = 5


def routes() -> list[web.RouteDef]:
    """The one."""
    return [web.post("/api/v1/records", answered(_make), name="record-make")]


async def _make(request: web.Request, parts: Parts) -> Answer:
    # First: a body is read for nobody who has no token.
    known = await bearer(request, parts, Scope.SEND)
    if request.query:
        raise RefusedError(problem("malformed"))
    asked = await record_bodies.read(request)
    if wait := request.app[ASKED].count(known.token.id_text):
        return own_problem("asked-too-often", retry_after=wait)
    try:
        await parts.unfinished.finish(asked_records.ask(parts.store, known.token, asked))
    except errors.DuplicateDropError:
        return own_problem("id-taken")
    except errors.UnacceptableRecordError as error:
        raise record_bodies.unacceptable(str(error)) from None
    return _said(asked, await _answered(parts.store, asked, WAITS_SECONDS), parts.store.issuer)


async def _answered(store: Store, asked: Asked, seconds: float) -> Stands:
    """Wait until a bot has answered, or the time is over."""
    until = asyncio.get_running_loop().time() + seconds
    while True:
        stands = await asked_records.look(store, asked)
        if stands.state is not State.ASKED or asyncio.get_running_loop().time() >= until:
            return stands
        await asyncio.sleep(_EVERY_SECONDS)


def _said(asked: Asked, stands: Stands, public_url: str) -> Answer:
    match stands.why:
        case NotMade.NO_TOKEN:
            raise no_token()
        case NotMade.WRONG_SCOPE:
            raise wrong_scope(Scope.SEND)
        case NotMade.MAY_NOT_SEND:
            return own_problem("may-not-send")
        case NotMade.TOO_MANY:
            return own_problem("too-many-records")
        case NotMade.TOO_OFTEN:
            return own_problem("sent-too-often", retry_after=sending_bounds.WINDOW_MS // 1000)
        case NotMade.TOO_LONG:
            raise record_bodies.unacceptable(record_bodies.TOO_LONG)
        case NotMade.WRONG_NAME:
            host = urlsplit(public_url).hostname
            raise record_bodies.unacceptable(f"its page names whoever made it as Slack does, or as {host}")
    record = base64url.encode(asked.id)
    if stands.until is not None:
        url = f"{public_url}/{PATHS[door_of(asked)]}/{record}"
        return as_json(201, state="made", id=record, url=url, expires_at=stands.until // 1000)
    answer = as_json(202, state="asked", id=record)
    answer.headers["Retry-After"] = str(_AGAIN_SECONDS)
    return answer
