"""Reminding the recipient, and the day on which the sender is to rotate the key: pressed, chosen, and pressed again."""

import json
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import button_wording, rotation_wording, zones
from bot.buttons import Buttons
from bot.people import People
from bot.rights import Clicker, Rights
from bot.rotation import Rotation
from bot.slack_calls import Slack
from sandbox.fixtures import DANA, MAYA, NOOR, SAM, TEAM
from store import endings
from store.drops import Drop
from store.formats import base64url
from store.words import State
from tests.bot.desk import Desk, Json, found, shown_passphrase
from tests.bot.pressing import press_by_hand
from tests.store.living import created

BERLIN = ZoneInfo("Europe/Berlin")


def ahead(desk: Desk, days: int) -> str:
    return (datetime.fromtimestamp(desk.store.clock.now_seconds(), BERLIN) + timedelta(days=days)).date().isoformat()


async def status(desk: Desk, contains: str = "has the link") -> Json:
    return found(await desk.sandbox.wait_message(MAYA, contains=contains, ephemeral=False))


async def test_remind_tells_the_recipient_once_an_hour(desk: Desk) -> None:
    """Without a link, below the message that has it; a second press says when, and one after the opening that it is."""
    desk.home.hold_clock()
    passphrase = shown_passphrase(await desk.send())
    link = await desk.link()
    stands = await status(desk)
    for said in ("is being reminded", "was reminded <!date^"):
        await desk.sandbox.click(MAYA, "remind", stands["conversation"], stands["ts"])
        assert await desk.told(MAYA, said)
    reminder = found(await desk.sandbox.wait_message(DANA, contains="is waiting for you to open"))
    assert "/s/" not in json.dumps(reminder)
    dm = desk.sandbox.bot_dm(DANA)
    assert dm is not None
    assert sum("is waiting for" in message["text"] for message in desk.sandbox.messages(DANA, dm)) == 1
    await desk.audit_thread("The sender has the recipient reminded")
    await press_by_hand(desk, DANA, "remind", reminder, base64url.encode(link.id))
    assert await desk.told(DANA, "Only the person who sent this")
    await desk.read(link, passphrase)
    await press_by_hand(desk, MAYA, "remind", stands, base64url.encode(link.id))
    assert await desk.told(MAYA, "Too late: it was opened")


async def test_why_nobody_is_reminded(desk: Desk) -> None:
    """Locked, paused, or a link that does not stand in Slack: each press says what to do instead."""
    await desk.send()
    link = await desk.link()
    stands = await status(desk)
    value = base64url.encode(link.id)
    await desk.guess_wrong(link, 5)
    await press_by_hand(desk, MAYA, "remind", stands, value)
    assert await desk.told(MAYA, "Allow more tries first")
    await desk.press(DANA, "not_expected", contains="open_drop")
    assert await desk.sandbox.wait_message(MAYA, contains="*Paused ")
    await press_by_hand(desk, MAYA, "remind", stands, value)
    assert await desk.told(MAYA, "call them before you remind them")
    view = await desk.send("/sendsecret @noor", delivery="shown")
    [shown] = [b["block_id"].removeprefix("drop-") for b in view["blocks"] if b.get("block_id", "").startswith("drop-")]
    await press_by_hand(desk, MAYA, "remind", stands, shown)
    assert await desk.told(MAYA, "Its link does not stand in Slack")


