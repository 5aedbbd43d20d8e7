"""Whether the settings let both programs start, and what they leave undone.  Names only: half of them are secrets."""

import os
import stat
from pathlib import Path

from sendsecret.doctoring.known import Known
from sendsecret.doctoring.line import Line, bad, ok, warn

_DOTENV = Path(".env")


async def check(known: Known) -> list[Line]:
    """Every problem of both programs, then what is allowed and unwise."""
    lines = [
        bad(f"settings: {problem}", "Set it in the environment or in .env; README, Settings, says how")
        for problem in known.problems
    ]
    if not lines:
        lines.append(ok("settings: bot and web program would start with them"))
    lines += _unwise(known)
    return lines + _dotenv()


def _unwise(known: Known) -> list[Line]:
    if known.bot is None:
        return []
    found = []
    if known.bot.opens_here_only:
        found.append(
            warn("settings: PUBLIC_URL is on localhost, so that nothing is sent", "Set it to where readers reach you")
        )
    if not known.bot.has_audit_channel:
        found.append(
            warn("settings: AUDIT_CHANNEL is none: nobody sees in Slack what happens to secrets", "Name a channel's id")
        )
    if not known.bot.admins:
        found.append(
            warn(
                "settings: ADMINS is not set: nobody is told when keys or the audit channel are away",
                "Name the user ids of those who can mend it",
            )
        )
    return found


def _dotenv() -> list[Line]:
    try:
        mode = os.stat(_DOTENV).st_mode  # noqa: PTH116 - one look, also at what is no longer there a moment later
    except OSError:
        return []
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        return [warn("settings: .env can be read by other users, and holds tokens", "chmod 600 .env")]
    return [ok("settings: .env is its owner's alone")]
