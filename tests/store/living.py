"""Drops that tests bring to life, and wrong passphrases typed when they are due."""

from typing import Any

from store import claims, creation, endings
from store.door import Visitor
from store.errors import DropLockedError, WrongPassphraseError
from store.opened import Store
from tests.stores import Home, Sealed, seal

SOMEBODY = Visitor("198.51.100.0/24", "Firefox")


async def created(store: Store, **fields: Any) -> Sealed:
    sealed = seal(**fields)
    await creation.create(store, sealed.new)
    return sealed


async def refuse(store: Store, sealed: Sealed, times: int, home: Home) -> None:
    """Type wrong passphrases, each when it is due."""
    for _ in range(times):
        try:
            await claims.claim(store, sealed.present(right=False), SOMEBODY)
        except WrongPassphraseError as refusal:
            home.advance_clock(refusal.retry_after_seconds)
        except DropLockedError:
            pass


async def viewed(store: Store, home: Home, sealed: Sealed) -> None:
    won = sealed.present()
    await claims.claim(store, won, SOMEBODY)
    await claims.acknowledge(store, sealed.new.id, sealed.new.link_proof, won.claim)


async def revoked(store: Store, home: Home, sealed: Sealed) -> None:
    await endings.revoke(store, sealed.new.id)
