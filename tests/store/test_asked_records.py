"""A client's record is made on the word of the token that came sealed: once, its owner's, and read by its key alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from store import asked_records, own_records, record_endings, records, sweeper, tokens
from store.asked_doors import Asked
from store.asked_records import Stands
from store.asked_words import AskedRecord as State
from store.asked_words import NotMade
from store.errors import (
    DuplicateDropError,
    KeyUnreadableError,
    NoBotError,
    StoreUnavailableError,
    UnknownTokenError,
    WrongScopeError,
)
from store.formats.api_token_v1 import ApiToken
from store.formats.token_grant_v1 import Owner
from store.link_opener import LinkOpener
from store.log.who_may_say import believed
from store.opened import Store
from store.schema_of_records import asked_records as table
from store.schema_of_records import records as made_records
from store.words import Actor, Event, Scope
from tests.sealed_elsewhere import WANTED, published
from tests.sealed_elsewhere import sealed_record as sealed
from tests.store.recording import VALUE, key_files, read
from tests.store.recording import said as said_of_records
from tests.store.test_api_tokens import token_for
from tests.store.test_tokens import said
from tests.stores import Home


async def asked(bot: Store, web: Store, home: Home, token: ApiToken, record: Asked) -> asked_records.Waiting:
    """What a client asks for, as the bot finds it."""
    await published(bot, home)
    await asked_records.ask(web, token, record)
    [one] = [one for one in await asked_records.waiting(bot) if one.id == record.id]
    return one


async def owner_of(bot: Store, home: Home, one: asked_records.Waiting) -> Owner:
    """Who asks, as the bot finds out.  Raises UnknownTokenError."""
    opened = LinkOpener(home.signing).open(one.id, one.question)
    return await asked_records.owner_of(bot, one, opened or "", believed(home.signing))


async def test_a_record_from_the_question_to_the_read(home: Home) -> None:
    """Twice is once; it is its owner's, its key reads it, and the log says which token and who."""
    key, record = sealed(most_reads=3)
    async with home.open("bot") as bot, home.open() as web:
        token = await token_for(bot, Scope.SEND)
        one = await asked(bot, web, home, token, record)
        assert await asked_records.look(web, record) == Stands(State.ASKED)
        owner = await owner_of(bot, home, one)
        assert await asked_records.make(bot, one, owner)
        assert not await asked_records.make(bot, one, owner)
        await asked_records.ask(web, token, record)
        assert await asked_records.waiting(bot) == []
        stands = await asked_records.look(web, record)
        assert stands.state is State.DONE
        held = await records.find(bot, key.id)
        assert held.named == records.Named(WANTED.label, WANTED.rotate_url, owner="UMAYA", team="TWORKSPACE")
        assert (held.expires_at, held.reads_left) == (stands.until, 3)
        assert await read(web, key) == VALUE
        [created, _] = await said_of_records(bot)
        assert (created["evt"], created["by"]) == ("record.created", "sender")
        [used] = await said(bot, Event.TOKEN_USED)
        assert (used["what"], used["answer"], str(used["asked"])[:3]) == ("record", "record", "rc_")


async def test_nobody_makes_a_record_without_the_sealed_token(home: Home) -> None:
    """Whatever of the row is another, the question in another row, later, another scope: nobody asks."""
    async with home.open("bot") as bot, home.open() as web:
        token, mine = await token_for(bot, Scope.SEND), await token_for(bot, Scope.SEND)
        (_, first), (_, second) = sealed(), sealed()
        one, two = await asked(bot, web, home, token, first), await asked(bot, web, home, token, second)
        inside = replace(first.inside, wrapped_key=second.inside.wrapped_key)
        for changed in (
            replace(one, asked=replace(first, id=second.id)),
            replace(one, asked=replace(first, proof=second.proof)),
            replace(one, asked=replace(first, inside=inside)),
            replace(one, asked=replace(first, inside=replace(first.inside, box=second.inside.box))),
            replace(one, asked=replace(first, wanted=replace(WANTED, rotate_url="https://evil.example/"))),
            replace(one, question=two.question),
            replace(one, token_id=mine.id),
            replace(one, question=b""),
        ):
            with pytest.raises(UnknownTokenError):
                await owner_of(bot, home, changed)
        _, third = sealed()
        reads = await asked(bot, web, home, await token_for(bot, Scope.REVOKE, Scope.READ), third)
        with pytest.raises(WrongScopeError):
            await owner_of(bot, home, reads)
        home.advance_clock(121)
        with pytest.raises(UnknownTokenError):
            await owner_of(bot, home, one)
        assert await asked_records.waiting(bot) == []


async def test_an_id_is_one_records(home: Home) -> None:
    """Another key, another token, one that was made or has ended: taken.  What was refused may be asked anew."""
    (_, record), (_, other) = sealed(), sealed()
    async with home.open("bot") as bot, home.open() as web:
        token, mine = await token_for(bot, Scope.SEND), await token_for(bot, Scope.SEND)
        one = await asked(bot, web, home, token, record)
        renamed = replace(record, wanted=replace(WANTED, label="Another"))
        taken = [(token, replace(record, proof=other.proof)), (token, renamed), (mine, record)]
        for whose, what in taken:
            with pytest.raises(DuplicateDropError):
                await asked_records.ask(web, whose, what)
        assert await asked_records.refuse(bot, one, NotMade.MAY_NOT_SEND, is_known=True)
        assert await asked_records.look(web, record) == Stands(State.REFUSED, why=NotMade.MAY_NOT_SEND)
        one = await asked(bot, web, home, token, record)
        assert await asked_records.make(bot, one, await owner_of(bot, home, one))
        for what in (replace(record, proof=other.proof), renamed, replace(record, inside=other.inside)):
            with pytest.raises(DuplicateDropError):
                await asked_records.ask(web, token, what)
        await record_endings.revoke(bot, record.id)
        with pytest.raises(DuplicateDropError):
            await asked_records.ask(web, token, record)


