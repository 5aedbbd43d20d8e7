"""What is mailed stands in the letter alone, and nobody's address where a name would not stand."""

import io
import json
from pathlib import Path
from urllib.parse import quote

import pytest

from bot import mail_server
from sandbox.fixtures import AUDIT, MAYA, SAM
from sandbox.running import Sandbox
from store import forgetting
from tests.bot.desk import SECRET, found, working
from tests.bot.postbox import PASSWORD, USER, postbox, url
from tests.bot.test_mail_happy_path import FROM, LINE, link_of
from tests.canaries import is_in
from tests.stores import Home

PASSPHRASE = "canary phrase 77aa"


async def test_no_canary_leaves_the_letter(
    sandbox: Sandbox,
    sqlite_home: Home,
    everything_logged: io.StringIO,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The link in no log, file, table or call to Slack; the passphrase not in the letter; the address in no log."""
    monkeypatch.setattr(mail_server, "AGAIN_SECONDS", 0.2)
    async with postbox(tmp_path, security="starttls", with_password=True) as box:
        login = f"{USER}:{quote(PASSWORD, safe='')}@"
        settings = {"smtp_url": url(box, login=login), "smtp_from": FROM, "smtp_ca_file": box.ca}
        async with working(sandbox, sqlite_home, log_level="DEBUG", **settings) as desk:
            box.answers["RCPT"].append("450 <dana@example.com> canary of the server")
            view = await desk.open_form(LINE)
            await desk.fill(view, passphrase=PASSPHRASE)
            assert (await desk.submit(view))["outcome"] == "update"
            letter = await box.wait()
            link = link_of(letter)
            assert await desk.read(link, PASSPHRASE) == SECRET
            assert await sandbox.wait_message(MAYA, contains="confirmed by the page, and destroyed")
            assert await sandbox.wait_message(SAM, AUDIT, contains="*dana@example.com* (e-mail)")
            logged = everything_logged.getvalue().encode()
            with_slack = json.dumps(
                [call["arguments"] for call in sandbox.calls()] + [one["reply"] for one in sandbox.envelopes()],
                default=str,
            ).encode()
    files = [file for file in sqlite_home.path.rglob("*") if file.is_file() and file != box.ca]
    assert is_in(b"an e-mail was not taken", logged)
    assert is_in(b"smtp_rcpt_450", logged)
    for canary in (link.key, SECRET.encode(), PASSPHRASE.encode(), PASSWORD.encode(), b"canary of the server"):
        assert not is_in(canary, logged)
        assert not is_in(canary, with_slack)
        assert not [file.name for file in files if is_in(canary, file.read_bytes())]
    assert is_in(link.fragment().encode(), "".join((letter.part("plain"), letter.part("html"))).encode())
    for hidden in (SECRET, PASSPHRASE, PASSWORD):
        assert hidden not in letter.part("plain") + letter.part("html")
    for address in (b"dana@example.com", b"dana@Example.com"):
        assert not is_in(address, logged)
        assert not [file.name for file in files if is_in(address, file.read_bytes())]


async def test_an_address_is_forgotten_as_a_person_is(sandbox: Sandbox, sqlite_home: Home) -> None:
    """By its one spelling, out of the drop and out of the audit channel's message."""
    async with postbox() as box, working(sandbox, sqlite_home, smtp_url=url(box), smtp_from=FROM) as desk:
        await desk.send(LINE)
        link = link_of(await box.wait())
        await desk.press(MAYA, "revoke", contains="The mail server took the link")
        assert await sandbox.wait_message(MAYA, contains="Revoked <!date")
        await desk.audit_thread("Receipt issued")
        async with sqlite_home.open("bot") as store:
            assert (await forgetting.find(store, "dana@example.com")).over == [link.id]
            assert await forgetting.forget(store, link.id, "dana@example.com") == 1
        assert await sandbox.wait_message(SAM, AUDIT, contains="The recipient was forgotten")
        drop = await desk.drop(link)
        assert "dana" not in f"{drop.recipient_id}{drop.recipient_name}"
        parents = [message for message in sandbox.messages(SAM, AUDIT) if "template" in json.dumps(message["blocks"])]
        assert not is_in(b"dana@example.com", json.dumps(found(parents[-1])).encode())
