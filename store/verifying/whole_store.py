"""
A whole database, held against what was signed: every row of every table that is evidence, at one moment.

What is working memory and proves nothing (notices, messages, refusals, recurrences, anchoring, sealed links) is not
looked at, and is said not to be; nor is what only a record's key could judge.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection

from store.database import Database
from store.errors import KeyUnreadableError, LogStoppedError, StoreMismatchError, StoreUnavailableError
from store.formats import checkpoint_v1
from store.formats.checkpoint_v1 import Checkpoint, LogKey
from store.formats.errors import FormatError
from store.keyring import KeyState
from store.keyring_kinds import hold
from store.log.guard import require_unbroken
from store.log.latest import Latest
from store.log.log_key import NAME, LogSigner, signer_of
from store.log.who_may_say import Speaker
from store.months import Months
from store.schema import installation
from store.verifying import citations, drops_and_events, openings, signatures, trees, triggers
from store.verifying.files import File
from store.verifying.findings import Finding, Findings
from store.verifying.snapshot import still
from store.verifying.trees import Grown

NOT_LOOKED_AT: Final = (
    "not looked at, because no signed event says anything of it: notices, messages, refusals, recurrences, anchoring, "
    "sealed links on their way and the keys that they are sealed to, keys of clients that name what they sent; "
    "of a drop its envelope, verifiers, claim, hint, form, delivery lease, what its lock does before it locks, and "
    "the recipient's workspace; of a record its name, whose it is, its key's hash, its value, what its escrow opens, "
    "what a client asked for, wrong keys that the log was not told of so far, and when it was made, rotated, read, "
    "refused and ended; of its page the link's verifier, header, hint, and when the next guess is taken; records that "
    "clients have asked for and the bot has not made; of a key since when; of a log when its checkpoints were made, "
    "and an older one that is gone"
)
_LATEST: Final = "checkpoint.latest"


async def check(
    db: Database,
    signing_dir: Path,
    keyring_dir: Path,
    older: Sequence[File],
    *,
    after_restore: bool = False,
    keyring_url: str = "",
) -> list[Finding]:
    """
    Every finding.  `older` are checkpoints that somebody kept; without a keyring in `keyring_dir` names are not read.

    `after_restore`: somebody vouches that a backup was put back, so that what later logs cite and the database has lost
    is said and is no failure.

    Raises StoreUnavailableError.
    """
    findings = Findings()
    signer, known = _kept(signing_dir, findings)
    # Before the database is looked at: a month that is forgotten meanwhile is erased first, and said afterwards.
    async with _keyring(keyring_dir, keyring_url, findings) as (keyring_id, months, states), still(db) as tx:
        await triggers.check(tx, findings, is_sqlite=db.is_sqlite)
        await _one_installation(tx, keyring_id, findings)
        speakers: Mapping[str, Speaker] = {}
        with _judging(findings, "signers"):
            speakers = await signatures.speakers(tx, signing_dir, findings)
        seen = drops_and_events.Seen()
        with _judging(findings, "events", "drops", "records", "disclosures"):
            await drops_and_events.check(tx, speakers, months, states, findings, seen)
        with _judging(findings, "signers"):
            await signatures.close(tx, seen.used, seen.retired, speakers, findings)
        logs = await openings.all_of(tx)
        with _judging(findings, "log_openings"):
            await openings.check(tx, logs, findings)
        kept = [(file, _read(file, openings.keys_of(logs), findings)) for file in older]
        grown = {opening.log: Grown() for opening in logs}
        for opening in logs:
            wanted = [*(one for _, one in kept if one is not None), *(one for _, one in citations.cited(logs))]
            sizes = {one.size for one in wanted if one.origin == opening.origin}
            with _judging(findings, "log_leaves", "log_tiles", "log_checkpoints"):
                await trees.check(tx, opening, sizes, grown[opening.log], findings)
        with _judging(findings, "log_openings"):
            citations.check(logs, grown, findings, after_restore=after_restore)
        if signer is not None:
            try:
                if logs:
                    signer = signer_of(signing_dir, logs[-1].origin, logs[-1].vkey)
                await require_unbroken(tx, signer, logs[-1] if logs else None, known)
            except (LogStoppedError, ValueError, TypeError, AttributeError) as error:
                findings.fail(_LATEST, str(error))
            let_out = "the database is the one whose last checkpoint was let out"
            findings.close(_LATEST, let_out if known else "there is none, and no checkpoint was let out so far")
        with _judging(findings, "log_published"):
            await openings.published(tx, logs, grown, known[1] if known else None, findings)
        with _judging(findings, "log_pending", "log_refused"):
            await openings.owed(tx, seen.waiting, findings)
        for file, one in kept:
            if one is not None:
                await _extends(tx, file, one, {log.origin: grown[log.log] for log in logs}, findings)
        findings.close("log_openings", f"{len(logs)}, each as its first event says")
        await trees.counted(tx, findings)
    findings.close("events", f"{seen.events}, each signed by a key that may say it")
    findings.close("drops", f"{seen.drops}, each as its events and its receipt say")
    return findings.all


@contextmanager
def _judging(findings: Findings, *tables: str) -> Iterator[None]:
    """SQLite keeps whatever somebody puts into a column: text for a number is a finding, and no crash."""
    try:
        yield
    except DBAPIError:  # the database itself, and no row of it
        raise
    # A page of rows begins after the last one's keys, and a key of a wrong kind cannot be asked for.
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError, StatementError) as error:
        kind = type(error).__name__
        for table in tables:
            of = f"a value in {' or '.join(tables)} is of a wrong kind ({kind})"
            findings.fail(table, f"{of}, so that the rest could not be looked at")


def _kept(signing_dir: Path, findings: Findings) -> tuple[LogSigner | None, tuple[str, Checkpoint] | None]:
    """What SIGNING_DIR keeps outside the database, read before it: the database may then be newer, never older."""
    try:
        signer = LogSigner(signing_dir / NAME)
        return signer, Latest(signing_dir, signer).read()
    except LogStoppedError as error:
        findings.fail(_LATEST, str(error))
        return None, None


def _states(months: Months, findings: Findings) -> dict[str, KeyState]:
    try:
        return months.states()
    except KeyUnreadableError as error:
        findings.fail("forgotten_months", str(error))
        return {}


class _OfKeyring(NamedTuple):
    """What a keyring says of itself, and its months; nothing where there is none to be read."""

    id: str | None = None
    months: Months | None = None
    states: Mapping[str, KeyState] = {}


@asynccontextmanager
async def _keyring(directory: Path, url: str, findings: Findings) -> AsyncIterator[_OfKeyring]:
    try:
        keyring, months = await asyncio.to_thread(hold, directory, url)
    except (StoreMismatchError, StoreUnavailableError):
        yield _OfKeyring()
        return
    try:
        yield _OfKeyring(keyring.id, months, _states(months, findings))
    finally:
        await asyncio.to_thread(keyring.close)


async def _one_installation(tx: AsyncConnection, keyring_id: str | None, findings: Findings) -> None:
    rows = (await tx.execute(select(installation))).all()
    if len(rows) != 1 or rows[0].one != 1:
        findings.fail("installation", f"it has {len(rows)} rows and must have one")
    elif keyring_id is not None and rows[0].keyring_id != keyring_id:
        findings.fail("installation", "it names another keyring than the one in KEYRING_DIR")
    findings.close("installation", "one row" + (", which names this keyring" if keyring_id is not None else ""))


def _read(file: File, keys: dict[str, LogKey], findings: Findings) -> Checkpoint | None:
    try:
        note = file.raw.decode()
        origin = note.split("\n", 1)[0]
        if origin in keys:
            return checkpoint_v1.verify(note, keys[origin])
        findings.fail(file.name, "it is no checkpoint, or of a log that the database does not know")
    except (FormatError, UnicodeDecodeError) as error:
        findings.fail(file.name, f"it is no checkpoint that holds: {error}")
    return None


async def _extends(
    tx: AsyncConnection, file: File, kept: Checkpoint, grown: dict[str, Grown], findings: Findings
) -> None:
    log = grown[kept.origin]
    if kept.size > log.size:
        findings.fail(file.name, f"it has {kept.size} entries, and the database only {log.size}: the end was cut off")
    elif kept.size and log.roots.get(kept.size) != kept.root:
        findings.fail(
            file.name,
            f"the first {kept.size} entries in the database have another root: history was rewritten",
        )
    findings.close(file.name, f"the log in the database begins with its {kept.size} entries: nothing was rewritten")
