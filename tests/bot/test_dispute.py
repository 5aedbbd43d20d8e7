"""What became of one drop: who may look, how it is found, and what stands on its page."""

import json
from typing import Any

import pytest

from bot import dispute_facts, dispute_views, dispute_wording
from bot.audit_messages import short
from sandbox.fixtures import MAYA, MAYA_DANA
from store import claims, door, endings, finding, retention
from store.drops import find
from store.errors import DropEndedError, StoreUnavailableError
from store.formats import base64url
from store.opened import Store
from store.words import Outcome
from tests.bot import looking_back
from tests.bot.desk import SECRET, Desk, found, shown_passphrase
from tests.bot.looking_back import PEOPLE, SEES, UNNAMED, Screen, three, typed_by
from tests.bot.looking_shapes import troubles
from tests.store.living import SOMEBODY, created, refuse, viewed
from tests.store.test_retention import months_later
from tests.stores import Home, Sealed

LABEL = "Stripe restricted key"
PAGE = dispute_wording.PROVES


async def receipt_of(store: Store, sealed: Sealed) -> str:
    drop = await find(store, sealed.new.id)
    assert drop is not None
    assert drop.receipt is not None
    return drop.receipt


def submitted(value: str) -> dict[str, Any]:
    """The step as somebody submits it."""
    option = {"value": value}
    return {
        "view": {
            "id": "V1",
            "state": {"values": {dispute_views.WHICH: {dispute_views.WHICH: {"selected_option": option}}}},
        }
    }


class Acked:
    """What a submission was answered with."""

    def __init__(self) -> None:
        self.said: dict[str, Any] = {}

    async def __call__(self, **said: Any) -> None:
        assert not self.said
        self.said = said


@pytest.mark.parametrize("who", PEOPLE)
async def test_who_may_look(sqlite_home: Home, who: str) -> None:
    """By its short id, its receipt, from the list, and by a submission made by hand: the same people each time."""
    async with sqlite_home.open("bot") as store:
        made, clicker = await three(store), PEOPLE[who]
        for one in made.values():
            await endings.revoke(store, one.new.id)
        for name, one in made.items():
            text, may = base64url.encode(one.new.id), name in SEES.get(who, set())
            screen, acked = Screen(), Acked()
            desk = looking_back.dispute_desk(store, screen)
            rid = await receipt_of(store, one)
            for words in (text[:6], f"`{text[:9]}`", text, f"<http://localhost:8080/receipts/{rid}#AAAA>", rid):
                await desk.answer(words, typed_by(clicker))
                assert (PAGE in screen.text) == may, words
                assert (dispute_wording.UNKNOWN in screen.text) != may
                assert (LABEL in screen.text) == (may and who != "auditor")
            await desk.chosen(acked, submitted(text), clicker)
            assert (PAGE in str(acked.said["view"])) == may
            await desk.answer("", typed_by(clicker))
            assert (text in screen.text) == may
            assert screen.replies == []


async def test_a_page_tells_what_happened(sqlite_home: Home) -> None:
    """Guesses, from where, who came after, the receipt, every step; not the secret."""
    async with sqlite_home.open("bot") as store:
        sealed = (await three(store))["own"]
        await refuse(store, sealed, 2, sqlite_home)
        await viewed(store, sqlite_home, sealed)
        screen = Screen()
        desk = looking_back.dispute_desk(store, screen)
        await desk.answer(short(sealed.new.id), typed_by(PEOPLE["sender"]))
        for words in (
            "Wrong passphrases: *2*",
            "from 198.51.100.0/24 with Firefox",
            "Right passphrase on try 3; released to one page",
            dispute_wording.NOT_ASKED,
            dispute_wording.OPENED_PROVES_NOT,
            f"/receipts/{await receipt_of(store, sealed)}#",
        ):
            assert words in screen.text
        assert sealed.secret not in screen.text
        assert sealed.link.url("http://localhost:8080") not in screen.text


async def test_what_was_never_opened(sqlite_home: Home) -> None:
    """It says so, and that this proves nothing about the same secret elsewhere."""
    async with sqlite_home.open("bot") as store:
        sealed = (await three(store))["own"]
        screen = Screen()
        desk = looking_back.dispute_desk(store, screen)
        await desk.answer(short(sealed.new.id), typed_by(PEOPLE["sender"]))
        assert dispute_wording.OPEN_PROVES in screen.text
        assert dispute_wording.NO_RECEIPT in screen.text
        await endings.revoke(store, sealed.new.id)
        await desk.answer(short(sealed.new.id), typed_by(PEOPLE["sender"]))
        for sentence in ("NEVER_OPENED", "UNOPENED_PROVES", "UNOPENED_PROVES_NOT"):
            assert getattr(dispute_wording, sentence) in screen.text


async def test_what_came_of_trying_a_dead_link(sqlite_home: Home) -> None:
    """Of one that nobody opened: looked at and tried when it was over, not again, and not with another passphrase."""
    async with sqlite_home.open("bot") as store:
        sealed = (await three(store))["own"]
        await endings.revoke(store, sealed.new.id)
        with pytest.raises(DropEndedError):
            await door.look(store, sealed.new.id, sealed.new.link_proof, SOMEBODY)
        with pytest.raises(DropEndedError):
            await claims.claim(store, sealed.present(), SOMEBODY)
        screen = Screen()
        await looking_back.dispute_desk(store, screen).answer(short(sealed.new.id), typed_by(PEOPLE["sender"]))
        for sentence in ("NEVER_OPENED", "AT_DOOR_UNOPENED", "TRIED_UNOPENED"):
            assert getattr(dispute_wording, sentence).format(count=1) in screen.text
        for words in ("again", "Second", "another passphrase"):
            assert words not in screen.text


