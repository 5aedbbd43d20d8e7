"""Records in Slack, as people make them: the window, filled in and sent, and the key that came of it."""

import json
import re
from typing import Any, Protocol

from bot import form, home_view, record_form, record_views
from bot.record_form import Handing
from sandbox.fixtures import DANA, MAYA, MAYA_DANA, TEAM
from store import record_reads, records
from store.door import Visitor
from store.formats import record_key_v1
from store.formats.record_key_v1 import RecordKey
from store.opened import Store
from store.records import Named
from store.words import Actor
from tests.bot.desk import Desk, Json, anyway, found, option_of, shown_passphrase
from tests.bot.test_home import home
from tests.e2e.reading import words_of

VALUE = "rk_live_canary_9zQ4w"
LABEL = "Stripe restricted key"
PAGE = "https://dashboard.stripe.com/apikeys"
KEY = re.compile(r"ssk_[A-Za-z0-9_-]+")


class Identified(Protocol):
    """A key, or whoever has a page's link."""

    @property
    def id_text(self) -> str:
        """The record's id, as people see it."""


async def opened(desk: Desk, line: str = "/sendsecret code @dana", user: str = MAYA) -> Json:
    """Somebody types the command; the window."""
    before = desk.view(user)
    await desk.sandbox.type(user, MAYA_DANA, line)
    not_hash = None if before is None else before["hash"]
    return found(await desk.sandbox.wait_view(user, record_form.MAKE, not_hash=not_hash))


async def sent(desk: Desk, view: Json, user: str = MAYA, **values: Any) -> Json:
    """The window, filled in and sent; whoever sends it means the guest.  Slack's answer."""
    filled = {form.SECRET: VALUE, **({} if view["callback_id"] == record_form.ROTATE else {form.LABEL: LABEL})}
    await desk.sandbox.fill(view["id"], {**filled, **values})
    answer: Json = await desk.sandbox.submit(view["id"])
    shown = desk.view(user)
    if answer["outcome"] == "update" and shown is not None and (box := anyway(shown)) is not None:
        await desk.sandbox.fill(view["id"], {box: [option_of(shown, box)]})
        answer = await desk.sandbox.submit(view["id"])
    return answer


async def handed(desk: Desk, view: Json, **values: Any) -> RecordKey:
    """The same, and the key as Dana reads it behind her link."""
    assert (await sent(desk, view, **values))["outcome"] == "update"
    shown = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Revoke (wrong person)"))
    return key_in(await desk.read(await desk.link(DANA), shown_passphrase(shown).replace(" ", "")))


async def shown_key(desk: Desk, view: Json, user: str = MAYA, **values: Any) -> RecordKey:
    """The same, where it is shown in the window."""
    assert (await sent(desk, view, user, **{form.DELIVERY: Handing.WINDOW.value, **values}))["outcome"] == "update"
    return key_in(json.dumps(found(desk.view(user))["blocks"]))


def key_in(text: str) -> RecordKey:
    """The one key in a text."""
    [found_one] = set(KEY.findall(text))
    return record_key_v1.parse(found_one)


async def value_of(store: Store, key: RecordKey) -> str:
    """What a program reads with it."""
    return (await record_reads.read(store, key.id, key, Visitor())).value


async def made(desk: Desk, owner: str = MAYA, recipient: str | None = DANA, reads: int | None = None) -> RecordKey:
    """A record of somebody's."""
    async with desk.home.open("bot") as bot:
        named = Named(LABEL, PAGE, owner=owner, recipient=recipient, team=TEAM)
        return (await records.make(bot, named, VALUE, lives_seconds=86_400, reads=reads, by=Actor.SENDER))[0]


async def listing(desk: Desk, user: str = MAYA, contains: str = "key of its own") -> Json:
    """Somebody presses Records in their Home tab."""
    tab = await home(desk, user, contains=home_view.RECORDS)
    before = desk.view(user)
    await desk.sandbox.click(user, home_view.RECORDS, view=tab["id"])
    not_hash = None if before is None else before["hash"]
    return found(await desk.sandbox.wait_view(user, record_views.CALLBACK, contains=contains, not_hash=not_hash))


async def press_in_row(desk: Desk, view: Json, action: str, of: Identified, user: str = MAYA, **more: Any) -> None:
    """Press a button in a record's row."""
    await desk.sandbox.click(user, action, view=view["id"], block_id=f"record-{of.id_text}", **more)


async def answered(desk: Desk, contains: str, user: str = MAYA, callback: str = record_views.CALLBACK) -> str:
    """The words of the window once an answer stands in it."""
    return words_of(found(await desk.sandbox.wait_view(user, callback, contains=contains)))
