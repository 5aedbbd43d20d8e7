"""Ways to what is answered about reminding somebody, and about rotating a key.  WALKS holds all others, too."""

from datetime import UTC, datetime, timedelta

from bot import button_wording, rotation_wording, sender_wording
from sandbox.fixtures import DANA, MAYA
from tests.bot.desk import SECRET, found
from tests.e2e.acting import (
    PASSPHRASE,
    answer_to,
    guess,
    hand_over,
    new_label,
    open_form,
    press,
    press_by_hand,
    press_send,
)
from tests.e2e.reading import reads
from tests.e2e.walks import leads_to
from tests.e2e.walks_for_tokens import WALKS
from tests.e2e.workplace import Workplace

__all__ = ["WALKS"]

_REMIND = ("REMINDED_NOW", "REMINDED_LATELY", "REMIND_LOCKED", "REMIND_PAUSED", "REMIND_YOURSELF")
_ROTATE = ("NOT_OPENED", "DAY_OVER", "TOO_FAR", "WILL_REMIND", "ROTATED_NOW", "ROTATED_ALREADY")


@leads_to(*(f"button_wording.{name}" for name in _REMIND))
async def presses_that_remind(at: Workplace) -> list[str]:
    """Twice within the hour, and of what cannot be opened or does not stand in Slack."""
    drop = await hand_over(at)
    status = await reads(at, MAYA, sender_wording.STATUS_WAITING, about=drop.label)
    read = [
        await answer_to(at, MAYA, await press(at, MAYA, "remind", status), said)
        for said in (button_wording.REMINDED_NOW, button_wording.REMINDED_LATELY)
    ]
    assert await guess(at, drop.link, 5) == 423
    pressed = await press_by_hand(at, MAYA, "remind", status, drop.value)
    read.append(await answer_to(at, MAYA, pressed, button_wording.REMIND_LOCKED))
    pressed = await press(at, DANA, "not_expected", drop.message)
    await answer_to(at, DANA, pressed, button_wording.PAUSED_NOW)
    pressed = await press_by_hand(at, MAYA, "remind", status, drop.value)
    read.append(await answer_to(at, MAYA, pressed, button_wording.REMIND_PAUSED))
    view = await open_form(at)
    await at.sandbox.fill(view["id"], {"label": new_label(), "secret": SECRET, "delivery": "shown"})
    assert (await press_send(at, view))["outcome"] == "update"
    shown = found(await at.sandbox.wait_view(MAYA, "sent_drop", contains="Nobody has it yet", seconds=25))
    [block] = [one["block_id"] for one in shown["blocks"] if one.get("block_id", "").startswith("drop-")]
    pressed = await press_by_hand(at, MAYA, "remind", status, block.removeprefix("drop-"))
    return [*read, await answer_to(at, MAYA, pressed, button_wording.REMIND_YOURSELF)]


@leads_to(*(f"rotation_wording.{name}" for name in _ROTATE))
async def a_key_that_is_to_be_rotated(at: Workplace) -> list[str]:
    """Days that are over, too far off, and right; said to be rotated too early, then once, then again."""
    drop = await hand_over(at)
    status = await reads(at, MAYA, sender_wording.STATUS_WAITING, about=drop.label)
    soon = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    pressed = await press_by_hand(at, MAYA, "rotated", status, drop.value)
    read = [await answer_to(at, MAYA, pressed, rotation_wording.NOT_OPENED)]
    for chosen, said in (
        ("2020-01-01", rotation_wording.DAY_OVER),
        ("2999-01-01", rotation_wording.TOO_FAR),
        (soon, rotation_wording.WILL_REMIND),
    ):
        read.append(await answer_to(at, MAYA, await press(at, MAYA, "rotate_on", status, chosen=chosen), said))
    assert await at.desk.read(drop.link, PASSPHRASE) == SECRET
    for said in (rotation_wording.ROTATED_NOW, rotation_wording.ROTATED_ALREADY):
        pressed = await press_by_hand(at, MAYA, "rotated", status, drop.value)
        read.append(await answer_to(at, MAYA, pressed, said))
    return read
