"""Tokens: found by themselves alone, believed on the bot's word alone, ended at once, forgotten with their owner."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from store import events as log_events
from store import forgetting_owners, personal, sweeper, tokens, tokens_granted, tokens_of_a_person
from store.errors import KeyUnreadableError, TooManyTokensError, UnknownTokenError
from store.formats import event_v1
from store.formats.api_token_v1 import ApiToken
from store.log.who_may_say import believed
from store.opened import Store
from store.schema import disclosures, events
from store.schema_of_tokens import tokens as table
from store.verifying.findings import Finding
from store.verifying.whole_store import check
from store.words import Actor, Event, Scope
from tests.store.asking import damaged, given
from tests.stores import Home


@pytest.fixture
async def bot(home: Home) -> AsyncIterator[Store]:
    """The bot's store."""
    async with home.open("bot") as bot:
        yield bot


async def said(store: Store, event: Event) -> list[dict[str, object]]:
    """The claims of each such event."""
    async with store.db.read() as tx:
        leaves = (await tx.execute(select(events.c.leaf).where(events.c.event == event))).scalars().all()
    return [event_v1.unverified(leaf) for leaf in leaves]


async def failures(store: Store, home: Home) -> list[Finding]:
    """What `verify --store` finds wrong."""
    found = await check(store.db, home.signing, home.keyring, [])
    return [one for one in found if not one.holds and one.about in {"events", "disclosures"}]


async def test_a_token_says_whose_it_is(bot: Store, home: Home) -> None:
    """Of it only a hash is kept, and of its owner nothing in clear; the log names it and not them."""
    token = await given(bot)
    owner, held = await tokens.find(bot, token)
    assert (owner.team_id, owner.user_id, held.id, held.used_at) == ("TWORKSPACE", "UMAYA", token.id, None)
    assert held.until - held.created_at == 90 * 86_400_000
    async with bot.db.read() as tx:
        [row] = (await tx.execute(select(table))).all()
    for canary in (token.secret, b"UMAYA", token.text.encode()):
        assert canary not in b"".join(x if isinstance(x, bytes) else str(x).encode() for x in row)
    [created] = await said(bot, Event.TOKEN_CREATED)
    assert (created["token"], len(created["_sd"])) == (token.id_text, 2)  # type: ignore[arg-type]
    assert "UMAYA" not in str(created)


async def test_every_other_token_is_unknown(bot: Store, home: Home) -> None:
    """Another secret, another id, revoked, expired: one answer."""
    token, later = await given(bot), await given(bot)
    for wrong in (ApiToken(token.id, secrets.token_bytes(32)), ApiToken(secrets.token_bytes(12), token.secret)):
        with pytest.raises(UnknownTokenError):
            await tokens.find(bot, wrong)
    assert not await tokens.revoke(bot, token.id, by=Actor.SENDER, user_id="UDANA")
    assert await tokens.revoke(bot, token.id, by=Actor.SENDER, user_id="UMAYA")
    assert not await tokens.revoke(bot, token.id, by=Actor.SENDER, user_id="UMAYA")
    with pytest.raises(UnknownTokenError):
        await tokens.find(bot, token)
    assert [(one["token"], one["by"]) for one in await said(bot, Event.TOKEN_REVOKED)] == [(token.id_text, "sender")]
    assert [one.id for one in await tokens.of_person(bot, "UMAYA")] == [later.id]
    home.advance_clock(90 * 86_400 + 1)
    with pytest.raises(UnknownTokenError):
        await tokens.find(bot, later)


async def test_ten_at_once(bot: Store) -> None:
    """More are refused, and one that ended makes room; another person's do not count."""
    held = [await given(bot) for _ in range(tokens.MOST_LIVE)]
    with pytest.raises(TooManyTokensError):
        await given(bot)
    await given(bot, "USAM")
    await tokens.revoke(bot, held[0].id, by=Actor.SENDER)
    await given(bot)


