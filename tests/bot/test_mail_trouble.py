"""A link that the mail server does not take: what becomes of it, and what its sender and the security team read."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot import delivery, mail_server
from bot.mail_undelivered_wording import audited, why
from sandbox.fixtures import DANA, MAYA
from sandbox.running import Sandbox
from store import deliveries
from store.errors import StoreUnavailableError
from store.words import Delivery, MailFault, Way
from tests.bot.desk import Desk, found, working
from tests.bot.postbox import BREAK, HANG, Postbox, postbox, url
from tests.bot.test_mail_happy_path import FROM, LINE, link_of
from tests.bot.test_sealed_links_leased import PEOPLE
from tests.programs import free_port
from tests.sealed_elsewhere import handed_in
from tests.store.reading import require_destroyed
from tests.stores import Home

ADDRESSED = {"recipient_id": "dana@example.com", "recipient_name": "dana@example.com", "recipient_class": "email"}


@asynccontextmanager
async def at_work(sandbox: Sandbox, home: Home) -> AsyncIterator[tuple[Desk, Postbox]]:
    """The bot with a mail server on this computer."""
    async with postbox() as box, working(sandbox, home, smtp_url=url(box), smtp_from=FROM) as desk:
        yield desk, box


async def fails(desk: Desk, said: str) -> None:
    """Maya sends, and reads in the window and in her DM that it did not arrive and was destroyed."""
    view = await desk.open_form(LINE)
    await desk.fill(view)
    assert (await desk.submit(view))["outcome"] == "update"
    shown = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains=said))
    words = json.dumps(shown["blocks"])
    assert "The secret was destroyed" in words
    assert "Passphrase:" not in words, "a passphrase that opens nothing is passed on by nobody"
    assert await desk.sandbox.wait_message(MAYA, contains="did not reach")


@pytest.mark.parametrize(
    ("verb", "answer", "said", "audit"),
    [
        (
            "RCPT",
            "550 5.1.1 <!channel> canary",
            "does not take mail for that address (it says 550)",
            "said 550 to RCPT",
        ),
        ("DATA", "554 5.7.1 canary", "refused the e-mail (it says 554)", "said 554 to DATA"),
        ("MAIL", "530 canary", "does not take mail from me (it says 530)", "said 530 to MAIL"),
    ],
)
async def test_a_refusal_ends_the_drop_and_is_said(
    sandbox: Sandbox, sqlite_home: Home, verb: str, answer: str, said: str, audit: str
) -> None:
    """At once, with the server's code and none of its words, which could be anybody's."""
    async with at_work(sandbox, sqlite_home) as (desk, box):
        box.answers[verb].append(answer)
        await fails(desk, said)
        assert box.arrived == []
        assert "canary" not in " ".join(await desk.audit_thread(audit))
        assert "canary" not in json.dumps([call["arguments"] for call in sandbox.calls()], default=str)


async def test_a_server_that_puts_it_off_is_asked_again(
    sandbox: Sandbox, sqlite_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window says so meanwhile, and the link goes out once."""
    monkeypatch.setattr(mail_server, "AGAIN_SECONDS", 1.0)
    async with at_work(sandbox, sqlite_home) as (desk, box):
        box.answers["RCPT"] += ["452 canary", "450 canary"]
        view = await desk.open_form(LINE)
        await desk.fill(view)
        await desk.submit(view)
        assert await sandbox.wait_view(MAYA, "sent_drop", contains="I try again in 1 s")
        letter = await box.wait()
        assert await sandbox.wait_view(MAYA, "sent_drop", contains="Handed to the mail server")
        assert (await desk.drop(link_of(letter))).delivery == Delivery.DELIVERED
        assert len(box.arrived) == 1


