"""
What comes to SMTP_FROM: reports of letters that failed, in the shapes of well-known mail systems, and what is none.

Written by hand after RFC 3464, QSBMF and what these systems are known to write; names and addresses are made up.
"""

from collections.abc import Callable
from email import message_from_bytes
from email.message import Message
from typing import Final

DANA: Final = "dana@example.com"
FROM: Final = "drops@example.com"
_EDGE: Final = "=_report/9B.example"


def header_of(letter: bytes) -> bytes:
    """The header of a letter, as systems return it that do not return all of it."""
    return letter.replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n"


def report(
    returned: bytes,
    *recipients: str,
    kind: str = "message/rfc822",
    head: str = "From: MAILER-DAEMON@mx.example.org (Mail Delivery System)",
    about: str = "Reporting-MTA: dns; mx.example.org",
    text: str = "I could not deliver your message.",
    report_type: str = "delivery-status",
    status_kind: str = "message/delivery-status",
) -> bytes:
    """One multipart/report; `recipients` are the fields about each, and `returned` what failed, or nothing."""
    blocks = "\n\n".join((about, *recipients))
    lines = (
        f"Return-Path: <>\n{head}\nTo: {FROM}\nSubject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n"
        f"Auto-Submitted: auto-replied\nContent-Type: multipart/report; report-type={report_type};\n"
        f'\tboundary="{_EDGE}"\n\nThis is a MIME-encapsulated message.\n\n--{_EDGE}\n'
        f"Content-Type: text/plain; charset=us-ascii\n\n{text}\n\n"
        f"--{_EDGE}\nContent-Type: {status_kind}\n\n{blocks}\n\n"
    )
    back = f"--{_EDGE}\nContent-Type: {kind}\n\n".encode() + returned if returned else b""
    return lines.encode() + back + f"\n--{_EDGE}--\n".encode()


def block(address: str = DANA, action: str = "failed", status: str = "5.1.1", more: str = "") -> str:
    """The fields about one recipient."""
    return f"Final-Recipient: rfc822; {address}\nAction: {action}\nStatus: {status}{more}"


def postfix(letter: bytes) -> bytes:
    """With an original recipient, a long diagnostic, and the message cut down to its header."""
    more = "\nRemote-MTA: dns; mx.example.com\nDiagnostic-Code: smtp; 550 5.1.1 <dana@example.com>: Recipient address\n"
    more += "    rejected: User unknown in virtual mailbox table"
    fields = f"Original-Recipient: rfc822;{DANA}\n{block(more=more)}"
    about = "Reporting-MTA: dns; mail.example.org\nX-Postfix-Queue-ID: 4Vx\nX-Postfix-Sender: rfc822; drops@example.com"
    return report(header_of(letter), fields, kind="text/rfc822-headers", about=about)


def exchange_online(letter: bytes) -> bytes:
    """With its own fields, CRLF, a text in base64, and a status that only Microsoft knows."""
    more = "\nDiagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient dana@example.com not found"
    whole = report(
        letter,
        block(status="5.1.10", more=f"{more}\nRemote-MTA: dns;AM0PR.example\nX-Display-Name: dana@example.com"),
        head="From: Microsoft Outlook\n\t<MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.com>",
        about="Reporting-MTA: dns;AM0PR.example\nReceived-From-MTA: dns;mx.example.org\nArrival-Date: Mon, 5 May 2025",
    )
    return whole.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def gmail(letter: bytes) -> bytes:
    """Which names the message among the fields of the report, and returns it whole."""
    identifier = message_from_bytes(letter)["Message-ID"]
    return report(
        letter,
        block(DANA.upper(), more="\nRemote-MTA: dns; gmail-smtp-in.example (the server for the domain example.com.)"),
        head="From: Mail Delivery Subsystem <mailer-daemon@googlemail.example>\nX-Failed-Recipients: dana@example.com",
        about=f"Reporting-MTA: dns; googlemail.example\nX-Original-Message-ID: {identifier}",
    )


def exim(letter: bytes) -> bytes:
    """As it writes them since it knows RFC 3464; without a status of its own."""
    more = "\nRemote-MTA: dns; mx.example.com\nDiagnostic-Code: smtp; 550 5.2.1 mailbox disabled"
    head = "X-Failed-Recipients: dana@example.com\nFrom: Mail Delivery System <Mailer-Daemon@mx.example.org>"
    return report(header_of(letter), block(status="5.0.0", more=more), kind="text/rfc822-headers", head=head)