async def test_two_at_once_are_no_more_than_one(bot: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second counts when the first has made its own; each waits a while for the other behind its count."""
    for _ in range(tokens.MOST_LIVE - 1):
        await given(bot)
    arrived, both = [], asyncio.Event()
    say = log_events.append_without_drop

    async def behind_the_count(*said: Any, **more: Any) -> Any:
        arrived.append(said)
        if len(arrived) == 2:
            both.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(both.wait(), 1)
        return await say(*said, **more)

    monkeypatch.setattr(log_events, "append_without_drop", behind_the_count)
    done = await asyncio.gather(given(bot), given(bot), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["ApiToken", "TooManyTokensError"]
    assert len(await tokens.of_person(bot, "UMAYA")) == tokens.MOST_LIVE


async def test_only_what_the_bot_signed_is_granted(bot: Store, home: Home) -> None:
    """A row that somebody else wrote, for another person or another token, is no grant; nor is one of another key."""
    token, speakers = await given(bot), believed(home.signing)
    assert (await tokens_granted.granted(bot, token, speakers, Scope.SEND)).user_id == "UMAYA"
    forged = ApiToken(secrets.token_bytes(12), secrets.token_bytes(32))
    async with bot.db.write() as tx:
        [row] = (await tx.execute(select(table))).all()
        bound = [tokens.bound_to(one.id, one.proof, tokens.SEND_ONLY) for one in (token, forged)]
        owner = personal.token_of(bot.months, row.month, bound[0], row.personal) or ""
        sealed = personal.seal_token(bot.months.to_write(row.month), bound[1], owner)
        values = dict(row._mapping) | {"id": forged.id, "proof": forged.proof, "personal": sealed}
        await tx.execute(insert(table).values(**values))
    with pytest.raises(UnknownTokenError):
        await tokens_granted.granted(bot, forged, speakers, Scope.SEND)
    async with home.open("web") as web:
        theirs = await given(web)
    assert (await tokens.find(bot, theirs))[0].user_id == "UMAYA"
    with pytest.raises(UnknownTokenError):
        await tokens_granted.granted(bot, theirs, speakers, Scope.SEND)
    retired = {kid: replace(one, retired=1) for kid, one in speakers.items()}
    with pytest.raises(UnknownTokenError):
        await tokens_granted.granted(bot, token, retired, Scope.SEND)


async def test_another_hash_in_its_row_makes_another_token_of_none(bot: Store, home: Home) -> None:
    """Whoever can write the table puts a hash of their own secret there, and has no token; nor for anything else."""
    token, speakers = await given(bot), believed(home.signing)
    mine = ApiToken(token.id, secrets.token_bytes(32))
    for changed, shown in (({"proof": mine.proof}, mine), ({"proof": token.proof, "scopes": "read send"}, token)):
        async with bot.db.write() as tx:
            await tx.execute(update(table).values(**changed))
        with pytest.raises(KeyUnreadableError):
            await tokens.find(bot, shown)
    async with bot.db.write() as tx:
        [row] = (await tx.execute(select(table))).all()
        bound = tokens.bound_to(token.id, mine.proof, tokens.SEND_ONLY)
        owner = personal.token_of(bot.months, row.month, tokens.bound_to(token.id, token.proof, tokens.SEND_ONLY),
                                  row.personal)  # fmt: skip
        sealed = personal.seal_token(bot.months.to_write(row.month), bound, owner or "")
        await tx.execute(update(table).values(proof=mine.proof, scopes="send", personal=sealed))
    assert (await tokens.find(bot, mine))[0].user_id == "UMAYA"  # with the keyring as well: the bot goes by its grant
    with pytest.raises(UnknownTokenError):
        await tokens_granted.granted(bot, mine, speakers, Scope.SEND)


async def test_a_token_of_before_sends_and_reads_nothing(bot: Store, home: Home) -> None:
    """Its owner was sealed for its id alone: it serves as it did, and nobody makes it one for something else."""
    token = await given(bot)
    async with bot.db.write() as tx:
        [row] = (await tx.execute(select(table))).all()
        owner = personal.token_of(bot.months, row.month, tokens.bound_to(token.id, token.proof, tokens.SEND_ONLY),
                                  row.personal)  # fmt: skip
        sealed = personal.seal_token(bot.months.to_write(row.month), token.id, owner or "")
        await tx.execute(update(table).values(personal=sealed))
    assert (await tokens_granted.granted(bot, token, believed(home.signing), Scope.SEND)).user_id == "UMAYA"
    assert [one.id for one in await tokens.of_person(bot, "UMAYA", team_id="TWORKSPACE")] == [token.id]
    async with bot.db.write() as tx:
        await tx.execute(update(table).values(scopes="read"))
    with pytest.raises(KeyUnreadableError):
        await tokens.find(bot, token)


async def test_one_damaged_row_protects_no_token(bot: Store) -> None:
    """It is its owner's by its pseudonym: it is listed, ends with the others, and whose it was is not waited for."""
    token, other = await given(bot), await given(bot)
    await damaged(bot, token)
    with pytest.raises(KeyUnreadableError):
        await tokens.find(bot, token)
    assert [one.id for one in await tokens.of_person(bot, "UMAYA", team_id="TWORKSPACE")] == [token.id, other.id]
    assert await tokens.of_person(bot, "USAM", team_id="TWORKSPACE") == []
    end = tokens_of_a_person.end
    assert await end(bot, "UMAYA", "TWORKSPACE", by=Actor.CLOCK, why=tokens.WhyEnded.LEFT) == 2
    assert await tokens.of_person(bot, "UMAYA") == []
    assert await tokens.whose(bot, token.id) is None


async def test_whose_a_token_was_is_waited_for_while_the_keyring_is_away(bot: Store, home: Home) -> None:
    """An absent key is mounted again: what is told of a token then has its owner's name."""
    token = await given(bot)
    [month] = (home.keyring / "months").iterdir()
    hidden = month.rename(home.keyring / "hidden")
    with pytest.raises(KeyUnreadableError):
        await tokens.whose(bot, token.id)
    hidden.rename(month)
    owner = await tokens.whose(bot, token.id)
    assert owner is not None
    assert owner.user_id == "UMAYA"


async def test_whoever_is_forgotten_has_no_token(bot: Store, home: Home) -> None:
    """Rows and disclosures go, and a check of the store is told why; another person's stay."""
    token, other = await given(bot), await given(bot, "USAM")
    await tokens.revoke(bot, (await given(bot)).id, by=Actor.SENDER)
    owned = await forgetting_owners.find(bot, "UMAYA")
    assert len(owned) == 2
    for one in (*owned, *owned):
        await forgetting_owners.forget(bot, *one)
    assert await forgetting_owners.find(bot, "UMAYA") == []
    with pytest.raises(UnknownTokenError):
        await tokens.find(bot, token)
    await tokens.find(bot, other)
    assert len(await said(bot, Event.PERSON_FORGOTTEN)) == 2
    assert await failures(bot, home) == []
    async with bot.db.write() as tx:
        await tx.execute(disclosures.delete())
    assert await failures(bot, home) != []


async def test_what_ended_long_ago_is_swept_away(bot: Store, home: Home) -> None:
    """A month after its end nobody needs the row."""
    await tokens.revoke(bot, (await given(bot)).id, by=Actor.SENDER)
    await given(bot)
    home.advance_clock(31 * 86_400)
    await sweeper.sweep(bot)
    async with bot.db.read() as tx:
        assert len((await tx.execute(select(table))).all()) == 1
