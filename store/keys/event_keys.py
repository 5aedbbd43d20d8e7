"""
Rotating a program's event key, while the programs run.

    1. the new key is made, beside the old one
    2. believed in SIGNING_DIR, published in `signers`, and said in the log: one commit
    3. put in place: whoever signs next signs with it
    4. the old private bytes are overwritten with zeros in place

Nobody can sign with the new key before everybody may believe it, and at no line is there no key.  The old one stays
believed for what it signed, and for a program elsewhere that still uses it, until it is retired.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from store import key_files
from store.errors import StoreMismatchError
from store.keys.saying import say
from store.log.who_may_say import believed, trust
from store.opened import Store, publish
from store.signer import EventKey

BOT: Final = "event-bot"
WEB: Final = "event-web"
PROGRAMS: Final = {BOT: "bot", WEB: "web"}
"""The names of the keys, and whose they are."""


def files(keyring_dir: Path, signing_dir: Path) -> dict[str, Path]:
    """Where each of them is."""
    return {BOT: signing_dir / f"{BOT}.key", WEB: keyring_dir / f"{WEB}.key"}


@dataclass(frozen=True)
class Rotated:
    """Kids.  `is_in_place` is False where the new key is only prepared; `old` is None where a crash was finished."""

    old: str | None
    new: str
    is_in_place: bool = True


async def rotate(store: Store, signing_dir: Path, name: str, path: Path, *, only_prepare: bool = False) -> Rotated:
    """
    Rotate the key `name` in `path`, or finish what was cut short; `store` is the bot's, which says so.

    With `only_prepare` the new key is made and believed here, and no more: for its public half to be carried to other
    hosts before anybody signs with it.

    Raises StoreMismatchError where there is no key to rotate, LogStoppedError where a believed one cannot be read, and
    OSError where the disk does not take it.
    """
    program = PROGRAMS[name]
    with key_files.alone(path.parent):
        old = EventKey.read(program, path)
        if key_files.finish(path):
            return Rotated(None, old.kid)
        key_files.require_links(path.parent)
        new = _next(signing_dir, program, path)
        trust(signing_dir, new)
        async with store.db.write() as tx:
            await publish(tx, store.db, new.kid, program, new.public_jwk)
            if only_prepare:
                return Rotated(old.kid, new.kid, is_in_place=False)
            await say(tx, store, signing_dir, {"key": name, "old": old.kid, "new": new.kid})
        key_files.put_in_place(path)
    return Rotated(old.kid, new.kid)


def prepared(program: str, path: Path) -> EventKey | None:
    """The key that comes after the one in `path`, if one was made and is not in place so far."""
    try:
        return EventKey.read(program, key_files.next_of(path))
    except StoreMismatchError:
        return None


def _next(signing_dir: Path, program: str, path: Path) -> EventKey:
    """
    One that was prepared before is taken: it may be believed and said already.

    But not one that is retired, or was never believed: the log would refuse everything of its program.
    """
    known, speakers = prepared(program, path), believed(signing_dir)
    if known is not None and known.kid in speakers and speakers[known.kid].retired is None:
        return known
    key_files.prepare(path, EventKey.generate())
    return EventKey.read(program, key_files.next_of(path))
