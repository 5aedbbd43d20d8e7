"""`POST /receipts/{rid}/names`: for whoever has a token of this receipt, in its thirty days."""

import pytest

from store import receipt_names
from tests.web import wire
from tests.web.conftest import World
from tests.web.test_headers import API_POLICY, check_guard
from tests.web.test_receipts import viewed

DAY = 86_400
THIRTY_DAYS = 30 * DAY


async def test_a_token_shows_the_names(world: World) -> None:
    """The disclosures as they are, and until when; nothing else is in the answer."""
    rid = await viewed(world)
    token = receipt_names.token(world.store, rid, with_label=True)
    reply = await world.post(f"/receipts/{rid}/names", {"token": token})
    assert reply.status == 200
    check_guard(reply)
    assert reply.headers["content-security-policy"] == API_POLICY
    shown = await receipt_names.names(world.store, rid, token)
    assert reply.json() == {"disclosures": shown.disclosures, "until": shown.until}
    assert len(shown.disclosures) == 6


async def test_a_token_of_another_receipt_shows_nothing(world: World) -> None:
    """Another's, a changed one, an empty one, an unknown and a misspelt receipt: one and the same 404."""
    rid, other = await viewed(world), await viewed(world)
    token = receipt_names.token(world.store, rid, with_label=True)
    replies = [
        await world.post(f"/receipts/{other}/names", {"token": token}),
        await world.post(f"/receipts/{rid}/names", {"token": "A" + token[1:]}),
        await world.post(f"/receipts/{rid}/names", {"token": ""}),
        await world.post(f"/receipts/{'0' * 32}/names", {"token": token}),
        await world.post(f"/receipts/{rid.upper()}x/names", {"token": token}),
    ]
    assert {(reply.status, reply.slug) for reply in replies} == {(404, "not-found")}
    assert len({reply.body for reply in replies}) == 1


async def test_after_thirty_days_it_is_over(world: World) -> None:
    """410 with a word of its own, so that the page can say why."""
    rid = await viewed(world)
    token = receipt_names.token(world.store, rid, with_label=False)
    world.move_clock(THIRTY_DAYS + DAY)
    reply = await world.post(f"/receipts/{rid}/names", {"token": token})
    assert (reply.status, reply.slug) == (410, "names-over")
    check_guard(reply)


@pytest.mark.parametrize("body", [{}, {"token": 1}, {"token": None}, {"token": "x", "more": 1}, {"tokens": "x"}, []])
async def test_another_shape_is_refused(world: World, body: object) -> None:
    """Exactly one member, a text."""
    reply = await world.post(f"/receipts/{'0' * 32}/names", body)
    assert (reply.status, reply.slug) == (400, "malformed")


async def test_what_does_not_come_from_the_page_is_refused(world: World) -> None:
    """Another site (403), a form (415), a flood (413), a look (405)."""
    path, body = f"/receipts/{'0' * 32}/names", {"token": "x"}
    assert (await world.post(path, body, Origin="https://evil.example")).slug == "wrong-origin"
    assert (await world.post(path, body, Sec_Fetch_Site="cross-site")).slug == "wrong-origin"
    assert (await world.post(path, body, Content_Type="text/plain")).slug == "unsupported-type"
    assert (await world.post(path, {"token": "x" * 5000})).slug == "too-large"
    assert (await world.ask(wire.get(path))).slug == "not-allowed"
