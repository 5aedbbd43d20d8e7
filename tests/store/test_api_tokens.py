"""What a token is for, that its reading is on record, and that only its owner's drops are there."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from store import drops, endings, own_drops, personal, sweeper, token_reads, tokens, tokens_granted
from store.drops import Drop
from store.errors import UnknownDropError, UnknownTokenError, WrongScopeError
from store.formats import token_grant_v1
from store.formats.api_token_v1 import ApiToken
from store.formats.errors import MalformedError
from store.formats.token_grant_v1 import Grant, Owner
from store.listing import Section
from store.log.sequencer import Sequencer
from store.log.who_may_say import believed
from store.opened import Store
from store.schema import drops as rows
from store.schema import events
from store.schema_of_tokens import token_reads as counted
from store.schema_of_tokens import tokens as table
from store.words import Actor, Event, Read, Scope
from tests.store.living import created
from tests.store.test_log import drained
from tests.store.test_tokens import said
from tests.stores import Home

MAYA = Owner("TWORKSPACE", "UMAYA", "salt")
EVERYTHING = frozenset(Scope)


async def token_for(bot: Store, *scopes: Scope, user: str = "UMAYA", team: str = "TWORKSPACE") -> ApiToken:
    """A token that the bot has given."""
    return (await tokens.make(bot, team, user, scopes=frozenset(scopes)))[0]


async def sent_by(store: Store, user: str = "UMAYA", team: str = "TWORKSPACE", **changed: object) -> Drop:
    """A drop that somebody sent."""
    made = await created(store, sender_id=user, team_id=team, **changed)
    drop = await drops.find(store, made.new.id)
    assert drop is not None
    return drop


async def test_what_a_token_is_for_is_what_was_signed(home: Home) -> None:
    """Whoever writes another scope into its row, with the keyring too, has the bot believe the grant all the same."""
    async with home.open("bot") as bot:
        speakers = believed(home.signing)
        reads, both = await token_for(bot, Scope.READ), await token_for(bot, Scope.REVOKE, Scope.SEND)
        assert (await tokens.find(bot, reads))[1].scopes == {Scope.READ}
        assert (await tokens.find(bot, both))[1].scopes == {Scope.REVOKE, Scope.SEND}
        async with bot.db.write() as tx:
            [row] = (await tx.execute(select(table).where(table.c.id == reads.id))).all()
            was = tokens.bound_to(reads.id, reads.proof, frozenset({Scope.READ}))
            owner = personal.token_of(bot.months, row.month, was, row.personal) or ""
            bound = tokens.bound_to(reads.id, reads.proof, frozenset(Scope))
            sealed = personal.seal_token(bot.months.to_write(row.month), bound, owner)
            whole = update(table).where(table.c.id == reads.id)
            await tx.execute(whole.values(scopes="read revoke send", personal=sealed))
        assert (await tokens.find(bot, reads))[1].scopes == set(Scope)
        for scope in Scope:
            if scope is Scope.READ:
                await tokens_granted.granted(bot, reads, speakers, scope)
            else:
                with pytest.raises(WrongScopeError):
                    await tokens_granted.granted(bot, reads, speakers, scope)
        await tokens_granted.granted(bot, both, speakers, Scope.SEND)
        made = await said(bot, Event.TOKEN_CREATED)
        assert [one["scopes"] for one in made] == [["read"], ["revoke", "send"]]
        assert {one["by"] for one in made} == {"sender"}


async def test_days_are_one_to_ninety(home: Home) -> None:
    """As many as are asked for; an operator's making stands in the log as theirs."""
    async with home.open("bot") as bot:
        _, until = await tokens.make(bot, "TWORKSPACE", "UMAYA", days=2, by=Actor.ADMIN)
        assert until // 1000 - bot.clock.now_seconds() in range(2 * 86_400 - 60, 2 * 86_400 + 1)
        assert [one["by"] for one in await said(bot, Event.TOKEN_CREATED)] == ["admin"]
        for days in (0, 91):
            with pytest.raises(ValueError, match="1 to 90"):
                await tokens.make(bot, "TWORKSPACE", "UMAYA", days=days)


def test_a_grant_of_before_is_for_sending() -> None:
    """It has no such member; one with something that nobody knows is none."""
    grant = Grant(bytes(12), 2**31, bytes(32), "owner")
    claims = {"iss": "x", "iat": 1, "jti": "tk_AAAAAAAAAAAAAAAA", "until": 2**31, "proof": "A" * 43, "owner": "owner"}
    assert token_grant_v1.of_claims(claims) == grant
    assert token_grant_v1.of_claims({**claims, "scopes": ["read"]}) == replace(grant, scopes=frozenset({Scope.READ}))
    for scopes in ([], ["everything"], "read", [["read"]], None, [1]):
        with pytest.raises(MalformedError):
            token_grant_v1.of_claims({**claims, "scopes": scopes})


