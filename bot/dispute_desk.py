"""
`/sendsecret dispute`: which drop is meant, who may see its page, and what stands there.

Its sender may, and administrators and auditors.  One that somebody may not look at is answered like one that is not
there: short ids are short enough to be tried.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from bot import dispute_views, filled_later
from bot import dispute_wording as wording
from bot.block_kit import Json
from bot.dispute_views import MOST_OPTIONS, Choice
from bot.mrkdwn import Markup
from bot.receipt_buttons import address
from bot.replies import reply
from bot.rights import Act, Clicker, NobodyKnownError, Rights, reads_labels
from bot.slack_calls import Slack
from store import finding, history
from store.drops import Drop
from store.errors import StoreUnavailableError
from store.opened import Store

_RECEIPT: Final = re.compile(r"(?:<?https?://[^\s|>]+/receipts/|rc_)?([0-9a-f]{32})(?:[#|.][^\s]*)?>?")
_SHORT: Final = re.compile(rf"`?([A-Za-z0-9_-]{{{finding.LEAST_CHARACTERS},22}})`?")


@dataclass(frozen=True)
class DisputeDesk:
    """Shows the page of a drop, or the step before it.  `show_labels`: auditors see labels, too."""

    store: Store
    slack: Slack
    rights: Rights
    show_labels: bool = False

    async def answer(self, words: str, body: Mapping[str, Any]) -> None:
        """Open the page, or what to choose from, for whoever typed the command."""
        clicker = Clicker(str(body["user_id"]), str(body.get("team_id") or ""))
        words = words.partition(" ")[0]  # what stands behind it, like why, is not looked at
        if words and _RECEIPT.fullmatch(words) is None and _SHORT.fullmatch(words) is None:
            await reply(self.slack, body, clicker.user_id, Markup(wording.WHICH))
            return
        looking = dispute_views.said(Markup(wording.LOOKING))
        failed = dispute_views.said(Markup(wording.FAILED))
        make = partial(self._view, words, clicker)
        await filled_later.show(self.slack, body, looking, make, failed, not_opened=wording.NOT_OPENED)

    async def chosen(self, ack: Any, body: Mapping[str, Any], clicker: Clicker) -> None:
        """Put the page of the drop that was chosen in place of the step; `ack` is called in time."""
        value = dispute_views.chosen_in(body["view"].get("state", {}).get("values", {}))
        looking, failed = (dispute_views.said(Markup(one)) for one in (wording.LOOKING, wording.FAILED))
        make = partial(self._view, value, clicker)
        await filled_later.answer(ack, self.slack, str(body["view"]["id"]), looking, make, failed)

    async def _view(self, words: str, clicker: Clicker) -> Json:
        try:
            if words:
                meant = await self._meant(words)
                return await self._page(await self._may_see(meant, clicker)) or self._none(words, meant, clicker)
            whose = None if self.rights.sees_everybodys(clicker) else clicker.user_id
            choices = await self._may_see(await finding.latest(self.store, whose, most=MOST_OPTIONS), clicker)
        except StoreUnavailableError:
            return dispute_views.said(Markup(wording.STORE_AWAY))
        except NobodyKnownError:
            return dispute_views.said(Markup(wording.WHO_ASKS))
        return dispute_views.choose(choices) if choices else dispute_views.said(Markup(wording.NONE_SENT))

    async def _meant(self, words: str) -> Sequence[Drop]:
        if receipt := _RECEIPT.fullmatch(words):
            return await finding.by_receipt(self.store, receipt[1])
        return await finding.by_short(self.store, words.strip("`"), most=MOST_OPTIONS)

    async def _may_see(self, drops: Sequence[Drop], clicker: Clicker) -> list[Choice]:
        judged = [(drop, await self.rights.role(Act.LOOK, drop, clicker)) for drop in drops]
        return [
            Choice(drop, is_named=reads_labels(role, shown_to_auditors=self.show_labels))
            for drop, role in judged
            if role is not None
        ]

    def _none(self, words: str, meant: Sequence[Drop], clicker: Clicker) -> Json:
        """Why there is no page.  Whoever has a receipt knows that there is a drop; a short id may be a guess."""
        knows = _RECEIPT.fullmatch(words) is not None or self.rights.sees_everybodys(clicker)
        is_erased = knows and any(drop.is_nobodys for drop in meant)
        return dispute_views.said(Markup(wording.ERASED if is_erased else wording.UNKNOWN))

    async def _page(self, choices: Sequence[Choice]) -> Json | None:
        if len(choices) != 1:
            return dispute_views.choose(choices) if choices else None
        [choice] = choices
        rid = choice.drop.receipt
        receipt = None if rid is None else address(self.store, rid, with_label=choice.is_named)
        return dispute_views.page(choice, await history.of(self.store, choice.drop.id), receipt)
