"""
What must hold between the hosts, after each fault and at the end.

Each look answers with sentences, none where all is well.  What another program is about to finish (an entry that is
committed and not let out yet) may be found once and not again.
"""

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select

from bot import audit_messages
from sandbox.fixtures import AUDIT, SAM
from store.creation import ATTEMPT
from store.drops import Drop, of_sending
from store.opened import Store
from store.schema import drops, log_checkpoints, notices
from store.verifying import invariants
from store.verifying.invariants import Counters
from store.words import Audience, Event, Outcome, State
from tests.hosts.places import PORT, Places
from tests.hosts.slack import Slack
from tests.hosts.traffic import Form, Traffic
from tests.programs import Call

_LOOKS: Final = 4
_MOST_ATTEMPTS: Final = 10


@dataclass
class Judges:
    """They look at the database by its socket, at the keyring, at what Slack shows, and at what pages were given."""

    places: Places
    slack: Slack
    traffic: Traffic
    store: Store
    notes: set[str] = field(default_factory=set)
    """Every checkpoint that any host has shown."""
    _before: Counters = field(default_factory=Counters)

    async def after_a_fault(self) -> list[str]:
        """The six invariants, by each bot's SIGNING_DIR, and who has read what."""
        await self._collect_checkpoints()
        found = [says for bot in self.places.bots for says in await self._invariants(bot.environment["SIGNING_DIR"])]
        self._before = await invariants.counters(self.store.db)
        return found + self._readers() + await self._one_line()

    async def at_the_end(self, most_repeated: int) -> list[str]:
        """Also: one drop for each recipient of a form that was sent, every event told in order, nothing open."""
        found = await self.after_a_fault()
        found += await self._forms() + await self._audit(most_repeated) + await self._open_still()
        return found

    async def settled(self) -> bool:
        """Whether everything has ended and has been told."""
        return not await self._open_still()

    async def _invariants(self, signing_dir: str) -> list[str]:
        home, found = self.places.home, list[invariants.Violation]()
        for _ in range(_LOOKS):
            looked = await invariants.look(
                self.store.db,
                Path(signing_dir),
                home.keyring,
                before=self._before,
                canaries=[b"canary"],
                keyring_url=home.keyring_url,
            )
            found = looked.violations
            if not found:
                break
            await asyncio.sleep(1)
        return [f"{one.invariant}: {one.says}" for one in found]

    def _readers(self) -> list[str]:
        found = []
        for form in self.traffic.forms:
            texts = form.reading.texts() if form.reading else []
            if len(texts) > 1:
                found.append(f"{form.label} was read by {len(texts)} pages")
            if set(texts) - {form.secret}:
                found.append(f"{form.label}: another secret was read than was sent")
        return found

    async def _collect_checkpoints(self) -> None:
        for web in self.places.webs:
            try:
                async with asyncio.timeout(2):
                    answer = await Call(PORT, "GET", "/log/checkpoint", host=web.host.address).answer()
            except (OSError, TimeoutError):
                continue
            if answer.status == 200:
                self.notes.add(answer.body.decode())
        for bot in self.places.bots:
            latest = bot.folder / "signing" / "checkpoint.latest"
            if latest.exists():
                self.notes.add(latest.read_text())

    async def _one_line(self) -> list[str]:
        async with self.store.db.read() as tx:
            known = set((await tx.execute(select(log_checkpoints.c.note))).scalars())
        return ["a checkpoint was shown that the log does not have: it has forked"] if self.notes - known else []

    async def _forms(self) -> list[str]:
        found, counted = [], 0
        for form in self.traffic.forms:
            made = await self._made(form)
            counted += len(made)
            live = [drop for drop in made if drop.outcome is not Outcome.UNDELIVERED]
            if len(live) > 1:
                found.append(f"{form.label}: {len(live)} drops")
            if form.is_sent and not made:
                found.append(f"{form.label}: its sender was told that it is sent, and there is no drop")
            self.traffic.seen["undelivered"] += len(made) - len(live)
        async with self.store.db.read() as tx:
            every = await tx.scalar(select(func.count()).select_from(drops)) or 0
        if every != counted:
            found.append(f"there are {every} drops, and forms have made {counted}")
        return found

    async def _made(self, form: Form) -> list[Drop]:
        keys = [form.view, *(f"{form.view}{ATTEMPT}{attempt}" for attempt in range(1, _MOST_ATTEMPTS))]
        found = [await of_sending(self.store, key, form.recipient) for key in keys]
        return [drop for drop in found if drop is not None]

    async def _audit(self, most_repeated: int) -> list[str]:
        shown = await self.slack.do("messages", user=SAM, conversation=AUDIT)
        told: dict[str, list[str]] = {}
        parents = {m["ts"]: m["text"].split()[1].rstrip(":") for m in shown if m["text"].startswith("Drop ")}
        for message in shown:
            short = parents.get(message.get("thread_ts", ""))
            if short is not None and message["ts"] not in parents:
                told.setdefault(short, []).append(message["text"])
        found, repeated = [], Counter[str]()
        repeated["parents"] = len(parents) - len(set(parents.values()))
        for drop_id, lines in (await self._owed()).items():
            short = audit_messages.short(drop_id)
            entries = told.get(short, [])
            once = [text for number, text in enumerate(entries) if number == 0 or text != entries[number - 1]]
            repeated["entries"] += len(entries) - len(once)
            if once != lines:
                found.append(f"drop {short}: the audit channel shows {once}, and these are due in order: {lines}")
        self.traffic.seen["told twice"] = repeated.total()
        if repeated.total() > most_repeated:
            found.append(f"the audit channel shows {dict(repeated)} again, more than {most_repeated}")
        return found

    async def _owed(self) -> dict[bytes, list[str]]:
        """The entries of each drop's thread, as they must stand there."""
        of_audit = select(notices.c.drop_id, notices.c.about).where(notices.c.audience == Audience.AUDIT)
        async with self.store.db.read() as tx:
            rows = (await tx.execute(of_audit.order_by(notices.c.id))).all()
        lines: dict[bytes, list[str]] = {}
        for row in rows:
            about: dict[str, Any] = json.loads(row.about)
            of_drop = lines.setdefault(row.drop_id, [])
            if about["event"] != Event.CREATED:
                of_drop.append(str(audit_messages.entry(about).text))
        return lines

    async def _open_still(self) -> list[str]:
        is_open = select(func.count()).select_from(drops).where(drops.c.state != State.DESTROYED)
        is_owed = select(func.count()).select_from(notices).where(notices.c.done_at.is_(None))
        async with self.store.db.read() as tx:
            counted = {"drops are open": await tx.scalar(is_open), "notices wait": await tx.scalar(is_owed)}
        return [f"{count} {what}" for what, count in counted.items() if count]
