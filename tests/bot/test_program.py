"""The bot as a process, and through what Slack does to a connection."""

import asyncio
import os
import signal
import sys
from typing import Any

import pytest

from bot import audit_messages
from bot.program import ProgramError
from sandbox.fixtures import AUDIT, MAYA, NOOR, SAM
from sandbox.running import Sandbox
from store.drops import Drop
from store.log import published
from store.log.who_may_say import trust
from store.signer import EventKey
from tests.bot.desk import Desk, found, settings_of, shown_passphrase, working
from tests.stores import Home

_RUN = (
    "import asyncio; from bot.program import run; from bot.settings import BotSettings;"
    "from store.settings import read_settings; asyncio.run(run(read_settings(BotSettings)))"
)


async def test_a_process_connects_and_ends_when_it_is_told_to(sandbox: Sandbox, sqlite_home: Home) -> None:
    """SIGTERM ends it with status 0, its log has no traceback and no token; every believed key is published."""
    believed = EventKey("web", EventKey.generate())
    trust(sqlite_home.signing, believed)
    settings = settings_of(sandbox, sqlite_home)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SLACK_")},
        **sqlite_home.environment(),
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_API_URL": settings.slack_api_url,
        "AUDIT_CHANNEL": "none",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _RUN, env=environment, stderr=asyncio.subprocess.PIPE
    )
    try:
        assert await sandbox.wait_sockets(seconds=30)
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            _, told = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    log = told.decode()
    assert process.returncode == 0, log
    assert "Traceback" not in log
    assert "AUDIT_CHANNEL is none" in log
    assert sandbox.bot_token not in log
    assert sandbox.app_token not in log
    async with sqlite_home.open("web") as web:
        assert believed.public_jwk in await published.event_keys(web)


async def test_a_lost_connection_comes_back(desk: Desk) -> None:
    """Slack refreshes and cuts connections; the next command is answered."""
    await desk.sandbox.disconnect(politely=True)
    assert await desk.sandbox.wait_sockets(seconds=30)
    await desk.send("/sendsecret @noor")


async def test_a_missing_key_is_a_sentence(sandbox: Sandbox, sqlite_home: Home) -> None:
    """Without its event key the bot does not start, and says which file is missing."""
    (sqlite_home.path / "signing" / "event-bot.key").unlink()
    with pytest.raises(ProgramError, match=r"the bot cannot start: the event key event-bot\.key cannot be read"):
        async with working(sandbox, sqlite_home):
            pass


async def test_a_revoked_token_loses_no_notice(desk: Desk) -> None:
    """Everything is parked, and told in order when the token is good again."""
    view = await desk.send("/sendsecret @noor")
    link = await desk.link(NOOR)
    await desk.audit_thread("Link delivered")
    desk.sandbox.revoke_token()
    await desk.read(link, shown_passphrase(view))
    refused = await desk.sandbox.wait_call("chat.update", after=desk.sandbox.calls()[-1]["number"])
    assert found(refused)["answer"]["error"] == "token_revoked"
    desk.sandbox.reinstall()
    texts = await desk.audit_thread("Destroyed: viewed")
    assert [word for word in ("looked at", "Right passphrase", "Destroyed") if word in " ".join(texts)]
    assert await desk.sandbox.wait_message(MAYA, contains="has “Stripe restricted key”")
    assert await desk.sandbox.wait_message(NOOR, contains="and destroyed", lacks="open_drop")


async def test_one_notice_that_cannot_be_told_stops_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A defect in one drop's message delays that drop's entries alone."""
    parent = audit_messages.parent

    def fail_for_noor(drop: Drop, **options: Any) -> Any:
        if drop.recipient_id == NOOR:
            raise KeyError("defect")
        return parent(drop, **options)

    monkeypatch.setattr(audit_messages, "parent", fail_for_noor)
    await desk.send("/sendsecret @noor @sam")
    assert await desk.sandbox.wait_message(SAM, AUDIT, contains="Link delivered")
    assert await desk.sandbox.wait_message(MAYA, contains="*Noor Haddad* has the link")
    assert "Noor" not in str(desk.sandbox.messages(SAM, AUDIT))
