"""
What a client with a token reads of its owner's drops: all of them, one, what happened to it, its receipt.

A drop that is not its owner's is not there.  That something was read is on record before it is shown.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from aiohttp import web

from reveal_web.machines import drop_members
from reveal_web.machines.bearer import Bearer, bearer, no_token
from reveal_web.machines.problems import problem as own_problem
from reveal_web.reader import bodies
from reveal_web.reader.answers import Answer, RefusedError, as_json, problem
from reveal_web.reader.parts import PARTS, Parts
from reveal_web.reader.wrong_links import WrongLinks
from store import errors, history, own_drops, receipts, token_reads
from store.drops import Drop
from store.formats.errors import MalformedError
from store.listing import After, Section
from store.words import Read, Scope

LOOKS: Final = web.AppKey("looks", WrongLinks)
"""How often each token reads."""
LOOKS_AT_ONCE: Final = 60
LOOKS_A_SECOND: Final = 1.0

_ON_PAGE: Final = 20
_LIMIT: Final = re.compile("[1-9][0-9]?|100", re.ASCII)
_MOST_CHARACTERS: Final = 64
_PARAMETERS: Final = {"section", "template", "limit", "after"}

Act = Callable[[web.Request, Parts, Bearer], Awaitable[Answer]]


def routes() -> list[web.RouteDef]:
    """The four of them."""
    one = "/api/v1/drops/{id}"
    return [
        web.get("/api/v1/drops", for_token(Scope.READ, LOOKS, _list), name="own-drops", allow_head=False),
        web.get(one, for_token(Scope.READ, LOOKS, _drop), name="own-drop", allow_head=False),
        web.get(f"{one}/events", for_token(Scope.READ, LOOKS, _events), name="own-drop-events", allow_head=False),
        web.get(f"{one}/receipt", for_token(Scope.READ, LOOKS, _receipt), name="own-drop-receipt", allow_head=False),
    ]


def for_token(scope: Scope, limit: web.AppKey[WrongLinks], act: Act) -> Callable[[web.Request], Awaitable[Answer]]:
    """The same route for whoever has a token for this, so often; with what the store refuses in words."""

    async def answer(request: web.Request) -> Answer:
        parts = request.app[PARTS]
        try:
            bodies.require_own_page(request, parts.settings.origin)
            known = await bearer(request, parts, scope)
            if wait := request.app[limit].count(known.token.id_text):
                return own_problem("asked-too-often", retry_after=wait)
            return await act(request, parts, known)
        except RefusedError as refused:
            return refused.answer
        except errors.UnknownTokenError:
            return no_token().answer
        except errors.UnknownDropError:
            return problem("not-found")
        except errors.StoreUnavailableError:
            return problem("unavailable", retry_after=1)

    return answer


async def _list(request: web.Request, parts: Parts, known: Bearer) -> Answer:
    section, template, limit, after = _parameters(request.query)
    await token_reads.record(parts.store, known.token.id, Read.LIST)
    page = await own_drops.page(parts.store, known.owner, section, template=template, after=after, most=limit)
    shown = [drop_members.drop(one) for one in page.drops]
    return as_json(200, drops=shown, after=drop_members.encode_after(page.after))


async def _drop(request: web.Request, parts: Parts, known: Bearer) -> Answer:
    return as_json(200, **drop_members.drop(await _found(request, parts, known, Read.DROP)))


async def _events(request: web.Request, parts: Parts, known: Bearer) -> Answer:
    drop = await _found(request, parts, known, Read.EVENTS)
    return as_json(200, events=drop_members.steps(await history.of(parts.store, drop.id)))


async def _receipt(request: web.Request, parts: Parts, known: Bearer) -> Answer:
    drop = await _found(request, parts, known, Read.RECEIPT)
    jws = None if drop.receipt is None else await receipts.jws(parts.store, drop.receipt)
    if jws is None:
        return own_problem("no-receipt")
    return as_json(200, rid=drop.receipt, url=f"{parts.store.issuer}/receipts/{drop.receipt}", jws=jws)


async def _found(request: web.Request, parts: Parts, known: Bearer, what: Read) -> Drop:
    if request.query:
        raise RefusedError(problem("malformed"))
    await token_reads.record(parts.store, known.token.id, what)
    return await own_drops.find(parts.store, known.owner, bodies.drop_id(request.match_info["id"]))


def _parameters(query: Mapping[str, str]) -> tuple[Section | None, str | None, int, After | None]:
    """Section, template, how many, and where the page begins.  Raises RefusedError with 400."""
    section, template, after = query.get("section"), query.get("template"), query.get("after")
    limit = query.get("limit", str(_ON_PAGE))
    # Of a multidict the length counts what stands twice.
    is_known = set(query) <= _PARAMETERS and len(set(query)) == len(query)
    if not is_known or not _LIMIT.fullmatch(limit) or not _is_name(template):
        raise RefusedError(problem("malformed"))
    try:
        return (
            None if section is None else Section(section),
            template,
            int(limit),
            None if after is None else drop_members.after_in(after),
        )
    except (ValueError, MalformedError):
        raise RefusedError(problem("malformed")) from None


def _is_name(template: str | None) -> bool:
    # PostgreSQL takes no text with U+0000 in it.
    return template is None or (0 < len(template) <= _MOST_CHARACTERS and template.isprintable())
