"""Installations that have lived: drops of every outcome, in the log, and what an auditor holds of them."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from store import asks, deliveries, door, endings, forgetting, pausing, unlocking
from store.formats import event_v1, order_v1
from store.log import proofs, published
from store.log.edge import open_tiles
from store.log.sequencer import Sequencer
from store.log.who_may_say import MAY_SAY
from store.opened import Store
from store.schema import events, log_openings, notices
from store.signer import Signed, Signer
from store.words import Ask, Event
from tests.sealed_elsewhere import handed_in
from tests.store.living import SOMEBODY, created, refuse
from tests.store.test_log import drained
from tests.store.test_receipts import WAYS
from tests.stores import Home


class EitherSigner:
    """Signs each event with the key of a program that may say it, so that one store can live a whole life."""

    def __init__(self, bot: Signer, web: Signer) -> None:
        self._bot, self._web = bot, web
        self.program = "bot"

    def sign(self, payload: bytes, kind: str = event_v1.TYPE) -> Signed:
        claims = json.loads(payload)
        is_for_bot = kind == order_v1.TYPE or (claims["evt"] == Event.CREATED and "order" not in claims)
        is_for_web = not is_for_bot and claims["evt"] in MAY_SAY["web"]
        return (self._web if is_for_web else self._bot).sign(payload, kind)


@asynccontextmanager
async def either(home: Home) -> AsyncIterator[Store]:
    """The store as both programs together hold it."""
    async with home.open("bot") as bot, home.open("web") as web:
        signer: Any = EitherSigner(bot.signer, web.signer)
        yield replace(bot, signer=signer)


async def live(store: Store, home: Home, times: int = 1) -> None:
    """Drops of all seven outcomes, and open ones in every state, all in the log, which was opened before them."""
    await drained(Sequencer(store, home.signing))
    for _ in range(times):
        for end, _, _ in WAYS.values():
            await end(store, home)
        home.reset_clock()  # or else what the next round makes would be over before it begins
    gone = await created(store, recipient_id="UEVE", hint="the usual", reference="SEC-7")
    await endings.revoke(store, gone.new.id)
    async with store.db.write() as tx:
        await tx.execute(update(notices).where(notices.c.drop_id == gone.new.id).values(done_at=1))
    assert await forgetting.forget(store, gone.new.id, "UEVE") == 1
    await endings.revoke(store, (await created(store)).new.id)
    await endings.revoke(store, (await handed_in(store, home)).new.id)
    opened, paused, locked, unlocked, resumed = [await created(store, lives_seconds=1_000_000) for _ in range(5)]
    await deliveries.record_delivered(store, opened.new.id, None)
    await door.look(store, opened.new.id, opened.new.link_proof, SOMEBODY)
    await asks.ask(store, opened.new.id, opened.new.link_proof, Ask.TRIES)
    await pausing.pause(store, paused.new.id)
    await pausing.pause(store, resumed.new.id)
    await pausing.resume(store, resumed.new.id)
    for one in (locked, unlocked):
        await refuse(store, one, 5, home)
        home.reset_clock()
    await unlocking.unlock(store, unlocked.new.id)
    assert await drained(Sequencer(store, home.signing)) == []


async def write_evidence(store: Store, folder: Path) -> list[Path]:
    """Every leaf with its proof, both public keys, the log's key; the leaves' paths, in their order."""
    folder.mkdir(parents=True, exist_ok=True)
    async with store.db.read() as tx:
        rows = (await tx.execute(select(events).order_by(events.c.position))).all()
        vkeys = (await tx.execute(select(log_openings.c.vkey).order_by(log_openings.c.log))).scalars().all()
    keys = {"keys": [json.loads(key) for key in await published.event_keys(store)]}
    (folder / "jwks.json").write_text(json.dumps(keys))
    (folder / "log.vkey").write_text("\n".join(vkeys) + "\n")
    paths = []
    for row in rows:
        proven = await proofs.of_event(store, row.jti)
        assert proven is not None
        assert proven.proof is not None
        kind = "receipt" if row.event == Event.RECEIPT else "event"
        path = folder / f"{kind}-{row.position:03}.jws"
        path.write_bytes(proven.leaf)
        path.with_suffix(".tlog-proof").write_text(proven.proof)
        paths.append(path)
    return paths


async def write_tiles(store: Store, folder: Path) -> Path:
    """The published log as C2SP tlog-tiles: checkpoint and tiles of the size that it speaks of."""
    note = await published.checkpoint(store)
    assert note is not None
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "checkpoint").write_text(note)
    size = int(note.split("\n")[1])
    for edge in open_tiles(size):
        for n in range(edge.n + 1):
            tile = edge if n == edge.n else replace(edge, n=n, width=256)
            hashes = await published.tile(store, tile)
            assert hashes is not None
            (folder / tile.path).parent.mkdir(parents=True, exist_ok=True)
            (folder / tile.path).write_bytes(hashes)
    return folder
