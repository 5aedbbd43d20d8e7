"""
"Replace with a link" in a message's menu: the form, with what stands in that message as the secret.

Slack sends us the whole message with the choice.  Its text goes into the form's field and nowhere else; whose message
it is and where travels with the form, so that its author can be asked to delete it once the secret is on its way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import structlog

from bot import command_wording, form, form_ways, message_text, original_message
from bot import leak_wording as wording
from bot.form import Expiries, Opening
from bot.grammar import MOST_CHARACTERS
from bot.mrkdwn import Markup
from bot.people import People
from bot.policy import OnTheLine, Policy
from bot.replies import reply
from bot.slack_calls import Slack, SlackError
from bot.template import AS_USUAL, Template

CALLBACK: Final = "replace_message"
_LOOKED_UP_WITHIN: Final = 0.8

_log = structlog.get_logger("shortcut")


@dataclass(frozen=True)
class Shortcut:
    """
    The message shortcut.  `own` is our user id and our bot id, by which our own messages are known.

    `opens_here_only`: nothing may be sent, because nobody else could open it.  `template` is the one of anything.
    """

    slack: Slack
    people: People
    expiries: Expiries
    policy: Policy
    own: frozenset[str]
    opens_here_only: bool
    can_mail: bool = False
    template: Template = AS_USUAL

    async def answer(self, ack: Any, body: Mapping[str, Any]) -> None:
        """Answer one use; `ack` is called exactly once."""
        await ack()
        refusal = await self._open(body)
        if refusal is not None:
            await reply(self.slack, body, str(body["user"]["id"]), Markup(refusal))

    async def _open(self, body: Mapping[str, Any]) -> str | None:
        message = body.get("message") or {}
        if self.opens_here_only:
            return command_wording.OPENS_HERE_ONLY
        if {message.get("user"), message.get("bot_id")} & self.own:
            return wording.OWN_MESSAGE
        sender_id = str(body["user"]["id"])
        # As for the command: the trigger lives three seconds, and an unknown sender is asked again at Send.
        sender = (await self.people.find_all({sender_id}, seconds=_LOOKED_UP_WITHIN))[sender_id]
        if sender is not None and not self.policy.may_send(sender):
            return wording.MAY_NOT_SEND
        opening = self._opening(body)
        if opening.was_too_long and not form.has_page(opening):
            return form_ways.too_long(self.template, self.policy)
        try:
            await self.slack.open_view(str(body["trigger_id"]), form.view(self.expiries, opening))
        except SlackError as error:
            code = str(getattr(error, "code", ""))
            _log.warning("the form was not opened for a message", why=code or type(error).__name__)
            return wording.TRIGGER_MISSED if "trigger" in code else wording.FORM_NOT_OPENED
        return None

    def _opening(self, body: Mapping[str, Any]) -> Opening:
        original = original_message.of_shortcut(body)
        bare = Opening(policy=self.policy, can_mail=self.can_mail, original=original.details, template=self.template)
        if self.policy.outside_only or self.policy.text_on_the_line is OnTheLine.REFUSE:
            return replace(bare, was_not_taken=True)
        text = message_text.as_typed(body.get("message") or {})
        if text is None:
            return replace(bare, was_rewritten=True)
        if len(text) > MOST_CHARACTERS:
            return replace(bare, was_too_long=True, is_outside=True)
        return replace(bare, secret=text)
