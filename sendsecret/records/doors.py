"""The two doors of records as the command line has them: what is made for each, and goes out once with which words."""

from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from sendsecret.records import wording
from sendsecret.sending import chosen_passphrase
from store import record_lines, record_pages, record_rotating, records
from store.formats import base64url
from store.formats.link_v1 import Link
from store.formats.record_key_v1 import RecordKey
from store.opened import Store
from store.record_doors import RecordDoor
from store.record_pages import Passphrase, Said
from store.records import Held, Named


@dataclass(frozen=True)
class GoingOut:
    """What opens a record, which nobody can be told again: lines to be shown or handed over."""

    id: bytes
    text: str = field(repr=False)

    @property
    def id_text(self) -> str:
        """The record's id, which opens nothing."""
        return base64url.encode(self.id)


@dataclass(frozen=True)
class Wish:
    """What is to be made: `reads` is None for any number, and `escrow` says whether our keyring opens it, too."""

    named: Named
    value: str = field(repr=False)
    lives_seconds: int
    reads: int | None
    escrow: bool


class Door(Protocol):
    """One of them."""

    @property
    def words(self) -> wording.Words:
        """What is said of what goes out."""

    async def make(self, store: Store, wish: Wish) -> tuple[GoingOut, int]:
        """A new record, and until when (milliseconds).  Raises KeyUnreadableError."""

    async def rotate(
        self, store: Store, held: Held, value: str | None, *, escrow: bool | None
    ) -> tuple[GoingOut, bool]:
        """
        Something else that opens it, and whether what was before is erased; `held` as it was before anybody typed.

        Raises as the store does.
        """


@dataclass(frozen=True)
class ByKey:
    """For programs: a key, and the line that uses it."""

    public_url: str
    words: wording.Words = wording.KEY

    async def make(self, store: Store, wish: Wish) -> tuple[GoingOut, int]:
        """As `Door.make`."""
        lives, reads, escrow = wish.lives_seconds, wish.reads, wish.escrow
        key, until = await records.make(store, wish.named, wish.value, lives_seconds=lives, reads=reads, escrow=escrow)
        return self._out(key), until

    async def rotate(
        self, store: Store, held: Held, value: str | None, *, escrow: bool | None
    ) -> tuple[GoingOut, bool]:
        """As `Door.rotate`."""
        key, is_erased = await record_rotating.rotate(store, held.id, value, version=held.version, escrow=escrow)
        return self._out(key), is_erased

    def _out(self, key: RecordKey) -> GoingOut:
        return GoingOut(key.id, record_lines.lines(key, self.public_url))


@dataclass(frozen=True)
class ByPage:
    """
    For people: a link and a passphrase.

    `sender` is what the page calls whoever made it, and `label` what it is called at a rotation where neither the page
    nor the record can be read.  Where a passphrase was `chosen`, no words are made.
    """

    public_url: str
    sender: str
    label: str = ""
    chosen: chosen_passphrase.Passphrase | None = None
    words: wording.Words = wording.LINK

    async def make(self, store: Store, wish: Wish) -> tuple[GoingOut, int]:
        """As `Door.make`."""
        made, shown = self._passphrase()
        link, until = await record_pages.make(
            store,
            wish.named,
            wish.value,
            made,
            sender=self.sender,
            lives_seconds=wish.lives_seconds,
            reads=wish.reads,
            escrow=wish.escrow,
        )
        return self._out(link, shown), until

    async def rotate(
        self, store: Store, held: Held, value: str | None, *, escrow: bool | None
    ) -> tuple[GoingOut, bool]:
        """As `Door.rotate`; the page goes on saying what it said, where that can be read."""
        made, shown = self._passphrase()
        label = self.label or (held.named.label if held.named else wording.NAMELESS)
        said, version = Said(self.sender, label), held.version
        link, is_erased = await record_pages.rotate(
            store, held.id, value, made, instead=said, version=version, escrow=escrow
        )
        return self._out(link, shown), is_erased

    def _passphrase(self) -> tuple[Passphrase, str | None]:
        it = self.chosen or chosen_passphrase.make()
        return Passphrase(it.form, it.canonical), it.shown

    def _out(self, link: Link, shown: str | None) -> GoingOut:
        return GoingOut(link.id, record_lines.lines_of_page(link, shown, self.public_url))


def door_of(
    word: RecordDoor,
    public_url: str,
    sender: str | None,
    label: str | None = None,
    *,
    chosen: chosen_passphrase.Passphrase | None = None,
) -> Door:
    """The door of this word; where nobody says who made it, a page names the server."""
    if word is RecordDoor.API:
        return ByKey(public_url)
    return ByPage(public_url, sender or urlsplit(public_url).hostname or "", label or "", chosen)
