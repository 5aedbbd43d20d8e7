"""The keyring is not mounted, or the pepper in it cannot be read: nothing is judged by that, and people are told."""

from pathlib import Path
from typing import Any

import pytest

from bot.sweeping import Sweeping
from store import claims, door, endings, record_endings, sweeper
from store.errors import DropEndedError, KeyUnreadableError, UnknownDropError
from store.keys import pepper
from store.words import Outcome
from tests.keyring_on_server import moved, told
from tests.keys.rotating import the_pepper
from tests.originals import Original
from tests.postgres import Postgres
from tests.store.escrowing import escrowed
from tests.store.living import SOMEBODY, created
from tests.store.reading import events_of, row_of
from tests.stores import Home


def away(path: Path) -> Path:
    return path.rename(path.with_name("away"))


async def test_whoever_holds_a_link_of_an_ended_drop_is_told_how_it_ended(home: Home) -> None:
    """Also under an older pepper; an open drop says "try again", an unknown one what it always says."""
    async with home.open("bot") as bot, home.open("web") as web:
        ended = await created(bot)
        await endings.revoke(bot, ended.new.id)
        await the_pepper(bot, home)
        live = await created(bot)
        _ = web.keyring.peppers.live
        pepper_alone = (home.keyring / "pepper").rename(home.path / "pepper")
        # Whoever looks at a dead link is put on record, by a key that is in the folder too: once an hour.
        with pytest.raises(DropEndedError):
            await door.look(web, ended.new.id, ended.new.link_proof, SOMEBODY)
        pepper_alone.rename(home.keyring / "pepper")
        where = away(home.keyring)
        with pytest.raises(DropEndedError):
            await door.look(web, ended.new.id, ended.new.link_proof, SOMEBODY)
        with pytest.raises(UnknownDropError):
            await door.look(web, live.new.id, bytes(32), SOMEBODY)
        with pytest.raises(KeyUnreadableError):
            await created(bot)
        where.rename(home.keyring)
        await door.look(web, live.new.id, live.new.link_proof, SOMEBODY)


async def test_a_drop_that_ended_says_so_to_the_first_who_comes(home: Home) -> None:
    """While nothing can be signed, an overdue one too; who came meanwhile is counted, by the next or the sweeper."""
    async with home.open("bot") as bot, home.open("web") as web:
        ended, overdue = await created(bot), await created(bot, lives_seconds=60)
        await endings.revoke(bot, ended.new.id)
        home.advance_clock(61)
        where = away(home.keyring)
        for drop, outcome in ((ended, Outcome.REVOKED), (overdue, Outcome.EXPIRED)):
            for _ in range(2):
                with pytest.raises(DropEndedError) as looked:
                    await door.look(web, drop.new.id, drop.new.link_proof, SOMEBODY)
                with pytest.raises(DropEndedError) as claimed:
                    await claims.claim(web, drop.present(), SOMEBODY)
                assert looked.value.outcome == claimed.value.outcome == outcome
                assert min(looked.value.at, claimed.value.at) > 0
        where.rename(home.keyring)
        for drop, outcome in ((ended, Outcome.REVOKED), (overdue, Outcome.EXPIRED)):
            with pytest.raises(DropEndedError) as looked:
                await door.look(web, drop.new.id, drop.new.link_proof, SOMEBODY)
            assert looked.value.outcome == outcome
            said = [one for one in await events_of(web, drop.new.id) if one["evt"] == "drop.second_consumer"]
            assert [(one["stage"], one["count"]) for one in said] == [("door", 3)]
        assert not (await sweeper.sweep_keys(bot)).is_away
        for drop in (ended, overdue):  # the bot's key may not say it, and the log would refuse it
            said = [one for one in await events_of(web, drop.new.id) if one["evt"] == "drop.second_consumer"]
            assert [(one["stage"], one["count"]) for one in said] == [("door", 3)]
        for _ in range(2):
            assert not (await sweeper.sweep_keys(web)).is_away
        for drop in (ended, overdue):
            said = [one for one in await events_of(web, drop.new.id) if one["evt"] == "drop.second_consumer"]
            assert [(one["stage"], one["count"]) for one in said] == [("door", 3), ("claim", 2)]


