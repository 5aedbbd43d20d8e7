"""Records that people read, for tests: made with a link and a passphrase, looked at, and viewed as a page does it."""

import secrets
from dataclasses import dataclass
from functools import cached_property

import pytest

from store import record_pages, record_views
from store.errors import DropLockedError, WrongPassphraseError
from store.formats import base64url, derivation_v1, passphrase_v1, record_page_v1
from store.formats.link_v1 import Link
from store.formats.record_page_v1 import PageKeys
from store.opened import Store
from store.record_keys import erase
from store.record_pages import Passphrase
from store.record_views import Presented, Seen
from store.records import Named
from tests.store.recording import LABEL, VALUE, VISITOR
from tests.stores import Home

WAITS = (0, 0, 0, 31, 301)
"""Seconds before each guess of a round."""
SENDER, HINT, TYPED = "Maya Okafor", "as on the phone", "amber tiger lemon canary"
PASSPHRASE = Passphrase("words", passphrase_v1.canon("words", TYPED), HINT)


@dataclass(frozen=True)
class Holder:
    """Whoever has link and passphrase."""

    link: Link

    @property
    def id(self) -> bytes:
        """Which record."""
        return self.link.id

    @cached_property
    def keys(self) -> PageKeys:
        """What follows from both."""
        return record_page_v1.derive(self.link, PASSPHRASE.canonical)

    @property
    def proof(self) -> bytes:
        """That they hold the link."""
        return derivation_v1.link_proof(self.link)

    @property
    def door_body(self) -> dict[str, str]:
        """What a page says at the door."""
        return {"link_proof": base64url.encode(self.proof)}

    def right(self) -> Presented:
        """A right guess."""
        return Presented(self.link.id, self.proof, self.keys.auth_token, secrets.token_bytes(32))

    def wrong(self) -> Presented:
        """A wrong one, of somebody who has the link alone."""
        return Presented(self.link.id, self.proof, secrets.token_bytes(32), secrets.token_bytes(32))

    async def look(self, store: Store) -> Seen:
        """The door."""
        return await record_views.look(store, self.link.id, self.proof)

    async def view(self, store: Store, presented: Presented | None = None) -> str:
        """The value, as the page shows it; then what the web program does beside it."""
        header = (await self.look(store)).header
        given = await record_views.view(store, presented or self.right(), VISITOR)
        if given.over is not None:
            await erase(store, given.over)
        return record_page_v1.open_(self.link, self.keys, header, given.version, given.sealed)


def view_body(presented: Presented) -> dict[str, str]:
    """What a page says with a passphrase."""
    said = {"link_proof": presented.link_proof, "auth_token": presented.auth_token, "attempt": presented.attempt}
    return {name: base64url.encode(value) for name, value in said.items()}


async def made_page(
    store: Store,
    *,
    value: str = VALUE,
    lives_seconds: int = 3600,
    reads: int | None = None,
    escrow: bool = False,
) -> Holder:
    """The holder of a new record's link and passphrase."""
    named, lives = Named(LABEL), lives_seconds
    link, _ = await record_pages.make(
        store, named, value, PASSPHRASE, sender=SENDER, lives_seconds=lives, reads=reads, escrow=escrow
    )
    return Holder(link)


async def rotated(store: Store, holder: Holder, value: str = VALUE) -> Holder:
    """The holder of the link that takes the place of this one."""
    link, _ = await record_pages.rotate(store, holder.link.id, value, PASSPHRASE)
    return Holder(link)


async def guess(store: Store, holder: Holder, home: Home) -> None:
    """Use up one round of guesses."""
    for wait in WAITS:
        home.advance_clock(wait)
        with pytest.raises((WrongPassphraseError, DropLockedError)):
            await holder.view(store, holder.wrong())
