"""A secret that is sealed outside Slack goes through the real programs to its reader; nobody is told its order."""

import json
from pathlib import Path

from sandbox.fixtures import AUDIT, DANA, GENERAL, MAYA, SAM
from store.formats import base64url
from store.formats.order_link_v1 import OrderLink
from tests.bot.desk import found
from tests.bot.sealing_outside import SECRET, order_in, urls_in
from tests.browser.chromium import running as chromium
from tests.browser.visiting import DONE, visiting
from tests.canaries import is_in
from tests.composer.hands import seal
from tests.e2e.acting import open_form, press_send
from tests.e2e.sealing_outside import look, seal_outside
from tests.e2e.test_handoff import LOGGED, open_in_browser, url_for
from tests.e2e.workplace import Mode, Workplace, workplace
from tests.store.reading import require_destroyed
from tests.store.sealing_under_orders import STRETCHED
from tests.stores import Home

PASSPHRASE = STRETCHED.decode()


async def require_told_to_nobody(at: Workplace, order: OrderLink, carriers: list[str]) -> None:
    """The token is in no log, file, metadata or audit entry, and in no call to Slack but those that carry its link."""
    files = [path for path in Path(at.home.path).rglob("*") if path.is_file()]
    assert {"web.log", "bot-0.log"} <= {path.name for path in files}
    assert is_in(LOGGED[at.mode], at.logs())
    for path in files:
        assert not is_in(order.token, path.read_bytes()), path.name
    audit = json.dumps(at.sandbox.messages(SAM, AUDIT)).encode()
    assert is_in(b"sealed outside Slack, in a page", audit)
    assert not is_in(order.token, audit)
    carry = [call for call in at.sandbox.calls() if is_in(order.token, json.dumps(call, default=str).encode())]
    assert [call["method"] for call in carry] == carriers
    for call in carry:
        assert not is_in(order.token, str(call["arguments"]["text"]).encode())
        assert "metadata" not in call["arguments"]


async def test_what_is_typed_outside_slack(home: Home) -> None:
    """The form, the page, the DM, the reader's browser, the tombstone; and the secret is nowhere in Slack."""
    async with (
        workplace(home, Mode.SOCKET) as at,
        chromium() as browser,
        visiting(browser) as maya,
        visiting(browser) as dana,
    ):
        bot = await at.start_bot()
        view = await open_form(at)
        await at.sandbox.fill(view["id"], {"label": "Stripe restricted key", "delivery": "outside"})
        assert (await press_send(at, view))["outcome"] == "update"
        shown = found(await at.sandbox.wait_view(MAYA, "composers", seconds=20))
        [url] = urls_in(shown)
        assert (await at.sandbox.click(MAYA, "open_composer", view=shown["id"]))["opens"] == url
        await maya.come(url)
        await maya.page.fill("#secret", SECRET)
        passphrase = await seal(maya.page)
        arrived = await url_for(at)
        assert (await look(at, order_in(url)))["state"] == "used"
        assert await open_in_browser(dana, arrived, passphrase) == SECRET
        await dana.page.wait_for_selector(DONE)
        await require_destroyed(at.desk.store, base64url.decode(arrived.split("/s/")[1].split("#")[0], 16))
        assert await at.sandbox.wait_message(DANA, lacks="open_drop", contains="destroyed", seconds=20)
        assert await at.desk.audit_thread("Receipt issued")
        assert await bot.stop() == 0
        assert await at.web.stop() == 0
        await require_told_to_nobody(at, order_in(url), [])
        said = json.dumps([at.sandbox.calls(), at.sandbox.envelopes()], default=str).encode()
        for canary in (SECRET.encode(), passphrase.encode()):
            assert not is_in(canary, said)
            assert not is_in(canary, at.logs())


async def test_what_somebody_is_asked_for(sqlite_home: Home) -> None:
    """The message to a guest, their page's order, the asker's DM, the asker's browser."""
    async with workplace(sqlite_home, Mode.HTTP) as at, chromium() as browser, visiting(browser) as maya:
        bot = await at.start_bot()
        await at.sandbox.type(MAYA, GENERAL, "/sendsecret request @dana Stripe restricted key")
        message = found(await at.sandbox.wait_message(DANA, contains="open_composer", seconds=20))
        [url] = urls_in(message)
        pressed = await at.sandbox.click(DANA, "open_composer", message["conversation"], message["ts"])
        assert pressed == {"outcome": "acked", "opens": url}
        link = await seal_outside(at, url)
        assert await open_in_browser(maya, await url_for(at, MAYA), PASSPHRASE) == SECRET
        await maya.page.wait_for_selector(DONE)
        await require_destroyed(at.desk.store, link.id)
        assert await at.sandbox.wait_message(DANA, contains="confirmed by the page, and destroyed", seconds=20)
        assert await bot.stop() == 0
        assert await at.web.stop() == 0
        await require_told_to_nobody(at, order_in(url), ["chat.postMessage"])
