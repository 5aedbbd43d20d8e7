""" "I lost the passphrase" and "Send a new one"."""

from dataclasses import replace
from typing import Any

from bot import templates
from bot.button_wording import CANNOT_START, LOST_AND, NotAgain
from bot.buttons import Buttons
from bot.form import Expiries
from bot.people import People
from bot.policy import NONE
from bot.rights import Clicker, Rights
from bot.slack_calls import Slack
from bot.starting_again import StartingAgain
from bot.template import Template
from sandbox.fixtures import DANA, MAYA, SAM, TEAM
from store import asks, endings
from store.formats import base64url, derivation_v1
from store.words import Ask, Verify, Way
from tests.bot.desk import SECRET, Desk, found, shown_passphrase
from tests.store.living import created


def _entered(view: dict[str, Any], block: str) -> Any:
    [found_block] = [b for b in view["blocks"] if b.get("block_id") == block]
    element = found_block["element"]
    return element.get("initial_users") or element.get("initial_value")


async def test_a_lost_passphrase_revokes_and_starts_again(desk: Desk) -> None:
    """The old link is dead before the form is open, and the form has everything but the secret."""
    await desk.send(hint="last four of your phone", expires="1 hour")
    link = await desk.link()
    await desk.press(MAYA, "lost_passphrase", contains="has the link")
    view = found(await desk.sandbox.wait_view(MAYA, "send_drop"))
    assert (await desk.drop(link)).outcome == "revoked"
    assert _entered(view, "recipients") == [DANA]
    assert _entered(view, "label") == "Stripe restricted key"
    assert _entered(view, "hint") == "last four of your phone"
    assert _entered(view, "secret") is None
    [expires] = [b["element"] for b in view["blocks"] if b.get("block_id") == "expires"]
    assert expires["initial_option"]["value"] == "3600"
    assert await desk.sandbox.wait_message(DANA, contains="took it back")


async def test_a_drop_that_was_opened_is_not_started_again(desk: Desk) -> None:
    """Too late: the sender must know that before anything else."""
    passphrase = shown_passphrase(await desk.send())
    link = await desk.link()
    message = found(await desk.sandbox.wait_message(MAYA, contains="has the link"))
    await desk.read(link, passphrase, acknowledge=False)
    await desk.sandbox.click(MAYA, "lost_passphrase", message["conversation"], message["ts"])
    assert await desk.told(MAYA, "Too late: it was opened")


async def test_what_expired_can_be_sent_anew(desk: Desk) -> None:
    """The message that says so has the button, and the form opens for the same person."""
    await desk.send()
    await desk.link()
    desk.home.advance_clock(25 * 3600)
    await desk.press(MAYA, "again", contains='"again"')
    view = found(await desk.sandbox.wait_view(MAYA, "send_drop"))
    assert _entered(view, "recipients") == [DANA]


async def test_who_asks_for_the_passphrase_reaches_the_sender_with_something_to_press(desk: Desk) -> None:
    """Asked for the passphrase: revoke, or start again.  Asked for a new one, after it was opened: send it."""
    passphrase = shown_passphrase(await desk.send())
    link = await desk.link()
    proof = derivation_v1.link_proof(link)
    await asks.ask(desk.store, link.id, proof, Ask.PASSPHRASE)
    asked = found(await desk.sandbox.wait_message(MAYA, contains="asks for the passphrase"))
    assert {"lost_passphrase", "revoke"} <= _actions(asked)
    assert await desk.read(link, passphrase) == SECRET
    await asks.ask(desk.store, link.id, proof, Ask.AGAIN)
    asked = found(await desk.sandbox.wait_message(MAYA, contains="asks for a new one"))
    assert _actions(asked) == {"again"}


async def test_a_form_that_slack_does_not_open_is_said_in_words(desk: Desk) -> None:
    """The link is revoked all the same, and the sender reads how to go on."""
    await desk.send()
    link = await desk.link()
    message = found(await desk.sandbox.wait_message(MAYA, contains="has the link"))
    desk.sandbox.fault("views.open", "error", error="expired_trigger_id", times=1)
    await desk.sandbox.click(MAYA, "lost_passphrase", message["conversation"], message["ts"])
    assert await desk.told(MAYA, "Revoked; nobody opened it. Slack did not open the form")
    assert (await desk.drop(link)).outcome == "revoked"


async def test_only_the_sender_starts_again(desk: Desk) -> None:
    """Somebody else's press, even an administrator's, opens nothing and revokes nothing."""
    await desk.send()
    link = await desk.link()
    status = found(await desk.sandbox.wait_message(MAYA, contains="has the link"))
    desk.sandbox.workspace.conversations[status["conversation"]].members.add(SAM)
    await desk.sandbox.click(SAM, "lost_passphrase", status["conversation"], status["ts"])
    assert await desk.told(SAM, "Only the person who sent this")
    assert (await desk.drop(link)).outcome is None
    assert desk.view(SAM) is None


def _actions(message: dict[str, Any]) -> set[str]:
    return {e["action_id"] for b in message["blocks"] if b["type"] == "actions" for e in b["elements"]}


async def test_a_press_is_not_forgotten_with_its_template(desk: Desk) -> None:
    """What needed the recipient's press is not started again as what needs none; nor after a lost passphrase."""
    fields = {"sender_id": MAYA, "team_id": TEAM, "template": "left", "verify": Verify.SLACK}
    drop, lost = [(await created(desk.store, **fields)).new.id for _ in range(2)]
    by_mail = {**fields, "template": "anything", "verify": Verify.NONE, "way": Way.MAIL, "recipient_class": "email"}
    mailed, lost_mail = [(await created(desk.store, **by_mail)).new.id for _ in range(2)]
    for ended in (drop, mailed):
        await endings.revoke(desk.store, ended)
    async with Slack(desk.sandbox.bot_token, desk.sandbox.api_url) as slack:
        people = People(slack, TEAM)
        buttons = Buttons(desk.store, Rights(people, TEAM))
        shipped = templates.read(None, 14 * 86400)
        starting = StartingAgain(slack, buttons, people, Expiries([3600], 3600), NONE, shipped)
        maya, gone = Clicker(MAYA, TEAM), NotAgain.TEMPLATE_GONE
        assert await starting.send_again(base64url.encode(drop), maya, "") == CANNOT_START[gone]
        assert await starting.lost_passphrase(base64url.encode(lost), maya, "") == LOST_AND[gone]
        press, needs = {**shipped, "anything": Template("anything", verify=Verify.SLACK)}, NotAgain.NEEDS_DM
        starting = replace(starting, templates=press)
        assert await starting.send_again(base64url.encode(mailed), maya, "") == CANNOT_START[needs]
        assert await starting.lost_passphrase(base64url.encode(lost_mail), maya, "") == LOST_AND[needs]
