"""What people paste or receive: a link for `sendsecret open`, messages out of a channel, an e-mail that came back."""

from typing import Final

from bot.mail_bounced import report_in
from sendsecret.opening import pasted_link
from sendsecret.opening.stopping import StoppedError
from store.formats.link_v1 import DROP, Link
from store.verifying import copied_checkpoints, copied_messages
from tests.bot import bounces
from tests.fuzz import json_changes
from tests.fuzz.log import _NOTE, KEY
from tests.fuzz.target import ACCEPTED, Target, refused, text_of

_LINK: Final = Link(bytes(range(16)), bytes(32), "p", DROP).url("https://drops.example.com/a")


def _judge_link(raw: bytes) -> str:
    text = text_of(raw)
    try:
        found = pasted_link.read(text)
    except StoppedError as error:
        return refused(error)
    again = pasted_link.read(found.link.url(found.base))
    assert again == found, "a link that leads elsewhere when it is written"
    assert found.base.startswith("https://") or found.is_local, "others on the way could read along"
    assert found.host.isascii()
    assert "@" not in found.host
    return ACCEPTED


def _judge_messages(raw: bytes) -> str:
    found = copied_checkpoints.find(copied_messages.read("file", text_of(raw)))
    for one in found.checkpoints:
        assert bool(one.note) != bool(one.damage), "neither whole nor damaged"
    return f"{min(len(found.checkpoints), 2)} checkpoints, {min(len(found.keys), 1)} keys"


def _judge_bounce(raw: bytes) -> str:
    report = report_in(raw)
    if report is None:
        return "none"
    assert report.marks
    assert report.failed
    assert all(address.count("@") == 1 for address in report.failed)
    return ACCEPTED


_LETTER: Final = (
    b"Message-ID: <" + b"ab" * 16 + b"@drops.example.com>\r\nFrom: drops@example.com\r\nTo: dana@example.com\r\n"
    b"Subject: A key: opens once\r\n\r\nBody\r\n"
)
_POSTED: Final = (
    f"Audit log checkpoint \N{MIDDLE DOT} 11 entries (+1)\n```\n{_NOTE}```\nKey of the log\n{KEY.text}\n".encode()
)
_EXPORTED: Final = (
    b'[{"ts":"1790000000.000100","text":"x","blocks":[{"type":"rich_text","elements":[{"type":"rich_text_preformatted",'
    b'"elements":[{"type":"text","text":"drops.example.com/audit\\n11"}]}]}]}]'
)

PASTED_LINK: Final = Target(
    "pasted-link",
    _judge_link,
    ("sendsecret.opening.pasted_link", "sendsecret.talking.addresses", "store.formats.link_v1"),
    (
        _LINK.encode(),
        b"<" + _LINK.replace("#", "%23").encode() + b">\n",
        b"http://[::1]:8080/s/" + _LINK[-74:].encode(),
    ),
    (
        b"%23",
        b"https://",
        b"http://[",
        b"]",
        b"@",
        b":0",
        b":99999",
        b"/s/",
        b"/v/",
        b"\xe2\x84\x80",
        b"?",
        b"\xef\xbc\x8f",
    ),
    300,
)
MESSAGES: Final = Target(
    "copied-messages",
    _judge_messages,
    ("store.verifying.copied_messages", "store.verifying.copied_checkpoints"),
    (
        _POSTED,
        _EXPORTED,
    ),
    (
        "\u2014 ".encode(),
        b"drops.example.com/audit",
        b"/audit-2",
        b"\xc2\xa0",
        b"```",
        b"11",
        b"&lt;",
        b"<a|b>",
        b"\\ud800",
    ),
    1500,
    json_changes.changed,
)
BOUNCE: Final = Target(
    "bounce",
    _judge_bounce,
    ("bot.mail_bounced", "bot.mail_reports", "bot.mail_parts", "bot.mail_addresses"),
    tuple(shape(_LETTER) for shape in bounces.SHAPES),
    (
        b"Content-Type: ",
        b"multipart/report; report-type=delivery-status; boundary=",
        b"\n\n",
        b"--",
        b"Status: 5.1.1",
        b"rfc822;",
    ),
    3000,
)
