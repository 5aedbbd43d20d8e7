"""An answer is lost, cut or late on its way: the same page gets its secret, and nobody else does (F4, F5)."""

import pytest

from tests.faults import page as pages
from tests.faults.page import Page, delivered, require_sound, until_destroyed
from tests.faults.proxy import BAD_GATEWAY, Cut, How, Lost, before
from tests.programs import Answer, web
from tests.store.reading import events_of, require_destroyed, row_of, words_of
from tests.stores import Home

CUTS = {"0": lambda n: 0, "1": lambda n: 1, "half": lambda n: n // 2, "all but one": lambda n: n - 1}


async def test_a_cut_answer_is_sent_again_to_the_same_page(home: Home) -> None:
    """Cut anywhere, closed or reset: the page asks again and reads it, another page never, and the receipt says 2."""
    async with home.open("bot") as store, web(home) as server, before(server.port) as proxy:
        for upto in CUTS.values():
            for how in (How.CLOSED, How.RESET):
                page, other = Page(sealed := await delivered(store)), Page(sealed)
                proxy.faults.append(Cut(upto, how))
                assert await page.ask(proxy.port) is None
                assert (await other.told(proxy.port)).status == 410
                assert (await page.told(proxy.port)).json()["sends_left"] == 1
                assert (await page.told(proxy.port, "acknowledge")).json()["state"] == "destroyed"
                assert (page.read, other.read) == ([sealed.secret], [])
                assert (await row_of(store, sealed.new.id)).outcome == "viewed"
                assert (await events_of(store, sealed.new.id))[-2]["sends"] == 2
                await require_destroyed(store, sealed.new.id)
        # The page asked once and again, the other once, and the acknowledgement: nothing was asked behind their backs.
        assert len(proxy.answers) == 4 * 2 * len(CUTS)
    await require_sound(home)


async def test_three_sends_are_all_that_a_bad_line_gets(sqlite_home: Home) -> None:
    """A line that cuts every answer gets the envelope three times, and then it is told how it ended."""
    async with sqlite_home.open("bot") as store, web(sqlite_home) as server, before(server.port) as proxy:
        page = Page(sealed := await delivered(store))
        proxy.faults.extend([Cut(lambda n: n - 1)] * 3)
        assert [await page.ask(proxy.port) for _ in range(3)] == [None] * 3
        assert (await page.told(proxy.port)).status == 410
        assert (await row_of(store, sealed.new.id)).sends == 3
    await require_sound(sqlite_home)


async def test_a_request_that_did_not_arrive_costs_nothing(sqlite_home: Home) -> None:
    """A proxy's 502, or a line that ends on the way to the server: no guess is paid, and the next one opens."""
    async with sqlite_home.open("bot") as store, web(sqlite_home) as server, before(server.port) as proxy:
        page = Page(sealed := await delivered(store))
        proxy.faults.extend([Lost(BAD_GATEWAY), Lost()])
        bad = await page.ask(proxy.port)
        assert isinstance(bad, Answer)
        assert (bad.status, await page.ask(proxy.port)) == (502, None)
        assert (await row_of(store, sealed.new.id)).guesses == 0
        assert (await page.told(proxy.port)).json()["sends_left"] == 2
    await require_sound(sqlite_home)


async def test_an_answer_that_stalls_is_left_by_its_page(sqlite_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half an answer and then nothing: a page that loses patience and asks again has it."""
    async with sqlite_home.open("bot") as store, web(sqlite_home) as server, before(server.port) as proxy:
        page = Page(sealed := await delivered(store))
        proxy.faults.append(Cut(lambda n: n // 2, How.STALLED))
        with monkeypatch.context() as hasty:
            hasty.setattr(pages, "PATIENCE_SECONDS", 1)
            assert await page.ask(proxy.port) is None
        await page.told(proxy.port)
        assert page.read == [sealed.secret]
    await require_sound(sqlite_home)


async def test_without_an_acknowledgement_it_is_released(home: Home) -> None:
    """Every acknowledgement is lost: after a minute it is destroyed, and on record as released, not as viewed."""
    async with home.open("bot") as store, web(home) as server, before(server.port) as proxy:
        page = Page(sealed := await delivered(store))
        await page.told(proxy.port)
        proxy.faults.extend([Lost()] * 3)
        assert [await page.ask(proxy.port, "acknowledge") for _ in range(3)] == [None] * 3
        assert (await row_of(store, sealed.new.id)).state == "claimed"
        home.advance_clock(62)
        await until_destroyed(store, sealed.new.id)
        assert (await row_of(store, sealed.new.id)).outcome == "released"
        assert "acknowledged" not in await words_of(store, sealed.new.id)
        await require_destroyed(store, sealed.new.id)
        assert (await page.told(server.port)).status == 410
    await require_sound(home)


async def test_a_lost_answer_to_an_acknowledgement_changes_nothing(home: Home) -> None:
    """It was heard; said again, the same receipt is named, and there is one."""
    async with home.open("bot") as store, web(home) as server, before(server.port) as proxy:
        page = Page(sealed := await delivered(store))
        await page.told(proxy.port)
        proxy.faults.append(Cut(lambda n: 0, How.RESET))
        assert await page.ask(proxy.port, "acknowledge") is None
        again, once_more = [(await page.told(proxy.port, "acknowledge")).json() for _ in range(2)]
        assert again == once_more
        words = await words_of(store, sealed.new.id)
        assert (words.count("acknowledged"), words.count("destroyed"), words.count("receipt")) == (1, 1, 1)
        assert (await row_of(store, sealed.new.id)).outcome == "viewed"
    await require_sound(home)
