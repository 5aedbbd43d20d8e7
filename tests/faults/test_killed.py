"""SIGKILL on one line of the real web program (F1, F2, F3): what another one then finds, and what it makes of it."""

import pytest

from store.keyring import KeyState
from tests.faults.page import Page, delivered, readers, require_sound, until_destroyed
from tests.programs import web
from tests.store.reading import require_destroyed, row_of, words_of
from tests.stores import Home

DOOMED = "tests.races.doomed"


async def test_killed_before_the_claim_commits(home: Home) -> None:
    """Nobody has it and nothing is paid: the drop is as it was, and opens to the first who comes."""
    async with home.open("bot") as store:
        page, other = Page(sealed := await delivered(store)), Page(sealed)
        async with web(home, module=DOOMED, DOOMED_AT="payment") as doomed:
            assert await page.ask(doomed.port) is None
            assert await doomed.ended() == -9
        row = await row_of(store, sealed.new.id)
        assert (row.state, row.guesses, row.claim_hash) == ("sealed", 0, None)
        async with web(home) as restarted:
            assert (await other.told(restarted.port)).status == 200
            assert (await page.told(restarted.port)).status == 410
        assert (await words_of(store, sealed.new.id)).count("claimed") == 1
    await require_sound(home)


async def test_killed_before_a_refusal_commits(home: Home) -> None:
    """A wrong guess that met the crash was not compared; typed again it is paid for once."""
    async with home.open("bot") as store:
        page = Page(sealed := await delivered(store), right=False)
        async with web(home, module=DOOMED, DOOMED_AT="payment") as doomed:
            assert await page.ask(doomed.port) is None
        assert (await row_of(store, sealed.new.id)).guesses == 0
        async with web(home) as restarted:
            assert (await page.told(restarted.port)).json()["tries_left"] == 4
        assert (await row_of(store, sealed.new.id)).guesses == 1
    await require_sound(home)


@pytest.mark.parametrize("where", ["erased", "receipt", "unlink"])
async def test_killed_while_it_is_destroyed(home: Home, where: str) -> None:
    """Between key and row, within the row's transaction, before the file goes: it ends once, with one receipt."""
    async with home.open("bot") as store:
        page, other = Page(sealed := await delivered(store)), Page(sealed)
        async with web(home, module=DOOMED, DOOMED_AT=where) as doomed:
            await page.told(doomed.port)
            assert await page.ask(doomed.port, "acknowledge") is None
            assert await doomed.ended() == -9
        assert store.keyring.state(sealed.new.id) is KeyState.ERASED
        assert (await row_of(store, sealed.new.id)).state == ("destroyed" if where == "unlink" else "claimed")
        async with web(home) as restarted:
            # The page's own repetition ends it where the crash did not let it.
            assert (await page.told(restarted.port, "acknowledge")).json()["state"] == "destroyed"
            assert (await other.told(restarted.port)).status == 410
        words = await words_of(store, sealed.new.id)
        assert [words.count(word) for word in ("claimed", "acknowledged", "destroyed", "receipt")] == [1, 1, 1, 1]
        assert readers([page, other]) == 1
        await require_destroyed(store, sealed.new.id)
    await require_sound(home)


async def test_killed_while_it_is_destroyed_and_nobody_comes_back(home: Home) -> None:
    """The sweeper of another program finishes it, as released: nobody heard that the page had decrypted."""
    async with home.open("bot") as store:
        page = Page(sealed := await delivered(store))
        async with web(home, module=DOOMED, DOOMED_AT="erased") as doomed:
            await page.told(doomed.port)
            assert await page.ask(doomed.port, "acknowledge") is None
        home.advance_clock(62)
        async with web(home):
            await until_destroyed(store, sealed.new.id)
        assert (await row_of(store, sealed.new.id)).outcome == "released"
        words = await words_of(store, sealed.new.id)
        assert [words.count(word) for word in ("destroyed", "receipt")] == [1, 1]
        await require_destroyed(store, sealed.new.id)
    await require_sound(home)
