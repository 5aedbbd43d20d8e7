"""
What the bot reads about e-mail from its environment: which server takes it, and in whose name.
"""

import ssl
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import SecretStr, field_validator, model_validator

from bot.mail_addresses import NotAnAddressError, normalised
from bot.mail_server import MailServer, Security
from store.settings import LOCAL_HOSTS, StoreSettings

_PORTS: Final = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}


class MailSettings(StoreSettings):
    """Settings of e-mail, beside those of the store; without SMTP_URL there is none."""

    smtp_url: SecretStr | None = None
    smtp_from: str | None = None
    smtp_ca_file: Path | None = None

    @field_validator("smtp_url")
    @classmethod
    def _check_smtp_url(cls, url: SecretStr | None) -> SecretStr | None:
        if url is None:
            return None
        try:
            parts = urlsplit(url.get_secret_value())
            is_whole = parts.hostname and parts.port != 0
        except ValueError:
            # Without the cause: its message repeats a part of the value, and there may be a password in it.
            raise ValueError("is not an address of a mail server") from None
        if parts.scheme not in {"smtp", "smtps"} or not is_whole:
            raise ValueError("must be smtps://user:password@host:465, or smtp://… with STARTTLS")
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError("must end after the port (write /, ? and # in a password as %2F, %3F and %23)")
        if bool(parts.username) != bool(parts.password):
            raise ValueError("must have user name and password, or neither")
        if any(ord(character) < 32 for character in unquote(f"{parts.username}{parts.password}")):
            raise ValueError("has a control character in its user name or password")
        return url

    @field_validator("smtp_from")
    @classmethod
    def _check_smtp_from(cls, address: str | None) -> str | None:
        if address is None:
            return None
        try:
            return normalised(address)
        except NotAnAddressError:
            raise ValueError("must be an e-mail address alone, like drops@example.com") from None

    @field_validator("smtp_ca_file")
    @classmethod
    def _check_smtp_ca_file(cls, path: Path | None) -> Path | None:
        if path is not None:
            try:
                ssl.create_default_context(cafile=path)
            except OSError:  # an ssl.SSLError is one
                raise ValueError("names a file that cannot be read as certificates in PEM") from None
        return path

    @model_validator(mode="after")
    def _check_mail(self) -> "MailSettings":
        if self.smtp_url is not None and self.smtp_from is None:
            raise ValueError("SMTP_FROM is not set; SMTP_URL needs it")
        for name, value in (("SMTP_FROM", self.smtp_from), ("SMTP_CA_FILE", self.smtp_ca_file)):
            if value is not None and self.smtp_url is None:
                raise ValueError(f"{name} is of use beside SMTP_URL only, which is not set")
        return self

    def mail_server(self) -> MailServer | None:
        """The mail server of the settings; None without one."""
        if self.smtp_url is None:
            return None
        parts = urlsplit(self.smtp_url.get_secret_value())
        security = _security(parts)
        trusted = ssl.create_default_context()
        if self.smtp_ca_file is not None:
            trusted.load_verify_locations(self.smtp_ca_file)
        return MailServer(
            host=parts.hostname or "",
            port=parts.port or _PORTS[security],
            security=security,
            trusted=trusted,
            own_name=_own_name(urlsplit(self.public_url).hostname or "localhost"),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )


def _security(parts: SplitResult) -> Security:
    if parts.scheme == "smtps":
        return Security.TLS
    # A mail server on this computer often has a certificate that nobody signed; a password is not said even there.
    is_plain = parts.hostname in LOCAL_HOSTS and not parts.username
    return Security.NONE if is_plain else Security.STARTTLS


def _own_name(host: str) -> str:
    """A host as EHLO takes it, where an address stands in brackets (RFC 5321, section 4.1.3)."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return f"[IPv6:{address}]" if address.version == 6 else f"[{address}]"
