"""What the security team reads of tokens for the command line: who was given one, and that it ended."""

from sqlalchemy import select, update

from sandbox.fixtures import AUDIT, MAYA, SAM, TEAM
from store import forgetting_owners, tokens
from store.formats import api_token_v1
from store.formats.api_token_v1 import ApiToken
from store.opened import Store
from store.schema import notices
from store.schema_of_tokens import tokens as table
from store.words import Actor
from tests.bot.desk import Desk, found
from tests.bot.test_orders_asked import ask
from tests.bot.test_token_desk import TOKEN, typed


async def read(desk: Desk, token: ApiToken, contains: str) -> str:
    """An entry about a token."""
    message = found(await desk.sandbox.wait_message(SAM, AUDIT, contains=contains))
    assert f"`{token.id_text}`" in message["text"]
    return str(message["text"])


async def made(bot: Store, desk: Desk) -> ApiToken:
    """A token of Maya's, of which the security team has read."""
    token, _ = await tokens.make(bot, TEAM, MAYA)
    await read(desk, token, f"`{token.id_text}` for the command line made for *Maya Castillo*")
    return token


async def test_who_is_given_a_token_is_told_and_who_ends_it(desk: Desk) -> None:
    """By its name, which does nothing; never the token, and nobody's id stands in what is owed."""
    [text] = TOKEN.findall(await typed(desk, ""))
    token = api_token_v1.parse(text)
    told = await read(desk, token, "made for *Maya Castillo*, until <!date")
    assert await desk.sandbox.wait_message(SAM, AUDIT, contains=told)
    await typed(desk, f"revoke {token.id_text}")
    await read(desk, token, "of *Maya Castillo* ended by its owner")
    assert text not in str(desk.sandbox.messages(SAM, AUDIT))
    async with desk.store.db.read() as tx:
        owed = str((await tx.execute(select(notices.c.about))).scalars().all())
    assert token.id_text in owed
    assert MAYA not in owed
    assert text not in owed


async def test_each_use_is_told_of_its_drop_alone(desk: Desk) -> None:
    """An entry for each question of a client would hide what is to be seen."""
    async with desk.home.open("bot") as bot:
        token = await made(bot, desk)
        await ask(desk, token)
        await tokens.revoke(bot, token.id, by=Actor.ADMIN)
    await read(desk, token, "ended by whoever runs Sendsecret")
    about = [message for message in desk.sandbox.messages(SAM, AUDIT) if token.id_text in message["text"]]
    assert len(about) == 2


async def test_whoever_is_forgotten_is_named_no_more(desk: Desk) -> None:
    """Their token ends with it; an entry that came late would have no name either."""
    async with desk.home.open("bot") as bot:
        token = await made(bot, desk)
        [(name, jti)] = await forgetting_owners.find(bot, MAYA)
        await forgetting_owners.forget(bot, name, jti)
        assert "Maya" not in await read(desk, token, "ended: its owner was forgotten")
        assert await tokens.whose(bot, token.id) is None


async def test_a_token_that_ended_before_is_not_told_to_end(desk: Desk) -> None:
    """Whoever watches would look for what was done with it until now."""
    async with desk.home.open("bot") as bot:
        revoked = await made(bot, desk)
        await tokens.revoke(bot, revoked.id, by=Actor.SENDER)
        await read(desk, revoked, "ended by its owner")
        expired = await made(bot, desk)
        async with bot.db.write() as tx:
            await tx.execute(update(table).where(table.c.id == expired.id).values(until=1))
        live = await made(bot, desk)
        for name, jti in await forgetting_owners.find(bot, MAYA):
            await forgetting_owners.forget(bot, name, jti)
        await read(desk, live, "ended: its owner was forgotten")
        told = [message["text"] for message in desk.sandbox.messages(SAM, AUDIT) if "forgotten" in message["text"]]
        assert len(told) == 1
