"""
`/sendsecret`: from what was typed to an open form, or to a sentence.

What was typed is read once and dropped: it is in no log, and no answer repeats it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog

from bot import command_wording as wording
from bot import form, grammar
from bot.evidence_desk import EvidenceDesk
from bot.form import Expiries, Opening
from bot.mrkdwn import Markup
from bot.people import People
from bot.replies import reply
from bot.slack_calls import Slack, SlackError, SlackRefusedError
from bot.token_desk import TokenDesk
from bot.underway import Underway

_SENDER_LOOKED_UP_WITHIN: Final = 0.8
_RECIPIENTS_LOOKED_UP_WITHIN: Final = 5.0

_log = structlog.get_logger("command")


@dataclass(frozen=True)
class Command:
    """The slash command.  `opens_here_only`: nothing may be sent, because nobody else could open it."""

    slack: Slack
    people: People
    expiries: Expiries
    underway: Underway
    evidence: EvidenceDesk
    tokens: TokenDesk
    opens_here_only: bool

    async def answer(self, ack: Any, body: Mapping[str, Any]) -> None:
        """Answer one command; `ack` is called exactly once."""
        typed = grammar.read(str(body.get("text") or ""))
        sentence = wording.OPENS_HERE_ONLY if self.opens_here_only else _sentence(typed)
        if sentence is None and isinstance(typed, grammar.Evidence):
            await ack()
            user_id = str(body["user_id"])
            await reply(self.slack, body, user_id, await self.evidence.answer(typed.words, user_id))
            return
        if sentence is None and isinstance(typed, grammar.Token):
            await ack()
            await self.tokens.answer(typed.words, body)
            return
        if sentence is not None or not isinstance(typed, grammar.OpenForm):
            await ack(response_type="ephemeral", text=sentence or wording.USAGE)
            return
        await ack()
        refusal = await self._open(typed, body)
        if refusal is not None:
            await reply(self.slack, body, str(body["user_id"]), Markup(refusal))

    async def _open(self, typed: grammar.OpenForm, body: Mapping[str, Any]) -> str | None:
        sender_id = str(body["user_id"])
        # The trigger lives three seconds.  An unknown sender gets the form: it is asked again when it is submitted.
        sender = (await self.people.find_all({sender_id}, seconds=_SENDER_LOOKED_UP_WITHIN))[sender_id]
        if sender is not None and not sender.may_send:
            return wording.MAY_NOT_SEND
        opening = Opening(typed.recipients, secret=typed.secret, was_rewritten=typed.was_rewritten, here=typed.here)
        try:
            await self.slack.open_view(str(body["trigger_id"]), form.view(self.expiries, opening))
        except SlackRefusedError as refused:
            _log.warning("the form was not opened", code=refused.code)
            return wording.TRIGGER_MISSED if "trigger" in refused.code else wording.FORM_NOT_OPENED
        except SlackError:
            _log.warning("the form was not opened; Slack did not answer")
            return wording.FORM_NOT_OPENED
        self.underway.spawn(self._look_ahead(typed.recipients))
        return None

    async def _look_ahead(self, recipients: tuple[str, ...]) -> None:
        """While the sender types, so that the answer to the form has its three seconds for sealing."""
        await self.people.find_all(recipients, seconds=_RECIPIENTS_LOOKED_UP_WITHIN)


def _sentence(typed: grammar.Typed) -> str | None:
    match typed:
        case grammar.Help():
            return wording.USAGE
        case grammar.NotAvailable(word=word):
            return wording.NOT_AVAILABLE[word]
        case grammar.TooMany():
            return wording.ONE_HERE if typed.here else wording.TOO_MANY
        case grammar.TooLong():
            return wording.TOO_LONG
        case grammar.NoAddressee():
            return wording.NO_ADDRESSEE
    return None
