"""Records in the check of a whole store: what the log takes of them, and rows that say something else."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Table, select, text

from store import events, record_endings, record_refusals, record_rotating
from store.formats.event_v1 import Fact
from store.opened import Store
from store.schema import metadata
from store.schema_of_records import record_pages, records
from store.verifying.whole_store import NOT_LOOKED_AT, check
from store.words import Event
from tests.store.escrowing import put
from tests.store.recording import VISITOR, made, read, words
from tests.stores import Home

_TIMES = "when it was made, rotated, read, refused and ended"
JUDGED = {
    "records": {"state", "version", "reads", "reads_left", "refused_told", "door", "expires_at", "renewed_at"}
    | {"master", "escrow"},
    "record_pages": {"guesses", "round_guesses", "unlocks"},
}
"""The columns that are held against the events: the other tests of this and the next file change each."""
NAMED = {
    "records": {
        "proof": "its key's hash",
        "sealed": "its value",
        "asked": "what a client asked for",
        "refused": "wrong keys that the log was not told of so far",
        **dict.fromkeys(["month", "personal"], "its name"),
        **dict.fromkeys(["owner", "recipient"], "whose it is"),
        **dict.fromkeys(["created_at", "rotated_at", "read_at", "ended_at"], _TIMES),
        **dict.fromkeys(["refused_told_at", "refused_shown_at"], _TIMES),
    },
    "record_pages": {
        "v1": "the link's verifier",
        "header": "header",
        "hint": "hint",
        "next_guess_at": "when the next guess is taken",
    },
}
"""The others, and how it is said that they are not looked at."""


@pytest.fixture
async def store(home: Home) -> AsyncIterator[Store]:
    """The store as the web program holds it."""
    async with home.open() as store:
        yield store


@pytest.fixture
async def bot(home: Home) -> AsyncIterator[Store]:
    """The store as the operators' command line holds it."""
    async with home.open("bot") as bot:
        yield bot


async def test_the_check_of_a_store_takes_it_all(bot: Store, store: Store, home: Home) -> None:
    """What each program says of records is what its key may say, and everything personal is disclosed."""
    key, gone = await made(bot, reads=1), await made(bot)
    await record_refusals.note(store, key.id, VISITOR)
    await read(store, key)
    await record_rotating.rotate(bot, gone.id, "x")
    await record_endings.revoke(bot, gone.id)
    assert await words(bot) == ["created", "created", "refused", "read", "expired", "rotated", "revoked"]
    failures = [one for one in await check(bot.db, home.signing, home.keyring, []) if not one.holds]
    assert [one for one in failures if one.about in {"events", "disclosures", "signers", "records"}] == []


@pytest.mark.parametrize("what", ["made", "rotated", "revoked"])
async def test_the_web_program_says_of_records_only_what_happens_at_its_door(
    bot: Store, store: Store, home: Home, what: str
) -> None:
    """Whoever owns it can have the log say of none that it was made, given another key or revoked."""
    match what:
        case "made":
            await made(store)
        case "rotated":
            await record_rotating.rotate(store, (await made(bot)).id, "x")
        case _:
            await record_endings.revoke(store, (await made(bot)).id)
    failures = [one for one in await check(bot.db, home.signing, home.keyring, []) if not one.holds]
    assert any("the key of web may not say record." in one.says for one in failures)


@pytest.mark.parametrize(
    ("attack", "said"),
    [
        ("UPDATE records SET reads = 0", "its column reads should be 1"),
        ("UPDATE records SET reads_left = 9", "its column reads_left should be 2"),
        ("UPDATE records SET reads_left = NULL", "its column reads_left should be 2"),
        ("UPDATE records SET version = 1", "its column version should be 2"),
        ("UPDATE records SET expires_at = expires_at + 1000", "its column expires_at should be"),
        ("UPDATE records SET refused = 0, refused_told = 0", "its column refused_told should be 1"),
        (
            "UPDATE records SET state = 'revoked', ended_at = 1, sealed = NULL, proof = NULL",
            "its column state should be live",
        ),
        ("DELETE FROM records", "its row is gone"),
    ],
)
async def test_a_row_that_says_something_else_than_the_log_is_found(
    bot: Store, store: Store, home: Home, attack: str, said: str
) -> None:
    """By the check of a store; the same database untouched is found in order."""
    key = await made(bot, reads=3)
    await record_refusals.note(store, key.id, VISITOR)
    new, _ = await record_rotating.rotate(bot, key.id, "x")
    await read(store, new)
    assert await _found(bot, home) == []
    async with bot.db.write() as tx:
        await tx.execute(text(attack))
    assert any(said in one for one in await _found(bot, home))


