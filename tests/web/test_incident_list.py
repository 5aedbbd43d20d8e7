"""The list of an incident for whoever was given its link in Slack: a page, a table, and one answer for all others."""

import csv
import io

import pytest

from store import handed, records
from store.errors import StoreUnavailableError
from store.formats import base64url
from store.incident import links, page
from store.records import Named
from tests.web import wire
from tests.web.conftest import World
from tests.web.test_headers import CANARY, check_guard
from tests.web.test_receipt_page import HTML, Read

DANA, MAYA, TEAM = "U0DANA", "U0MAYA", "T0"
SHARP = "=1+\"'><img src=x><script>alert(1)</script>"
PAGES = {"anything": "https://example.com/rotate?a=1&b=2"}


def link(world: World, *, with_labels: bool = True, person: str = DANA) -> str:
    return links.give(world.store, person, TEAM, with_labels=with_labels, pages=PAGES).text


async def handed_over(world: World, label: str = "Stripe key", recipient: str = DANA, team: str = TEAM) -> None:
    await world.make(label=label, sender_id=MAYA, recipient_id=recipient, team_id=team)


async def test_the_page_and_the_table(world: World) -> None:
    """The same drops, for whoever has the link as often as they like; guarded like every answer, and named."""
    await handed_over(world)
    text = link(world)
    for _ in range(2):
        reply = await world.ask(wire.get(f"/incident/{text}", **HTML))
        assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
        check_guard(reply)
        assert reply.headers["cache-control"] == "no-store"
        assert "script-src" not in reply.headers["content-security-policy"]
        read = Read(reply.body.decode())
        assert read.texts("h1") == ["What was handed to Dana"]
        assert "Stripe key" in reply.body.decode()
    reply = await world.ask(wire.get(f"/incident/{text}.csv"))
    assert (reply.status, reply.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    check_guard(reply)
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["content-disposition"] == 'attachment; filename="handed-to-U0DANA.csv"'
    [row] = csv.DictReader(io.StringIO(reply.body.decode()))
    assert (row["to_do"], row["label"], row["rotate_at"]) == ("revoke", "Stripe key", PAGES["anything"])


async def test_a_link_shows_as_much_as_was_granted(world: World) -> None:
    """No label without the right to it, nobody else's drops, none of another workspace."""
    await handed_over(world)
    await handed_over(world, "Not Dana's", recipient="U0NOOR")
    await handed_over(world, "Of another workspace", team="T9")
    for label, team in (("Deploy key", TEAM), ("Key of another workspace", "T9")):
        await records.make(world.store, Named(label, recipient=DANA, team=team), "x", lives_seconds=60)
    named = (await world.ask(wire.get(f"/incident/{link(world)}", **HTML))).body.decode()
    assert "Stripe key" in named
    assert "Drops of another workspace: 1." in named
    assert "Of another workspace" not in named
    assert "Deploy key" in named
    assert "Key of another workspace" not in named
    assert "Not Dana" not in named
    unnamed = link(world, with_labels=False)
    for suffix in ("", ".csv"):
        assert b"Stripe key" not in (await world.ask(wire.get(f"/incident/{unnamed}{suffix}", **HTML))).body


async def test_a_link_is_over_after_a_quarter_of_an_hour(world: World) -> None:
    """Then it is as unknown as one that was never given out, whoever made it up."""
    await handed_over(world)
    text = link(world)
    world.move_clock(links.LASTS_SECONDS - 5)
    assert (await world.ask(wire.get(f"/incident/{text}", **HTML))).status == 200
    world.move_clock(5)
    changed = text[:-2] + ("BA" if text[-2:] != "BA" else "CA")
    for suffix in ("", ".csv"):
        replies = [
            await world.ask(wire.get(f"/incident/{one}{suffix}", **HTML))
            for one in (text, changed, base64url.encode(bytes(40)), "A", "A" * 3000, f"{CANARY}%3Cscript%3E")
        ]
        assert {reply.status for reply in replies} == {404}
        assert len({reply.body for reply in replies}) == 1
        for reply in replies:
            check_guard(reply)
        assert Read(replies[0].body.decode()).texts("h1") == ["This list is not here any more"]
        assert (await world.ask(wire.get(f"/incident/{text}{suffix}"))).slug == "not-found"


async def test_a_link_says_nothing_by_itself(world: World) -> None:
    """It stands in histories and in the logs of proxies: neither the person nor the provider can be read in it."""
    raw = base64url.decode(link(world))
    assert DANA.encode() not in raw
    assert b"example" not in raw


async def test_a_list_has_an_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is more than one list holds is counted and said; the most urgent are in it."""
    monkeypatch.setattr(links, "MOST_ROWS", 3)
    monkeypatch.setattr(links, "_AT_ONCE", 2)
    for _ in range(5):
        await handed_over(world)
    text = link(world)
    sheet = await links.sheet(world.store, text)
    assert (len(sheet.rows), sheet.left_out) == (3, 2)
    assert "2 are not in it" in (await world.ask(wire.get(f"/incident/{text}", **HTML))).body.decode()


async def test_what_people_chose_is_neither_markup_nor_formula(world: World) -> None:
    """A label full of either stands there as it was typed."""
    await handed_over(world, SHARP)
    reply = await world.ask(wire.get(f"/incident/{link(world)}", **HTML))
    assert "<script" not in reply.body.decode()
    reply = await world.ask(wire.get(f"/incident/{link(world)}.csv"))
    [row] = csv.DictReader(io.StringIO(reply.body.decode()))
    assert row["label"] == "'" + SHARP


async def test_a_database_that_is_away_is_said_in_words(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 and when to come back."""

    async def away(*_: object, **__: object) -> None:
        raise StoreUnavailableError

    text = link(world)
    monkeypatch.setattr(handed, "page", away)
    reply = await world.ask(wire.get(f"/incident/{text}", **HTML))
    assert (reply.status, reply.headers["retry-after"]) == (503, "1")
    assert "Nothing is lost" in reply.body.decode()
    assert (await world.ask(wire.get(f"/incident/{text}.csv"))).slug == "unavailable"


async def test_the_page_of_a_demo_says_so(world: World) -> None:
    """And no other."""
    sheet = await links.sheet(world.store, link(world))
    assert "<strong>Demo.</strong>" in page.of(sheet, demo=True)
    assert "Demo" not in page.of(sheet)
