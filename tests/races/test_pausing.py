"""A recipient's "I was not expecting this" against pages that open, and against the sender's "it is right"."""

import asyncio
from collections import Counter

from store import pausing
from store.errors import NotPausedError
from store.opened import Store
from tests.programs import at_once, web
from tests.races.test_races import opened_by, sealed_in, spread
from tests.store.reading import events_of, row_of, words_of
from tests.stores import Home

PAGES = 6
ATTEMPTS = 10
PRESSES = 4


async def test_a_pause_and_a_claim_agree_who_won(home: Home) -> None:
    """Either one page has it and the pause is told no, or it is paused and no page has it; never both, never half."""
    async with home.open("bot") as store, web(home) as one, web(home) as two:
        won = Counter[str]()
        for attempt in range(ATTEMPTS):
            sealed = await sealed_in(store)
            calls = spread(sealed, [one, two], PAGES, right=True)

            async def press(drop_id: bytes = sealed.new.id, attempt: int = attempt) -> bool:
                await asyncio.sleep(attempt * 0.003)  # the press meets the claims at another moment each time
                return await pausing.pause(store, drop_id)

            # The first press comes before the last bytes and the last one after the answers, so that both are met.
            if attempt == 0:
                is_paused = await press()
                answers = await at_once(calls)
            elif attempt == ATTEMPTS - 1:
                answers = await at_once(calls)
                is_paused = await press()
            else:
                answers, is_paused = await asyncio.gather(at_once(calls), press())
            row, words = await row_of(store, sealed.new.id), await words_of(store, sealed.new.id)
            won["pause" if is_paused else "page"] += 1
            assert (row.paused_at is not None) == is_paused
            if is_paused:
                assert Counter(answer.status for answer in answers) == {423: PAGES}
                assert {answer.json()["type"] for answer in answers} == {"urn:sendsecret:problem:paused"}
                assert (row.state, row.guesses, row.claim_hash) == ("sealed", 0, None)
                assert words == ["created", "delivered", "not_me"]
                await pausing.resume(store, sealed.new.id)
                late = await at_once(spread(sealed, [one], 1, right=True))
                assert opened_by(sealed, late) == [sealed.secret]
            else:
                assert Counter(answer.status for answer in answers) == {200: 1, 410: PAGES - 1}
                assert opened_by(sealed, answers) == [sealed.secret]
                assert (row.state, row.guesses) == ("claimed", 1)
                assert "not_me" not in words
        assert won["pause"]
        assert won["page"]


async def test_presses_of_both_people_take_turns(home: Home) -> None:
    """However many press at once: the record alternates, each "yes" is one entry, and the last entry is the state."""

    async def resumed(store: Store, drop_id: bytes) -> bool:
        try:
            await pausing.resume(store, drop_id)
        except NotPausedError:
            return False
        return True

    async with home.open("bot") as bot, home.open("web") as other:
        for _ in range(ATTEMPTS):
            sealed = await sealed_in(bot)
            assert await pausing.pause(bot, sealed.new.id)
            presses = [
                verb(store, sealed.new.id)
                for _ in range(PRESSES)
                for store in (bot, other)
                for verb in (resumed, pausing.pause)
            ]
            said = await asyncio.gather(*presses)
            row, words = await row_of(bot, sealed.new.id), (await words_of(bot, sealed.new.id))[2:]
            assert words == (["not_me", "unlocked"] * len(words))[: len(words)]
            assert len(words) == 1 + sum(said)
            assert words.count("unlocked") == sum(said[::2])
            assert (row.paused_at is not None) == (words[-1] == "not_me")
            assert [event["n"] for event in await events_of(bot, sealed.new.id)] == list(range(1, row.n + 1))
