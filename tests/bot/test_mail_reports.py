"""Which e-mails say that a letter of ours failed, and which do not; whatever the bytes, nothing raises."""

import base64
import quopri
import secrets
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.mail_bounced import report_in
from bot.mail_letter import Content, letter, mark
from bot.mail_reports import Report
from tests.bot import bounces
from tests.bot.bounces import DANA, FROM, SHAPES, block, header_of, report

DROP = bytes(range(16))
URL = "https://drops.example.com/s/AAECAwQFBgcICQoLDA0ODw#1p.canary"
LETTER = letter(Content(DROP, "Maya", "Acme", "Stripe key", 1_800_000_000, 1_790_000_000, URL), FROM, DANA).message
MARK = mark(DROP)


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_is_read(shape: Callable[[bytes], bytes]) -> None:
    """Which letter, for whom, and why: the same of every mail system."""
    assert report_in(shape(LETTER)) == Report(frozenset({MARK}), {DANA: SHAPES[shape]})
    assert report_in(shape(LETTER.replace(b"\r\n", b"\n"))) is not None
    assert report_in(b"From drops@example.com Mon May  5 10:00:00 2025\n" + shape(LETTER)) is not None


def test_a_report_without_a_letter_is_asked_which_it_is_about() -> None:
    """The third part may be left out (RFC 3464, section 2)."""
    assert report_in(bounces.without_letter(LETTER)) == Report(frozenset({MARK}), {DANA: "5.1.1"})


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_encoded_parts_are_decoded(encoding: str) -> None:
    """Some gateways encode what must not be."""
    header = header_of(LETTER)
    coded = base64.encodebytes(header) if encoding == "base64" else quopri.encodestring(header)
    raw = report(coded, block(), kind=f"text/rfc822-headers\nContent-Transfer-Encoding: {encoding}")
    assert report_in(raw) == Report(frozenset({MARK}), {DANA: "5.1.1"})


@pytest.mark.parametrize(
    "raw",
    [
        bounces.answer(LETTER),
        bounces.answer(LETTER, auto="Auto-Submitted: auto-replied\n", path="<>"),
        bounces.answer(LETTER, auto="Auto-Submitted: auto-replied\nX-Failed-Recipients: dana@example.com\n", path="<>"),
        bounces.answer(LETTER, sender="postmaster@example.com", auto="Auto-Submitted: auto-replied\n", path="<>"),
        bounces.answer_that_failed(LETTER),
        *(
            report(LETTER, block(action=action))
            for action in ("delayed", "relayed", "delivered", "expanded", "", "lost")
        ),
        report(LETTER, block(), block(action="delivered")),
        report(LETTER, block(action="delayed", status="4.4.1"), block()),
        report(LETTER, block().replace("rfc822;", "x400;")),
        report(LETTER, block().replace("Final-", "Original-")),
        report(LETTER, block(), report_type="disposition-notification"),
        report(LETTER, block(), report_type="feedback-report"),
        report(LETTER, block(), status_kind="message/disposition-notification"),
        report(LETTER, block()).replace(b"multipart/report", b"multipart/mixed"),
        bounces.exim_text(LETTER, failed=""),
        bounces.exim_text(LETTER, head="Auto-Submitted: no"),
        bounces.exim_text(LETTER, head="X-Loop: 1"),
        bounces.exim_text(LETTER).replace(b"Return-path: <>", b"Return-path: <mallory@example.com>"),
        bounces.exim_text(LETTER).replace(b"Mailer-Daemon@", b"mallory@"),
        bounces.exim_text(LETTER + b"\nMessage-ID: <another@example.com>\n"),
        bounces.exim_text(LETTER).replace(b"------", b"======"),
        bounces.qmail(LETTER).replace(b"MAILER-DAEMON@", b"mallory@"),
        bounces.qmail(LETTER).replace(b"Hi. This is the", b"Hi, this is the"),
        bounces.qmail(LETTER).replace(b"--- Below", b"Below"),
        bounces.qmail(LETTER).replace(MARK.encode() + b"@", b"elsewhere@"),
        LETTER,
    ],
)
def test_nothing_else_is_a_report(raw: bytes) -> None:
    """Answers, notes of who is away, delays, good news, confirmations, complaints, and texts that leave a doubt."""
    assert report_in(raw) is None


def test_who_else_it_failed_for_is_somebody_else() -> None:
    """Where the letter was sent on to: told apart by address, whatever the capitals."""
    found = report_in(report(LETTER, block("home@example.net"), block("DANA@Example.COM", "delivered")))
    assert found == Report(frozenset({MARK}), {"home@example.net": "5.1.1"})


