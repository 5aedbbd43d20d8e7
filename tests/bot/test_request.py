"""Somebody is asked for a secret: who may ask whom, what both read, what arrives, and taking it back."""

import json

import pytest

from bot.buttons import Buttons
from bot.people import People
from bot.request_desk import RequestDesk
from bot.rights import Clicker, Rights
from bot.slack_calls import Slack
from sandbox.fixtures import DANA, GENERAL, MAYA, OTHER_TEAM, PIA, PROJECT, TEAM
from sandbox.running import Sandbox
from store import orders
from store.errors import StoreUnavailableError, UnknownOrderError
from store.formats import base64url
from store.schema_of_orders import orders as table
from store.words import OrderKind, OrderState, Outcome
from tests.bot.desk import Desk, Json, found, working
from tests.bot.pressing import press_by_hand
from tests.bot.sealing_outside import SECRET, SealedOutside, order_in, seal_outside, urls_in
from tests.bot.view_shapes import EXPIRIES
from tests.store.sealing_under_orders import STRETCHED
from tests.stores import Home

LABEL = "Stripe restricted key"


async def asks(desk: Desk, who: str = "@dana", person: str = DANA) -> Json:
    """Maya asks; the message to whoever is asked."""
    await desk.sandbox.type(MAYA, GENERAL, f"/sendsecret request {who} {LABEL}")
    return found(await desk.sandbox.wait_message(person, contains="open_composer"))


async def gives(desk: Desk, message: Json) -> SealedOutside:
    """Whoever was asked opens the page and seals."""
    [url] = urls_in(message)
    return await seal_outside(desk, url)


async def count(desk: Desk) -> int:
    """How many orders there are."""
    async with desk.store.db.read() as tx:
        return len((await tx.execute(table.select())).all())


async def test_what_is_asked_for_comes_to_the_asker(desk: Desk) -> None:
    """A guest is asked, seals, and Maya opens it once; both read how it stands."""
    message = await asks(desk)
    assert message["text"] == "Maya Castillo asks you for a credential"
    assert LABEL in json.dumps(message["blocks"])
    assert "Ask Maya Castillo by phone before you type anything" in json.dumps(message["blocks"])
    waiting = found(await desk.sandbox.wait_message(MAYA, contains="You asked *Dana Okafor* (guest)"))
    assert not urls_in(waiting)
    assert await desk.told(MAYA, "Asked. My message to you")
    sealed = await gives(desk, message)
    assert sealed.terms.kind == OrderKind.REQUEST
    arrived = found(await desk.sandbox.wait_message(MAYA, contains="open_drop"))
    assert arrived["text"] == "Dana Okafor sent you a credential"
    drop = await desk.drop(sealed.link)
    assert (drop.sender_id, drop.recipient_id, drop.recipient_class) == (DANA, MAYA, "member")
    assert await desk.read(sealed.link, STRETCHED.decode()) == SECRET
    assert await desk.sandbox.wait_message(DANA, contains="opened")
    assert any("Dana Okafor" in text for text in await desk.audit_thread("Receipt issued"))


async def test_the_message_that_asks_becomes_the_one_that_says_how_it_stands(desk: Desk) -> None:
    """Its page takes nothing any more, so that the button goes; no second message is posted."""
    message = await asks(desk)
    await gives(desk, message)
    status = found(await desk.sandbox.wait_message(DANA, contains="*Maya Castillo* has the link"))
    assert status["ts"] == message["ts"]
    assert "open_composer" not in json.dumps(status)
    assert "Revoke (wrong person)" in json.dumps(status)


async def test_a_guest_who_was_asked_can_revoke(desk: Desk) -> None:
    """It is their secret: they need no right to send for that."""
    sealed = await gives(desk, await asks(desk))
    await desk.press(DANA, "revoke", contains="has the link")
    assert await desk.told(DANA, "Revoked. The secret is destroyed")
    assert (await desk.drop(sealed.link)).outcome is Outcome.REVOKED
    assert await desk.sandbox.wait_message(MAYA, contains="*Dana Okafor* took it back")


async def test_somebody_from_outside_who_was_asked_can_revoke(desk: Desk) -> None:
    """Slack names their own team, not ours; nobody else with that id in another team may."""
    sealed = await gives(desk, await asks(desk, "@pia", PIA))
    await desk.press(PIA, "revoke", contains="has the link")
    assert await desk.told(PIA, "Revoked. The secret is destroyed")
    assert (await desk.drop(sealed.link)).outcome is Outcome.REVOKED


