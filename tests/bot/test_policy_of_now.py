"""What was ordered before the bot was started with another policy is delivered only if that one allows it, too."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from bot.policy import NONE, Outside, Policy, Senders, Verification
from bot.sealed_deliveries import SealedDeliveries
from bot.slack_calls import SlackUnansweredError
from sandbox.fixtures import DANA
from store import creation
from store.drops import find
from store.link_opener import LinkOpener
from store.log.who_may_say import believed
from store.opened import Store
from store.words import OrderKind, Outcome, SealedBy, Verify
from tests.bot.counted_slack import CountedSlack
from tests.bot.test_sealed_links_leased import PEOPLE
from tests.sealed_elsewhere import elsewhere, ordered, published
from tests.store.reading import require_destroyed
from tests.stores import Home

REQUIRED = Policy(verify=Verification.REQUIRED)
INSIDE = Policy(outside_recipients=Outside.REFUSE)
SPANS = Policy(expires=(3600, 86_400))
GUESTS = Policy(who_may_send=Senders.WITH_GUESTS)


@pytest.mark.parametrize(
    ("policy", "kind", "fields", "is_allowed"),
    [
        (NONE, OrderKind.COMPOSER, {}, True),
        (REQUIRED, OrderKind.COMPOSER, {}, False),
        (REQUIRED, OrderKind.CLIENT, {}, False),
        (REQUIRED, OrderKind.COMPOSER, {"verify": Verify.SLACK}, True),
        (INSIDE, OrderKind.COMPOSER, {"recipient_class": "external"}, False),
        (INSIDE, OrderKind.COMPOSER, {"recipient_class": "guest"}, True),
        (SPANS, OrderKind.COMPOSER, {}, False),
        (SPANS, OrderKind.REQUEST, {"recipient_class": "member", "lives_seconds": 3600}, True),
        (INSIDE, OrderKind.REQUEST, {"recipient_class": "external"}, False),
    ],
)
async def test_an_order_of_before_is_held_against_the_policy_of_now(
    sqlite_home: Home, policy: Policy, kind: OrderKind, fields: dict[str, Any], is_allowed: bool
) -> None:
    """What it forbids is destroyed undelivered, its sender reads why, and its recipient gets nothing."""
    there: Any = (slack := CountedSlack())
    home = sqlite_home
    async with home.open("bot") as store:
        sealed = elsewhere(await published(store, home), **PEOPLE | fields)
        if kind is OrderKind.CLIENT:
            sealed = replace(sealed, new=replace(sealed.new, sealed_by=SealedBy.CLIENT))
        sealed = await ordered(store, sealed, kind=kind)
        await creation.create(store, sealed.new)
        bot = bot_of(store, home, there, policy)
        assert await bot.once()
        drop = await find(store, sealed.new.id)
        assert drop is not None
        assert len(slack.posts) == 1
        assert ("Open my Home tab" in slack.posts[0][2]) == (not is_allowed)
        if is_allowed:
            assert drop.outcome is None
            return
        assert drop.outcome is Outcome.UNDELIVERED
        assert "no longer allowed" in slack.posts[0][2]
        await require_destroyed(store, sealed.new.id)


@pytest.mark.parametrize(
    ("policy", "now", "is_allowed"),
    [
        (NONE, {}, True),
        (NONE, {"is_restricted": True}, False),
        (GUESTS, {"is_restricted": True}, True),
        (GUESTS, {"team_id": "TELSEWHERE"}, False),
        (NONE, {"deleted": True}, False),
    ],
)
async def test_whoever_asked_must_be_somebody_who_may_by_now(
    sqlite_home: Home, policy: Policy, now: dict[str, Any], is_allowed: bool
) -> None:
    """They were a member, or a guest where guests may, when they asked; that is not asked about others."""
    there: Any = (slack := CountedSlack(people={DANA: now}))
    async with sqlite_home.open("bot") as store:
        bot = bot_of(store, sqlite_home, there, policy)
        for kind in (OrderKind.REQUEST, OrderKind.COMPOSER):
            sealed = elsewhere(await published(store, sqlite_home), **PEOPLE)
            sealed = await ordered(store, sealed, kind=kind)
            await creation.create(store, sealed.new)
            assert await bot.once()
            drop = await find(store, sealed.new.id)
            assert drop is not None
            is_sent = is_allowed or kind is OrderKind.COMPOSER
            assert drop.outcome is (None if is_sent else Outcome.UNDELIVERED)
            assert ("no longer allowed" in slack.posts[-1][2]) == (not is_sent)
    assert slack.calls["users.info"] == 1


async def test_a_slack_that_does_not_say_who_asked_is_asked_again(sqlite_home: Home) -> None:
    """Nothing is delivered meanwhile; the link is given up when it may wait no longer."""
    sqlite_home.hold_clock()
    there: Any = (slack := CountedSlack(people={DANA: {"is_restricted": True}}))
    slack.trouble = lambda method, _: SlackUnansweredError("no answer") if method == "users.info" else None
    async with sqlite_home.open("bot") as store:
        bot = bot_of(store, sqlite_home, there, NONE)
        sealed = await ordered(store, elsewhere(await published(store, sqlite_home), **PEOPLE), kind=OrderKind.REQUEST)
        await creation.create(store, sealed.new)
        assert await bot.once()
        assert (slack.posts, await bot.once()) == ([], False)
        for _ in range(100):
            sqlite_home.advance_clock(16)
            await bot.once()
        [(_, _, told)] = slack.posts
        assert "Slack did not answer. The secret was destroyed" in told
        await require_destroyed(store, sealed.new.id)


def bot_of(store: Store, home: Home, slack: Any, policy: Policy) -> SealedDeliveries:
    """A bot's loop with this policy."""
    keys = partial(believed, home.signing)
    return SealedDeliveries(store, slack, LinkOpener(home.signing), keys, False, policy=policy)