@pytest.mark.parametrize(
    ("status", "diagnostic", "read"),
    [
        ("5.2.2", "smtp; 550 5.1.1 no", "5.2.2"),
        ("5.0.0", "smtp; 552 5.2.2 full", "5.2.2"),
        ("4.0.0", "smtp; 450 host [5.1.1.9] is away", "4.0.0"),
        ("2.0.0", "", "5.0.0"),
        ("five", "X-Unix; 67", "5.0.0"),
        ("5.1.1 (bad destination mailbox address)", "", "5.1.1"),
        ("5.9.9", "", "5.0.0"),
        ("5.1.1234", "", "5.0.0"),
    ],
)
def test_the_status_is_three_numbers(status: str, diagnostic: str, read: str) -> None:
    """Of the report, else of the server that refused it; never any other text of theirs."""
    found = report_in(report(LETTER, block(status=status, more=f"\nDiagnostic-Code: {diagnostic}")))
    assert found is not None
    assert found.failed == {DANA: read}


def test_what_is_cut_off_is_read_as_far_as_it_goes() -> None:
    """A large message that came back is cut in the middle; its header is enough."""
    whole = report(LETTER + b"x" * 100_000, block())
    assert report_in(whole[: len(whole) // 2]) == Report(frozenset({MARK}), {DANA: "5.1.1"})


def _nested(depth: int) -> bytes:
    opened = b"".join(b"Content-Type: multipart/report; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth))
    return opened + LETTER


MILLION = 1024 * 1024
NASTY = [
    b"",
    b"\n",
    b"\n" * MILLION,
    b"\0" * 1000,
    bytes(range(256)) * 100,
    b":" * MILLION,
    b"a:\n" * (MILLION // 3),
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=\n\n--\n--\n",
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n" + b"--b\n" * (MILLION // 4),
    b"Content-Type: multipart/report" + b'; a="' * (MILLION // 5),
    b"Content-Type: " + b";" * MILLION,
    b"From: " + b"<" * MILLION + b"\n\nHi. This is the ",
    b"From: postmaster@x\nAuto-Submitted: auto-replied\nX-Failed-Recipients: "
    + b"a@b.c," * 100_000
    + b"\n\nx\n------ ",
    b"From: postmaster@x\n\nHi. This is the x\n\n" + b"<a@b.example>:\n\n" * 60_000,
    b"From: postmaster@x\n\nHi. This is the x\n\n" + b"message-id:\n" * 80_000,
    _nested(20_000),
    report(LETTER, *([block("a@b.example")] * 15_000)),
    report(LETTER, block("\udcff".encode("utf-8", "surrogatepass").decode("latin-1") + "@xn--a.example")),
    report(b"\xff\xfe\0" + LETTER.decode().encode("utf-16"), block()),
    report(LETTER, block(), kind="message/rfc822\nContent-Transfer-Encoding: base64"),
]


@pytest.mark.parametrize("raw", NASTY, ids=range(len(NASTY)))
def test_nasty_bytes_are_no_crash(raw: bytes) -> None:
    """Deep, long, empty, in no charset."""
    found = report_in(raw)
    assert found is None or found.marks == {MARK}


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(list(SHAPES)), st.data())
def test_damaged_reports_are_no_crash(shape: Callable[[bytes], bytes], data: st.DataObject) -> None:
    """Pieces taken out, doubled, or replaced by anything: a report of this letter, or none."""
    raw = shape(LETTER)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(raw)))
        end = data.draw(st.integers(start, min(len(raw), start + 400)))
        raw = raw[:start] + data.draw(st.sampled_from([b"", raw[start:end] * 2]) | st.binary(max_size=40)) + raw[end:]
    found = report_in(raw)
    assert found is None or all(status[0] in "45" for status in found.failed.values())


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_are_no_crash(raw: bytes) -> None:
    """And no report."""
    assert report_in(raw) is None


def test_a_mark_tells_nothing_and_cannot_be_guessed() -> None:
    """128 bits of a hash of the drop's id, another for each drop; the id is not in it."""
    drop = secrets.token_bytes(16)
    assert mark(drop) == mark(drop) != mark(secrets.token_bytes(16))
    assert len(bytes.fromhex(mark(drop))) == 16
    assert drop.hex() not in mark(drop)


def test_nothing_of_the_message_is_shown() -> None:
    """Not even by mistake: a report's marks would name a drop to whoever reads a log."""
    found = report_in(bounces.postfix(LETTER))
    assert MARK not in repr(found)
    assert DANA not in repr(found)
