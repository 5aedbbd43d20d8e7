"""Every key that is believed is published, whatever the database has forgotten."""

import asyncio
import json
from typing import Any

from store.keys import event_keys
from store.keys.publishing import publish_believed
from store.log import published
from store.opened import Store
from tests.evidence.packs import command
from tests.keys.rotating import event_bot, faults, lives
from tests.store.test_log_guard import backup  # noqa: F401 - a fixture
from tests.stores import Home


async def kids(store: Store) -> set[str]:
    """Those of `jwks.json`."""
    return {json.loads(jwk)["kid"] for jwk in await published.event_keys(store)}


async def test_a_restored_backup_takes_no_key_out_of_jwks(sqlite_home: Home, backup: Any) -> None:  # noqa: F811
    """Also one that came and went after the backup: its receipts are out in the world."""
    home, (take, restore) = sqlite_home, backup
    async with home.open("bot") as bot, home.open("web") as web:
        await lives(home, bot, web)
    take()
    async with home.open("bot") as bot, home.open("web") as web:
        await event_bot(bot, home)
        between = bot.signer.key.kid
        await lives(home, bot, web)
        await event_bot(bot, home)
    restore()
    async with home.open("web") as web:
        assert between not in await kids(web)
        assert any(f"key {between} is believed, and its row is gone" in line for line in await faults(home))
    assert (await asyncio.to_thread(command, home, "log", "new")).exit_code == 0
    async with home.open("web") as web:
        assert between in await kids(web)
    assert [line for line in await faults(home) if "its row is gone" in line] == []


async def test_a_prepared_key_is_published_at_once(home: Home) -> None:
    """Whoever carries it to another host finds it known there, and nothing is wrong meanwhile."""
    async with home.open("bot") as bot:
        path = home.signing / "event-bot.key"
        prepared = await event_keys.rotate(bot, home.signing, "event-bot", path, only_prepare=True)
        assert prepared.new in await kids(bot)


async def test_a_damaged_file_stops_the_log_and_no_program(home: Home) -> None:
    """What cannot be read is not published; the log itself says what is wrong."""
    async with home.open("bot") as bot:
        known = await kids(bot)
        (home.signing / "trusted" / "bot-none.jwk").write_text("no key")
        await publish_believed(bot.db, home.signing)
        assert await kids(bot) == known
