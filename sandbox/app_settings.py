"""The one app installed in the workspace: its tokens, scopes and what its manifest turns on.

Each may change at any moment, as an administrator may change it in Slack.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from sandbox import fixtures


def _token(kind: str) -> str:
    # Built at run time in Slack's form; a constant would be taken for a leaked token by scanners.
    return f"{kind}-{secrets.randbelow(10**12):012d}-{secrets.token_hex(12)}"


@dataclass
class AppSettings:
    """`request_url` None = Socket Mode; else payloads go there over HTTP, signed."""

    bot_token: str = field(default_factory=lambda: _token("xoxb"), repr=False)
    app_token: str = field(default_factory=lambda: _token("xapp"), repr=False)
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    scopes: set[str] = field(default_factory=lambda: set(fixtures.SCOPES))
    commands: dict[str, str] = field(
        default_factory=lambda: {fixtures.COMMAND: "Hand somebody a secret by a link that opens once"}
    )
    usage: dict[str, str] = field(default_factory=lambda: {fixtures.COMMAND: "[@person]  or  help"})
    shortcuts: dict[str, str] = field(default_factory=lambda: {fixtures.SHORTCUT: "Replace with a link"})
    """Of messages: callback id to what stands in the message's menu."""
    messages_tab: bool = True
    messages_tab_read_only: bool = True
    home_tab: bool = True
    should_escape: bool = True
    installed: bool = True
    """False once the app was uninstalled: account_inactive."""
    revoked: bool = False
    request_url: str | None = None
    response_uses: int = 5
    response_seconds: float = 1800.0
    ack_seconds: float = 3.0
    trigger_seconds: float = 3.0
    """How long a trigger id opens a view."""
    ping_seconds: float | None = None
    """How often a socket is asked whether anybody is there; one that does not answer is closed.  None: never."""
    retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)
    tier_limits: bool = False
    subscribed: set[str] = field(default_factory=lambda: {"app_home_opened", "app_uninstalled", "tokens_revoked"})
