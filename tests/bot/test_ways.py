"""The two other ways of a link: shown to its sender, and posted into a conversation."""

import json
import re

import pytest

from bot.secret_facts import facts
from sandbox.fixtures import AUDIT, DANA, KAI, MAYA, MAYA_DANA, PARTNERS, SAM
from store import endings
from store.words import Delivery, Way
from tests.bot.desk import SECRET, Desk, Json, found, link_in, shown_passphrase


def _link_shown(view: Json) -> str:
    [url] = re.findall(r"```(\S+)```", json.dumps(view["blocks"]))
    return str(url)


async def test_a_link_shown_to_the_sender_goes_to_nobody_else(desk: Desk) -> None:
    """It stands in the window, once, with its passphrase; no message holds it, and it opens."""
    view = await desk.send(delivery="shown")
    assert "Nobody has it yet" in json.dumps(view["blocks"])
    url = _link_shown(view)
    link = link_in({"blocks": [{"url": url}]})
    status = found(await desk.sandbox.wait_message(MAYA, contains="to pass on yourself"))
    assert url.split("#")[1] not in json.dumps(status)
    assert not await desk.sandbox.wait_message(DANA, contains="open_drop", seconds=0.1)
    drop = await desk.drop(link)
    assert (drop.way, drop.delivery) == (Way.SHOWN, Delivery.DELIVERED)
    await desk.audit_thread("Link given to the sender")
    assert await desk.read(link, shown_passphrase(view)) == SECRET
    assert await desk.sandbox.wait_message(MAYA, contains="confirmed by the page, and destroyed")


async def test_who_shares_no_channel_with_us_can_be_reached_by_a_link_of_ones_own(desk: Desk) -> None:
    """Refused for a DM, with that way out named; taken when the sender passes the link on, and confirmed first."""
    view = await desk.open_form("/sendsecret")
    await desk.fill(view, recipients=[KAI])
    answer = await desk.submit(view)
    assert "Show me the link" in answer["errors"]["recipients"]
    await desk.sandbox.fill(view["id"], {"delivery": "shown"})
    assert (await desk.submit(view))["outcome"] == "update"
    shown = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Nobody has it yet"))
    assert "outside this company" in json.dumps(shown["blocks"])
    link = link_in({"blocks": [{"url": _link_shown(shown)}]})
    assert (await desk.drop(link)).recipient_class == "external"


async def test_a_link_is_posted_into_the_conversation_that_the_sender_chose(desk: Desk) -> None:
    """Also where the bot is no member; the command line is not repeated there, and the link opens."""
    view = await desk.open_form("/sendsecret here @dana")
    await desk.fill(view)
    assert (await desk.submit(view))["outcome"] == "update"
    shown = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Posted. The link opens once"))
    message = found(await desk.sandbox.wait_message(DANA, MAYA_DANA, contains="open_drop"))
    assert f"<@{DANA}>" in json.dumps(message["blocks"])
    assert all("/sendsecret" not in said["text"] for said in desk.sandbox.messages(DANA, MAYA_DANA))
    link = link_in(message)
    assert await desk.read(link, shown_passphrase(shown)) == SECRET
    await desk.audit_thread("Link posted into a conversation")
    assert await desk.sandbox.wait_message(SAM, AUDIT, contains="confirmed, destroyed")
    assert "open_drop" in json.dumps(desk.sandbox.messages(DANA, MAYA_DANA)[-1]["blocks"])
    await desk.press(DANA, "open_drop", contains="open_drop")
    buried = found(await desk.sandbox.wait_message(DANA, MAYA_DANA, contains="destroyed", lacks="open_drop"))
    assert "#1p." not in json.dumps(buried)


