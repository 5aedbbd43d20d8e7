"""Whoever was forgotten is named in the audit channel no more, and is owed nothing."""

import asyncio
import json
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from bot import button_wording, sender_messages
from bot.buttons import Buttons
from bot.rights import Act, Clicker
from sandbox.fixtures import AUDIT, DANA, MAYA, SAM, TEAM
from store import endings, forgetting
from store.drops import Drop
from store.errors import DropEndedError
from store.formats import base64url
from store.schema import notices
from store.words import Event, Outcome, State
from tests.bot.desk import Desk, Json, found
from tests.bot.drops import NOW_MS, sealed
from tests.bot.looking_back import rights
from tests.store.living import created
from tests.store.reading import of_form
from tests.store.test_forgetting import told
from tests.stores import Home


async def test_the_audit_channel_forgets_too(desk: Desk) -> None:
    """The drop's message loses the name, its thread says that somebody was forgotten, and not who."""
    _, drop = await revoked(desk)
    assert drop.recipient_name in json.dumps(desk.sandbox.messages(MAYA, AUDIT))
    assert await forgetting.forget(desk.store, drop.id, DANA) == 1
    await desk.audit_thread("The recipient was forgotten")
    said = json.dumps(desk.sandbox.messages(MAYA, AUDIT))
    assert drop.recipient_name not in said
    assert drop.header.sender in said
    assert "(erased)" in said


async def test_a_forgotten_sender_is_owed_nothing(desk: Desk) -> None:
    """What happens later to a drop is told to the security team, and no call goes to nobody."""
    view = await desk.send("/sendsecret @dana")
    [drop] = await of_form(desk.store, view["id"])
    link = await desk.link()
    await endings.revoke(desk.store, drop.id)
    await desk.audit_thread("Receipt issued")
    await told_everything(desk)
    assert await forgetting.forget(desk.store, drop.id, MAYA) == 1
    before = len(desk.sandbox.calls("conversations.open"))
    with pytest.raises(DropEndedError):
        await desk.claim_again(link, "12345678")
    await desk.audit_thread("A page tried a passphrase at the dead link")
    await desk.audit_thread("The sender was forgotten")
    opened = {call["arguments"]["users"] for call in desk.sandbox.calls("conversations.open")[before:]}
    # The administrator hears that the log refused what this test wrote with the web program's key.
    assert opened <= {SAM}
    assert found(await desk.sandbox.wait_message(DANA, contains="took it back"))


async def test_the_sender_may_send_anew_to_somebody_who_was_forgotten(desk: Desk) -> None:
    """The form opens without a recipient and a label that nobody has any more; nothing fails."""
    view, drop = await revoked(desk)
    assert await forgetting.forget(desk.store, drop.id, DANA) == 1
    await desk.press(MAYA, "again", contains="Send a new one")
    form = found(await desk.sandbox.wait_view(MAYA, "send_drop"))
    assert form["id"] != view["id"]
    assert DANA not in json.dumps(form)
    assert "(erased)" not in json.dumps(form)


async def test_each_press_is_refused_for_its_own_reason(sqlite_home: Home) -> None:
    """Once nobody knows whose it was: no form is spoken of to whoever wants its log, or says that it was rotated."""
    async with sqlite_home.open("bot") as store:
        sealed = await created(store, sender_id=MAYA, team_id=TEAM)
        await endings.revoke(store, sealed.new.id)
        await told(store)
        assert await forgetting.forget(store, sealed.new.id, MAYA) == 1
        buttons, value = Buttons(store, rights()), base64url.encode(sealed.new.id)
        said = {act: await buttons.permitted(act, value, Clicker(MAYA, TEAM)) for act in Act}
        assert said.pop(Act.AGAIN) == button_wording.FORGOTTEN
        assert said.pop(Act.LOOK) == button_wording.FORGOTTEN_LOG
        assert set(said.values()) == {button_wording.FORGOTTEN_WHO}


async def test_whoever_presses_after_everything_was_erased_is_told_so(desk: Desk) -> None:
    """Not that it is somebody else's."""
    _, drop = await revoked(desk)
    assert await forgetting.forget(desk.store, drop.id, MAYA) == 1
    await desk.press(MAYA, "again", contains="Send a new one")
    assert await desk.told(MAYA, "was erased, so that I cannot fill in the form again")


def test_forgotten_recipients_are_counted_each() -> None:
    """Two of three were forgotten: they are not one and the same, and the label that is left is shown."""
    gone = {"recipient_id": "", "recipient_name": "(erased)"}
    drops = [sealed(state=State.DESTROYED, outcome=Outcome.REVOKED, destroyed_at=NOW_MS, **gone) for _ in range(2)]
    drops = [replace(drop, header=replace(drop.header, label="(erased)")) for drop in drops]
    message = sender_messages.status([*drops, sealed()], {"event": Event.DESTROYED, "at": NOW_MS}, drops[0])
    assert "3 people" in message.text
    assert "Stripe restricted key" in json.dumps(message.blocks)


async def revoked(desk: Desk) -> tuple[Json, Drop]:
    """A drop for Dana that Maya took back, of which everybody was told everything; and the form that made it."""
    view = await desk.send("/sendsecret @dana")
    [drop] = await of_form(desk.store, view["id"])
    await endings.revoke(desk.store, drop.id)
    await desk.audit_thread("Receipt issued")
    await told_everything(desk)
    return view, drop


async def told_everything(desk: Desk) -> None:
    """Until every notice was told: whoever is forgotten before that would keep a message with a link."""
    waiting = select(func.count()).select_from(notices).where(notices.c.done_at.is_(None))
    async with asyncio.timeout(20):
        while True:
            async with desk.store.db.read() as tx:
                if not await tx.scalar(waiting):
                    return
            await asyncio.sleep(0.05)
