"""
People at work with the bot: the sandbox, the bot in this process, and what both leave behind.

What a reader's page does is done here by the store and the formats, as the web program would.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from bot.program import serve
from bot.settings import BotSettings
from sandbox.fixtures import AUDIT, DANA, MAYA, MAYA_DANA, SAM
from sandbox.running import Sandbox
from store import claims, door
from store.door import Visitor
from store.drops import Drop, find
from store.errors import DropLockedError, WrongPassphraseError
from store.formats import derivation_v1, link_v1, passphrase_v1, seal_v1
from store.formats.header_v1 import Form
from store.formats.payload_v1 import Text
from store.opened import Store
from tests.stores import Home

SECRET = "sk_live_canary_51H8x"
PASSPHRASE = "correct horse canary"
Json = dict[str, Any]


def settings_of(sandbox: Sandbox, home: Home, **changed: object) -> BotSettings:
    """The bot's settings for this workspace and this installation."""
    given: dict[str, object] = {
        "public_url": home.settings.public_url,
        "database_url": home.database_url,
        "keyring_dir": home.keyring,
        "signing_dir": home.path / "signing",
        "test_clock_file": home.clock_file,
        "slack_bot_token": sandbox.bot_token,
        "slack_app_token": sandbox.app_token,
        "slack_api_url": sandbox.api_url,
        "bot_metrics_port": 0,
        "audit_channel": AUDIT,
        "admins": SAM,
        **changed,
    }
    return BotSettings(**given)  # type: ignore[arg-type]


@dataclass
class Desk:
    """One workspace with its bot."""

    sandbox: Sandbox
    home: Home
    store: Store

    async def open_form(self, line: str = "/sendsecret @dana") -> Json:
        """Maya types the command; the form that opens, over one that may stand there."""
        before = self.view()
        await self.sandbox.type(MAYA, MAYA_DANA, line)
        if line == "/sendsecret":
            step = found(await self.sandbox.wait_view(MAYA, "choose_template"))
            assert (await self.sandbox.submit(step["id"]))["outcome"] == "update"
        not_hash = None if before is None else before["hash"]
        return found(await self.sandbox.wait_view(MAYA, "send_drop", not_hash=not_hash))

    async def fill(self, view: Json, **values: Any) -> None:
        """Maya fills the form: a Stripe key for whoever is chosen already."""
        filled = {"label": "Stripe restricted key", "secret": SECRET, **values}
        await self.sandbox.fill(view["id"], filled)

    async def submit(self, view: Json) -> Json:
        """Maya presses Send, and confirms that she means the guests, if she is asked."""
        answer: Json = await self.sandbox.submit(view["id"])
        shown = self.view()
        if shown is not None and (box := anyway(shown)) is not None and answer["outcome"] == "update":
            await self.sandbox.fill(view["id"], {box: [option_of(shown, box)]})
            answer = await self.sandbox.submit(view["id"])
        return answer

    async def send(self, line: str = "/sendsecret @dana", **values: Any) -> Json:
        """The whole of it: the modal once it says how it went."""
        view = await self.open_form(line)
        await self.fill(view, **values)
        answer = await self.submit(view)
        assert answer["outcome"] == "update", answer
        return found(await self.sandbox.wait_view(MAYA, "sent_drop", contains="Revoke (wrong person)"))

    def view(self, user: str = MAYA) -> Json | None:
        """The view on top of somebody's screen."""
        views = self.sandbox.views(user)
        return views[-1] if views else None

    async def link(self, user: str = DANA) -> link_v1.Link:
        """The link in somebody's newest message from the bot."""
        message = found(await self.sandbox.wait_message(user, contains="not_expected"))
        return link_in(message)

    async def drop(self, link: link_v1.Link) -> Drop:
        """The drop as the store has it."""
        drop = await find(self.store, link.id)
        assert drop is not None
        return drop

    async def read(self, link: link_v1.Link, typed: str, *, acknowledge: bool = True) -> str:
        """Open a link as the page does.  Raises what the store raises."""
        proof = derivation_v1.link_proof(link)
        seen = await door.look(self.store, link.id, proof, Visitor())
        header = seal_v1.check_header(link, seen.header)
        presented, keys = present(link, header.form, typed)
        release = await claims.claim(self.store, presented, Visitor())
        opened = seal_v1.open_with_keys(link, seen.header, keys, release.envelope)
        if acknowledge:
            await claims.acknowledge(self.store, link.id, proof, presented.claim)
        assert isinstance(opened, Text)
        return opened.text

    async def claim_again(self, link: link_v1.Link, typed: str) -> None:
        """Another page, with a claim of its own, gives the right passphrase.  Raises what the store raises."""
        presented, _ = present(link, "digits", typed.replace(" ", ""))
        await claims.claim(self.store, presented, Visitor())

    async def guess_wrong(self, link: link_v1.Link, times: int) -> None:
        """Type wrong passphrases, with the time between them that the schedule asks for."""
        for number in range(times):
            self.home.advance_clock(301)
            presented, _ = present(link, "free", f"wrong guess {number} of {times}")
            with pytest.raises((WrongPassphraseError, DropLockedError)):
                await claims.claim(self.store, presented, Visitor())

    async def press(self, user: str, action: str, *, contains: str) -> None:
        """Press a button in somebody's newest message that holds `contains`."""
        message = found(await self.sandbox.wait_message(user, contains=contains, ephemeral=False))
        await self.sandbox.click(user, action, message["conversation"], message["ts"])

    async def told(self, user: str, contains: str) -> Json:
        """What only this person sees, as the answer to a press."""
        return found(await self.sandbox.wait_message(user, contains=contains, ephemeral=True))

    async def audit_thread(self, contains: str) -> list[str]:
        """The texts of the one audited drop, parent first, once an entry with `contains` is there."""
        entry = found(await self.sandbox.wait_message(SAM, AUDIT, contains=contains))
        parent = str(entry.get("thread_ts", entry["ts"]))
        return [message["text"] for message in self.sandbox.thread(SAM, AUDIT, parent)]


