"""A receipt as files, for whoever has its id; checked by programs that others wrote."""

import json
from pathlib import Path

import jwt
import pytest
from dnsid.c2sp_tlog import parse_c2sp_policy_file, verify_c2sp_tlog_proof
from sqlalchemy import text

from store.formats import base64url
from store.log.sequencer import Sequencer
from store.opened import opened
from store.program_keys import make_program_keys
from store.schema import events
from tests.store.test_log import drained
from tests.web import wire
from tests.web.conftest import World
from tests.web.test_headers import check_guard


async def viewed(world: World) -> str:
    """The id of the receipt that a page gets for its acknowledgement."""
    holder = await world.make(passphrase="correct horse")
    body = holder.claim()
    await world.claim(holder, body)
    said = {"link_proof": body["link_proof"], "claim": body["claim"]}
    address = str((await world.post(f"{holder.path}/acknowledge", said)).json()["receipt"])
    return address.removeprefix("http://localhost:8080/receipts/")


async def integrate(world: World, signing_dir: Path) -> None:
    """Put everything into the log, as the bot does twice a second."""
    make_program_keys(world.settings.keyring_dir, signing_dir)
    async with opened(world.settings, program="bot", event_key=signing_dir / "event-bot.key") as bot:
        await drained(Sequencer(bot, signing_dir))


async def test_a_receipt_is_checked_without_us(world: World) -> None:
    """The page's receipt: PyJWT finds it signed by a published key, dnsid finds it in the log of the log's key."""
    rid = await viewed(world)
    early = await world.ask(wire.get(f"/receipts/{rid}.tlog-proof"))
    assert (early.status, early.headers["retry-after"]) == (404, "1")
    signing_dir = world.settings.keyring_dir.parent / "signing"
    await integrate(world, signing_dir)
    vkey = (await world.ask(wire.get("/log/vkey"))).body.decode().strip()
    signed = await world.ask(wire.get(f"/receipts/{rid}.jws"))
    proof = await world.ask(wire.get(f"/receipts/{rid}.tlog-proof"))
    keys = jwt.PyJWKSet.from_dict(json.loads((await world.ask(wire.get("/.well-known/jwks.json"))).body))
    token = signed.body.decode()
    receipt = jwt.decode(token, keys[jwt.get_unverified_header(token)["kid"]].key, algorithms=["EdDSA"])
    assert receipt["jti"] == f"rc_{rid}"
    assert (receipt["outcome"], receipt["access"]["passphrase"]) == ("viewed", "verified")
    policy = parse_c2sp_policy_file(f"log {vkey}\nquorum none\n")
    verify_c2sp_tlog_proof(signed.body, proof.body.decode(), policy, origin="localhost:8080/audit")
    for reply in (signed, proof):
        check_guard(reply)
    changed = signed.body.replace(b".", b".e", 1)
    with pytest.raises(Exception, match=r"(?i)inclusion|root|proof"):
        verify_c2sp_tlog_proof(changed, proof.body.decode(), policy, origin="localhost:8080/audit")


@pytest.mark.parametrize("rid", ["0" * 32, "A" * 32, "x", "0" * 31, "..%2f..", "0" * 33])
async def test_another_id_is_nothing(world: World, rid: str) -> None:
    """An id that was never given out, and what is none, are the same 404."""
    await viewed(world)
    for kind in ("", ".jws", ".tlog-proof"):
        reply = await world.ask(wire.get(f"/receipts/{rid}{kind}"))
        assert (reply.status, reply.slug) == (404, "not-found")
        check_guard(reply)


async def sequenced(world: World) -> None:
    """Put what happened into the log, as the bot does."""
    signing_dir = world.settings.keyring_dir.parent / "signing"
    make_program_keys(world.settings.keyring_dir, signing_dir)
    async with opened(world.settings, program="bot", event_key=signing_dir / "event-bot.key") as bot:
        await drained(Sequencer(bot, signing_dir))


async def test_what_the_log_refused_is_shown_as_no_receipt(world: World) -> None:
    """Somebody with the database and no key writes a receipt: nobody is shown its sentences."""
    await viewed(world)
    rid = "ab" * 16
    claims = {"jti": f"rc_{rid}", "evt": "drop.receipt", "attests": ["all copies were destroyed everywhere"]}
    head, payload = (base64url.encode(json.dumps(part).encode()) for part in ({"alg": "EdDSA"}, claims))
    row = {"drop_id": bytes(16), "n": 1, "event": "drop.receipt", "at": 1, "jti": f"rc_{rid}", "kid": "x"}
    async with world.store.db.write() as tx:
        await tx.execute(events.insert().values(leaf=f"{head}.{payload}.AAAA".encode(), **row))
    await sequenced(world)
    page = await world.ask(wire.get(f"/receipts/{rid}", Accept="text/html"))
    assert page.status == 404
    assert b"Do not rely on this" in page.body
    for path in (f"/receipts/{rid}", f"/receipts/{rid}.jws", f"/receipts/{rid}.tlog-proof"):
        reply = await world.ask(wire.get(path))
        assert reply.status == 404
        assert b"everywhere" not in reply.body + page.body


async def test_damaged_tables_of_the_log_take_no_receipt_away(world: World) -> None:
    """The signed file and the page stay; that no proof can be made is said, and answered without a 500."""
    rid = await viewed(world)
    await sequenced(world)
    async with world.store.db.write() as tx:
        await tx.execute(text("DROP TRIGGER tiles_are_never_deleted"))
        await tx.execute(text("DELETE FROM log_tiles"))
    assert (await world.ask(wire.get(f"/receipts/{rid}.jws"))).status == 200
    page = await world.ask(wire.get(f"/receipts/{rid}", Accept="text/html"))
    assert page.status == 200
    assert b"cannot be made: the log&#39;s tables were changed" in page.body.replace(b"'", b"&#39;")
    assert (await world.ask(wire.get(f"/receipts/{rid}.tlog-proof"))).status == 503


async def test_a_damaged_receipt_is_a_sentence(world: World) -> None:
    """Whatever stands in its row, nobody sees a traceback, and a browser reads words."""
    rid = await viewed(world)
    for leaf in (b"no leaf", b"e30.W10.AA", b"e30.e30.AA"):
        async with world.store.db.write() as tx:
            await tx.execute(text("DROP TRIGGER IF EXISTS events_are_never_changed"))
            await tx.execute(events.update().where(events.c.event == "drop.receipt").values(leaf=leaf))
        page = await world.ask(wire.get(f"/receipts/{rid}", Accept="text/html"))
        assert page.status == 503
        assert b"is damaged" in page.body
        assert (await world.ask(wire.get(f"/receipts/{rid}"))).slug == "unavailable"
