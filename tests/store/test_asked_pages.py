"""A client's page is made on the word of the token that came sealed, says what was asked, and opens for its link."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from sqlalchemy import select

from store import asked_records, records
from store.asked_doors import Asked
from store.asked_records import Stands
from store.asked_words import AskedRecord as State
from store.asked_words import NotMade
from store.errors import DuplicateDropError, UnacceptableRecordError, UnknownTokenError
from store.formats import header_v1
from store.record_doors import RecordDoor
from store.schema_of_records import asked_records as table
from store.words import Scope
from tests.sealed_elsewhere import WANTED, published, sealed_page, sealed_record
from tests.store.looking import HINT, SENDER
from tests.store.recording import VALUE, said
from tests.store.test_api_tokens import token_for
from tests.store.test_asked_records import asked, owner_of
from tests.stores import Home

OTHERS: Mapping[str, Mapping[str, object]] = {
    "for another id": {"id": "A" * 22},
    "has a passphrase": {"mode": "n"},
    "holds a text": {"kind": "file"},
    "another label": {"label": "Another"},
    "1 to 100 letters": {"sender": "a\u202eb"},
    "another time": {"expires_at": 2**40},
    "is the clock right": {"created_at": 1000, "expires_at": 4600},
    "nine members": {"note": "x"},
}


async def test_a_page_from_the_question_to_the_view(home: Home) -> None:
    """Until the bot answers nothing that follows from link and passphrase is there in clear, and nothing afterwards."""
    async with home.open("bot") as bot, home.open() as web:
        token = await token_for(bot, Scope.SEND)
        holder, page = sealed_page(present=bot.clock.now_seconds() - 30, most_reads=3)
        one = await asked(bot, web, home, token, page)

        async def kept() -> bytes:
            async with bot.db.read() as tx:
                rows = (await tx.execute(select(table))).all()
            return b"".join(x if isinstance(x, bytes) else str(x).encode() for row in rows for x in row)

        derived = page.derived
        secrets = [derived.link_proof, derived.auth_token, derived.commit, page.inside.wrapped_key]
        for secret in (*secrets, SENDER.encode(), HINT.encode(), WANTED.label.encode()):
            assert secret not in await kept()
        assert await asked_records.make(bot, one, await owner_of(bot, home, one))
        assert page.inside.box not in await kept()
        held = await records.find(bot, holder.id)
        assert await asked_records.look(web, page) == Stands(State.DONE, until=held.expires_at)
        assert (held.door, held.reads_left, held.expires_at) == (
            RecordDoor.PAGE,
            3,
            header_v1.parse(page.header).expires_at * 1000,
        )
        seen = await holder.look(web)
        assert (seen.header, seen.hint, seen.tries_left) == (page.header, HINT, 5)
        assert [await holder.view(web) for _ in range(2)] == [VALUE] * 2
        assert [(one["evt"], one["door"]) for one in await said(bot)] == [
            (f"record.{word}", "page") for word in ("created", "read", "read")
        ]


async def test_nobody_makes_a_page_that_was_not_sealed_to_the_bot(home: Home) -> None:
    """Whatever of the row is another; and the id is one record's, by whichever door."""
    async with home.open("bot") as bot, home.open() as web:
        token, now = await token_for(bot, Scope.SEND), bot.clock.now_seconds()
        (_, page), (_, other), (_, record) = sealed_page(present=now), sealed_page(present=now), sealed_record()
        one = await asked(bot, web, home, token, page)
        derived, inside = page.derived, page.inside
        changed: list[Asked] = [
            replace(page, id=other.id),
            replace(page, header=other.header),
            replace(page, hint=None),
            replace(page, wanted=replace(WANTED, most_reads=1)),
            replace(page, inside=replace(inside, wrapped_key=other.inside.wrapped_key)),
            replace(page, inside=replace(inside, box=other.inside.box)),
            *(
                replace(page, derived=replace(derived, **{name: getattr(other.derived, name)}))
                for name in ("link_proof", "auth_token", "commit")
            ),
        ]
        for what in (*changed, record):
            with pytest.raises(UnknownTokenError):
                await owner_of(bot, home, replace(one, asked=what))
        for what in (*changed[1:], replace(record, id=page.id)):
            with pytest.raises(DuplicateDropError):
                await asked_records.ask(web, token, what)


@pytest.mark.parametrize("why", OTHERS)
async def test_a_header_that_says_something_else(sqlite_home: Home, why: str) -> None:
    """Of each its own sentence; nothing is asked of the bot."""
    async with sqlite_home.open("bot") as bot, sqlite_home.open() as web:
        await published(bot, sqlite_home)
        token, now = await token_for(bot, Scope.SEND), bot.clock.now_seconds()
        _, page = sealed_page(present=now, header=OTHERS[why])
        _, over = sealed_page(present=now - 1000, lives_seconds=999)
        for unfit, said in ((page, why), (over, "over already")):
            with pytest.raises(UnacceptableRecordError, match=said):
                await asked_records.ask(web, token, unfit)
        assert await asked_records.waiting(bot) == []


async def test_what_was_taken_in_once_stays_the_same(sqlite_home: Home) -> None:
    """However late its client asks again; what was refused is judged anew."""
    home = sqlite_home
    async with home.open("bot") as bot, home.open() as web:
        token, now = await token_for(bot, Scope.SEND), bot.clock.now_seconds()
        (_, page), (_, late) = sealed_page(present=now), sealed_page(present=now)
        one = await asked(bot, web, home, token, page)
        assert await asked_records.make(bot, one, await owner_of(bot, home, one))
        assert await asked_records.refuse(
            bot, await asked(bot, web, home, token, late), NotMade.WRONG_NAME, is_known=True
        )
        home.advance_clock(1300)
        await asked_records.ask(web, token, page)
        assert (await asked_records.look(web, page)).state is State.DONE
        with pytest.raises(UnacceptableRecordError, match="is the clock right"):
            await asked_records.ask(web, token, late)
