"""Records by the people of Slack: whose they are, what is left to be done about them, and who was forgotten in them."""

import json
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import event, select

from store import forgetting_records, own_records, record_endings, record_renewing, record_rotating, records
from store.errors import NothingToRotateError
from store.formats.record_key_v1 import RecordKey
from store.opened import Store
from store.own_records import KNOWS
from store.personal import ERASED, RECIPIENT, SENDER
from store.records import Named
from store.schema import disclosures
from store.schema_of_records import records as table
from store.verifying.whole_store import check
from store.words import Actor, RecordState
from tests.store.recording import VALUE, read, said, words
from tests.stores import Home

MAYA, DANA, NOOR = "U0MAYA", "U0DANA", "U0NOOR"
TEAM, OTHER_TEAM = "T0ACME", "T0OTHER"


@pytest.fixture
async def store(home: Home) -> AsyncIterator[Store]:
    """The store as the web program holds it."""
    async with home.open() as store:
        yield store


@pytest.fixture
async def bot(home: Home) -> AsyncIterator[Store]:
    """The store as the bot holds it."""
    async with home.open("bot") as bot:
        yield bot


async def of(
    bot: Store,
    owner: str | None = MAYA,
    recipient: str | None = DANA,
    label: str = "a key",
    team: str | None = TEAM,
) -> RecordKey:
    """A new record of somebody's."""
    named = Named(label, owner=owner, recipient=recipient, team=team)
    key, _ = await records.make(bot, named, VALUE, lives_seconds=3600, by=Actor.SENDER)
    return key


async def listed(
    store: Store, person: str, role: str = SENDER, owner: str | None = None, team: str | None = TEAM
) -> list[bytes]:
    """All of somebody's, read two at a time."""
    found: list[bytes] = []
    page = await own_records.page(store, person, team, role, owner=owner, most=2)
    found += [held.id for held in page.records]
    while page.after is not None:
        page = await own_records.page(store, person, team, role, owner=owner, after=page.after, most=2)
        found += [held.id for held in page.records]
    return found


async def test_everybody_is_listed_their_own(bot: Store, home: Home) -> None:
    """In pages, newest first; what operators made is nobody's."""
    made = []
    for number in range(5):
        made.append((await of(bot, label=f"key {number}")).id)
        home.advance_clock(60)
    of_noor, of_nobody = (await of(bot, NOOR)).id, (await of(bot, None, None, team=None)).id
    assert await listed(bot, MAYA) == made[::-1]
    assert await listed(bot, NOOR) == [of_noor]
    assert await listed(bot, DANA) == []
    assert await listed(bot, DANA, RECIPIENT) == [of_noor, *made[::-1]]
    assert await listed(bot, DANA, RECIPIENT, NOOR) == [of_noor]
    assert await listed(bot, DANA, KNOWS) == [of_noor, *made[::-1]]
    assert of_noor in await listed(bot, NOOR, KNOWS)
    assert of_nobody in [held.id for held in await records.everything(bot)]


async def test_another_workspaces_are_not_there(bot: Store, home: Home) -> None:
    """The same id of a person is another person there: not listed, found, due or counted; operators see them all."""
    made: dict[str | None, list[bytes]] = {TEAM: [], OTHER_TEAM: [], None: []}
    for team in (TEAM, *[OTHER_TEAM] * 5, None, TEAM):
        made[team].append((await of(bot, team=team)).id)
        home.advance_clock(60)
    for team in (TEAM, OTHER_TEAM):
        assert await listed(bot, MAYA, team=team) == made[team][::-1]
        assert await listed(bot, DANA, RECIPIENT, team=team) == made[team][::-1]
    page = await own_records.page(bot, MAYA, TEAM, most=6)
    assert ([held.id for held in page.records], page.after) == (made[TEAM][::-1], None)
    everything = [held.id for held in await records.everything(bot)]
    assert await listed(bot, DANA, RECIPIENT, team=None) == everything[::-1]
    assert set(everything) == {one for some in made.values() for one in some}
    assert await own_records.is_own(bot, MAYA, TEAM, made[TEAM][0])
    for one in (*made[OTHER_TEAM], *made[None]):
        assert not await own_records.is_own(bot, MAYA, TEAM, one)
    for one in everything:
        async with bot.db.write() as tx:
            await tx.execute(table.update().where(table.c.id == one).values(reads=1))
        await record_endings.revoke(bot, one)
    for team in (TEAM, OTHER_TEAM):
        due, count = await own_records.due(bot, MAYA, team, most=10)
        assert ({held.id for held in due}, count) == (set(made[team]), len(made[team]))


async def test_a_name_that_cannot_be_read_is_listed(bot: Store) -> None:
    """Nobody can tell its workspace; whoever has to end it must not miss it."""
    key = await of(bot)
    async with bot.db.write() as tx:
        await tx.execute(table.update().values(personal=b"damaged"))
    assert await listed(bot, DANA, RECIPIENT) == [key.id]


