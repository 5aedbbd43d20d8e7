"""
The list of an incident to take out of Slack: a page to print and a table, by links that work for a quarter of an hour.

For administrators and auditors, judged when they press.  The audit channel reads who took whose list, in names that
ring nobody's bell.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import structlog

from bot import incident_wording as wording
from bot.block_kit import Json, actions, link_button, section
from bot.message import Message
from bot.mrkdwn import Markup, fill, moment
from bot.rights import Clicker, Rights, Role, reads_labels
from bot.slack_calls import Slack, SlackError
from store.incident import links
from store.opened import Store

PAGE: Final = "open_list"
TABLE: Final = "open_table"

_log = structlog.get_logger("incident")


@dataclass(frozen=True)
class Links:
    """Where the page and the table are, until `until` (milliseconds); `is_told`: the audit channel reads of it."""

    page: str
    table: str
    until: int
    is_told: bool = False


@dataclass(frozen=True)
class IncidentLinks:
    """
    Gives them out.  `audit_channel` is None where there is none; `show_labels`: auditors see labels, too.

    `pages` says where what each template hands over is rotated.
    """

    store: Store
    slack: Slack
    rights: Rights
    audit_channel: str | None = None
    show_labels: bool = False
    pages: Mapping[str, str] = field(default_factory=dict)

    def to_give(self, person: str, clicker: Clicker) -> Links | None:
        """Links to what a person was handed; None for who may not have them.  Raises KeyUnreadableError."""
        offices = self.rights.offices(clicker)
        if not offices:
            return None
        role = Role.ADMIN if Role.ADMIN in offices else Role.AUDITOR
        is_named = reads_labels(role, shown_to_auditors=self.show_labels)
        given = links.give(self.store, person, self.rights.team_id, with_labels=is_named, pages=self.pages)
        address = f"{self.store.issuer}/incident/{given.text}"
        return Links(address, f"{address}.csv", given.until * 1000)

    async def say_so(self, name: str, clicker: Clicker) -> bool:
        """Tell the audit channel that somebody has the list of whoever has this name; whether it stands there."""
        if self.audit_channel is None:
            return False
        known = await self.rights.people.find(clicker.user_id)
        who = clicker.user_id if known is None else known.name
        try:
            await self.slack.post(self.audit_channel, audited(who, name))
        except SlackError as error:
            why = getattr(error, "code", type(error).__name__)
            _log.error("a list was taken out of Slack, and the audit channel was not told", why=why, by=clicker.user_id)
            return False
        return True


def audited(who: str, name: str) -> Message:
    """That somebody has the list of whoever has this name."""
    told = fill(wording.AUDITED, who=who, name=name)
    return Message(text=told, blocks=[section(told)])


def blocks(given: Links) -> list[Json]:
    """What whoever asked for them reads."""
    told = Markup(wording.TOLD if given.is_told else wording.NOT_TOLD)
    return [
        section(fill(wording.TAKEN, until=moment(given.until), told=told)),
        actions(
            link_button(wording.PAGE, PAGE, given.page, "page", style=None),
            link_button(wording.TABLE, TABLE, given.table, "table", style=None),
        ),
    ]
