"""HTTP mode over real sockets: what Slack signed is done, as it is done in Socket Mode."""

import asyncio
import io
import json

import pytest

from bot import http_mode
from bot.program import ProgramError
from sandbox.fixtures import DANA, MAYA, MAYA_DANA, NOOR, SAM
from sandbox.running import Sandbox
from tests.bot.desk import shown_passphrase, working
from tests.bot.posting import CANARY, Posting, check_plain, posting
from tests.bot.signing import Signed, command_body
from tests.programs import free_port, running
from tests.stores import Home
from tests.web.wire import exchange

PATH = http_mode.PATH


async def test_a_secret_goes_the_whole_way(http: Posting) -> None:
    """Command, form, submission, DM and tombstone, all by signed requests; no socket is opened, nothing is logged."""
    desk = http.desk
    view = await desk.send(secret=CANARY)
    passphrase = shown_passphrase(view)
    link = await desk.link()
    assert await desk.read(link, passphrase) == CANARY
    assert await desk.sandbox.wait_message(DANA, contains="and destroyed. It came from", lacks="open_drop")
    assert await desk.audit_thread("Destroyed: viewed")
    assert not desk.sandbox.workspace.envelopes.sockets
    sent = desk.sandbox.road.http.sent
    assert len(sent) >= 2
    assert {one.status for one in sent} == {200}
    assert len(http.logged('"event": "answered"')) == len(sent)
    http.check_silent(passphrase)


async def test_a_refused_form_keeps_its_errors(http: Posting) -> None:
    """The answer to a submission reaches the form: errors stand beside their fields."""
    view = await http.desk.open_form()
    await http.desk.fill(view, label=f"the key {CANARY}", secret=CANARY)
    answer = await http.desk.sandbox.submit(view["id"])
    assert "holds the secret" in answer["errors"]["label"]
    http.check_silent()


async def test_a_button_is_pressed(http: Posting) -> None:
    """Revoke in the success window ends the drop."""
    view = await http.desk.send("/sendsecret @noor")
    await http.desk.link(NOOR)
    await http.desk.sandbox.click(MAYA, "revoke", view=view["id"])
    assert await http.desk.sandbox.wait_message(NOOR, contains="took it back", lacks="open_drop")


async def test_both_secrets_are_good_while_one_is_replaced(
    sandbox: Sandbox, sqlite_home: Home, everything_logged: io.StringIO
) -> None:
    """Slack may still sign with the previous one; a third is refused."""
    old, new = sandbox.workspace.app.signing_secret, "n" * 32
    rotating = {"slack_signing_secret": new, "slack_signing_secret_previous": old}
    async with posting(sandbox, sqlite_home, everything_logged, **rotating) as http:
        await http.desk.open_form()
        assert (await http.post(Signed(b"ssl_check=1", new))).status == 200
        assert (await http.post(Signed(b"ssl_check=1&again=1", "t" * 32))).status == 401


async def test_slacks_probes_are_answered_after_the_signature(http: Posting) -> None:
    """ssl_check and url_verification: 401 unsigned, without an echo; signed, what Slack expects."""
    assert await http.desk.sandbox.ssl_check() == 401
    body = json.dumps({"type": "url_verification", "challenge": "echo me"}).encode()
    unsigned = await http.post(Signed(body, http.secret, signature=None))
    assert (unsigned.status, b"echo" in unsigned.body) == (401, False)
    assert (await http.post(Signed(b"ssl_check=1", http.secret))).status == 200
    signed = await http.post(Signed(body, http.secret))
    assert (signed.status, signed.json()) == (200, {"challenge": "echo me"})
    assert signed.headers["content-type"].startswith("application/json")
    check_plain(signed)


