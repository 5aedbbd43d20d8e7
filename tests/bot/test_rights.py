"""Who may do what: every act, every role, one's own drop, a colleague's, and one of another workspace."""

from dataclasses import replace

import pytest

from bot.people import Kind, People, Person
from bot.rights import Act, Clicker, NobodyKnownError, Rights, Role
from bot.slack_calls import Slack
from sandbox.fixtures import DANA, KAI, MAYA, NOOR, OTHER_TEAM, SAM, TEAM
from store.drops import Drop
from tests.bot.drops import sealed

ADMIN, AUDITOR, BOTH = SAM, NOOR, "UBOTH"
PEOPLE = {
    "sender": Clicker(MAYA, TEAM),
    "colleague": Clicker("ULEE", TEAM),
    "recipient": Clicker(DANA, TEAM),
    "guest": Clicker("UGUEST", TEAM),
    "administrator": Clicker(ADMIN, TEAM),
    "auditor": Clicker(AUDITOR, TEAM),
    "both": Clicker(BOTH, TEAM),
    "sender's id, another team": Clicker(MAYA, OTHER_TEAM),
    "administrator's id, another team": Clicker(ADMIN, OTHER_TEAM),
    "auditor's id, another team": Clicker(AUDITOR, OTHER_TEAM),
    "nobody": Clicker("", ""),
}
LOOKS = {Act.LOOK, Act.RECEIPT}
ENDS = {Act.REVOKE, Act.ROTATED}
NOBODY: dict[Act, Role] = {}
OF_ADMIN = dict.fromkeys(LOOKS | ENDS, Role.ADMIN)
OF_AUDITOR = dict.fromkeys(LOOKS, Role.AUDITOR)
OFFICES = {"administrator": OF_ADMIN, "auditor": OF_AUDITOR, "both": OF_ADMIN}


class Asked(People):
    """Slack says that everybody is of this workspace, and Kai of another."""

    def __init__(self) -> None:
        super().__init__(Slack("xoxb-none", "http://127.0.0.1:9"), TEAM)

    async def find(self, user_id: str) -> Person | None:
        if user_id == "UGONE":
            return None
        return Person(user_id, OTHER_TEAM if user_id == KAI else TEAM, user_id, "", Kind.MEMBER)


def drop_of(sender: str, team: str = TEAM) -> Drop:
    """A drop that is open."""
    return replace(sealed(), sender_id=sender, recipient_id=DANA, team_id=team)


DROPS = {
    "own": (drop_of(MAYA), {"sender": dict.fromkeys(Act, Role.SENDER), **OFFICES}),
    "a colleague's": (drop_of("UOTHER"), OFFICES),
    "of another workspace": (drop_of("UOTHER", OTHER_TEAM), {}),
    "nobody's any more": (replace(drop_of(""), team_id=""), {}),
}


@pytest.mark.parametrize("whose", DROPS)
@pytest.mark.parametrize("who", PEOPLE)
async def test_who_may_do_what(who: str, whose: str) -> None:
    """Each act, for somebody, with a drop: in which role, or not at all."""
    drop, expected = DROPS[whose]
    rights = Rights(Asked(), TEAM, admins=(ADMIN, BOTH), auditors=(AUDITOR, BOTH))
    found = {act: await rights.role(act, drop, PEOPLE[who]) for act in Act}
    assert {act: role for act, role in found.items() if role is not None} == expected.get(who, NOBODY)


async def test_whoever_was_asked_from_outside_acts_on_what_they_sent() -> None:
    """With their own team, as Slack knows it, and with no other."""
    drop, rights = drop_of(KAI), Rights(Asked(), TEAM)
    assert await rights.role(Act.REVOKE, drop, Clicker(KAI, OTHER_TEAM)) is Role.SENDER
    assert await rights.role(Act.REVOKE, drop, Clicker(KAI, "T0THIRD")) is None
    with pytest.raises(NobodyKnownError):
        await rights.role(Act.REVOKE, drop_of("UGONE"), Clicker("UGONE", OTHER_TEAM))


@pytest.mark.parametrize("who", PEOPLE)
async def test_who_sees_everybodys(who: str) -> None:
    """Those who hold an office in this workspace, and nobody else."""
    rights = Rights(Asked(), TEAM, admins=(ADMIN, BOTH), auditors=(AUDITOR, BOTH))
    assert rights.sees_everybodys(PEOPLE[who]) == (who in OFFICES)
