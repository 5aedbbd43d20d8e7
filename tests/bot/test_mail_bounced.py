"""An e-mail that came back, on both engines: in whatever order it meets the others, one ending, on record once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.mail_bounced import Became, take_back
from bot.mail_letter import Content, letter
from store import claims, deliveries, sealed_links, sweeper, unlocking
from store.claims import Presented
from store.deliveries import Place
from store.errors import DropEndedError, StoreError
from store.opened import Store
from store.words import Way
from tests.bot import bounces
from tests.bot.bounces import DANA, FROM, block, report
from tests.sealed_elsewhere import handed_in
from tests.store.living import SOMEBODY, created, refuse, revoked, viewed
from tests.store.reading import (
    events_of,
    notices_of,
    require_destroyed,
    require_nothing_said,
    row_of,
    words_of,
)
from tests.stores import Home, Sealed, key_path

WHY = "bounced_5.1.1"
MAILED: dict[str, Any] = {
    "way": Way.MAIL,
    "recipient_id": "Dana@example.com",
    "recipient_name": "Dana@example.com",
    "recipient_class": "email",
}


def letter_of(sealed: Sealed) -> bytes:
    """What was mailed."""
    url = sealed.link.url("http://localhost:8080")
    return letter(Content(sealed.new.id, "Maya", "Acme", "Key", 1_800_000_000, 1_790_000_000, url), FROM, DANA).message


async def mailed(store: Store, *, delivered: bool = True, **fields: Any) -> Sealed:
    """A drop whose letter was handed over, or is being."""
    sealed = await created(store, **{**MAILED, "lives_seconds": 100_000, **fields})
    if delivered:
        assert await deliveries.record_delivered(store, sealed.new.id, None)
    return sealed


async def test_a_letter_that_comes_back_ends_its_drop(home: Home) -> None:
    """Delivered, then undelivered, destroyed and with a receipt; its sender and the security team are owed the why."""
    async with home.open("bot") as store:
        sealed, other = await mailed(store), await mailed(store)
        assert await take_back(store, bounces.postfix(letter_of(sealed))) == (Became.ENDED, sealed.new.id)
        await require_destroyed(store, sealed.new.id)
        assert await words_of(store, sealed.new.id) == ["created", "delivered", "undelivered", "destroyed", "receipt"]
        undelivered = (await events_of(store, sealed.new.id))[2]
        assert (undelivered["why"], undelivered["by"]) == (WHY, "delivery")
        row = await row_of(store, sealed.new.id)
        assert (row.outcome, row.delivery, row.ended_by) == ("undelivered", "undelivered", "delivery")
        told = await notices_of(store, sealed.new.id)
        assert ("sender", "drop.undelivered") in told
        assert ("audit", "drop.undelivered") in told
        assert (await row_of(store, other.new.id)).state == "sealed"


async def test_the_same_report_twice_says_it_once(home: Home) -> None:
    """A mail system hands over again what it is not sure to have handed over."""
    async with home.open("bot") as store:
        sealed = await mailed(store)
        raw = bounces.gmail(letter_of(sealed))
        await take_back(store, raw)

        async def again() -> None:
            assert await take_back(store, raw) == (Became.OVER, sealed.new.id)

        await require_nothing_said(store, sealed.new.id, again)


async def test_of_many_reports_at_once_one_is_acted_on(home: Home) -> None:
    """Two hosts, each with a mailbox that gets a copy."""
    async with home.open("bot") as one, home.open("bot") as two:
        sealed = await mailed(one)
        raw = bounces.exim(letter_of(sealed))
        became = await asyncio.gather(*(take_back(store, raw) for store in (one, two) * 4))
        assert sorted(result.name for result, _ in became) == ["ENDED", *["OVER"] * 7]
        await require_destroyed(one, sealed.new.id)


async def test_a_report_may_come_before_the_delivery_is_recorded(home: Home) -> None:
    """Whoever hands the letter over is then told that it had ended, and records nothing; nor does anybody later."""
    async with home.open("bot") as store, home.open("bot") as another:
        sealed = await mailed(store, delivered=False)
        assert await take_back(another, bounces.qmail(letter_of(sealed))) == (Became.ENDED, sealed.new.id)
        assert not await deliveries.record_delivered(store, sealed.new.id, None)
        assert not await deliveries.record_undelivered(store, sealed.new.id, why="mail_unanswered")
        home.advance_clock(200)
        await sweeper.sweep(another)
        assert await words_of(store, sealed.new.id) == ["created", "undelivered", "destroyed", "receipt"]
        await require_destroyed(store, sealed.new.id)


async def test_a_report_meets_the_one_who_delivers(home: Home) -> None:
    """Either order: it ends once, and the delivery is recorded before that or never."""
    async with home.open("bot") as store, home.open("bot") as another:
        for _ in range(6):
            sealed = await mailed(store, delivered=False)
            (became, _), delivered = await asyncio.gather(
                take_back(another, bounces.postfix(letter_of(sealed))),
                deliveries.record_delivered(store, sealed.new.id, None),
            )
            assert became is Became.ENDED
            words = await words_of(store, sealed.new.id)
            assert words in (
                ["created", "delivered", "undelivered", "destroyed", "receipt"],
                ["created", "undelivered", "destroyed", "receipt"],
            )
            assert not delivered or "delivered" in words
            await require_destroyed(store, sealed.new.id)


async def test_a_report_meets_a_reader(home: Home) -> None:
    """One of both wins: the secret is shown and the report changes nothing, or nobody is shown anything."""
    async with home.open("bot") as store, home.open("web") as web:
        for _ in range(6):
            sealed = await mailed(store)
            raw, page = bounces.postfix(letter_of(sealed)), sealed.present()

            async def read(page: Presented = page) -> bool:
                try:
                    await claims.claim(web, page, SOMEBODY)
                except DropEndedError:
                    return False
                return True

            (became, _), was_read = await asyncio.gather(take_back(store, raw), read())
            assert was_read == (became is Became.OVER)
            assert ("claimed" in await words_of(store, sealed.new.id)) == (became is Became.OVER)


async def test_what_a_page_sealed_comes_back_too(home: Home) -> None:
    """While its link waits to be mailed, or is in a bot's hands; the sealed link goes, and nobody takes it anew."""
    async with home.open("bot") as store:
        sealed = await handed_in(store, home, **{**MAILED, "recipient_id": DANA, "recipient_name": DANA})
        taken = await sealed_links.take(store.db, frozenset(Way))
        assert taken is not None
        assert await take_back(store, bounces.postfix(letter_of(sealed))) == (Became.ENDED, sealed.new.id)
        await sealed_links.postpone(store.db, taken, 1.0)
        home.advance_clock(100)
        assert await sealed_links.take(store.db, frozenset(Way)) is None
        await require_destroyed(store, sealed.new.id)


