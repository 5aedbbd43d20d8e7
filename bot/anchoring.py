"""
Taking checkpoints where we cannot change them: a channel of Slack, through the webhook of another app.

Whoever owns this host can rewrite the log and sign it anew; the messages in that channel they cannot take back.
Nothing waits for an anchor, and one that fails is replaced by the next.
"""

import asyncio
from typing import Final

import structlog

from bot import anchor_messages, anchor_wording
from bot.admins import Admins
from bot.mrkdwn import fill
from bot.slack_calls import Slack, SlackError
from store.errors import StoreUnavailableError
from store.log import anchors, published
from store.logs import place_of
from store.opened import Store

_EVERY_SECONDS: Final = 1.0

_log = structlog.get_logger("anchors")


class Anchoring:
    """The loop, and whether administrators know that it fails."""

    def __init__(self, store: Store, slack: Slack, admins: Admins, webhook_url: str) -> None:
        self._store = store
        self._slack = slack
        self._admins = admins
        self._webhook_url = webhook_url
        self._is_away = False

    async def run(self, stop: asyncio.Event) -> None:
        """Anchor until `stop`."""
        while not stop.is_set():
            try:
                await self._once()
            except StoreUnavailableError as error:
                _log.warning("anchors wait for the database", error=place_of(error))
            except Exception as error:  # noqa: BLE001 - an anchor that is missing would be missed by nobody for a day
                _log.error("an anchor failed; it is repeated", error=place_of(error))
            try:
                async with asyncio.timeout(_EVERY_SECONDS):
                    await stop.wait()
            except TimeoutError:
                continue

    async def _once(self) -> None:
        anchor = await anchors.take(self._store)
        if anchor is None:
            return
        keys = await published.keys(self._store)
        message = anchor_messages.anchor(anchor.note, anchor.before, keys.log, keys.events)
        try:
            await self._slack.anchor(self._webhook_url, message)
        except SlackError as error:
            # The lease lasts a minute, and so long nobody tries again.
            await self._say_away(getattr(error, "code", "no answer"))
            return
        await anchors.posted(self._store, anchor)
        if self._is_away:
            self._is_away = False
            await self._admins.tell(fill(anchor_wording.BACK))

    async def _say_away(self, code: str) -> None:
        _log.warning("a checkpoint could not be anchored", code=code)
        if not self._is_away:
            self._is_away = True
            await self._admins.tell(fill(anchor_wording.AWAY, code=code))
