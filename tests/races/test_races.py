"""
Many at once, against real programs on one database.

Two `sendsecret web` processes share the installation; every socket is open, and all but the last byte of every request
is written, before the first last byte goes.
"""

import asyncio
import contextlib
from collections import Counter
from typing import Any

import pytest

from store import creation, deliveries, endings
from store.deliveries import Place
from store.errors import DropEndedError
from store.formats import base64url, seal_v1
from store.formats.payload_v1 import Text
from store.opened import Store
from tests.programs import Answer, Call, Running, at_once, claim_call, web
from tests.store.reading import events_of, require_destroyed, row_of, words_of
from tests.stores import Home, Sealed, seal

RACERS = 50
GUESSERS = 100
ATTEMPTS = 12


async def sealed_in(store: Store, **fields: Any) -> Sealed:
    sealed = seal(**fields)
    await creation.create(store, sealed.new)
    await deliveries.record_delivered(store, sealed.new.id, Place("D1", "1.2"))
    return sealed


def spread(sealed: Sealed, programs: list[Running], count: int, *, right: bool) -> list[Call]:
    return [claim_call(programs[k % len(programs)].port, sealed, right=right) for k in range(count)]


def opened_by(sealed: Sealed, answers: list[Answer]) -> list[str]:
    """What those who got an envelope read in it."""
    texts = []
    for answer in answers:
        if answer.status == 200:
            envelope = base64url.decode(answer.json()["envelope"])
            content = seal_v1.open_sealed(sealed.link, sealed.new.header, None, envelope)
            assert isinstance(content, Text)
            texts.append(content.text)
    return texts


async def test_of_fifty_right_claims_exactly_one_wins(home: Home) -> None:
    """One page gets the envelope; every other is told that the link no longer exists."""
    async with home.open("bot") as store, web(home) as one, web(home) as two:
        for _ in range(3):
            sealed = await sealed_in(store)
            answers = await at_once(spread(sealed, [one, two], RACERS, right=True))
            assert Counter(answer.status for answer in answers) == {200: 1, 410: RACERS - 1}
            assert opened_by(sealed, answers) == [sealed.secret]
            assert (await words_of(store, sealed.new.id)).count("claimed") == 1


async def test_of_a_hundred_wrong_guesses_exactly_as_many_are_compared_as_are_due(home: Home) -> None:
    """Three at once, one more after 30 s, one more after five minutes, then locked; the right one is refused too."""
    home.hold_clock()
    async with home.open("bot") as store, web(home) as one, web(home) as two:
        sealed = await sealed_in(store)
        compared = []
        refused = []
        for wait in (0, 30, 300, 0):
            home.advance_clock(wait)
            answers = await at_once(spread(sealed, [one, two], GUESSERS, right=False))
            statuses = Counter(answer.status for answer in answers)
            assert set(statuses) <= {403, 423, 429}
            refused.append(statuses[403])
            events = await events_of(store, sealed.new.id)
            compared.append(sum(event["evt"] == "drop.passphrase_failed" for event in events))
        assert compared == [3, 4, 5, 5]
        assert refused == [3, 1, 0, 0]  # nobody else is told whether a guess was right; the fifth is told "locked"
        assert (await at_once([claim_call(one.port, sealed)]))[0].status == 423
        row = await row_of(store, sealed.new.id)
        assert (row.state, row.guesses) == ("locked", 5)
        assert (await words_of(store, sealed.new.id)).count("locked") == 1


@pytest.mark.parametrize("ending", ["revoke", "expiry"])
async def test_an_ending_and_a_claim_agree_who_won(home: Home, ending: str) -> None:
    """Either a reader has it and the record says released, or nobody has it and the record says so."""
    async with home.open("bot") as store, web(home) as one, web(home) as two:
        won = Counter[str]()
        for attempt in range(ATTEMPTS):
            home.reset_clock()
            sealed = await sealed_in(store)
            calls = spread(sealed, [one, two], 6, right=True)
            await asyncio.gather(*(call.all_but_sent() for call in calls))

            async def end(sealed: Sealed = sealed, attempt: int = attempt) -> None:
                await asyncio.sleep(attempt * 0.003)  # the ending meets the claims at another moment each time
                if ending == "expiry":
                    home.advance_clock(4000)
                    await endings.expire(store, sealed.new.id)
                    return
                with contextlib.suppress(DropEndedError):
                    await endings.revoke(store, sealed.new.id)

            # The first ending comes before the last bytes and the last one after the answers, so that both are met.
            if attempt == 0:
                await end()
            answers, _ = await asyncio.gather(
                asyncio.gather(*(call.answer() for call in calls)),
                end() if 0 < attempt < ATTEMPTS - 1 else asyncio.sleep(0),
            )
            if attempt == ATTEMPTS - 1:
                await end()
            read = opened_by(sealed, answers)
            assert {answer.status for answer in answers} <= {200, 410}
            row = await row_of(store, sealed.new.id)
            won[row.outcome or row.state] += 1
            at = (row.claimed_at or row.ended_at) // 1000
            told = {(answer.json()["state"], answer.json()["at"]) for answer in answers if answer.status == 410}
            assert told <= {(row.outcome or "released", at)}
            if read:
                assert read == [sealed.secret]
                assert row.state == "claimed" or row.outcome == "released"
            else:
                assert row.outcome == {"revoke": "revoked", "expiry": "expired"}[ending]
                await require_destroyed(store, sealed.new.id)
        assert won[{"revoke": "revoked", "expiry": "expired"}[ending]]
        assert won["released"] + won["claimed"]


async def test_a_server_killed_after_the_commit_loses_nothing(home: Home) -> None:
    """The same page gets its secret from the restarted server; no other claim ever does; after a minute nobody."""
    claim = bytes(range(32))
    async with home.open("bot") as store:
        sealed = await sealed_in(store)
        async with web(home, module="tests.races.doomed", DOOMED_AT="release") as doomed:
            with pytest.raises(ConnectionError):
                await claim_call(doomed.port, sealed, claim=claim).answer()
            assert await doomed.process.wait() == -9
        assert (await row_of(store, sealed.new.id)).state == "claimed"
        async with web(home) as restarted:
            assert (await claim_call(restarted.port, sealed).answer()).status == 410
            same = await claim_call(restarted.port, sealed, claim=claim).answer()
            assert opened_by(sealed, [same]) == [sealed.secret]
            home.advance_clock(62)
            async with asyncio.timeout(20):
                while (await row_of(store, sealed.new.id)).state != "destroyed":  # noqa: ASYNC110 - another program's act
                    await asyncio.sleep(0.1)
            assert (await claim_call(restarted.port, sealed, claim=claim).answer()).status == 410
        await require_destroyed(store, sealed.new.id)
        assert (await row_of(store, sealed.new.id)).outcome == "released"
        assert (await words_of(store, sealed.new.id)).count("claimed") == 1
