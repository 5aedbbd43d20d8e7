"""When an absence of Slack's begins and ends, and what is in nobody's hands while people are told of it."""

import asyncio

import pytest
from sqlalchemy import update

from bot import audit_messages, lane
from bot.slack_calls import SlackError, SlackRefusedError
from store import creation, endings, outbox
from store.opened import Store
from store.schema import notices
from store.words import Audience
from tests.bot.behind import ADMIN, Office, always, owed
from tests.bot.counted_slack import AUDIT
from tests.bot.test_slack_refusals import sent
from tests.stores import Home, Sealed, seal

ARCHIVED = SlackRefusedError("is_archived")
STUCK = SlackRefusedError("msg_blocks_too_long")


def _told(office: Office, said: str, channel: str = f"D{ADMIN}") -> list[str]:
    return [text for where, _, text in office.slack.posts if where == channel and said in text]


async def _stuck_drop(store: Store, office: Office) -> Sealed:
    """A drop none of whose entries Slack takes, wherever the channel stands."""
    stuck = seal()
    await creation.create(store, stuck.new)
    short, post = audit_messages.short(stuck.new.id), office.slack.post

    async def refusing(channel, message, *, thread=None):  # type: ignore[no-untyped-def]
        if channel == AUDIT and office.slack.trouble is None and short in message.text:
            raise STUCK
        return await post(channel, message, thread=thread)

    office.slack.post = refusing  # type: ignore[method-assign]
    return stuck


async def test_a_stuck_entry_silences_no_absence(sqlite_home: Home) -> None:
    """Each absence of the channel is told to administrators, and each time that it is over."""
    office = Office(sqlite_home)
    async with sqlite_home.open("bot") as store:
        await _stuck_drop(store, office)
        dispatcher = office.dispatcher(store)

        async def some_hours() -> None:
            for _ in range(5):
                for _ in range(3):
                    await dispatcher.once()
                sqlite_home.advance_clock(1000)

        await some_hours()
        assert len(_told(office, "Slack does not take an entry")) == 1
        for absence in (1, 2):
            office.slack.trouble = always(ARCHIVED, only=AUDIT)
            await some_hours()
            assert len(_told(office, "I cannot write to the audit channel")) == absence
            await sent(store)
            await some_hours()
            assert len(_told(office, "I can write")) == absence - 1
            office.slack.trouble = None
            await some_hours()
            assert [text[-2:] for text in _told(office, "I can write")] == ["2."] * absence
            assert len(_told(office, "I cannot write to the audit channel")) == absence
        assert await owed(store) == 1, "the one that Slack does not take"


async def test_an_absence_that_another_program_ended_is_over(sqlite_home: Home) -> None:
    """Who was told that the channel is away hears that it is back, whichever program posted what was late."""
    office = Office(sqlite_home)
    async with sqlite_home.open("bot") as one, sqlite_home.open("bot") as two:
        teller, other = office.dispatcher(one), office.dispatcher(two)
        await other.once()  # or it would take what it finds parked for an earlier program's
        for absence in (1, 2):
            await sent(one)
            office.slack.trouble = always(ARCHIVED, only=AUDIT)
            await teller.once()
            office.slack.trouble = None
            await office.drain(two, other)
            await teller.once()
            assert len(_told(office, "I cannot write")) == len(_told(office, "I can write")) == absence


async def test_what_was_nothing_to_slack_ends_no_absence(sqlite_home: Home) -> None:
    """A notice for which no message is posted proves nothing: the alarm is raised once."""
    office = Office(sqlite_home)
    refused = SlackRefusedError("messages_tab_disabled")
    office.slack.trouble = lambda _method, channel: None if channel == AUDIT else refused
    async with sqlite_home.open("bot") as store:
        dispatcher = office.dispatcher(store)
        for number in range(3):
            await sent(store, f"U0SENDER{number}")
            for _ in range(3):
                await dispatcher.once()
    assert len(_told(office, "DMs", AUDIT)) == 1


async def test_nothing_is_held_while_administrators_are_told(sqlite_home: Home) -> None:
    """However slowly they are told, another program may try the rest at once."""
    office, free = Office(sqlite_home), []
    async with sqlite_home.open("bot") as store:

        def trouble(_method: str, channel: str) -> SlackError | None:
            return ARCHIVED if channel == AUDIT else None

        open_dm = office.slack.open_dm

        async def slowly(user_id: str) -> str:
            if user_id == ADMIN:
                free.append(await outbox.lease(store, Audience.AUDIT))
            return await open_dm(user_id)

        office.slack.trouble, office.slack.open_dm = trouble, slowly  # type: ignore[method-assign]
        for _ in range(3):
            await creation.create(store, seal().new)
        await office.dispatcher(store).once()
    assert [len(leased) for leased in free] == [2], "all but the one that is parked"


async def test_nothing_is_told_for_longer_than_its_lease(sqlite_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call without an end is given up and made again later; others are told meanwhile."""
    monkeypatch.setattr(lane, "_TOLD_WITHIN", 2.0)
    office = Office(sqlite_home)
    open_dm, is_hanging = office.slack.open_dm, True

    async def hanging(user_id: str) -> str:
        if user_id == "U0HANGS" and is_hanging:
            await asyncio.Event().wait()
        return await open_dm(user_id)

    office.slack.open_dm = hanging  # type: ignore[method-assign]
    async with sqlite_home.open("bot") as store:
        await sent(store, "U0HANGS")
        dispatcher = office.dispatcher(store)
        await dispatcher.once()
        await sent(store, "U0RUI")
        async with asyncio.timeout(60):
            while await owed(store, "sender") > 1:
                await dispatcher.once()
        assert [channel for channel, _, _ in office.slack.posts if channel != AUDIT] == ["DU0RUI"]
        is_hanging = False
        await office.drain(store, dispatcher)
    assert _told(office, "", "DU0HANGS")


async def test_a_clock_that_was_set_back_does_not_prolong_the_wait_for_a_place(sqlite_home: Home) -> None:
    """Where the link's message stands is waited for five minutes, in which nobody says so; then nothing is owed."""
    office = Office(sqlite_home)
    async with sqlite_home.open("bot") as store:
        sealed = seal()
        await creation.create(store, sealed.new)
        sqlite_home.advance_clock(-86_400)
        await endings.revoke(store, sealed.new.id)
        await office.dispatcher(store).once()
        assert await owed(store, "recipient") == 1
        async with store.db.write() as tx:
            await tx.execute(update(notices).values(tries=300, not_before=0))
        await office.dispatcher(store).once()
        assert await owed(store, "recipient") == 0
