"""The list of an incident taken out of Slack: who may, what each gets, and who hears of it."""

from dataclasses import replace

import pytest

from bot import incident_links, incident_views, incident_wording
from sandbox.fixtures import AUDIT, DANA, SAM
from sandbox.running import Sandbox
from store.incident import links
from tests.bot import looking_back
from tests.bot.desk import found, working
from tests.bot.looking_back import PEOPLE, Screen, buttons_of, three, typed_by
from tests.stores import Home

LABEL = "Stripe restricted key"
ADMIN = PEOPLE["administrator"]


@pytest.mark.parametrize("who", PEOPLE)
async def test_who_takes_the_list_out_of_slack(sqlite_home: Home, who: str) -> None:
    """Offices of this workspace, judged at the press; each gets what they may see, and the audit channel a line."""
    async with sqlite_home.open("bot") as store:
        await three(store)
        screen = Screen()
        desk = looking_back.incident_desk(store, screen)
        await desk.answer(f"<@{DANA}>", typed_by(PEOPLE[who]))
        may = who in ("administrator", "auditor", "both")
        assert (f'"{incident_views.TAKE}"' in screen.text) == may
        assert (incident_wording.COMMAND[:20] in screen.text) == (not may)
        await desk.answer(f"<@{DANA}>", typed_by(ADMIN))
        shown, audited = screen.shown, len(screen.posts)
        await desk.take(shown, PEOPLE[who])
        assert f'"{incident_views.TAKE}"' not in screen.text
        if not may:
            assert incident_wording.NOT_TO_TAKE in screen.text
            assert f"{store.issuer}/incident" not in screen.text
            assert screen.posts[audited:] == []
            return
        assert incident_wording.TOLD in screen.text
        told = incident_wording.AUDITED.format(who=f"Name of {PEOPLE[who].user_id}", name=f"Name of {DANA}")
        assert screen.posts == [(AUDIT, told)]
        urls = {one["action_id"]: one["url"] for one in buttons_of(screen.views[-1]) if "url" in one}
        assert urls[incident_links.TABLE] == urls[incident_links.PAGE] + ".csv"
        sheet = await links.sheet(store, urls[incident_links.PAGE].rpartition("/")[2])
        assert (len(sheet.rows), sheet.foreign) == (2, 1)
        assert {row.label for row in sheet.rows} == ({""} if who == "auditor" else {LABEL})
        assert {row.rotate_at for row in sheet.rows} == {looking_back.PROVIDER}


async def test_an_audit_channel_that_is_away_keeps_no_list_back(sqlite_home: Home) -> None:
    """The list comes first and says what is so; the bot's log has who took it.  Without a store there is none."""
    async with sqlite_home.open("bot") as store:
        await three(store)
        screen = Screen()
        desk = looking_back.incident_desk(store, screen)
        await desk.answer(f"<@{DANA}>", typed_by(ADMIN))
        shown, screen.refuses = screen.shown, "is_archived"
        await desk.take(shown, ADMIN)
        assert f"{store.issuer}/incident/" in screen.text
        assert incident_wording.NOT_TOLD in screen.text
        assert incident_wording.TOLD not in screen.text
        quiet = replace(desk, links=replace(desk.links, audit_channel=None))
        screen.refuses = None
        await quiet.take(shown, ADMIN)
        assert incident_wording.NOT_TOLD in screen.text
        store.keyring.peppers.path.write_bytes(b"short")
        await desk.take(shown, ADMIN)
        assert incident_wording.STORE_AWAY in screen.text


async def test_the_list_is_taken_by_buttons(sandbox: Sandbox, sqlite_home: Home) -> None:
    """Sam presses, finds both links, and Slack's news of the click is answered; the channel reads it."""
    async with working(sandbox, sqlite_home, admins=SAM) as desk:
        await desk.send()
        await sandbox.type(SAM, AUDIT, "/sendsecret incident @dana")
        shown = found(await sandbox.wait_view(SAM, "incident", contains="Outstanding: *1*"))
        await sandbox.click(SAM, incident_views.TAKE, view=shown["id"])
        shown = found(await sandbox.wait_view(SAM, "incident", contains="both links work until"))
        for action in (incident_links.PAGE, incident_links.TABLE):
            assert (await sandbox.click(SAM, action, view=shown["id"]))["outcome"] == "acked"
        assert await sandbox.wait_message(SAM, contains="took the list of what was handed to *Dana")
