"""
The bot's program in a soak, and the Slack that it tells: notices are posted, programs killed, Slack goes away.

What the audit channel and the people read is looked through for what nobody may read there; at the end nothing may be
left untold.
"""

import asyncio
import json
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from sandbox.control.trouble import AWAY
from sandbox.conversations import Message
from sandbox.fixtures import AUDIT, BOT, BOT_USER, DANA, MAYA, SAM, TEAM
from sandbox.running import Sandbox
from store.deliveries import Place
from store.opened import Store
from store.schema import notices
from tests.programs import Running, running
from tests.stores import Home

PEOPLE: dict[str, Any] = {"sender_id": MAYA, "recipient_id": DANA, "team_id": TEAM}
KINDS_OF_AWAY = AWAY
_START_SECONDS = 120
# The bot looks for five minutes, once a second, for where a message stands that is to become a tombstone.
_PATIENCE_SECONDS = 400


@dataclass
class Office:
    """A workspace of its own, and one bot at a time."""

    home: Home
    sandbox: Sandbox
    logs: list[str] = field(default_factory=list)
    _program: Running | None = None
    _running: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def begin(self) -> None:
        """A bot that is connected."""
        log = self.home.path / f"bot-{len(self.logs)}.log"
        program = await self._running.enter_async_context(running(["sendsecret", "bot"], self._environment(), log))
        self._program = program
        async with asyncio.timeout(_START_SECONDS):
            while not await self.sandbox.wait_sockets(1, seconds=1):
                assert program.process.returncode is None, f"the bot is not there:\n{program.written()}"

    async def end(self, *, kill: bool = False) -> None:
        """By SIGKILL, or as an operator does it."""
        if self._program is not None:
            await (self._program.kill() if kill else self._program.stop())
            self.logs.append(self._program.written())
        self._program = None
        await self._running.aclose()
        self._running = AsyncExitStack()
        # What the next one is waited for by must be its own.
        await self.sandbox.disconnect()

    @property
    def has_ended(self) -> bool:
        """Whether the bot is gone though nobody ended it."""
        return self._program is not None and self._program.process.returncode is not None

    def posted(self) -> Place:
        """A message in the recipient's DM, as it is after a link was delivered."""
        dm = self.sandbox.workspace.bot_dm(DANA)
        assert dm is not None
        message = Message(self.sandbox.workspace.new_ts(), dm.id, BOT_USER, "a link", bot_id=BOT)
        self.sandbox.workspace.post(message, crawl=False)
        return Place(dm.id, message.ts)

    def holds(self, canary: bytes) -> bool:
        """Whether anybody in Slack can read it, in a message or an earlier version of one, or the bot's log has it."""
        every = [message for place in self.sandbox.workspace.conversations.values() for message in place.messages]
        said = json.dumps([[one.text, one.blocks, [[old.text, old.blocks] for old in one.earlier]] for one in every])
        written = [] if self._program is None else [self._program.written()]
        return any(canary.decode() in text for text in [said, *written, *self.logs])

    async def untold(self, store: Store) -> list[str]:
        """What is left, in words, once nothing has been told for as long as anything may wait."""
        left, since = await _waiting(store), time.monotonic()
        while left and time.monotonic() - since < _PATIENCE_SECONDS:
            # What is tried again after a pause is tried now.
            self.home.advance_clock(901)
            await asyncio.sleep(1)
            if (now := await _waiting(store)) < left:
                left, since = now, time.monotonic()
        query = select(notices).where(notices.c.done_at.is_(None)).order_by(notices.c.id).limit(20)
        async with store.db.read() as tx:
            rows = (await tx.execute(query)).all()
        return [
            f"notice {row.id} to {row.audience} of {json.loads(row.about)['event']}: {row.tries} tries, "
            f"{row.parked or 'not set aside'}"
            for row in rows
        ]

    async def told(self, store: Store) -> dict[str, int]:
        """For the report: notices, and the audit channel's messages, of which the parents are one a drop or more."""
        async with store.db.read() as tx:
            count = await tx.scalar(select(func.count()).select_from(notices)) or 0
        posted = self.sandbox.workspace.conversations[AUDIT].messages
        parents = sum(message.thread_ts in (None, message.ts) for message in posted)
        return {"notices": count, "messages in the audit channel": len(posted), "of them not in a thread": parents}

    def _environment(self) -> dict[str, str]:
        slack: dict[str, Any] = {
            "SLACK_API_URL": self.sandbox.api_url,
            "SLACK_BOT_TOKEN": self.sandbox.bot_token,
            "SLACK_APP_TOKEN": self.sandbox.app_token,
        }
        return self.home.environment() | slack | {"AUDIT_CHANNEL": AUDIT, "ADMINS": SAM, "LOG_LEVEL": "INFO"}


async def _waiting(store: Store) -> int:
    async with store.db.read() as tx:
        return await tx.scalar(select(func.count()).where(notices.c.done_at.is_(None))) or 0