async def claimed(store: Store, home: Home, sealed: Sealed) -> None:
    await claims.claim(store, sealed.present(), SOMEBODY)


async def expired(store: Store, home: Home, sealed: Sealed) -> None:
    home.advance_clock(100_001)
    await sweeper.sweep(store)


async def locked(store: Store, home: Home, sealed: Sealed) -> None:
    await refuse(store, sealed, 5, home)


async def tried(store: Store, home: Home, sealed: Sealed) -> None:
    await refuse(store, sealed, 1, home)


async def unlocked(store: Store, home: Home, sealed: Sealed) -> None:
    await refuse(store, sealed, 5, home)
    await unlocking.unlock(store, sealed.new.id)


@pytest.mark.parametrize("end", [viewed, claimed, revoked, expired, locked, tried, unlocked])
async def test_what_is_over_or_locked_stays_as_it_is(
    home: Home, end: Callable[[Store, Home, Sealed], Awaitable[None]]
) -> None:
    """Somebody has had the letter, or nobody waits for it: nothing is changed and nobody is told anything."""
    async with home.open("bot") as store:
        sealed = await mailed(store)
        await end(store, home, sealed)

        async def comes_back() -> None:
            assert await take_back(store, bounces.sendmail(letter_of(sealed))) == (Became.OVER, sealed.new.id)

        await require_nothing_said(store, sealed.new.id, comes_back)


