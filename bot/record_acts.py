"""
Making a record for somebody of Slack, and rotating one: what is done on the store, and what is said of it.

Each says what became of the record where nobody has what opens it: a new one is revoked again, one that was rotated
stays.
"""

from dataclasses import dataclass
from typing import Final, Protocol

from bot import record_form_wording as wording
from bot.mrkdwn import Markup, fill, moment
from bot.people import Person
from bot.record_given import Wanted
from bot.record_openers import GoingOut, Openers
from store import record_endings
from store.errors import RecordChangedError, StoreError, UnknownRecordError
from store.opened import Store
from store.record_doors import RecordDoor
from store.records import Held, Named
from store.words import Actor

_BREAKS_A_LINK: Final = frozenset("<>|`")
_MADE: Final = {
    RecordDoor.API: (wording.MADE, wording.MADE_BOUNDED),
    RecordDoor.PAGE: (wording.MADE_PAGE, wording.MADE_PAGE_BOUNDED),
}
_ROTATED: Final = {RecordDoor.API: wording.ROTATED, RecordDoor.PAGE: wording.ROTATED_PAGE}


class Giving(Protocol):
    """What lets something new open a record; `late` is said where it is not known in time what becomes of it."""

    @property
    def late(self) -> str:
        """The sentence, beside a field of the window."""

    async def give(self, sender: Person, wanted: Wanted, start_by: float) -> tuple[GoingOut, list[Markup]]:
        """What opens it, begun before the loop's time `start_by`; what is said.  Raises StoreError and TooBusyError."""

    async def take_back(self, out: GoingOut) -> tuple[Markup, str]:
        """What is said where nobody has what opens it: under the window's rows, and beside its field."""


@dataclass(frozen=True)
class Making:
    """A new record; `sender` owns it."""

    store: Store
    openers: Openers
    late: str = wording.BUSY

    async def give(self, sender: Person, wanted: Wanted, start_by: float) -> tuple[GoingOut, list[Markup]]:
        """As `Giving` says."""
        drop = wanted.drop
        recipient = None if wanted.person is None else wanted.person.id
        named = Named(drop.label, wanted.rotate_url, owner=sender.id, recipient=recipient, team=sender.team_id)
        out, until = await self.openers.make(sender, named, wanted, start_by)
        sentence = _MADE[wanted.door][wanted.reads is not None]
        told = fill(sentence, label=drop.label, until=moment(until), most=f"{wanted.reads or 0:,}")
        return out, [told, *([Markup(wording.IN_ESCROW)] if wanted.escrow else [])]

    async def take_back(self, out: GoingOut) -> tuple[Markup, str]:
        """As `Giving` says."""
        try:
            await record_endings.revoke(self.store, out.id, by=Actor.SENDER)
        except UnknownRecordError:
            pass  # it has ended in the meantime
        except StoreError:
            return Markup(wording.NOBODY_LEFT), wording.NOT_SEALED_LEFT
        return Markup(wording.NOBODY_MADE), wording.NOT_SEALED


@dataclass(frozen=True)
class Rotating:
    """Something else that opens a record; `by` says in which capacity somebody acts."""

    openers: Openers
    held: Held
    by: Actor
    late: str = wording.BUSY_ROTATING

    async def give(self, sender: Person, wanted: Wanted, start_by: float) -> tuple[GoingOut, list[Markup]]:
        """As `Giving` says.  Raises RecordChangedError, too, for a record that has ended."""
        try:
            out, is_erased = await self.openers.rotate(sender, self.held, wanted, self.by, start_by)
        except UnknownRecordError:
            raise RecordChangedError from None
        told = [fill(_ROTATED[self.held.door], label=wanted.drop.label), *self._of_escrow(wanted)]
        told.append(not_at_provider(self.held.named))
        told.append(Markup(wording.PRESS_ROTATED))  # a button there would send the key along with its press
        return out, told if is_erased else [*told, Markup(wording.KEY_LEFT)]

    def _of_escrow(self, wanted: Wanted) -> list[Markup]:
        told = [] if wanted.value is not None else [Markup(wording.KEPT)]
        if wanted.escrow:
            return [*told, Markup(wording.IN_ESCROW)]
        return told if self.held.master is None else [*told, Markup(wording.ESCROW_ENDED)]

    async def take_back(self, out: GoingOut) -> tuple[Markup, str]:
        """As `Giving` says: what opened it before is dead, and the record is to be rotated once more."""
        del out
        return Markup(wording.NOBODY_ROTATED), wording.NOT_SEALED_ROTATED


def not_at_provider(named: Named | None) -> Markup:
    """That nothing here changes the key itself, and where that is done."""
    url = page_of(named)
    return Markup(wording.NOT_AT_PROVIDER) if url is None else fill(wording.NOT_AT_PROVIDER_URL, url=url)


def page_of(named: Named | None) -> Markup | None:
    """The page at the provider; None where nobody named one, or it would break what it stands in."""
    url = None if named is None else named.rotate_url
    return None if url is None or _BREAKS_A_LINK & set(url) else Markup(url.replace("&", "&amp;"))