@pytest.mark.parametrize(
    ("event", "facts"),
    [
        (Event.RECORD_REFUSED, {}),
        (Event.RECORD_REFUSED, {"count": "3"}),
        (Event.RECORD_REFUSED, {"count": True}),
        (Event.RECORD_REFUSED, {"count": 0}),
        (Event.RECORD_REFUSED, {"count": 3, "record": None}),
        (Event.RECORD_REFUSED, {"count": 3, "record": "A" * 21}),
        (Event.RECORD_READ, {"reads": 1}),
        (Event.RECORD_READ, {"version": 1, "reads": 0}),
        (Event.RECORD_READ, {"version": 1, "reads": 1, "reads_left": True}),
        (Event.RECORD_READ, {"version": 1, "reads": 1, "reads_left": None}),
        (Event.RECORD_EXPIRED, {"by": "holder", "why": "boredom"}),
        (Event.RECORD_EXPIRED, {"by": "admin", "why": "reads"}),
        (Event.RECORD_EXPIRED, {"by": ["holder"], "why": ["reads"]}),
        (Event.RECORD_EXPIRED, {"by": "clock"}),
    ],
)
async def test_a_misshapen_event_of_the_web_program_blinds_nobody(
    bot: Store, store: Store, home: Home, event: Event, facts: dict[str, Fact]
) -> None:
    """Whoever holds its key can sign anything: the log takes no such event, and what else is wrong is found."""
    key = await made(bot, reads=3)
    await _forge(store, event, {"record": key.id_text, **facts})
    async with bot.db.write() as tx:
        await tx.execute(text("UPDATE records SET reads_left = 9"))
    found = [one for one in await check(bot.db, home.signing, home.keyring, []) if not one.holds]
    assert [one.says for one in found if one.about == "records"] == [
        f"record {key.id_text}: its column reads_left should be 3, as its events say"
    ]
    assert any(f"it says {event} in no words of ours" in one.says for one in found if one.about == "events")


@pytest.mark.parametrize("event", [Event.RECORD_CREATED, Event.RECORD_ROTATED])
async def test_a_misshapen_event_of_the_operators_is_one_finding(
    bot: Store, store: Store, home: Home, event: Event
) -> None:
    """It is said of the one event, and every other record is looked at."""
    key, other = await made(bot), await made(bot)
    name = "A" * 22 if event == Event.RECORD_CREATED else key.id_text
    await _forge(bot, event, {"record": name})
    async with bot.db.write() as tx:
        changed = metadata.tables["records"].c.id == other.id
        await tx.execute(metadata.tables["records"].update().where(changed).values(reads=7))
    assert await _found(bot, home) == [
        f"record {name}: {event} lacks what it has to say, or says it otherwise",
        f"record {other.id_text}: its column reads should be 0, as its events say",
    ]


@pytest.mark.parametrize(
    ("is_escrowed", "attack", "said"),
    [
        (False, {"master": 1, "escrow": b"\x01" + bytes(88)}, ["master should be empty", "escrow should be empty"]),
        (False, {"master": 1}, ["master should be empty"]),
        (True, {"master": None, "escrow": None}, ["master should be set", "escrow should be set"]),
        (True, {"escrow": None}, ["escrow should be set"]),
    ],
)
async def test_an_escrow_that_no_event_speaks_of_is_found(
    bot: Store, home: Home, is_escrowed: bool, attack: dict[str, object], said: list[str]
) -> None:
    """Nor is one taken out of the row unseen: what was made and rotated said which records our keyring opens."""
    key, turned = await made(bot, escrow=is_escrowed), await made(bot, escrow=not is_escrowed)
    ended = await made(bot, escrow=True)
    await record_rotating.rotate(bot, turned.id, "x", escrow=is_escrowed)
    await record_endings.revoke(bot, ended.id)
    assert await _found(bot, home) == []
    for one in (key, turned):
        await put(bot, one, **attack)
    assert await _found(bot, home) == [
        f"record {name}: its column {one}, as its events say"
        for name in sorted([key.id_text, turned.id_text])
        for one in said
    ]


async def _forge(store: Store, event: Event, facts: dict[str, Fact]) -> None:
    """Say something with the key of a program that no program of ours says."""
    async with store.db.write() as tx:
        at = (await tx.execute(select(store.clock.now()))).scalar_one()
        await events.append_without_drop(tx, store, event, at=at, facts=facts)


async def test_a_record_that_nobody_made_is_found(bot: Store, home: Home) -> None:
    """Whoever can write to the database can put a row there; no event says that it was made."""
    await made(bot)
    async with bot.db.write() as tx:
        table = metadata.tables["records"]
        [row] = (await tx.execute(select(table))).all()
        await tx.execute(table.insert().values({**row._mapping, "id": bytes(16)}))
    assert await _found(bot, home) == [f"record {'A' * 22}: no event speaks of it, not even record.created"]


@pytest.mark.parametrize("table", [records, record_pages], ids=lambda table: table.name)
def test_a_column_is_judged_or_said_not_to_be(table: Table) -> None:
    """What nobody looks at must not be taken for checked; a column that comes later is one or the other."""
    columns = {column.name for column in table.columns if not column.primary_key}
    assert columns == JUDGED[table.name] | NAMED[table.name].keys()
    for name in NAMED[table.name].values():
        assert name in NOT_LOOKED_AT


async def _found(store: Store, home: Home) -> list[str]:
    """What the check says against records."""
    found = await check(store.db, home.signing, home.keyring, [])
    return [one.says for one in found if one.about == "records" and not one.holds]
