"""
Senders who hand over secrets by the form, one form after the other, and readers of what arrives.

A sender does what Slack's client makes them do: types the command again where nothing opens, presses Send again where
Slack says that it had trouble.  Whatever became of each form is kept, for the judges.
"""

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from sandbox.fixtures import GENERAL, MAYA, NOOR, SAM
from store.formats.link_v1 import Link
from tests.bot.desk import PASSPHRASE, SECRET, link_in
from tests.hosts.places import Places
from tests.hosts.readers import Reading
from tests.hosts.slack import Slack

_PEOPLE: Final = {MAYA: "maya", NOOR: "noor", SAM: "sam"}
_SENDS_TO: Final = {MAYA: NOOR, NOOR: SAM, SAM: MAYA}
_BUSY: Final = (NOOR, SAM)
"""Who sends all the time; Maya sends what the faults need."""
_PRESSES: Final = 12
_OPENS_SECONDS: Final = 20.0
_ARRIVES_SECONDS: Final = 55.0


@dataclass
class Form:
    """One form: who sent it to whom, and whether Slack showed its sender that it is sent."""

    label: str
    sender: str
    recipient: str
    view: str
    presses: int = 0
    is_sent: bool = False
    reading: Reading | None = None
    """Once the link has come."""

    @property
    def secret(self) -> str:
        """What is in it, and in no other."""
        return f"{SECRET} of {self.label}"


@dataclass
class Traffic:
    """Runs until `stop`."""

    places: Places
    slack: Slack
    chosen: Random
    forms: list[Form] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, living: asyncio.TaskGroup) -> None:
        """They send, until `stop`; what has arrived is read, by as many at once as there are."""
        await asyncio.gather(*(self._send_on(sender, living) for sender in _BUSY))

    def stop(self) -> None:
        """Begin nothing new."""
        self._stop.set()

    async def _send_on(self, sender: str, living: asyncio.TaskGroup) -> None:
        while not self._stop.is_set():
            form = await self.send(sender)
            if form is not None and form.is_sent:
                living.create_task(self._read(form))
            await asyncio.sleep(self.chosen.uniform(1, 3))

    async def send(self, sender: str) -> Form | None:
        """One form from the command to the answer; None where nothing opened."""
        recipient = _SENDS_TO[sender]
        line = f"/sendsecret @{_PEOPLE[recipient]}"
        typed = await self.slack.do("type", user=sender, conversation=GENERAL, text=line)
        self.seen[f"command {typed['outcome']}"] += 1
        view = await self.slack.do("wait_view", user=sender, callback_id="send_drop", seconds=_OPENS_SECONDS)
        if view is None:
            self.seen["no form opened"] += 1
            return None
        form = Form(f"key {len(self.forms):03}", sender, recipient, view["id"])
        self.forms.append(form)
        entered = {"label": form.label, "secret": form.secret, "passphrase": PASSPHRASE}
        await self.slack.do("fill", view=form.view, values=entered)
        await self._press(form)
        await self.slack.do("close_view", view=form.view, everything=True)
        return form

    async def _press(self, form: Form) -> None:
        for _ in range(_PRESSES):
            form.presses += 1
            answer = await self.slack.do("submit", view=form.view)
            self.seen[f"form {answer['outcome']}"] += 1
            for sentence in answer["errors"].values():
                self.seen[f"form: {sentence}"] += 1
            if answer["outcome"] == "update":
                form.is_sent = True
                return
            await asyncio.sleep(1)

    async def arrived(self, form: Form) -> Reading | None:
        """What the recipient got, once it is there; None where nothing came for long."""
        message = await self.slack.do(
            "wait_message", user=form.recipient, contains=form.label, seconds=_ARRIVES_SECONDS
        )
        link = message and _link_of(message)
        if not link:
            self.seen["no link came"] += 1
            return None
        reading = Reading(link, PASSPHRASE, [web.host for web in self.places.webs])
        form.reading = reading
        return reading if await reading.prepare() else None

    async def _read(self, form: Form) -> None:
        reading = await self.arrived(form)
        if reading is None:
            return
        first = self.chosen.randrange(3)
        if self.chosen.random() < 0.5:
            self._count("wrong", await reading.page(first, right=False).ask())
        pages = [reading.page(first + number) for number in range(3)]
        for told in await asyncio.gather(*(page.ask() for page in pages)):
            self._count("right", told)
        for page in pages:
            if page.given is not None and self.chosen.random() < 0.8:
                self._count("acknowledge", await page.ask("acknowledge"))

    def _count(self, what: str, told: int | None) -> None:
        self.seen[f"{what} {told}"] += 1


def _link_of(message: dict[str, Any]) -> Link | None:
    return link_in(message) if "/s/" in json.dumps(message["blocks"]) else None
