"""The door of a record: its value for its key, and one and the same answer, byte for byte, for all else."""

import asyncio
import secrets
import threading
from collections.abc import AsyncIterator

import pytest

from store import record_endings, record_rotating, records
from store.formats import base64url
from store.formats.record_key_v1 import RecordKey
from store.keyring import KeyFolder
from store.record_keys import KeyName
from tests.store import recording
from tests.stores import key_path
from tests.web import wire
from tests.web.conftest import World

UNKNOWN = (
    b'{"error":"Authentication required",'
    b'"message":"Please provide your token in the X-API-Key header to decrypt the content."}'
)
VALUE = 'sk_live_canary "ä\u2028😀"\n'


@pytest.fixture
async def quiet(world: World) -> AsyncIterator[World]:
    """The world, in which whatever is noted beside an answer was noted when the test goes on."""
    yield world
    await settled(world)


async def settled(world: World) -> None:
    """Wait for what is written down beside answers."""
    while noting := [*world.parts.unfinished._tasks]:
        await asyncio.wait(noting)


async def get(world: World, record: str, *keys: str) -> wire.Reply:
    """GET a record, with as many keys as there are."""
    lines = "".join(f"X-API-Key: {key}\r\n" for key in keys)
    return await world.ask(f"GET /r/{record} HTTP/1.1\r\nHost: localhost\r\n{lines}\r\n".encode())


async def test_the_right_key_gets_the_value(quiet: World) -> None:
    """The exact bytes, as JSON, never to be stored, and as often as the key is shown."""
    key = await recording.made(quiet.store, value=VALUE)
    for _ in range(3):
        reply = await get(quiet, key.id_text, key.text)
        assert (reply.status, reply.body) == (
            200,
            b'{"data":"sk_live_canary \\"\xc3\xa4\xe2\x80\xa8\xf0\x9f\x98\x80\\"\\n"}',
        )
        assert reply.json() == {"data": VALUE}
        assert reply.headers["content-type"] == "application/json"
        assert reply.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in reply.headers["content-security-policy"]
        assert "server" not in reply.headers


async def test_every_refusal_is_the_same_to_the_byte(quiet: World) -> None:
    """No key, a wrong one, another record's, one that is none, two, unknown and malformed ids, rotated, ended."""
    world = quiet
    key, other, old, gone = [await recording.made(world.store) for _ in range(4)]
    new, _ = await record_rotating.rotate(world.store, old.id, "x")
    await record_endings.revoke(world.store, gone.id)
    read_up = await recording.made(world.store, reads=1)
    assert (await get(world, read_up.id_text, read_up.text)).status == 200
    overdue = await recording.made(world.store, lives_seconds=1)
    world.move_clock(2)
    unknown = base64url.encode(secrets.token_bytes(16))
    wrong = RecordKey(key.id, secrets.token_bytes(32)).text
    tries = [
        (key.id_text,),
        (key.id_text, ""),
        (key.id_text, wrong),
        (key.id_text, other.text),
        (key.id_text, RecordKey(other.id, key.secret).text),
        (key.id_text, key.text[:-1]),
        (key.id_text, f"Bearer {key.text}"),
        (key.id_text, key.text, key.text),
        (key.id_text, key.text + "é"),
        (unknown,),
        (unknown, key.text),
        ("x" * 22, key.text),
        (key.id_text + "A", key.text),
        ("%00", key.text),
        (old.id_text, old.text),
        (gone.id_text, gone.text),
        (read_up.id_text, read_up.text),
        (overdue.id_text, overdue.text),
    ]
    answers = set()
    for record, *keys in tries:
        reply = await get(world, record, *keys)
        assert reply.body == UNKNOWN
        answers.add((reply.status, reply.body, tuple(sorted(reply.steady_headers.items()))))
    [(status, _, headers)] = answers
    assert (status, dict(headers)["content-type"]) == (401, "application/json")
    assert dict(headers)["cache-control"] == "no-store"
    assert (await get(world, old.id_text, new.text)).json() == {"data": "x"}
    assert (await get(world, key.id_text, key.text)).status == 200


async def test_only_get_reads(quiet: World) -> None:
    """HEAD would be a read whose value nobody gets; whatever is no GET is refused, and counts nothing."""
    key = await recording.made(quiet.store, reads=1)
    for method in ("HEAD", "POST", "PUT", "DELETE", "OPTIONS"):
        raw = wire.get(f"/r/{key.id_text}", method, X_API_Key=key.text)
        reply = await quiet.ask(raw, has_body=method != "HEAD")
        assert (reply.status, reply.headers["allow"]) == (405, "GET")
    assert (await get(quiet, key.id_text, key.text)).status == 200


