"""`sendsecret incident`: what somebody was handed, as lines, table and page; and an end to what is outstanding."""

import asyncio
import csv
import io
import json
import stat
from dataclasses import replace
from pathlib import Path

from click.testing import Result

from store import creation, handed, record_endings, record_reads, record_renewing, records, rotating, tokens
from store.door import Visitor
from store.formats import header_v1
from store.formats.receipt_v1 import utc
from store.opened import Store
from store.records import Named
from store.words import Actor, Event, Scope
from tests.evidence.packs import command
from tests.store.living import created, revoked, viewed
from tests.store.test_tokens import said
from tests.stores import Home, Sealed, seal

DANA = "<@u0dana|dana>"
FORMULA = "=HYPERLINK(1)<b>\x1b]0;x"


async def typed(home: Home, *words: object, person: str = DANA) -> Result:
    """The command, in a thread of its own: it has a loop of its own."""
    return await asyncio.to_thread(command, home, "incident", "--person", person, *words)


async def lived(store: Store, home: Home) -> Sealed:
    """One that was opened; one that waits; one that is over."""
    seen = await created(store, recipient_id="U0DANA")
    await viewed(store, home, seen)
    await created(store, recipient_id="U0DANA", lives_seconds=86_400)
    await revoked(store, home, await created(store, recipient_id="U0DANA"))
    return seen


async def test_everything_that_somebody_was_handed(home: Home, tmp_path: Path) -> None:
    """Lines, a table and a page say the same; what must be rotated comes first; nothing is changed."""
    async with home.open("bot") as store:
        seen = await lived(store, home)
        await rotating.remind_on(store, seen.new.id, 1_900_000_000_000)
    table, page = tmp_path / "dana.csv", tmp_path / "dana.html"
    done = await typed(home, "--csv", table, "--page", page)
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert (
        lines[0] == "Handed to Dana Petrov (U0DANA): 3; 1 opened and not rotated, 1 outstanding, 1 with nothing to do."
    )
    assert [line.split()[0] for line in lines[1:4]] == ["ROTATE", "REVOKE", "-"]
    assert "rotate by 2030-03-17T17:46:40Z" in lines[1]
    rows = list(csv.DictReader(io.StringIO(table.read_text())))
    assert [row["to_do"] for row in rows] == ["rotate", "revoke", ""]
    assert rows[0]["rotate_by"] == "2030-03-17T17:46:40Z"
    text = page.read_text()
    assert "<script" not in text
    assert "Rotate these at their providers: 1" in text
    assert "Nothing was erased" in text
    assert [stat.S_IMODE(path.stat().st_mode) for path in (table, page)] == [0o600, 0o600]
    again = await typed(home, "--csv", table)
    assert (again.exit_code, "is there already" in again.output) == (2, True)
    said = json.loads((await typed(home, "--json")).stdout)
    assert [row["to_do"] for row in said["rows"]] == ["rotate", "revoke", ""]
    assert said["erased"] == {"months": [], "forgotten": 0}


async def test_what_people_wrote_does_nothing(sqlite_home: Home, tmp_path: Path) -> None:
    """Not in a spreadsheet, a browser or a terminal."""
    async with sqlite_home.open("bot") as store:
        sealed = seal(recipient_id="U0DANA", recipient_name=FORMULA)
        header = header_v1.encode(replace(header_v1.parse(sealed.new.header), label=FORMULA))
        await creation.create(store, replace(sealed.new, header=header))
    table, page = tmp_path / "dana.csv", tmp_path / "dana.html"
    done = await typed(sqlite_home, "--csv", table, "--page", page)
    assert "\x1b" not in done.output
    assert "<b>" not in page.read_text()
    assert f"'{FORMULA}" in table.read_text()


async def test_what_is_outstanding_is_revoked_when_it_is_meant(sqlite_home: Home) -> None:
    """Not without a yes; then all of it, once, as whoever runs it; and the lines show it."""
    async with sqlite_home.open("bot") as store:
        await lived(store, sqlite_home)
        asked = await typed(sqlite_home, "--revoke")
        assert (asked.exit_code, "It would revoke 1 drop" in asked.output) == (2, True)
        assert (await handed.counts(store, "U0DANA", None)).revoke == 1
        done = await typed(sqlite_home, "--revoke", "--yes")
        assert (done.exit_code, done.stderr) == (0, "Revoked and destroyed unopened: 1.\n")
        assert "0 outstanding" in done.stdout
        assert {drop.ended_by for drop in await handed.to(store, "U0DANA") if drop.ended_by != "holder"} == {
            Actor.SENDER,
            Actor.ADMIN,
        }
        again = await typed(sqlite_home, "--revoke", "--yes")
        assert (again.exit_code, again.stderr) == (0, "Nothing is outstanding: there was nothing to revoke.\n")


