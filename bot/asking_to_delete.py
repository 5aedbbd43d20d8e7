"""
Having a message deleted in which a secret stood: the bot cannot, so that whoever wrote it is asked, in their DM.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import structlog

from bot import leak_messages, original_message
from bot import leak_wording as wording
from bot.message import Message
from bot.mrkdwn import Markup
from bot.original_message import Original
from bot.patience import patiently
from bot.people import Person
from bot.slack_calls import Slack, SlackError
from bot.underway import Underway

_log = structlog.get_logger("leaks")


@dataclass(frozen=True)
class AskingToDelete:
    """Asks beside the answer to a form, which has its three seconds."""

    slack: Slack
    underway: Underway

    def begin(self, notes: Iterable[str], sender: Person) -> None:
        """Ask, if a form's notes are about a message that somebody wrote."""
        original = original_message.in_notes(notes)
        if original is not None and original.author:
            self.underway.spawn(self._ask(original, sender))

    async def _ask(self, original: Original, sender: Person) -> None:
        if await self._told(original.author, leak_messages.please_delete(original, sender)):
            return
        await self._told(sender.id, leak_messages.not_asked())

    async def _told(self, user_id: str, message: Message) -> bool:
        try:
            dm = await patiently(lambda: self.slack.open_dm(user_id))
            await self.slack.post(dm, message)
        except SlackError as error:
            _log.warning("somebody was not asked to delete a message", why=getattr(error, "code", type(error).__name__))
            return False
        return True


def words(notes: Iterable[str], sender: Person) -> list[Markup]:
    """What the window after a form says of the message that its notes are about."""
    original = original_message.in_notes(notes)
    if original is None:
        return []
    if not original.author:
        return [Markup(wording.DELETE_BY_APP)]
    return [Markup(wording.DELETE_YOURS if original.author == sender.id else wording.DELETE_THEIRS)]