async def test_a_server_that_puts_it_off_for_too_long_is_left(
    sandbox: Sandbox, sqlite_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the lease is over: a link that went out later would be dead on arrival."""
    monkeypatch.setattr(mail_server, "AGAIN_SECONDS", 0.1)
    monkeypatch.setattr(delivery, "PATIENCE_SECONDS", 0.5)
    async with at_work(sandbox, sqlite_home) as (desk, box):
        box.answers["RCPT"] += ["451 canary"] * 100
        await fails(desk, "put it off for longer than I may wait (it says 451)")


async def test_a_lost_answer_is_one_drop_in_two_letters(sandbox: Sandbox, sqlite_home: Home) -> None:
    """The same letter, so that one of them opens; the sender reads what is known."""
    async with at_work(sandbox, sqlite_home) as (desk, box):
        box.answers["DATA"].append(BREAK)
        await desk.send(LINE)
        first, second = box.arrived
        assert first.raw == second.raw
        assert (await desk.drop(link_of(first))).delivery == Delivery.DELIVERED


async def test_two_lost_answers_are_nobodys_guess(sandbox: Sandbox, sqlite_home: Home) -> None:
    """It may have arrived; the drop is over all the same, and the sender reads both."""
    async with at_work(sandbox, sqlite_home) as (desk, box):
        box.answers["DATA"] += [BREAK, BREAK]
        await fails(desk, "Perhaps not sent to")
        await desk.audit_thread("did not say whether it took it")
        await require_destroyed(desk.store, link_of(box.arrived[0]).id)


async def test_a_server_that_is_away_is_said(
    sandbox: Sandbox, sqlite_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked again until there is no time left."""
    monkeypatch.setattr(mail_server, "AGAIN_SECONDS", 0.1)
    monkeypatch.setattr(delivery, "PATIENCE_SECONDS", 0.5)
    settings = {"smtp_url": f"smtp://localhost:{free_port()}", "smtp_from": FROM}
    async with working(sandbox, sqlite_home, **settings) as desk:
        await fails(desk, "could not be reached")
        await desk.audit_thread("could not be reached")


@pytest.mark.parametrize("what", ["no TLS", "wrong password"])
async def test_a_server_that_cannot_be_used_is_said(
    sandbox: Sandbox, sqlite_home: Home, tmp_path: Path, what: str
) -> None:
    """Only whoever runs the installation can mend that."""
    security = "none" if what == "no TLS" else "starttls"
    async with postbox(tmp_path, security=security, with_password=True) as box:
        settings = {"smtp_url": url(box, login="drops:wrong@"), "smtp_from": FROM, "smtp_ca_file": box.ca}
        async with working(sandbox, sqlite_home, **settings) as desk:
            await fails(desk, "offers no encryption" if what == "no TLS" else "does not let me log in")
            await desk.audit_thread("offers no TLS" if what == "no TLS" else "user name and password")
        assert box.arrived == []


async def test_a_drop_that_cannot_be_ended_is_not_called_destroyed(
    sandbox: Sandbox, sqlite_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail server refuses, and the store is away at that moment."""

    async def away(*_: object, **__: object) -> bool:
        raise StoreUnavailableError("away")

    monkeypatch.setattr(deliveries, "record_undelivered", away)
    async with at_work(sandbox, sqlite_home) as (desk, box):
        box.answers["RCPT"].append("550 canary")
        view = await desk.open_form(LINE)
        await desk.fill(view)
        await desk.submit(view)
        assert await sandbox.wait_view(MAYA, "sent_drop", contains="is not destroyed yet")


async def test_a_server_with_a_wrong_certificate_is_said(sandbox: Sandbox, sqlite_home: Home, tmp_path: Path) -> None:
    """To the security team too: somebody may stand between."""
    async with postbox(tmp_path, security="tls") as box:
        settings = {"smtp_url": url(box, scheme="smtps"), "smtp_from": FROM}
        async with working(sandbox, sqlite_home, **settings) as desk:
            await fails(desk, "I cannot be sure that it is our mail server")
            await desk.audit_thread("certificate is not to be believed")
    assert box.said == []


async def test_what_others_sealed_is_mailed_too(sandbox: Sandbox, sqlite_home: Home) -> None:
    """A link that a page or a client sealed for an address goes by the same way, under its order."""
    async with at_work(sandbox, sqlite_home) as (desk, box):
        async with sqlite_home.open("bot") as store:
            sealed = await handed_in(store, sqlite_home, sender_id=MAYA, way=Way.MAIL, **ADDRESSED)
        letter = await box.wait()
        assert link_of(letter) == sealed.link
        assert letter.recipients == ("dana@example.com",)
        assert await sandbox.wait_message(MAYA, contains="The mail server took the link")
        box.answers["RCPT"].append("550 canary")
        async with sqlite_home.open("bot") as store:
            refused = await handed_in(store, sqlite_home, sender_id=MAYA, way=Way.MAIL, **ADDRESSED)
        assert await sandbox.wait_message(MAYA, contains="does not take mail for that address")
        await require_destroyed(desk.store, refused.new.id)


async def test_what_others_sealed_waits_for_a_mail_server_that_is_away(
    sandbox: Sandbox, sqlite_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is put back, not given up: there are fifteen minutes."""
    monkeypatch.setattr(mail_server, "AGAIN_SECONDS", 11.0)
    async with at_work(sandbox, sqlite_home) as (desk, box):
        box.answers["RCPT"].append("450 canary")
        async with sqlite_home.open("bot") as store:
            sealed = await handed_in(store, sqlite_home, sender_id=MAYA, way=Way.MAIL, lives_seconds=9999, **ADDRESSED)
        await box.wait_said("RCPT in clear")
        drop = await desk.drop(sealed.link)
        assert (drop.delivery, drop.outcome) == (Delivery.PENDING, None)
        desk.home.advance_clock(16)
        letter = await box.wait()
        assert link_of(letter) == sealed.link


@pytest.mark.parametrize("then", ["taken", "refused"])
async def test_what_others_sealed_waits_also_after_a_lost_answer(
    sandbox: Sandbox, sqlite_home: Home, monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    """A mail server restarts with a letter in hand: there still are fifteen minutes, and nothing is called unsent."""
    monkeypatch.setattr(mail_server, "AGAIN_SECONDS", 11.0)
    async with at_work(sandbox, sqlite_home) as (desk, box):
        box.answers["DATA"] += [BREAK, "451 canary", *(["554 canary"] if then == "refused" else [])]
        async with sqlite_home.open("bot") as store:
            sealed = await handed_in(store, sqlite_home, sender_id=MAYA, way=Way.MAIL, lives_seconds=9999, **ADDRESSED)
        async with asyncio.timeout(20):
            while len(box.answers["DATA"]) > (then == "refused"):  # noqa: ASYNC110 - the bot's act
                await asyncio.sleep(0.05)
        await asyncio.sleep(0.3)
        drop = await desk.drop(sealed.link)
        assert (drop.delivery, drop.outcome) == (Delivery.PENDING, None)
        desk.home.advance_clock(16)
        if then == "taken":
            assert await sandbox.wait_message(MAYA, contains="The mail server took the link")
            assert link_of(await box.wait()) == sealed.link
        else:
            assert await sandbox.wait_message(MAYA, contains="Perhaps not sent to dana@example.com")
            await require_destroyed(desk.store, sealed.new.id)


async def test_a_mail_server_that_hangs_keeps_nothing_from_slack(sandbox: Sandbox, sqlite_home: Home) -> None:
    """More letters wait than anybody delivers at once, all older than a link for a DM, which arrives."""
    async with at_work(sandbox, sqlite_home) as (_, box):
        box.answers["RCPT"] += [HANG] * 20
        async with sqlite_home.open("bot") as store:
            for _ in range(8):
                await handed_in(store, sqlite_home, sender_id=MAYA, way=Way.MAIL, **ADDRESSED)
            await box.wait_said("RCPT in clear")
            direct = await handed_in(store, sqlite_home, **PEOPLE)
        assert await sandbox.wait_message(DANA, contains=direct.link.fragment(), seconds=10)
        assert box.arrived == []


async def test_without_a_mail_server_what_others_sealed_is_refused_in_words(
    sandbox: Sandbox, sqlite_home: Home
) -> None:
    """An order of before SMTP_URL was taken out of the settings."""
    async with working(sandbox, sqlite_home) as desk:
        async with sqlite_home.open("bot") as store:
            sealed = await handed_in(store, sqlite_home, sender_id=MAYA, way=Way.MAIL, **ADDRESSED)
        assert await sandbox.wait_message(MAYA, contains="sending e-mail is not set up here")
        await require_destroyed(desk.store, sealed.new.id)


def test_every_fault_has_words_for_each_reader() -> None:
    """Sender and security team; what is no word of ours is left to others."""
    for fault in MailFault:
        assert "The secret was destroyed" in why(fault, "dana@example.com")
        assert "ot delivered" in str(audited(fault))
    assert "(it says 550)" in why("smtp_connect_550", "dana@example.com")
    assert audited("user_not_found") is None