def present(link: link_v1.Link, form: Form, typed: str) -> tuple[claims.Presented, derivation_v1.DropKeys]:
    """What a page makes of a link and a typed passphrase."""
    keys = derivation_v1.derive(link, passphrase_v1.canon(form, typed))
    claim = typed.encode().ljust(32, b"\0")[:32]
    return claims.Presented(link.id, derivation_v1.link_proof(link), keys.auth_token, claim), keys


def found(thing: Json | None) -> Json:
    """What was waited for came."""
    assert thing is not None
    return thing


def link_in(message: Json) -> link_v1.Link:
    """The link of a message's Open button, or what its button for a press holds of it."""
    shown = json.dumps(message["blocks"])
    [url] = re.findall(r'"url": "([^"]+)"', shown) or re.findall(r'"value": "([^"]+#[^"]+)"', shown)
    path, fragment = url.split("#")
    return link_v1.parse(path.rsplit("/", 1)[-1], fragment)


def shown_passphrase(view: Json) -> str:
    """The one passphrase that a modal shows."""
    [shown] = re.findall(r"Passphrase: `([0-9 ]+)`", json.dumps(view["blocks"]))
    return str(shown)


def anyway(view: Json) -> str | None:
    """The id of the "Send anyway" box, if the form asks."""
    return next((b["block_id"] for b in view["blocks"] if b.get("block_id", "").startswith("anyway-")), None)


def option_of(view: Json, box: str) -> str:
    """The value of the one option of a box."""
    [block] = [b for b in view["blocks"] if b.get("block_id") == box]
    return str(block["element"]["options"][0]["value"])


@asynccontextmanager
async def working(sandbox: Sandbox, home: Home, **changed: object) -> AsyncIterator[Desk]:
    """The bot, serving this workspace until the block ends."""
    stop, ready = asyncio.Event(), asyncio.Event()
    settings = settings_of(sandbox, home, **changed)
    bot = asyncio.create_task(serve(settings, stop, ready=ready, retry_parked_seconds=0.2))
    readiness = asyncio.create_task(ready.wait())
    await asyncio.wait([bot, readiness], return_when=asyncio.FIRST_COMPLETED, timeout=20)
    if bot.done():
        readiness.cancel()
        bot.result()
    if settings.slack_app_token is not None:
        assert await sandbox.wait_sockets()
    try:
        async with home.open() as store:
            yield Desk(sandbox, home, store)
    finally:
        sandbox.clear_faults()
        stop.set()
        await bot