async def test_the_same_id_in_another_team_is_somebody_else(desk: Desk) -> None:
    """An id of Slack's means somebody only together with their team."""
    sealed = await gives(desk, await asks(desk, "@pia", PIA))
    assert await desk.sandbox.wait_message(PIA, contains="has the link")
    async with Slack(desk.sandbox.bot_token, desk.sandbox.api_url) as slack:
        buttons = Buttons(desk.store, Rights(People(slack, TEAM), TEAM))
        value = base64url.encode(sealed.link.id)
        assert "Only the person who sent this" in await buttons.revoke(value, Clicker(PIA, "T0THIRD001"))
        assert "Only the person who sent this" in await buttons.revoke(value, Clicker(DANA, OTHER_TEAM))
        assert (await desk.drop(sealed.link)).outcome is None
        assert "Revoked" in await buttons.revoke(value, Clicker(PIA, OTHER_TEAM))


async def test_a_guest_who_lost_the_passphrase_is_told_whom_to_turn_to(desk: Desk) -> None:
    """A form that refused them at its end would be a dead end; the old link is dead all the same."""
    sealed = await gives(desk, await asks(desk))
    await desk.press(DANA, "lost_passphrase", contains="has the link")
    assert await desk.told(DANA, "Revoked; nobody opened it. To give it to Maya Castillo all the same")
    assert (await desk.drop(sealed.link)).outcome is Outcome.REVOKED
    await desk.press(DANA, "again", contains='"again"')
    assert await desk.told(DANA, "You cannot start this by yourself")
    assert not desk.sandbox.views(DANA)


async def test_it_can_be_taken_back_until_somebody_has_sealed(desk: Desk) -> None:
    """The page is dead at once, and both messages say so."""
    message = await asks(desk)
    await desk.press(MAYA, "take_back", contains="You asked")
    assert await desk.told(MAYA, "Taken back. Nobody can seal")
    assert await desk.sandbox.wait_message(DANA, contains="took this request back", lacks="open_composer")
    assert await desk.sandbox.wait_message(MAYA, contains="You took this request back", lacks='"take_back"')
    with pytest.raises(UnknownOrderError):
        await gives(desk, message)


async def test_after_the_sealing_it_is_too_late_to_take_back(desk: Desk) -> None:
    """What was sealed is revoked by its own button."""
    await asks(desk)
    message = found(await desk.sandbox.wait_message(DANA, contains="open_composer"))
    await gives(desk, message)
    await desk.press(MAYA, "take_back", contains="You asked")
    assert await desk.told(MAYA, "Too late: somebody has sealed it")
    assert await desk.sandbox.wait_message(MAYA, contains="open_drop")


async def test_only_the_asker_takes_it_back(desk: Desk) -> None:
    """Whoever forges the press of another's button changes nothing."""
    message = await asks(desk)
    [block] = [block for block in message["blocks"] if block["type"] == "actions"]
    await press_by_hand(desk, DANA, "take_back", message, block["elements"][0]["value"])
    assert await desk.told(DANA, "This request is over already")
    assert (await orders.look(desk.store, order_in(urls_in(message)[0]))).state is OrderState.OPEN


async def test_the_same_id_in_another_team_takes_nothing_back(desk: Desk) -> None:
    """An id of Slack's means somebody only together with their team."""
    await asks(desk)
    waiting = found(await desk.sandbox.wait_message(MAYA, contains="You asked"))
    [block] = [block for block in waiting["blocks"] if block["type"] == "actions"]
    value = block["elements"][0]["value"]
    async with Slack(desk.sandbox.bot_token, desk.sandbox.api_url) as slack:
        there = RequestDesk(desk.store, slack, People(slack, TEAM), TEAM, EXPIRIES)
        assert "over already" in await there.take_back(value, Clicker(MAYA, OTHER_TEAM))
        assert await count(desk) == 1
        assert "Taken back" in await there.take_back(value, Clicker(MAYA, TEAM))
    assert await count(desk) == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("@buildbot key", "is an app"),
        ("@olga key", "deactivated"),
        ("@kai key", "shares no channel"),
        ("@dana", "Say what you need"),
        ("", "Say what you need"),
        ("@dana @noor key", "one person at a time"),
        ("@nobodyhere key", "Slack does not know that name"),
        (f"@dana {'x' * 81}", "80 characters at most"),
    ],
)
async def test_who_cannot_be_asked_is_said(desk: Desk, line: str, said: str) -> None:
    """In a sentence; nobody gets a message and nothing is ordered."""
    await desk.sandbox.type(MAYA, GENERAL, f"/sendsecret request {line}")
    assert await desk.told(MAYA, said)
    assert await count(desk) == 0
    assert not desk.sandbox.calls("chat.postMessage")


