"""An evidence pack for whoever has its link: the page, the zip, and one answer for all that is not there."""

import asyncio
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from reveal_web.browser import page_headers
from reveal_web.proofs import evidence_page
from reveal_web.settings import WebSettings
from store import pacing
from store.errors import StoreUnavailableError
from store.evidence import asking, keeping
from store.evidence.asking import LIFE_MS
from store.evidence.keeping import PIECE_BYTES
from store.words import PackFailure
from tests.store.packs import MONTH, QUARTER, kept, taken
from tests.web import wire
from tests.web.conftest import World
from tests.web.test_headers import CANARY, check_guard
from tests.web.test_receipt_page import HTML, Read

NAME = "evidence-2026-07-01-to-2026-09-30.zip"


async def page_of(world: World, pack_id: bytes) -> str:
    """The page, whose headers are those of every page of proofs."""
    reply = await world.ask(wire.get(f"/evidence/{pack_id.hex()}", **HTML))
    assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    check_guard(reply)
    assert reply.headers["content-security-policy"] == page_headers.RECEIPT_POLICY
    return reply.body.decode()


async def test_the_page_says_what_the_file_is(world: World, tmp_path: Path) -> None:
    """Period, recipients, drops, log, size and hash, until when, and commands with the file's very name."""
    pack_id = await kept(world.store.db, tmp_path / "zip", bytes(2_500_000))
    found = await keeping.find(world.store.db, pack_id)
    assert found is not None
    html = await page_of(world, pack_id)
    page = Read(html)
    assert page.texts("h1") == ["Evidence pack"]
    facts = page.texts("dd")
    assert "2026-07-01 to 2026-09-30; both days are included, and are UTC" in facts
    assert {"all", "40", "2.4 MiB (2500000 bytes)", f"1234 entries, root {'A' * 43}="} <= set(facts)
    assert "3 events that came after the checkpoint, 1 that no log took" in facts
    assert len(re.findall(r"\d+ [A-Z][a-z]+ \d{4}, \d\d:\d\d:\d\d UTC", html)) == 3
    assert found.sha256 in html
    assert f'href="/evidence/{pack_id.hex()}.zip" download="{NAME}"' in html
    assert f"unzip -q {NAME}" in html
    assert "The database is not what was signed" not in html
    assert "<script" not in html
    assert "style=" not in html


async def test_a_pack_of_a_changed_database_says_so(world: World, tmp_path: Path) -> None:
    """Before anything else, and of whom it is."""
    html = await page_of(world, await kept(world.store.db, tmp_path / "zip", request=MONTH, faults=2))
    assert "The database is not what was signed." in html
    assert "guest" in Read(html).texts("dd")


async def test_the_zip_is_the_zip(world: World, tmp_path: Path) -> None:
    """Every byte, its length, its name; and guarded like every answer."""
    content = os.urandom(3 * PIECE_BYTES + 11)
    pack_id = await kept(world.store.db, tmp_path / "zip", content)
    reply = await world.ask(wire.get(f"/evidence/{pack_id.hex()}.zip"))
    assert (reply.status, reply.body) == (200, content)
    check_guard(reply)
    assert reply.headers["content-length"] == str(len(content))
    assert reply.headers["content-type"] == "application/zip"
    assert reply.headers["content-disposition"] == f'attachment; filename="{NAME}"'
    head = await world.ask(wire.get(f"/evidence/{pack_id.hex()}.zip", "HEAD"), has_body=False)
    assert head.steady_headers == reply.steady_headers
    in_part = await world.ask(wire.get(f"/evidence/{pack_id.hex()}.zip", Range="bytes=5-9"))
    assert (in_part.status, in_part.body) == (200, content)


