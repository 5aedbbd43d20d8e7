"""
Making a record for somebody of Slack, and giving one another key: what is done on the store, and what is said of it.

Each says what became of the record where nobody has its key: a new one is revoked again, one that was rotated stays.
"""

from dataclasses import dataclass
from typing import Final, Protocol

from bot import record_form_wording as wording
from bot.mrkdwn import Markup, fill, moment
from bot.people import Person
from bot.record_given import Wanted
from store import record_endings, record_rotating, records
from store.errors import RecordChangedError, StoreError, UnknownRecordError
from store.formats.record_key_v1 import RecordKey
from store.opened import Store
from store.records import Held, Named
from store.words import Actor

_BREAKS_A_LINK: Final = frozenset("<>|`")


class Giving(Protocol):
    """What gives a record a key."""

    async def give(self, sender: Person, wanted: Wanted) -> tuple[RecordKey, list[Markup]]:
        """A new key, and what is said of it.  Raises StoreError."""

    async def take_back(self, key: RecordKey) -> tuple[Markup, str]:
        """What is said where nobody has the key: under the window's rows, and beside its field."""


@dataclass(frozen=True)
class Making:
    """A new record; `sender` owns it."""

    store: Store

    async def give(self, sender: Person, wanted: Wanted) -> tuple[RecordKey, list[Markup]]:
        """As `Giving` says."""
        drop = wanted.drop
        recipient = None if wanted.person is None else wanted.person.id
        named = Named(drop.label, wanted.rotate_url, owner=sender.id, recipient=recipient, team=sender.team_id)
        lives, reads = wanted.lives_seconds, wanted.reads
        key, until = await records.make(
            self.store, named, drop.secret, lives_seconds=lives, reads=reads, by=Actor.SENDER
        )
        sentence = wording.MADE if wanted.reads is None else wording.MADE_BOUNDED
        return key, [fill(sentence, label=drop.label, until=moment(until), most=f"{wanted.reads or 0:,}")]

    async def take_back(self, key: RecordKey) -> tuple[Markup, str]:
        """As `Giving` says."""
        try:
            await record_endings.revoke(self.store, key.id, by=Actor.SENDER)
        except UnknownRecordError:
            pass  # it has ended in the meantime
        except StoreError:
            return Markup(wording.NOBODY_LEFT), wording.NOT_SEALED_LEFT
        return Markup(wording.NOBODY_MADE), wording.NOT_SEALED


@dataclass(frozen=True)
class Rotating:
    """Another key for a record; `by` says in which capacity somebody acts."""

    store: Store
    held: Held
    by: Actor

    async def give(self, sender: Person, wanted: Wanted) -> tuple[RecordKey, list[Markup]]:
        """As `Giving` says.  Raises RecordChangedError, too, for a record that has ended."""
        del sender
        try:
            key, is_erased = await record_rotating.rotate(self.store, self.held.id, wanted.drop.secret, by=self.by)
        except UnknownRecordError:
            raise RecordChangedError from None
        told = [fill(wording.ROTATED, label=wanted.drop.label), not_at_provider(self.held.named)]
        told.append(Markup(wording.PRESS_ROTATED))  # a button there would send the key along with its press
        return key, told if is_erased else [*told, Markup(wording.KEY_LEFT)]

    async def take_back(self, key: RecordKey) -> tuple[Markup, str]:
        """As `Giving` says: the key of before is dead, and the record is to be rotated once more."""
        del key
        return Markup(wording.NOBODY_ROTATED), wording.NOT_SEALED_ROTATED


def not_at_provider(named: Named | None) -> Markup:
    """That nothing here changes the key itself, and where that is done."""
    url = page_of(named)
    return Markup(wording.NOT_AT_PROVIDER) if url is None else fill(wording.NOT_AT_PROVIDER_URL, url=url)


def page_of(named: Named | None) -> Markup | None:
    """The page at the provider; None where nobody named one, or it would break what it stands in."""
    url = None if named is None else named.rotate_url
    return None if url is None or _BREAKS_A_LINK & set(url) else Markup(url.replace("&", "&amp;"))
