"""The routes of a record's page: in the reader's order and words, and nothing for whoever has the id alone."""

import base64
import secrets
from dataclasses import replace

import pytest

from store import record_endings, records
from store.formats import base64url, record_page_v1
from store.record_keys import KeyName
from store.record_views import Presented
from store.words import RecordState
from tests.store.looking import HINT, WAITS, Holder, made_page, view_body
from tests.store.recording import VALUE, key_files, made, said, told
from tests.stores import key_path
from tests.web import wire
from tests.web.conftest import World
from tests.web.test_headers import check_guard


async def door(world: World, holder: Holder, **headers: str) -> wire.Reply:
    """Look."""
    return await world.post(f"/api/v1/records/{holder.link.id_text}/door", holder.door_body, **headers)


async def view(world: World, holder: Holder, presented: Presented | None = None, **headers: str) -> wire.Reply:
    """Try a passphrase, the right one unless told otherwise."""
    body = view_body(presented or holder.right())
    return await world.post(f"/api/v1/records/{holder.link.id_text}/view", body, **headers)


async def test_the_page_is_given_what_it_opens(world: World) -> None:
    """The door says what it is and consumes nothing; each view is the value once more, and is counted."""
    holder = await made_page(world.store, reads=2)
    for left in (2, 1):
        seen = await door(world, holder)
        assert seen.status == 200
        assert seen.json() | {"header": ""} == {
            "state": "live",
            "header": "",
            "hint": HINT,
            "tries_left": 5,
            "retry_after_seconds": 0,
            "reads_left": left,
        }
        given = await view(world, holder)
        assert (given.status, given.json()["reads_left"]) == (200, left - 1)
        check_guard(given)
        assert "set-cookie" not in given.headers
        sealed = base64url.decode(given.json()["sealed"])
        header = seen.json()["header"]
        assert record_page_v1.open_(holder.link, holder.keys, header, given.json()["version"], sealed) == VALUE
    for reply in (await door(world, holder), await view(world, holder)):
        assert (reply.status, reply.slug, reply.json()["state"]) == (410, "ended", "expired")
    await world.parts.unfinished.all_done(wire.SECONDS)
    assert key_files(world.store) == {}


async def test_what_is_not_there_is_one_answer(world: World) -> None:
    """Another proof, another id, an id that is none, a record that programs read: the same to the byte."""
    holder, key = await made_page(world.store), await made(world.store)
    other = Holder(replace(holder.link, key=secrets.token_bytes(32)))
    replies = []
    for record_id, one in (
        (holder.link.id_text, other),
        ("A" * 22, holder),
        ("nonsense", holder),
        (key.id_text, holder),
        (key.id_text, Holder(replace(holder.link, id=key.id))),
    ):
        replies.append(await world.post(f"/api/v1/records/{record_id}/door", one.door_body))
        replies.append(await world.post(f"/api/v1/records/{record_id}/view", view_body(one.wrong())))
    assert {(one.status, one.slug, one.body) for one in replies} == {(404, "not-found", replies[0].body)}
    assert len({str(sorted(one.steady_headers.items())) for one in replies}) == 1


async def test_the_other_door_knows_no_page(world: World) -> None:
    """GET /r/{id} of a record with a page is that of an unknown id, byte for byte, and leaves no trace."""
    holder, key = await made_page(world.store), await made(world.store)
    about = len(await said(world.store))
    replies = [
        await world.ask(wire.get(f"/r/{record_id}", X_API_Key=key.text))
        for record_id in (holder.link.id_text, "A" * 22)
    ]
    await world.parts.unfinished.all_done(wire.SECONDS)
    assert [one.status for one in replies] == [401, 401]
    assert replies[0].body == replies[1].body
    assert replies[0].steady_headers == replies[1].steady_headers
    assert len(await said(world.store)) == about


async def test_wrong_links_are_limited_and_right_ones_are_not(world: World) -> None:
    """Twenty a minute from one address, then 429; whoever holds a link is answered all the same."""
    world.hold_wrong_links()
    holder = await made_page(world.store)
    other = Holder(replace(holder.link, key=secrets.token_bytes(32)))
    answers = [(await door(world, other)).slug for _ in range(22)]
    assert answers == ["not-found"] * 20 + ["slow-down"] * 2
    assert (await view(world, holder)).status == 200


