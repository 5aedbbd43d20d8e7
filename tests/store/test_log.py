"""The log: every event once, in order, provable; nothing that its signer may not say."""

import asyncio
import random
import secrets
from dataclasses import replace

import pytest
from dnsid.c2sp_tlog import parse_c2sp_policy_file, verify_c2sp_tlog_proof
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError

from store import claims, endings, events, orders
from store.formats import base64url, checkpoint_v1, merkle_v1
from store.formats.tiles_v1 import Tile
from store.handing_in import hand_in
from store.log import proofs, published
from store.log.edge import Edge
from store.log.sequencer import Sequencer
from store.log.who_may_say import trust
from store.opened import Store
from store.schema import events as rows
from store.schema import log_refused
from store.signer import Signer
from store.words import Event, OrderKind, SealedBy
from tests.formats.trees import leaf, tree
from tests.postgres import Postgres
from tests.store.living import SOMEBODY, created
from tests.store.sealing_under_orders import ordered, seal_under
from tests.store.whole_log import waiting, whole_log
from tests.stores import Home


async def drained(sequencer: Sequencer) -> list[tuple[str, str]]:
    """Step until nothing is left; what was refused."""
    refused = []
    for _ in range(200):
        step = await sequencer.step()
        refused += step.refused
        if not step.more and not step.integrated:
            return refused
    raise AssertionError("the log never comes to rest")


async def test_every_event_is_a_leaf_that_others_can_verify(home: Home) -> None:
    """A drop's life, in its order, behind the leaf that opens the log; each leaf's proof convinces dnsid."""
    async with home.open("bot") as bot, home.open("web") as web:
        drop = await created(bot)
        won = drop.present()
        await claims.claim(web, won, SOMEBODY)
        await claims.acknowledge(web, drop.new.id, drop.new.link_proof, won.claim)
        sequencer = Sequencer(bot, home.signing)
        assert await published.checkpoint(bot) is None
        assert await drained(sequencer) == []
        log = await whole_log(bot)
        assert log.events[0] == Event.LOG_OPENED
        assert log.events[1:] == [
            Event.CREATED,
            Event.CLAIMED,
            Event.ACKNOWLEDGED,
            Event.DESTROYED,
            Event.RECEIPT,
        ]
        assert await waiting(bot) == 0
        assert log.published is not None
        assert (home.signing / "checkpoint.latest").read_text() == log.published
        async with bot.db.read() as tx:
            vkey = await tx.scalar(text("SELECT vkey FROM log_openings"))
            jtis = (await tx.execute(select(rows.c.jti))).scalars().all()
        policy = parse_c2sp_policy_file(f"log {vkey}\nquorum none\n")
        for jti in jtis:
            proven = await proofs.of_event(web, jti)
            assert proven is not None
            assert proven.proof is not None
            verify_c2sp_tlog_proof(proven.leaf, proven.proof, policy, origin="localhost:8080/audit")
        before, seen = len(log.events), log.published
        await created(bot)
        await drained(sequencer)
        grown = await whole_log(bot)
        assert grown.published is not None
        key = checkpoint_v1.parse_key(vkey)
        old, new = checkpoint_v1.verify(seen, key), checkpoint_v1.verify(grown.published, key)
        assert (old.size, new.size) == (before, before + 1)
        hashes = await proofs.consistency(web, 1, old.size, new.size)
        merkle_v1.verify_consistency(old.size, new.size, old.root, new.root, hashes)
        assert await proofs.of_event(web, "ev_none") is None


async def test_tiles_are_shown_up_to_the_published_size(home: Home) -> None:
    """A tile that the published tree does not fill so far is not there, whatever the database holds."""
    async with home.open("bot") as bot:
        await created(bot)
        await drained(Sequencer(bot, home.signing))
        assert await published.tile(bot, Tile(0, 0)) is None
        two = await published.tile(bot, Tile(0, 0, 2))
        assert two is not None
        assert len(two) == 64
        assert await published.tile(bot, Tile(0, 0, 1)) == two[:32]
        assert await published.tile(bot, Tile(0, 0, 3)) is None
        assert await published.tile(bot, Tile(1, 0, 1)) is None


