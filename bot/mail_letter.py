"""
The e-mail that carries a link: a plain and an HTML part that say the same.

Pure.  Nothing is fetched when it is shown, and nothing tells whether it was.  Names and labels are people's own words:
they can add no header, no line and no markup.
"""

import hashlib
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from importlib.resources import files
from typing import Final
from urllib.parse import urlsplit

from bot import mail_letter_wording as wording
from bot.mail_server import Letter
from store.html_template import HtmlTemplate, html_template

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_NOT_IN_A_LINE: Final = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
# What turns the direction of writing could let a name swallow the words behind it.
_TURNS: Final = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))


@dataclass(frozen=True)
class Content:
    """What one e-mail says.  `until` and `now` are Unix seconds; `drop` is the drop's id."""

    drop: bytes
    sender: str
    workspace: str
    label: str
    until: int
    now: int
    url: str = field(repr=False)


def letter(content: Content, sender: str, recipient: str) -> Letter:
    """The message from one address to another; both were normalised.  Bounces come back to `sender`."""
    said = _said(content)
    message = EmailMessage(policy=SMTP)
    name = _header(wording.FROM.format(sender=said["sender"]))
    message["From"] = Address(display_name=name, addr_spec=sender)
    message["To"] = Address(addr_spec=recipient)
    message["Subject"] = _header(said["subject"])
    message["Date"] = format_datetime(datetime.fromtimestamp(content.now, UTC))
    known_by = mark(content.drop)
    message["Message-ID"] = f"<{known_by}@{sender.rpartition('@')[2]}>"
    # No machine is to answer it (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_text(said), cte="quoted-printable")
    message.add_alternative(_template().render(said, reasons=_reasons(said)), subtype="html", cte="quoted-printable")
    # Here too: some relays give every letter a Message-ID of their own, and what bounces must be known again.
    message.set_boundary(known_by)
    return Letter(sender, recipient, message.as_bytes())


def mark(drop: bytes) -> str:
    """
    What the letter of a drop is known by, in its Message-ID: 32 hexadecimal characters.

    The same however often it is sent: a server that took it before can tell.  The drop's id is not in it, and nobody
    who has not seen the letter can name it.
    """
    return hashlib.sha256(b"sendsecret/v1/message-id\x00" + drop).hexdigest()[:32]


def _said(content: Content) -> dict[str, str]:
    host = urlsplit(content.url).netloc
    known = {"sender": _line(content.sender), "workspace": _line(content.workspace), "host": host}
    at = datetime.fromtimestamp(content.until, UTC)
    until = f"{at:%A}, {at.day} {at:%B %Y, %H:%M} UTC"
    label = _line(content.label)
    return {
        **known,
        "label": label,
        "url": content.url,
        "subject": wording.SUBJECT.format(label=label),
        "sent": wording.SENT.format(**known),
        "open": wording.OPEN,
        "or_copy": wording.OR_COPY,
        "passphrase": wording.PASSPHRASE.format(**known),
        "once": wording.ONCE.format(until=until, span=_span(content.until - content.now)),
        "real": wording.REAL,
        "unexpected": wording.UNEXPECTED.format(**known),
        "terminal": wording.TERMINAL,
        "about": wording.ABOUT.format(**known),
    }


def _reasons(said: dict[str, str]) -> list[str]:
    return [reason.format(sender=said["sender"], host=said["host"]) for reason in wording.REASONS]


def _text(said: dict[str, str]) -> str:
    reasons = "\n".join(f"- {reason}" for reason in _reasons(said))
    paragraphs = (
        f"{said['sent']}\n{said['label']}",
        said["url"],
        said["passphrase"],
        said["once"],
        f"{said['real']}\n{reasons}",
        said["unexpected"],
        said["terminal"],
        f"-- \n{said['about']}",
    )
    return "\n\n".join(paragraphs) + "\n"


def _span(seconds: int) -> str:
    if seconds < 2 * _MINUTE:
        return wording.SOON
    unit, size = (
        ("minute", _MINUTE) if seconds < 2 * _HOUR else ("hour", _HOUR) if seconds < 3 * _DAY else ("day", _DAY)
    )
    return wording.SPANS[unit].format(count=round(seconds / size))


def _line(text: str) -> str:
    """One line, of what can be seen."""
    kept = "".join(" " if unicodedata.category(c) in _NOT_IN_A_LINE else c for c in text.translate(_TURNS))
    return " ".join(kept.split())


def _header(text: str) -> str:
    # The library, and readers, would decode what looks encoded: a label could hide another header's words in it.
    return text.replace("=?", "= ?")


@cache
def _template() -> HtmlTemplate:
    return html_template(lambda name: files("bot").joinpath(name).read_text("utf-8"), "mail_letter.html", trims=False)
