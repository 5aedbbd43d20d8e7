"""
The same for the bot: what Slack posts in HTTP mode, signed and not, and its port of metrics.

`python -m tests.fuzz.bot_over_http --cases 10000`, with a pretend Slack beside it.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any, Final
from urllib.parse import urlencode

from bot.http_mode import PATH
from sandbox.running import Sandbox
from tests.bot.signing import Signed
from tests.fuzz import json_changes
from tests.fuzz.answers_judged import Judge, WrongAnswerError, require_of_bot, require_of_metrics
from tests.fuzz.installation import Known
from tests.fuzz.programs_over_http import fuzz, require_quiet, resident_kib
from tests.fuzz.requests_at_random import Sent
from tests.programs import Running, free_port, running, until_answering
from tests.stores import Home

NOTHING: Final = Known({}, {"/door": [{}]}, {})
_VIEW: Final = {"id": "V1", "callback_id": "send_drop", "private_metadata": "", "hash": "1.a", "state": {"values": {}}}
_WHO: Final = {"team": {"id": "T0TEAM"}, "user": {"id": "U0MAYA01", "team_id": "T0TEAM"}, "trigger_id": "1.2.c"}
_PAYLOADS: Final[tuple[dict[str, Any], ...]] = (
    {**_WHO, "type": "view_submission", "view": _VIEW},
    {**_WHO, "type": "view_closed", "view": _VIEW, "is_cleared": False},
    {
        **_WHO,
        "type": "block_actions",
        "actions": [{"action_id": "revoke", "value": "AAAA", "type": "button"}],
        "view": _VIEW,
    },
    {**_WHO, "type": "shortcut", "callback_id": "send_secret"},
    {
        **_WHO,
        "type": "message_action",
        "callback_id": "replace_message",
        "message": {"text": "x", "ts": "1.1"},
        "channel": {},
    },
)
_EVENTS: Final[tuple[dict[str, Any], ...]] = (
    {
        "type": "event_callback",
        "team_id": "T0TEAM",
        "event": {"type": "app_home_opened", "user": "U0MAYA01", "tab": "home"},
    },
    {"type": "url_verification", "challenge": "x"},
)


def posted(secret: str, random: Random) -> Sent:
    """One POST as Slack makes it, with something wrong in what it says; one in six is not signed rightly."""
    canary = f"kanarie{random.getrandbits(40):010x}"
    kind, headers = random.random(), dict[str, str]()
    if kind < 0.5:
        said = json_changes.changed(json.dumps(random.choice(_PAYLOADS)).encode(), random)
        body = b"payload=" + urlencode({"": said}).encode()[1:]
    elif kind < 0.7:
        fields = {
            "command": "/sendsecret",
            "text": f"help {canary}",
            "trigger_id": "1.2",
            "user_id": "U0MAYA01",
            "team_id": "T0TEAM",
        }
        fields.pop(random.choice([*fields, ""]), None)
        body = urlencode(fields).encode()
    elif kind < 0.9:
        body, headers = (
            json_changes.changed(json.dumps(random.choice(_EVENTS)).encode(), random),
            {"Content_Type": "application/json"},
        )
    else:
        body = random.randbytes(random.choice((0, 3, 300)))
    wrong = random.random() > 0.84
    return Sent(Signed(body, f"{secret}x" if wrong else secret).raw(**headers), canary, is_whole=True, has_body=True)


async def through(judge: Judge, secret: str, seed: int, numbers: range) -> None:
    """These posts, one after the other.  Raises WrongAnswerError, which names the case."""
    for number in numbers:
        sent = posted(secret, Random(f"{seed} slack {number}"))
        try:
            await judge.send(sent)
        except (WrongAnswerError, AssertionError, TimeoutError, ValueError) as error:
            raise WrongAnswerError(f"seed {seed}, post {number}: {error!r}\n{sent.raw[:2000]!r}") from error
    await judge.close()


async def whole(home: Home, words: argparse.Namespace) -> list[dict[str, Any]]:
    """Start Slack and the bot, and go through both ports; a row for each address."""
    await home.prepare()
    port, metrics = free_port(), free_port()
    async with Sandbox() as slack:
        secret = slack.workspace.app.signing_secret
        environment = home.environment() | {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_SIGNING_SECRET": secret,
            "SLACK_API_URL": slack.api_url,
            "BOT_PORT": str(port),
            "BOT_METRICS_PORT": str(metrics),
            "AUDIT_CHANNEL": "none",
            "LOG_LEVEL": "INFO",
        }
        log = home.path / "bot.log"
        async with running(["sendsecret", "bot"], environment, log, port=metrics) as program:
            await until_answering(program, "/healthz")
            async with asyncio.timeout(60):
                while "listening" not in program.written():  # noqa: ASYNC110 - another process writes it
                    await asyncio.sleep(0.1)
            rows = [
                await _row(
                    f"POST {PATH}, as Slack",
                    program,
                    through,
                    (Judge(port, require_of_bot, may_fail=True), secret),
                    words,
                )
            ]
            for at, guard, route in (
                (port, require_of_bot, ("POST", PATH)),
                *((metrics, require_of_metrics, ("GET", path)) for path in ("/metrics", "/healthz", "/readyz")),
            ):
                rows.append(await _row(" ".join(route), program, fuzz, (Judge(at, guard), route, NOTHING), words))
            assert await program.stop() == 0
    return rows


async def _row(
    name: str, program: Running, act: Any, before: tuple[Any, ...], words: argparse.Namespace
) -> dict[str, Any]:
    began, row = time.monotonic(), {"route": name, "cases": words.cases}
    try:
        await act(*before, words.seed, range(words.cases))
        require_quiet(program.written())
    except WrongAnswerError as error:
        row["broken"] = str(error)
    row |= {"statuses": dict(sorted(before[0].statuses.items())), "seconds": round(time.monotonic() - began)}
    row["resident_kib"] = resident_kib(program)
    print(json.dumps(row), flush=True)
    return row


def main() -> None:
    """Fuzz the bot's addresses; exit 1 where an answer must not be."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=1000, help="for each address")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--report", type=Path)
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = asyncio.run(whole(Home(Path(folder), f"sqlite+aiosqlite:///{folder}/sendsecret.db"), words))
    if words.report:
        words.report.write_text(json.dumps(rows, indent=1) + "\n")
    sys.exit(any("broken" in row for row in rows))


if __name__ == "__main__":
    main()
