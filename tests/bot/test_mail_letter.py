"""The e-mail with a link, as a mail program reads it."""

import re
from email import message_from_bytes
from email.headerregistry import Address, UniqueAddressHeader
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.mail_letter import Content, letter
from store.formats import base64url

FROM, TO = "drops@example.com", "dana@example.org"
NOW = 1_790_000_000
DROP = bytes(range(16))
URL = "https://drops.example.com/s/" + base64url.encode(DROP) + "#1p." + "A" * 43 + ".AAAA"
HEADERS = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"}
NASTY = (
    "key\r\nBcc: everybody@example.com",
    "key\n\n<html>",
    "=?utf-8?b?DQpCY2M6IGV2ZXJ5Ym9keUBleGFtcGxlLmNvbQ==?=",
    "\u202egnp.yek",
    '"</h1><script>alert(1)</script><img src=x>',
    "a" * 80 + "\u00e9" * 80,
    "\U0001f511 \u05de\u05e4\u05ea\u05d7 \u30ad\u30fc",
    "\x00\x1b[31m",
    '", <everybody@example.com>, "',
    "half \ud800",
    "{sender} {0}",
    "\u2028To: everybody@example.com",
)


def content(**changed: Any) -> Content:
    """A Stripe key from Maya, for a day."""
    given: dict[str, Any] = {
        "sender": "Maya Castillo",
        "workspace": "Acme",
        "label": "Stripe restricted key",
        "until": NOW + 86_395,
    }
    return Content(drop=DROP, now=NOW, url=URL, **(given | changed))


def parsed(raw: bytes) -> EmailMessage:
    """As a mail program reads it."""
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return message


def parts_of(message: EmailMessage) -> tuple[str, str]:
    """The plain and the HTML part; there is nothing else in it."""
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]
    plain, html = (str(part.get_content()) for part in list(message.walk())[1:])
    return plain, html


class Elements(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Its text."""
        self.words.append(data)


def test_both_parts_say_what_a_careful_reader_asks() -> None:
    """Who, what, how to open it, until when, how to tell that it is real, and what to do if it is not expected."""
    made = letter(content(), FROM, TO)
    message = parsed(made.message)
    assert (made.sender, made.recipient) == (FROM, TO)
    sender = message["From"]
    assert isinstance(sender, UniqueAddressHeader) or sender.addresses
    assert sender.addresses == (Address("Maya Castillo via Sendsecret", addr_spec=FROM),)
    assert message["To"].addresses == (Address(addr_spec=TO),)
    assert message["Subject"] == "Stripe restricted key: opens once"
    assert message["Auto-Submitted"] == "auto-generated"
    assert parsedate_to_datetime(str(message["Date"])).timestamp() == NOW
    assert set(message.keys()) == HEADERS
    plain, html = parts_of(message)
    page = Elements(html)
    for text in (plain, " ".join(page.words)):
        words = " ".join(text.split())
        for said in (
            "Maya Castillo (Acme in Slack) sent you this credential: Stripe restricted key",
            URL,
            "passphrase that Maya Castillo gives you by phone or text. It is never in an e-mail",
            "opens once",
            "It expires on Tuesday, 22 September 2026, 14:13 UTC (in 24 hours)",
            "Link previews and mail scanners do not use it up",
            "call Maya Castillo by a number that you know already",
            "The link leads to drops.example.com",
            "We never ask for a password",
            "I was not expecting this",
            "sendsecret open",
        ):
            assert said in words
    links = [attributes["href"] for tag, attributes in page.elements if tag == "a"]
    assert links == [URL, URL]


def test_nothing_is_fetched_and_nothing_tells_that_it_was_read() -> None:
    """No picture, style sheet, script, form or address but the link's; no receipt is asked for."""
    message = parsed(letter(content(), FROM, TO).message)
    page = Elements(parts_of(message)[1])
    fetched = {"img", "link", "style", "script", "form", "iframe", "object", "embed", "video", "audio", "base"}
    assert not fetched & {tag for tag, _ in page.elements}
    addresses = {
        value for _, attributes in page.elements for name, value in attributes.items() if name in ("href", "src")
    }
    assert addresses == {URL}
    assert not re.search(r"url\(|@import", parts_of(message)[1])
    assert not {"Disposition-Notification-To", "Return-Receipt-To", "Reply-To", "X-Mailer"} & set(message.keys())


@settings(deadline=None)
@example("Maya", NASTY[0])
@given(st.sampled_from(NASTY), st.sampled_from(NASTY))
def test_words_add_no_header_no_line_and_no_markup(sender: str, label: str) -> None:
    """Whatever stands in a name or a label: the same headers, the same addresses, the same elements."""
    raw = letter(content(sender=sender, label=label, workspace=label), FROM, TO).message
    head = raw.partition(b"\r\n\r\n")[0]
    assert {line.partition(b":")[0].decode() for line in re.split(rb"\r\n(?![ \t])", head)} == HEADERS
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    message = parsed(raw)
    assert [address.addr_spec for address in message["From"].addresses] == [FROM]
    assert [address.addr_spec for address in message["To"].addresses] == [TO]
    plain, html = parts_of(message)
    expected, calm = (parts_of(parsed(letter(content(), FROM, TO).message))[n] for n in (0, 1))
    assert plain.count("\n") == expected.count("\n")
    assert Elements(html).elements == Elements(calm).elements
    assert "\u202e" not in plain + html + str(message["Subject"]) + str(message["From"])


@settings(deadline=None)
@given(st.text(max_size=100))
def test_a_label_in_any_alphabet_comes_through(label: str) -> None:
    """The subject a mail program shows is the label's visible words."""
    message = parsed(letter(content(label=label, sender=label or "M"), FROM, TO).message)
    seen = str(message["Subject"])
    assert seen.endswith(": opens once")
    for subject in (seen, message["From"].addresses[0].display_name):
        assert "\n" not in subject
        assert "\r" not in subject
    if label.isprintable() and "=?" not in label:
        assert "".join(seen.split()) == "".join(f"{label}: opens once".split())


def test_nothing_hides_in_what_looks_encoded() -> None:
    """A label or a name that a mail program would decode stays as it was typed, but for a space."""
    hidden = "=?utf-8?q?Your_bank=3A_urgent?="
    message = parsed(letter(content(label=hidden, sender=hidden), FROM, TO).message)
    shown = hidden.replace("=?", "= ?")
    assert str(message["Subject"]) == f"{shown}: opens once"
    assert message["From"].addresses[0].display_name == f"{shown} via Sendsecret"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "(in a minute)"),
        (121, "(in 2 minutes)"),
        (3600, "(in 60 minutes)"),
        (86_400, "(in 24 hours)"),
        (14 * 86_400 - 3, "(in 14 days)"),
    ],
)
def test_how_long_it_lives_is_said(seconds: int, said: str) -> None:
    """Beside the date, in the largest unit that is still exact enough."""
    assert said in " ".join(parts_of(parsed(letter(content(until=NOW + seconds), FROM, TO).message))[0].split())


def test_a_message_id_is_of_its_drop() -> None:
    """Another one for another drop, the same for the same, and nobody finds the drop by it."""
    first, again = letter(content(), FROM, TO), letter(content(), FROM, TO)
    assert first.message == again.message
    mark = str(parsed(first.message)["Message-ID"])
    assert mark.endswith("@example.com>")
    assert base64url.encode(DROP) not in mark
    assert DROP.hex() not in mark
    other = Content(bytes(16), "Maya", "Acme", "key", NOW, NOW, URL)
    assert str(parsed(letter(other, FROM, TO).message)["Message-ID"]) != mark
