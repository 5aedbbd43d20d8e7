"""Retiring an event key: nothing more of it is believed, and everything before is."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from store import key_files, orders
from store.errors import LogStoppedError, UnknownOrderError
from store.events import append_without_drop
from store.keys import event_keys, retiring
from store.keys.saying import KeyRefusedError
from store.log import another
from store.log.latest import Latest
from store.log.log_key import LogSigner
from store.log.sequencer import Sequencer
from store.log.who_may_say import RETIRED, UNKNOWN_KEY, believed, retire
from store.opened import Store
from store.schema import events, log_leaves
from store.signer import EventKey, Signer
from store.words import Event, OrderState
from tests.evidence.packs import made, require_failure, verify
from tests.keys.rotating import event_bot, faults, lives, log, said
from tests.postgres import Postgres
from tests.store.living import created
from tests.store.sealing_under_orders import terms
from tests.store.test_log import drained
from tests.store.test_log_guard import backup  # noqa: F401 - a fixture
from tests.store.whole_log import whole_log
from tests.stores import Home
from tests.verifying.attacked import attack

MINUTE = 61


@asynccontextmanager
async def leaked(home: Home) -> AsyncIterator[tuple[Store, Store, str]]:
    """The bot; somebody who has a copy of its key of before, which was rotated; and that key's kid."""
    copy = home.path / "stolen.key"
    copy.write_bytes((home.signing / "event-bot.key").read_bytes())
    async with home.open("bot") as bot, home.open("web") as web:
        thief = replace(bot, signer=Signer("bot", copy))
        await lives(home, bot, web)
        await event_bot(bot, home)
        yield bot, thief, thief.signer.key.kid


async def retired(bot: Store, home: Home, kid: str, *, force: bool = True) -> None:
    await retiring.retire(bot, home.signing, kid, event_keys.files(home.keyring, home.signing), force=force)


async def test_what_a_retired_key_signs_is_refused_and_what_it_signed_stays(home: Home) -> None:
    """Until then it is believed, also after its rotation; what waits for the log counts by its position."""
    async with leaked(home) as (bot, thief, kid):
        await created(thief)
        assert await drained(Sequencer(bot, home.signing)) == []
        before = await created(thief)
        await retired(bot, home, kid)
        await created(thief)
        assert await drained(Sequencer(bot, home.signing)) == [(Event.CREATED, RETIRED)]
        async with bot.db.read() as tx:
            placed = select(log_leaves.c.leaf_index).join(events, events.c.position == log_leaves.c.position)
            assert await tx.scalar(placed.where(events.c.drop_id == before.new.id)) is not None
        assert [claims["retired"] for claims in await said(bot) if "retired" in claims] == [kid]
    [line, *_] = await faults(home)
    assert RETIRED in line
    assert "the log refuses it" in line


async def test_a_leaf_of_a_retired_key_is_found_in_store_and_pack(sqlite_home: Home, tmp_path: Path) -> None:
    """Where somebody made the sequencer take it all the same, both checks name it."""
    home = sqlite_home
    async with leaked(home) as (bot, thief, kid):
        await retired(bot, home, kid)
        await drained(Sequencer(bot, home.signing))
        honest = await asyncio.to_thread(made, home, tmp_path / "honest")
        assert verify(honest).exit_code == 0
        end = home.signing / "trusted" / f"bot-{kid}.retired"
        was = end.read_text()
        end.unlink()
        await created(thief)
        assert await drained(Sequencer(bot, home.signing)) == []
        [line] = await faults(home)
        assert line.startswith("SIGNING_DIR/trusted: the event at position")
        assert f"retired the key {kid}, which is believed on here" in line
        end.write_text(was)
    lines = await faults(home)
    assert any(line.startswith("events: ") and RETIRED in line for line in lines)
    pack = await asyncio.to_thread(made, home, tmp_path / "pack")
    require_failure(pack, f"signed by the key {kid}, which leaf ", " had retired")


async def test_a_key_in_use_or_just_used_is_not_retired(home: Home) -> None:
    """The one in a key file never, one that signed within the last minute only by force, an unknown one not at all."""
    async with leaked(home) as (bot, _, kid):
        for force in (False, True):
            with pytest.raises(KeyRefusedError, match=r"is the key in event-bot\.key.*keys rotate event-bot"):
                await retired(bot, home, bot.signer.key.kid, force=force)
        with pytest.raises(KeyRefusedError, match="within the last minute"):
            await retired(bot, home, kid, force=False)
        for unknown in ("", "../trusted", kid[:-1]):
            with pytest.raises(KeyRefusedError, match="no event key that is believed here"):
                await retired(bot, home, unknown)
        assert all(one.retired is None for one in believed(home.signing).values())
        assert [claims for claims in await said(bot) if "retired" in claims] == []
        home.advance_clock(MINUTE)
        await retired(bot, home, kid, force=False)
        assert believed(home.signing)[kid].retired is not None


