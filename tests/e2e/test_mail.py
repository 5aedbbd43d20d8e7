"""The whole way by e-mail: the real programs, a real mail server, and a browser that follows the letter's link."""

import asyncio
import re
import sys

import pytest
from playwright.async_api import Browser

from bot import audit_wording, mail_bounced_wording, sender_wording
from sandbox.fixtures import MAYA
from store.formats import base64url
from store.words import Outcome, Way
from tests.bot.bounces import postfix
from tests.bot.desk import SECRET
from tests.bot.postbox import Arrived
from tests.browser.visiting import visiting
from tests.canaries import is_in
from tests.e2e.acting import PASSPHRASE, new_label, open_form, press_send
from tests.e2e.reading import audited, page_like, reads
from tests.e2e.test_handoff import open_in_browser
from tests.e2e.workplace import Workplace
from tests.verifying.attacked import checked, failed

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def mailed(at: Workplace, label: str) -> Arrived:
    """Maya sends to an address; the letter."""
    before = len(at.mail.arrived)
    view = await open_form(at, "/sendsecret dana@example.com")
    await at.sandbox.fill(view["id"], {"label": label, "secret": SECRET, "passphrase": PASSPHRASE})
    assert (await press_send(at, view))["outcome"] == "update"
    return await at.mail.wait(before + 1)


async def bounced(at: Workplace, raw: bytes) -> tuple[int | None, bytes]:
    """`sendsecret bounced` as a mail system calls it; its exit code, and all that it wrote."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "sendsecret", "bounced"),
        env={"PATH": "/usr/bin:/bin", **at.home.environment(), "PUBLIC_URL": f"http://localhost:{at.web.port}"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(60):
        out, _ = await process.communicate(raw)
    return process.returncode, out


async def test_a_letter_that_comes_back_ends_its_drop(at: Workplace, browser: Browser) -> None:
    """The server took it, and later it came back: everybody reads so, the link opens nothing, the record holds."""
    label = new_label()
    letter = await mailed(at, label)
    await reads(at, MAYA, sender_wording.STATUS_MAILED, about=label)
    code, said = await bounced(at, postfix(letter.raw))
    assert (code, said.count(b"\n")) == (0, 1), said
    told = mail_bounced_wording.told("bounced_5.1.1")
    assert told is not None
    await reads(at, MAYA, told, about=label)
    await reads(at, MAYA, sender_wording.ENDED[Outcome.UNDELIVERED], about=label)
    [url] = set(re.findall(r'href="([^"]+)"', letter.part("html")))
    async with visiting(browser) as dana:
        await dana.page.goto(url)
        await dana.page.get_by_text(page_like("dead.undelivered")).wait_for()
    drop = base64url.decode(url.rsplit("/", 1)[1].partition("#")[0], 16)
    await audited(at, drop, str(mail_bounced_wording.audited("bounced_5.1.1")))
    await audited(at, drop, audit_wording.ENDED[Outcome.UNDELIVERED])
    assert failed(await asyncio.to_thread(checked, at.home)) == []
    key = url.partition("#")[2].split(".")[1].encode()
    for written in (said, at.logs()):
        assert not is_in(key, written)
        assert not is_in(b"dana@example.com", written)


async def test_a_letter_opens_once_in_a_browser(at: Workplace, browser: Browser) -> None:
    """The button's address leads to the page, the page to the secret; its sender reads that it was opened."""
    label = new_label()
    letter = await mailed(at, label)
    assert str(letter.message["Subject"]) == f"{label}: opens once"
    [url] = set(re.findall(r'href="([^"]+)"', letter.part("html")))
    assert f"\n{url}\n" in letter.part("plain").replace("\r\n", "\n")
    await reads(at, MAYA, sender_wording.STATUS_MAILED, about=label)
    async with visiting(browser) as dana:
        assert await open_in_browser(dana, url, PASSPHRASE) == SECRET
    await reads(at, MAYA, sender_wording.ENDED[Outcome.VIEWED], about=label)
    drop = base64url.decode(url.rsplit("/", 1)[1].partition("#")[0], 16)
    await audited(at, drop, audit_wording.DELIVERED[Way.MAIL])
    assert not is_in(b"dana@example.com", at.logs())
    assert not is_in(url.partition("#")[2].encode(), at.logs())
