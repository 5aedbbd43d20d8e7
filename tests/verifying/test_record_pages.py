"""Records that people read, in the check of a whole store: guesses that somebody gave back to themselves are found."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, text

from store import record_endings, record_pages
from store.errors import WrongPassphraseError
from store.opened import Store
from store.schema_of_records import record_pages as pages
from store.verifying.whole_store import check
from tests.store.looking import guess, made_page, rotated
from tests.store.recording import made, words
from tests.stores import Home


@pytest.fixture
async def store(home: Home) -> AsyncIterator[Store]:
    """The store as the web program holds it."""
    async with home.open() as store:
        yield store


@pytest.fixture
async def bot(home: Home) -> AsyncIterator[Store]:
    """The store as the operators' command line holds it."""
    async with home.open("bot") as bot:
        yield bot


async def test_the_check_takes_what_pages_say(bot: Store, store: Store, home: Home) -> None:
    """Locked, unlocked, viewed, rotated, ended: each by whose key may say it, and the rows as told."""
    holder, gone = await made_page(bot, lives_seconds=86_400, reads=4), await made_page(bot)
    await guess(store, holder, home)
    await record_pages.unlock(bot, holder.link.id)
    await holder.view(store)
    assert await _found(bot, home) == []
    await (await rotated(bot, holder)).view(store)
    await record_endings.revoke(bot, gone.link.id)
    expected = ["created", "created", *["refused"] * 5, "locked", "unlocked", "read", "rotated", "read", "revoked"]
    assert await words(bot) == expected
    assert await _found(bot, home) == []


@pytest.mark.parametrize(
    ("attack", "said"),
    [
        ("UPDATE record_pages SET guesses = 0, round_guesses = 0", "its page's guesses should be 5"),
        ("UPDATE record_pages SET unlocks = 0", "its page's unlocks should be 1"),
        ("UPDATE record_pages SET round_guesses = 3", "its page's round_guesses should be 0"),
        ("UPDATE records SET door = 'api'", "its column door should be page"),
        ("DELETE FROM record_pages", "its page is gone"),
    ],
)
async def test_a_row_that_says_something_else_is_found(
    bot: Store, store: Store, home: Home, attack: str, said: str
) -> None:
    """Whoever writes the database has fifteen guesses all the same, or is found."""
    holder = await made_page(bot, lives_seconds=86_400)
    await guess(store, holder, home)
    await record_pages.unlock(bot, holder.link.id)
    async with bot.db.write() as tx:
        await tx.execute(text(attack))
    assert any(said in one for one in await _found(bot, home))


@pytest.mark.parametrize("is_covered", [False, True])
async def test_a_round_that_was_given_back_is_found(bot: Store, store: Store, home: Home, is_covered: bool) -> None:
    """Whoever writes the database guesses on where a page is locked, and may put the row back: the log has it."""
    holder = await made_page(bot, lives_seconds=86_400)
    await guess(store, holder, home)
    await _set(bot, "round_guesses = 0, next_guess_at = 0")
    await guess(store, holder, home)
    if not is_covered:
        await _set(bot, "round_guesses = 1")
    beyond = f"record {holder.link.id_text}: record.refused although the five guesses of its round were used up"
    says = [f"record {holder.link.id_text}: its page's round_guesses should be 5, as its events say"]
    assert await _found(bot, home) == [beyond] * 5 + ([] if is_covered else says)


async def test_every_round_begins_anew(bot: Store, store: Store, home: Home) -> None:
    """After a right guess, an unlock and a rotation the five are there again, which is in order at each step."""
    holder = await made_page(bot, lives_seconds=86_400)
    for _ in range(2):
        with pytest.raises(WrongPassphraseError):
            await holder.view(store, holder.wrong())
    assert await _found(bot, home) == []
    await holder.view(store)
    await guess(store, holder, home)
    assert await _found(bot, home) == []
    await record_pages.unlock(bot, holder.link.id)
    await guess(store, holder, home)
    assert await _found(bot, home) == []
    await guess(store, await rotated(bot, holder), home)
    assert await _found(bot, home) == []


async def test_a_page_of_no_record_is_found(bot: Store, home: Home) -> None:
    """Nobody makes one without a record, and what is left of one that was taken away tells that it was."""
    await made_page(bot)
    async with bot.db.write() as tx:
        [row] = (await tx.execute(select(pages))).all()
        await tx.execute(pages.insert().values({**row._mapping, "record_id": bytes(16)}))
    assert await _found(bot, home) == [f"record {'A' * 22}: it has a page, and no event speaks of it"]


async def test_a_page_beside_a_key_is_found(bot: Store, home: Home) -> None:
    """A record has one door; a second one that somebody added stands against what its event says."""
    key, holder = await made(bot), await made_page(bot)
    async with bot.db.write() as tx:
        await tx.execute(text("UPDATE record_pages SET record_id = :id"), {"id": key.id})
    assert await _found(bot, home) == [
        f"record {one}: its page is {what}"
        for one, what in sorted([(key.id_text, "not its door"), (holder.link.id_text, "gone")])
    ]


async def test_the_web_program_unlocks_nothing(store: Store, bot: Store, home: Home) -> None:
    """Whoever owns it cannot have the log say that an operator granted more guesses."""
    holder = await made_page(bot, lives_seconds=86_400)
    await guess(store, holder, home)
    await record_pages.unlock(store, holder.link.id)
    failures = [one for one in await check(bot.db, home.signing, home.keyring, []) if not one.holds]
    assert any("the key of web may not say record.unlocked" in one.says for one in failures)


async def _set(store: Store, columns: str) -> None:
    """Write the rows of pages as nothing of ours does."""
    async with store.db.write() as tx:
        await tx.execute(text(f"UPDATE record_pages SET {columns}"))  # noqa: S608 - of this file


async def _found(store: Store, home: Home) -> list[str]:
    """What the check says against records, and against what was signed."""
    found = await check(store.db, home.signing, home.keyring, [])
    about = {"events", "disclosures", "signers", "records"}
    return [one.says for one in found if one.about in about and not one.holds]
