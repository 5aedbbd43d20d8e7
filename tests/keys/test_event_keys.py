"""Event keys, rotated while programs run."""

import json
import os
import threading
from pathlib import Path

import pytest
from sqlalchemy import select

from store.errors import KeyUnreadableError, StoreMismatchError
from store.formats import base64url, jws_v1
from store.keys import event_keys
from store.log import published
from store.log.sequencer import Sequencer
from store.log.who_may_say import believed
from store.schema import events
from store.signer import EventKey, Signer
from store.words import Event
from tests.keys.rotating import event_bot, event_web, faults, lives, said
from tests.store.living import created
from tests.store.test_log import drained
from tests.stores import Home


async def test_running_programs_sign_with_the_new_key_and_the_log_takes_it(home: Home) -> None:
    """No restart: the next event of each is signed by its new key, and what the old ones signed still holds."""
    async with home.open("bot") as bot, home.open("web") as web:
        await lives(home, bot, web)
        old = {bot.signer.key.kid, web.signer.key.kid}
        await event_bot(bot, home)
        await event_web(bot, home)
        new = {bot.signer.key.kid, web.signer.key.kid}
        assert not old & new
        drop = await lives(home, bot, web)
        async with bot.db.read() as tx:
            kids = set((await tx.execute(select(events.c.kid).where(events.c.drop_id == drop.new.id))).scalars())
        assert kids == new
        assert {json.loads(jwk)["kid"] for jwk in await published.event_keys(web)} == old | new
    assert await faults(home) == []


async def test_a_rotation_is_said_by_the_key_that_goes(home: Home) -> None:
    """Which key, the old and the new kid, and by whom; the old key itself vouches for the new one."""
    async with home.open("bot") as bot:
        done = await event_keys.rotate(bot, home.signing, "event-bot", home.signing / "event-bot.key")
        [claims] = await said(bot)
        assert (claims["key"], claims["old"], claims["new"], claims["by"]) == (
            "event-bot",
            done.old,
            done.new,
            "operator",
        )
        async with bot.db.read() as tx:
            assert await tx.scalar(select(events.c.kid).where(events.c.event == Event.KEY_ROTATED)) == done.old


async def test_the_new_key_is_believed_and_published_before_it_is_in_place(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever signs first with it finds that everybody may know it."""
    seen = []
    async with home.open("bot") as bot:

        def put_in_place(path: Path) -> None:
            seen.append(EventKey.read("bot", path.with_name("event-bot.key.next")).kid)

        monkeypatch.setattr("store.key_files.put_in_place", put_in_place)
        await event_bot(bot, home)
        assert seen[0] in believed(home.signing)
        assert seen[0] in {json.loads(jwk)["kid"] for jwk in await published.event_keys(bot)}
        assert bot.signer.key.kid != seen[0]


@pytest.mark.parametrize("name", ["event-bot.key", "event-web.key"])
async def test_the_old_private_bytes_are_overwritten_in_place(home: Home, name: str) -> None:
    """Not only unlinked: whoever still has the file open finds zeros.  The new one is its program's, as the old was."""
    path = (home.signing if "bot" in name else home.keyring) / name
    os.link(path, home.path / "held")
    path.chmod(0o640)
    owner = 12_345 if os.geteuid() == 0 else os.geteuid()
    os.chown(path, owner, -1)
    async with home.open("bot") as bot:
        await (event_bot if "bot" in name else event_web)(bot, home)
    assert set((home.path / "held").read_bytes()) == {0}
    assert (path.stat().st_mode & 0o777, path.stat().st_uid) == (0o640, owner)
    assert not [one.name for one in path.parent.iterdir() if one.name.endswith((".old", ".next", ".new"))]


async def test_a_prepared_key_signs_nothing_and_is_the_one_that_comes(home: Home) -> None:
    """Its public half can be carried to other hosts first."""
    path = home.signing / "event-bot.key"
    async with home.open("bot") as bot:
        prepared = await event_keys.rotate(bot, home.signing, "event-bot", path, only_prepare=True)
        assert (prepared.is_in_place, bot.signer.key.kid) == (False, prepared.old)
        assert prepared.new in believed(home.signing)
        assert await said(bot) == []
        done = await event_keys.rotate(bot, home.signing, "event-bot", path)
        assert (done.new, bot.signer.key.kid) == (prepared.new, prepared.new)
        await created(bot)
        assert await drained(Sequencer(bot, home.signing)) == []


def test_a_signature_and_its_kid_are_of_one_key_whatever_is_rotated_between(tmp_path: Path) -> None:
    """Hundreds of signatures while another thread rotates without pause: each verifies under the kid it came with."""
    path, over = tmp_path / "event.key", threading.Event()
    Signer.make(path)
    signer, seen = Signer("web", path), set()

    def rotate() -> None:
        while not over.is_set():
            new = tmp_path / "new"
            new.write_bytes(EventKey.generate())
            new.replace(path)

    rotating = threading.Thread(target=rotate)
    rotating.start()
    try:
        for _ in range(300):
            signed = signer.sign(b'{"evt":"drop.asked"}')
            assert jws_v1.parse(signed.leaf).kid == signed.kid
            seen.add(signed.kid)
    finally:
        over.set()
        rotating.join()
    assert len(seen) > 1
    assert not hasattr(signer, "kid")


def test_a_key_that_is_gone_or_is_none_signs_nothing(tmp_path: Path) -> None:
    """An error that means "try again", and nothing of the file in it; a program does not start on one."""
    path = tmp_path / "event.key"
    Signer.make(path)
    signer, canary = Signer("web", path), json.loads(path.read_text())["d"]
    jwk = json.loads(path.read_text())
    for content in (bytes(100), b"{}", b"[]", json.dumps(jwk | {"x": canary[:-2]}).encode(), b"\xff"):
        path.write_bytes(content)
        os.utime(path, ns=(1, 1))
        with pytest.raises(KeyUnreadableError) as caught:
            signer.sign(b"{}")
        with pytest.raises(StoreMismatchError, match=r"event\.key cannot be read") as refused:
            Signer("web", path)
        assert canary not in f"{caught.value!r}{caught.value.__cause__!r}{refused.value!r}"
    public = {name: value for name, value in jwk.items() if name != "d"}
    path.write_text(json.dumps(public))
    with pytest.raises(KeyUnreadableError):
        signer.sign(b"{}")
    path.unlink()
    with pytest.raises(KeyUnreadableError):
        signer.sign(b"{}")
    assert len(base64url.decode(canary)) == 32
