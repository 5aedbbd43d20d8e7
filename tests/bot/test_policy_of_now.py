"""What was ordered before the bot was started with another policy is delivered only if that one allows it, too."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from bot.policy import NONE, Outside, Policy, Senders, Verification
from bot.sealed_deliveries import SealedDeliveries
from store import creation
from store.drops import find
from store.link_opener import LinkOpener
from store.log.who_may_say import believed
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
        (NONE, OrderKind.REQUEST, {"recipient_class": "guest"}, False),
        (NONE, OrderKind.REQUEST, {"recipient_class": "external"}, False),
        (GUESTS, OrderKind.REQUEST, {"recipient_class": "guest"}, True),
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
        bot = SealedDeliveries(
            store, there, LinkOpener(home.signing), partial(believed, home.signing), False, policy=policy
        )
        assert await bot.once()
        drop = await find(store, sealed.new.id)
        assert drop is not None
        assert len(slack.posts) == 1
        assert ("Open my Home tab" in slack.posts[0][2]) == (not is_allowed)
        if is_allowed:
            assert drop.outcome is None
            return
        assert drop.outcome is Outcome.UNDELIVERED
        assert "no longer allow it" in slack.posts[0][2]
        await require_destroyed(store, sealed.new.id)
