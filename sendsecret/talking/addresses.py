"""Addresses of servers as people give them: what leads elsewhere than it seems to is none."""

import re
from typing import Final
from urllib.parse import urlsplit

LOCAL_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_HOST: Final = re.compile(r"[A-Za-z0-9.:\[\]-]+")


def is_plain(text: str) -> bool:
    """Whether it is http or https to a host in plain letters, with nothing before an @, and whole."""
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - reading it judges it
    except ValueError:
        return False
    # "https://drops.example.com@evil.example/…" leads elsewhere than it seems to; a host in other letters may too.
    is_host = bool(parts.hostname) and _HOST.fullmatch(parts.netloc) is not None
    return parts.scheme in {"https", "http"} and is_host and parts.path.isascii()
