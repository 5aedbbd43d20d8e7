"""The window of records: looked at, rotated, ended and noted as rotated, by whoever made them and administrators."""

import json
from typing import Any

import pytest

from bot import form, home_view, people, record_form, record_rights, record_views
from bot import record_form_wording as form_says
from bot import record_window_wording as wording
from bot.record_form import Handing
from bot.rights import Clicker
from sandbox.fixtures import AUDIT, GENERAL, MAYA, NOOR, SAM, TEAM
from sandbox.running import Sandbox
from store import own_records, record_endings, record_reads, record_refusals, records
from store.door import Visitor
from store.errors import UnknownRecordError
from store.words import RecordState
from tests.bot.desk import Desk, Json, found, working
from tests.bot.records_made import (
    LABEL,
    PAGE,
    VALUE,
    answered,
    handed,
    listing,
    made,
    opened,
    press_in_row,
    shown_key,
    value_of,
)
from tests.bot.test_home import home
from tests.e2e.reading import like, words_of
from tests.stores import Home


async def test_a_record_is_given_another_key(desk: Desk) -> None:
    """The credential is typed again; the old key is dead, and the new one goes to the same person."""
    old = await handed(desk, await opened(desk))
    await press_in_row(desk, await listing(desk, contains=old.id_text), record_views.ROTATE, old)
    view = found(await desk.sandbox.wait_view(MAYA, record_form.ROTATE))
    assert LABEL in words_of(view)
    assert VALUE not in json.dumps(view)
    new = await handed(desk, view, secret="rk_live_another_one")
    assert (new.id, await value_of(desk.store, new)) == (old.id, "rk_live_another_one")
    with pytest.raises(UnknownRecordError):
        await value_of(desk.store, old)
    assert like(form_says.ROTATED).search(words_of(found(desk.view())))
    assert form_says.NOT_AT_PROVIDER in words_of(found(desk.view()))


async def test_another_key_is_shown_once(desk: Desk) -> None:
    """Where nobody else was named it is the only way but the page; the answer says what was not done."""
    old = await made(desk, recipient=None)
    await press_in_row(desk, await listing(desk, contains=old.id_text), record_views.ROTATE, old)
    view = found(await desk.sandbox.wait_view(MAYA, record_form.ROTATE))
    assert Handing.HAND.value not in [
        option["value"]
        for b in view["blocks"]
        if b.get("block_id") == form.DELIVERY
        for option in b["element"]["options"]
    ]
    new = await shown_key(desk, view)
    assert (new.id, new.secret != old.secret) == (old.id, True)
    assert PAGE in words_of(found(desk.view()))


async def test_a_record_is_revoked_after_a_question(desk: Desk) -> None:
    """And the answer says what was not done, and where to do it."""
    key, other = await made(desk), await made(desk)
    view = await listing(desk, contains=key.id_text)
    await press_in_row(desk, view, record_views.REVOKE, key, confirmed=False)
    assert (await records.find(desk.store, key.id)).state is RecordState.LIVE
    await press_in_row(desk, view, record_views.REVOKE, key)
    shown = await answered(desk, "Nobody reads it any more")
    assert f"This does not change the key at its provider; rotate it there: {PAGE}" in shown
    [answer] = [b for b in found(desk.view())["blocks"] if (b.get("accessory") or {}).get("value") == key.id_text]
    assert answer["accessory"]["action_id"] == record_views.RENEW
    assert (await records.find(desk.store, key.id)).state is RecordState.REVOKED
    assert (await records.find(desk.store, other.id)).state is RecordState.LIVE


async def test_home_asks_until_it_was_rotated(desk: Desk) -> None:
    """Once a record is over that was read; pressed there it is noted, and asked about no more."""
    key = await made(desk, reads=1)
    assert await value_of(desk.store, key) == VALUE
    tab = await home(desk, contains=wording.RENEW)
    [block] = [b for b in tab["blocks"] if (b.get("accessory") or {}).get("action_id") == record_views.RENEW]
    assert PAGE in json.dumps(block)
    await desk.sandbox.click(MAYA, record_views.RENEW, view=tab["id"], block_id=block["block_id"])
    tab = found(await desk.sandbox.wait_view(MAYA, home=True, contains="that is on record"))
    assert not [b for b in tab["blocks"] if (b.get("accessory") or {}).get("action_id") == record_views.RENEW]
    assert await own_records.due(desk.store, MAYA, TEAM, most=5) == ([], 0)
    view = await listing(desk, contains="as was said")
    assert wording.RENEW not in [
        e["text"]["text"] for b in view["blocks"] for e in b.get("elements", ()) if "text" in e
    ]


async def test_whoever_made_it_is_told(desk: Desk) -> None:
    """In their DM: of the first read, of wrong keys, and of its end with the button; nobody else is."""
    key = await made(desk, reads=2)
    await value_of(desk.store, key)
    assert await desk.sandbox.wait_message(MAYA, contains="for the first time with its present key")
    await record_refusals.note(desk.store, key.id, Visitor())
    assert await desk.sandbox.wait_message(MAYA, contains="somebody tried a wrong key")
    await record_reads.read(desk.store, key.id, key, Visitor())
    message = found(await desk.sandbox.wait_message(MAYA, contains=f"*{LABEL}* was read as often as it may be"))
    await desk.sandbox.click(MAYA, record_views.RENEW, message["conversation"], message["ts"])
    assert await desk.told(MAYA, "that is on record")
    assert (await records.find(desk.store, key.id)).renewed_at is not None