async def test_whoever_tries_many_keys_waits(quiet: World) -> None:
    """Twenty wrong ones a minute for each address, whichever the record; the right key is never refused for it."""
    key = await recording.made(quiet.store)
    statuses = [(await get(quiet, base64url.encode(secrets.token_bytes(16)), key.text)).status for _ in range(10)]
    wrong = RecordKey(key.id, secrets.token_bytes(32)).text
    statuses += [(await get(quiet, key.id_text, wrong)).status for _ in range(15)]
    assert statuses[:20] == [401] * 20
    assert 429 in statuses[20:]
    slow = await get(quiet, key.id_text)
    assert (slow.status, slow.slug, int(slow.headers["retry-after"]) > 0) == (429, "wrong-keys", True)
    assert (await get(quiet, key.id_text, key.text)).status == 200
    await settled(quiet)
    answered = statuses[10:].count(401)
    assert (await records.find(quiet.store, key.id)).refused == answered


async def test_no_key_is_not_a_wrong_one(quiet: World) -> None:
    """Whoever only looks at the address rouses no security team; an empty key, and two, are tries."""
    key = await recording.made(quiet.store)
    assert (await get(quiet, key.id_text)).body == UNKNOWN
    await settled(quiet)
    assert (await records.find(quiet.store, key.id)).refused == 0
    for keys in (("",), (key.text, key.text)):
        assert (await get(quiet, key.id_text, *keys)).body == UNKNOWN
    await settled(quiet)
    assert (await records.find(quiet.store, key.id)).refused == 2


async def test_a_keyring_that_is_away_counts_nothing(quiet: World) -> None:
    """503, and when to try again; the one read that was left is there once the keyring is."""
    key = await recording.made(quiet.store, reads=1)
    path = key_path(quiet.store.keyring.records, KeyName(key.id, 1).encoded)
    aside = path.rename(path.with_suffix(".aside"))
    for _ in range(3):
        reply = await get(quiet, key.id_text, key.text)
        assert (reply.status, reply.slug, reply.headers["retry-after"]) == (503, "record-unreadable", "5")
    assert (await get(quiet, key.id_text)).body == UNKNOWN
    aside.rename(path)
    assert (await get(quiet, key.id_text, key.text)).json() == {"data": recording.VALUE}


async def test_a_read_that_nobody_waits_for_is_not_counted(quiet: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that is slow for longer than the answer waits: the last read is there once it is not."""
    key = await recording.made(quiet.store, reads=1)
    with monkeypatch.context() as hurried:
        hurried.setattr("reveal_web.reader.unfinished.ANSWER_SECONDS", 0.1)
        async with quiet.store.db.write():
            reply = await get(quiet, key.id_text, key.text)
            assert (reply.status, reply.slug, reply.headers["retry-after"]) == (503, "record-unavailable", "1")
            assert "may have been counted" in reply.json()["title"]
    await settled(quiet)
    held = await records.find(quiet.store, key.id)
    assert (held.reads, held.reads_left) == (0, 1)
    assert (await get(quiet, key.id_text, key.text)).json() == {"data": recording.VALUE}


async def test_the_last_read_does_not_wait_for_its_key_to_go(quiet: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A keyring on a slow disk keeps nobody from the value whose read was counted; the key goes beside the answer."""
    key = await recording.made(quiet.store, reads=1)
    erase, is_answered = KeyFolder.erase, threading.Event()

    def slowly(folder: KeyFolder, key_id: bytes) -> bool:
        assert is_answered.wait(20)
        return erase(folder, key_id)

    monkeypatch.setattr(KeyFolder, "erase", slowly)
    try:
        reply = await get(quiet, key.id_text, key.text)
    finally:
        is_answered.set()
    assert (reply.status, reply.json()) == (200, {"data": recording.VALUE})
    await settled(quiet)
    assert recording.key_files(quiet.store) == {}


async def test_at_once_as_many_are_answered_as_reads_were_left(quiet: World) -> None:
    """Twenty programs with the right key, and three reads; whom a slow machine tells to try again, tries again."""
    key = await recording.made(quiet.store, reads=3)
    replies = await asyncio.gather(*[get(quiet, key.id_text, key.text) for _ in range(20)])
    while busy := [reply for reply in replies if reply.status == 503]:
        replies = [reply for reply in replies if reply.status != 503]
        replies += [await get(quiet, key.id_text, key.text) for _ in busy]
    assert sorted(reply.status for reply in replies if reply.status != 429) == [200] * 3 + [401] * 17
    await settled(quiet)
    assert recording.key_files(quiet.store) == {}


async def test_the_key_and_the_value_are_in_no_event(quiet: World) -> None:
    """Nor in a notice, whatever was answered and wherever somebody put the key."""
    key = await recording.made(quiet.store, value="canary-of-a-value")
    wrong = RecordKey(key.id, secrets.token_bytes(32))
    await get(quiet, key.id_text, key.text)
    await get(quiet, key.id_text, wrong.text)
    await get(quiet, key.text, key.text)
    await get(quiet, f"{key.id_text}?key={key.text}", "nothing")
    await settled(quiet)
    told = str(await recording.said(quiet.store)) + str(await recording.told(quiet.store))
    for canary in (key.text[30:60], wrong.text[30:60], "canary-of-a-value"):
        assert canary not in told
    assert [one["evt"] for one in await recording.said(quiet.store)] == [
        "record.created",
        "record.read",
        "record.refused",
    ]
