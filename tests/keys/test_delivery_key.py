"""The delivery key, rotated while links that were sealed to it are on their way."""

import json
import os
import shutil
from pathlib import Path

import pytest

from store import delivery_keys, key_files
from store.errors import StoreMismatchError
from store.formats import base64url
from store.keys import delivery
from store.link_opener import DeliveryKey, LinkOpener, before
from tests.keys.rotating import said
from tests.keys.test_crashes import deadly_disk, holding
from tests.sealed_elsewhere import elsewhere, published
from tests.store.faults import Crash, dying
from tests.stores import Home, Sealed

HALF_AN_HOUR = 1800
MOST_ACTS = 40


def private_of(home: Home) -> bytes:
    """The private part of the key in place, as its file holds it."""
    return str(json.loads((home.signing / "delivery.key").read_text())["d"]).encode()


def opens(home: Home, sealed: Sealed) -> bool:
    """Whether a bot can read this drop's link."""
    assert sealed.new.sealed_link is not None
    text = LinkOpener(home.signing).open(sealed.new.id, sealed.new.sealed_link)
    return text == sealed.link.url("http://localhost:8080")


async def test_what_is_on_its_way_opens_and_the_old_key_ends(home: Home) -> None:
    """Sealed before and after; the old bytes are overwritten in place half an hour later, and not a second earlier."""
    home.hold_clock()
    async with home.open("bot") as bot:
        first = elsewhere(await published(bot, home))
        old = private_of(home)
        os.link(home.signing / "delivery.key", home.path / "held")
        done = await delivery.rotate(bot, home.signing)
        newest = await delivery_keys.newest(bot.db)
        assert newest is not None
        assert newest.kid == done.new == LinkOpener(home.signing).key.kid
        second = elsewhere(newest.public)
        assert opens(home, first)
        assert opens(home, second)
        home.advance_clock(HALF_AN_HOUR - 1)
        assert await delivery.forget(bot, home.signing) == 0
        assert opens(home, first)
        home.advance_clock(2)
        assert await delivery.forget(bot, home.signing) == 1
        assert set((home.path / "held").read_bytes()) == {0}
        assert holding(home, old) == []
        assert not opens(home, first)
        assert opens(home, second)
        [claims] = await said(bot)
        assert (claims["key"], claims["old"], claims["new"], claims["by"]) == (
            "delivery",
            done.old,
            done.new,
            "operator",
        )


async def test_several_rotations_keep_every_key_that_is_needed(home: Home) -> None:
    """Three within a minute: whatever was sealed to any of the four opens, and all old ones end together."""
    home.hold_clock()
    async with home.open("bot") as bot:
        made = [elsewhere(await published(bot, home))]
        for _ in range(3):
            await delivery.rotate(bot, home.signing)
            made.append(elsewhere(await published(bot, home)))
        assert all(opens(home, one) for one in made)
        home.advance_clock(HALF_AN_HOUR + 1)
        assert await delivery.forget(bot, home.signing) == 3
        assert [opens(home, one) for one in made] == [False, False, False, True]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_crash_at_any_act_loses_no_link(sqlite_home: Home, after: bool) -> None:
    """What was sealed before, and what is sealed after the crash, opens; then the same command ends what it began."""
    home = sqlite_home
    home.hold_clock()
    async with home.open("bot") as bot:
        crashes = 0
        for at in range(1, MOST_ACTS):
            first = elsewhere(await published(bot, home))
            kid = LinkOpener(home.signing).key.kid
            doomed, fate = dying(bot, at, after=after)
            try:
                with deadly_disk(fate):
                    await delivery.rotate(doomed, home.signing)
            except Crash:
                crashes += 1
                newest = await delivery_keys.newest(bot.db)
                assert newest is not None
                second = elsewhere(newest.public)
                home.advance_clock(HALF_AN_HOUR - 1)
                await delivery.forget(bot, home.signing)
                assert opens(home, first)
                assert opens(home, second)
                home.advance_clock(HALF_AN_HOUR)
                await delivery.forget(bot, home.signing)
                assert opens(home, second), "the key in use, or the one that comes, was erased"
                await delivery.rotate(bot, home.signing)
                assert opens(home, second)
            assert LinkOpener(home.signing).key.kid != kid
            assert not key_files.is_unfinished(home.signing / "delivery.key")
            if fate.acts < at:
                break
        assert 5 < crashes < MOST_ACTS - 1


