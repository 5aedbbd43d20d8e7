"""A client revokes on the word of the token that came sealed: its owner's drops alone, once, whatever crashes."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from store import asked_revokes, drops, endings, records, sweeper, tokens
from store.asked_words import AskedRevoke, NotRevoked, Revocable
from store.errors import NoBotError, UnknownTokenError, WrongScopeError
from store.formats.api_token_v1 import ApiToken
from store.formats.record_key_v1 import RecordKey
from store.formats.token_grant_v1 import Owner
from store.link_opener import LinkOpener
from store.log.who_may_say import believed
from store.opened import Store
from store.records import Named
from store.schema_of_tokens import asked_revokes as questions
from store.schema_of_tokens import tokens as table
from store.words import Actor, Event, Outcome, RecordState, Scope, State
from tests.sealed_elsewhere import published
from tests.store.recording import VALUE, key_files
from tests.store.recording import said as said_of_records
from tests.store.test_api_tokens import sent_by, token_for
from tests.store.test_tokens import said
from tests.stores import Home


async def asked(
    bot: Store, web: Store, home: Home, token: ApiToken, drop_id: bytes, what: Revocable = Revocable.DROP
) -> asked_revokes.Waiting:
    """What a client asks to be revoked, as the bot finds it."""
    await published(bot, home)
    asked_id = await asked_revokes.ask(web, token, drop_id, what)
    [one] = [one for one in await asked_revokes.waiting(bot) if one.id == asked_id]
    return one


async def owner_of(bot: Store, home: Home, one: asked_revokes.Waiting) -> Owner:
    """Who asks, as the bot finds out.  Raises UnknownTokenError."""
    opened = LinkOpener(home.signing).open(one.id, one.proof)
    return await asked_revokes.owner_of(bot, one, opened or "", believed(home.signing))


async def test_revoking_from_the_question_to_the_end(home: Home) -> None:
    """On the word of the token; twice is once; the log says which token, and the web program's key says none of it."""
    async with home.open("bot") as bot, home.open() as web:
        drop, token = await sent_by(bot), await token_for(bot, Scope.REVOKE)
        one, again = [await asked(bot, web, home, token, drop.id) for _ in range(2)]
        assert await asked_revokes.look(web, one.id) == (AskedRevoke.ASKED, None)
        owner = await owner_of(bot, home, one)
        assert owner.user_id == "UMAYA"
        assert await asked_revokes.carry_out(bot, one, owner)
        assert not await asked_revokes.carry_out(bot, one, owner)
        assert await asked_revokes.look(web, one.id) == (AskedRevoke.DONE, None)
        assert await asked_revokes.carry_out(bot, again, owner)
        ended = await drops.find(web, drop.id)
        assert ended is not None
        assert (ended.state, ended.outcome, ended.ended_by) == (State.DESTROYED, Outcome.REVOKED, "sender")
        used = await said(bot, Event.TOKEN_USED)
        assert [(one["what"], one["answer"], str(one["asked"])[:3]) for one in used] == [
            ("revoke", "revoke", "rv_")
        ] * 2
        assert len(await said(bot, Event.REVOKED)) == 1


async def test_nobody_revokes_without_the_sealed_token(home: Home) -> None:
    """Another drop in the row, the proof in another row, another token's name, later, another scope: nobody asks."""
    async with home.open("bot") as bot, home.open() as web:
        drop, other = await sent_by(bot), await sent_by(bot)
        token, mine = await token_for(bot, Scope.REVOKE), await token_for(bot, Scope.REVOKE)
        one = await asked(bot, web, home, token, drop.id)
        two = await asked(bot, web, home, token, other.id)
        for changed in (
            replace(one, drop_id=other.id),
            replace(one, proof=two.proof),
            replace(one, token_id=mine.id),
            replace(one, proof=b""),
        ):
            with pytest.raises(UnknownTokenError):
                await owner_of(bot, home, changed)
        sends = await asked(bot, web, home, await token_for(bot, Scope.SEND, Scope.READ), drop.id)
        with pytest.raises(WrongScopeError):
            await owner_of(bot, home, sends)
        home.advance_clock(121)
        with pytest.raises(UnknownTokenError):
            await owner_of(bot, home, one)
        assert await asked_revokes.waiting(bot) == []


async def test_somebody_elses_drop_is_not_revoked(home: Home) -> None:
    """It is refused as if there were none; the use of the token is on record."""
    async with home.open("bot") as bot, home.open() as web:
        token = await token_for(bot, Scope.REVOKE)
        for other in (await sent_by(bot, "USAM"), await sent_by(bot, team="TOTHER")):
            one = await asked(bot, web, home, token, other.id)
            assert not await asked_revokes.carry_out(bot, one, await owner_of(bot, home, one))
            assert await asked_revokes.look(web, one.id) == (AskedRevoke.REFUSED, NotRevoked.NOT_FOUND)
            left = await drops.find(bot, other.id)
            assert left is not None
            assert left.outcome is None
        assert [one["answer"] for one in await said(bot, Event.TOKEN_USED)] == ["refused"] * 2


