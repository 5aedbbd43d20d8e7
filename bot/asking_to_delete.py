"""
Having a message deleted in which a secret stood: the bot cannot, so that whoever wrote it is asked, in their DM, once a
link has arrived.

Not before: a secret that nobody has is still needed where it stands.
"""

from dataclasses import dataclass

import structlog

from bot import leak_messages
from bot import leak_wording as wording
from bot.message import Message
from bot.mrkdwn import Markup
from bot.original_message import Original
from bot.patience import patiently
from bot.slack_calls import Slack, SlackError
from store import leaks
from store.errors import StoreUnavailableError
from store.opened import Store

_log = structlog.get_logger("leaks")


@dataclass(frozen=True)
class AskingToDelete:
    """Asks whoever wrote a message; where that cannot be, its sender reads so."""

    store: Store
    slack: Slack

    async def ask(self, original: Original | None, arrived: bytes, sender_id: str, sender_name: str) -> bool:
        """
        Ask, if what has `arrived` is the first of its form to arrive; `original` is None where it replaces no message.

        False where that cannot be: the next of its form to arrive asks again.
        """
        if original is None or not original.author:
            return True
        url = await self._permalink(original)  # before it counts as asked: what is lost after that is lost for good
        try:
            if not await leaks.is_now_to_be_asked(self.store, arrived):
                return True
        except StoreUnavailableError:
            _log.warning("somebody was not asked to delete a message: the store does not answer")
            await self._told(sender_id, leak_messages.not_asked())
            return False
        is_asked = False
        try:
            please = leak_messages.please_delete(original, sender_id, sender_name, url)
            is_asked = await self._told(original.author, please)
        finally:
            if not is_asked:
                await self._forget(arrived)
        if not is_asked:
            await self._told(sender_id, leak_messages.not_asked())
        return is_asked

    async def _forget(self, arrived: bytes) -> None:
        try:
            await leaks.was_not_asked(self.store, arrived)
        except StoreUnavailableError:
            _log.warning("somebody who was not asked to delete a message counts as asked: the store does not answer")

    async def _permalink(self, original: Original) -> str | None:
        """None where Slack does not say: it knows no message of a conversation that the bot cannot see."""
        try:
            return await patiently(lambda: self.slack.permalink(original.channel, original.ts))
        except SlackError:
            return None

    async def _told(self, user_id: str, message: Message) -> bool:
        try:
            dm = await patiently(lambda: self.slack.open_dm(user_id))
            await patiently(lambda: self.slack.post(dm, message), is_post=True)
        except SlackError as error:
            _log.warning("somebody was not asked to delete a message", why=getattr(error, "code", type(error).__name__))
            return False
        return True


def before(original: Original | None, sender_id: str) -> list[Markup]:
    """What a window says of the message while no link has arrived."""
    return _said(original, sender_id, wording.YOURS_STANDS, wording.THEIRS_STANDS)


def after(original: Original | None, sender_id: str) -> list[Markup]:
    """What it says once one has."""
    return _said(original, sender_id, wording.DELETE_YOURS, wording.DELETE_THEIRS)


def not_asked(original: Original | None, sender_id: str) -> list[Markup]:
    """What it says where whoever wrote it could not be asked."""
    return _said(original, sender_id, wording.NOT_ASKED, wording.NOT_ASKED)


def in_vain(original: Original | None, sender_id: str) -> list[Markup]:
    """What it says where none will."""
    return _said(original, sender_id, wording.LEFT_STANDING, wording.LEFT_STANDING)


def _said(original: Original | None, sender_id: str, yours: str, theirs: str) -> list[Markup]:
    if original is None:
        return []
    if not original.author:
        return [Markup(wording.DELETE_BY_APP)]
    return [Markup(yours if original.author == sender_id else theirs)]