async def test_a_crash_while_an_old_key_is_erased_is_made_good(sqlite_home: Home) -> None:
    """Zeros under the old name are no key, and go with the next sweep."""
    home = sqlite_home
    async with home.open("bot") as bot:
        await published(bot, home)
        await delivery.rotate(bot, home.signing)
        [old] = before(home.signing)
        key_files.overwrite(old, 0, old.stat().st_size)
        assert await delivery.forget(bot, home.signing) == 1
        assert before(home.signing) == []


async def test_a_new_key_is_published_before_it_is_in_place(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the bot opens with it from then on: nobody is given a key that nobody has."""
    seen: list[str] = []
    async with home.open("bot") as bot:
        await published(bot, home)

        def put_in_place(path: Path, kept: Path) -> None:
            seen.extend(LinkOpener(home.signing).kids)

        monkeypatch.setattr("store.key_files.put_in_place_of_kept", put_in_place)
        done = await delivery.rotate(bot, home.signing)
        newest = await delivery_keys.newest(bot.db)
        assert newest is not None
        assert newest.kid == done.new
        assert done.new in seen


async def test_a_bot_that_starts_in_the_midst_publishes_nothing_older(home: Home) -> None:
    """The newest is the one that comes; the bot holds it beside, and must not call people back to the old one."""
    async with home.open("bot") as bot:
        await published(bot, home)
        doomed, _ = dying(bot, 1, after=True)
        with pytest.raises(Crash):
            await delivery.rotate(doomed, home.signing)
        coming = DeliveryKey.read(key_files.next_of(home.signing / "delivery.key"))
        assert await published(bot, home) == coming.public


async def test_another_host_takes_the_key_that_was_put_beside(home: Home, tmp_path: Path) -> None:
    """The same command there puts it in place and says nothing new."""
    other = tmp_path / "other"
    other.mkdir(mode=0o700)
    async with home.open("bot") as bot:
        await published(bot, home)
        shutil.copy(home.signing / "delivery.key", other)
        shutil.copytree(home.signing / "trusted", other / "trusted")
        done = await delivery.rotate(bot, home.signing)
        (other / "delivery.key.next").write_bytes((home.signing / "delivery.key").read_bytes())
        assert await delivery.rotate(bot, other) == done
        assert len(await said(bot)) == 1
        assert LinkOpener(other).kids == LinkOpener(home.signing).kids


def test_a_key_file_that_is_none_says_nothing_of_itself(tmp_path: Path) -> None:
    """Named in the error, and no word of its content; the next start makes none beside it."""
    path = tmp_path / "delivery.key"
    DeliveryKey.make(path)
    assert path.stat().st_mode & 0o777 == 0o600
    whole = path.read_bytes()
    DeliveryKey.make(path)
    assert path.read_bytes() == whole
    key = DeliveryKey.read(path)
    for canary in (base64url.encode(key.private), key.private.hex(), str(key.private)):
        assert canary not in repr(key)
    secret = json.loads(whole)["d"]
    for content in (bytes(100), b"{}", b"[]", json.dumps({"d": secret[:-2]}).encode(), b"\xff", b'{"d": 7}'):
        path.write_bytes(content)
        with pytest.raises(StoreMismatchError, match=r"delivery\.key cannot be read") as refused:
            DeliveryKey.read(path)
        assert secret[:20] not in f"{refused.value!r}"
        assert LinkOpener(tmp_path).open(bytes(16), bytes(200)) is None
