"""
`/sendsecret`: from what was typed to an open form, or to a sentence.

What was typed is read once and dropped: it is in no log, and no answer repeats it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import structlog

from bot import command_wording as wording
from bot import form, form_ways, grammar, record_form, record_form_wording, template_checks, template_step
from bot.block_kit import Json
from bot.dispute_desk import DisputeDesk
from bot.evidence_desk import EvidenceDesk
from bot.form import Expiries, Opening
from bot.incident_desk import IncidentDesk
from bot.mrkdwn import Markup
from bot.people import People
from bot.policy import OnTheLine, Policy
from bot.record_form import Offer
from bot.replies import reply
from bot.request_desk import RequestDesk
from bot.slack_calls import Slack, SlackError, SlackRefusedError
from bot.template import ANYTHING
from bot.templates import Templates
from bot.token_desk import TokenDesk
from bot.underway import Underway
from store.words import Way

_SENDER_LOOKED_UP_WITHIN: Final = 0.8
_RECIPIENTS_LOOKED_UP_WITHIN: Final = 5.0

_Opens = grammar.OpenForm | grammar.TooLong | grammar.Choose | grammar.Code
_OPENS: Final = (grammar.OpenForm, grammar.TooLong, grammar.Choose, grammar.Code)

_SENDS_NOTHING: Final = (grammar.Help, grammar.Incident, grammar.Dispute, grammar.Evidence)

_log = structlog.get_logger("command")


@dataclass(frozen=True)
class Command:
    """
    The slash command.  `opens_here_only`: nothing may be sent, because nobody else could open it.

    `can_mail`: a mail server is set up.
    """

    slack: Slack
    people: People
    expiries: Expiries
    underway: Underway
    evidence: EvidenceDesk
    tokens: TokenDesk
    requests: RequestDesk
    incidents: IncidentDesk
    disputes: DisputeDesk
    templates: Templates
    opens_here_only: bool
    policy: Policy
    can_mail: bool = False

    async def answer(self, ack: Any, body: Mapping[str, Any]) -> None:
        """Answer one command; `ack` is called exactly once."""
        typed = grammar.read(str(body.get("text") or ""), self.templates)
        is_refused = self.opens_here_only and not isinstance(typed, _SENDS_NOTHING)
        sentence = wording.OPENS_HERE_ONLY if is_refused else self._sentence(typed)
        if sentence is None and isinstance(typed, grammar.Evidence | grammar.Request):
            await ack()
            user_id = str(body["user_id"])
            desk = self.evidence if isinstance(typed, grammar.Evidence) else self.requests
            await reply(self.slack, body, user_id, await desk.answer(typed.words, user_id))
            return
        if sentence is None and isinstance(typed, grammar.Token | grammar.Incident | grammar.Dispute):
            await ack()
            await self._desk_of(typed).answer(typed.words, body)
            return
        if sentence is not None or not isinstance(typed, _OPENS):
            await ack(response_type="ephemeral", text=sentence or self._usage_for(str(body["user_id"])))
            return
        await ack()
        refusal = await self._open(typed, body)
        if refusal is not None:
            await reply(self.slack, body, str(body["user_id"]), Markup(refusal))

    def _desk_of(
        self, typed: grammar.Token | grammar.Incident | grammar.Dispute
    ) -> TokenDesk | IncidentDesk | DisputeDesk:
        match typed:
            case grammar.Token():
                return self.tokens
            case grammar.Incident():
                return self.incidents
        return self.disputes

    def _usage_for(self, user_id: str) -> str:
        return f"{self._usage}\n{wording.EVIDENCE}" if user_id in self.evidence.may else self._usage

    @property
    def _usage(self) -> str:
        has_mail = self.can_mail and self.policy.takes_addresses
        if self.policy.outside_only:
            return wording.USAGE_OUTSIDE if has_mail else wording.USAGE_OUTSIDE_WITHOUT_MAIL
        if self.policy.dm_only:
            return wording.USAGE_DM_ONLY
        return wording.USAGE if has_mail else wording.USAGE_WITHOUT_MAIL

    def _sentence(self, typed: grammar.Typed) -> str | None:
        if isinstance(typed, grammar.Help):
            return None
        if isinstance(typed, grammar.OpenForm) and typed.here:
            if self.policy.outside_only:
                return wording.NOT_HERE
            if self.policy.dm_only:
                return wording.DM_ONLY
        if isinstance(typed, grammar.Code) and self.policy.outside_only:
            return record_form_wording.OUTSIDE_ONLY
        is_for_addresses = isinstance(typed, grammar.OpenForm | grammar.TooLong) and typed.addresses
        if isinstance(typed, grammar.OpenForm | grammar.TooLong):
            way = Way.HERE if typed.here else Way.MAIL if typed.addresses else Way.DM
            if template_checks.wrong_way(self.templates[typed.template or ANYTHING], way):
                return wording.NEEDS_DM
        if is_for_addresses and not self.policy.takes_addresses:
            return wording.DM_ONLY if self.policy.dm_only else wording.NO_ADDRESSES
        # The bot cannot show a link that it did not seal.
        if is_for_addresses and not self.can_mail and (self.policy.outside_only or isinstance(typed, grammar.TooLong)):
            return wording.NO_MAIL
        if isinstance(typed, grammar.TooLong) and not self._has_page(typed):
            return form_ways.too_long(self.templates[ANYTHING], self.policy)
        return _sentence(typed)

    def _has_page(self, typed: grammar.TooLong) -> bool:
        """Nothing that is typed outside Slack goes into a conversation."""
        template = self.templates[typed.template or ANYTHING]
        for_addresses = bool(typed.addresses)
        return not typed.here and form_ways.has_page(
            template, self.policy, for_addresses=for_addresses, can_mail=self.can_mail
        )

    def after_step(self, name: str) -> Json:
        """The form for the template that was chosen in the step before it."""
        chosen = self.templates.get(name, self.templates[ANYTHING])
        bare = Opening(can_mail=self.can_mail, policy=self.policy, template=chosen)
        return form.view(self.expiries, bare)

    async def _open(self, typed: _Opens, body: Mapping[str, Any]) -> str | None:
        sender_id = str(body["user_id"])
        # The trigger lives three seconds.  An unknown sender gets the form: it is asked again when it is submitted.
        sender = (await self.people.find_all({sender_id}, seconds=_SENDER_LOOKED_UP_WITHIN))[sender_id]
        if sender is not None and not self.policy.may_send(sender):
            return wording.MAY_NOT_SEND
        if isinstance(typed, grammar.Choose):
            view = template_step.view(self.templates)
        elif isinstance(typed, grammar.Code):
            view = record_form.view(self._offer(typed))
        else:
            view = form.view(self.expiries, self._opening(typed))
        try:
            await self.slack.open_view(str(body["trigger_id"]), view)
        except SlackRefusedError as refused:
            _log.warning("the form was not opened", code=refused.code)
            return wording.TRIGGER_MISSED if "trigger" in refused.code else wording.FORM_NOT_OPENED
        except SlackError:
            _log.warning("the form was not opened; Slack did not answer")
            return wording.FORM_NOT_OPENED
        if isinstance(typed, grammar.OpenForm | grammar.TooLong):
            self.underway.spawn(self._look_ahead(typed.recipients))
        return None

    def _offer(self, typed: grammar.Code) -> Offer:
        return Offer(
            typed.recipient,
            was_not_taken=typed.was_not_taken,
            policy=self.policy,
            template=self.templates[ANYTHING],
        )

    def _opening(self, typed: grammar.OpenForm | grammar.TooLong) -> Opening:
        bare = Opening(
            typed.recipients,
            addresses=typed.addresses or None,
            can_mail=self.can_mail,
            way=Way.MAIL if typed.addresses else Way.DM,
            template=self.templates[typed.template or ANYTHING],
            policy=self.policy,
        )
        if isinstance(typed, grammar.TooLong):
            known = replace(bare, was_too_long=True, is_outside=True)
        else:
            known = replace(bare, secret=typed.secret, was_rewritten=typed.was_rewritten, here=typed.here)
        is_taken = self.policy.text_on_the_line is not OnTheLine.REFUSE
        if not self.policy.outside_only and (is_taken or known.was_too_long):
            return known
        had_secret = bool(known.secret) or known.was_rewritten or known.was_too_long
        return replace(bare, was_not_taken=had_secret, here=known.here)

    async def _look_ahead(self, recipients: tuple[str, ...]) -> None:
        """While the sender types, so that the answer to the form has its three seconds for sealing."""
        await self.people.find_all(recipients, seconds=_RECIPIENTS_LOOKED_UP_WITHIN)


def _sentence(typed: grammar.Typed) -> str | None:
    match typed:
        case grammar.Mixed():
            return wording.MIXED
        case grammar.TooMany():
            return wording.ONE_HERE if typed.here else wording.TOO_MANY
        case grammar.NoAddressee():
            return wording.NO_ADDRESSEE
        case grammar.NotOne():
            return record_form_wording.ONE_PERSON
    return None
