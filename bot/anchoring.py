"""
Taking checkpoints where we cannot change them: a channel of Slack, through the webhook of another app.

Whoever owns this host can rewrite the log and sign it anew; the messages in that channel they cannot take back.
Nothing waits for an anchor, and one that fails is replaced by the next.
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from pydantic import SecretStr

from bot import anchor_messages, anchor_wording
from bot.alarm import Alarm
from bot.mrkdwn import fill
from bot.rounds import Troubles, look_until
from bot.slack_calls import Slack, SlackBusyError, SlackError, SlackRefusedError
from store.log import anchors, published
from store.log.who_may_say import believed
from store.opened import Store

_EVERY_SECONDS: Final = 1.0
_TROUBLES: Final = Troubles(away="anchors wait for the database", failed="an anchor failed; it is repeated")
_PATIENCE: Final = 2
"""So many anchors in a row, a minute apart, may fail before people are told."""

_log = structlog.get_logger("anchors")


@dataclass(frozen=True)
class Channel:
    """Where anchors go, and where the believed event keys are, which the first of them names."""

    webhook_url: SecretStr
    signing_dir: Path


class Anchoring:
    """The loop, and whether people know that it fails."""

    def __init__(self, store: Store, slack: Slack, alarm: Alarm, channel: Channel) -> None:
        self._store = store
        self._slack = slack
        self._alarm = alarm
        self._channel = channel
        self._failures = 0
        self._why = ""
        self._is_told = False

    async def run(self, stop: asyncio.Event) -> None:
        """Anchor until `stop`."""
        await look_until(stop, self._look, _EVERY_SECONDS, _log, _TROUBLES)

    async def _look(self) -> None:
        await self._once()
        await self._tell()

    async def _once(self) -> None:
        anchor = await anchors.take(self._store)
        if anchor is None:
            return
        # Those that the bot was told of: a row in the database is not enough to be named in a message that is pinned.
        speakers = await asyncio.to_thread(believed, self._channel.signing_dir)
        kids = sorted(kid for kid, speaker in speakers.items() if speaker.retired is None)
        vkey = await published.log_key(self._store, anchor.note)
        message = anchor_messages.anchor(anchor.note, anchor.before, vkey, kids)
        try:
            await self._slack.anchor(self._channel.webhook_url.get_secret_value(), message)
        except SlackError as error:
            # The lease lasts a minute, and so long nobody tries again.
            self._failures, self._why = self._failures + 1, _why(error)
            _log.warning("a checkpoint could not be anchored", why=self._why)
            return
        await anchors.posted(self._store, anchor)
        self._failures = 0

    async def _tell(self) -> None:
        if self._failures >= _PATIENCE and not self._is_told:
            self._is_told = await self._alarm.ring(fill(anchor_wording.AWAY, why=self._why))
        elif not self._failures and self._is_told:
            self._is_told = not await self._alarm.ring(fill(anchor_wording.BACK))


def _why(error: SlackError) -> str:
    if isinstance(error, SlackRefusedError):
        return anchor_wording.REFUSED.format(status=error.code.rpartition("_")[2])
    return anchor_wording.BUSY if isinstance(error, SlackBusyError) else anchor_wording.UNANSWERED
