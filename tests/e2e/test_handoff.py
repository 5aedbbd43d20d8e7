"""A secret goes from a sender's form to a reader's page, once, through the real programs, and is gone."""

import asyncio
import json
import re
from pathlib import Path

import pytest

from bot import audit_wording, sender_wording
from sandbox.fixtures import AUDIT, DANA, MAYA, NOOR, SAM
from store.formats import base64url
from store.opened import Store
from store.schema import metadata
from store.words import Way
from tests.bot.desk import found, shown_passphrase
from tests.browser.chromium import running as chromium
from tests.browser.visiting import DONE, Visit, visiting
from tests.canaries import is_in
from tests.e2e.acting import new_label, open_form, press_send
from tests.e2e.reading import audit_of, audited, reads, seen_by
from tests.e2e.workplace import Mode, Workplace, workplace
from tests.store.reading import of_form, require_destroyed, row_of, words_of
from tests.stores import Home

LABEL = "planted label, ü"
PLANTED = {
    "web.log": b"listening",
    "store.db": b"drop.acknowledged",  # names stand in it under a key
    "keyring.id": b"\n",
    "audit channel": b"Dana Okafor",
    "metadata": b"null",
    "private_metadata": b"[",
    "views": b"send_drop",
}
LOGGED = {Mode.SOCKET: b"connected to Slack", Mode.HTTP: b"answered"}
SECRET = 'sk_live_canary"ü/51H8xQ'


async def url_for(at: Workplace, user: str = DANA) -> str:
    """The address behind the Open button of the newest message."""
    message = found(await at.sandbox.wait_message(user, contains="open_drop", seconds=20))
    [url] = re.findall(r'"url": "([^"]+)"', json.dumps(message["blocks"]))
    return str(url)


async def open_in_browser(visit: Visit, url: str, passphrase: str) -> str:
    """Come, type, read."""
    await visit.come(url)
    await visit.try_passphrase(passphrase)
    await visit.page.wait_for_selector("#secret")
    return await visit.secret()


async def test_the_handoff(home: Home) -> None:
    """Form, DM, browser, tombstone, audit; and the canaries are nowhere but where they belong."""
    await hand_off(home, Mode.SOCKET)


async def test_the_handoff_in_http_mode(sqlite_home: Home) -> None:
    """The same where Slack posts to the bot: its log holds no request either."""
    await hand_off(sqlite_home, Mode.HTTP)


async def hand_off(home: Home, mode: Mode) -> None:
    """The whole way of one secret, and the search for what it left."""
    async with workplace(home, mode) as at, chromium() as browser, visiting(browser) as dana:
        bot = await at.start_bot()
        view = await open_form(at)
        await at.sandbox.fill(view["id"], {"label": LABEL, "secret": SECRET})
        assert (await press_send(at, view))["outcome"] == "update"
        shown = found(await at.sandbox.wait_view(MAYA, "sent_drop", contains="Revoke (wrong person)", seconds=20))
        passphrase = shown_passphrase(shown)
        url = await url_for(at)
        assert await open_in_browser(dana, url, passphrase) == SECRET
        await dana.page.wait_for_selector(DONE)
        drop_id = base64url.decode(url.split("/s/")[1].split("#")[0], 16)
        store = at.desk.store
        await require_destroyed(store, drop_id)
        assert (await row_of(store, drop_id)).outcome == "viewed"
        tombstone = found(await at.sandbox.wait_message(DANA, lacks="open_drop", contains="destroyed", seconds=20))
        assert "#1p." not in json.dumps(tombstone)
        await at.desk.audit_thread("Destroyed: viewed")
        thread = await at.desk.audit_thread("Receipt issued")
        assert len(thread) >= len(await words_of(store, drop_id))
        assert await at.sandbox.wait_message(MAYA, contains="pened", seconds=20)

        async with visiting(browser) as second:
            await second.come(url)
            assert "no longer exists" in await second.heading()
        assert dana.console == []
        assert await bot.stop() == 0
        assert await at.web.stop() == 0
        await require_no_canary(at, passphrase, url, presented_by(dana))


def presented_by(visit: Visit) -> dict[str, bytes]:
    """What the page sent to the server: proof, token and claim."""
    sent: dict[str, bytes] = {}
    for request in visit.requests:
        for name, value in (request.post_data_json or {}).items():
            sent[name] = base64url.decode(value, 32)
    assert {"link_proof", "auth_token", "claim"} <= sent.keys()
    return sent


