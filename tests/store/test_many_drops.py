"""Drops that the bench makes by the thousand."""

import secrets

from bench.many_drops import Template
from store import claims, receipts
from store.claims import Presented
from store.door import Visitor
from tests.store.reading import require_destroyed, words_of
from tests.stores import Home


async def test_what_the_bench_fills_a_store_with_is_a_drop_like_any_other(home: Home) -> None:
    """It is claimed, acknowledged and gone, and its events and receipt are those of a drop that was created alone."""
    async with home.open("bot") as bot, home.open("web") as web:
        template = await Template.make(home, bot)
        one, other = await template.more(2)
        claim = secrets.token_bytes(32)
        presented = Presented(one.id, one.link_proof, one.auth_token, claim)
        release = await claims.claim(web, presented, Visitor("198.51.100.0/24", "Firefox"))
        assert release.envelope
        assert await claims.acknowledge(web, one.id, one.link_proof, claim) == await receipts.of_drop(web, one.id)
        said = ["created", "delivered", "claimed", "acknowledged", "destroyed"]
        assert [word for word in await words_of(web, one.id) if word in said] == said
        await require_destroyed(web, one.id)
        await template.clear()
        assert not (home.keyring / "drops" / other.id.hex()).exists()
