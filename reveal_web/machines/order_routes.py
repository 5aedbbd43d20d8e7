"""
What the holder of an order says: look, and the drop.

Looking consumes nothing, as often as anybody looks: a preview, a scanner and a reload are not a sealer.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from aiohttp import web

from reveal_web.machines.drop_bodies import read_envelope, read_front
from reveal_web.machines.problems import problem as own_problem
from reveal_web.reader import bodies
from reveal_web.reader.answers import Answer, RefusedError, as_json, problem
from reveal_web.reader.parts import PARTS, Parts
from reveal_web.reader.visitors import address_of, limit_key
from store import delivery_keys, errors, orders
from store.formats import base64url
from store.formats.asked_order_v1 import Refusal
from store.formats.errors import MalformedError
from store.formats.order_link_v1 import ID_BYTES, TOKEN_BYTES, OrderLink
from store.formats.order_v1 import MOST_BYTES
from store.handing_in import hand_in
from store.large import Large
from store.orders import Seen
from store.words import OrderState

LARGE_BODIES: Final = web.AppKey("large_bodies", Large)

Route = Callable[[web.Request, Parts], Awaitable[Answer]]


def routes() -> list[web.RouteDef]:
    """The two of them."""
    return [
        web.post("/api/v1/orders/{id}/look", answered(_look), name="order-look"),
        web.post("/api/v1/orders/{id}/drop", answered(_drop), name="order-drop"),
    ]


def answered(route: Route) -> Callable[[web.Request], Awaitable[Answer]]:
    """The same route, with what the store refuses in words, for our own page and for programs."""

    async def answer(request: web.Request) -> Answer:
        parts = request.app[PARTS]
        try:
            bodies.require_own_page(request, parts.settings.origin)
            return await route(request, parts)
        except RefusedError as refused:
            return refused.answer
        except errors.UnknownOrderError:
            wait = parts.wrong_links.count(limit_key(address_of(request, parts.settings.trusted_proxies)))
            return problem("slow-down", retry_after=wait) if wait else problem("not-found")
        except (errors.OrderUsedError, errors.DuplicateDropError):
            return own_problem("order-used")
        except errors.UnacceptableDropError as error:
            return own_problem("unacceptable", why=str(error))
        except errors.TooManyLargeError:
            return own_problem("busy", retry_after=2)
        except errors.StoreUnavailableError:
            return problem("unavailable", retry_after=1)

    return answer


async def _look(request: web.Request, parts: Parts) -> Answer:
    said = await bodies.read_object(request)
    seen = await orders.look(parts.store, OrderLink(_id(request), _token(said)))
    match seen.state:
        case OrderState.ASKED:
            return as_json(202, state=seen.state)
        case OrderState.USED:
            recipient = seen.terms.recipient_name if seen.terms else ""
            return as_json(200, state=seen.state, delivery=seen.delivery, recipient=recipient)
        case OrderState.REFUSED:
            refusal = seen.refusal or Refusal("")
            wait = refusal.retry_after_seconds
            return as_json(200, state=seen.state, why=refusal.why, names=list(refusal.names), retry_after_seconds=wait)
    return await _open(parts, seen)


async def _open(parts: Parts, seen: Seen) -> Answer:
    key = await delivery_keys.newest(parts.store.db)
    if key is None or seen.terms is None:
        # No bot has been here so far: there is nobody to whom a link could be sealed.
        return problem("unavailable", retry_after=5)
    terms = seen.terms
    return as_json(
        200,
        state=seen.state,
        kind=terms.kind,
        sender=terms.sender_name,
        recipient=terms.recipient_name,
        recipient_class=terms.recipient_class,
        label=terms.label,
        hint=terms.hint,
        lives_seconds=terms.lives_seconds,
        way=terms.way,
        template=terms.template,
        passphrase=terms.passphrase,
        verify=terms.verify,
        on_lock=terms.on_lock,
        rotate_by=terms.rotate_by,
        variable=terms.variable,
        seconds_left=(seen.until - seen.present) // 1000,
        now=seen.present // 1000,
        delivery_key=base64url.encode(key.public),
        public_url=parts.store.issuer,
        most_bytes=MOST_BYTES,
    )


async def _drop(request: web.Request, parts: Parts) -> Answer:
    front = await read_front(request)
    link = OrderLink(_id(request), front.token)
    await orders.look(parts.store, link)
    with request.app[LARGE_BODIES].room_for(front.left) as room:
        handed = await read_envelope(request, front)
        await parts.unfinished.finish(room.during(partial(hand_in, parts.store, link, handed)))
    return as_json(201, state="sealed")


def _id(request: web.Request) -> bytes:
    """Which order the path names.  Raises UnknownOrderError."""
    try:
        return base64url.decode(request.match_info["id"], ID_BYTES)
    except MalformedError:
        raise errors.UnknownOrderError from None


def _token(said: dict[str, object]) -> bytes:
    """The one member of a look.  Raises RefusedError with 400."""
    token = said.get("token") if said.keys() == {"token"} else None
    try:
        return base64url.decode(token if isinstance(token, str) else "", TOKEN_BYTES)
    except MalformedError:
        raise RefusedError(problem("malformed")) from None