async def test_a_day_is_chosen_and_told_at_nine(desk: Desk) -> None:
    """In the window, where the passphrase stays, and in the DM; told at nine in the sender's morning, and settled."""
    desk.home.hold_clock()
    view = await desk.send()
    link = await desk.link()
    await status(desk)
    for chosen, said in (("2020-01-01", "Choose a later one"), ("2999-01-01", "within the next ten years")):
        await desk.sandbox.click(MAYA, "rotate_on", view=view["id"], chosen=chosen)
        refused = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains=said))
        assert chosen not in json.dumps(refused["blocks"])
    await desk.sandbox.click(MAYA, "rotate_on", view=view["id"], chosen=ahead(desk, 1))
    shown = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="I remind you on <!date^"))
    assert shown_passphrase(shown) == shown_passphrase(view)
    await desk.sandbox.click(MAYA, "rotate_on", view=view["id"], chosen="2020-01-01")
    again = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Choose a later one"))
    assert f'"initial_date": "{ahead(desk, 1)}"' in json.dumps(again["blocks"])
    assert "Revoke (wrong person)" in json.dumps(shown["blocks"])
    stands = await status(desk, "I remind you to rotate it <!date^")
    await desk.sandbox.click(MAYA, "rotate_on", stands["conversation"], stands["ts"], chosen=ahead(desk, 2))
    assert await desk.told(MAYA, "I remind you on <!date^")
    nine = int(datetime.fromisoformat(f"{ahead(desk, 2)}T09:00").replace(tzinfo=BERLIN).timestamp())
    assert (await desk.drop(link)).rotate_by == nine * 1000
    await desk.read(link, shown_passphrase(view))
    assert await desk.sandbox.wait_message(MAYA, contains="confirmed by the page")
    desk.home.advance_clock(nine - desk.store.clock.now_seconds() - 2)
    assert not await desk.sandbox.wait_message(MAYA, contains="Then press Rotated", seconds=1.2)
    desk.home.advance_clock(3)
    due = found(await desk.sandbox.wait_message(MAYA, contains="Then press Rotated"))
    for said in ("Noted that it was rotated", "on record already"):
        await desk.sandbox.click(MAYA, "rotated", due["conversation"], due["ts"])
        assert await desk.told(MAYA, said)
    assert await desk.sandbox.wait_message(MAYA, contains="Rotated at its provider, as was said")
    texts = await desk.audit_thread("The sender says that the key was rotated")
    assert sum("key was rotated" in text for text in texts) == 1
    assert (await desk.drop(link)).rotated_at is not None


async def test_who_may_choose_a_day_and_say_that_it_was_rotated(desk: Desk) -> None:
    """The sender; an administrator may say the latter, of which the sender is told.  All of a form are one key."""
    view = await desk.send("/sendsecret @noor @sam")
    links = [await desk.link(user) for user in (NOOR, SAM)]
    stands = await status(desk, "Your credentials for 2 people")
    value = base64url.encode(links[0].id)
    desk.sandbox.workspace.conversations[stands["conversation"]].members |= {NOOR, SAM}
    await press_by_hand(desk, NOOR, "rotated", stands, value)
    assert await desk.told(NOOR, "Only the person who sent this")
    await press_by_hand(desk, MAYA, "rotated", stands, value)
    assert await desk.told(MAYA, "nothing to rotate because of it")
    await desk.sandbox.click(MAYA, "rotate_on", view=view["id"], chosen=ahead(desk, 3))
    assert await desk.sandbox.wait_view(MAYA, "sent_drop", contains="I remind you on <!date^")
    drops: list[Drop] = [await desk.drop(link) for link in links]
    assert drops[0].rotate_by == drops[1].rotate_by is not None
    blocks = [b["text"]["text"] for b in view["blocks"] if b.get("block_id", "").startswith("drop-")]
    for link, text in zip(links, blocks, strict=True):
        typed = text.split("`")[1]
        await desk.read(link, typed)
    await press_by_hand(desk, SAM, "rotated", stands, value)
    assert await desk.told(SAM, "Noted that it was rotated")
    assert await desk.sandbox.wait_message(MAYA, contains="An administrator says that")
    assert all([(await desk.drop(link)).rotated_at is not None for link in links])
    assert all([(await desk.drop(link)).state is State.DESTROYED for link in links])


