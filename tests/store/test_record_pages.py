"""Records that people read: over and over with link and passphrase, by this door alone, until rotated or over."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from store import record_endings, record_pages, record_refusals, record_rotating, record_views, records, retention
from store.errors import (
    NoPageError,
    RecordEndedError,
    StoreUnavailableError,
    UnknownRecordError,
    WrongPassphraseError,
)
from store.formats import header_v1, record_page_v1
from store.formats.errors import DamagedEnvelopeError
from store.formats.record_key_v1 import RecordKey
from store.keys import pepper
from store.opened import Store
from store.record_doors import RecordDoor
from store.record_keys import KeyName
from store.schema import metadata
from store.words import RecordState
from tests.store.looking import HINT, SENDER, Holder, guess, made_page, rotated
from tests.store.recording import LABEL, VALUE, VISITOR, key_files, made, read, said, told, words
from tests.stores import Home


@pytest.fixture
async def bot(home: Home) -> AsyncIterator[Store]:
    """The store as the operators' command line holds it."""
    async with home.open("bot") as bot:
        yield bot


async def test_a_record_is_viewed_as_it_was_given(bot: Store, store: Store) -> None:
    """Byte for byte and over and over; each view is an event, and the first alone is told."""
    holder = await made_page(bot)
    for number, value in enumerate((VALUE, "ä\u2028\x00😀", "x" * 65_536)):
        holder = await made_page(bot, value=value) if number else holder
        assert [await holder.view(store) for _ in range(3)] == [value] * 3
    assert await words(bot) == ["created", "read", "read", "read"] * 3
    assert {one["door"] for one in await said(bot)} == {"page"}
    assert len(await told(bot)) == 6
    seen = await holder.look(store)
    header = header_v1.parse(seen.header)
    assert (header.sender, header.label, header.form, seen.hint) == (SENDER, LABEL, "words", HINT)
    held = await records.find(bot, holder.link.id)
    assert (header.expires_at, held.door) == (held.expires_at // 1000, RecordDoor.PAGE)


async def test_neither_door_opens_the_other(bot: Store, store: Store) -> None:
    """Each is to the other like an id that nobody has, and leaves no trace there."""
    key, holder = await made(bot), await made_page(bot)
    for other in (RecordKey(holder.link.id, secrets.token_bytes(32)), RecordKey(holder.link.id, holder.link.key)):
        with pytest.raises(UnknownRecordError):
            await read(store, other)
        await record_refusals.note(store, other.id, VISITOR)
    with pytest.raises(UnknownRecordError):
        await record_views.look(store, key.id, holder.proof)
    with pytest.raises(UnknownRecordError):
        await record_views.view(store, replace(holder.right(), record_id=key.id), VISITOR)
    with pytest.raises(UnknownRecordError):
        await record_pages.rotate(bot, key.id, "x", record_pages.Passphrase("words", b"x"))
    with pytest.raises(UnknownRecordError):
        await record_rotating.rotate(bot, holder.link.id, "x")
    with pytest.raises(NoPageError):
        await record_pages.unlock(bot, key.id)
    assert await words(bot) == ["created", "created"]
    assert (await read(store, key), await holder.view(store)) == (VALUE, VALUE)


async def test_a_key_that_fits_opens_no_page(bot: Store, store: Store) -> None:
    """Whoever writes the database may put a key's hash in the row: the door is asked for all the same."""
    key, holder = await made(bot), await made_page(bot)
    async with bot.db.write() as tx:
        table = metadata.tables["records"]
        row = (await tx.execute(select(table).where(table.c.id == key.id))).one()
        of_page = table.c.id == holder.link.id
        await tx.execute(table.update().where(of_page).values(proof=RecordKey(holder.link.id, bytes(32)).proof))
    assert row.door == RecordDoor.API
    with pytest.raises(UnknownRecordError):
        await read(store, RecordKey(holder.link.id, bytes(32)))


async def test_a_wrong_link_is_like_none(bot: Store, store: Store) -> None:
    """Another proof and another id are one answer, at the door and after it; no guess is paid."""
    holder, other = await made_page(bot), await made_page(bot)
    for right in (
        replace(holder.right(), link_proof=secrets.token_bytes(32)),
        replace(holder.right(), record_id=secrets.token_bytes(16)),
        replace(holder.right(), link_proof=other.proof),
        replace(holder.right(), record_id=b""),
    ):
        with pytest.raises(UnknownRecordError):
            await record_views.look(store, right.record_id, right.link_proof)
        with pytest.raises(UnknownRecordError):
            await record_views.view(store, right, VISITOR)
    assert (await holder.look(store)).tries_left == 5
    assert await words(bot) == ["created", "created"]


async def test_views_at_once_are_as_many_as_may_be(bot: Store, store: Store, home: Home) -> None:
    """Of any number of right guesses at once as many are answered as reads were left; then it has ended."""
    holder = await made_page(bot, reads=2)
    async with home.open() as second:
        tries = [record_views.view(one, holder.right(), VISITOR) for one in (store, second) * 4]
        answers = await asyncio.gather(*tries, return_exceptions=True)
    assert {one.reads_left for one in answers if isinstance(one, record_views.Given)} == {0, 1}
    assert {type(one) for one in answers} == {record_views.Given, RecordEndedError}
    assert await words(bot) == ["created", "read", "read", "expired"]
    held = await records.find(bot, holder.link.id)
    assert (held.state, held.reads) == (RecordState.EXPIRED, 2)


async def test_a_rotated_link_is_dead_at_once(bot: Store, store: Store, home: Home) -> None:
    """Old link and passphrase are unknown, the new ones open what was given with them, and its guesses begin anew."""
    home.hold_clock()
    old = await made_page(bot, lives_seconds=86_400)
    await guess(store, old, home)
    new = await rotated(bot, old, "another value")
    with pytest.raises(UnknownRecordError):
        await old.look(store)
    with pytest.raises(UnknownRecordError):
        await record_views.view(store, old.right(), VISITOR)
    assert (await new.look(store)).tries_left == 5
    assert await new.view(store) == "another value"
    assert set(key_files(bot)) == {KeyName(old.link.id, 2)}
    async with bot.db.read() as tx:
        assert await tx.scalar(text("SELECT count(*) FROM refusals")) == 0


async def test_views_meet_a_rotation_or_an_end_whole(bot: Store, store: Store, home: Home) -> None:
    """Each is answered with the whole value of before, or not at all; none counts for what came after."""
    holder, gone = await made_page(bot), await made_page(bot)
    tries = [record_views.view(store, one.right(), VISITOR) for one in (holder, gone) * 6]
    *answers, new, _ = await asyncio.gather(
        *tries, rotated(bot, holder, "new"), record_endings.revoke(bot, gone.link.id), return_exceptions=True
    )
    assert isinstance(new, Holder)
    allowed = {record_views.Given, UnknownRecordError, RecordEndedError, StoreUnavailableError}
    assert {type(one) for one in answers} <= allowed
    assert await new.view(store) == "new"
    assert (await records.find(bot, holder.link.id)).reads == 1


async def test_a_holder_of_a_dead_link_is_told_how_it_ended(bot: Store, store: Store, home: Home) -> None:
    """Revoked, over, or read as often as it may be: in which way and when, whether a sweep was there or not."""
    home.hold_clock()
    revoked, over, used = await made_page(bot), await made_page(bot, lives_seconds=60), await made_page(bot, reads=1)
    await used.view(store)
    await record_endings.revoke(bot, revoked.link.id)
    home.advance_clock(61)
    first = [await _end(store, one) for one in (revoked, over, used)]
    await record_endings.sweep(store)
    assert [await _end(store, one) for one in (revoked, over, used)] == first
    states = [state for state, _ in first]
    assert states == [RecordState.REVOKED, RecordState.EXPIRED, RecordState.EXPIRED]
    until = (await records.find(bot, over.link.id)).expires_at
    assert [at - until for _, at in first] == [-60_000, 0, -60_000]
    async with bot.db.read() as tx:
        pages = (await tx.execute(select(metadata.tables["record_pages"]))).all()
    assert {(page.header, page.hint) for page in pages} == {(None, None)}
    assert key_files(bot) == {}


async def _end(store: Store, holder: Holder) -> tuple[RecordState, int]:
    with pytest.raises(RecordEndedError) as ended:
        await record_views.view(store, holder.right(), VISITOR)
    with pytest.raises(RecordEndedError) as seen:
        await holder.look(store)
    assert (seen.value.state, seen.value.at) == (ended.value.state, ended.value.at)
    return ended.value.state, ended.value.at


async def test_a_view_that_was_given_up_is_not_counted(bot: Store, store: Store) -> None:
    """Nobody waits any more just before the commit: no read, no event, and the next one gets it."""
    holder = await made_page(bot, reads=1)
    with pytest.raises(StoreUnavailableError):
        await record_views.view(store, holder.right(), VISITOR, is_waited_for=lambda: False)
    assert await words(bot) == ["created"]
    assert await holder.view(store) == VALUE


async def test_what_the_server_hands_out_opens_under_its_own_header_alone(bot: Store, store: Store) -> None:
    """A server that tells another label has the page find it out."""
    holder = await made_page(bot)
    seen = await holder.look(store)
    given = await record_views.view(store, holder.right(), VISITOR)
    with pytest.raises(DamagedEnvelopeError):
        record_page_v1.open_(
            holder.link, holder.keys, seen.header.replace("Stripe", "Strife"), given.version, given.sealed
        )


async def test_the_database_holds_nothing_that_opens_it(bot: Store, store: Store) -> None:
    """Neither value, link key, names, nor what a page sends, in clear; live or ended."""
    holder, gone = await made_page(bot), await made_page(bot)
    await holder.view(store)
    wrong = holder.wrong()
    with pytest.raises(WrongPassphraseError):
        await holder.view(store, wrong)
    await record_endings.revoke(bot, gone.link.id)
    rows = b""
    async with bot.db.read() as tx:
        for table in metadata.sorted_tables:
            for row in await tx.execute(table.select()):
                rows += b"".join(x if isinstance(x, bytes) else str(x).encode() for x in row)
    keys = holder.keys
    secret = (holder.link.key, holder.proof, keys.auth_token, keys.root, keys.commit, wrong.auth_token, wrong.attempt)
    for canary in (*secret, VALUE.strip().encode(), LABEL.encode(), SENDER.encode(), HINT.encode()):
        assert canary not in rows


async def test_a_link_outlives_its_pepper(bot: Store, store: Store, home: Home) -> None:
    """A rotated pepper is kept for as long as somebody holds a link that was made under it."""
    home.hold_clock()
    holder = await made_page(bot, lives_seconds=90 * 86_400)
    assert await pepper.rotate(bot, home.signing) == 1
    home.advance_clock(86_400)
    assert await pepper.forget(bot) == 0
    assert await holder.view(store) == VALUE
    await record_endings.revoke(bot, holder.link.id)
    home.advance_clock(120 * 86_400)
    await made(bot)  # events go on, and so do the months
    assert (await retention.sweep(bot, 1)).forgotten
    assert await pepper.forget(bot) == 1
    with pytest.raises(UnknownRecordError):
        await holder.look(store)