async def test_a_token_that_ends_meanwhile_revokes_nothing(home: Home) -> None:
    """Between the bot's look and its act: nothing of it is kept, and the drop stays as it was."""
    async with home.open("bot") as bot, home.open() as web:
        drop, token = await sent_by(bot), await token_for(bot, Scope.REVOKE)
        one = await asked(bot, web, home, token, drop.id)
        owner = await owner_of(bot, home, one)
        await tokens.revoke(bot, token.id, by=Actor.SENDER)
        with pytest.raises(UnknownTokenError):
            await asked_revokes.carry_out(bot, one, owner)
        left = await drops.find(bot, drop.id)
        assert left is not None
        assert left.outcome is None
        assert await asked_revokes.refuse(bot, one, NotRevoked.NO_TOKEN, is_known=False)
        assert await asked_revokes.look(web, one.id) == (AskedRevoke.REFUSED, NotRevoked.NO_TOKEN)
        assert await said(bot, Event.TOKEN_USED) == []


async def test_a_crash_in_between_is_finished_by_whoever_sweeps(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the commit nobody can claim it; the rest is what every ending is, and a question goes in two minutes."""
    async with home.open("bot") as bot, home.open() as web:
        drop, token = await sent_by(bot), await token_for(bot, Scope.REVOKE)
        one = await asked(bot, web, home, token, drop.id)
        owner = await owner_of(bot, home, one)

        async def dies(*_: object, **__: object) -> None:
            raise OSError("the power went")

        with monkeypatch.context() as broken:
            broken.setattr(endings, "revoke", dies)
            with pytest.raises(OSError, match="power"):
                await asked_revokes.carry_out(bot, one, owner)
        assert await asked_revokes.look(web, one.id) == (AskedRevoke.BEGUN, None)
        home.advance_clock(121)
        await sweeper.sweep(web)
        left = await drops.find(bot, drop.id)
        assert left is not None
        assert (left.state, left.outcome) == (State.DESTROYED, Outcome.REVOKED)
        assert await asked_revokes.look(web, one.id) == (AskedRevoke.ASKED, None)


async def test_no_token_stands_in_the_database(home: Home) -> None:
    """Without a bot there is nobody to seal it to, and nothing is taken."""
    async with home.open("bot") as bot, home.open() as web:
        drop, token = await sent_by(bot), await token_for(bot, Scope.REVOKE)
        with pytest.raises(NoBotError):
            await asked_revokes.ask(web, token, drop.id)
        await asked(bot, web, home, token, drop.id)
        async with bot.db.read() as tx:
            kept = [*(await tx.execute(select(questions))).all(), *(await tx.execute(select(table))).all()]
        whole = b"".join(x if isinstance(x, bytes) else str(x).encode() for row in kept for x in row)
        assert token.secret not in whole
        assert token.text.encode() not in whole


async def test_a_record_is_revoked_by_its_owners_token(home: Home) -> None:
    """Its key reads nothing, its part of the keyring is gone; again is the same; somebody else's is not there."""
    async with home.open("bot") as bot, home.open() as web:
        token = await token_for(bot, Scope.REVOKE)
        own, others = [await a_record(bot, owner) for owner in ("UMAYA", "USAM")]
        elsewhere = await a_record(bot, "UMAYA", team="TOTHER")
        answers = (
            (own, AskedRevoke.DONE),
            (own, AskedRevoke.DONE),
            *((o, AskedRevoke.REFUSED) for o in (others, elsewhere)),
        )
        for key, answer in answers:
            one = await asked(bot, web, home, token, key.id, Revocable.RECORD)
            done = await asked_revokes.carry_out(bot, one, await owner_of(bot, home, one))
            assert done is (answer is AskedRevoke.DONE)
            assert (await asked_revokes.look(web, one.id))[0] is answer
        assert (await records.find(bot, own.id)).state is RecordState.REVOKED
        for one_of_others in (others, elsewhere):
            assert (await records.find(bot, one_of_others.id)).state is RecordState.LIVE
        assert {name.id for name in key_files(bot)} == {others.id, elsewhere.id}
        [revoked] = [one for one in await said_of_records(bot) if one["evt"] == "record.revoked"]
        assert revoked["by"] == "sender"
        assert [one["answer"] for one in await said(bot, Event.TOKEN_USED)] == [
            "revoke",
            "revoke",
            "refused",
            "refused",
        ]


async def test_an_id_asked_about_as_a_drop_revokes_no_record(home: Home) -> None:
    """Nor the other way: whoever changes the row has the bot believe what was sealed."""
    async with home.open("bot") as bot, home.open() as web:
        token, key = await token_for(bot, Scope.REVOKE), await a_record(bot, "UMAYA")
        one = await asked(bot, web, home, token, key.id)
        with pytest.raises(UnknownTokenError):
            await owner_of(bot, home, replace(one, what=Revocable.RECORD))
        assert not await asked_revokes.carry_out(bot, one, await owner_of(bot, home, one))
        assert await asked_revokes.look(web, one.id) == (AskedRevoke.REFUSED, NotRevoked.NOT_FOUND)
        assert (await records.find(bot, key.id)).state is RecordState.LIVE


async def a_record(bot: Store, owner: str, team: str = "TWORKSPACE") -> RecordKey:
    """A record that somebody made."""
    return (await records.make(bot, Named("Stripe key", owner=owner, team=team), VALUE, lives_seconds=3600))[0]