async def test_what_is_nobodys_any_more_is_said(sqlite_home: Home) -> None:
    """To whoever has its receipt, or an office; a short id may be a guess."""
    async with sqlite_home.open("bot") as store:
        made = await three(store)
        for one in made.values():
            await endings.revoke(store, one.new.id)
        rid = await receipt_of(store, made["own"])
        await months_later(store, sqlite_home, 3)
        assert (await retention.sweep(store, 2)).forgotten
        for who, by_short in (("auditor", "ERASED"), ("administrator", "ERASED"), ("sender", "UNKNOWN")):
            for words, sentence in ((short(made["own"].new.id), by_short), (rid, "ERASED"), ("AAAAAA", "UNKNOWN")):
                screen = Screen()
                await looking_back.dispute_desk(store, screen).answer(words, typed_by(PEOPLE[who]))
                assert getattr(dispute_wording, sentence) in screen.text, (who, words)


async def test_what_stands_behind_the_name_is_not_looked_at(sqlite_home: Home) -> None:
    """Why, for instance."""
    async with sqlite_home.open("bot") as store:
        made, screen = (await three(store))["own"], Screen()
        words = f"{short(made.new.id)} she never got it"
        await looking_back.dispute_desk(store, screen).answer(words, typed_by(PEOPLE["sender"]))
        assert short(made.new.id) in screen.text


async def test_what_goes_wrong_is_said(sqlite_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """No drop, no view, no store, nothing sent: each in words."""
    async with sqlite_home.open("bot") as store:
        screen, sender = Screen(refuses="expired_trigger_id"), PEOPLE["sender"]
        desk = looking_back.dispute_desk(store, screen)
        await desk.answer("what about it", typed_by(sender))
        await desk.answer("", typed_by(sender))
        assert screen.replies == [dispute_wording.WHICH, dispute_wording.NOT_OPENED]
        screen = Screen()
        desk = looking_back.dispute_desk(store, screen)
        await desk.answer("", typed_by(sender))
        assert dispute_wording.NONE_SENT in screen.text

        async def away(*_: object, **__: object) -> None:
            raise StoreUnavailableError

        monkeypatch.setattr(finding, "by_short", away)
        await desk.answer("AAAAAA", typed_by(sender))
        assert dispute_wording.STORE_AWAY in screen.text
        acked = Acked()
        await desk.chosen(acked, submitted("A" * 22), sender)
        assert dispute_wording.STORE_AWAY in str(acked.said["view"])

        async def broken(*_: object, **__: object) -> None:
            raise ValueError

        monkeypatch.setattr(finding, "by_short", broken)
        await desk.answer("AAAAAA", typed_by(sender))
        assert dispute_wording.FAILED in screen.text


async def test_whoever_slack_does_not_name_is_told_so(sqlite_home: Home) -> None:
    """Somebody from outside whose team is not known just then is called no stranger."""
    async with sqlite_home.open("bot") as store:
        sealed = await created(store, sender_id=UNNAMED.user_id)
        screen, acked = Screen(), Acked()
        desk = looking_back.dispute_desk(store, screen)
        await desk.answer(short(sealed.new.id), typed_by(UNNAMED))
        assert dispute_wording.WHO_ASKS in screen.text
        await desk.chosen(acked, submitted(base64url.encode(sealed.new.id)), UNNAMED)
        assert dispute_wording.WHO_ASKS in str(acked.said["view"])


async def test_the_list_is_of_a_hundred(sqlite_home: Home) -> None:
    """The latest of the sender's own; an auditor's are everybody's, without labels."""
    async with sqlite_home.open("bot") as store:
        made = await three(store)
        screen = Screen()
        desk = looking_back.dispute_desk(store, screen)
        await desk.answer("", typed_by(PEOPLE["auditor"]))
        [block] = screen.views[-1]["blocks"]
        assert len(block["element"]["options"]) == 2
        assert LABEL not in screen.text
        assert short(made["own"].new.id) in screen.text


def test_what_the_events_come_to() -> None:
    """What recurs is counted as its last event says; each kind of it by itself."""
    facts = dispute_facts.of(troubles())
    assert (facts.wrong, facts.refused, facts.at_door, facts.right_after, facts.wrong_after) == (1, 1, 3, 1, 4)
    assert facts.denied == 2
    assert facts.opened is not None
    assert facts.opened.network == "203.0.113.0/24"
    assert facts.verified is not None


async def test_from_the_command_to_the_page(desk: Desk) -> None:
    """Maya chooses the one that Dana opened, and reads what became of it; then the same by its short id."""
    view = await desk.send()
    link = await desk.link()
    await desk.read(link, shown_passphrase(view))
    await desk.sandbox.type(MAYA, MAYA_DANA, "/sendsecret dispute")
    step = found(await desk.sandbox.wait_view(MAYA, dispute_views.CHOOSE))
    await desk.sandbox.fill(step["id"], {dispute_views.WHICH: base64url.encode(link.id)})
    assert (await desk.sandbox.submit(step["id"]))["outcome"] == "update"
    page = found(await desk.sandbox.wait_view(MAYA, dispute_views.PAGE, contains="Opened <!date^"))
    assert SECRET not in json.dumps(page)
    await desk.sandbox.type(MAYA, MAYA_DANA, f"/sendsecret dispute {short(link.id)}")
    assert await desk.sandbox.wait_view(MAYA, dispute_views.PAGE, contains="Every step", not_hash=page["hash"])
    assert (await desk.drop(link)).outcome is Outcome.VIEWED
