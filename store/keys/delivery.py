"""
Rotating the delivery key, to which others seal links, while the programs run.

    1. the new key is made, beside the old one; the bot opens with both
    2. published in `delivery_keys`, and said in the log: one commit; what is sealed from here on is for the new one
    3. the old one gets another name, under which the bot goes on opening with it, and the new one takes its place
    4. half an hour later nothing sealed to the old one can come any more, and the bot overwrites it with zeros in place
"""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from store import delivery_keys, key_files
from store.errors import StoreMismatchError
from store.keys.saying import say
from store.link_opener import NAME, DeliveryKey, before, place_of_old
from store.opened import Store


@dataclass(frozen=True)
class Rotated:
    """Kids."""

    old: str
    new: str


async def rotate(store: Store, signing_dir: Path) -> Rotated:
    """
    Rotate, or finish what was cut short, here or on another host whose new key was put beside the old one.

    Raises StoreMismatchError where there is no key to rotate, and OSError where the disk does not take it.
    """
    path = signing_dir / NAME
    with key_files.alone(signing_dir):
        key_files.require_links(signing_dir)
        old = DeliveryKey.read(path)
        new = _next(path)
        async with store.db.write() as tx:
            await delivery_keys.publish(tx, store.db, new)
            await say(tx, store, signing_dir, {"key": "delivery", "old": old.kid, "new": new.kid})
        key_files.put_in_place_of_kept(path, place_of_old(signing_dir, old.kid))
    return Rotated(old.kid, new.kid)


async def forget(store: Store, signing_dir: Path) -> int:
    """Erase each old key to which nothing that is sealed can come any more; how many."""
    if not before(signing_dir):
        return 0
    return await asyncio.to_thread(_erase, signing_dir, await delivery_keys.in_use(store.db))


def _erase(signing_dir: Path, needed: set[str]) -> int:
    path, erased = signing_dir / NAME, 0
    with key_files.alone(signing_dir):
        for old in before(signing_dir):
            # A rotation that was cut short leaves the key in use under both names.
            if old.samefile(path) or _kid(old) in needed:
                continue
            key_files.erase(old)
            erased += 1
    return erased


def _kid(path: Path) -> str | None:
    """None for what is no key any more: a crash came between its zeros and its end."""
    try:
        return DeliveryKey.read(path).kid
    except StoreMismatchError:
        return None


def _next(path: Path) -> DeliveryKey:
    """One that was made before is taken: links may be sealed to it."""
    new = key_files.next_of(path)
    try:
        return DeliveryKey.read(new)
    except StoreMismatchError:
        key_files.prepare(path, DeliveryKey.generate())
        return DeliveryKey.read(new)
