"""
Answering the one person who typed or pressed.

Through Slack's own way back to them; where that is closed, in their DM: silence would look like success.
"""

from collections.abc import Mapping
from typing import Any

import structlog

from bot.block_kit import section
from bot.message import Message
from bot.mrkdwn import Markup
from bot.slack_calls import Slack, SlackError

_log = structlog.get_logger("replies")


async def reply(slack: Slack, body: Mapping[str, Any], user_id: str, answer: Markup) -> None:
    """Answer whoever is behind a command or a press; `body` is Slack's request, which names the way back."""
    try:
        await slack.reply(str(body["response_url"]), answer)
    except (SlackError, KeyError) as error:
        _log.info("an answer goes by DM instead", why=getattr(error, "code", type(error).__name__))
    else:
        return
    try:
        await slack.post(await slack.open_dm(user_id), Message(text=answer, blocks=[section(answer)]))
    except SlackError as error:
        _log.warning("somebody could not be answered", why=getattr(error, "code", type(error).__name__))
