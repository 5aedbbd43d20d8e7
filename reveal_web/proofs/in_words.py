"""A database that does not answer, said in words: for every route of proofs."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from reveal_web.reader.answers import Answer, problem
from store.errors import StoreUnavailableError

Route = Callable[[web.Request], Awaitable[Answer]]


def in_words(route: Route) -> Route:
    """The same route, with 503 and when to come back where the store is away."""

    async def answered(request: web.Request) -> Answer:
        try:
            return await route(request)
        except StoreUnavailableError:
            return problem("unavailable", retry_after=1)

    return answered
