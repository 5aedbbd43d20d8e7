"""
Putting committed events into the log, in batches, and signing how far it has got.

    1. one transaction: leaves, tiles, checkpoint; committed
    2. `checkpoint.latest` in SIGNING_DIR, fsynced
    3. one transaction: published

Nothing is shown before 3, so that a crash after 1 or 2 leaves nothing in the world that the database does not have; the
next step finishes it before it goes on.  Any number of programs may try: at any moment one of them has its turn, and
each keeps up its own `checkpoint.latest`, also with what the others let out.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Row, and_, delete, insert, select

from store.errors import LogStoppedError
from store.formats import checkpoint_v1, merkle_v1
from store.formats.checkpoint_v1 import Checkpoint
from store.formats.errors import FormatError, MalformedError
from store.log import guard, openings
from store.log.batch import Batch, Committed, commit
from store.log.edge import Edge
from store.log.latest import Latest
from store.log.log_key import NAME, LogSigner, signer_of
from store.log.publishing import publish
from store.log.standing import Standing, standing
from store.log.turn import hold_still
from store.log.who_may_say import UNKNOWN_KEY, believed, fault
from store.opened import Store
from store.schema import events, log_pending, log_refused

MOST_LEAVES: Final = 1000
_MOST_REFUSED: Final = 3
_LOOKS: Final = 3
_SOME_PENDING: Final = select(log_pending.c.position).limit(1)


@dataclass(frozen=True)
class Step:
    """
    What one step did.

    `refused` are (event word, why) of events that no log takes; `more` asks for another step.  `waits_from` is the
    position of the first event that waited and was not taken, None where none was left.
    """

    integrated: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    more: bool = False
    waits_from: int | None = None


async def has_pending(store: Store) -> bool:
    """Whether an event waits: all that a look finds where nothing is wrong, for a hundredth of what a step takes."""
    return await store.db.look(_SOME_PENDING, {}) is not None


class Sequencer:
    """The sequencer of one program.  `signing_dir` has the log's key, the believed keys, the last checkpoint."""

    def __init__(self, store: Store, signing_dir: Path, *, most_leaves: int = MOST_LEAVES) -> None:
        """Raises LogStoppedError where the log's key cannot be read."""
        self._store = store
        self._signing_dir = signing_dir
        self._signer = LogSigner(signing_dir / NAME)
        self._latest = Latest(signing_dir, self._signer)
        self._most_leaves = most_leaves
        self._refused: list[tuple[int, int]] = []

    async def step(self) -> Step:
        """
        Integrate one batch, and let out what a crash held back.

        Raises LogStoppedError, after which nothing was signed, and StoreUnavailableError.
        """
        looked = await self._look()
        if looked is None:
            await openings.open_first(self._store, self._signer)
            return Step(more=True)
        known, found = looked
        if found.note is not None and (known != found.note or found.published < found.size):
            # What a crash held back, or another host let out.  Before anything is added to it: a log that goes on
            # though nothing gets out would have leaves that nobody is ever shown.
            await self._let_out(found, found.size, found.note)
        if not found.batch:
            return Step()
        batch = await asyncio.to_thread(self._judged, found)
        edge = await asyncio.to_thread(self._grown, found, batch.taken)
        note = self._signer.sign(Checkpoint(found.opening.origin, edge.size, edge.root)) if batch.taken else None
        outcome = await commit(self._store, batch, edge, note)
        if outcome is Committed.REFUSED:
            self._require_progress(found)
        if outcome is not Committed.DONE:
            return Step(waits_from=found.batch[0].position)
        if note is not None:
            await self._let_out(found, edge.size, note)
        refused = [(event.event, why) for event, why in batch.refused]
        return Step(len(batch.taken), refused, more=len(found.batch) == self._most_leaves)

    async def ask_again(self) -> None:
        """
        Give events of unknown keys another chance; once, at the start: an operator may have added the key.

        Not those of a key that was retired meanwhile: in the log they would stand behind its retirement.
        """
        speakers = await asyncio.to_thread(believed, self._signing_dir)
        retired = [kid for kid, speaker in speakers.items() if speaker.retired is not None]
        async with self._store.db.write() as tx:
            theirs = select(events.c.position).where(events.c.kid.in_(retired))
            is_asked = and_(log_refused.c.why == UNKNOWN_KEY, log_refused.c.position.not_in(theirs))
            again = delete(log_refused).where(is_asked).returning(log_refused.c.position)
            positions = (await tx.execute(again)).scalars().all()
            if positions:
                await tx.execute(insert(log_pending), [{"position": position} for position in positions])

    async def _look(self) -> tuple[str | None, Standing] | None:
        """
        The note in `checkpoint.latest`, and where the log stands; None before the first.

        What is wrong is wrong at every look.  Between the folder and the database, and behind what a transaction sees,
        another program may let the first checkpoint out or put another key in place: then the next look is in order.
        """
        for _ in range(_LOOKS - 1):
            with suppress(LogStoppedError):
                return await self._look_once()
        return await self._look_once()

    async def _look_once(self) -> tuple[str | None, Standing] | None:
        # The file first: what the database says afterwards is as new or newer.
        known = await asyncio.to_thread(self._latest.read)
        async with self._store.db.read() as tx:
            await hold_still(tx, self._store.db)
            opening = await openings.newest(tx)
            if opening is not None:
                # Every time: the key may have been rotated, and another log opened under it.
                self._signer = await asyncio.to_thread(signer_of, self._signing_dir, opening.origin, opening.vkey)
            await guard.require_unbroken(tx, self._signer, opening, known)
            if opening is None:
                return None
            found = await standing(tx, opening, most_leaves=self._most_leaves)
        return known and known[0], found

    def _judged(self, found: Standing) -> Batch:
        taken: list[Row[Any]] = []
        refused = []
        speakers = believed(self._signing_dir)
        for event in found.batch:
            why = fault(event, speakers)
            if why is None:
                taken.append(event)
            else:
                refused.append((event, why))
        return Batch(found.opening, found.size, taken, refused)

    def _grown(self, found: Standing, taken: list[Row[Any]]) -> Edge:
        opening = found.opening
        if found.size == 0 and (not taken or taken[0].position != opening.position):
            raise LogStoppedError(
                f"the event that opens {opening.origin} is missing, or its key is not in SIGNING_DIR/trusted; nothing "
                "was signed, and events wait. Put the key there, or begin another log: `sendsecret log new --force`"
            )
        try:
            edge = Edge(found.size, found.tiles)
            if found.note is not None:
                signed = checkpoint_v1.verify(found.note, self._signer.key(opening.origin))
                if signed.root != edge.root:
                    raise MalformedError("they do not give the root that was signed")
        except FormatError as error:
            raise LogStoppedError(
                f"tiles or checkpoint of {opening.origin} were changed in the database ({error}); nothing was signed, "
                "and events wait. `sendsecret verify --store` says what else was changed. Restore the database, then "
                "begin another log: `sendsecret log new`"
            ) from None
        edge.append(merkle_v1.leaf_hash(event.leaf) for event in taken)
        return edge

    def _require_progress(self, found: Standing) -> None:
        """Whoever is overtaken finds another size at the next look; the same one again and again is no race."""
        self._refused = [*self._refused[1 - _MOST_REFUSED :], (found.opening.log, found.size)]
        if self._refused == [(found.opening.log, found.size)] * _MOST_REFUSED:
            raise LogStoppedError(
                f"the database refuses entry {found.size} of {found.opening.origin}: its tables of the log were "
                "changed by hand. Nothing was signed, and events wait. `sendsecret verify --store` says what was "
                "changed"
            )

    async def _let_out(self, found: Standing, size: int, note: str) -> None:
        """Steps 2 and 3."""
        try:
            checkpoint = checkpoint_v1.verify(note, self._signer.key(found.opening.origin))
        except FormatError as error:
            raise LogStoppedError(
                f"the last checkpoint of {found.opening.origin} was changed in the database ({error}); it was not let "
                "out"
            ) from None
        await asyncio.to_thread(self._latest.advance, note, checkpoint)
        if found.published < size:
            async with self._store.db.write() as tx:
                await publish(tx, self._store, found.opening.log, size)
