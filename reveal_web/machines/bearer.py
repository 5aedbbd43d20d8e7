"""
Whose token a request shows, and what it is for: the same answer for every token that is none.

Judged before a body is read or anything is looked up.  A token that serves and is for something else is told so: it is
its owner's, who knows what it is for.
"""

from dataclasses import dataclass, field
from typing import Final

from aiohttp import web

from reveal_web.machines.problems import problem
from reveal_web.reader.answers import RefusedError
from reveal_web.reader.parts import Parts
from reveal_web.reader.visitors import address_of, limit_key
from reveal_web.reader.wrong_links import WrongLinks
from store import errors, tokens
from store.formats import api_token_v1
from store.formats.api_token_v1 import ApiToken
from store.formats.errors import MalformedError
from store.formats.token_grant_v1 import Owner
from store.tokens import Held
from store.words import Scope

WRONG_TOKENS: Final = web.AppKey("wrong_tokens", WrongLinks)
_SCHEME: Final = "bearer"


@dataclass(frozen=True)
class Bearer:
    """A token that serves, and whose it is."""

    token: ApiToken = field(repr=False)
    owner: Owner
    held: Held


async def bearer(request: web.Request, parts: Parts, scope: Scope | None) -> Bearer:
    """The token of a request, for `scope`; None is anything.  Raises RefusedError with 401, 403 or 429."""
    said = request.headers.getall("Authorization", [])
    try:
        scheme, _, text = said[0].partition(" ") if len(said) == 1 else ("", "", "")
        if scheme.lower() != _SCHEME:  # in any case (RFC 9110, 11.1)
            raise MalformedError("no token")  # noqa: TRY301 - answered like a wrong one
        token = api_token_v1.parse(text)
        owner, held = await tokens.find(parts.store, token)
    except (MalformedError, errors.UnknownTokenError):
        address = limit_key(address_of(request, parts.settings.trusted_proxies))
        if wait := request.app[WRONG_TOKENS].count(address):
            raise RefusedError(problem("wrong-tokens", retry_after=wait)) from None
        raise no_token() from None
    if scope is not None and scope not in held.scopes:
        raise wrong_scope(scope)
    return Bearer(token, owner, held)


def no_token() -> RefusedError:
    """401, with what is wanted instead (RFC 9110, 11.6.1)."""
    refusal = problem("no-token")
    refusal.headers["WWW-Authenticate"] = "Bearer"
    return RefusedError(refusal)


def wrong_scope(scope: Scope) -> RefusedError:
    """403, with the scope that it would need (RFC 6750, 3.1)."""
    refusal = problem("wrong-scope", scope=scope)
    refusal.headers["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{scope}"'
    return RefusedError(refusal)