async def test_a_clock_that_drifts_is_told_of(http: Posting) -> None:
    """The request is taken; the log has it once an hour, each administrator once."""
    for text in ("help", "help me", "help again"):
        assert (await http.post(Signed(command_body(text), http.secret, age=90))).status in (200, 404)
    assert await http.desk.sandbox.wait_message(SAM, contains="away from the time of the computer")
    [line] = http.logged("is this computer's clock right?")
    assert json.loads(line)["level"] == "error"
    assert 90 <= json.loads(line)["skew_seconds"] < 120
    assert len(http.desk.sandbox.messages(SAM, str(http.desk.sandbox.bot_dm(SAM)))) == 1


async def test_a_clock_that_is_far_away_is_told_of_too(http: Posting) -> None:
    """When every request is stale somebody must learn why; what is not signed alarms nobody."""
    assert (await http.post(Signed(b"ssl_check=1", "x" * 32, age=4000))).status == 401
    assert not http.logged("is this computer's clock right?")
    assert (await http.post(Signed(b"ssl_check=1", http.secret, age=4000))).status == 401
    assert await http.desk.sandbox.wait_message(SAM, contains="From 300 on I refuse every request")
    assert http.logged("is this computer's clock right?")


async def test_with_both_tokens_it_is_socket_mode(sandbox: Sandbox, sqlite_home: Home) -> None:
    """And then nothing listens."""
    port = free_port()
    both = {"slack_signing_secret": sandbox.workspace.app.signing_secret, "bot_port": port}
    async with working(sandbox, sqlite_home, **both) as desk:
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)
        await desk.open_form()


async def test_a_taken_port_is_a_sentence(http: Posting, sqlite_home: Home) -> None:
    """It names the port, why, and the settings."""
    told = "cannot listen on 127.0.0.1 port .*: another program has it.*BOT_HOST and BOT_PORT"
    with pytest.raises(ProgramError, match=told):
        async with working(
            http.desk.sandbox,
            sqlite_home,
            slack_app_token=None,
            slack_signing_secret=http.secret,
            bot_port=http.port,
        ):
            pass


async def test_a_stop_answers_what_was_taken(
    sandbox: Sandbox, sqlite_home: Home, everything_logged: io.StringIO
) -> None:
    """A submission that is being carried out when the bot is told to stop is delivered first."""
    async with posting(sandbox, sqlite_home, everything_logged) as http:
        view = await http.desk.open_form("/sendsecret @dana")
        await http.desk.fill(view)
        sandbox.fault("chat.postMessage", "ratelimited", times=1, retry_after=1)
        await http.desk.submit(view)
    assert await sandbox.wait_message(DANA, contains="open_drop", seconds=0.1)
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", http.port)


async def test_a_process_serves_and_ends_when_it_is_told_to(sandbox: Sandbox, sqlite_home: Home) -> None:
    """The real program with its environment: a signed command is answered, SIGTERM ends it with 0."""
    port, secret = free_port(), sandbox.workspace.app.signing_secret
    sandbox.set("request_url", f"http://127.0.0.1:{port}{PATH}")
    environment = {
        **sqlite_home.environment(),
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_SIGNING_SECRET": secret,
        "SLACK_API_URL": sandbox.api_url,
        "BOT_PORT": str(port),
        "AUDIT_CHANNEL": "none",
        "LOG_LEVEL": "DEBUG",
        "LOG_FORMAT": "json",
    }
    async with running(["sendsecret", "bot"], environment, sqlite_home.path / "bot.log", port=port) as program:
        async with asyncio.timeout(30):
            while "listening" not in program.written():
                assert program.process.returncode is None, program.written()
                await asyncio.sleep(0.05)
        await sandbox.type(MAYA, MAYA_DANA, "/sendsecret @dana")
        assert await sandbox.wait_view(MAYA, "send_drop")
        stale = await exchange(port, Signed(command_body(CANARY), secret, age=360).raw())
        assert stale.status == 401
        assert await program.stop() == 0
    log = program.written()
    assert "Traceback" not in log
    assert '"reason": "stale"' in log
    for kept in (secret, sandbox.bot_token, CANARY):
        assert kept not in log
