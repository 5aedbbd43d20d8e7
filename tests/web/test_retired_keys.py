"""A key of the bot's leaked and is retired: what it signed for reads nothing more, through the running program."""

from reveal_web.assets import Assets
from reveal_web.settings import WebSettings
from store import tokens
from store.log.sequencer import Sequencer
from store.words import Event, Scope
from tests.keys.test_retiring import leaked, retired
from tests.store.test_log import drained
from tests.store.test_tokens import said
from tests.stores import PUBLIC_URL, Home
from tests.web import wire
from tests.web.conftest import run_world


async def test_a_token_of_a_retired_key_reads_no_more(sqlite_home: Home, page: Assets) -> None:
    """It ends with the key, and an event that the log takes says so of each; one of the key in use serves on."""
    home = sqlite_home
    settings = WebSettings(
        public_url=PUBLIC_URL, database_url=home.database_url, keyring_dir=home.keyring,
        test_clock_file=home.clock_file, web_port=0,
    )  # fmt: skip
    async with leaked(home) as (bot, thief, kid):
        of_before, of_now = [
            (await tokens.make(store, "T1", "U1", scopes=frozenset({Scope.READ})))[0] for store in (thief, bot)
        ]
        async for world in run_world(settings, page):
            asked = [wire.get("/api/v1/drops", Authorization=f"Bearer {one.text}") for one in (of_before, of_now)]
            assert [(await world.ask(one)).status for one in asked] == [200, 200]
            await retired(bot, home, kid)
            assert [(await world.ask(one)).status for one in asked] == [401, 200]
        ended = [(one["token"], one["by"]) for one in await said(bot, Event.TOKEN_REVOKED)]
        assert ended == [(of_before.id_text, "admin")]
        assert await drained(Sequencer(bot, home.signing)) == []