def amazon_ses(letter: bytes) -> bytes:
    """Which gives every letter a Message-ID of its own, and leaves its boundary."""
    own = b"Message-ID: <0100019-5e2f-41aa-9c1e-000000@email.amazonses.example>"
    lines = [
        own if line.lower().startswith(b"message-id:") else line for line in letter.replace(b"\r\n", b"\n").split(b"\n")
    ]
    more = "\nDiagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist."
    return report(b"\n".join(lines), block(more=more), about="Reporting-MTA: dsn; a8-60.smtp-out.amazonses.example")


def sendmail(letter: bytes) -> bytes:
    """With RFC822 in capitals, an address in brackets, and a failure because the time was over."""
    fields = f"Final-Recipient: RFC822; <{DANA}>\nAction: failed\nStatus: 4.4.7\nLast-Attempt-Date: Mon, 5 May 2025"
    return report(
        letter, fields, about="Reporting-MTA: dns; mx.example.org\nArrival-Date: Wed, 30 Apr 2025 10:00:00 GMT"
    )


def qmail(letter: bytes) -> bytes:
    """QSBMF: for people, in a form that its author has fixed."""
    return (
        f"Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org\nTo: {FROM}\nSubject: failure notice\n\n"
        "Hi. This is the qmail-send program at mx.example.org.\nI'm afraid I wasn't able to deliver your message to "
        "the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        f"<{DANA}>:\n192.0.2.7 does not like recipient.\nRemote host said: 550 5.1.1 no such user (#5.1.1)\n\n"
        "--- Below this line is a copy of the message.\n\nReturn-Path: <drops@example.com>\n"
    ).encode() + letter


def exim_text(letter: bytes, *, head: str = "Auto-Submitted: auto-replied", failed: str = DANA) -> bytes:
    """As Exim wrote them before; `head` and `failed` to say it otherwise."""
    named = f"X-Failed-Recipients: {failed}\n" if failed else ""
    return (
        f"Return-path: <>\n{named}{head}\nFrom: Mail Delivery System <Mailer-Daemon@mx.example.org>\nTo: {FROM}\n"
        "Subject: Mail delivery failed: returning message to sender\n\n"
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be "
        f"delivered to one or more of its\nrecipients. This is a permanent error. The following address failed:\n\n"
        f"  {DANA}\n    host mx.example.com [5.1.1.9]\n    SMTP error from remote mail server after RCPT TO:\n"
        "    550 5.7.1 no\n\n"
        "------ This is a copy of the message, including all the headers. ------\n\n"
    ).encode() + letter


SHAPES: Final[dict[Callable[[bytes], bytes], str]] = {
    postfix: "5.1.1",
    exchange_online: "5.1.10",
    gmail: "5.1.1",
    exim: "5.2.1",
    amazon_ses: "5.1.1",
    sendmail: "4.4.7",
    qmail: "5.1.1",
    exim_text: "5.7.1",
}
"""Every shape, with the status that it gives."""


def answer(letter: bytes, *, sender: str = f"Dana <{DANA}>", auto: str = "", path: str = f"<{DANA}>") -> bytes:
    """What a person, or the note of one who is away, answers: it refers to the letter, and quotes all of it."""
    identifier = _identifier(letter)
    quoted = letter.decode().replace("\r\n", "\n").replace("\n", "\n> ")
    return (
        f"Return-Path: {path}\nFrom: {sender}\nTo: {FROM}\nSubject: Re: your letter\n{auto}In-Reply-To: {identifier}\n"
        f"References: {identifier}\n\nHi. This is the wrong address, it failed.\n\n> {quoted}\n\n"
        f"Message-ID: {identifier}\n"
    ).encode()


def answer_that_failed(letter: bytes) -> bytes:
    """Whoever reads SMTP_FROM answered, and that came back: it refers to the letter, and is another message."""
    identifier = _identifier(letter)
    ours = f"From: {FROM}\nMessage-ID: <f00@example.com>\nIn-Reply-To: {identifier}\nReferences: {identifier}\n"
    return report(
        f"{ours}\nWho are you?\n".encode(), block(), head=f"From: postmaster@mx.example\nIn-Reply-To: {identifier}"
    )


def without_letter(letter: bytes) -> bytes:
    """A report that brings nothing back, and says in its own header which message it is about."""
    return report(b"", block(), head=f"From: MAILER-DAEMON@mx.example.org\nIn-Reply-To: {_identifier(letter)}")


def _identifier(letter: bytes) -> str:
    message: Message = message_from_bytes(letter)
    return str(message["Message-ID"])
