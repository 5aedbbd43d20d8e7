"""What doctor says of Slack: tokens, scopes, clock, channel; and nothing of them is shown."""

from collections.abc import Mapping
from email.utils import formatdate
from time import time

import pytest

from sandbox.running import Sandbox
from tests.doctor.fronts import Workspace, slack
from tests.doctor.patient import TOKENS, Patient, Said

SCOPES = {"x-oauth-scopes": "commands,chat:write,im:write,users:read"}


async def asked(patient: Patient, workspace: Workspace, *words: str, **changed: str) -> Said:
    async with slack(workspace) as url:
        said = await patient.doctor(*words, SLACK_API_URL=url, **changed)
    assert not any(token in said.out + said.err for token in TOKENS.values() if token.startswith("x"))
    return said


async def test_a_workspace_that_is_well(sqlite_patient: Patient) -> None:
    """Tokens, scopes and clock; the audit channel is not written to unless somebody asks for it."""
    workspace = Workspace({"auth.test": (200, {"ok": True}, SCOPES)})
    said = await asked(sqlite_patient, workspace)
    assert workspace.asked == ["auth.test", "apps.connections.open"]
    assert said.about("slack", "bad") == said.about("slack", "warn") == []
    said.require("slack", "ok", "the scopes of the manifest, and no others")
    said.require("clock", "ok", "Slack's agree")


ANSWERS: Mapping[str, tuple[str, tuple[int, Mapping[str, object], Mapping[str, str]], str, str, str]] = {
    "bot token": ("auth.test", (200, {"ok": False, "error": "token_revoked"}, {}), "slack", "bad", "(token_revoked)"),
    "app token": (
        "apps.connections.open",
        (200, {"ok": False, "error": "missing_scope"}, {}),
        "slack",
        "bad",
        "SLACK_APP_TOKEN opens no connection (missing_scope)",
    ),
    "too few scopes": (
        "auth.test",
        (200, {"ok": True}, {"x-oauth-scopes": "commands,chat:write"}),
        "slack",
        "bad",
        "lacks im:write, users:read",
    ),
    "too many scopes": (
        "auth.test",
        (200, {"ok": True}, {"x-oauth-scopes": SCOPES["x-oauth-scopes"] + ",channels:history"}),
        "slack",
        "warn",
        "more than is needed: channels:history",
    ),
    "no scopes said": ("auth.test", (200, {"ok": True}, {}), "slack", "warn", "does not say which scopes"),
    "behind": ("auth.test", (200, {"ok": True}, {"Date": "+200"}), "clock", "warn", "behind Slack's"),
    "ahead": ("auth.test", (200, {"ok": True}, {"Date": "-999"}), "clock", "bad", "ahead of Slack's"),
    "busy": ("auth.test", (429, {"ok": False}, {}), "slack", "bad", "ratelimited"),
    "a page": ("auth.test", (200, {"error": "<b>xoxb-canary"}, {}), "slack", "bad", "an error without a word"),
}


@pytest.mark.parametrize("name", ANSWERS)
async def test_a_workspace_that_is_not(sqlite_patient: Patient, name: str) -> None:
    """Each with Slack's own word for it, where it is one."""
    method, (status, body, headers), subject, level, words = ANSWERS[name]
    headers = {key: formatdate(time() + int(value)) if key == "Date" else value for key, value in headers.items()}
    said = await asked(sqlite_patient, Workspace({method: (status, body, headers)}))
    said.require(subject, level, words)


async def test_a_workspace_that_is_away(sqlite_patient: Patient) -> None:
    """No answer is no refusal."""
    (await sqlite_patient.doctor()).require("slack", "bad", "no answer (ClientConnectorError)")


async def test_http_mode_opens_no_connection(sqlite_patient: Patient) -> None:
    """There is no app token to try."""
    workspace = Workspace()
    await asked(sqlite_patient, workspace, SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET="s" * 32)
    assert workspace.asked == ["auth.test"]


@pytest.mark.parametrize("error", ["", "not_in_channel", "is_archived"])
async def test_the_audit_channel_is_tried_by_posting(sqlite_patient: Patient, error: str) -> None:
    """No scope of ours lets anybody ask who is in it."""
    answer = {"ok": not error, "error": error} if error else {"ok": True}
    said = await asked(sqlite_patient, Workspace({"chat.postMessage": (200, answer, {})}), "--post")
    if error:
        said.require("slack", "bad", f"the audit channel cannot be written ({error})")
    else:
        said.require("slack", "ok", "the audit channel takes what the bot posts")


async def test_the_pretend_workspace_takes_it(sqlite_patient: Patient) -> None:
    """The calls are as Slack's rules want them."""
    async with Sandbox() as sandbox:
        said = await sqlite_patient.doctor(
            "--post",
            SLACK_API_URL=sandbox.api_url,
            SLACK_BOT_TOKEN=sandbox.bot_token,
            SLACK_APP_TOKEN=sandbox.app_token,
        )
    assert said.about("slack", "bad") == said.about("slack", "warn") == [], said.out