@pytest.mark.parametrize("way", [way for way in Way if way is not Way.MAIL])
async def test_only_a_letter_comes_back(home: Home, way: Way) -> None:
    """Whoever knows a drop's id could make its mark, and must end no drop that went another way."""
    async with home.open("bot") as store:
        sealed = await mailed(store, way=way, delivered=False)
        await deliveries.record_delivered(store, sealed.new.id, Place("D1", "1.2"))

        async def comes_back() -> None:
            assert await take_back(store, bounces.postfix(letter_of(sealed))) == (Became.NOT_OURS, None)
            assert not await deliveries.record_bounced(store, sealed.new.id, why=WHY)

        await require_nothing_said(store, sealed.new.id, comes_back)


async def test_where_it_was_sent_on_to_is_elsewhere(home: Home) -> None:
    """Somebody has their mail sent on and keeps a copy: what becomes of the second says nothing about the first."""
    async with home.open("bot") as store:
        sealed = await mailed(store)
        original = f"Original-Recipient: rfc822; {DANA}\n{block('dana@old.example')}"
        raw = report(letter_of(sealed), original)

        async def comes_back() -> None:
            assert await take_back(store, raw) == (Became.ELSEWHERE, sealed.new.id)

        await require_nothing_said(store, sealed.new.id, comes_back)


async def test_a_report_about_two_letters_is_about_none(home: Home) -> None:
    """Nobody knows which of them failed."""
    async with home.open("bot") as store:
        one, two = await mailed(store), await mailed(store)
        both = letter_of(one).split(b"\r\n\r\n")[0], letter_of(two).split(b"\r\n\r\n")[0]
        raw = report(b"\r\n\r\n--=_report/9B.example\r\nContent-Type: message/rfc822\r\n\r\n".join(both), block())
        assert await take_back(store, raw) == (Became.NOT_OURS, None)
        assert await take_back(store, raw.replace(both[1], b"")) == (Became.ENDED, one.new.id)


async def test_what_went_another_way_is_not_looked_at(home: Home) -> None:
    """It has no letter: its mark beside that of one changes nothing of whose letter came back."""
    async with home.open("bot") as store:
        one, shown = await mailed(store), await mailed(store, way=Way.SHOWN)
        both = letter_of(one).split(b"\r\n\r\n")[0], letter_of(shown).split(b"\r\n\r\n")[0]
        raw = report(b"\r\n\r\n--=_report/9B.example\r\nContent-Type: message/rfc822\r\n\r\n".join(both), block())
        assert await take_back(store, raw) == (Became.ENDED, one.new.id)


async def test_what_is_over_for_weeks_is_not_looked_at(home: Home) -> None:
    """Mail servers have given up long before; otherwise the work would grow with every drop that there ever was."""
    async with home.open("bot") as store:
        old = await mailed(store)
        raw = bounces.postfix(letter_of(old))
        await expired(store, home, old)
        home.advance_clock(13 * 86_400)
        assert await take_back(store, raw) == (Became.OVER, old.new.id)
        home.advance_clock(2 * 86_400)
        assert await take_back(store, raw) == (Became.NOT_OURS, None)


async def test_a_report_about_nobodys_letter_changes_nothing(home: Home) -> None:
    """A well-formed mark that no drop has, and a database without drops."""
    async with home.open("bot") as store:
        gone = letter_of(await mailed(store)).replace(b"Message-ID: <", b"Message-ID: <0")
        assert await take_back(store, bounces.postfix(gone.replace(b'boundary="', b'boundary="0'))) == (
            Became.NOT_OURS,
            None,
        )


async def test_every_open_drop_is_looked_at_however_many(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are read a page at a time."""
    monkeypatch.setattr("store.pages.pages.__kwdefaults__", {"size": 2})
    async with home.open("bot") as store:
        many = [await mailed(store) for _ in range(5)]
        for sealed in many:
            assert await take_back(store, bounces.postfix(letter_of(sealed))) == (Became.ENDED, sealed.new.id)


async def test_a_store_that_is_away_is_an_error(home: Home) -> None:
    """The ending has begun and its key cannot be erased: the mail system tries again, and the sweeper finishes it."""
    async with home.open("bot") as store:
        sealed = await mailed(store)
        path = key_path(store.keyring, sealed.new.id)
        away = path.with_suffix(".away")
        path.rename(away)
        raw = bounces.postfix(letter_of(sealed))
        with pytest.raises(StoreError):
            await take_back(store, raw)
        away.rename(path)
        assert await take_back(store, raw) == (Became.OVER, sealed.new.id)
        await sweeper.sweep(store)
        await require_destroyed(store, sealed.new.id)
