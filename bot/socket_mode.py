"""Socket Mode: requests from Slack come through a connection that we open, and nothing listens."""

import asyncio
import random
from typing import Final

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.library_log import library_logger
from bot.line import ProgramError, pause
from bot.slack_calls import SlackRefusedError, told

_RENEWED_SECONDS: Final = 4.0
_AGAIN_SECONDS: Final = (30.0, 60.0)
"""Between these, by chance: Slack lets an address be asked for once a minute or so, and several bots may want one."""

_log = structlog.get_logger("bot")


class SocketMode:
    """A line by Slack's WebSocket; `token` is the app-level one, `api_url` the Web API's base."""

    def __init__(self, app: AsyncApp, token: str, api_url: str) -> None:
        web_client = AsyncWebClient(token=token, base_url=api_url, logger=library_logger())
        self._socket = AsyncSocketModeHandler(app, token, logger=library_logger(), web_client=web_client)
        self._renewing: asyncio.Task[None] | None = None

    async def connect(self, stop: asyncio.Event) -> bool:
        """Connect, however long Slack is away.  False when stopped before that.  Raises ProgramError."""
        # Asked once by ourselves: the library repeats a refused connection for ever and tells only its log.
        while not stop.is_set():
            try:
                await self._socket.client.web_client.apps_connections_open(app_token=self._socket.app_token)
                break
            except SlackApiError as error:
                failure = told(error)
                if isinstance(failure, SlackRefusedError):
                    raise ProgramError(f"SLACK_APP_TOKEN: Slack does not accept it ({failure.code})") from None
            except (aiohttp.ClientError, OSError, TimeoutError):
                pass
            await pause(stop)
        self._renewing = asyncio.create_task(self._renew_address())
        connected = asyncio.ensure_future(self._socket.connect_async())  # type: ignore[no-untyped-call]
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait([connected, stopped], return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not connected.done():
            connected.cancel()
            return False
        connected.result()
        _log.info("connected to Slack")
        return True

    async def is_up(self) -> bool:
        """Whether the connection is there and answers pings."""
        return bool(await self._socket.client.is_connected())

    async def _renew_address(self) -> None:
        """
        Have the library ask for another address before it tries again.

        Slack takes each once and for a short time.  The library repeats the one that it has for ever: a host that is
        cut off between the address and the connection would not come back before somebody restarts the bot.  Soon once,
        and then seldom: where Slack gives addresses and its sockets are silent, each would be asked for in vain.
        """
        client, clock = self._socket.client, asyncio.get_running_loop().time
        worked, not_before = client.wss_uri, 0.0
        while True:
            await asyncio.sleep(_RENEWED_SECONDS)
            if await self.is_up():
                worked, not_before = client.wss_uri, 0.0
            elif client.wss_uri in (None, worked):
                client.wss_uri = None  # the library asks for the next one by itself, and this is not yet in vain
            elif clock() >= not_before:
                client.wss_uri = None
                not_before = clock() + random.uniform(*_AGAIN_SECONDS)  # noqa: S311 - it is no secret

    async def close(self) -> None:
        """Close the connection."""
        if self._renewing is not None:
            self._renewing.cancel()
        await self._socket.close_async()  # type: ignore[no-untyped-call]
