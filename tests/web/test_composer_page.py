"""The composer's shell: the same bytes for everybody, from no database, under the headers of every page."""

from dataclasses import replace

import pytest

from reveal_web.machines import composer_assets
from store import orders
from store.formats import base64url
from store.formats.order_link_v1 import OrderLink
from store.words import OrderState
from tests.store.sealing_under_orders import terms
from tests.web import wire
from tests.web.conftest import PUBLIC_URL, World
from tests.web.test_headers import CANARY, check_guard

ID = base64url.encode(b"0123456789abcdef")
SLACKBOT = "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"


def paths() -> list[str]:
    """The shell and every file of it."""
    return [f"/c/{ID}", *composer_assets.load(PUBLIC_URL).files]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/c/{ID}", 200),
        (f"/c/{ID}?{CANARY}", 200),
        (f"/c/{CANARY}", 404),
        (f"/c/{ID}%231.{CANARY}", 404),
        (f"/c/{ID}/{CANARY}", 404),
        ("/c/", 404),
        ("/c", 404),
    ],
)
async def test_every_address_gets_the_same_shell(world: World, path: str, status: int) -> None:
    """The page finds out by itself that a link was cut; nothing of the path is repeated."""
    reply = await world.ask(wire.get(path))
    page = composer_assets.load(PUBLIC_URL)
    assert (reply.status, reply.body) == (status, page.shell)
    check_guard(reply)
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.headers["content-security-policy"] == page.shell_headers["Content-Security-Policy"]
    assert reply.headers["integrity-policy"] == "blocked-destinations=(script)"


async def test_files_are_kept_for_ever_and_nothing_else_is_there(world: World) -> None:
    """What the shell names is served; what it does not name is a problem."""
    for path in paths()[1:]:
        reply = await world.ask(wire.get(path))
        assert reply.status == 200
        check_guard(reply, cache="public, max-age=31536000, immutable")
    for path in (f"/composer/{CANARY}.js", f"/composer/..%2f{CANARY}", "/composer/words.js"):
        reply = await world.ask(wire.get(path))
        assert (reply.status, reply.slug) == (404, "not-found")


async def test_head_answers_like_get_without_a_body(world: World) -> None:
    """HEAD has GET's status and headers."""
    for path in paths():
        head = await world.ask(wire.get(path, "HEAD"), has_body=False)
        whole = await world.ask(wire.get(path))
        assert replace(whole, headers=whole.steady_headers, body=b"") == replace(head, headers=head.steady_headers)


async def test_what_scanners_send_uses_nothing_up(world: World) -> None:
    """Previews, prefetchers, forms and strange methods: not one byte of database or keyring differs."""
    link = await orders.place(world.store, terms())
    page = f"/c/{link.id_text}"
    before = await world.fingerprint()
    for raw in (
        wire.get(page),
        wire.get(page, "HEAD"),
        wire.get(page, Sec_Purpose="prefetch;prerender", Purpose="prefetch"),
        wire.get(page, User_Agent=SLACKBOT, Range="bytes=0-32768"),
        *(wire.get(page, method) for method in ("OPTIONS", "TRACE", "PROPFIND", "DELETE", "PUT")),
        wire.post(page, b""),
        wire.post(page, b"token=1&secret=2", Content_Type="application/x-www-form-urlencoded"),
    ):
        reply = await world.ask(raw, has_body=not raw.startswith(b"HEAD"))
        assert reply.status in (200, 405), raw
    assert await world.fingerprint() == before
    assert (await orders.look(world.store, OrderLink(link.id, link.token))).state is OrderState.OPEN


async def test_the_shell_asks_no_database(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is served while the database is away."""

    def away(*_: object) -> None:
        raise AssertionError("the database was asked")

    monkeypatch.setattr("store.database.Database.read", away)
    monkeypatch.setattr("store.database.Database.write", away)
    assert [(await world.ask(wire.get(path))).status for path in paths()] == [200] * len(paths())
