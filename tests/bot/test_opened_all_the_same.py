"""A link that nobody took or confirmed, and that was opened all the same: its sender reads what is so."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot import delivery, mail_undelivered_wording, undelivered_wording
from bot.mail_errors import MailBusyError, MailError, MailUnansweredError
from bot.mrkdwn import Markup
from bot.slack_calls import SlackBusyError, SlackError, SlackUnansweredError
from bot.ways import Outgoing
from store import claims, deliveries
from store.drops import find
from store.errors import StoreUnavailableError
from store.opened import Store
from store.sweeper import sweep
from store.words import MailFault, Way
from tests.store.living import SOMEBODY, created, revoked, viewed
from tests.store.reading import require_destroyed
from tests.stores import Home, Sealed

Meanwhile = Callable[[Store, Home, Sealed], Awaitable[None]]
FAILURES: dict[Way, tuple[SlackError | MailError, ...]] = {
    Way.MAIL: (MailUnansweredError(MailFault.UNANSWERED), MailBusyError("smtp_mail_421", 60.0, may_have_it=True)),
    Way.DM: (SlackUnansweredError("no answer"), SlackBusyError(60.0)),
}
WORDS: dict[Way, Any] = {Way.MAIL: mail_undelivered_wording, Way.DM: undelivered_wording}


async def claimed(store: Store, home: Home, sealed: Sealed) -> None:
    """A page has it, and has not said yet that it decrypted."""
    await claims.claim(store, sealed.present(), SOMEBODY)


async def released(store: Store, home: Home, sealed: Sealed) -> None:
    """It never says so."""
    await claimed(store, home, sealed)
    home.advance_clock(120)
    await sweep(store)


async def nothing(store: Store, home: Home, sealed: Sealed) -> None:
    """It waits."""


async def delivered(store: Store, home: Home, sealed: Sealed) -> None:
    """Another bot took the same link, and had an answer."""
    await deliveries.record_delivered(store, sealed.new.id, None)


async def given_up(home: Home, meanwhile: Meanwhile, way: Way, error: SlackError | MailError) -> tuple[str | None, Any]:
    """What the sender of a drop reads; the drop's id."""
    async with home.open("bot") as store:
        sealed = await created(store, way=way, passphrase=b"canary passphrase")
        await meanwhile(store, home, sealed)
        said = await delivery.give_up(store, outgoing(sealed, way), error)
        if meanwhile in (nothing, revoked):
            await require_destroyed(store, sealed.new.id)
        return said, sealed.new.id


def outgoing(sealed: Sealed, way: Way) -> Outgoing:
    """Its link on the way."""
    return Outgoing(sealed.link, "Maya", "key", 0, "UDANA", "Dana", lease_over=0, way=way)


@pytest.mark.parametrize("way", FAILURES)
async def test_what_was_opened_is_not_called_destroyed(sqlite_home: Home, way: Way) -> None:
    """Nor is it to be sent again unasked: a page holds it, confirmed it, or had it and said nothing."""
    opened: dict[Meanwhile, str] = {claimed: "OPENING", viewed: "OPENED", released: "OPENED"}
    for error in FAILURES[way]:
        for meanwhile, name in opened.items():
            said, _ = await given_up(sqlite_home, meanwhile, way, error)
            assert said == getattr(WORDS[way], name).format(name="Dana")


@pytest.mark.parametrize("way", FAILURES)
async def test_what_another_bot_delivered_has_arrived(sqlite_home: Home, way: Way) -> None:
    """There is nothing to be said, and nothing was destroyed."""
    said, drop_id = await given_up(sqlite_home, delivered, way, FAILURES[way][0])
    assert said is None
    async with sqlite_home.open("bot") as store:
        drop = await find(store, drop_id)
        assert drop is not None
        assert drop.outcome is None


@pytest.mark.parametrize("way", FAILURES)
@pytest.mark.parametrize("meanwhile", [nothing, revoked])
async def test_what_nobody_opened_is_destroyed(sqlite_home: Home, way: Way, meanwhile: Meanwhile) -> None:
    """By this, or by whoever was faster."""
    said, _ = await given_up(sqlite_home, meanwhile, way, FAILURES[way][0])
    assert said is not None
    assert "The secret was destroyed" in said


async def test_a_store_that_goes_away_in_between_is_said(sqlite_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be read is not guessed."""

    async def away(*_: object) -> None:
        raise StoreUnavailableError("away")

    monkeypatch.setattr(delivery, "find", away)
    said, _ = await given_up(sqlite_home, claimed, Way.MAIL, FAILURES[Way.MAIL][0])
    assert said == Markup(mail_undelivered_wording.NOT_ENDED.format(name="Dana"))
