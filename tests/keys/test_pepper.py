"""The pepper, rotated while links are open."""

import hmac
import os
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from store import door, drops, receipt_names, sweeper
from store.errors import KeyUnreadableError, StoreMismatchError, UnknownDropError, UnknownReceiptError
from store.keyring import Keyring
from store.keys import pepper
from store.opened import Store
from store.peppers import PEPPER_BYTES, Held, Older, parse
from store.schema import drops as rows
from tests.keys.rotating import opened_by, said, the_pepper
from tests.store.living import SOMEBODY, created
from tests.store.test_receipt_names import ended
from tests.stores import Home, Sealed, seal

OVER_AN_HOUR = 3700


async def test_links_of_every_pepper_open_in_programs_that_run(home: Home) -> None:
    """Made before, between and after; in stores that were opened before the first rotation."""
    async with home.open("bot") as bot, home.open("web") as web:
        made = [await created(bot)]
        for _ in range(3):
            await the_pepper(bot, home)
            made.append(await created(bot))
        for drop in made:
            await opened_by(web, drop)
        assert [claims["number"] for claims in await said(bot)] == [1, 2, 3]
        assert all(
            set(claims) == {"iss", "iat", "jti", "evt", "key", "number", "rotation", "by"} for claims in await said(bot)
        )


async def test_a_link_is_known_whenever_its_row_is(home: Home) -> None:
    """Between a reader's two looks, at the row and at the pepper, a rotation and a new drop change nothing."""
    sealed = seal()
    async with home.open("bot") as bot, home.open("web") as web:

        class Interrupted:
            async def look(self, statement: Any, given: Any) -> Any:
                await the_pepper(bot, home)
                await drops_created(bot, sealed)
                return await web.db.look(statement, given)

        overtaken: Any = Interrupted()
        held = await drops.held(replace(web, db=overtaken), sealed.new.id, sealed.new.link_proof)
        assert held.id == sealed.new.id


async def drops_created(store: Store, sealed: Sealed) -> None:
    from store import creation

    await creation.create(store, sealed.new)