async def test_a_list_fetches_no_value(bot: Store) -> None:
    """Neither that, which may be 64 KiB a record, nor what opens it: operators' list, somebody's, what is due, one."""
    key = await of(bot)
    await read(bot, key)
    await record_endings.revoke(bot, key.id, by=Actor.SENDER)
    asked: list[str] = []
    event.listen(bot.db._engine.sync_engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    assert [held.id for held in await records.everything(bot)] == await listed(bot, MAYA) == [key.id]
    assert (await own_records.due(bot, MAYA, TEAM, most=5))[1] == 1
    assert (await records.find(bot, key.id)).named is not None
    assert any("personal" in one for one in asked)
    assert not any(f"records.{name}" in one for one in asked for name in ("sealed", "proof", "escrow"))


async def test_who_made_it_is_disclosed(bot: Store) -> None:
    """Owner, recipient and label stand in the log as digests alone; in what capacity, in clear."""
    await of(bot)
    [made] = await said(bot)
    assert made["by"] == "sender"
    assert MAYA not in json.dumps(made)
    async with bot.db.read() as tx:
        assert set((await tx.execute(select(disclosures.c.name))).scalars()) == {"label", "sender", "recipient"}


async def test_what_is_over_is_to_be_rotated_until_that_is_said(bot: Store, store: Store, home: Home) -> None:
    """Where somebody has read it; said once for each key, and then again only for another one."""
    key, unread = await of(bot), await of(bot)
    await read(store, key)
    assert await own_records.due(bot, MAYA, TEAM, most=5) == ([], 0)
    for one in (key, unread):
        await record_endings.revoke(bot, one.id, by=Actor.SENDER)
    [held], count = await own_records.due(bot, MAYA, TEAM, most=5)
    assert (held.id, count, own_records.is_due(held)) == (key.id, 1, True)
    await record_renewing.renewed(bot, key.id, by=Actor.SENDER)
    assert await own_records.due(bot, MAYA, TEAM, most=5) == ([], 0)
    with pytest.raises(NothingToRotateError):
        await record_renewing.renewed(bot, key.id, by=Actor.SENDER)
    with pytest.raises(NothingToRotateError):
        await record_renewing.renewed(bot, bytes(16), by=Actor.SENDER)
    assert (await words(bot)).count("renewed") == 1
    again = await of(bot)
    await record_renewing.renewed(bot, again.id, by=Actor.SENDER)
    home.advance_clock(60)
    await record_rotating.rotate(bot, again.id, "another", by=Actor.SENDER)
    home.advance_clock(60)
    await record_endings.revoke(bot, again.id, by=Actor.SENDER)
    assert [held.id for held in (await own_records.due(bot, MAYA, TEAM, most=5))[0]] == [again.id]
    await record_renewing.renewed(bot, again.id, by=Actor.ADMIN)
    assert await _failures(bot, home) == []


async def test_a_row_that_says_otherwise_is_found(bot: Store, home: Home) -> None:
    """Whoever can write the table can have Home ask no more; the check of the store tells."""
    key = await of(bot)
    async with bot.db.write() as tx:
        await tx.execute(table.update().values(renewed_at=1_000))
    assert any("its column renewed_at should be None" in one for one in await _failures(bot, home))
    async with bot.db.write() as tx:
        await tx.execute(table.update().values(renewed_at=None))
    await record_renewing.renewed(bot, key.id, by=Actor.KEYRING)
    assert any("record.renewed by somebody who does not say that" in one for one in await _failures(bot, home))


async def test_the_web_program_says_of_none_that_it_was_rotated(bot: Store, store: Store, home: Home) -> None:
    """Whoever owns it could have Home and the list of an incident ask for nothing."""
    await record_renewing.renewed(store, (await of(bot)).id, by=Actor.SENDER)
    assert any("the key of web may not say record.renewed" in one for one in await _failures(bot, home))


@pytest.mark.parametrize(
    ("person", "left"), [(MAYA, Named(ERASED, recipient=DANA, team=TEAM)), (DANA, Named(ERASED, owner=MAYA, team=TEAM))]
)
async def test_somebody_is_forgotten_and_the_record_stays(
    bot: Store, store: Store, home: Home, person: str, left: Named
) -> None:
    """A program goes on reading; the names go out of the row and the disclosures, and the store is found in order."""
    key, other = await of(bot, label="Dana's own words"), await of(bot, NOOR, NOOR)
    assert await forgetting_records.find(bot, person) == [key.id]
    assert await forgetting_records.forget(bot, key.id, person) == 1
    assert await forgetting_records.forget(bot, key.id, person) == 0
    held = await records.find(bot, key.id)
    assert (held.named, held.state) == (left, RecordState.LIVE)
    assert await listed(bot, person, SENDER if person == MAYA else RECIPIENT) == []
    assert await read(store, key) == VALUE
    async with bot.db.read() as tx:
        kept = list((await tx.execute(select(disclosures.c.name))).scalars())
    assert sorted(kept) == sorted(
        ["label", "sender", "recipient", "recipient" if person == MAYA else "sender", "network", "browser"]
    )
    assert (await records.find(bot, other.id)).named == Named("a key", owner=NOOR, recipient=NOOR, team=TEAM)
    assert await _failures(bot, home) == []


async def test_a_disclosure_that_nobody_forgot_is_missed(bot: Store, home: Home) -> None:
    """What says whose a record is is not deleted by hand unseen."""
    await of(bot)
    async with bot.db.write() as tx:
        await tx.execute(disclosures.delete().where(disclosures.c.name == "sender"))
    assert any("nobody was said to be forgotten" in one for one in await _failures(bot, home))


async def test_forgetting_somebody_in_both_roles(bot: Store, home: Home) -> None:
    """Whoever made one for themselves is forgotten in both."""
    key = await of(bot, MAYA, MAYA)
    assert await forgetting_records.forget(bot, key.id, MAYA) == 2
    assert (await records.find(bot, key.id)).named == Named(ERASED, team=TEAM)
    assert await _failures(bot, home) == []


async def _failures(store: Store, home: Home) -> list[str]:
    about = {"events", "disclosures", "signers", "records", "log_refused"}
    found = await check(store.db, home.signing, home.keyring, [])
    return [one.says for one in found if not one.holds and one.about in about]