async def test_reading_is_said_once_a_minute_with_how_often(home: Home) -> None:
    """At once the first time, then together; what nobody looks at any more is said by whoever sweeps."""
    async with home.open("bot") as bot, home.open() as web:
        token = await token_for(bot, Scope.READ)
        for _ in range(5):
            await token_reads.record(web, token.id, Read.LIST)
        await token_reads.record(web, token.id, Read.DROP)
        home.advance_clock(61)
        await token_reads.record(web, token.id, Read.LIST)
        await token_reads.record(web, token.id, Read.LIST)
        home.advance_clock(61)
        await sweeper.sweep(web)
        await sweeper.sweep(bot)
        used = [(one["what"], one["count"]) for one in await said(web, Event.TOKEN_USED)]
        assert used == [("list", 1), ("drop", 1), ("list", 5), ("list", 1)]
        home.advance_clock(61)
        await sweeper.sweep(web)
        async with web.db.read() as tx:
            assert (await tx.execute(select(counted))).all() == []
        await drained(Sequencer(bot, home.signing))
        async with bot.db.read() as tx:
            left = select(events.c.event).where(events.c.event == Event.TOKEN_USED)
            assert len((await tx.execute(left)).all()) == 4


async def test_a_token_that_ended_reads_nothing(home: Home) -> None:
    """Not even between the look at it and the answer; and nothing is on record."""
    async with home.open("bot") as bot:
        token = await token_for(bot, Scope.READ)
        await tokens.revoke(bot, token.id, by=Actor.SENDER)
        with pytest.raises(UnknownTokenError):
            await token_reads.record(bot, token.id, Read.LIST)
        assert await said(bot, Event.TOKEN_USED) == []


async def test_only_ones_own_drops_are_there(home: Home) -> None:
    """Another person's, another workspace's, one that never was, and one whose month was erased: not there."""
    async with home.open("bot") as bot:
        own = await sent_by(bot)
        others = [await sent_by(bot, "USAM"), await sent_by(bot, team="TOTHER")]
        assert (await own_drops.find(bot, MAYA, own.id)).id == own.id
        for other in (*(one.id for one in others), bytes(16), b""):
            with pytest.raises(UnknownDropError):
                await own_drops.find(bot, MAYA, other)
        page = await own_drops.page(bot, MAYA, most=10)
        assert ([one.id for one in page.drops], page.after) == ([own.id], None)
        await endings.revoke(bot, own.id)
        async with bot.db.write() as tx:
            await tx.execute(update(rows).where(rows.c.id == own.id).values(personal=None))
        nobodys = Owner("", "", "salt")
        for owner in (MAYA, nobodys):
            with pytest.raises(UnknownDropError):
                await own_drops.find(bot, owner, own.id)


async def test_pages_of_ones_own(home: Home) -> None:
    """Newest first, each once, whatever stands between; a section and a template narrow them."""
    async with home.open("bot") as bot:
        mine = []
        for number in range(7):
            mine.append((await sent_by(bot, template="stripe" if number % 2 else "ssh")).id)
            await sent_by(bot, team="TOTHER")
        found, after = [], None
        while True:
            page = await own_drops.page(bot, MAYA, after=after, most=3)
            found += [one.id for one in page.drops]
            if (after := page.after) is None:
                break
        assert (len(found), set(found)) == (7, set(mine))
        stripes = await own_drops.page(bot, MAYA, template="stripe", most=10)
        assert {one.id for one in stripes.drops} == {mine[1], mine[3], mine[5]}
        assert (await own_drops.page(bot, MAYA, Section.HISTORY, most=10)).drops == []


async def test_the_web_programs_key_says_of_tokens_that_they_read(home: Home) -> None:
    """Nothing else: not that one ordered or revoked."""
    async with home.open("bot") as bot, home.open() as web:
        token = await token_for(bot, Scope.READ)
        async with web.db.write() as tx:
            await tokens.say_used(tx, web, token.id, 1, what="list", count=1)
            for forged in ({"what": "revoke"}, {"order": "or_x"}, {"what": ["list"]}, {}):
                await tokens.say_used(tx, web, token.id, 1, **forged)
        assert (
            await drained(Sequencer(bot, home.signing))
            == [("token.used", "the key of web may say token.used only of reading")] * 4
        )
