"""Ways to what is said when somebody makes a record in Slack, rotates it and ends it.  WALKS holds all others, too."""

import json
from dataclasses import dataclass, field
from typing import Any

from bot import form, home_view, record_form, record_form_wording, record_views, record_window_wording
from bot.record_form import Handing
from sandbox.fixtures import GENERAL, MAYA, SAM
from store.record_doors import RecordDoor
from tests.bot.desk import found
from tests.e2e.reading import window, words_of
from tests.e2e.walks import leads_to, typed
from tests.e2e.walks_of_looking_back import WALKS
from tests.e2e.workplace import Workplace

__all__ = ["WALKS"]

VALUE = "rk_live_canary_of_a_walk"
PAGE = "https://dashboard.stripe.com/apikeys"
_WRONG = {
    record_form.READS: "0",
    record_form.ROTATE_URL: "dashboard.stripe.com",
}


@dataclass
class _Maker:
    """Sam, who makes records that are shown in the window, and acts on the newest; `read` is what stood there."""

    at: Workplace
    read: list[str] = field(default_factory=list)

    async def opened(self) -> dict[str, Any]:
        """The window for a new one."""
        await self.at.sandbox.type(SAM, GENERAL, "/sendsecret code")
        return await window(self.at, SAM, record_form_wording.WHAT_FOR, record_form.MAKE)

    async def sent(self, view: dict[str, Any], **values: Any) -> None:
        """A window, filled in and sent."""
        filled = {form.SECRET: VALUE, form.DELIVERY: Handing.WINDOW.value, **values}
        await self.at.sandbox.fill(view["id"], filled)
        self.read.append(json.dumps(await self.at.sandbox.submit(view["id"]), ensure_ascii=False))

    async def told(self, sentence: str) -> None:
        """What the window says in the end."""
        self.read.append(words_of(await window(self.at, SAM, sentence, record_form.TOLD)))

    async def pressed(self, action: str, sentence: str, callback: str = record_views.CALLBACK) -> dict[str, Any]:
        """A button in the newest record's row, and the window with this sentence that it leads to."""
        at = self.at
        await at.sandbox.open_home(SAM)
        home = found(await at.sandbox.wait_view(SAM, home=True, contains=home_view.RECORDS))
        await at.sandbox.click(SAM, home_view.RECORDS, view=home["id"])
        view = await window(at, SAM, record_window_wording.WHAT_FOR, record_views.CALLBACK)
        block = next(b["block_id"] for b in view["blocks"] if action in json.dumps(b) and "record-" in b["block_id"])
        await at.sandbox.click(SAM, action, view=view["id"], block_id=block)
        shown = await window(at, SAM, sentence, callback)
        self.read.append(words_of(shown))
        return shown


@leads_to("record_form_wording.ONE_PERSON")
async def a_record_for_two(at: Workplace) -> list[str]:
    """One person: each has a record of their own."""
    return [await typed(at, MAYA, "code @dana @sam", "record_form_wording.ONE_PERSON")]


@leads_to(
    "record_form_wording.NO_PERSON",
    "record_form_wording.NO_READS",
    "record_form_wording.NO_PAGE",
    "record_form_wording.PAGE_TELLS",
    "record_form_wording.MADE",
    "record_form_wording.MADE_BOUNDED",
    "record_form_wording.SHOWN",
    "record_form_wording.ROTATED",
    "record_form_wording.PRESS_ROTATED",
    "record_form_wording.NOT_AT_PROVIDER",
    "record_form_wording.NOT_AT_PROVIDER_URL",
    "record_window_wording.REVOKED",
    "record_window_wording.RENEWED_NOW",
)
async def somebody_has_records(at: Workplace) -> list[str]:
    """What is filled in wrongly is said; two are made, given another key, noted as rotated, and ended."""
    sam = _Maker(at)
    read, sent, opened, pressed = sam.read, sam.sent, sam.opened, sam.pressed
    view = await opened()
    await sent(view, label="a key", **_WRONG)
    await sent(view, label="a key", delivery=Handing.HAND.value, reads="", rotate_url=f"https://x.example/{VALUE}")
    await sent(view, label="a key", reads="3", rotate_url=PAGE)
    read.append(words_of(await window(at, SAM, record_form_wording.SHOWN, record_form.TOLD)))
    await sent(await pressed(record_views.ROTATE, record_form_wording.AGAIN_FOR, record_form.ROTATE))
    read.append(words_of(await window(at, SAM, record_form_wording.ROTATED, record_form.TOLD)))
    await pressed(record_views.RENEW, record_window_wording.RENEWED_NOW)
    await pressed(record_views.REVOKE, record_window_wording.REVOKED)
    await sent(await opened(), label="another key")
    read.append(words_of(await window(at, SAM, record_form_wording.MADE, record_form.TOLD)))
    await sent(await pressed(record_views.ROTATE, record_form_wording.AGAIN_FOR, record_form.ROTATE))
    read.append(words_of(await window(at, SAM, record_form_wording.NOT_AT_PROVIDER, record_form.TOLD)))
    return read


@leads_to(
    "record_form_wording.MADE_PAGE",
    "record_form_wording.MADE_PAGE_BOUNDED",
    "record_form_wording.SHOWN_PAGE",
    "record_form_wording.ROTATED_PAGE",
    "record_form_wording.IN_ESCROW",
    "record_form_wording.KEPT",
    "record_form_wording.ESCROW_ENDED",
)
async def somebody_has_pages(at: Workplace) -> list[str]:
    """Two pages for people; one is in escrow, rotated without its credential, and taken out of it."""
    sam, page = _Maker(at), {record_form.DOOR: RecordDoor.PAGE.value}
    await sam.sent(await sam.opened(), label="a page", reads="3", **page)
    await sam.told(record_form_wording.MADE_PAGE_BOUNDED)
    await sam.sent(await sam.opened(), label="another page", escrow=[record_form.ESCROW], **page)
    await sam.told(record_form_wording.MADE_PAGE)
    for ticked in ([record_form.ESCROW], []):
        view = await sam.pressed(record_views.ROTATE, record_form_wording.MAY_KEEP, record_form.ROTATE)
        await sam.sent(view, secret="", escrow=ticked)
        await sam.told(record_form_wording.ROTATED_PAGE)
    await sam.pressed(record_views.REVOKE, record_window_wording.REVOKED)
    return sam.read
