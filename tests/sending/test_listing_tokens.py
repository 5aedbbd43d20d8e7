"""`sendsecret token list`: what operators read, also where somebody damaged a row."""

import asyncio

from sqlalchemy import update

from store.schema_of_tokens import tokens as table
from tests.evidence.packs import command
from tests.store.asking import given
from tests.stores import Home


async def test_a_damaged_row_hides_neither_the_others_nor_itself(sqlite_home: Home) -> None:
    """It is named, so that it can be ended."""
    async with sqlite_home.open("bot") as bot:
        damaged, sound = await given(bot), await given(bot, "USAM")
        async with bot.db.write() as tx:
            await tx.execute(update(table).where(table.c.id == damaged.id).values(personal=bytes(64)))
    listed = await asyncio.to_thread(command, sqlite_home, "token", "list")
    assert listed.exit_code == 0, listed.output
    [first, second] = listed.stdout.splitlines()
    assert first.startswith(f"{damaged.id_text}  owner unreadable  send ")
    assert second.startswith(f"{sound.id_text}  USAM ")
    ended = await asyncio.to_thread(command, sqlite_home, "token", "revoke", damaged.id_text)
    assert (ended.exit_code, f"Ended: {damaged.id_text}" in ended.stdout) == (0, True)