async def test_a_slow_reader_holds_no_transaction(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While somebody takes a pack slowly, the database has nothing open for them, and they get the rest of it later."""
    monkeypatch.setattr(pacing, "LONGEST_REST", 0)  # so that all that the system takes is on its way in no time
    content = os.urandom(100 * PIECE_BYTES)
    pack_id = await kept(world.store.db, tmp_path / "zip", content)
    async with wire.connected(world.port) as (reader, writer):
        writer.write(wire.get(f"/evidence/{pack_id.hex()}.zip"))
        begin = await reader.read(100)
        await asyncio.sleep(0.5)
        assert world.store.db._engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        head, _, _ = begin.partition(b"\r\n")
        assert head == b"HTTP/1.1 200 OK"
        rest = begin + await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(len(content))
    assert body == content
    assert b"Content-Length: %d" % len(content) in rest


async def test_a_pack_that_ends_on_the_way_is_cut(world: World, tmp_path: Path) -> None:
    """Whoever was reading gets fewer bytes than were promised, so that they know; nothing is made up."""
    content = os.urandom(200 * PIECE_BYTES)
    pack_id = await kept(world.store.db, tmp_path / "zip", content)
    async with wire.connected(world.port) as (reader, writer):
        writer.write(wire.get(f"/evidence/{pack_id.hex()}.zip"))
        await reader.readuntil(b"\r\n\r\n")
        world.move_clock(LIFE_MS / 1000)
        await keeping.sweep(world.store.db)
        got = await reader.read()
    assert len(got) < len(content)
    assert content.startswith(got)


@pytest.mark.parametrize("suffix", ["", ".zip"])
@pytest.mark.parametrize(
    "name", ["0" * 32, "F" * 32, "0" * 31, "0" * 33, "x", f"{CANARY}%3Cscript%3E", "%d9%a0" * 32, "..%2f" + "0" * 32]
)
async def test_what_is_not_there_is_said_in_words(world: World, name: str, suffix: str) -> None:
    """Unknown or malformed, page or zip: the same 404, as a page for a browser and as a problem for a program."""
    reply = await world.ask(wire.get(f"/evidence/{name}{suffix}", **HTML))
    assert reply.status == 404
    check_guard(reply)
    assert Read(reply.body.decode()).texts("h1") == ["There is no such evidence pack"]
    assert (await world.ask(wire.get(f"/evidence/{name}{suffix}"))).slug == "not-found"


async def test_over_failed_and_unfinished_are_the_same_as_unknown(world: World, tmp_path: Path) -> None:
    """Nobody learns from an answer that there was one."""
    over = await kept(world.store.db, tmp_path / "zip")
    world.move_clock(LIFE_MS / 1000)
    failed = await taken(world.store.db, MONTH)
    await asking.fail(world.store.db, failed, PackFailure.NO_LOG)
    unfinished = await taken(world.store.db, QUARTER)
    for suffix in ("", ".zip"):
        unknown = await world.ask(wire.get(f"/evidence/{'0' * 32}{suffix}", **HTML))
        for pack_id in (over, failed.pack_id, unfinished.pack_id):
            reply = await world.ask(wire.get(f"/evidence/{pack_id.hex()}{suffix}", **HTML))
            assert (reply.status, reply.body, reply.steady_headers) == (404, unknown.body, unknown.steady_headers)


async def test_a_database_that_is_away_is_said_in_words(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 and when to come back."""

    async def away(*_: object) -> None:
        raise StoreUnavailableError

    monkeypatch.setattr("store.evidence.keeping.find", away)
    reply = await world.ask(wire.get(f"/evidence/{'0' * 32}", **HTML))
    assert (reply.status, reply.headers["retry-after"]) == (503, "1")
    assert "Nothing is lost" in reply.body.decode()
    for suffix in ("", ".zip"):
        assert (await world.ask(wire.get(f"/evidence/{'0' * 32}{suffix}"))).slug == "unavailable"


async def test_what_was_signed_is_never_markup(world: World, tmp_path: Path) -> None:
    """A log with a name full of markup gives the same elements as one without."""
    pack_id = await kept(world.store.db, tmp_path / "zip")
    found = await keeping.find(world.store.db, pack_id)
    assert found is not None
    settings = WebSettings(public_url="https://s.example.com", database_url="sqlite+aiosqlite:///x")
    sharp = "\"'><img src=x><script>alert(1)</script>"
    packs = [replace(found, note=f"{text}\n1\nroot", sha256=text) for text in ("x", sharp)]
    plain, marked = (Read(evidence_page.page(settings, one)) for one in packs)
    assert plain.tags == marked.tags
    assert sharp in marked.texts("dd")


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 bytes"), (1023, "1023 bytes"), (1024, "1.0 KiB (1024 bytes)"), (5 << 40, "5120.0 GiB")]
)
def test_sizes(count: int, said: str) -> None:
    """For people, with the exact one beside it."""
    assert evidence_page.in_bytes(count).startswith(said)
