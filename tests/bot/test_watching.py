"""What is told in time: once each, whichever bot comes first and whatever is started again, with the buttons to act."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from bot import sender_news
from sandbox.fixtures import AUDIT, DANA, MAYA, SAM, TEAM
from sandbox.running import Sandbox
from store import asks, claims, deliveries, rotating
from store.drops import Drop
from store.errors import DropEndedError
from store.words import Event, Outcome, SealedBy, State, Watch, Way
from tests.bot.desk import Desk, Json, working
from tests.bot.drops import DAY_MS, NOW_MS, ended, sealed
from tests.sealed_elsewhere import PASSPHRASE
from tests.store.living import SOMEBODY, created, refuse, viewed
from tests.stores import Home, Sealed

DAY = 86_400
KEPT = sealed(way=Way.SHOWN, sealed_by=SealedBy.CLIENT)
LATE = {"remind", "lost_passphrase", "revoke"}
UNVIEWED = {"event": Event.UNVIEWED, "watch": Watch.UNVIEWED}
HOUR_LEFT = {"event": Event.UNVIEWED, "watch": Watch.HOUR_LEFT}
DUE = {"event": Event.ROTATE_DUE}


@asynccontextmanager
async def bots(sandbox: Sandbox, home: Home, count: int) -> AsyncIterator[Desk]:
    """So many programs of one installation, on one database."""
    async with AsyncExitStack() as stack:
        desks = [await stack.enter_async_context(working(sandbox, home)) for _ in range(count)]
        yield replace(desks[0], store=await stack.enter_async_context(home.open("bot")))


async def handed(desk: Desk, **fields: Any) -> Sealed:
    """A drop of Maya's whose link Dana has."""
    people = {"sender_id": MAYA, "recipient_id": DANA, "team_id": TEAM, "recipient_team": TEAM}
    drop = await created(desk.store, lives_seconds=2 * DAY, passphrase=PASSPHRASE, **people, **fields)
    await deliveries.record_delivered(desk.store, drop.new.id, None)
    return drop


def read(desk: Desk, contains: str) -> list[Json]:
    """Maya's messages from the bot with these words."""
    place = desk.sandbox.bot_dm(MAYA)
    assert place is not None
    shown = desk.sandbox.messages(MAYA, place)
    return [message for message in shown if contains in message["text"]]


def audited(desk: Desk, contains: str) -> int:
    """How many entries of the audit channel say so."""
    said = desk.sandbox.workspace.conversations[AUDIT].messages
    return sum(contains in message.text for message in said)


def offered(blocks: list[Json]) -> set[str]:
    return {element["action_id"] for block in blocks if block["type"] == "actions" for element in block["elements"]}


async def test_each_is_told_once(sandbox: Sandbox, sqlite_home: Home) -> None:
    """By two bots at once, and not again by a third; to the sender with buttons, and to the audit channel."""
    sqlite_home.hold_clock()
    expected: dict[str, tuple[str, set[str]]] = {}

    async def told(desk: Desk, sender: str, audit: str, buttons: set[str]) -> None:
        assert await desk.sandbox.wait_message(MAYA, desk.sandbox.bot_dm(MAYA), contains=sender)
        assert await desk.sandbox.wait_message(SAM, AUDIT, contains=audit)
        expected[sender] = (audit, buttons)

    async with bots(sandbox, sqlite_home, 2) as desk:
        await handed(desk, unviewed_after=3600)
        desk.home.advance_clock(3601)
        await told(desk, "Nobody has opened “", "Not opened so far; the sender is told", LATE)
        desk.home.advance_clock(2 * DAY - 3600 - 1800)
        await told(desk, "Less than an hour left: nobody", "Not opened so far, and less than an hour left", LATE)
        asked, denied, due = [await handed(desk) for _ in range(3)]
        await claims.claim(desk.store, asked.present(), SOMEBODY)
        for drop in (denied, due):
            await viewed(desk.store, desk.home, drop)
        with pytest.raises(DropEndedError):
            await claims.claim(desk.store, asked.present(), SOMEBODY)
        await told(desk, "A second page gave the right", "A second page gave the right", {"rotated"})
        await asks.not_me(desk.store, denied.new.id, denied.new.link_proof)
        await told(desk, "says that it was not them", "says on its page: not me", {"rotated"})
        assert await rotating.remind_on(desk.store, due.new.id, desk.store.clock.now_seconds() * 1000 + 1000)
        desk.home.advance_clock(2)
        await told(desk, "The day has come to rotate", "The day has come to rotate", {"rotated"})
        await refuse(desk.store, await handed(desk), 5, desk.home)
        await told(desk, "Five wrong passphrases", "*Locked* after", {"unlock", "lost_passphrase", "revoke"})
    async with bots(sandbox, sqlite_home, 1) as desk:
        await refuse(desk.store, await handed(desk), 1, desk.home)
        assert await sandbox.wait_message(SAM, AUDIT, contains="tries left: 4", lacks="Locked")
        for sender, (audit, buttons) in expected.items():
            [message] = read(desk, sender)
            assert offered(message["blocks"]) == buttons, sender
            assert audited(desk, audit) == 1, audit


