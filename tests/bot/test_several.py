"""Several recipients of one form: a drop each, and one message that says how all of them stand."""

import json

from sandbox.fixtures import DANA, LEE, MAYA, NOOR, SAM
from tests.bot.desk import Desk, Json, found


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
