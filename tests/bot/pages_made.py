"""Records that people read, as the bot hands them over in Slack: link and passphrase, and what somebody reads there."""

import re
import secrets
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pytest

from bot import form, record_form
from bot.record_form import Handing
from sandbox.fixtures import DANA, MAYA, TEAM
from store import record_pages, record_views
from store.door import Visitor
from store.errors import DropLockedError, WrongPassphraseError
from store.formats import base64url, derivation_v1, header_v1, link_v1, passphrase_v1, record_page_v1
from store.formats.link_v1 import Link
from store.formats.record_page_v1 import PageKeys
from store.opened import Store
from store.record_doors import RecordDoor
from store.record_pages import Passphrase
from store.record_views import Presented
from store.records import Named
from store.words import Actor
from tests.bot.desk import Desk, Json, found, shown_passphrase
from tests.bot.records_made import LABEL, PAGE, VALUE, sent
from tests.store.looking import WAITS

LINES = re.compile(r"\S+/v/([A-Za-z0-9_-]{22})#(1p[A-Za-z0-9_.-]+)\s+Passphrase: ([a-z]+ [a-z]+ [a-z]+ [a-z]+)\s*")


@dataclass(frozen=True)
class Reader:
    """Whoever was handed link and passphrase."""

    link: Link
    typed: str = field(repr=False)

    @property
    def id_text(self) -> str:
        """The record's id."""
        return base64url.encode(self.link.id)

    @cached_property
    def keys(self) -> PageKeys:
        """What follows from both."""
        return record_page_v1.derive(self.link, passphrase_v1.canon("words", self.typed))

    def presented(self, attempt: bytes, auth_token: bytes | None = None) -> Presented:
        """A try at the passphrase; a wrong one has another token."""
        proof = derivation_v1.link_proof(self.link)
        return Presented(self.link.id, proof, auth_token or self.keys.auth_token, attempt)

    async def door(self, store: Store) -> header_v1.Header:
        """What the page says of itself.  Raises UnknownRecordError, and RecordEndedError."""
        seen = await record_views.look(store, self.link.id, derivation_v1.link_proof(self.link))
        return header_v1.parse(seen.header)

    async def read(self, store: Store) -> str:
        """The value, as the page shows it.  Raises what the store does."""
        seen = await record_views.look(store, self.link.id, derivation_v1.link_proof(self.link))
        given = await record_views.view(store, self.presented(b"r" * 32), Visitor())
        return record_page_v1.open_(self.link, self.keys, seen.header, given.version, given.sealed)

    async def lock(self, desk: Desk) -> None:
        """Use up its tries, with the time between them that the schedule asks for."""
        for wait in WAITS:
            desk.home.advance_clock(wait)
            # A pair that was refused before costs nothing.
            attempt = secrets.token_bytes(32)
            with pytest.raises((WrongPassphraseError, DropLockedError)):
                await record_views.view(desk.store, self.presented(attempt, attempt), Visitor())


def reader_in(text: str) -> Reader:
    """The one link of a page in a text, and its passphrase."""
    [(id_text, fragment, words)] = LINES.findall(text)
    return Reader(link_v1.parse(id_text, fragment, link_v1.RECORD), words)


async def handed_page(desk: Desk, view: Json, **values: Any) -> Reader:
    """A window, filled in and sent; link and passphrase as Dana reads them behind her link."""
    assert (await sent(desk, view, **values))["outcome"] == "update"
    shown = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Revoke (wrong person)"))
    return reader_in(await desk.read(await desk.link(DANA), shown_passphrase(shown).replace(" ", "")))


async def shown_page(desk: Desk, view: Json, user: str = MAYA, **values: Any) -> Reader:
    """The same, where they are shown in the window."""
    answer = await sent(desk, view, user, **{form.DELIVERY: Handing.WINDOW.value, **values})
    assert answer["outcome"] == "update", answer
    return reader_in(found(desk.view(user))["blocks"][0]["text"]["text"].replace("`", ""))


def page(**values: Any) -> Json:
    """What a form for people is filled with."""
    return {record_form.DOOR: RecordDoor.PAGE.value, **values}


async def made_page(desk: Desk, owner: str = MAYA, recipient: str | None = DANA, *, escrow: bool = False) -> Reader:
    """A page of somebody's."""
    typed = "amber tiger lemon canary"
    passphrase = Passphrase("words", passphrase_v1.canon("words", typed))
    async with desk.home.open("bot") as bot:
        named = Named(LABEL, PAGE, owner=owner, recipient=recipient, team=TEAM)
        link, _ = await record_pages.make(
            bot, named, VALUE, passphrase, sender="Maya", lives_seconds=86_400, escrow=escrow, by=Actor.SENDER
        )
    return Reader(link, typed)