async def test_nobody_and_nothing(sqlite_home: Home, tmp_path: Path) -> None:
    """Somebody without drops is an answer; a name that is none, and no database, are refused in words."""
    nobody = await typed(sqlite_home, "--page", tmp_path / "x.html", person="dana@example.com")
    assert (nobody.exit_code, "Handed to dana@example.com (dana@example.com): 0" in nobody.output) == (0, True)
    assert "Nobody who was handed anything is known here as dana@example.com" in nobody.stderr
    assert "Nothing that is still on record was handed" in (tmp_path / "x.html").read_text()
    for name in ("Dana", "wendy", "William"):
        wrong = await typed(sqlite_home, person=name)
        assert (wrong.exit_code, "takes a user id of Slack" in wrong.output) == (2, True)
    empty = Home(tmp_path, f"sqlite+aiosqlite:///{tmp_path}/none.db")
    gone = await typed(empty)
    assert (gone.exit_code, "no database at DATABASE_URL" in gone.output) == (2, True)
    assert not (tmp_path / "none.db").exists()


async def test_the_list_is_printed_though_a_file_cannot_be_written(sqlite_home: Home, tmp_path: Path) -> None:
    """It is there first, with the tokens that still work, their scopes and ends; somebody like that is known here."""
    async with sqlite_home.open("bot") as store:
        token, until = await tokens.make(store, "T", "U0DANA", scopes=frozenset({Scope.READ, Scope.REVOKE}), days=3)
    done = await typed(sqlite_home, "--csv", tmp_path / "nowhere" / "dana.csv", person="u0dana")
    assert (done.exit_code, "cannot be written" in done.stderr, "is known here" in done.stderr) == (2, True, False)
    assert "still work: 1. Whoever has one can" in done.stdout
    assert f"for read, revoke, until {utc(until)}. To end it: sendsecret token revoke {token.id_text}" in done.stdout
    said = json.loads((await typed(sqlite_home, "--json")).stdout)
    assert said["tokens"] == [{"name": token.id_text, "scopes": ["read", "revoke"], "until": utc(until)}]


async def test_records_whose_key_they_were_handed(sqlite_home: Home, tmp_path: Path) -> None:
    """How each stands, how often it was read, and whether somebody said that it was rotated; on the page, too."""
    async with sqlite_home.open("bot") as store:
        named = Named("Stripe <key>", "https://example.com/keys", owner="U0MAYA", recipient="U0DANA")
        key, _ = await records.make(store, named, "value", lives_seconds=3600, by=Actor.SENDER)
        live, _ = await records.make(store, named, "value", lives_seconds=3600, by=Actor.SENDER)
        await record_reads.read(store, key.id, key, Visitor())
        await record_endings.revoke(store, key.id, by=Actor.SENDER)
    done = await typed(sqlite_home, "--page", tmp_path / "dana.html", person="U0DANA")
    assert (done.exit_code, "is known here" in done.stderr) == (0, False)
    [ended] = [line for line in done.stdout.splitlines() if key.id_text in line]
    assert ended.startswith("ROTATE ")
    for wanted in ("Stripe <key>, revoked since ", "read 1 times", "nobody has said", "https://example.com/keys"):
        assert wanted in ended
    [reads] = [line for line in done.stdout.splitlines() if live.id_text in line]
    assert reads.startswith("REVOKE ")
    assert "can be read until" in reads
    page = (tmp_path / "dana.html").read_text()
    assert "Stripe &lt;key&gt;" in page
    assert page.count('<td class="tick"><span></span></td>') == 2
    async with sqlite_home.open("bot") as store:
        await record_renewing.renewed(store, key.id, by=Actor.SENDER)
    said = json.loads((await typed(sqlite_home, "--json", person="U0DANA")).stdout)["records"]
    assert {one["record"]: one["to_do"] for one in said} == {key.id_text: "", live.id_text: "revoke"}


async def test_tokens_end_when_it_is_meant(sqlite_home: Home) -> None:
    """Not without a yes; then all of them, as an incident; and the lines show none."""
    async with sqlite_home.open("bot") as store:
        for team in ("T", "TOTHER"):
            await tokens.make(store, team, "U0DANA")
        asked = await typed(sqlite_home, "--end-tokens")
        assert (asked.exit_code, "It would end 2 tokens" in asked.output) == (2, True)
        assert len(await tokens.of_person(store, "U0DANA")) == 2
        done = await typed(sqlite_home, "--end-tokens", "--yes")
        assert (done.exit_code, done.stderr.splitlines()[0]) == (0, "Tokens ended: 2.")
        assert "still work" not in done.stdout
        ends = [(one["by"], one["why"]) for one in await said(store, Event.TOKEN_REVOKED)]
        assert ends == [("admin", "incident")] * 2
        again = await typed(sqlite_home, "--end-tokens", "--yes")
        assert "there was none to end" in again.stderr
