"""What anybody may fetch of the log, and that others' programs can read it there."""

import json
from pathlib import Path
from types import SimpleNamespace

import jwt
import pytest
from sqlalchemy import select
from tlog_scales import signing, tlog
from tlog_scales.reader import TilesReader

from reveal_web.assets import Assets
from reveal_web.proofs import routes
from reveal_web.reader.app import build_app
from reveal_web.settings import WebSettings
from store import pacing
from store.formats import tlog_proof_v1
from store.log import another, proofs
from store.log.latest import Latest
from store.log.log_key import LogSigner
from store.log.sequencer import Sequencer
from store.opened import Store, opened
from store.program_keys import make_program_keys
from store.schema import events, log_leaves, log_openings
from tests.store.living import created
from tests.store.test_log import drained
from tests.web import wire
from tests.web.conftest import World
from tests.web.test_headers import check_guard

IMMUTABLE = "public, max-age=31536000, immutable"


class Fetched:
    """A backend of tlog-scales that asks the running server over a socket, ahead of time."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self._files = files

    def get(self, *path: str) -> bytes | None:
        return self._files.get("/".join(path))


async def logged(world: World, drops: int) -> Store:
    """Drops put into the log by the bot."""
    signing_dir = world.settings.keyring_dir.parent / "signing"
    make_program_keys(world.settings.keyring_dir, signing_dir)
    async with opened(world.settings, program="bot", event_key=signing_dir / "event-bot.key") as bot:
        for number in range(drops):
            await created(bot, sender_id=f"U{number}")  # one person alone sends no more than so many
        await drained(Sequencer(bot, signing_dir))
    return world.store


async def test_there_is_nothing_before_the_first_checkpoint(world: World) -> None:
    """No log, no error: the same problem as for any address where nothing is."""
    for path in ("/log/checkpoint", "/log/vkey", "/log/tile/0/000.p/1"):
        reply = await world.ask(wire.get(path))
        assert (reply.status, reply.slug) == (404, "not-found")
        check_guard(reply)


async def test_tiles_are_unhurried(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever takes one after the other leaves room for readers between them."""
    rests: list[float] = []

    async def rest(seconds: float) -> None:
        rests.append(seconds)

    monkeypatch.setattr(pacing, "asyncio", SimpleNamespace(sleep=rest))
    for _ in range(3):
        await world.ask(wire.get("/log/tile/0/000.p/1"))
    assert len(rests) == 3


async def test_another_log_has_addresses_of_its_own(world: World) -> None:
    """What may be kept for ever stays true when a log was opened after a restored backup; and each has one spelling."""
    await logged(world, 2)
    first = {path: (await world.ask(wire.get(f"/log/{path}"))).body for path in ("checkpoint", "tile/0/000.p/2")}
    signing_dir = world.settings.keyring_dir.parent / "signing"
    async with opened(world.settings, program="bot", event_key=signing_dir / "event-bot.key") as bot:
        signer = LogSigner(signing_dir / "log.key")
        await another.open_another(bot, signer, Latest(signing_dir, signer), force=True)
        await created(bot)
        await drained(Sequencer(bot, signing_dir))
    for path, body in first.items():
        assert (await world.ask(wire.get(f"/log/{path}"))).body == body
        second = await world.ask(wire.get(f"/log-2/{path}"))
        assert second.status == 200
        assert second.body != body
    assert (await world.ask(wire.get("/log-2/checkpoint"))).body.startswith(b"localhost:8080/audit-2\n2\n")
    for prefix in ("log-1", "log-02", "log-0", "log-3", "log-", "log-x"):
        assert (await world.ask(wire.get(f"/{prefix}/checkpoint"))).status == 404


async def test_others_read_the_log_from_here(world: World) -> None:
    """tlog-scales takes checkpoint and tiles as they come and proves a leaf with them."""
    store = await logged(world, 299)
    reply = await world.ask(wire.get("/log/checkpoint"))
    check_guard(reply)
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    async with store.db.read() as tx:
        vkey = await tx.scalar(select(log_openings.c.vkey))
    checkpoint = tlog.Checkpoint.from_text(reply.body.decode())
    checkpoint.verify(signing.Vkey.from_string(str(vkey)))
    assert checkpoint.size == 300
    files = {"checkpoint": reply.body}
    for path in ("tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"):
        tile = await world.ask(wire.get(f"/log/{path}"))
        assert tile.status == 200
        check_guard(tile, cache=IMMUTABLE)
        assert tile.headers["content-type"] == "application/octet-stream"
        files[path] = tile.body
    reader = TilesReader(Fetched(files))
    assert reader.get_checkpoint() == checkpoint
    assert reader.calculate_root_hash() == checkpoint.root_hash
    async with store.db.read() as tx:
        jti = await tx.scalar(
            select(events.c.jti)
            .join(log_leaves, log_leaves.c.position == events.c.position)
            .where(log_leaves.c.leaf_index == 280)
        )
    proven = await proofs.of_event(store, str(jti))
    assert proven is not None
    assert proven.proof is not None
    assert list(tlog_proof_v1.parse(proven.proof).hashes) == reader.get_inclusion_proof(280, 300).node_hashes


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/002",
        "tile/0/000",
        "tile/0/000.p/3",
        "tile/9/000.p/1",
        "tile/x",
        "tile/",
        "tile/0/0",
        "tile/entries/000.p/2",
        "tile/0/000.p/2?x",
        "../.well-known/jwks.json",
        "checkpoint/",
    ],
)
async def test_what_is_not_published_is_not_there(world: World, path: str) -> None:
    """Tiles that the tree does not fill, entries, and other spellings are all the same 404."""
    await logged(world, 1)
    reply = await world.ask(wire.get(f"/log/{path}"))
    if path.endswith("?x"):
        assert reply.status == 200
        return
    assert (reply.status, reply.slug) == (404, "not-found")
    check_guard(reply)


async def test_the_keys_of_events_are_a_jwk_set(world: World) -> None:
    """PyJWT finds each leaf's key in it and verifies the leaf; no private half is in it."""
    store = await logged(world, 1)
    reply = await world.ask(wire.get("/.well-known/jwks.json"))
    check_guard(reply)
    keys = json.loads(reply.body)
    assert all("d" not in key and key["alg"] == "EdDSA" for key in keys["keys"])
    known = jwt.PyJWKSet.from_dict(keys)
    async with store.db.read() as tx:
        leaves = (await tx.execute(select(events.c.leaf))).scalars().all()
    for leaf in leaves:
        kid = jwt.get_unverified_header(leaf.decode())["kid"]
        assert jwt.decode(leaf.decode(), known[kid].key, algorithms=["EdDSA"])["evt"]


async def test_a_database_that_is_away_is_said_in_words(world: World) -> None:
    """503 and when to come back."""
    await world.store.db.close()
    Path(str(world.settings.database_url.get_secret_value()).split("///")[1]).unlink()
    reply = await world.ask(wire.get("/log/checkpoint"))
    assert (reply.status, reply.slug) == (503, "unavailable")


def test_the_reader_alone_has_no_log(installed: WebSettings, page: Assets, world: World) -> None:
    """`sendsecret web --only reader` serves what holders of links need and nothing else."""
    own = {resource.canonical for resource in build_app(world.store, installed, page).router.resources()}
    assert not own & {route.path for route in routes.routes()}