@pytest.mark.parametrize(
    ("about", "drop", "said", "buttons"),
    [
        (UNVIEWED, sealed(), "has had the link since", LATE),
        (UNVIEWED, sealed(way=Way.HERE), "has stood in the conversation", LATE),
        (UNVIEWED, sealed(way=Way.SHOWN), "did you pass it on", LATE - {"remind"}),
        (UNVIEWED, KEPT, "program that sealed it with your token has had the link for", LATE - {"remind"}),
        (HOUR_LEFT, KEPT, "your token has the link: was it passed on?", LATE - {"remind"}),
        (UNVIEWED, sealed(way=Way.MAIL), "also among spam", LATE - {"remind"}),
        (UNVIEWED, sealed(state=State.LOCKED), None, set()),
        (UNVIEWED, sealed(paused_at=NOW_MS), None, set()),
        (UNVIEWED, sealed(state=State.CLAIMED, claimed_at=NOW_MS), None, set()),
        (UNVIEWED, ended(Outcome.VIEWED), None, set()),
        (HOUR_LEFT, sealed(), "Less than an hour left", LATE),
        (HOUR_LEFT, sealed(state=State.LOCKED), "is locked", {"unlock", "lost_passphrase", "revoke"}),
        (HOUR_LEFT, sealed(paused_at=NOW_MS, state=State.LOCKED), None, set()),
        (HOUR_LEFT, ended(Outcome.EXPIRED), None, set()),
        (DUE, ended(Outcome.VIEWED), "The day has come", {"open_provider", "rotated"}),
        (DUE, ended(Outcome.VIEWED, rotated_at=NOW_MS), None, set()),
        ({"event": Event.ROTATED, "by": "admin"}, ended(Outcome.VIEWED, rotated_at=NOW_MS), "An administrator", set()),
        ({"event": Event.ROTATED, "by": "sender"}, ended(Outcome.VIEWED, rotated_at=NOW_MS), None, set()),
    ],
)
def test_what_is_told_late_is_still_true(
    about: dict[str, Any], drop: Drop, said: str | None, buttons: set[str]
) -> None:
    """Of what was opened, has ended, or was told more loudly before, nothing is said; what is offered can be done."""
    url = "https://dashboard.example.com/keys"
    message = sender_news.news(drop, {"at": NOW_MS, "n": 4, **about}, is_first=False, rotate_url=url)
    assert (message is not None) == (said is not None)
    if message is not None and said is not None:
        assert said in message.text
        assert offered(message.blocks) == buttons
        assert (url in json.dumps(message.blocks)) == (about is DUE)


def test_one_key_is_told_of_once_however_many_have_it() -> None:
    """The drops of one form are one key: the first that was opened stands for all that are due on that day."""
    unopened = sealed(rotate_by=NOW_MS)
    first, second = (replace(ended(Outcome.VIEWED, rotate_by=NOW_MS), claimed_at=NOW_MS - ago) for ago in (9, 8))
    later = ended(Outcome.VIEWED, rotate_by=NOW_MS + DAY_MS)
    form = [unopened, second, first, later]
    due = [drop for drop in form if drop.claimed_at is not None]
    about = {**DUE, "at": NOW_MS, "n": 4}
    told = [drop for drop in due if sender_news.news(drop, about, is_first=False, of_form=form)]
    assert told == [first, later]
    form = [ended(Outcome.VIEWED, rotate_by=NOW_MS, rotated_at=NOW_MS), later]
    assert sender_news.news(later, about, is_first=False, of_form=form) is None
