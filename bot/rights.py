"""
Who may do what with a drop, judged at the moment of acting from the user and the team that Slack names.

A button's value is an id that anybody may have seen, and a view may be older than the roles of its reader.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from bot.people import People
from store.drops import Drop


class NobodyKnownError(Exception):
    """Slack does not say who it is that acts; nothing was changed."""


class Act(StrEnum):
    """What somebody may want with one drop."""

    LOOK = "look"
    """Who, when and how it stands; its access log; its dispute page."""
    RECEIPT = "receipt"
    REVOKE = "revoke"
    UNLOCK = "unlock"
    RESUME = "resume"
    AGAIN = "again"
    REMIND = "remind"
    ROTATE_ON = "rotate_on"
    ROTATED = "rotated"


class Role(StrEnum):
    """In which capacity."""

    SENDER = "sender"
    ADMIN = "admin"
    AUDITOR = "auditor"


def reads_labels(role: Role, *, shown_to_auditors: bool) -> bool:
    """Whether somebody reads what a drop was called: its sender, administrators, and auditors where that is set."""
    return role is not Role.AUDITOR or shown_to_auditors


_ALL: Final = frozenset(Role)
_BOTH: Final = frozenset({Role.SENDER, Role.ADMIN})
_OWN: Final = frozenset({Role.SENDER})

MAY: Final[Mapping[Act, frozenset[Role]]] = {
    Act.LOOK: _ALL,
    Act.RECEIPT: _ALL,
    Act.REVOKE: _BOTH,
    Act.UNLOCK: _OWN,
    Act.RESUME: _OWN,
    Act.AGAIN: _OWN,
    Act.REMIND: _OWN,
    Act.ROTATE_ON: _OWN,
    Act.ROTATED: _BOTH,
}


@dataclass(frozen=True)
class Clicker:
    """Who pressed, as Slack says: a person's id means something only with their own team's."""

    user_id: str
    team_id: str


def clicker_of(body: Mapping[str, Any]) -> Clicker:
    """Who pressed a button.  The person's own team, which differs from ours for somebody from outside."""
    user = body.get("user") or {}
    team = user.get("team_id") or (body.get("team") or {}).get("id")
    return Clicker(user_id=str(user.get("id", "")), team_id=str(team or ""))


@dataclass(frozen=True)
class Rights:
    """Who holds which office here: people of the workspace `team_id`, by their user ids."""

    people: People
    team_id: str
    admins: Collection[str] = ()
    auditors: Collection[str] = ()

    def offices(self, clicker: Clicker) -> frozenset[Role]:
        """Whether somebody is an administrator or an auditor: nobody of another workspace is, whatever their id."""
        if clicker.team_id != self.team_id:
            return frozenset()
        held = {Role.ADMIN} if clicker.user_id in self.admins else set()
        return frozenset(held | ({Role.AUDITOR} if clicker.user_id in self.auditors else set()))

    def sees_everybodys(self, clicker: Clicker) -> bool:
        """Whether somebody may look at what others sent, and at whatever one person was handed."""
        return bool(self.offices(clicker))

    def tends_webhooks(self, clicker: Clicker) -> bool:
        """Whether somebody is told of webhooks that are tried no more, and may have them sent again."""
        return bool(self.offices(clicker))

    async def role(self, act: Act, drop: Drop, clicker: Clicker) -> Role | None:
        """In which role somebody may do this with a drop; None where they may not.  Raises NobodyKnownError."""
        if Role.SENDER in MAY[act] and await self._is_sender(drop, clicker):
            return Role.SENDER
        held = self.offices(clicker) if drop.team_id == self.team_id else frozenset()
        return next((role for role in (Role.ADMIN, Role.AUDITOR) if role in MAY[act] & held), None)

    async def _is_sender(self, drop: Drop, clicker: Clicker) -> bool:
        if not drop.sender_id or clicker.user_id != drop.sender_id:
            return False
        if clicker.team_id == drop.team_id:
            return True
        # Somebody from outside who was asked for it: their id means them only if their team is the one we know.
        sender = await self.people.find(drop.sender_id)
        if sender is None:
            raise NobodyKnownError
        return sender.team_id == clicker.team_id