async def test_guesses_are_answered_as_those_at_a_drop(world: World) -> None:
    """Refused, too soon, locked: with what is left and how long to wait; a repeated pair is the same 403, unpaid."""
    holder = await made_page(world.store, lives_seconds=86_400)
    wrong = holder.wrong()
    first, again = await view(world, holder, wrong), await view(world, holder, wrong)
    assert (first.status, first.slug, first.json()["tries_left"]) == (403, "wrong-passphrase", 4)
    assert again.body == first.body
    for wait in WAITS[1:4]:
        world.move_clock(wait)
        assert (await view(world, holder, holder.wrong())).status == 403
    early = await view(world, holder)
    assert (early.status, early.slug) == (429, "too-soon")
    assert int(early.headers["retry-after"]) == early.json()["retry_after_seconds"] > 290
    world.move_clock(301)
    locked = [await view(world, holder, holder.wrong()), await view(world, holder)]
    assert [(one.status, one.slug) for one in locked] == [(423, "locked")] * 2
    assert (await door(world, holder)).json()["state"] == "locked"


async def test_a_holder_of_a_dead_link_is_told(world: World) -> None:
    """What happened and when; a wrong link to it is still no link at all."""
    holder = await made_page(world.store)
    await record_endings.revoke(world.store, holder.link.id)
    ended = (await records.find(world.store, holder.link.id)).ended_at
    assert ended is not None
    for reply in (await door(world, holder), await view(world, holder)):
        assert (reply.status, reply.slug) == (410, "ended")
        assert (reply.json()["state"], reply.json()["at"]) == (RecordState.REVOKED, ended // 1000)
    other = Holder(replace(holder.link, key=secrets.token_bytes(32)))
    assert (await door(world, other)).slug == "not-found"


async def test_a_keyring_that_is_away_is_said_and_costs_nothing(world: World) -> None:
    """503, with when to try again; then every guess is still there."""
    holder = await made_page(world.store)
    path = key_path(world.store.keyring.records, KeyName(holder.link.id, 1).encoded)
    aside = path.rename(path.with_suffix(".aside"))
    for presented in (holder.right(), holder.wrong()):
        reply = await view(world, holder, presented)
        assert (reply.status, reply.slug, reply.headers["retry-after"]) == (503, "key-unreadable", "5")
    aside.rename(path)
    assert (await door(world, holder)).json()["tries_left"] == 5


@pytest.mark.parametrize("route", ["door", "view"])
async def test_nonsense_is_refused_before_anybody_looks(world: World, route: str) -> None:
    """Another site's page, another type, another shape: in that order, and no guess is paid."""
    holder = await made_page(world.store)
    path = f"/api/v1/records/{holder.link.id_text}/{route}"
    good = holder.door_body if route == "door" else view_body(holder.wrong())
    before = await world.fingerprint()
    evil = {"Origin": "https://evil.example"}
    for reply, expected in (
        (await world.post(path, b"x", Content_Type="text/plain", **evil), (403, "wrong-origin")),
        (await world.post(path, good, Sec_Fetch_Site="cross-site"), (403, "wrong-origin")),
        (await world.post(path, good, Content_Type="text/plain"), (415, "unsupported-type")),
        (await world.post(path, b"x" * 5000), (413, "too-large")),
        (await world.post(path, {**good, "more": "x"}), (400, "malformed")),
        (await world.post(path, {**good, "link_proof": good["link_proof"] + "="}), (400, "malformed")),
        (await world.post(path, {}), (400, "malformed")),
        (await world.ask(wire.get(path)), (405, "not-allowed")),
    ):
        assert (reply.status, reply.slug) == expected
        check_guard(reply)
    assert await world.fingerprint() == before


async def test_nothing_secret_is_told(world: World, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither in the events and notices nor in what the program writes: no value, no key, nothing of what was sent."""
    holder = await made_page(world.store, value="canary-of-a-value")
    wrong = holder.wrong()
    assert (await view(world, holder, wrong)).status == 403
    assert (await view(world, holder)).status == 200
    written = capfd.readouterr()
    everything = f"{written.out}{written.err}{await said(world.store)}{await told(world.store)}"
    secret = (holder.link.key, holder.proof, wrong.auth_token, wrong.attempt, holder.keys.auth_token)
    for canary in ("canary-of-a-value", *(base64url.encode(one) for one in secret)):
        assert canary not in everything
    for one in secret:
        assert base64.b64encode(one).decode()[:20] not in everything
        assert one.hex() not in everything
