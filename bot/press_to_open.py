"""
`verify: slack`: the recipient presses Open in their DM, and for ten minutes their link can be claimed.

Only our own messages carry the button.  Whether its value is this drop's own link is checked all the same, before
anything is recorded in anybody's name, and who pressed is judged by user and team: an id means a person only with
their own team's.
"""

import structlog

from bot import button_wording, press_values, press_views
from bot import press_wording as wording
from bot.mrkdwn import Markup, fill, moment
from bot.recipient_messages import how_it_ended
from bot.rights import Clicker
from bot.slack_calls import Slack, SlackError
from store import recipient_verification
from store.drops import Drop, find
from store.errors import StoreUnavailableError
from store.formats import base64url
from store.formats.errors import MalformedError
from store.formats.link_v1 import ID_BYTES, Link
from store.opened import Store
from store.sealed_links import ForeignLinkError, own_link
from store.words import State

_log = structlog.get_logger("presses")


class PressToOpen:
    """What the button does."""

    def __init__(self, store: Store, slack: Slack) -> None:
        self._store = store
        self._slack = slack

    async def pressed(self, value: str, clicker: Clicker, trigger_id: str) -> Markup | None:
        """Open the window with the link for whom it is for.  None when it opened; otherwise why not, in words."""
        try:
            drop = await self._find(value)
            if drop is None:
                return Markup(button_wording.NO_SUCH_DROP)
            if drop.outcome is not None:
                return how_it_ended(drop)
            link = await own_link(self._store, drop.id, press_values.url_in(value, self._store.issuer))
            if (clicker.user_id, clicker.team_id) != (drop.recipient_id, drop.recipient_team):
                await recipient_verification.refuse(self._store, drop.id)
                return fill(wording.NOT_FOR_YOU, recipient=drop.recipient_name, sender=drop.header.sender)
            until = await recipient_verification.verify(self._store, drop.id)
            if until is None:
                return self._why_not(await find(self._store, drop.id) or drop)
        except ForeignLinkError:
            _log.warning("a press came with a link that is not its drop's own")
            return Markup(button_wording.NO_SUCH_DROP)
        except StoreUnavailableError:
            return Markup(button_wording.TRY_AGAIN)
        return await self._let_in(drop, link, until, trigger_id)

    async def _let_in(self, drop: Drop, link: Link, until: int, trigger_id: str) -> Markup | None:
        try:
            await self._slack.open_view(trigger_id, press_views.view(drop, link.url(self._store.issuer), until))
        except SlackError as error:
            # Most likely the press is older than the three seconds that Slack allows.
            _log.info("a recipient's window did not open", why=getattr(error, "code", type(error).__name__))
            return Markup(wording.AGAIN)
        return None

    def _why_not(self, drop: Drop) -> Markup:
        sender = drop.header.sender
        if drop.outcome is not None or drop.expires_at <= self._store.clock.now_seconds() * 1000:
            return how_it_ended(drop)
        if drop.claimed_at is not None:
            return fill(wording.CLAIMED, at=moment(drop.claimed_at), sender=sender)
        if drop.paused_at is not None:
            return fill(wording.PAUSED, sender=sender)
        return fill(wording.LOCKED, sender=sender) if drop.state is State.LOCKED else Markup(wording.AGAIN)

    async def _find(self, value: str) -> Drop | None:
        try:
            return await find(self._store, base64url.decode(press_values.drop_in(value), ID_BYTES))
        except MalformedError:
            return None
