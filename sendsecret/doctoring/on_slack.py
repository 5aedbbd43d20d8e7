"""Slack: whether it takes our tokens, what they may do, whose clock is right, and who can be told what happens."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp
import yaml
from pydantic import SecretStr

from bot.settings import BotSettings
from sendsecret import manifest
from sendsecret.doctoring.known import Known
from sendsecret.doctoring.line import Line, bad, ok, warn

_SECONDS: Final = 10
_DRIFTS: Final = 60
_STALE: Final = 300
"""So old a request of Slack's is refused, and so old one of ours."""
_POSTED: Final = "sendsecret doctor was here: this channel can be written."


@dataclass(frozen=True)
class _Answer:
    """What Slack said: `error` is its own word for no, or ours for no answer; `date` its clock at that moment."""

    error: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, Any] = field(default_factory=dict)


async def check(known: Known, *, post: bool) -> list[Line]:
    """Nothing is changed in Slack, unless `post`: then a line stands in the audit channel."""
    settings = known.bot
    if settings is None:
        return [
            warn("slack: not asked, because the bot would not start with these settings", "Mend the settings first")
        ]
    lines: list[Line] = []
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS)) as session:
        who = await _call(session, settings, "auth.test", settings.slack_bot_token)
        lines += _identity(who)
        if not who.error:
            lines += [*_scopes(who), *_clock(who)]
        if settings.slack_app_token is not None:
            opened = await _call(session, settings, "apps.connections.open", settings.slack_app_token)
            lines.append(_connections(opened))
        if settings.has_audit_channel and not who.error:
            lines.append(await _channel(session, settings, post=post))
    return lines


async def _call(
    session: aiohttp.ClientSession, settings: BotSettings, method: str, token: SecretStr, **given: str
) -> _Answer:
    headers = {"Authorization": f"Bearer {token.get_secret_value()}"}
    try:
        async with session.post(settings.slack_api_url + method, headers=headers, json=given) as answer:
            found = await answer.json(content_type=None)
            kept = {name.lower(): value for name, value in answer.headers.items()}
            if answer.status == 429:
                return _Answer("ratelimited", kept)
    except (aiohttp.ClientError, TimeoutError, OSError, json.JSONDecodeError, UnicodeDecodeError) as error:
        return _Answer(f"no answer ({type(error).__name__})")
    if not isinstance(found, dict):
        return _Answer("no answer that can be read", kept)
    # Only a word: whatever else stands there is Slack's, or somebody's in between.
    code = str(found.get("error", ""))
    if found.get("ok") is True:
        return _Answer("", kept, found)
    return _Answer(code if code.isidentifier() else "an error without a word", kept)


def _identity(who: _Answer) -> Iterator[Line]:
    if not who.error:
        yield ok("slack: it takes SLACK_BOT_TOKEN")
    elif who.error.startswith("no answer") or who.error == "ratelimited":
        yield bad(f"slack: {who.error}", "Is the way out open, a proxy needed, SLACK_API_URL right? Then try again")
    else:
        yield bad(
            f"slack: SLACK_BOT_TOKEN is refused ({who.error})",
            "Install the app, put its bot token into SLACK_BOT_TOKEN, and start the bot again",
        )


def _scopes(who: _Answer) -> Iterator[Line]:
    wanted = set(yaml.safe_load(manifest.for_socket_mode())["oauth_config"]["scopes"]["bot"])
    text = who.headers.get("x-oauth-scopes")
    if text is None:
        yield warn("slack: it does not say which scopes the token has", "Compare the app's with sendsecret manifest")
        return
    granted = {scope.strip() for scope in text.split(",") if scope.strip()}
    if missing := sorted(wanted - granted):
        yield bad(
            f"slack: the token lacks {', '.join(missing)}",
            "Make the app as `sendsecret manifest` prints it, and install it again",
        )
    if beyond := sorted(granted - wanted):
        yield warn(
            f"slack: the token may do more than is needed: {', '.join(beyond)}",
            "Take those scopes away: a token that leaks should open no more than it must",
        )
    if granted == wanted:
        yield ok("slack: the token has the scopes of the manifest, and no others")


def _clock(who: _Answer) -> Iterator[Line]:
    try:
        off = time.time() - parsedate_to_datetime(who.headers["date"]).timestamp()
    except (KeyError, ValueError, TypeError):
        yield warn("clock: Slack does not say what time it is", "Let this host follow a time server (NTP)")
        return
    if abs(off) > _DRIFTS:
        said = f"clock: this host's is {abs(off):.0f} s {'ahead of' if off > 0 else 'behind'} Slack's"
        todo = "Let it follow a time server (NTP): at 300 s requests of Slack's are refused"
        yield bad(said, todo) if abs(off) > _STALE else warn(said, todo)
    else:
        yield ok("clock: this host's and Slack's agree")


def _connections(opened: _Answer) -> Line:
    if not opened.error:
        return ok("slack: it takes SLACK_APP_TOKEN, and opens connections for it")
    if opened.error.startswith("no answer") or opened.error == "ratelimited":
        return bad(f"slack: asked for a connection: {opened.error}", "Try again in a minute")
    return bad(
        f"slack: SLACK_APP_TOKEN opens no connection ({opened.error})",
        "Make an app-level token with connections:write, and turn on Socket Mode",
    )


async def _channel(session: aiohttp.ClientSession, settings: BotSettings, *, post: bool) -> Line:
    if not post:
        # No scope of ours lets us ask who is in a channel.
        return ok("slack: the audit channel was not tried; --post writes a line there")
    posted = await _call(
        session, settings, "chat.postMessage", settings.slack_bot_token, channel=settings.audit_channel, text=_POSTED
    )
    if not posted.error:
        return ok("slack: the audit channel takes what the bot posts")
    return bad(
        f"slack: the audit channel cannot be written ({posted.error})",
        "Invite the bot there with /invite, or name another in AUDIT_CHANNEL; what is owed waits and is not lost",
    )
