"""
Telling people what must be mended, and cannot be by this program: administrators, and who stands in for them.

Each sentence is posted at once and is owed to nobody; best effort, because the process log has it too.  When to tell
whom, and what, is decided elsewhere.
"""

from collections.abc import Sequence

import structlog

from bot.block_kit import section
from bot.message import Message
from bot.mrkdwn import Markup
from bot.slack_calls import Slack, SlackError

_log = structlog.get_logger("admins")


class Admins:
    """The people of ADMINS, and who is told in their stead."""

    def __init__(self, slack: Slack, user_ids: Sequence[str]) -> None:
        self._slack = slack
        self._user_ids = user_ids

    async def tell(self, sentence: Markup) -> None:
        """Post a sentence to each; who cannot be reached is logged."""
        await self.reach(sentence)

    async def reach(self, sentence: Markup) -> int:
        """The same; how many it reached."""
        reached = 0
        for user_id in self._user_ids:
            reached += await self.tell_one(user_id, sentence)
        return reached

    async def tell_one(self, user_id: str, sentence: Markup) -> bool:
        """Post a sentence to one person, administrator or not; whether it reached them."""
        try:
            await self._post(await self._slack.open_dm(user_id), sentence)
        except SlackError as error:
            _log.warning("somebody could not be told what must be mended", why=_why(error))
            return False
        return True

    async def tell_channel(self, channel: str, sentence: Markup) -> bool:
        """Post a sentence where no DM arrives; whether it stands there."""
        try:
            await self._post(channel, sentence)
        except SlackError as error:
            _log.warning("the audit channel could not be told what must be mended", why=_why(error))
            return False
        return True

    async def _post(self, channel: str, sentence: Markup) -> None:
        await self._slack.post(channel, Message(text=sentence, blocks=[section(sentence)]))


def _why(error: SlackError) -> str:
    return getattr(error, "code", type(error).__name__)