async def test_nobody_else_can_do_anything(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever id a press brings along, and whoever has become a guest; an administrator can."""
    theirs, mine = await made(desk, NOOR), await made(desk)
    view = await listing(desk, contains=mine.id_text)
    permitted = record_rights.RecordRights.permitted

    async def another(rights: record_rights.RecordRights, _: str, clicker: Clicker) -> Any:
        return await permitted(rights, theirs.id_text, clicker)

    with monkeypatch.context() as changed:
        changed.setattr(record_rights.RecordRights, "permitted", another)
        for action in (record_views.REVOKE, record_views.RENEW):
            await press_in_row(desk, view, action, mine)
            await answered(desk, form_says.NOT_YOURS)
            view = await listing(desk, contains=mine.id_text)
    held = await records.find(desk.store, theirs.id)
    assert (held.state, held.renewed_at) == (RecordState.LIVE, None)
    monkeypatch.setattr(people, "_FRESH_SECONDS", 0)
    view = await listing(desk, NOOR, contains=theirs.id_text)
    desk.sandbox.workspace.people[NOOR].is_restricted = True
    await press_in_row(desk, view, record_views.REVOKE, theirs, NOOR)
    assert record_views.REVOKE not in await answered(desk, form_says.MAY_NOT, NOOR)
    assert (await records.find(desk.store, theirs.id)).state is RecordState.LIVE


async def test_an_incident_shows_what_programs_may_still_read(desk: Desk) -> None:
    """To an administrator with both buttons; to the owner their own; the list says how each stands."""
    of_maya, of_noor = await made(desk), await made(desk, NOOR)
    await value_of(desk.store, of_maya)
    await desk.sandbox.type(SAM, GENERAL, "/sendsecret incident @dana")
    view = found(await desk.sandbox.wait_view(SAM, "incident", contains=of_noor.id_text))
    assert of_maya.id_text in words_of(view)
    assert "read once with its present key" in words_of(view)
    await press_in_row(desk, view, record_views.REVOKE, of_maya, SAM)
    await answered(desk, "Nobody reads it any more", SAM, "incident")
    view = found(desk.view(SAM))
    await press_in_row(desk, view, record_views.RENEW, of_maya, SAM)
    await answered(desk, "that is on record", SAM, "incident")
    held = await records.find(desk.store, of_maya.id)
    assert held.state is RecordState.REVOKED
    assert held.renewed_at is not None
    assert await desk.sandbox.wait_message(SAM, AUDIT, contains="revoked by an administrator")
    await desk.sandbox.type(NOOR, GENERAL, "/sendsecret incident @dana")
    shown = words_of(found(await desk.sandbox.wait_view(NOOR, "incident", contains=of_noor.id_text)))
    assert of_maya.id_text not in shown


async def test_an_auditor_reads_no_label(sandbox: Sandbox, sqlite_home: Home) -> None:
    """As with drops: how it stands, without its name, its provider's page and a button."""
    async with working(sandbox, sqlite_home, auditors=NOOR) as desk:
        key = await made(desk)
        await value_of(desk.store, key)
        async with desk.home.open("bot") as bot:
            await record_endings.revoke(bot, key.id)
        await desk.sandbox.type(NOOR, GENERAL, "/sendsecret incident @dana")
        view = json.dumps(found(await desk.sandbox.wait_view(NOOR, "incident", contains=key.id_text)))
    for untold in (LABEL, PAGE, record_views.RENEW):
        assert untold not in view


async def test_home_and_the_list_lead_to_a_new_one(desk: Desk) -> None:
    """Both open the same window."""
    tab = await home(desk, contains=home_view.CODE)
    await desk.sandbox.click(MAYA, home_view.CODE, view=tab["id"])
    assert await value_of(desk.store, await shown_key(desk, found(await _form(desk)), label=LABEL)) == VALUE
    view = await listing(desk, contains=wording.FOR_CODE)
    await desk.sandbox.click(MAYA, record_views.MAKE, view=view["id"])
    assert await value_of(desk.store, await shown_key(desk, found(await _form(desk)), label=LABEL)) == VALUE


async def test_more_than_a_page(desk: Desk) -> None:
    """Older ones are a press away, and so are the newest again."""
    keys = [await made(desk) for _ in range(record_views.MOST_ROWS + 1)]
    view = await listing(desk, contains=keys[-1].id_text)
    assert keys[0].id_text not in words_of(view)
    await desk.sandbox.click(MAYA, record_views.OLDER, view=view["id"])
    assert keys[-1].id_text not in await answered(desk, keys[0].id_text)
    await desk.sandbox.click(MAYA, record_views.NEWEST, view=view["id"])
    await answered(desk, keys[-1].id_text)


async def _form(desk: Desk) -> Json | None:
    return found(await desk.sandbox.wait_view(MAYA, record_form.MAKE))