async def test_the_same_work_for_every_pepper_and_for_unknown_ids(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither which pepper a link hangs on nor whether there is such a drop can be told from what is computed."""
    compared: list[bool] = []
    real = hmac.compare_digest

    def counting(one: bytes, other: bytes) -> bool:
        compared.append(real(one, other))
        return compared[-1]

    async with home.open("bot") as bot, home.open("web") as web:
        made = []
        for _ in range(3):
            made.append(await created(bot))
            await the_pepper(bot, home)
        monkeypatch.setattr("store.drops.hmac.compare_digest", counting)
        counts = []
        for one in made:
            await door.look(web, one.new.id, one.new.link_proof, SOMEBODY)
            counts.append(len(compared))
            compared.clear()
        for drop_id in (os.urandom(16), made[0].new.id):
            with pytest.raises(UnknownDropError):
                await door.look(web, drop_id, os.urandom(32), SOMEBODY)
            counts.append(len(compared))
            compared.clear()
        assert counts == [4] * 5


async def test_links_to_names_end_with_the_pepper(home: Home) -> None:
    """Whoever had the pepper could have made them; new ones are given out at once."""
    async with home.open("bot") as bot, home.open("web") as web:
        _, rid = await ended(bot)
        token = receipt_names.token(bot, rid, with_label=True)
        assert (await receipt_names.names(web, rid, token)).disclosures
        await the_pepper(bot, home)
        with pytest.raises(UnknownReceiptError):
            await receipt_names.names(web, rid, token)
        assert (await receipt_names.names(web, rid, receipt_names.token(bot, rid, with_label=True))).disclosures


async def test_an_old_pepper_is_erased_when_nothing_hangs_on_it(home: Home) -> None:
    """Not while a row has a verifier of its time, and not within the hour; then in place, in every program."""
    path = home.keyring / "pepper"
    async with home.open("bot") as bot, home.open("web") as web:
        first = await created(bot)
        old = bot.keyring.peppers.current
        await the_pepper(bot, home)
        assert (await sweeper.sweep_keys(web)).erased == 0
        home.advance_clock(OVER_AN_HOUR)
        second = await created(bot, lives_seconds=100_000)
        assert (await sweeper.sweep_keys(web)).erased == 0
        assert old in path.read_bytes()
        async with bot.db.write() as tx:
            await tx.execute(update(rows).where(rows.c.id == first.new.id).values(v1=None))
        await sweeper.sweep_keys(web)
        assert old not in path.read_bytes()
        assert (len(bot.keyring.peppers.live), len(web.keyring.peppers.live)) == (1, 1)
        await opened_by(web, second)
        await the_pepper(bot, home)
        assert [claims["number"] for claims in await said(bot)] == [1, 2]
        assert [one.is_erased for one in bot.keyring.peppers.held.older] == [False, True]


async def test_what_is_made_under_the_old_pepper_while_it_is_rotated_is_not_forgotten(home: Home) -> None:
    """A row that commits just after the rotation may hang on the pepper before it: an hour is waited."""
    async with home.open("bot") as bot:
        await the_pepper(bot, home)
        assert await pepper.forget(bot) == 0
        home.advance_clock(OVER_AN_HOUR)
        assert await pepper.forget(bot) == 1
        assert await pepper.forget(bot) == 0


@pytest.mark.parametrize(("sealing", "rotating"), [(7300, 0), (0, -7300)], ids=["ahead", "behind"])
async def test_a_clock_that_goes_wrong_ends_no_link(home: Home, sealing: int, rotating: int) -> None:
    """Ahead when a drop was made, or behind when the pepper was rotated: the old one is kept for its link."""
    async with home.open("bot") as bot, home.open("web") as web:
        home.advance_clock(sealing)
        drop = await created(bot, lives_seconds=90 * 86_400)
        home.advance_clock(rotating - sealing)
        await the_pepper(bot, home)
        home.advance_clock(OVER_AN_HOUR - rotating)
        for _ in range(2):
            await sweeper.sweep_keys(web)
            home.advance_clock(7300)
        await opened_by(web, drop)


async def test_a_rotation_after_the_folder_was_put_back_is_said_too(home: Home) -> None:
    """Its number was used before, and it is another rotation."""
    path = home.keyring / "pepper"
    async with home.open("bot") as bot:
        was = path.read_bytes()
        for _ in range(2):
            path.write_bytes(was)
            await the_pepper(bot, home)
        assert [claims["number"] for claims in await said(bot)] == [1, 1]
        assert not (home.keyring / "pepper.rotation").exists()


async def test_the_old_file_is_overwritten_in_place(home: Home) -> None:
    """The file that was replaced holds zeros, and the pepper stands in the new one alone."""
    path = home.keyring / "pepper"
    os.link(path, home.path / "held")
    async with home.open("bot") as bot:
        await the_pepper(bot, home)
    assert (home.path / "held").read_bytes() == bytes(PEPPER_BYTES)


def test_a_damaged_file_is_refused_and_says_nothing(tmp_path: Any) -> None:
    """Zeros, a wrong length, a half record: no program starts, and one that runs says "try again"."""
    Keyring.make(tmp_path / "keyring")
    path = tmp_path / "keyring" / "pepper"
    running, content = Keyring(tmp_path / "keyring"), path.read_bytes()
    for damaged in (b"", bytes(32), content[:-1], content + b"x", content + bytes(39)):
        path.write_bytes(damaged)
        with pytest.raises(StoreMismatchError, match="damaged keyring"):
            Keyring(tmp_path / "keyring")
        with pytest.raises(KeyUnreadableError):
            _ = running.peppers.live
    held = Held(content, (Older(7, b"o" * 32),))
    assert parse(held.encode()) == held
    assert "o" * 8 not in repr(held)