async def test_nobody_elses_word_pauses_a_link_in_a_conversation(desk: Desk) -> None:
    """Others read along there; only the person that it is for can say that they did not expect it."""
    view = await desk.open_form("/sendsecret here @dana")
    await desk.fill(view)
    await desk.submit(view)
    link = await desk.link()
    await desk.press(MAYA, "not_expected", contains="open_drop")
    assert await desk.told(MAYA, "Only the person that it is for")
    assert (await desk.drop(link)).paused_at is None
    await desk.press(DANA, "not_expected", contains="open_drop")
    assert await desk.told(DANA, "Paused.")
    assert (await desk.drop(link)).paused_at is not None
    await desk.press(MAYA, "resume", contains='"resume"')
    told = found(await desk.sandbox.wait_message(DANA, contains="The link that they posted can be opened again"))
    assert told["conversation"] == desk.sandbox.bot_dm(DANA)


async def test_the_recipients_own_button_buries_a_dead_link_in_a_conversation(desk: Desk) -> None:
    """Any press of theirs gives a way to edit that message; nobody should find a live button on a dead link."""
    view = await desk.open_form("/sendsecret here @dana")
    await desk.fill(view)
    await desk.submit(view)
    link = await desk.link()
    await endings.revoke(desk.store, link.id)
    await desk.press(DANA, "not_expected", contains="open_drop")
    assert await desk.told(DANA, "It is gone already")
    assert await desk.sandbox.wait_message(DANA, MAYA_DANA, contains="took it back", lacks="open_drop")


async def test_the_senders_press_leaves_their_own_message_alone(desk: Desk) -> None:
    """Their status is no tombstone, whichever way the link went."""
    view = await desk.open_form("/sendsecret here @dana")
    await desk.fill(view)
    await desk.submit(view)
    await desk.press(MAYA, "revoke", contains="stands in the conversation")
    assert await desk.sandbox.wait_message(MAYA, contains="Revoked <!date")
    assert await desk.sandbox.wait_message(MAYA, contains="Send a new one")


async def test_a_stranger_is_not_sent_to_a_field_that_is_not_there(desk: Desk) -> None:
    """The form for a conversation has no "Show me the link"; the other one has."""
    view = await desk.open_form("/sendsecret here")
    await desk.fill(view, recipients=[KAI])
    answer = await desk.submit(view)
    assert "Type `/sendsecret`, choose them there" in answer["errors"]["recipients"]


async def test_a_channel_shared_with_another_company_is_not_offered(desk: Desk) -> None:
    """Its readers are nobody's colleagues."""
    await desk.sandbox.type(MAYA, PARTNERS, "/sendsecret here @dana")
    view = found(await desk.sandbox.wait_view(MAYA, "send_drop"))
    [where] = [block["element"] for block in view["blocks"] if block.get("block_id") == "conversation"]
    assert where["filter"]["exclude_external_shared_channels"] is True


async def test_a_conversation_is_for_one_person(desk: Desk) -> None:
    """One link cannot be two people's: refused in words, nothing was sent."""
    await desk.sandbox.type(MAYA, MAYA_DANA, "/sendsecret here @dana @sam")
    assert await desk.told(MAYA, "is for one person. Nothing was sent or kept")
    assert desk.view() is None


async def test_a_closed_way_into_the_conversation_ends_the_drop(desk: Desk) -> None:
    """Slack's way in is good for half an hour; after it the sender is told, and the secret is destroyed."""
    view = await desk.open_form("/sendsecret here @dana")
    await desk.fill(view)
    desk.sandbox.set("response_uses", 0)
    await desk.submit(view)
    shown = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Not posted for Dana"))
    assert "destroyed" in json.dumps(shown["blocks"])
    assert await desk.sandbox.wait_message(MAYA, contains="did not reach")


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        ("k" * 42, "You pasted 42 characters."),
        ("key\n", "You pasted 4 characters. It ends with a line break."),
        ("a\nb\n", "You pasted 4 characters in 2 lines. It ends with a line break."),
        (" key ", "You pasted 5 characters. It ends with a space. It begins with a space or a line break."),
        ("k", "You pasted 1 character."),
    ],
)
def test_the_window_says_what_was_pasted(secret: str, said: str) -> None:
    """A line break that came along is the commonest reason why a key does not work."""

    assert facts(secret) == said
