"""The keyring's server (KEYRING_URL) crashes, hangs, is away or another one (F13): only what is surely gone ends."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url

from store import after_restore, claims, creation, endings, readiness, record_endings, sweeper
from store.errors import KeyUnreadableError, StoreMismatchError, StoreUnavailableError
from store.keyring import Keyring, KeyState
from store.keyring_making import make_tables
from store.keys_on_server import KeyringOnServer
from store.opened import Store
from store.words import Actor
from tests.faults.page import Page, delivered, require_sound
from tests.faults.slow_line import line_to
from tests.keyring_on_server import looked_at, moved, told
from tests.originals import Original
from tests.postgres import Postgres, running
from tests.programs import running as program_running
from tests.programs import web
from tests.store.living import SOMEBODY
from tests.store.reading import events_of, require_destroyed, row_of, words_of
from tests.store.recording import VALUE, made, read
from tests.store.remains import bytes_under
from tests.stores import Home, Sealed, seal

KEYS = "sendsecret_drop_keys"


@pytest.fixture(scope="module")
def second() -> Iterator[Postgres]:
    """A PostgreSQL server beside the one of the databases, which may be broken."""
    with running() as server:
        yield server


@pytest.fixture
def home(on_sqlite: Original, second: Postgres, tmp_path: Path) -> Home:
    """An installation whose keys are there; programs of other hosts are further openings of it."""
    return moved(on_sqlite.copied_to(tmp_path), second.new_database())


async def refused(store: Store, sealed: Sealed) -> None:
    """Nobody is judged: no guess is paid for, and the drop stays as it is."""
    before = await row_of(store, sealed.new.id)
    for right in (True, False):
        with pytest.raises(KeyUnreadableError):
            await claims.claim(store, sealed.present(right=right), SOMEBODY)
    assert await row_of(store, sealed.new.id) == before


def keys_of(home: Home, table: str = KEYS) -> list[bytes]:
    return [row["key"] for row in told(home.keyring_url, f"SELECT key FROM {table} WHERE length(key) = 32")]  # noqa: S608


async def test_a_crash_of_the_server_loses_what_was_open_and_nothing_else(home: Home, second: Postgres) -> None:
    """Two programs find it at once: open drops are lost, once; what had ended or begun to stays as it was said."""
    async with home.open("bot") as bot, home.open("web") as other:
        await asyncio.to_thread(second.crash)  # a keyring that was never used is emptied as well
        for _ in range(2):
            assert (await sweeper.sweep_keys(bot)).ended == 0
        viewed, claimed, revoked, lost = [await delivered(bot) for _ in range(4)]
        record = await made(bot)
        await claims.claim(other, claimed.present(), SOMEBODY)
        await claims.claim(other, presented := viewed.present(), SOMEBODY)
        await claims.acknowledge(other, viewed.new.id, viewed.new.link_proof, presented.claim)
        await endings.begin_revoking(bot, [(revoked.new.id, Actor.SENDER)])
        said = await events_of(bot, viewed.new.id)
        told(home.keyring_url, "UPDATE sendsecret_keyring SET emptied_at = NULL")

        await asyncio.to_thread(second.crash)
        await refused(other, lost)
        # A drop that is made at this very moment has its key in the new table.
        young = seal()
        await creation.create(bot, young.new)
        swept = await asyncio.gather(*(sweeper.sweep_keys(store) for store in (bot, other)))
        assert [one.was_emptied for one in swept] == [True, True]
        assert sum(one.ended for one in swept) == 1
        assert all(not one.absent and not one.is_away for one in swept)
        home.advance_clock(70)
        assert (await sweeper.sweep(other)).failed == 0
        outcomes = [(await row_of(bot, one.new.id)).outcome for one in (viewed, claimed, revoked, lost, young)]
        assert outcomes == ["viewed", "released", "revoked", "lost", None]
        for one in (claimed, revoked, lost):
            await require_destroyed(bot, one.new.id)
            assert (await events_of(bot, one.new.id))[-1]["destruction"][0] | {"at": ""} == {
                "what": "drop_key",
                "where": "keyring, unlogged table on PostgreSQL, found emptied",
                "how": "found gone: the table was found empty",
                "at": "",
            }
        assert (await words_of(bot, lost.new.id)).count("destroyed") == 1
        assert await events_of(bot, viewed.new.id) == said
        assert await read(other, record) == VALUE
        await claims.claim(other, young.present(), SOMEBODY)

        # Once everything is on record an absent key proves nothing again.
        again = await delivered(bot)
        assert (await sweeper.sweep_keys(bot)).was_emptied
        told(home.keyring_url, "UPDATE sendsecret_keyring SET emptied_at = emptied_at - interval '1 hour'")
        assert (await sweeper.sweep_keys(other)).was_emptied
        told(home.keyring_url, f"DELETE FROM {KEYS} WHERE id = $1", again.new.id)  # noqa: S608
        swept = [await sweeper.sweep_keys(store) for store in (bot, other)]
        assert [(one.was_emptied, one.absent, one.ended) for one in swept] == 2 * [(False, [again.new.id], 0)]
        await refused(other, again)
    await require_sound(home)


async def test_what_was_destroyed_is_in_no_file_of_either_server(home: Home, second: Postgres) -> None:
    """Not where it was, not in the WAL, though it came last on its page; and no key was ever in the main database."""
    async with home.open("bot") as bot:
        kept = await delivered(bot)
        (still_open,) = keys_of(home)
        record = await made(bot)
        others = [*keys_of(home, "sendsecret_record_keys"), *keys_of(home, "sendsecret_month_keys")]
        assert len(others) == 2
        last = await delivered(bot)
        (gone,) = set(keys_of(home)) - {still_open}
        await endings.revoke(bot, last.new.id)
        assert isinstance(bot.keyring, KeyringOnServer)
        bot.keyring.tidy(after_seconds=0)
        receipt = (await events_of(bot, last.new.id))[-1]
        assert receipt["destruction"][0]["where"] == "keyring, unlogged table on PostgreSQL"
        assert receipt["destruction"][0]["how"] == "row deleted; VACUUM (FULL) of the table is due within 60 s"
        await asyncio.to_thread(second.restart)
        theirs, wal = bytes_under(second.folder), bytes_under(second.folder / "pg_wal")
        ours = bytes_under(home.path)
        assert gone not in theirs
        assert still_open in theirs
        assert still_open not in wal
        assert not any(key in ours for key in (gone, still_open, *others))
        # A restart in order has emptied nothing.
        assert not (await sweeper.sweep_keys(bot)).was_emptied
        assert bot.keyring.state(kept.new.id) is KeyState.LIVE
        await record_endings.revoke(bot, record.id)
        assert keys_of(home, "sendsecret_record_keys") == []
    await require_sound(home)


async def test_what_another_program_left_is_vacuumed(home: Home) -> None:
    """It deleted a key and died: whoever runs next finds that by what the server counts."""
    async with home.open("bot") as bot, home.open("web") as other:
        await delivered(bot)
        sealed = await delivered(bot)
        await endings.revoke(bot, sealed.new.id)
        file = f"SELECT pg_relation_filenode('{KEYS}') AS file"
        before = told(home.keyring_url, file)
        async with asyncio.timeout(30):  # until the server has counted
            while told(home.keyring_url, file) == before:
                assert not (await sweeper.sweep_keys(other)).is_untidy
        assert (await sweeper.sweep_keys(other)).erased == 0


async def test_what_somebody_still_sees_is_not_taken_for_tidy(home: Home) -> None:
    """An old snapshot keeps a deleted key through every VACUUM: that is untidy, until the snapshot is gone."""
    async with home.open("bot") as bot:
        keyring = bot.keyring
        assert isinstance(keyring, KeyringOnServer)
        sealed = await delivered(bot)
        async with looked_at(home.keyring_url):
            await endings.revoke(bot, sealed.new.id)
            with pytest.raises(KeyUnreadableError, match="still seen"):
                keyring.tidy(after_seconds=0)
            assert (await sweeper.sweep_keys(bot)).is_untidy
        keyring.tidy(after_seconds=0)
        assert not keyring.has_dead()


async def test_a_promoted_server_is_not_taken_for_a_crash(home: Home, second: Postgres) -> None:
    """The one of before may have every key: nothing ends until somebody vouches, nor after a crash of this one."""
    async with home.open("bot") as bot:
        keyring = bot.keyring
        assert isinstance(keyring, KeyringOnServer)
        sealed = await delivered(bot)
        for broken in (second.promote, second.crash):
            await asyncio.to_thread(broken)
            await refused(bot, sealed)
            swept = await sweeper.sweep_keys(bot)
            assert (swept.is_away, swept.was_emptied, swept.ended) == (True, False, 0)
            assert await readiness.missing(bot, home.keyring) == [readiness.KEYRING]
            with pytest.raises(KeyUnreadableError):
                await creation.create(bot, seal().new)
            with pytest.raises(KeyUnreadableError, match="promoted"):
                await after_restore.settle(bot, keep_open=True)
        assert (await row_of(bot, sealed.new.id)).outcome is None
        keyring.vouch()
        assert (await after_restore.settle(bot, keep_open=True)).lost == 1
        assert (await events_of(bot, sealed.new.id))[-1]["destruction"][0]["where"].endswith("found emptied")
        assert await readiness.missing(bot, home.keyring) == []


async def test_a_server_that_hangs_holds_up_nobody_for_long(home: Home, second: Postgres) -> None:
    """A reader is told to try again and pays nothing, the program says that it is not ready; then everything opens."""
    url = make_url(home.keyring_url)
    async with line_to(f"{second.folder}/.s.PGSQL.5432") as line:
        theirs = replace(
            home, keyring_url=f"postgresql+asyncpg://postgres@127.0.0.1:{line.port}/{url.database}?ssl=disable"
        )
        async with home.open("bot") as bot, theirs.open("web") as store, web(theirs) as program:
            page, wrong = Page(sealed := await delivered(bot)), Page(sealed, right=False)
            other = await delivered(bot)
            line.open.clear()
            for one in (page, wrong):
                answer = await one.ask(program.port)
                assert answer is not None
                assert (answer.status, answer.json()["type"]) == (503, "urn:sendsecret:problem:key-unreadable")
            with pytest.raises(KeyUnreadableError):
                await creation.create(store, seal().new)
            assert await readiness.missing(store, home.keyring) == [readiness.KEYRING]
            assert (await sweeper.sweep_keys(store)).is_away
            with pytest.raises(StoreUnavailableError, match="KEYRING_URL"):
                async with theirs.open("web"):
                    pass
            with pytest.raises(KeyUnreadableError):
                store.months.read("2001-01")
            assert (await row_of(bot, sealed.new.id)).guesses == 0
            line.open.set()
            assert (await page.told(program.port)).status == 200
            await endings.revoke(bot, other.new.id)
    await require_sound(home)


async def test_another_keyring_is_believed_by_no_program(home: Home, second: Postgres, on_postgresql: Original) -> None:
    """Not at its start, nor while it runs; nor the main database as a server of its own, nor a folder in its place."""
    async with home.open("bot") as bot:
        sealed = await delivered(bot)
        told(home.keyring_url, "UPDATE sendsecret_keyring SET keyring_id = 'server-other'")
        await refused(bot, sealed)
        swept = await sweeper.sweep_keys(bot)
        assert (swept.is_away, swept.ended, swept.absent) == (True, 0, [])
        with pytest.raises(KeyUnreadableError):
            await creation.create(bot, seal().new)
        assert await readiness.missing(bot, home.keyring) == [readiness.KEYRING]
        for wrong in (home, replace(home, keyring_url=second.new_database())):
            with pytest.raises(StoreMismatchError, match="KEYRING_URL"):
                async with wrong.open("web"):
                    pass
            with pytest.raises(StoreMismatchError, match="KEYRING_URL"):
                await wrong.prepare()
        with pytest.raises(StoreMismatchError, match="another installation"):
            make_tables(home.keyring, home.keyring_url)
        with pytest.raises(StoreMismatchError, match="KEYRING_URL is not set"):
            async with replace(home, keyring_url="").open("web"):
                pass
        told(home.keyring_url, "UPDATE sendsecret_keyring SET keyring_id = $1", bot.keyring.id)
        await claims.claim(bot, sealed.present(), SOMEBODY)
    with pytest.raises(StoreMismatchError, match="has its keys in that folder"):
        async with replace(on_postgresql.home, keyring_url=home.keyring_url).open("web"):
            pass


async def test_a_new_installation_is_made_there_and_not_in_its_own_database(tmp_path: Path, second: Postgres) -> None:
    """`migrate` makes id, pepper and tables, and again changes nothing; one database for both is refused in words."""
    home = Home(tmp_path, second.new_database(), second.new_database())
    same = replace(home, keyring_url=home.database_url + "&port=5432")
    with pytest.raises(StoreMismatchError, match="name the same database"):
        await same.prepare()
    assert not Keyring.is_made(home.keyring)
    for _ in range(2):
        await home.prepare()
    assert sorted(path.name for path in home.keyring.iterdir()) == ["event-web.key", "keyring.id", "pepper"]
    async with home.open("bot") as bot:
        sealed = await delivered(bot)
        # Another database beside it is given no keys of this one.
        with pytest.raises(StoreMismatchError, match="holds keys of another"):
            await replace(home, database_url=second.new_database()).prepare()
        await claims.claim(bot, sealed.present(), SOMEBODY)


async def test_a_plain_user_makes_it_once_he_may(tmp_path: Path, second: Postgres) -> None:
    """A try that failed leaves nothing behind that counts; then all keys are made, and none on a host without a bot."""
    url = second.new_database()
    home = Home(tmp_path, f"sqlite+aiosqlite:///{tmp_path}/new.db", url.replace("//postgres", "//plain"))
    told(url, "CREATE ROLE plain LOGIN")

    async def migrated(folder: str, code: int) -> str:
        told_it = home.environment() | {"SIGNING_DIR": str(tmp_path / folder)}
        async with program_running(["sendsecret", "migrate"], told_it, tmp_path / "migrate.log") as program:
            assert await program.ended() == code, program.written()
        return program.written()

    assert "KEYRING_URL" in await migrated("signing", 3)
    told(url, f"ALTER DATABASE {make_url(url).database} OWNER TO plain")
    await migrated("signing", 0)
    assert (tmp_path / "signing" / "master" / "1.key").exists()
    assert "has a bot elsewhere" in await migrated("web", 0)
    assert not (tmp_path / "web").exists()
