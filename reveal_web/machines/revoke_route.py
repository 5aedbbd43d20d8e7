"""
Revoking with a token: taken in here, carried out by the bot, and waited for a while.

This program's key may not say that a drop was revoked, and no route makes it: the token goes to the bot, sealed
together with the id of the drop, and the answer is read off the drop.
"""

import asyncio
from typing import Final

from aiohttp import web

from reveal_web.machines.bearer import Bearer, no_token, wrong_scope
from reveal_web.machines.own_drop_routes import for_token
from reveal_web.machines.problems import problem as own_problem
from reveal_web.reader import bodies
from reveal_web.reader.answers import Answer, RefusedError, as_json, problem
from reveal_web.reader.parts import Parts
from reveal_web.reader.wrong_links import WrongLinks
from store import asked_revokes, own_drops
from store.asked_words import AskedRevoke, NotRevoked
from store.drops import Drop
from store.formats import base64url
from store.opened import Store
from store.words import Outcome, Scope

REVOKES: Final = web.AppKey("revokes", WrongLinks)
"""How often each token revokes."""
WAITS_SECONDS: Final = 10.0
"""For how long the bot's answer is waited for."""
_EVERY_SECONDS: Final = 0.15
AGAIN_SECONDS: Final = 5


def routes() -> list[web.RouteDef]:
    """The one."""
    return [web.post("/api/v1/drops/{id}/revoke", for_token(Scope.REVOKE, REVOKES, _revoke), name="own-drop-revoke")]


async def _revoke(request: web.Request, parts: Parts, known: Bearer) -> Answer:
    if request.query:
        raise RefusedError(problem("malformed"))
    # Asked whosever it is: the bot judges that, and puts the use of the token on record, which this program may not.
    drop_id = bodies.drop_id(request.match_info["id"])
    asked = await parts.unfinished.finish(asked_revokes.ask(parts.store, known.token, drop_id))
    why = await answered(parts.store, asked, WAITS_SECONDS)
    if why is not None:
        raise refusal(why)
    return _said(await own_drops.find(parts.store, known.owner, drop_id))


async def answered(store: Store, asked: bytes, seconds: float) -> NotRevoked | None:
    """Wait until a bot has answered, or the time is over; why not where it refused."""
    until = asyncio.get_running_loop().time() + seconds
    while True:
        state, why = await asked_revokes.look(store, asked)
        if state in (AskedRevoke.DONE, AskedRevoke.REFUSED) or asyncio.get_running_loop().time() >= until:
            return why
        await asyncio.sleep(_EVERY_SECONDS)


def _said(drop: Drop) -> Answer:
    """What became of it, as the drop itself says."""
    if drop.outcome is Outcome.REVOKED:
        return as_json(200, state=drop.state, outcome=drop.outcome)
    if drop.outcome is not None:
        return own_problem("too-late", state=drop.state, outcome=drop.outcome, at=(drop.ended_at or 0) // 1000)
    answer = as_json(202, state="asked", look=f"/api/v1/drops/{base64url.encode(drop.id)}")
    answer.headers["Retry-After"] = str(AGAIN_SECONDS)
    return answer


def refusal(why: NotRevoked) -> RefusedError:
    """What the bot's no is to whoever asked."""
    match why:
        case NotRevoked.NO_TOKEN:
            return no_token()
        case NotRevoked.WRONG_SCOPE:
            return wrong_scope(Scope.REVOKE)
    return RefusedError(problem("not-found"))