async def test_an_older_pepper_that_was_erased_counts_as_soon_as_it_can_be_seen(home: Home) -> None:
    """What is kept in memory for a file that is away is not kept for longer."""
    async with home.open("bot") as bot, home.open("web") as web:
        await the_pepper(bot, home)
        assert len(web.keyring.peppers.live) == 2
        home.advance_clock(3700)
        assert await pepper.forget(bot) == 1
        where = away(home.keyring / "pepper")
        assert len(web.keyring.peppers.live) == 2
        where.rename(home.keyring / "pepper")
        assert len(web.keyring.peppers.live) == 1


async def test_what_is_missing_is_named_although_the_pepper_is_away(home: Home) -> None:
    """The keys that are absent are found before the pepper is asked for."""
    async with home.open("bot") as bot:
        drop = await created(bot)
        away(home.keyring / "drops" / drop.new.id.hex())
        (home.keyring / "pepper").rename(home.path / "pepper")
        swept = await sweeper.sweep_keys(bot)
        assert (swept.absent, swept.is_away) == ([drop.new.id], True)


class Admins:
    """What they were told."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    async def tell(self, what: Any) -> None:
        self.told.append(what)


async def test_admins_are_told_once_that_a_master_key_is_away(home: Home) -> None:
    """One that a live record names; once more only after it was there again, and nothing is made in its place."""
    admins: Any = Admins()
    async with home.open("bot") as bot:
        sweeping = Sweeping(bot, home.signing, admins, 0)
        key = await escrowed(bot)
        await sweeping._once(with_keys=True)
        assert admins.told == []
        path = home.signing / "master" / "1.key"
        where = path.rename(home.path / "away")
        for _ in range(2):
            await sweeping._once(with_keys=True)
        assert ["missing or damaged: 1." in what for what in admins.told] == [True]
        assert not path.exists()
        where.rename(path)
        await sweeping._once(with_keys=True)
        path.write_bytes(bytes(32))
        await sweeping._once(with_keys=True)
        await record_endings.revoke(bot, key.id)
        await sweeping._once(with_keys=True)
        assert len(admins.told) == 2


async def test_admins_are_told_once_that_the_keyring_is_away(sqlite_home: Home) -> None:
    """A folder that is not mounted raises the alarm, whether a drop is live or not."""
    admins: Any = Admins()
    async with sqlite_home.open("bot") as bot:
        sweeping = Sweeping(bot, sqlite_home.signing, admins, 0)
        where = away(sqlite_home.keyring)
        for _ in range(2):
            await sweeping._once(with_keys=True)
        assert ["The keyring cannot be read" in what for what in admins.told] == [True]
        where.rename(sqlite_home.keyring)
        await sweeping._once(with_keys=True)
        assert len(admins.told) == 1


async def test_admins_are_told_once_of_a_server_that_lost_keys_or_keeps_them(
    on_sqlite: Original, postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That a crash has emptied it, when that is found; that it cannot be vacuumed, when it could not be for a while."""
    admins: Any = Admins()
    home = moved(on_sqlite.copied_to(tmp_path), postgres.new_database())
    async with home.open("bot") as bot:
        sweeping = Sweeping(bot, home.signing, admins, 0)
        await sweeping._once(with_keys=True)
        assert admins.told == []
        drop = await created(bot)
        told(home.keyring_url, "TRUNCATE sendsecret_drop_keys")
        for _ in range(2):
            await sweeping._once(with_keys=True)
        assert ["lost the keys of all links that were open" in what for what in admins.told] == [True]
        assert (await row_of(bot, drop.new.id)).outcome == "lost"

        def held_up(**_: object) -> None:
            raise KeyUnreadableError("another holds the table")

        monkeypatch.setattr(bot.keyring, "tidy", held_up)
        for _ in range(3):
            await sweeping._once(with_keys=True)
        assert ["cannot be vacuumed" in what for what in admins.told] == [False, True]
        monkeypatch.undo()
    postgres.forget(home.keyring_url)
