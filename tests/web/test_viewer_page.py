"""The shell of a record's page: the same bytes for everybody, from no database, under the headers of every page."""

from dataclasses import replace

import pytest

from reveal_web.machines import viewer_page
from store.formats import base64url
from tests.store.looking import made_page
from tests.store.recording import made
from tests.web import wire
from tests.web.conftest import PUBLIC_URL, World
from tests.web.test_headers import CANARY, check_guard

ID = base64url.encode(b"0123456789abcdef")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/v/{ID}", 200),
        (f"/v/{ID}?{CANARY}", 200),
        (f"/v/{CANARY}", 404),
        (f"/v/{ID}%231p.{CANARY}", 404),
        (f"/v/{ID}/{CANARY}", 404),
        ("/v/", 404),
        ("/v", 404),
    ],
)
async def test_every_address_gets_the_same_shell(world: World, path: str, status: int) -> None:
    """The page finds out by itself that a link was cut; nothing of the path is repeated."""
    reply = await world.ask(wire.get(path))
    page = viewer_page.load(PUBLIC_URL)
    assert (reply.status, reply.body) == (status, page.shell)
    check_guard(reply)
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.headers["content-security-policy"] == page.shell_headers["Content-Security-Policy"]
    assert reply.headers["integrity-policy"] == "blocked-destinations=(script)"


async def test_files_are_kept_for_ever_and_nothing_else_is_there(world: World) -> None:
    """What the shell names is served; what it does not name is a problem."""
    for path in viewer_page.load(PUBLIC_URL).files:
        reply = await world.ask(wire.get(path))
        assert reply.status == 200
        check_guard(reply, cache="public, max-age=31536000, immutable")
    for path in (f"/viewer/{CANARY}.js", f"/viewer/..%2f{CANARY}", "/viewer/words.js"):
        reply = await world.ask(wire.get(path))
        assert (reply.status, reply.slug) == (404, "not-found")


async def test_it_is_the_same_for_every_record_and_changes_nothing(world: World) -> None:
    """For a page, for a record that programs read and for none; previews and prefetchers count no read and no guess."""
    holder, key = await made_page(world.store), await made(world.store)
    before = await world.fingerprint()
    replies = [
        await world.ask(wire.get(f"/v/{record_id}", Sec_Purpose="prefetch;prerender"))
        for record_id in (holder.link.id_text, key.id_text, ID)
    ]
    assert all(replace(one, headers=one.steady_headers) == replace(replies[0], headers=replies[0].steady_headers)
               for one in replies)  # fmt: skip
    head = await world.ask(wire.get(f"/v/{holder.link.id_text}", "HEAD"), has_body=False)
    assert head.steady_headers == replies[0].steady_headers
    assert await world.fingerprint() == before


async def test_the_shell_asks_no_database(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is served while the database is away."""

    def away(*_: object) -> None:
        raise AssertionError("the database was asked")

    monkeypatch.setattr("store.database.Database.read", away)
    monkeypatch.setattr("store.database.Database.write", away)
    paths = [f"/v/{ID}", *viewer_page.load(PUBLIC_URL).files]
    assert [(await world.ask(wire.get(path))).status for path in paths] == [200] * len(paths)
