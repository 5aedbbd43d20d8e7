"""
What a client with a token says: whose token it is, and that it wants an order.

The answer to the second comes from the bot, which looks people up and signs; here it is taken in, and the client looks
until there is one.
"""

from typing import Final

from aiohttp import web

from reveal_web.machines.bearer import bearer
from reveal_web.machines.order_routes import answered
from reveal_web.machines.problems import problem as own_problem
from reveal_web.reader import bodies
from reveal_web.reader.answers import Answer, RefusedError, as_json, problem
from reveal_web.reader.parts import PARTS, Parts
from reveal_web.reader.wrong_links import WrongLinks
from store import asked_orders, errors, tokens
from store.formats.api_token_v1 import ApiToken
from store.formats.asked_order_v1 import Wishes
from store.formats.strict_json import is_text
from store.words import Scope

ASKED: Final = web.AppKey("asked", WrongLinks)
"""How often each token asks, by the same measure."""

_MEMBERS: Final = {"to", "label", "hint", "lives_seconds", "reference", "anyway"}
MOST_IN: Final = {"to": 320, "label": 200, "hint": 300, "reference": 200}
"""Beyond that nobody looks at it; what is too long for a drop the bot says."""


def routes() -> list[web.RouteDef]:
    """Both."""
    return [
        web.get("/api/v1/token", _whose, name="token"),
        web.post("/api/v1/orders", answered(_ask), name="order-ask"),
    ]


async def _whose(request: web.Request) -> Answer:
    try:
        held = (await bearer(request, request.app[PARTS], None)).held
    except RefusedError as refused:
        return refused.answer
    except errors.StoreUnavailableError:
        return problem("unavailable", retry_after=1)
    return as_json(200, state="valid", until=held.until // 1000, scopes=sorted(held.scopes))


async def _ask(request: web.Request, parts: Parts) -> Answer:
    # First: a body is read for nobody who has no token.
    token, _ = await _known(request, parts)
    wishes = _wishes(await bodies.read_object(request))
    if wait := request.app[ASKED].count(token.id_text):
        return own_problem("asked-too-often", retry_after=wait)
    link = await parts.unfinished.finish(asked_orders.ask(parts.store, token, wishes))
    return as_json(202, order=link.id_text, token=link.token_text, public_url=parts.store.issuer)


async def _known(request: web.Request, parts: Parts) -> tuple[ApiToken, tokens.Held]:
    """The token of a request that may send.  Raises RefusedError with 401, 403 or 429."""
    known = await bearer(request, parts, Scope.SEND)
    return known.token, known.held


def _wishes(said: dict[str, object]) -> Wishes:
    """Raises RefusedError with 400."""
    texts = {name: said.get(name) for name in MOST_IN}
    lives, anyway = said.get("lives_seconds"), said.get("anyway")
    is_whole = said.keys() == _MEMBERS and type(lives) is int and isinstance(anyway, bool)
    if not is_whole or not all(_fits(name, text) for name, text in texts.items()):
        raise RefusedError(problem("malformed"))
    hint, reference = texts["hint"], texts["reference"]
    return Wishes(
        to=str(texts["to"]),
        label=str(texts["label"]),
        hint=None if hint is None else str(hint),
        lives_seconds=lives if isinstance(lives, int) else 0,
        reference=None if reference is None else str(reference),
        anyway=bool(anyway),
    )


def _fits(name: str, text: object) -> bool:
    if text is None:
        return name in {"hint", "reference"}
    return is_text(text) and len(str(text)) <= MOST_IN[name]
