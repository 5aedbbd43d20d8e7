"""
"I lost the passphrase" and "Send a new one": the form once more, with all that is still known but the secret.

A lost passphrase cannot be looked up, so that the link which needs it is revoked first: two open links to one
credential would be one that nobody watches.  The trigger lives three seconds; what takes longer is said in words.
Whoever was asked for a secret may send none by themselves, and is told whom to turn to.  A form that could not be sent
is not opened.
"""

from dataclasses import dataclass
from typing import Final

import structlog

from bot import button_wording as wording
from bot import form, template_checks
from bot.button_wording import NotAgain
from bot.buttons import Buttons
from bot.form import Expiries, Opening
from bot.mrkdwn import Markup, fill
from bot.people import Kind, People
from bot.policy import Policy
from bot.rights import Act, Clicker
from bot.slack_calls import Slack, SlackError
from bot.template import ANYTHING, Template
from bot.templates import Templates
from store.drops import Drop
from store.errors import StoreUnavailableError
from store.personal import ERASED
from store.words import SealedBy, Verify, Way

_LOOKED_UP_WITHIN: Final = 0.8

_log = structlog.get_logger("starting_again")


@dataclass(frozen=True)
class StartingAgain:
    """The two buttons.  Each answers with a sentence, or with None when the form says enough."""

    slack: Slack
    buttons: Buttons
    people: People
    expiries: Expiries
    policy: Policy
    templates: Templates
    can_mail: bool = False

    async def lost_passphrase(self, value: str, clicker: Clicker, trigger_id: str) -> Markup | None:
        """Revoke, then open the form; a drop that was opened meanwhile is not started again."""
        known = await self._known(value, clicker)
        if isinstance(known, Markup):
            return known
        if known.outcome is not None and known.claimed_at is None:
            return await self._start(known, trigger_id)
        answer = await self.buttons.revoke(value, clicker)
        if answer != wording.REVOKED_NOW:
            return answer
        if (why := await self._why_not(known)) is not None:
            return fill(wording.LOST_AND[why], recipient=known.recipient_name)
        return await self._open(known, trigger_id, Markup(wording.LOST_AND_REVOKED))

    async def send_again(self, value: str, clicker: Clicker, trigger_id: str) -> Markup | None:
        """Open the form; the drop is over, or somebody with its link asks for a new one."""
        known = await self._known(value, clicker)
        if isinstance(known, Markup):
            return known
        return await self._start(known, trigger_id)

    async def _start(self, drop: Drop, trigger_id: str) -> Markup | None:
        if (why := await self._why_not(drop)) is not None:
            return fill(wording.CANNOT_START[why], recipient=drop.recipient_name)
        return await self._open(drop, trigger_id, Markup(wording.FORM_NOT_OPENED))

    async def _why_not(self, drop: Drop) -> NotAgain | None:
        """Why the form would be in vain; an unknown sender gets it, and is asked when it is submitted."""
        if not self.policy.may_receive(Kind(drop.recipient_class)):
            return NotAgain.OUTSIDE
        if drop.recipient_class == Kind.EMAIL and self.policy.outside_only and not self.can_mail:
            return NotAgain.NO_MAIL
        needs_press = self.policy.dm_only or self._template_of(drop).verify is Verify.SLACK
        if needs_press and drop.recipient_class == Kind.EMAIL:
            return NotAgain.NEEDS_DM
        if drop.verify is not Verify.NONE and drop.template not in self.templates and not needs_press:
            return NotAgain.TEMPLATE_GONE
        sender = (await self.people.find_all({drop.sender_id}, seconds=_LOOKED_UP_WITHIN))[drop.sender_id]
        if sender is None:
            return None
        if drop.sender_id == drop.recipient_id and drop.header.sender != sender.name:
            return NotAgain.BY_LINK
        return None if self.policy.may_send(sender) else NotAgain.ASKED

    def _template_of(self, drop: Drop) -> Template:
        return self.templates.get(drop.template, self.templates[ANYTHING])

    async def _known(self, value: str, clicker: Clicker) -> Drop | Markup:
        try:
            return await self.buttons.of_sender(Act.AGAIN, value, clicker)
        except StoreUnavailableError:
            return Markup(wording.TRY_AGAIN)

    async def _open(self, drop: Drop, trigger_id: str, not_opened: Markup) -> Markup | None:
        known = (drop.recipient_id,) if drop.recipient_id else ()
        is_for_address = drop.recipient_class == Kind.EMAIL
        template = self._template_of(drop)
        can_be_here = not self.policy.outside_only and not template_checks.wrong_way(template, Way.HERE)
        opening = Opening(
            recipients=() if is_for_address else known,
            label="" if drop.header.label == ERASED else drop.header.label,
            hint=drop.hint or "",
            lives_seconds=drop.header.expires_at - drop.header.created_at,
            way=drop.way,
            here=drop.way is Way.HERE and can_be_here and not self.policy.dm_only,
            is_outside=drop.sealed_by is not SealedBy.BOT,
            policy=self.policy,
            addresses=known if is_for_address else None,
            can_mail=self.can_mail,
            template=template,
        )
        try:
            await self.slack.open_view(trigger_id, form.view(self.expiries, opening))
        except SlackError as error:
            _log.warning("the form was not opened again", why=getattr(error, "code", type(error).__name__))
            return not_opened
        return None