async def require_no_canary(at: Workplace, passphrase: str, url: str, presented: dict[str, bytes]) -> None:
    """Not in any program's log at DEBUG, not on disk, not where the security team or an app could read it."""
    secrets = {
        "secret": SECRET.encode(),
        "passphrase": passphrase.encode(),
        "bare passphrase": passphrase.replace(" ", "").encode(),
        "link key": base64url.decode(url.split("#")[1].split(".")[1], 32),
        **presented,
    }
    places = {path.name: path.read_bytes() for path in Path(at.home.path).rglob("*") if path.is_file()}
    assert {"web.log", "bot-0.log", "pepper"} <= set(places)
    if not at.desk.store.db.is_sqlite:
        places["store.db"] = await every_row(at.desk.store)
    calls = at.sandbox.calls()
    places["audit channel"] = json.dumps(at.sandbox.messages(SAM, AUDIT)).encode()
    places["metadata"] = json.dumps([call["arguments"].get("metadata") for call in calls]).encode()
    views = [call["arguments"]["view"] for call in calls if "view" in call["arguments"]]
    assert views
    views = [json.loads(view) if isinstance(view, str) else view for view in views]
    places["private_metadata"] = json.dumps([view.get("private_metadata") for view in views]).encode()
    places["views"] = json.dumps([view.get("callback_id") for view in views]).encode()
    # What did go through each place is found there, so that "not found" means something.
    for place, planted in {**PLANTED, "bot-0.log": LOGGED[at.mode]}.items():
        assert any(is_in(planted, content) for name, content in places.items() if name.startswith(place)), place
    for name, canary in secrets.items():
        for place, content in places.items():
            assert not is_in(canary, content), f"{name} in {place}"


async def every_row(store: Store) -> bytes:
    """All that PostgreSQL answers when asked for everything."""
    async with store.db.read() as tx:
        rows = [row for table in metadata.sorted_tables for row in (await tx.execute(table.select())).all()]
    return b"\n".join(value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row)


async def test_a_bot_killed_before_it_delivered_leaves_nothing_open(sqlite_home: Home) -> None:
    """The drop ends as undelivered, and the next bot tells the sender."""
    async with workplace(sqlite_home) as at:
        doomed = await at.start_bot(module="tests.races.doomed", DOOMED_AT="delivery")
        view = await at.desk.open_form("/sendsecret @noor")
        await at.desk.fill(view, secret=SECRET)
        submitting = asyncio.create_task(at.desk.submit(view))
        async with asyncio.timeout(60):
            assert await doomed.process.wait() == -9
        await asyncio.wait([submitting], timeout=20)
        submitting.cancel()
        await at.start_bot()
        sqlite_home.advance_clock(181)
        told = await at.sandbox.wait_message(MAYA, contains="did not reach", seconds=30)
        if told is None:
            pytest.fail(json.dumps([m["text"] for m in at.sandbox.messages(MAYA, at.sandbox.bot_dm(MAYA) or "")]))
        thread = await at.desk.audit_thread("Destroyed: undelivered")
        assert thread


@pytest.mark.asyncio(loop_scope="session")
async def test_what_comes_twice_is_one_drop(at: Workplace) -> None:
    """Send pressed twice at once, and the form delivered again: one link, one answer, one message in the channel."""
    view = await open_form(at, "/sendsecret @noor")
    label = new_label()
    await at.sandbox.fill(view["id"], {"label": label, "secret": SECRET})
    answers = await asyncio.gather(*(press_send(at, view) for _ in range(2)))
    assert [answer["outcome"] for answer in answers] == ["update", "update"]
    shown = found(await at.sandbox.wait_view(MAYA, "sent_drop", contains="Revoke (wrong person)", seconds=20))
    if at.mode is Mode.SOCKET:
        await at.sandbox.redeliver(kind="interactive")
        late = at.sandbox.envelopes()[-1]["reply"]["view"]
        assert shown_passphrase(late) == shown_passphrase(shown)
    else:
        assert await at.sandbox.replay() == 401
    links = [one for one in seen_by(at, NOOR, about=label) if "open_drop" in json.dumps(one)]
    assert len(links) == 1
    [drop] = await of_form(at.desk.store, view["id"])
    await audited(at, drop.id, audit_wording.DELIVERED[Way.DM])
    assert len([one for one in audit_of(at, drop.id) if "thread_ts" not in one or one["thread_ts"] == one["ts"]]) == 1
    await reads(at, MAYA, sender_wording.STATUS_WAITING, about=label)
    [status] = seen_by(at, MAYA, about=label)
    assert status["text"] == "Your credential for Noor Haddad"


@pytest.mark.asyncio(loop_scope="session")
async def test_a_command_that_comes_twice_opens_a_form_and_sends_nothing(at: Workplace) -> None:
    """The same envelope again may open the form again, and makes no drop."""
    await open_form(at, "/sendsecret @noor")
    posts = len(at.sandbox.calls("chat.postMessage"))
    if at.mode is Mode.SOCKET:
        assert (await at.sandbox.redeliver(kind="slash_commands"))["outcome"] == "acked"
    else:
        assert await at.sandbox.replay() == 401
    assert found(at.desk.view())["callback_id"] == "send_drop"
    assert len(at.sandbox.calls("chat.postMessage")) == posts
