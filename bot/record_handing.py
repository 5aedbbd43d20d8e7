"""
What opens a record on its way out of the bot: as a drop, by the way that the form's drops go, or into a window.

Whoever made it must never have a record that nobody can open and not know: what became of the drop is asked of the
batch that the window shows, so that window and record say the same.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot import form_wording, record_form, sent_before, sent_views
from bot.batch import Batch
from bot.block_kit import Json
from bot.carrying_out import CarryingOut
from bot.mrkdwn import Markup, fill
from bot.people import Person
from bot.policy import Policy
from bot.record_form_wording import SHOWN, SHOWN_PAGE
from bot.record_given import Wanted
from bot.record_openers import GoingOut
from bot.sealing import SealedDrop, order
from bot.secret_facts import facts
from bot.storing import Storing, TimesUp
from store.errors import StoreUnavailableError
from store.opened import Store
from store.record_doors import RecordDoor
from store.words import Verify

_ANSWER_SHOWN_SECONDS: Final = 0.7
_SHOWN: Final = {RecordDoor.API: SHOWN, RecordDoor.PAGE: SHOWN_PAGE}


@dataclass(frozen=True)
class RecordHanding:
    """Seals, stores and delivers the drop with what opens a record."""

    store: Store
    storing: Storing
    carrying: CarryingOut
    team_id: str
    policy: Policy

    async def was_handed(self, view_id: str, wanted: Wanted, by: float) -> bool:
        """Whether this very window has handed one over before, to this person, in whichever program."""
        keys = await sent_before.keys(self.store, view_id, wanted.drop.recipients, by)
        return any(drop is not None for _, drop in keys.values())

    async def sealed(self, sender: Person, wanted: Wanted, out: GoingOut, view_id: str, times: TimesUp) -> Batch | None:
        """The stored drop as its window shows it; None where it could not be sealed and stored in time."""
        carries = replace(wanted.drop, secret=out.text)
        [recipient] = carries.recipients
        try:
            by = await sent_before.keys(self.store, view_id, [recipient], times.stored_by)
        except StoreUnavailableError:
            return None
        now, submission = self.store.clock.now_seconds(), by[recipient.id][0]
        made = order(sender, recipient, self.team_id, carries, submission, now, policy=self.policy, replaces_leak=False)
        [stored] = await self.storing.store_all([made], times)
        if not isinstance(stored, SealedDrop):
            return None
        batch = Batch(self.store.issuer)
        batch.begins(stored)
        batch.on_passphrase = sent_views.notes_on(carries.passphrase, 1, carries.template)
        if stored.order.rules.verify is Verify.SLACK:
            batch.on_passphrase.append(Markup(form_wording.PRESS_FIRST))
        batch.pasted = _facts_of(wanted)
        return batch

    async def deliver(self, view_id: str, batch: Batch) -> bool:
        """Let the link go; whether anybody has it, or may have it."""
        # As with a form: too close behind the answer, Slack may apply the two the other way round.
        shown = asyncio.create_task(asyncio.sleep(_ANSWER_SHOWN_SECONDS))
        await self.carrying.deliver_all(view_id, batch, shown)
        await shown
        return batch.of_arrived() is not None

    def in_window(self, out: GoingOut, wanted: Wanted, notes: Sequence[Markup]) -> Json:
        """What opens it in a window, this once.  Secret."""
        text = out.text.rstrip("\n")
        # Base64url, an address and our own words: between backticks nothing in it is markup.
        kept = Markup(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
        return record_form.shown([fill(_SHOWN[out.door], lines=kept), *notes], _facts_of(wanted))


def _facts_of(wanted: Wanted) -> Markup | None:
    return None if wanted.value is None else facts(wanted.value)
