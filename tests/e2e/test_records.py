"""A record's whole life in Slack, through the real programs: its key opened by a person, used by `curl`, and ended."""

import json
from typing import Any

import pytest
from playwright.async_api import Browser

from bot import form, home_view, record_form, record_form_wording, record_views, record_window_wording, record_wording
from bot.record_form import Handing
from sandbox.fixtures import AUDIT, DANA, MAYA, MAYA_DANA, SAM
from store.words import Actor
from tests.bot.desk import Json, anyway, found, option_of, shown_passphrase
from tests.bot.records_made import KEY
from tests.browser.visiting import Visit, visiting
from tests.canaries import is_in
from tests.e2e.acting import new_label
from tests.e2e.reading import mark, reads, seen_by, window, words_of
from tests.e2e.workplace import Workplace
from tests.sending.test_records import curl

pytestmark = pytest.mark.asyncio(loop_scope="session")

OLD, NEW = "rk_live_canary_the_first", "rk_live_canary_the_second"


async def sent(at: Workplace, view: Json, **values: Any) -> None:
    """Maya fills the window, and means the guest."""
    await at.sandbox.fill(view["id"], values)
    assert (await at.sandbox.submit(view["id"]))["outcome"] == "update"
    shown = found(at.desk.view())
    if (box := anyway(shown)) is not None:
        await at.sandbox.fill(view["id"], {box: [option_of(shown, box)]})
        assert (await at.sandbox.submit(view["id"]))["outcome"] == "update"


async def opened_by(visit: Visit, at: Workplace, label: str, since: str) -> str:
    """What Dana reads on the page behind her newest link."""
    shown = found(await at.sandbox.wait_view(MAYA, "sent_drop", contains="Revoke (wrong person)", seconds=60))
    await reads(at, DANA, "Maya Castillo", about=label, after=since)
    message = max(seen_by(at, DANA, about=label, after=since), key=lambda one: str(one["ts"]))
    [url] = [e["url"] for b in message["blocks"] for e in b.get("elements", ()) if "url" in e]
    await visit.come(url)
    await visit.try_passphrase(shown_passphrase(shown))
    await visit.page.wait_for_selector("#secret")
    return await visit.secret()


async def listed(at: Workplace) -> Json:
    """Maya's window of records."""
    await at.sandbox.open_home(MAYA)
    home = found(await at.sandbox.wait_view(MAYA, home=True, contains=home_view.RECORDS))
    await at.sandbox.click(MAYA, home_view.RECORDS, view=home["id"])
    return await window(at, MAYA, record_window_wording.WHAT_FOR, record_views.CALLBACK)


async def test_the_life_of_a_record(at: Workplace, browser: Browser) -> None:
    """
    Made, handed over, opened, read by a program, given another key, ended, and noted as rotated.

    Whoever made it, the recipient and the security team read each step; key and credential are nowhere but on the page.
    """
    label, since = new_label(), mark(at)
    await at.sandbox.type(MAYA, MAYA_DANA, "/sendsecret code @dana")
    view = await window(at, MAYA, record_form_wording.WHAT_FOR, record_form.MAKE)
    await sent(at, view, **{form.LABEL: label, form.SECRET: OLD, record_form.ROTATE_URL: "https://example.com/keys"})
    async with visiting(browser) as dana:
        old = await opened_by(dana, at, label, since)
    assert await curl(old) == json.dumps({"data": OLD}, separators=(",", ":")).encode()
    await reads(at, MAYA, record_wording.YOURS_READ, about=label, after=since)
    record = old.split("/r/")[1].strip()
    await reads(at, SAM, record_wording.MADE[Actor.SENDER].partition("`")[0], about=record, after=since)

    block = f"record-{record}"
    await at.sandbox.click(MAYA, record_views.ROTATE, view=(await listed(at))["id"], block_id=block)
    view, since = await window(at, MAYA, record_form_wording.AGAIN_FOR, record_form.ROTATE), mark(at)
    await sent(at, view, **{form.SECRET: NEW, form.DELIVERY: Handing.HAND.value})
    async with visiting(browser) as dana:
        new = await opened_by(dana, at, label, since)
    assert b"Authentication required" in await curl(old)
    assert await curl(new) == json.dumps({"data": NEW}, separators=(",", ":")).encode()
    await reads(at, MAYA, record_wording.YOURS_REFUSED, about=label, after=since)

    await at.sandbox.click(MAYA, record_views.REVOKE, view=(await listed(at))["id"], block_id=block)
    shown = words_of(await window(at, MAYA, record_window_wording.REVOKED, record_views.CALLBACK))
    assert "https://example.com/keys" in shown
    assert b"Authentication required" in await curl(new)
    await at.sandbox.click(MAYA, record_views.RENEW, view=(await listed(at))["id"], block_id=block)
    await window(at, MAYA, record_window_wording.RENEWED_NOW, record_views.CALLBACK)
    await reads(at, SAM, record_wording.RENEWED[Actor.SENDER].partition("`")[0], about=record, after=since)

    everywhere = at.logs() + json.dumps(at.sandbox.messages(SAM, AUDIT) + seen_by(at, MAYA)).encode()
    for text in (old, new):
        [key] = set(KEY.findall(text))
        assert not is_in(key.encode(), everywhere)
    for value in (OLD, NEW):
        assert not is_in(value.encode(), everywhere)