async def test_two_at_once_ask_for_one(home: Home) -> None:
    """The same request twice at the same time is one question; two bots make one record of it."""
    _, record = sealed()
    async with home.open("bot") as bot, home.open("bot") as second, home.open() as web, home.open() as other:
        token = await token_for(bot, Scope.SEND)
        await published(bot, home)
        await asyncio.gather(*(asked_records.ask(store, token, record) for store in (web, other) * 3))
        [one] = await asked_records.waiting(bot)
        owner = await owner_of(bot, home, one)
        made = await asyncio.gather(*(asked_records.make(store, one, owner) for store in (bot, second) * 3))
        assert sorted(made) == [False] * 5 + [True]
        assert len(key_files(bot)) == 1
        assert len(await said(bot, Event.TOKEN_USED)) == 1


async def test_a_token_that_ends_meanwhile_makes_nothing(home: Home) -> None:
    """Between the bot's look and its act: no row, no event, and no key is left in the keyring."""
    _, record = sealed()
    async with home.open("bot") as bot, home.open() as web:
        token = await token_for(bot, Scope.SEND)
        one = await asked(bot, web, home, token, record)
        owner = await owner_of(bot, home, one)
        await tokens.revoke(bot, token.id, by=Actor.SENDER)
        with pytest.raises(UnknownTokenError):
            await asked_records.make(bot, one, owner)
        assert key_files(bot) == {}
        assert await said_of_records(bot) == []
        async with bot.db.read() as tx:
            assert (await tx.execute(select(made_records))).all() == []


async def test_a_lost_answer_to_a_commit_keeps_the_key(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commit was made and its answer lost: whoever looks at once may not see it, and must erase nothing."""
    key, record = sealed()
    async with home.open("bot") as bot, home.open() as web:
        token = await token_for(bot, Scope.SEND)
        one = await asked(bot, web, home, token, record)
        owner, write = await owner_of(bot, home, one), bot.db.write

        @asynccontextmanager
        async def lost() -> AsyncIterator[AsyncConnection]:
            async with write() as tx:
                yield tx
            raise StoreUnavailableError("the answer was lost")

        async def nothing_so_far(*_: object) -> Stands:
            return Stands(State.ASKED)

        with monkeypatch.context() as broken:
            broken.setattr(asked_records, "look", nothing_so_far)
            broken.setattr(bot.db, "write", lost)
            with pytest.raises(StoreUnavailableError):
                await asked_records.make(bot, one, owner)
        assert (await asked_records.look(web, record)).state is State.DONE
        assert await read(web, key) == VALUE


async def test_what_breaks_off_before_its_commit_leaves_no_key(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database goes away in the transaction: nothing is made and no key is kept, so that the next try makes it."""
    key, record = sealed()
    async with home.open("bot") as bot, home.open() as web:
        token = await token_for(bot, Scope.SEND)
        one = await asked(bot, web, home, token, record)
        owner = await owner_of(bot, home, one)

        async def gone(*_: object, **__: object) -> None:
            raise StoreUnavailableError("the database does not answer")

        with monkeypatch.context() as broken:
            broken.setattr(asked_records, "insert_in", gone)
            with pytest.raises(StoreUnavailableError):
                await asked_records.make(bot, one, owner)
        assert key_files(bot) == {}
        assert await asked_records.make(bot, one, owner)
        assert await read(web, key) == VALUE


async def test_whose_it_is_cannot_be_told_just_now(home: Home) -> None:
    """A month's key that is away is no refusal: neither a record that is not there, nor one of somebody else."""
    async with home.open("bot") as bot:
        made, _ = await records.make(
            bot, records.Named("Key", owner="UMAYA", team="TWORKSPACE"), VALUE, lives_seconds=3600
        )
        [month] = (home.keyring / "months").iterdir()
        aside = month.rename(home.path / "aside")
        with pytest.raises(KeyUnreadableError):
            await own_records.is_own(bot, "UMAYA", "TWORKSPACE", made.id)
        aside.rename(month)
        assert await own_records.is_own(bot, "UMAYA", "TWORKSPACE", made.id)


async def test_what_waits_holds_no_value_and_no_token(home: Home) -> None:
    """Without a bot nothing is taken; what is answered holds nothing any more, and is gone after two minutes."""
    key, record = sealed()
    async with home.open("bot") as bot, home.open() as web:
        token = await token_for(bot, Scope.SEND)
        with pytest.raises(NoBotError):
            await asked_records.ask(web, token, record)
        one = await asked(bot, web, home, token, record)

        async def kept() -> bytes:
            async with bot.db.read() as tx:
                rows = (await tx.execute(select(table))).all()
            return b"".join(x if isinstance(x, bytes) else str(x).encode() for row in rows for x in row)

        for secret in (token.secret, token.text.encode(), key.secret, VALUE.strip().encode(), WANTED.label.encode()):
            assert secret not in await kept()
        assert record.inside.wrapped_key not in await kept()
        assert record.inside.box in await kept()
        await asked_records.make(bot, one, await owner_of(bot, home, one))
        assert record.inside.box not in await kept()
        home.advance_clock(121)
        await sweeper.sweep(web)
        assert await kept() == b""
