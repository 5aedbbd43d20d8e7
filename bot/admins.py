"""Telling administrators, in their DM, what only they can mend.  Best effort: the process log has it too."""

from collections.abc import Sequence

import structlog

from bot.block_kit import section
from bot.message import Message
from bot.mrkdwn import Markup
from bot.slack_calls import Slack, SlackError

_log = structlog.get_logger("admins")


class Admins:
    """The people of ADMINS."""

    def __init__(self, slack: Slack, user_ids: Sequence[str]) -> None:
        self._slack = slack
        self._user_ids = user_ids

    async def tell(self, sentence: Markup) -> None:
        """Post a sentence to each; who cannot be reached is logged."""
        for user_id in self._user_ids:
            try:
                dm = await self._slack.open_dm(user_id)
                await self._slack.post(dm, Message(text=sentence, blocks=[section(sentence)]))
            except SlackError as error:
                _log.warning("an administrator could not be told", why=type(error).__name__)
