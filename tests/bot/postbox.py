"""
A real mail server on loopback that keeps what it takes, and refuses, hangs or breaks off when a test says so.

Its library's log holds addresses and whole commands; it is not ours, and stays out of ours.
"""

import asyncio
import logging
import ssl
import warnings
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.browser.tls_front import certificate

USER, PASSWORD = "drops", "canary/pass word?#"
HANG, BREAK = "hang", "break"


@dataclass(frozen=True)
class Arrived:
    """What the server took: envelope and message."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """As a mail program reads it."""
        message = message_from_bytes(self.raw, policy=default)
        assert isinstance(message, EmailMessage)
        return message

    def part(self, kind: str) -> str:
        """The text of its "plain" or "html" part."""
        [part] = [part for part in self.message.walk() if part.get_content_type() == f"text/{kind}"]
        return str(part.get_content())


@dataclass
class Postbox:
    """The server.  `answers` are used up one a command; HANG and BREAK do what they say, BREAK after it took DATA."""

    port: int = 0
    arrived: list[Arrived] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    said: list[str] = field(default_factory=list)
    """The commands that came, by their verbs, each with whether it came through TLS."""
    logged_in: list[bool] = field(default_factory=list)
    ca: Path | None = None

    async def wait(self, count: int = 1, seconds: float = 20) -> Arrived:
        """The newest letter, once so many have arrived."""
        async with asyncio.timeout(seconds):
            while len(self.arrived) < count:  # noqa: ASYNC110 - another protocol's act
                await asyncio.sleep(0.01)
        return self.arrived[-1]

    async def wait_said(self, said: str, seconds: float = 20) -> None:
        """Until a command came."""
        async with asyncio.timeout(seconds):
            while said not in self.said:  # noqa: ASYNC110 - another protocol's act
                await asyncio.sleep(0.01)

    def check_password(
        self, _server: Any, _session: Session, _envelope: Envelope, _kind: str, given: Any
    ) -> AuthResult:
        """The one user that there is."""
        good = isinstance(given, LoginPassword) and (given.login, given.password) == (USER.encode(), PASSWORD.encode())
        self.logged_in.append(good)
        return AuthResult(success=good, handled=False)

    async def handle_EHLO(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, _: Envelope, name: str, answers: list[str]
    ) -> list[str]:
        """Greeted."""
        session.host_name = name
        await self._answer("EHLO", server)
        return answers

    async def handle_MAIL(  # noqa: N802 - the library's name
        self, server: SMTP, _: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """From whom."""
        answer = await self._answer("MAIL", server)
        if answer is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer or "250 OK"

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, _: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """To whom."""
        answer = await self._answer("RCPT", server)
        if answer is None:
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return answer or "250 OK"

    async def handle_DATA(  # noqa: N802 - the library's name
        self, server: SMTP, _: Session, envelope: Envelope
    ) -> str:
        """The message."""
        refusal = self.answers["DATA"][0] if self.answers["DATA"] else BREAK
        if refusal in (HANG, BREAK):
            assert isinstance(envelope.content, bytes)
            self.arrived.append(Arrived(envelope.mail_from or "", tuple(envelope.rcpt_tos), envelope.content))
        return await self._answer("DATA", server) or "250 taken"

    async def _answer(self, verb: str, server: SMTP) -> str | None:
        self.said.append(
            verb if server.transport and server.transport.get_extra_info("sslcontext") else f"{verb} in clear"
        )
        answer = self.answers[verb].pop(0) if self.answers[verb] else None
        if answer == HANG:
            await asyncio.Event().wait()
        if answer == BREAK:
            assert server.transport is not None
            server.transport.abort()  # type: ignore[attr-defined]
        return answer


@asynccontextmanager
async def postbox(
    folder: Path | None = None, *, security: str = "none", with_password: bool = False, host: str = "127.0.0.1"
) -> AsyncIterator[Postbox]:
    """A server for as long as the block lasts; "tls" and "starttls" with a certificate of its own, made in `folder`."""
    box = Postbox()
    context = None
    if folder is not None:
        box.ca = certificate(folder, "localhost")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(box.ca)
    logging.getLogger("mail.log").propagate = False
    loop = asyncio.get_running_loop()
    open_ones: set[SMTP] = set()

    def made() -> SMTP:
        with warnings.catch_warnings():
            # It cannot know that its whole connection is TLS, and warns of a password without.
            warnings.simplefilter("ignore", UserWarning)
            server = SMTP(
                box,
                hostname="mx.example.com",
                tls_context=context if security == "starttls" else None,
                require_starttls=security == "starttls",
                auth_required=with_password,
                auth_require_tls=security == "starttls",
                authenticator=box.check_password if with_password else None,
                loop=loop,
            )
        open_ones.add(server)
        return server

    listening = await loop.create_server(made, host, 0, ssl=context if security == "tls" else None)
    box.port = listening.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        listening.close()
        for server in open_ones:
            if server.transport is not None:
                server.transport.close()
            if server._handler_coroutine is not None:
                server._handler_coroutine.cancel()
        await asyncio.sleep(0)


def url(box: Postbox, *, scheme: str = "smtp", host: str = "localhost", login: str = "") -> str:
    """SMTP_URL for this server."""
    return f"{scheme}://{login}{host}:{box.port}"
