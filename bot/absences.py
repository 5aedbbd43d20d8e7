"""
When Slack does not let us write somewhere: who is told instead, once for each absence, and told when it is over.

The audit channel: administrators; if none can be reached, the sender whose link went out meanwhile.  People's DMs:
administrators; if none can be reached, the audit channel.  What cannot be told to anybody is in the process log.
"""

import structlog

from bot import audit_messages, audit_wording
from bot.admins import Admins
from bot.mrkdwn import Markup, fill
from bot.settings import NO_AUDIT_CHANNEL
from store import outbox
from store.drops import find
from store.opened import Store
from store.outbox import Notice
from store.words import Audience, Delivery

_log = structlog.get_logger("absences")


class Absence:
    """One audience's.  Told by its lane; this one says nothing."""

    async def began(self, code: str, notice: Notice) -> None:
        """Slack's word for why nothing can be written; again at each try that fails, with the notice that was tried."""

    async def lasted(self) -> None:
        """Notices were found parked by an earlier program."""

    async def told(self, notice: Notice) -> None:
        """A notice got through."""

    async def stuck(self, code: str, notice: Notice) -> None:
        """Slack has refused one notice again and again with a word for which nobody knows a cure; others go on."""

    async def over(self) -> None:
        """Nothing is due, and nothing keeps the lane from telling: if anything got through, this is the end."""


class AuditAbsence(Absence):
    """The audit channel's.  `channel` is its id."""

    def __init__(self, store: Store, admins: Admins, channel: str) -> None:
        self._store = store
        self._admins = admins
        self._channel = Markup(f"<#{channel}>")
        self._code: str | None = None
        self._have_admins_heard = False
        self._has_lasted = False
        self._since: int | None = None
        """When nothing got through for the last time; None while everything does."""
        self._senders: set[str] = set()

    async def began(self, code: str, notice: Notice) -> None:
        """Tell administrators, until one was reached; until then the sender of what was not entered."""
        self._code, self._since = code, await outbox.present(self._store)
        if not self._have_admins_heard:
            sentence = audit_wording.AUDIT_AWAY_BY_CODE.get(code, audit_wording.AUDIT_AWAY)
            told = fill(sentence, channel=self._channel, code=code)
            self._have_admins_heard = await self._admins.reach(told) > 0
        await self.tell_sender(notice.drop_id)

    async def lasted(self) -> None:
        """Whoever was told by an earlier program is to hear that it is over."""
        self._has_lasted, self._since = True, await outbox.present(self._store)

    async def stuck(self, code: str, notice: Notice) -> None:
        """An entry that is missing must not look like an event that never was."""
        short = audit_messages.short(notice.drop_id)
        await self._admins.tell(fill(audit_wording.AUDIT_STUCK, channel=self._channel, short=short, code=code))

    async def over(self) -> None:
        """Say that it works again, and how much was posted late, by whichever program."""
        if self._since is None:
            return
        # An entry that Slack refuses for a reason of its own may wait for ever: it must not make this last.
        late = await outbox.settled_since(self._store, Audience.AUDIT, self._since)
        if not late:
            return
        have_heard = self._have_admins_heard or self._has_lasted
        self._code, self._have_admins_heard, self._has_lasted, self._since = None, False, False, None
        self._senders.clear()
        _log.info("the audit channel takes entries again", late=late)
        if have_heard:
            await self._admins.tell(fill(audit_wording.AUDIT_BACK, channel=self._channel, count=late))

    async def tell_sender(self, drop_id: bytes) -> None:
        """Where no administrator could be told: tell this drop's sender, once an absence, after the link went out."""
        if self._code is None or self._have_admins_heard:
            return
        drop = await find(self._store, drop_id)
        if drop is None or drop.delivery is not Delivery.DELIVERED or drop.sender_id in self._senders:
            return
        # Before the post: two lanes may come here at once.
        self._senders.add(drop.sender_id)
        sentence = audit_wording.AUDIT_AWAY_TO_SENDER_BY_CODE.get(self._code, audit_wording.AUDIT_AWAY_TO_SENDER)
        told = fill(sentence, channel=self._channel, code=self._code)
        if not await self._admins.tell_one(drop.sender_id, told):
            self._senders.discard(drop.sender_id)


class SenderAbsence(Absence):
    """That of the senders' DMs; a sender who can be reached also hears of the audit channel's."""

    def __init__(self, admins: Admins, audit: AuditAbsence, audit_channel: str | None) -> None:
        self._admins = admins
        self._audit = audit
        self._audit_channel = audit_channel
        self._has_told = False

    async def began(self, code: str, notice: Notice) -> None:
        """Administrators have DMs as well: where theirs fail too, the audit channel is told."""
        if self._has_told:
            return
        told = fill(audit_wording.DMS_AWAY_BY_CODE.get(code, audit_wording.DMS_AWAY), code=code)
        self._has_told = await self._admins.reach(told) > 0
        if not self._has_told and self._audit_channel is not None:
            self._has_told = await self._admins.tell_channel(self._audit_channel, told)

    async def told(self, notice: Notice) -> None:
        """It is over; and this sender may be the only one who can hear of the audit channel's."""
        self._has_told = False
        await self._audit.tell_sender(notice.drop_id)


def of_each(store: Store, admins: Admins, audit_channel: str) -> dict[Audience, Absence]:
    """One absence for each audience.  `audit_channel` as in the settings."""
    audit = AuditAbsence(store, admins, audit_channel)
    return {
        Audience.AUDIT: audit,
        Audience.SENDER: SenderAbsence(admins, audit, None if audit_channel == NO_AUDIT_CHANNEL else audit_channel),
        # Whatever keeps us from a tombstone keeps us from the sender too, who has a notice of the same event.
        Audience.RECIPIENT: Absence(),
    }
