"""
What the web program is told, and no more: it is given no Slack token and no key but its own.

Nothing here decides who a visitor is: TRUSTED_PROXIES names the only peers that may speak for another address.
"""

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import NoDecode

from store.settings import StoreSettings

Network = IPv4Network | IPv6Network


class WebSettings(StoreSettings):
    """What the reveal server needs."""

    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8080, ge=0, le=65535)
    web_metrics_port: int = Field(default=9101, ge=0, le=65535)
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode] = ()
    demo: bool = False

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _read_networks(cls, text: object) -> object:
        if not isinstance(text, str):
            return text
        try:
            return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
        except ValueError:
            # Without the cause: its message repeats the value.
            raise ValueError("must be networks like 10.0.0.0/8, separated by commas") from None

    @property
    def event_key(self) -> Path:
        """The key with which this program signs its events."""
        return self.keyring_dir / "event-web.key"

    @property
    def is_secure(self) -> bool:
        """Whether readers come by https."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def origin(self) -> str:
        """PUBLIC_URL as a browser writes it into `Origin` (RFC 6454, 6.2): lower case, no default port."""
        parts = urlsplit(self.public_url)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        is_default = parts.port in (None, 443 if self.is_secure else 80)
        return f"{parts.scheme}://{host}" if is_default else f"{parts.scheme}://{host}:{parts.port}"