async def test_an_event_that_commits_late_is_not_passed_over(
    postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """On PostgreSQL a lower number may become visible after a higher one was integrated; it goes in then."""
    home = Home(tmp_path_factory.mktemp("late"), postgres.new_database())
    await home.prepare()
    async with home.open("bot") as bot, home.open("bot") as late:
        sequencer = Sequencer(bot, home.signing)
        await drained(sequencer)
        async with late.db.write() as tx:
            early = await events.append_without_drop(tx, late, Event.KEY_ROTATED, at=1, facts={})
            await created(bot)
            await drained(sequencer)
            assert (await whole_log(bot)).positions[-1] > early
        await drained(sequencer)
        log = await whole_log(bot)
        assert log.positions[-1] == early
        assert len(log.events) == 3


async def test_a_key_says_what_its_program_may_say_and_no_more(home: Home) -> None:
    """With the web program's key nobody can write that a drop was created or revoked; the rest goes on."""
    async with home.open("bot") as bot, home.open("web") as web:
        forged = await created(web)
        await created(bot)
        await endings.revoke(web, forged.new.id)
        refused = await drained(Sequencer(bot, home.signing))
        assert refused == [
            (Event.CREATED, "the key of web may say drop.created only under an order of the bot's"),
            (Event.REVOKED, "the key of web may not say drop.revoked"),
        ]
        assert (await whole_log(bot)).events == [Event.LOG_OPENED, Event.CREATED, Event.DESTROYED, Event.RECEIPT]
        assert await waiting(bot) == 0
        async with bot.db.read() as tx:
            assert await tx.scalar(select(func.count()).select_from(log_refused)) == 2


async def test_the_web_programs_key_says_that_a_drop_was_created_under_an_order(home: Home) -> None:
    """Under one that the bot signed, in time, and as it was ordered; not under one that it wrote itself."""
    async with home.open("bot") as bot, home.open("web") as web:
        link, wanted, public = await ordered(bot, home)
        _, handed = seal_under(public, wanted, web.clock.now_seconds())
        await hand_in(web, link, handed)
        now = web.clock.now_seconds() * 1000
        signed = {
            "its own": orders.signed(web, link.id, wanted, now, now + 60_000),
            "over": orders.signed(bot, link.id, wanted, now, now - 60_000),
            "for a client": orders.signed(bot, link.id, replace(wanted, kind=OrderKind.CLIENT), now, now + 60_000),
        }
        for order in signed.values():
            facts = {"sealed_by": SealedBy.PAGE, "order": order}
            async with web.db.write() as tx:
                await events.append(tx, web, Event.CREATED, drop_id=secrets.token_bytes(16), n=1, at=now, facts=facts)
        refused = await drained(Sequencer(bot, home.signing))
        assert [why.rpartition(" ")[2] for _, why in refused] == ["bot's", "ordered", "ordered"]
        assert (await whole_log(bot)).events == [Event.LOG_OPENED, Event.CREATED]


async def test_a_key_counts_when_an_operator_believes_it(home: Home) -> None:
    """A key that stands only in the database is not believed; with its public half in SIGNING_DIR its events go in."""
    Signer.make(home.path / "other.key")
    async with home.open("bot") as bot:
        other = Signer("bot", home.path / "other.key")
        await created(bot)
        await drained(Sequencer(bot, home.signing))
        await created(replace(bot, signer=other))
        assert await drained(Sequencer(bot, home.signing)) == [(Event.CREATED, "unknown key")]
        trust(home.signing, other.key)
        again = Sequencer(bot, home.signing)
        await again.ask_again()
        assert await drained(again) == []
        assert (await whole_log(bot)).events[-1] == Event.CREATED


async def test_a_row_that_says_something_else_than_its_leaf_is_refused(home: Home) -> None:
    """Somebody with the database can neither relabel a leaf nor sign one."""
    async with home.open("bot") as bot:
        drop = await created(bot)
        async with bot.db.write() as tx:
            true = (await tx.execute(select(rows))).one()
            false = {"drop_id": drop.new.id, "at": 1, "kid": true.kid}
            swapped = true.leaf[:-4] + (b"AAAA" if true.leaf[-4:] != b"AAAA" else b"BBBB")
            for n, leaf_bytes in ((2, true.leaf), (3, swapped), (4, b"not a leaf")):
                jti = f"ev_{n}"
                await tx.execute(insert(rows).values(event=Event.CREATED, n=n, jti=jti, leaf=leaf_bytes, **false))
        assert [why for _, why in await drained(Sequencer(bot, home.signing))] == [
            "the row says something else than its leaf",
            "wrong signature",
            "wrong signature",
        ]


async def test_whatever_a_forged_leaf_is_it_stops_no_log(home: Home) -> None:
    """A stolen key over what is no event, and headers and depths that libraries stumble over: refused, all of them."""
    async with home.open("bot") as bot, home.open("web") as web:
        payloads = [web.signer.sign(payload).leaf for payload in (b"[]", b"1", b"null", b"[" * 30_000)]
        headers = [b"e30", b"e30.e30.", base64url.encode(b'{"alg":"EdDSA","crit":1}').encode() + b".e30.AAAA"]
        async with bot.db.write() as tx:
            for number, forged in enumerate((*payloads, *headers)):
                row = {"event": Event.ASKED, "at": 1, "jti": f"ev_{number}", "kid": web.signer.key.kid, "leaf": forged}
                await tx.execute(insert(rows).values(drop_id=bytes(16), n=number + 1, **row))
        assert len(await drained(Sequencer(bot, home.signing))) == len(payloads) + len(headers)
        await created(bot)
        assert await drained(Sequencer(bot, home.signing)) == []
        assert (await whole_log(bot)).events == [Event.LOG_OPENED, Event.CREATED]


@pytest.mark.parametrize("seed", range(2))
async def test_two_sequencers_at_once_make_one_log(home: Home, seed: int) -> None:
    """While events keep coming, two programs in small batches leave one log without gap or fork."""
    chosen = random.Random(seed)  # noqa: S311 - the same course in every run
    async with home.open("bot") as one, home.open("bot") as two, home.open("bot") as writer:
        over = asyncio.Event()

        async def write() -> None:
            for _ in range(25):
                await created(writer)
            over.set()

        async def sequence(store: Store) -> None:
            sequencer = Sequencer(store, home.signing, most_leaves=chosen.randint(1, 5))
            while not over.is_set() or await waiting(store):
                await sequencer.step()

        await asyncio.gather(write(), sequence(one), sequence(two))
        await drained(Sequencer(one, home.signing))
        log = await whole_log(one)
        assert log.events == [Event.LOG_OPENED, *[Event.CREATED] * 25]
        assert log.published == (home.signing / "checkpoint.latest").read_text()


async def test_the_database_refuses_to_rewrite_the_log(home: Home) -> None:
    """What is in the log cannot be changed by any program's statement."""
    async with home.open("bot") as bot:
        await created(bot)
        await drained(Sequencer(bot, home.signing))
        for statement in (
            "UPDATE log_openings SET origin = 'x'",
            "DELETE FROM log_openings",
            "UPDATE log_leaves SET position = 99",
            "DELETE FROM log_leaves",
            "UPDATE log_checkpoints SET note = 'x'",
            "DELETE FROM log_checkpoints",
            "UPDATE log_tiles SET hashes = substr(hashes, 1, 32)",
            "UPDATE log_tiles SET level = 5",
            "DELETE FROM log_tiles",
            "UPDATE log_published SET size = 1",
        ):
            with pytest.raises(DBAPIError, match=r"never|only_grow|stays"):
                async with bot.db.write() as tx:
                    await tx.execute(text(statement))


def test_the_edge_grows_as_the_whole_tree_does() -> None:
    """In batches of any size, over several levels, edge and tiles are those of the tree of all leaves."""
    chosen = random.Random(256)  # noqa: S311 - the same batches in every run
    complete, size = tree(100_000), 0
    kept: dict[tuple[int, int], bytes] = {}
    while size < 66_000:
        count = chosen.choice([1, 2, 255, 256, 257, 1000])
        edge = Edge(size, kept)
        assert edge.root == merkle_v1.root(size, complete)
        edge.append(merkle_v1.leaf_hash(leaf(index)) for index in range(size, size + count))
        kept |= edge.changed
        size += count
        assert edge.root == merkle_v1.root(size, complete)
    for (level, n), hashes in kept.items():
        assert hashes == b"".join(complete(8 * level, n * 256 + at) for at in range(len(hashes) // 32))