async def test_guests_may_not_ask(desk: Desk) -> None:
    """Our message would lend them a name that the company trusts."""
    await desk.sandbox.type(DANA, PROJECT, f"/sendsecret request @maya {LABEL}")
    assert await desk.told(DANA, "not one that can ask for secrets")
    assert await count(desk) == 0


@pytest.mark.parametrize(
    ("line", "name", "named"),
    [
        (LABEL, "Maya Castillo", "Somebody with Maya Castillo's link"),
        (f"dana@example.com {LABEL}", "Maya Castillo", "Somebody with Maya Castillo's link"),
        (LABEL, "M" * 80, "Somebody with a link"),
    ],
)
async def test_a_link_for_somebody_outside_slack(desk: Desk, line: str, name: str, named: str) -> None:
    """Shown to the asker alone; what comes by it claims to know neither who sealed it nor whom the link was for."""
    desk.sandbox.workspace.people[MAYA].real_name = name
    await desk.sandbox.type(MAYA, GENERAL, f"/sendsecret request {line}")
    message = found(await desk.sandbox.wait_message(MAYA, contains="I cannot know who that was"))
    assert "/c/" not in message["text"]
    sealed = await gives(desk, message)
    assert (sealed.terms.sender_id, sealed.terms.sender_name, sealed.terms.label) == (MAYA, named, LABEL)
    arrived = found(await desk.sandbox.wait_message(MAYA, contains="open_drop"))
    assert arrived["text"] == f"{named} sent you a credential"
    assert await desk.read(sealed.link, STRETCHED.decode()) == SECRET


async def test_a_link_is_taken_back_like_a_request(desk: Desk) -> None:
    """It stands in the message no more, and opens nothing."""
    await desk.sandbox.type(MAYA, GENERAL, f"/sendsecret request {LABEL}")
    message = found(await desk.sandbox.wait_message(MAYA, contains="I cannot know who that was"))
    await desk.press(MAYA, "take_back", contains="I cannot know who that was")
    assert await desk.sandbox.wait_message(MAYA, contains="You took this request back", lacks="/c/")
    with pytest.raises(UnknownOrderError):
        await gives(desk, message)


async def test_whom_slack_does_not_let_us_reach_is_not_asked(desk: Desk) -> None:
    """The asker reads so, and there is no page without a message."""
    desk.sandbox.fault("conversations.open", "error", times=1, error="user_disabled")
    await desk.sandbox.type(MAYA, GENERAL, f"/sendsecret request @dana {LABEL}")
    assert await desk.told(MAYA, "Slack would not take my message to Dana Okafor")
    assert await count(desk) == 0
    desk.sandbox.fault("conversations.open", "error", times=1, error="restricted_action")
    await desk.sandbox.type(MAYA, GENERAL, f"/sendsecret request {LABEL}")
    assert await desk.told(MAYA, "so that I took the request back")
    assert await count(desk) == 0


async def test_a_store_that_is_away_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """At both ends of a request."""

    async def away(*_: object) -> None:
        raise StoreUnavailableError

    with monkeypatch.context() as broken:
        broken.setattr(orders, "place", away)
        await desk.sandbox.type(MAYA, GENERAL, f"/sendsecret request @dana {LABEL}")
        assert await desk.told(MAYA, "Nobody was asked. Type the command again in a moment")
    await asks(desk)
    with monkeypatch.context() as broken:
        broken.setattr("store.requests.take_back", away)
        await desk.press(MAYA, "take_back", contains="You asked")
        assert await desk.told(MAYA, "press the button again in a moment")


async def test_a_request_that_did_not_arrive_is_said_where_it_was_asked(sandbox: Sandbox, sqlite_home: Home) -> None:
    """The bot was away for too long: the guest who sealed is told, in the message that asked and with a bell."""
    async with working(sandbox, sqlite_home) as desk:
        message = await asks(desk)
    await gives(desk, message)
    sqlite_home.advance_clock(1000)
    async with working(sandbox, sqlite_home):
        told = found(await sandbox.wait_message(DANA, contains="did not reach *Maya Castillo*"))
        assert told["ts"] == message["ts"]
        assert await sandbox.wait_message(DANA, contains=f"“{LABEL}” did not reach Maya Castillo")
