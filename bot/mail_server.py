"""
The one mail server, and how a letter is handed to it.

TLS with a certificate that this computer believes, or nothing is said: there is no way back to plain text once the
settings ask for TLS, whatever the server offers.  User name and password go through TLS only.  The exception is a
server on this very computer, without a password.
"""

import asyncio
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import structlog
from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from bot.mail_errors import MailBusyError, MailError, MailRefusedError, MailUnansweredError
from store.words import MailFault

HANDED_OVER_WITHIN: Final = 25.0
"""Twice this, after the longest wait, is within every lease of a program that holds a link."""
AGAIN_SECONDS: Final = 15.0
_GOODBYE_SECONDS: Final = 2.0

_log = structlog.get_logger("mail")


class Security(StrEnum):
    """How what is said to the server is protected."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"
    """To a server on this computer alone."""


@dataclass(frozen=True)
class Letter:
    """A message for one address, as bytes, the same however often it is handed over."""

    sender: str
    recipient: str = field(repr=False)
    message: bytes = field(repr=False)


@dataclass(frozen=True)
class MailServer:
    """Where letters are handed over.  `own_name` is how we greet; `user` is empty where nobody logs in."""

    host: str
    port: int
    security: Security
    trusted: ssl.SSLContext = field(repr=False)
    own_name: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    async def hand_over(self, letter: Letter) -> None:
        """Hand a letter over, once.  Raises MailError."""
        client = SMTP(
            hostname=self.host,
            port=self.port,
            local_hostname=self.own_name,
            use_tls=self.security is Security.TLS,
            start_tls=False,
            tls_context=self.trusted if self.security is not Security.NONE else None,
            timeout=HANDED_OVER_WITHIN,
        )
        progress = _Progress()
        try:
            async with asyncio.timeout(HANDED_OVER_WITHIN):
                await self._tell(client, letter, progress)
            # The letter is taken; whether the goodbye is heard changes nothing about that.
            with suppress(SMTPException, OSError):
                await client.quit(timeout=_GOODBYE_SECONDS)
        except (SMTPException, OSError) as error:
            failure = _told(error, progress)
            _log.warning("an e-mail was not taken", why=failure.code)
            # `from None`: aiosmtplib's errors carry addresses, and the server's own text.
            raise failure from None
        finally:
            client.close()

    async def _tell(self, client: SMTP, letter: Letter, progress: "_Progress") -> None:
        await client.connect()
        await client.ehlo()
        if self.security is Security.STARTTLS:
            if not client.supports_extension("starttls"):
                raise _UnencryptedError("no STARTTLS")
            progress.verb = "starttls"
            await client.starttls()
        if self.user:
            progress.verb = "auth"
            await client.login(self.user, self.password)
        progress.verb = "mail"
        await client.mail(letter.sender)
        progress.verb = "rcpt"
        await client.rcpt(letter.recipient)
        progress.verb = "data"
        await client.data(letter.message)


class _UnencryptedError(SMTPException):
    """The server does not offer what the settings ask for."""


@dataclass
class _Progress:
    """How far a conversation came; from `data` on, the server may have the letter."""

    verb: str = "connect"


def _told(error: BaseException, progress: _Progress) -> MailError:
    """What becomes of an error in a conversation that came so far."""
    verb = progress.verb
    if isinstance(error, _UnencryptedError):
        return MailRefusedError(MailFault.UNENCRYPTED)
    if _is_distrust(error):
        return MailRefusedError(MailFault.UNTRUSTED)
    code = error.code if isinstance(error, SMTPResponseException) else 0
    if 500 <= code <= 599:
        known = {"starttls": MailFault.UNENCRYPTED, "auth": MailFault.LOGIN}
        return MailRefusedError(known.get(verb, f"smtp_{verb}_{code}"))
    if 400 <= code <= 499:
        return MailBusyError(f"smtp_{verb}_{code}", AGAIN_SECONDS)
    if verb == "auth" and not isinstance(error, OSError):
        return MailRefusedError(MailFault.LOGIN)  # it offers no way to log in that we know
    if verb == "data":
        return MailUnansweredError(MailFault.UNANSWERED)
    return MailBusyError(MailFault.AWAY, AGAIN_SECONDS)


def _is_distrust(error: BaseException) -> bool:
    """Whether TLS itself failed; a connection that only broke in the middle of it may be tried again."""
    cause = error.__cause__ if isinstance(error.__cause__, ssl.SSLError) else error
    return isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError)
