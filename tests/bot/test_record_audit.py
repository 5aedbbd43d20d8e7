"""What the security team reads of records: each step that stands out, in order, whatever Slack does meanwhile."""

import pytest

from sandbox.fixtures import AUDIT, SAM
from sandbox.running import Sandbox
from store import record_endings, record_refusals, record_rotating, sweeper
from store.formats.record_key_v1 import RecordKey
from store.opened import Store
from tests.bot.desk import Desk, found, working
from tests.store.recording import LABEL, VALUE, VISITOR, made, read
from tests.stores import Home

STORY = (
    "made by whoever runs Sendsecret: a program reads it with its key until",
    "read for the first time with its present key",
    "asked for with a wrong key (so far: 1)",
    "given another key",
    "read for the first time with its present key",
    "revoked by an administrator, or whoever runs Sendsecret",
)


async def lived(bot: Store, web: Store) -> RecordKey:
    """A record that went through all of it; read twice with each key."""
    old = await made(bot)
    await read(web, old)
    await read(web, old)
    await record_refusals.note(web, old.id, VISITOR)
    await record_refusals.note(web, old.id, VISITOR)
    new, _ = await record_rotating.rotate(bot, old.id, VALUE)
    await read(web, new)
    await read(web, new)
    await record_endings.revoke(bot, old.id)
    return new


def told(desk: Desk, record: str) -> list[str]:
    """The entries about one record."""
    return [str(one["text"]) for one in desk.sandbox.messages(SAM, AUDIT) if f"`{record}`" in one["text"]]


async def test_what_stands_out_is_told_in_order(desk: Desk) -> None:
    """Not each read; neither its name, its key nor its value; and late where the channel was archived."""
    desk.sandbox.archive(AUDIT)
    async with desk.home.open("bot") as bot:
        key = await lived(bot, desk.store)
    assert await desk.sandbox.wait_message(SAM, contains="I cannot write to the audit channel")
    desk.sandbox.archive(AUDIT, archived=False)
    found(await desk.sandbox.wait_message(SAM, AUDIT, contains=STORY[-1]))
    entries = told(desk, key.id_text)
    assert len(entries) == len(STORY)
    for entry, words in zip(entries, STORY, strict=True):
        assert words in entry
    for canary in (LABEL, VALUE.strip(), key.text[30:60]):
        assert canary not in str(entries)


async def test_what_our_keyring_can_open_is_told(desk: Desk) -> None:
    """That a record is in escrow, and that its credential was kept at a rotation; of no other record."""
    async with desk.home.open("bot") as bot:
        key, other = await made(bot, escrow=True), await made(bot)
        await record_rotating.rotate(bot, key.id, None)
        await record_rotating.rotate(bot, other.id, VALUE)
        await record_rotating.rotate(bot, key.id, None, escrow=False)
        await record_endings.revoke(bot, key.id)
        await record_endings.revoke(bot, other.id)
    for one in (key, other):
        found(await desk.sandbox.wait_message(SAM, AUDIT, contains=f"`{one.id_text}` revoked"))
    entries = [("keyring can open it" in one, "which its escrow opened" in one) for one in told(desk, key.id_text)]
    assert entries == [(True, False), (True, True), (False, True), (False, False)]
    assert "escrow" not in str(told(desk, other.id_text))


async def test_each_end_says_why(desk: Desk) -> None:
    """Its time, the last read that it had, and a key that was found erased, which is an alarm."""
    async with desk.home.open("bot") as bot:
        over, used, lost = await made(bot, lives_seconds=60), await made(bot, reads=1), await made(bot)
        await read(desk.store, used)
        [name] = [one for one, _ in bot.keyring.records.ids() if one[:16] == lost.id]
        bot.keyring.records.erase(name)
        await sweeper.sweep_keys(bot)
        desk.home.advance_clock(61)
        await sweeper.sweep(bot)
    for key, words in ((over, "expired"), (used, "read as often as it may be"), (lost, "key was found erased")):
        entry = found(await desk.sandbox.wait_message(SAM, AUDIT, contains=words))
        assert f"`{key.id_text}`" in entry["text"]
        assert (":rotating_light:" in entry["text"]) is (key is lost)


@pytest.mark.parametrize("shows", [True, False])
async def test_its_name_is_told_only_where_it_may_be(sandbox: Sandbox, sqlite_home: Home, shows: bool) -> None:
    """AUDIT_SHOW_LABELS, as for drops."""
    async with working(sandbox, sqlite_home, audit_show_labels=shows) as desk:
        async with desk.home.open("bot") as bot:
            await made(bot)
        entry = found(await sandbox.wait_message(SAM, AUDIT, contains="made by whoever runs Sendsecret"))
        assert (f"({LABEL})" in entry["text"]) is shows
