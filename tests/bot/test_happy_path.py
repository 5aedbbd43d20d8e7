"""From the command to a tombstone, with everybody told."""

import json

from sandbox.fixtures import AUDIT, DANA, MAYA, MAYA_DANA, SAM, TEAM
from sandbox.people import Person
from store.words import Outcome
from tests.bot.desk import PASSPHRASE, SECRET, Desk, found, shown_passphrase


async def test_a_secret_goes_from_a_form_to_its_reader_and_is_gone(desk: Desk) -> None:
    """The reader gets just what the sender typed, and the message, the sender and the auditors say so."""
    view = await desk.send()
    link = await desk.link()
    assert await desk.read(link, shown_passphrase(view)) == SECRET

    tombstone = found(await desk.sandbox.wait_message(DANA, contains="and destroyed. It came from *Maya Castillo*"))
    assert "open_drop" not in json.dumps(tombstone)
    assert link.fragment() not in json.dumps(tombstone)
    assert found(await desk.sandbox.wait_message(MAYA, contains="Dana Okafor has “Stripe restricted key”: opened"))
    texts = await desk.audit_thread("Destroyed: viewed")
    assert (await desk.drop(link)).outcome is Outcome.VIEWED
    order = ["Link delivered", "looked at", "Right passphrase", "confirmed that it decrypted", "Destroyed: viewed"]
    assert [next(word for word in order if word in text) for text in texts[1 : len(order) + 1]] == order


async def test_the_audit_channel_has_one_parent_a_drop(desk: Desk) -> None:
    """One message is kept up to date, everything else stands in its thread, and nothing pings or links."""
    view = await desk.send()
    await desk.read(await desk.link(), shown_passphrase(view))
    await desk.audit_thread("Destroyed: viewed")
    messages = desk.sandbox.messages(SAM, AUDIT)
    [parent] = [message for message in messages if message.get("thread_ts") in (None, message["ts"])]
    assert "Opened" in json.dumps(parent["blocks"])
    assert parent["versions"] > 0
    whole = json.dumps(messages)
    assert "<@" not in whole
    assert "http" not in whole
    assert "Stripe restricted key" not in whole


async def test_a_secret_on_the_command_line_fills_the_form(desk: Desk) -> None:
    """It is taken, and the form says that it has been through Slack."""
    view = await desk.open_form(f"/sendsecret @dana {SECRET} & <co>")
    assert view["state"]["values"]["secret"]["secret"]["value"] == f"{SECRET} & <co>"
    assert "it has been through Slack" in json.dumps(view["blocks"])
    assert view["state"]["values"]["recipients"]["recipients"]["selected_users"] == [DANA]


async def test_a_line_that_slack_rewrote_is_not_taken(desk: Desk) -> None:
    """The field stays empty and says that the secret is to be pasted there."""
    view = await desk.open_form("/sendsecret @dana key for @sam")
    assert not view["state"]["values"]["secret"]["secret"].get("value")
    assert "paste it here" in json.dumps(view["blocks"])


async def test_text_for_nobody_is_not_repeated(desk: Desk) -> None:
    """The answer is seen by the one who typed, explains, and does not hold what was typed."""
    await desk.sandbox.type(MAYA, MAYA_DANA, f"/sendsecret {SECRET}")
    answer = found(await desk.sandbox.wait_message(MAYA, contains="rotate it", ephemeral=True))
    assert SECRET not in json.dumps(answer)
    assert desk.view() is None


async def test_a_typed_passphrase_is_used_and_not_shown(desk: Desk) -> None:
    """What the sender chose opens the drop, and no view or message repeats it."""
    view = await desk.send(passphrase=PASSPHRASE)
    assert PASSPHRASE not in json.dumps(view["blocks"])
    assert await desk.read(await desk.link(), PASSPHRASE) == SECRET


async def test_ten_people_get_ten_drops(desk: Desk) -> None:
    """Each recipient has a link and a passphrase of their own."""
    people = [DANA, *(f"U0TEAM000{number}" for number in range(9))]
    for user in people[1:]:
        desk.sandbox.workspace.people[user] = Person(user, user.lower(), f"Team {user}", TEAM)
    view = await desk.send(recipients=people)
    assert json.dumps(view["blocks"]).count("Passphrase: ") == len(people)
    links = {(await desk.link(user)).key for user in people}
    assert len(links) == len(people)
    assert not desk.sandbox.complaints()
