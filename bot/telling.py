"""
What each notice becomes in Slack.

Everything here may run twice for one notice, after a crash or an answer that was lost.  So edits come before posts:
what is repeated is an edit that changes nothing, and at most the one post at the end stands there twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot import audit_messages, recipient_messages, record_messages, sender_messages, sender_news
from bot.block_kit import Json
from bot.message import Message
from bot.people import People
from bot.receipt_buttons import address, addresses, receipt_button
from bot.slack_calls import Slack, SlackRefusedError
from store import leaks, records, requests, tokens
from store.deliveries import Place, place_of, place_of_any, remember
from store.drops import Drop, alongside, find
from store.opened import Store
from store.outbox import Notice
from store.words import Audience, Delivery, Event, SealedBy, Way

_MESSAGE_GONE: Final = frozenset(
    {
        "message_not_found",
        "cant_update_message",
        "edit_window_closed",
        "thread_not_found",
        "cannot_reply_to_message",
    }
)
# An app that was installed anew has other DMs, and cannot see those that it had.
_DM_GONE: Final = _MESSAGE_GONE | {"channel_not_found"}
_PLACE_KNOWN_AFTER_MS: Final = 300_000


class NotYetError(Exception):
    """Where the message stands is not known yet; it is about to be."""


@dataclass(frozen=True)
class AuditChannel:
    """Where the security team reads; None for nowhere."""

    id: str | None
    show_labels: bool = False


class Teller:
    """
    Carries out notices.  Raises SlackError and NotYetError; what it has done before that it may do again.

    `rotate_url` says for a template where its keys are rotated, None where that is not known.
    """

    def __init__(
        self,
        store: Store,
        slack: Slack,
        people: People,
        audit: AuditChannel,
        rotate_url: Callable[[str], str | None] = lambda _template: None,
    ) -> None:
        self._store = store
        self._slack = slack
        self._people = people
        self._audit = audit
        self._rotate_url = rotate_url

    async def is_slack_there(self) -> bool:
        """Whether Slack answers at all."""
        return await self._slack.is_there()

    async def tell(self, notice: Notice) -> bool:
        """Tell one audience of one event.  False where that was nothing to Slack, which so proved nothing."""
        if "token" in notice.about:
            return await self._tell_of_token(notice)
        if "record" in notice.about:
            return await self._tell_of_record(notice)
        drop = await find(self._store, notice.drop_id)
        if drop is None:
            return False
        match notice.audience:
            case Audience.AUDIT:
                return await self._tell_audit(drop, notice)
            case Audience.SENDER:
                return await self._tell_sender(drop, notice)
            case Audience.RECIPIENT:
                return await self._tell_recipient(drop, notice)

    async def _tell_audit(self, drop: Drop, notice: Notice) -> bool:
        channel = self._audit.id
        if channel is None:
            return False
        event = notice.about["event"]
        message = audit_messages.parent(drop, show_label=self._audit.show_labels)
        if event == Event.PERSON_FORGOTTEN:
            return await self._forget_in_audit(drop, notice, message)
        is_told: bool = event != Event.CREATED
        place = await place_of(self._store, drop.id, Audience.AUDIT)
        if place is None or place.channel != channel:
            place = await self._post(drop, Audience.AUDIT, channel, message)
            is_told = True
        elif event in audit_messages.CHANGES_PARENT and audit_messages.CHANGES_PARENT.isdisjoint(notice.later):
            # What is owed next edits it too, and either shows how the drop stands at that moment.
            place = await self._edit(drop, Audience.AUDIT, place, message)
        if event != Event.CREATED:
            receipt = self._receipt(drop, notice)
            facts = {"has_passphrase": drop.has_passphrase, "is_link_kept": drop.is_link_kept}
            entry = audit_messages.entry(notice.about, receipt, **facts)
            await self._enter(drop, place, message, entry)
        return is_told

    async def _tell_of_token(self, notice: Notice) -> bool:
        if self._audit.id is None:
            return False
        owner = await tokens.whose(self._store, notice.drop_id)
        name = await self._name(None if owner is None else owner.user_id)
        await self._slack.post(self._audit.id, audit_messages.token(notice.about, name))
        return True

    async def _tell_of_record(self, notice: Notice) -> bool:
        if notice.audience is not Audience.AUDIT:
            return await self._tell_owner(notice)
        if self._audit.id is None:
            return False
        is_made = notice.about["event"] == Event.RECORD_CREATED
        # Where no name is to be said, none is read: the channel must not wait for one that cannot be.
        named = await records.named(self._store, notice.drop_id) if is_made or self._audit.show_labels else None
        label = named.label if named is not None and self._audit.show_labels else None
        owner, recipient = (named.owner, named.recipient) if named is not None and is_made else (None, None)
        names = {"owner": await self._name(owner), "recipient": await self._name(recipient)}
        await self._slack.post(self._audit.id, record_messages.line(notice.about, label, **names))
        return True

    async def _tell_owner(self, notice: Notice) -> bool:
        named = await records.named(self._store, notice.drop_id)
        if named is None or named.owner is None:
            return False  # whoever runs the server made it, or they were forgotten
        news = record_messages.news(notice.about, await records.find(self._store, notice.drop_id))
        if news is None:
            return False
        await self._slack.post(await self._slack.open_dm(named.owner), news)
        return True

    async def _name(self, user_id: str | None) -> str | None:
        person = None if user_id is None else await self._people.find(user_id)
        # Slack may not say who that is: an id is then better than to wait with what the security team must see.
        return user_id if person is None else person.name

    async def _forget_in_audit(self, drop: Drop, notice: Notice, message: Message) -> bool:
        """The name goes where it stands, in a channel of before too; where no message stands there is none to take."""
        place = await place_of(self._store, drop.id, Audience.AUDIT)
        if place is None:
            return False
        await self._slack.edit(place, message)
        await self._slack.post(place.channel, audit_messages.entry(notice.about), thread=place.ts)
        return True

    def _receipt(self, drop: Drop, notice: Notice) -> Json | None:
        if notice.about["event"] != Event.RECEIPT:
            return None
        rid = str(notice.about["rid"])
        return receipt_button(drop.id, address(self._store, rid, with_label=self._audit.show_labels))

    async def _enter(self, drop: Drop, parent: Place, message: Message, entry: Message) -> None:
        """Post an entry into a drop's thread, under its parent's `message` posted anew if somebody deleted that."""
        try:
            await self._slack.post(parent.channel, entry, thread=parent.ts)
        except SlackRefusedError as refused:
            # Anybody who may delete messages could otherwise silence the alarms of one drop for ever.
            if refused.code not in _MESSAGE_GONE:
                raise
            anew = await self._post(drop, Audience.AUDIT, parent.channel, message)
            await self._slack.post(anew.channel, entry, thread=anew.ts)

    async def _tell_sender(self, drop: Drop, notice: Notice) -> bool:
        # The modal says that it is on its way; a message a second before the one that it arrived would be noise.
        if notice.about["event"] == Event.CREATED or not drop.sender_id:
            return False  # whoever was forgotten is owed nothing
        drops = await alongside(self._store, drop)
        message = sender_messages.status(drops, notice.about, drop, addresses(self._store, drops))
        place = await place_of_any(self._store, [one.id for one in drops], Audience.SENDER)
        if place is None and drop.sealed_by is not SealedBy.BOT:
            place = await self._message_that_asked(drop)
        is_first = place is None
        if place is None:
            place = await self._post(drop, Audience.SENDER, await self._slack.open_dm(drop.sender_id), message)
        elif not notice.later:
            place = await self._edit(drop, Audience.SENDER, place, message)
        url = self._rotate_url(drop.template)
        is_left = notice.about["event"] == Event.UNDELIVERED and await leaks.is_left_standing(self._store, drop.id)
        news = sender_news.news(
            drop, notice.about, is_first=is_first, of_form=drops, rotate_url=url, is_leak_left=is_left
        )
        if news is not None:
            await self._slack.post(place.channel, news)
        return is_first or not notice.later or news is not None

    async def _message_that_asked(self, drop: Drop) -> Place | None:
        """It becomes the one that says how the drop stands: its page takes nothing any more."""
        place = await requests.place_for(self._store, drop.id)
        if place is not None:
            await remember(self._store, drop.id, Audience.SENDER, place)
        return place

    async def _tell_recipient(self, drop: Drop, notice: Notice) -> bool:
        if not drop.recipient_id:
            return False  # whoever was forgotten is owed nothing
        news = recipient_messages.news(drop, notice.about)
        if drop.way is Way.HERE and news is not None:
            # Not into the conversation, where others would read how it stands.
            await self._slack.post(await self._slack.open_dm(drop.recipient_id), news)
            return True
        if drop.way is not Way.DM:
            return False  # its message is not ours to edit
        place = await place_of(self._store, drop.id, Audience.RECIPIENT)
        if notice.about["event"] == Event.DESTROYED:
            return await self._bury(drop, notice, place)
        if news is None:
            return False
        # Where a link's own post was not answered nobody knows its place, and it stands in their DM all the same.
        await self._slack.post(place.channel if place else await self._slack.open_dm(drop.recipient_id), news)
        return True

    async def _bury(self, drop: Drop, notice: Notice, place: Place | None) -> bool:
        if place is None:
            # A quick reader is faster than Slack's answer to the program that posts the link.
            # Where a clock was set back meanwhile its end is before its beginning: it waits no longer for that.
            waited = max(0, int(notice.about["at"]) - drop.created_at)
            if drop.delivery is not Delivery.UNDELIVERED and waited + notice.tries * 1000 < _PLACE_KNOWN_AFTER_MS:
                raise NotYetError
            return False
        try:
            await self._slack.edit(place, recipient_messages.tombstone(drop))
        except SlackRefusedError as refused:
            # The recipient deleted it, or Slack does not let it be edited any more: there is nothing left to owe.
            if refused.code not in _DM_GONE:
                raise
        return True

    async def _edit(self, drop: Drop, audience: Audience, place: Place, message: Message) -> Place:
        try:
            await self._slack.edit(place, message)
        except SlackRefusedError as refused:
            if refused.code not in (_MESSAGE_GONE if audience is Audience.AUDIT else _DM_GONE):
                raise
            channel = place.channel if audience is Audience.AUDIT else await self._slack.open_dm(drop.sender_id)
            return await self._post(drop, audience, channel, message)
        return place

    async def _post(self, drop: Drop, audience: Audience, channel: str, message: Message) -> Place:
        place = await self._slack.post(channel, message)
        await remember(self._store, drop.id, audience, place)
        return place
