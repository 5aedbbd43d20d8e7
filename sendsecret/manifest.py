"""
The app as Slack is to know it: manifest.yml as it is, or the one for HTTP mode made from it.

One file for both, so that they cannot drift apart.  Slack takes no manifest with addresses in Socket Mode, and none
without in HTTP mode.
"""

import re
from pathlib import Path
from typing import Final

from bot.http_mode import PATH

_SOCKET_MODE: Final = Path(__file__).with_name("manifest.yml")
_ADDRESS: Final = re.compile(r"https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?", re.IGNORECASE)
_ABOUT_TOKENS: Final = (
    "for Socket Mode. Make an app from this file, install it, and create an app-level token\n"
    "# with the scope connections:write.\n"
)
_ABOUT_SIGNING: Final = (
    "for HTTP mode. Make an app from this file, install it, and copy the signing secret\n"
    "# that Basic Information shows.\n"
)


def for_socket_mode() -> str:
    """manifest.yml."""
    return _SOCKET_MODE.read_text(encoding="utf-8")


def for_http(address: str) -> str:
    """The manifest that lets Slack post to `address`, like https://drops.example.com.  Raises ValueError."""
    base = address.removesuffix("/").removesuffix(PATH)
    if not _ADDRESS.fullmatch(base):
        raise ValueError("must be https:// and a host, like https://drops.example.com; Slack posts to nothing else")
    url = base + PATH
    text = for_socket_mode()
    for old, new in (
        (_ABOUT_TOKENS, _ABOUT_SIGNING),
        ("    - command: /sendsecret\n", f"    - command: /sendsecret\n      url: {url}\n"),
        (
            "  interactivity:\n    is_enabled: true\n",
            f"  interactivity:\n    is_enabled: true\n    request_url: {url}\n",
        ),
        ("  event_subscriptions:\n", f"  event_subscriptions:\n    request_url: {url}\n"),
        ("  socket_mode_enabled: true\n", "  socket_mode_enabled: false\n"),
    ):
        if text.count(old) != 1:
            raise AssertionError("manifest.yml is not as this program knows it")
        text = text.replace(old, new)
    return text
