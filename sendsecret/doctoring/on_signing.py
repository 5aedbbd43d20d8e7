"""SIGNING_DIR: the bot's keys, whom the log believes, and whether the log can go on; and which wall holds."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import func, select

from sendsecret.doctoring.files import name_of, open_to, owner_of
from sendsecret.doctoring.known import Known
from sendsecret.doctoring.line import Line, bad, ok, warn
from store import key_files
from store.clock import Clock
from store.database import Database, is_there
from store.errors import LogStoppedError, StoreError
from store.link_opener import NAME as DELIVERY_KEY
from store.link_opener import DeliveryKey
from store.log import guard, openings
from store.log.latest import Latest
from store.log.log_key import NAME as LOG_KEY
from store.log.log_key import LogSigner, signer_of
from store.log.who_may_say import believed
from store.schema import log_refused
from store.signer import EventKey


async def check(known: Known) -> list[Line]:
    """Keys, rights, the wall, the log."""
    folder = known.signing_dir
    if not folder.is_dir():
        return [
            bad(
                "signing: there is no SIGNING_DIR",
                "sendsecret migrate makes one; a copy of yours, if you had one, goes there",
            )
        ]
    lines = [*_keys(folder), *_believed(known), *_unfinished(known), *open_to("signing", folder), *_wall(known)]
    return lines + await _log(known)


def _keys(folder: Path) -> Iterator[Line]:
    looks: dict[str, Callable[[], object]] = {
        "event-bot.key": lambda: EventKey.read("bot", folder / "event-bot.key"),
        LOG_KEY: lambda: LogSigner(folder / LOG_KEY),
        DELIVERY_KEY: lambda: DeliveryKey.read(folder / DELIVERY_KEY),
    }
    well = []
    for name, look in looks.items():
        try:
            look()
            well.append(name)
        except StoreError as error:
            yield bad(f"signing: {error}", "Put your copy of it back; docs/keys.md says what to do where there is none")
    if well:
        yield ok(f"signing: {', '.join(well)} can be read, each a whole key")


def _believed(known: Known) -> Iterator[Line]:
    try:
        speakers = believed(known.signing_dir)
    except LogStoppedError as error:
        yield bad(f"signing: {error}", "Put your copy of SIGNING_DIR/trusted back")
        return
    for program, path in (("bot", known.signing_dir / "event-bot.key"), ("web", known.keyring_dir / "event-web.key")):
        try:
            kid = EventKey.read(program, path).kid
        except StoreError:
            continue  # said where it was looked for
        if kid not in speakers or speakers[kid].retired is not None:
            yield bad(
                f"signing: the log does not believe the event key of {program}, so that its events are refused",
                "sendsecret migrate believes the keys that are here; a key that was retired is to be rotated",
            )


def _unfinished(known: Known) -> Iterator[Line]:
    paths = {"pepper": known.keyring_dir / "pepper", "event-web": known.keyring_dir / "event-web.key"}
    for name in ("event-bot", "log", "delivery"):
        paths[name] = known.signing_dir / f"{name}.key"
    for name, path in paths.items():
        if key_files.is_unfinished(path):
            yield warn(
                f"signing: a rotation of {name} is not finished; nothing is lost", f"sendsecret keys rotate {name}"
            )


def _wall(known: Known) -> Iterator[Line]:
    try:
        bots, webs = owner_of(known.signing_dir), owner_of(known.keyring_dir / "event-web.key")
    except OSError:
        return
    if bots != webs:
        yield ok(
            f"wall: {name_of(bots)} has SIGNING_DIR and {name_of(webs)} the web program's key: whoever "
            "takes over the web program does not reach the bot's keys"
        )
        return
    yield warn(
        f"wall: {name_of(bots)} has both SIGNING_DIR and the web program's key: they are in two programs' "
        "memory, and whoever takes over the web program can read the bot's from the disk",
        "Run bot and web program as two users, or accept it knowingly: docs/threat-model.md, A8",
    )


async def _log(known: Known) -> list[Line]:
    if known.database_url is None or not is_there(known.database_url):
        return []
    db = Database(known.database_url, Clock())
    try:
        kept = await asyncio.to_thread(lambda: Latest(known.signing_dir, LogSigner(known.signing_dir / LOG_KEY)).read())
        async with db.read() as tx:
            present = await openings.newest(tx)
            signer = LogSigner(known.signing_dir / LOG_KEY)
            if present is not None:
                signer = signer_of(known.signing_dir, present.origin, present.vkey)
            await guard.require_unbroken(tx, signer, present, kept)
            refused = await tx.scalar(select(func.count()).select_from(log_refused)) or 0
    except LogStoppedError as error:
        return [bad(f"log: {error}", "docs/operations.md, The audit log stands still")]
    except Exception:  # noqa: BLE001 - a database of another schema, or none: its own check says which
        return []
    finally:
        await db.close()
    lines = [
        ok("log: the database has the last checkpoint that was let out" if kept else "log: nothing was let out so far")
    ]
    if refused:
        lines.append(
            warn(
                f"log: {refused} events were refused",
                "sendsecret verify --store says why; docs/operations.md, The audit log refused events",
            )
        )
    return lines