async def test_only_the_folder_says_who_is_retired_and_it_never_moves_forward(home: Home) -> None:
    """An event alone retires nobody, a later position lets nobody speak again, and a damaged file stops the log."""
    async with leaked(home) as (bot, _, kid):
        await retired(bot, home, kid)
        end = home.signing / "trusted" / f"bot-{kid}.retired"
        position = int(end.read_text())
        retire(home.signing, kid, position + 100)
        assert int(end.read_text()) == position
        retire(home.signing, kid, position - 1)
        assert int(end.read_text()) == position - 1
        await retired(bot, home, kid)
        assert len([claims for claims in await said(bot) if "retired" in claims]) == 1
        end.write_text("soon\n")
        with pytest.raises(LogStoppedError, match=r"or its \.retired, is not a key that can be believed"):
            await drained(Sequencer(bot, home.signing))


async def test_who_has_an_earlier_position_commits_before_a_key_is_retired(
    postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Otherwise its event would be a leaf behind the retirement, and look like one that was let in against it."""
    home = Home(tmp_path_factory.mktemp("late"), postgres.new_database())
    await home.prepare()
    async with leaked(home) as (bot, thief, kid):
        await drained(Sequencer(bot, home.signing))
        async with thief.db.write() as tx:
            early = await append_without_drop(tx, thief, Event.KEY_ROTATED, at=1, facts={})
            retirement = asyncio.create_task(retired(bot, home, kid))
            done, _ = await asyncio.wait([retirement], timeout=0.3)
            await drained(Sequencer(bot, home.signing))
            assert not done
        await retirement
        assert await drained(Sequencer(bot, home.signing)) == []
        assert (await whole_log(bot)).positions[-2:] == [early, believed(home.signing)[kid].retired]


async def test_a_forged_event_stands_in_for_none_of_ours(sqlite_home: Home) -> None:
    """Somebody with the database alone cannot make us believe that it was said already."""
    async with leaked(sqlite_home) as (bot, _, kid):
        await retired(bot, sqlite_home, kid)
        end = sqlite_home.signing / "trusted" / f"bot-{kid}.retired"
        true = int(end.read_text())
        await asyncio.to_thread(
            attack,
            sqlite_home,
            ("UPDATE events SET leaf = substr(leaf, 1, length(leaf) - 6) WHERE position = :at", {"at": true}),
        )
        await retired(bot, sqlite_home, kid)
        async with bot.db.read() as tx:
            last = select(events.c.position).where(events.c.event == Event.KEY_ROTATED)
            assert (await tx.execute(last.order_by(events.c.position.desc()))).scalars().first() != true


async def test_what_was_unknown_when_its_key_was_retired_stays_out(home: Home) -> None:
    """A key that is believed late and retired by then: its old events do not come into the log behind that."""
    async with leaked(home) as (bot, thief, kid):
        known = home.signing / "trusted" / f"bot-{kid}.jwk"
        jwk = known.read_text()
        await drained(Sequencer(bot, home.signing))
        known.unlink()
        await created(thief)
        assert await drained(Sequencer(bot, home.signing)) == [(Event.CREATED, UNKNOWN_KEY)]
        known.write_text(jwk)
        await retired(bot, home, kid)
        again = Sequencer(bot, home.signing)
        await again.ask_again()
        assert await drained(again) == []
        assert (await whole_log(bot)).events[-2:] == [Event.KEY_ROTATED, Event.KEY_ROTATED]


async def test_what_a_retired_key_ordered_and_nobody_has_sealed_is_over(home: Home) -> None:
    """Its holder hears that before they type anything; orders of other keys stay."""
    async with leaked(home) as (bot, thief, kid):
        of_before, of_now = await orders.place(thief, terms()), await orders.place(bot, terms())
        await retired(bot, home, kid)
        with pytest.raises(UnknownOrderError):
            await orders.look(bot, of_before)
        assert (await orders.look(bot, of_now)).state is OrderState.OPEN


@pytest.mark.parametrize("name", ["event-bot", "event-web"])
async def test_a_key_that_was_prepared_and_is_retired_never_comes_into_use(home: Home, name: str) -> None:
    """Its private bytes are erased, and the next rotation makes another one, of which the log takes everything."""
    files = event_keys.files(home.keyring, home.signing)
    coming = files[name].with_name(f"{name}.key.next")
    async with home.open("bot") as bot, home.open("web") as web:
        await lives(home, bot, web)
        prepared = await event_keys.rotate(bot, home.signing, name, files[name], only_prepare=True)
        content = coming.read_bytes()
        os.link(coming, home.path / "held")
        await retired(bot, home, prepared.new)
        assert (coming.exists(), set((home.path / "held").read_bytes())) == (False, {0})
        # Retired on another host: its `.retired` was copied here, and the key is still beside the one in use.
        coming.write_bytes(content)
        done = await event_keys.rotate(bot, home.signing, name, files[name])
        assert done.new != prepared.new
        await lives(home, bot, web)


async def test_a_key_that_was_never_believed_is_made_anew(home: Home) -> None:
    """A rotation that stopped before it believed its key, or a file that somebody put there, goes into no use."""
    path = home.signing / "event-bot.key"
    strange = EventKey.generate()
    async with home.open("bot") as bot, home.open("web") as web:
        path.with_name("event-bot.key.next").write_bytes(strange)
        done = await event_keys.rotate(bot, home.signing, "event-bot", path)
        assert done.new != EventKey("bot", strange).kid
        await lives(home, bot, web)


async def test_a_retirement_waits_for_a_rotation_of_either_folder(home: Home) -> None:
    """Otherwise the rotation would put into use what is retired just then: the key is looked at when it is over."""
    async with home.open("bot") as bot:
        for folder in (home.keyring, home.signing):
            with key_files.alone(folder):
                waiting = threading.Thread(target=asyncio.run, args=(retired_or_refused(bot, home),))
                waiting.start()
                await asyncio.to_thread(waiting.join, 0.3)
                assert waiting.is_alive()
            await asyncio.to_thread(waiting.join)


async def retired_or_refused(bot: Store, home: Home) -> None:
    """Of a key that nobody knows: nothing but the locks is at stake."""
    with pytest.raises(KeyRefusedError):
        await retired(bot, home, "nobody")


async def test_each_later_log_says_anew_who_is_retired(sqlite_home: Home, tmp_path: Path) -> None:
    """A pack of it alone names what a retired key got into it; what the key had signed before its end goes in."""
    home = sqlite_home
    async with leaked(home) as (bot, thief, kid):
        waiting = await created(thief)
        await retired(bot, home, kid)
        before = believed(home.signing)[kid].retired
        await drained(Sequencer(bot, home.signing))
        await log(bot, home)
        assert await drained(Sequencer(bot, home.signing)) == []
        assert believed(home.signing)[kid].retired == before
        honest = await asyncio.to_thread(made, home, tmp_path / "honest", "--log", "2")
        assert verify(honest).exit_code == 0
        end = home.signing / "trusted" / f"bot-{kid}.retired"
        was = end.read_text()
        end.unlink()
        await created(thief)
        assert await drained(Sequencer(bot, home.signing)) == []
        end.write_text(was)
        async with bot.db.read() as tx:
            placed = select(log_leaves.c.log).join(events, events.c.position == log_leaves.c.position)
            assert await tx.scalar(placed.where(events.c.drop_id == waiting.new.id)) == 1
    pack = await asyncio.to_thread(made, home, tmp_path / "pack", "--log", "2")
    require_failure(pack, f"signed by the key {kid}, which leaf ", " had retired")


async def test_a_log_after_a_restored_backup_ends_the_same_keys(
    sqlite_home: Home,
    backup: Any,  # noqa: F811
) -> None:
    """The positions have gone back; the end that the folder knows may be far ahead of them."""
    home, (take, restore) = sqlite_home, backup
    async with leaked(home) as (bot, thief, kid):
        pass
    take()
    async with home.open("bot") as bot, home.open("web") as web:
        for _ in range(3):
            await lives(home, bot, web)
        await retired(bot, home, kid)
    restore()
    signer = LogSigner(home.signing / "log.key")
    async with home.open("bot") as bot:
        thief = replace(bot, signer=Signer("bot", home.path / "stolen.key"))
        await another.open_another(bot, signer, Latest(home.signing, signer))
        await created(thief)
        assert await drained(Sequencer(bot, home.signing)) == [(Event.CREATED, RETIRED)]
