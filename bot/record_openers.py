"""
What opens a record, as the bot makes it, and goes out once: a key and its line, or a link and its passphrase.

A page is sealed under a passphrase, and that takes an eighth of a second and 46 MiB: it takes its turn with the drops
that are sealed, in a thread, so that many pages at once cost no more memory than many drops.
"""

from dataclasses import dataclass, field

from bot import passphrases
from bot.people import Person
from bot.record_given import Wanted
from bot.sealing import SealingPool
from store import record_lines, record_pages, record_rotating, records
from store.formats import base64url
from store.formats.link_v1 import Link
from store.formats.record_key_v1 import RecordKey
from store.opened import Store
from store.record_doors import RecordDoor
from store.record_pages import Passphrase
from store.records import Held, Named
from store.words import Actor


@dataclass(frozen=True)
class GoingOut:
    """What nobody can be told again, in lines that are shown or handed over; `id` opens nothing."""

    id: bytes
    door: RecordDoor
    text: str = field(repr=False)

    @property
    def id_text(self) -> str:
        """The record's id, as people see it."""
        return base64url.encode(self.id)


@dataclass(frozen=True)
class Openers:
    """Makes and rotates records, each for its door."""

    store: Store
    pool: SealingPool

    async def make(self, sender: Person, named: Named, wanted: Wanted, start_by: float) -> tuple[GoingOut, int]:
        """
        A new record of `sender`, begun before the loop's time `start_by`, and until when (milliseconds).

        Raises TooBusyError, KeyUnreadableError and EscrowUnreadableError.
        """
        value, lives, reads, escrow = wanted.drop.secret, wanted.lives_seconds, wanted.reads, wanted.escrow
        by = Actor.SENDER
        if wanted.door is RecordDoor.API:
            key, until = await records.make(
                self.store, named, value, lives_seconds=lives, reads=reads, escrow=escrow, by=by
            )
            return self._of_key(key), until
        passphrase, words = _four_words()
        async with self.pool.turn(sender.id, start_by=start_by):
            link, until = await record_pages.make(
                self.store,
                named,
                value,
                passphrase,
                sender=sender.name,
                lives_seconds=lives,
                reads=reads,
                escrow=escrow,
                by=by,
            )
        return self._of_link(link, words), until

    async def rotate(
        self, sender: Person, held: Held, wanted: Wanted, by: Actor, start_by: float
    ) -> tuple[GoingOut, bool]:
        """
        Something else that opens it, and whether what was before is erased; `start_by` as `make` has it.

        Raises TooBusyError, and what `record_rotating.rotate` does.
        """
        value, escrow = wanted.value, wanted.escrow
        if held.door is RecordDoor.API:
            key, is_erased = await record_rotating.rotate(self.store, held.id, value, escrow=escrow, by=by)
            return self._of_key(key), is_erased
        passphrase, words = _four_words()
        async with self.pool.turn(sender.id, start_by=start_by):
            link, is_erased = await record_pages.rotate(self.store, held.id, value, passphrase, escrow=escrow, by=by)
        return self._of_link(link, words), is_erased

    def _of_key(self, key: RecordKey) -> GoingOut:
        return GoingOut(key.id, RecordDoor.API, record_lines.lines(key, self.store.issuer.rstrip("/")))

    def _of_link(self, link: Link, words: str) -> GoingOut:
        text = record_lines.lines_of_page(link, words, self.store.issuer.rstrip("/"))
        return GoingOut(link.id, RecordDoor.PAGE, text)


def _four_words() -> tuple[Passphrase, str]:
    made = passphrases.make_words(passphrases.WORDS_OF_PAGE)
    return Passphrase(made.form, made.canonical), made.text