async def test_who_opens_it_after_it_was_rotated_reminds_nobody(desk: Desk) -> None:
    """The key behind it is the one of before: no reminder stands for that drop any more, and none can be set."""
    view = await desk.send("/sendsecret @noor @sam")
    links = [await desk.link(user) for user in (NOOR, SAM)]
    await status(desk, "Your credentials for 2 people")
    await desk.sandbox.click(MAYA, "rotate_on", view=view["id"], chosen=ahead(desk, 3))
    assert await desk.sandbox.wait_view(MAYA, "sent_drop", contains="I remind you on <!date^")
    blocks = [b["text"]["text"] for b in view["blocks"] if b.get("block_id", "").startswith("drop-")]
    await desk.read(links[1], blocks[1].split("`")[1])
    stands = await status(desk, "Your credentials for 2 people")
    await press_by_hand(desk, MAYA, "rotated", stands, base64url.encode(links[0].id))
    assert await desk.told(MAYA, "Noted that it was rotated")
    assert (await desk.drop(links[0])).rotate_by is None
    await desk.sandbox.click(MAYA, "rotate_on", view=view["id"], chosen=ahead(desk, 4))
    assert await desk.sandbox.wait_view(MAYA, "sent_drop", contains="on record already")
    assert await desk.sandbox.wait_message(MAYA, contains="Rotated at its provider, as was said")


async def test_what_is_pressed_by_hand_is_answered(desk: Desk) -> None:
    """A drop that is on its way, and what is no day: nothing is changed, and that is said."""
    drop = (await created(desk.store, sender_id=MAYA, team_id=TEAM)).new.id
    slack = Slack(desk.sandbox.bot_token, desk.sandbox.api_url)
    async with slack:
        people = People(slack, TEAM)
        buttons = Buttons(desk.store, Rights(people, TEAM))
        rotation = Rotation(desk.store, slack, people, buttons, lambda _drop: None)
        value, maya = base64url.encode(drop), Clicker(MAYA, TEAM)
        assert "still on its way to Dana" in await buttons.remind(value, maya)
        for chosen in (None, "", "soon", "2026-13-01"):
            assert await rotation.remind_on(value, maya, chosen) == rotation_wording.NO_DAY
        for nobody in (base64url.encode(bytes(16)), "nonsense", ""):
            assert await rotation.remind_on(nobody, maya, "2027-01-01") == button_wording.NO_SUCH_DROP
            assert await rotation.rotated(nobody, maya) == button_wording.NO_SUCH_DROP
        await endings.revoke(desk.store, drop)
        assert await rotation.remind_on(value, maya, ahead(desk, 9)) == rotation_wording.NOT_OPENED


@pytest.mark.parametrize(
    ("user", "zone"),
    [
        ({"tz": "Europe/Berlin", "tz_offset": 3600}, BERLIN),
        ({"tz": "Mars/Olympus", "tz_offset": -18000}, timezone(timedelta(hours=-5))),
        ({"tz": "../../etc/passwd", "tz_offset": 10**9}, UTC),
        ({"tz": "", "tz_offset": None}, UTC),
        ({}, UTC),
    ],
)
def test_a_zone_is_what_slack_says(user: dict[str, Any], zone: tzinfo) -> None:
    """By its name, else by today's offset; whatever else stands there, nothing fails."""
    summer = datetime(2026, 7, 1)  # noqa: DTZ001 - asked of each zone
    assert zones.of_slack(user).utcoffset(summer) == zone.utcoffset(summer)


def test_nine_is_nine_on_both_sides_of_a_change() -> None:
    """A day in summer, chosen in winter, has its own morning and its own end."""
    for day in (date(2026, 7, 1), date(2026, 12, 1), date(2026, 10, 25)):
        for wanted, hour in ((zones.morning_of(day, BERLIN), "09:00"), (zones.evening_of(day, BERLIN), "23:59")):
            local = datetime.fromtimestamp(wanted, BERLIN)
            assert (local.date(), f"{local:%H:%M}") == (day, hour)
