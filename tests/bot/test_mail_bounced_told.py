"""A letter that comes back to SMTP_FROM: what its sender and the security team read, over a real mail server."""

import json
from typing import Any

import pytest

from bot import mail_bounced_wording
from bot.mail_bounced import take_back
from sandbox.fixtures import MAYA
from sandbox.running import Sandbox
from store import deliveries as real
from store.deliveries import Place
from store.opened import Store
from store.words import Delivery, Outcome
from tests.bot import bounces
from tests.bot.bounces import block, report
from tests.bot.desk import working
from tests.bot.postbox import postbox, url
from tests.bot.shapes import BOUNCED
from tests.bot.test_mail_happy_path import FROM, LINE, link_of
from tests.store.reading import require_destroyed
from tests.stores import Home

SENTENCES = {
    "5.1.1": "there is no such address (5.1.1)",
    "5.2.2": "it may be full or closed (5.2.2)",
    "5.7.1": "rules do not let it in (5.7.1)",
}


async def test_its_sender_reads_why_and_what_to_do(sandbox: Sandbox, sqlite_home: Home) -> None:
    """By the bot that runs, whoever read the e-mail; with a button to send a new one, and nothing of theirs in it."""
    async with postbox() as box, working(sandbox, sqlite_home, smtp_url=url(box), smtp_from=FROM) as desk:
        for number, (status, said) in enumerate(SENTENCES.items(), 1):
            await desk.send(LINE, label=f"key {number}")
            letter = await box.wait(number)
            more = "\nDiagnostic-Code: smtp; 550 <!channel> canary"
            raw = report(letter.raw, block(status=status, more=more), text="canary of a stranger")
            async with sqlite_home.open("bot") as store:
                await take_back(store, raw)
            told = await sandbox.wait_message(MAYA, contains=said)
            assert told is not None
            words = json.dumps(told, ensure_ascii=False)
            assert f"“key {number}”" in words
            assert "Nobody opened it, and the secret was destroyed" in words
            assert "Send a new one" in words
            status_message = await sandbox.wait_message(MAYA, contains="The link did not reach *dana@example.com*")
            assert status_message is not None
            drop = await desk.drop(link_of(letter))
            assert (drop.delivery, drop.outcome) == (Delivery.UNDELIVERED, Outcome.UNDELIVERED)
            await require_destroyed(desk.store, drop.id)
        await desk.audit_thread("came back after the mail server had taken it (5.7.1)")
        assert "canary of" not in json.dumps([call["arguments"] for call in sandbox.calls()], default=str)
        assert "channel" not in " ".join(await desk.audit_thread("came back after the mail server"))


async def test_a_letter_that_comes_back_at_once_is_told_too(
    sandbox: Sandbox, sqlite_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the bot has recorded that it went out: the window says that it ended, a message says why."""
    async with postbox() as box:
        recorded = real.record_delivered

        async def late(store: Store, drop_id: bytes, place: Place | None, **said: bool) -> bool:
            async with sqlite_home.open("bot") as another:
                await take_back(another, bounces.postfix((await box.wait()).raw))
            return await recorded(store, drop_id, place, **said)

        monkeypatch.setattr(real, "record_delivered", late)
        async with working(sandbox, sqlite_home, smtp_url=url(box), smtp_from=FROM) as desk:
            view = await desk.open_form(LINE)
            await desk.fill(view)
            await desk.submit(view)
            assert await sandbox.wait_view(MAYA, "sent_drop", contains="it ended before it arrived")
            assert await sandbox.wait_message(MAYA, contains="there is no such address (5.1.1)")
            assert len(box.arrived) == 1


def test_every_status_has_words_for_each_reader() -> None:
    """What is no status of ours is left to others."""
    for code in BOUNCED:
        filled: Any = mail_bounced_wording.told(code)
        assert code.removeprefix("bounced_") in filled
        assert filled.count("{") == 3
        assert code.removeprefix("bounced_") in str(mail_bounced_wording.audited(code))
    for code in ("bounced_", "bounced_5.1", "bounced_2.0.0", "bounced_5.1.1 <!channel>", "smtp_rcpt_550", "None"):
        assert mail_bounced_wording.told(code) is None
        assert mail_bounced_wording.audited(code) is None
