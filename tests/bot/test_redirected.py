"""An address at which Slack takes messages leads nowhere else: what is said there may be a link, or the log's head."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.message import Message
from bot.mrkdwn import Markup
from bot.slack_calls import Slack, SlackRefusedError, SlackUnansweredError

SAID = Message("said", [])


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[str]:
    """The application on a port of its own; its address."""
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_is_followed(status: int) -> None:
    """Neither an anchor's nor a response URL's, which count as refused, nor the Web API's, which has not answered."""
    reached: list[str] = []
    leads, inside = web.Application(), web.Application()

    async def notes(request: web.Request) -> web.Response:
        reached.append(request.method)
        return web.Response(text="ok")

    inside.router.add_route("*", "/latest/meta-data", notes)
    async with served(inside) as target:

        async def redirects(_: web.Request) -> web.Response:
            return web.Response(status=status, headers={"Location": f"{target}/latest/meta-data"})

        leads.router.add_route("*", "/{method:.*}", redirects)
        async with served(leads) as url, Slack("xoxb-1", f"{url}/") as slack:
            for call in (slack.post("D1", SAID), slack.identity()):
                with pytest.raises(SlackUnansweredError):
                    await call
            for act in (
                slack.anchor(url, SAID),
                slack.reply(url, Markup("said")),
                slack.replace(url, SAID),
                slack.post_into(url, SAID),
            ):
                with pytest.raises(SlackRefusedError):
                    await act
    assert reached == []
