"""Tokens whose grants a retired key has signed: they read nothing any more, and the log says that they ended."""

from sqlalchemy import update

from store import tokens
from store.formats.api_token_v1 import ApiToken
from store.log.sequencer import Sequencer
from store.schema_of_tokens import tokens as table
from store.words import Actor, Event, Scope
from tests.keys.test_retiring import leaked, retired
from tests.programs import Call, Running, web
from tests.store.living import created
from tests.store.test_log import drained
from tests.store.test_tokens import said
from tests.stores import Home


async def read(server: Running, token: ApiToken, drop: str) -> int:
    """The status of reading one of its owner's drops."""
    asks = {"Authorization": f"Bearer {token.text}"}
    return (await Call(server.port, "GET", f"/api/v1/drops/{drop}", headers=asks).answer()).status


async def test_they_end_and_those_of_other_keys_do_not(home: Home) -> None:
    """Through the real server, which reads on the word of the row; one that had ended has no second end."""
    async with leaked(home) as (bot, thief, kid), web(home) as server:
        drop = (await created(bot)).link.id_text
        of_before, of_now, ended, damaged = [
            (await tokens.make(one, "TWORKSPACE", "UMAYA", scopes=frozenset({Scope.READ})))[0]
            for one in (thief, bot, thief, bot)
        ]
        assert await tokens.revoke(bot, ended.id, by=Actor.SENDER, user_id="UMAYA")
        async with bot.db.write() as tx:
            await tx.execute(update(table).where(table.c.id == damaged.id).values(signed="no grant"))
        assert [await read(server, one, drop) for one in (of_before, of_now, ended)] == [200, 200, 401]
        await retired(bot, home, kid)
        assert [await read(server, one, drop) for one in (of_before, of_now, ended)] == [401, 200, 401]
        ends = [(one["token"], one["by"]) for one in await said(bot, Event.TOKEN_REVOKED)]
        assert ends == [(ended.id_text, "sender"), (of_before.id_text, "admin")]
        assert await drained(Sequencer(bot, home.signing)) == []
