"""Several recipients of one form: a drop each, and one message that says how all of them stand."""

import asyncio
import json

from sandbox.fixtures import DANA, LEE, MAYA, NOOR, SAM
from store import creation, deliveries
from store.deliveries import Place
from tests.bot.behind import Office
from tests.bot.desk import Desk, Json, found
from tests.stores import Home, seal


def _standing(desk: Desk) -> list[Json]:
    """The messages about the form in Maya's DM with the bot, not counting news."""
    dm = desk.sandbox.bot_dm(MAYA)
    assert dm is not None
    return [m for m in desk.sandbox.messages(MAYA, dm) if m["text"].startswith("Your credential")]


async def test_one_message_says_how_all_stand(desk: Desk) -> None:
    """It is edited as each link is opened, revoked or refused; a second one would be lost among ten."""
    await desk.send("/sendsecret @noor @sam @lee")
    assert await desk.sandbox.wait_message(MAYA, contains="Your credentials for 3 people", lacks="On its way")
    links = {user: await desk.link(user) for user in (NOOR, SAM, LEE)}
    assert len({link.id for link in links.values()}) == 3
    [message] = _standing(desk)
    assert json.dumps(message["blocks"]).count("has the link") == 3
    revokes = [b["block_id"] for b in message["blocks"] if b["type"] == "actions"]
    await desk.sandbox.click(MAYA, "revoke", message["conversation"], message["ts"], block_id=revokes[0])
    changed = found(await desk.sandbox.wait_message(MAYA, contains="Revoked <!date", ts=message["ts"]))
    assert json.dumps(changed["blocks"]).count("has the link") == 2
    ended = [user for user, link in links.items() if (await desk.drop(link)).outcome == "revoked"]
    assert len(ended) == 1
    assert len(_standing(desk)) == 1


async def test_the_same_form_again_speaks_of_the_latest_drop(desk: Desk) -> None:
    """A link that failed and was sent again is one line, not two."""
    desk.sandbox.fault("chat.postMessage", "error", error="restricted_action", times=1)
    view = await desk.open_form("/sendsecret @dana")
    await desk.fill(view)
    await desk.submit(view)
    assert await desk.sandbox.wait_view(MAYA, "sent_drop", contains="does not let me write")
    assert found(await desk.sandbox.wait_message(MAYA, contains="did not reach"))
    desk.home.advance_clock(1)
    await desk.sandbox.redeliver(kind="interactive")
    await desk.link(DANA)
    assert await desk.sandbox.wait_message(MAYA, contains="has the link", lacks="did not reach")
    assert len(_standing(desk)) == 1


async def test_one_form_has_one_message_however_many_programs(home: Home) -> None:
    """While one program tells a sender, no other tells the same one; so no second message, and no older state."""
    office = Office(home)
    async with home.open("bot") as one, home.open("bot") as two:
        dispatchers = [office.dispatcher(store) for store in (one, two)]
        drops = [seal(sender_id="U0MAYA", submission="V0FORM", recipient_id=f"U0R{number}") for number in range(2)]
        for drop in drops:
            await creation.create(one, drop.new)
        await office.drain(one, dispatchers[0])
        begun, go_on = asyncio.Event(), asyncio.Event()
        open_dm = office.slack.open_dm

        async def waiting(user_id: str) -> str:
            begun.set()
            await go_on.wait()
            return await open_dm(user_id)

        office.slack.open_dm = waiting  # type: ignore[method-assign]
        await deliveries.record_delivered(one, drops[0].new.id, Place("D1", "1.0"))
        first = asyncio.create_task(dispatchers[0].once())
        await begun.wait()
        await deliveries.record_delivered(one, drops[1].new.id, Place("D2", "1.0"))
        second = asyncio.create_task(dispatchers[1].once())
        await asyncio.wait([second], timeout=5)
        assert second.done(), "the other program found nothing of this sender's to tell"
        go_on.set()
        await first
        await office.drain(two, dispatchers[1])
    assert len([channel for channel, _, _ in office.slack.posts if channel == "DU0MAYA"]) == 1
    assert office.slack.edits["DU0MAYA"] == 1
