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
from store.asked_once import Before
from store.formats import asked_once_v1, attempt_v1, base64url
from store.formats.api_token_v1 import ApiToken
from store.formats.asked_order_v1 import DELIVERIES, TO_RECIPIENT, Wishes
from store.formats.errors import MalformedError
from store.formats.order_link_v1 import OrderLink
from store.formats.strict_json import is_text
from store.words import Scope

ASKED: Final = web.AppKey("asked", WrongLinks)
"""How often each token asks, by the same measure."""

_MEMBERS: Final = {"to", "label", "hint", "lives_seconds", "reference", "anyway"}
_OPTIONAL: Final = {"template", "engagement_ends", "delivery"}
"""What clients of before have no word for, and what is as usual without one."""
MOST_IN: Final = {"to": 320, "label": 200, "hint": 300, "reference": 200, "template": 100, "engagement_ends": 10}
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
    try:
        link = await parts.unfinished.finish(_asking(parts, token, wishes, *_once(request)))
    except errors.AskedOtherwiseError:
        return own_problem("idempotency-mismatch")
    except errors.BeingAskedError as error:
        return own_problem("idempotency-running", retry_after=error.retry_after_seconds)
    if isinstance(link, Before):
        return as_json(200, drop=base64url.encode(link.drop_id), state=link.state, delivery=link.delivery)
    return as_json(202, order=link.id_text, token=link.token_text, public_url=parts.store.issuer)


async def _known(request: web.Request, parts: Parts) -> tuple[ApiToken, tokens.Held]:
    """The token of a request that may send.  Raises RefusedError with 401, 403 or 429."""
    known = await bearer(request, parts, Scope.SEND)
    return known.token, known.held


async def _asking(
    parts: Parts, token: ApiToken, wishes: Wishes, key: str | None, attempt: str | None
) -> OrderLink | Before:
    if key is None:
        return await asked_orders.ask(parts.store, token, wishes)
    return await asked_orders.ask_once(parts.store, token, wishes, key, attempt)


def _once(request: web.Request) -> tuple[str | None, str | None]:
    """What this sending is named, if it is, and the attempt of it.  Raises RefusedError with 400."""
    keys, attempts = (request.headers.getall(name, []) for name in ("Idempotency-Key", "Idempotency-Attempt"))
    try:
        # Whoever says an attempt counts on being told the same again, and without a key would have two orders.
        if len(keys) > 1 or len(attempts) > len(keys):
            raise MalformedError("two, or an attempt at nothing")  # noqa: TRY301 - answered like what is no key
        key = asked_once_v1.require_key(keys[0]) if keys else None
        return key, attempt_v1.require_attempt(attempts[0]) if attempts else None
    except MalformedError:
        raise RefusedError(problem("malformed")) from None


def _wishes(said: dict[str, object]) -> Wishes:
    """Raises RefusedError with 400."""
    texts = {name: said.get(name) for name in MOST_IN}
    lives, anyway, delivery = said.get("lives_seconds"), said.get("anyway"), said.get("delivery", TO_RECIPIENT)
    is_whole = _MEMBERS <= said.keys() <= _MEMBERS | _OPTIONAL and isinstance(anyway, bool)
    is_timed = lives is None or (type(lives) is int and lives > 0)
    if not (is_whole and is_timed and delivery in DELIVERIES and all(_fits(*one) for one in texts.items())):
        raise RefusedError(problem("malformed"))
    known = {name: None if text is None else str(text) for name, text in texts.items()}
    return Wishes(
        to=str(known["to"]),
        label=known["label"],
        hint=known["hint"],
        lives_seconds=lives if isinstance(lives, int) else None,
        reference=known["reference"],
        anyway=bool(anyway),
        template=known["template"],
        engagement_ends=known["engagement_ends"],
        delivery=str(delivery),
    )


def _fits(name: str, text: object) -> bool:
    if text is None:
        return name != "to"
    return is_text(text) and len(str(text)) <= MOST_IN[name]
