"""A request whose messages Slack does not take, and what the asker then reads: what has become of it, as it is."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.people import Kind, Person
from bot.request_desk import RequestDesk
from bot.slack_calls import SlackError, SlackRefusedError, SlackUnansweredError
from store import requests
from store.deliveries import Place
from store.errors import OrderUsedError, StoreUnavailableError, UnknownOrderError
from store.opened import Store
from store.schema_of_orders import orders as table
from tests.bot.counted_slack import CountedSlack
from tests.bot.view_shapes import EXPIRIES
from tests.stores import Home

MAYA = Person("U0MAYA", "T0TEAM", "Maya Castillo", "", Kind.MEMBER)
DANA = Person("U0DANA", "T0TEAM", "Dana Okafor", "", Kind.GUEST)
TO_MAYA, TO_DANA = "DU0MAYA", "DU0DANA"


class Known:
    """In place of `bot.people.People`: these two."""

    async def find_all(self, user_ids: set[str], *, seconds: float) -> dict[str, Person | None]:
        """As there."""
        known = {person.id: person for person in (MAYA, DANA)}
        return {user_id: known.get(user_id) for user_id in user_ids}

    async def find(self, user_id: str) -> Person | None:
        """As there."""
        return (await self.find_all({user_id}, seconds=1))[user_id]


def failing(channel: str, error: SlackError) -> CountedSlack:
    """A Slack that takes no message for one of the two."""
    return CountedSlack(
        trouble=lambda method, where: error if (method, where) == ("chat.postMessage", channel) else None
    )


async def ask(store: Store, slack: CountedSlack, line: str) -> str:
    """What Maya reads where she typed it."""
    there: Any = slack
    people: Any = Known()
    return await RequestDesk(store, there, people, "T0TEAM", EXPIRIES).answer(line, MAYA.id)


async def count(store: Store) -> int:
    """How many requests stand."""
    async with store.db.read() as tx:
        return len((await tx.execute(table.select())).all())


def cannot(error: type[Exception]) -> Callable[..., Any]:
    """In place of `requests.take_back`."""

    async def take_back(*_: object) -> Place | None:
        raise error

    return take_back


@pytest.mark.parametrize(
    ("line", "channel", "withdrawn", "stands", "sealed"),
    [
        (
            "<@U0DANA> key",
            TO_DANA,
            "the page is dead: nobody can seal anything for it",
            "they can seal until <!date",
            "something was sealed for this request already",
        ),
        (
            "<@U0DANA> key",
            TO_MAYA,
            "so that I took the request back",
            "It stands until <!date",
            "something was sealed for this request already",
        ),
        (
            "key",
            TO_MAYA,
            "so that I took the request back",
            "It stands until <!date",
            "something was sealed for this request already",
        ),
    ],
)
async def test_what_became_of_it_is_said_as_it_is(
    sqlite_home: Home,
    monkeypatch: pytest.MonkeyPatch,
    line: str,
    channel: str,
    withdrawn: str,
    stands: str,
    sealed: str,
) -> None:
    """Taken back, over already, still open because the store is away, or used meanwhile: no answer may be a message."""
    async with sqlite_home.open("bot") as store:
        for error in (SlackRefusedError("restricted_action"), SlackUnansweredError("no answer")):
            told = await ask(store, failing(channel, error), line)
            assert withdrawn in told
            assert "or did not say so" in told
            assert await count(store) == 0
        for trouble, said, left in (
            (UnknownOrderError, withdrawn, 1),
            (StoreUnavailableError, stands, 2),
            (OrderUsedError, sealed, 3),
        ):
            with monkeypatch.context() as broken:
                broken.setattr(requests, "take_back", cannot(trouble))
                told = await ask(store, failing(channel, SlackUnansweredError("no answer")), line)
            assert said in told
            assert [known in told for known in (withdrawn, stands, sealed)].count(True) == 1
            assert await count(store) == left


async def test_whoever_was_asked_reads_that_it_is_over(sqlite_home: Home) -> None:
    """The asker was not told, and the page is dead: the message that leads to it says so."""
    slack = failing(TO_MAYA, SlackRefusedError("restricted_action"))
    async with sqlite_home.open("bot") as store:
        await ask(store, slack, "<@U0DANA> key")
    assert slack.edits[TO_DANA] == 1
    assert not [channel for channel, _, _ in slack.posts if channel == TO_MAYA]
