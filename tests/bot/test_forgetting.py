"""Whoever was forgotten is named in the audit channel no more, and is owed nothing."""

import json

import pytest

from sandbox.fixtures import AUDIT, DANA, MAYA
from store import endings, forgetting
from store.errors import DropEndedError
from tests.bot.desk import Desk, found
from tests.store.reading import of_form


async def test_the_audit_channel_forgets_too(desk: Desk) -> None:
    """The drop's message loses the name, its thread says that somebody was forgotten, and not who."""
    view = await desk.send("/sendsecret @dana")
    [drop] = await of_form(desk.store, view["id"])
    await endings.revoke(desk.store, drop.id)
    await desk.audit_thread("Receipt issued")
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
    assert await forgetting.forget(desk.store, drop.id, MAYA) == 1
    before = len(desk.sandbox.calls("conversations.open"))
    with pytest.raises(DropEndedError):
        await desk.claim_again(link, "12345678")
    await desk.audit_thread("Second page tried a passphrase")
    await desk.audit_thread("The sender was forgotten")
    assert len(desk.sandbox.calls("conversations.open")) == before
    assert found(await desk.sandbox.wait_message(DANA, contains="took it back"))
