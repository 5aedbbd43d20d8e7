"""The conversation with the mail server: what is said to whom, and what each answer, or none, means."""

import io
import ssl
from email import message_from_bytes
from pathlib import Path
from urllib.parse import quote

import pytest

from bot import mail_server
from bot.mail import Mail
from bot.mail_errors import MailBusyError, MailError, MailRefusedError, MailUnansweredError
from bot.mail_server import Letter, MailServer
from bot.mail_settings import MailSettings
from store.words import MailFault
from tests.bot.postbox import BREAK, HANG, PASSWORD, USER, Postbox, postbox, url
from tests.canaries import is_in
from tests.programs import free_port

LETTER = Letter("drops@example.com", "dana@example.com", b"Subject: canary\r\n\r\n.canary\r\n")
LOGIN = f"{USER}:{quote(PASSWORD, safe='')}@"


def server_at(smtp_url: str, ca: Path | None = None) -> MailServer:
    """The mail server of these settings."""
    given = {"smtp_url": smtp_url, "smtp_from": "drops@example.com", "smtp_ca_file": ca}
    settings = MailSettings(public_url="https://drops.example.com", **given)  # type: ignore[arg-type]
    server = settings.mail_server()
    assert server is not None
    return server


def fault_of(error: pytest.ExceptionInfo[MailError]) -> str:
    """The word for the record, once it is sure that the error tells nothing else."""
    assert str(error.value) == error.value.code
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__
    return error.value.code


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_everything_goes_through_tls(security: str, tmp_path: Path) -> None:
    """User name, password, addresses and message; before TLS there is a greeting and nothing else."""
    scheme = "smtps" if security == "tls" else "smtp"
    async with postbox(tmp_path, security=security, with_password=True) as box:
        await server_at(url(box, scheme=scheme, login=LOGIN), box.ca).hand_over(LETTER)
    greeting = [] if security == "tls" else ["EHLO in clear"]
    assert box.said == [*greeting, "EHLO", "MAIL", "RCPT", "DATA"]
    assert box.logged_in == [True]
    assert box.arrived[0].raw == LETTER.message


async def test_a_server_on_this_computer_needs_no_tls_and_gets_no_password() -> None:
    """Plain text stays on the computer; nobody logs in."""
    async with postbox() as box:
        await server_at(url(box)).hand_over(LETTER)
    assert box.said == ["EHLO in clear", "MAIL in clear", "RCPT in clear", "DATA in clear"]
    assert box.logged_in == []


@pytest.mark.parametrize(("host", "login"), [("localhost", LOGIN), ("127.0.0.2", "")])
async def test_a_server_without_tls_is_told_nothing(host: str, login: str) -> None:
    """Neither a password, on this computer either, nor a message to any other computer."""
    listens = "127.0.0.1" if host == "localhost" else host
    async with postbox(host=listens, with_password=bool(login)) as box:
        with pytest.raises(MailRefusedError) as error:
            await server_at(url(box, host=host, login=login)).hand_over(LETTER)
    assert fault_of(error) == MailFault.UNENCRYPTED
    assert box.said == ["EHLO in clear"]
    assert box.logged_in == []


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("wrong", ["authority", "name"])
async def test_a_wrong_certificate_is_told_nothing(security: str, wrong: str, tmp_path: Path) -> None:
    """By an authority that nobody named, or for another host: no password, and no plain text in its place."""
    scheme = "smtps" if security == "tls" else "smtp"
    host = "127.0.0.1" if wrong == "name" else "localhost"
    async with postbox(tmp_path, security=security, with_password=True) as box:
        server = server_at(url(box, scheme=scheme, host=host, login=LOGIN), box.ca if wrong == "name" else None)
        with pytest.raises(MailRefusedError) as error:
            await server.hand_over(LETTER)
    assert fault_of(error) == MailFault.UNTRUSTED
    assert box.said == ([] if security == "tls" else ["EHLO in clear"])
    assert box.logged_in == []


async def test_a_server_that_does_not_know_us_gets_no_letter(tmp_path: Path) -> None:
    """A wrong password, and a server that offers no way to log in."""
    async with postbox(tmp_path, security="tls", with_password=True) as box:
        with pytest.raises(MailRefusedError) as error:
            await server_at(url(box, scheme="smtps", login=f"{USER}:wrong@"), box.ca).hand_over(LETTER)
    assert fault_of(error) == MailFault.LOGIN
    assert box.arrived == []
    async with postbox(tmp_path, security="tls") as box:
        with pytest.raises(MailRefusedError) as error:
            await server_at(url(box, scheme="smtps", login=LOGIN), box.ca).hand_over(LETTER)
    assert fault_of(error) == MailFault.LOGIN
    assert box.arrived == []


@pytest.mark.parametrize(
    ("verb", "answer", "kind", "code"),
    [
        ("RCPT", "550 5.1.1 <dana@example.com> canary", MailRefusedError, "smtp_rcpt_550"),
        ("RCPT", "551-canary\r\n551 one more", MailRefusedError, "smtp_rcpt_551"),
        ("MAIL", "530 canary", MailRefusedError, "smtp_mail_530"),
        ("DATA", "554 canary", MailRefusedError, "smtp_data_554"),
        ("RCPT", "452 canary", MailBusyError, "smtp_rcpt_452"),
        ("MAIL", "421 canary", MailBusyError, "smtp_mail_421"),
        ("DATA", "451 canary", MailBusyError, "smtp_data_451"),
        ("RCPT", BREAK, MailBusyError, MailFault.AWAY),
        ("DATA", BREAK, MailUnansweredError, MailFault.UNANSWERED),
        ("DATA", "canary of another protocol", MailUnansweredError, MailFault.UNANSWERED),
        ("RCPT", "canary of another protocol", MailBusyError, MailFault.AWAY),
    ],
)
async def test_each_answer_means_one_of_three(
    verb: str, answer: str, kind: type[MailError], code: str, everything_logged: io.StringIO
) -> None:
    """Refused, not now, or nobody knows; nothing is kept of the server's text, and no address is logged."""
    async with postbox() as box:
        box.answers[verb].append(answer)
        with pytest.raises(kind) as error:
            await server_at(url(box)).hand_over(LETTER)
    assert fault_of(error) == code
    logged = everything_logged.getvalue().encode()
    assert is_in(code.encode(), logged)
    assert not is_in(b"canary", logged)
    assert not is_in(b"dana", logged)


@pytest.mark.parametrize(
    ("verb", "kind"), [("EHLO", MailBusyError), ("RCPT", MailBusyError), ("DATA", MailUnansweredError)]
)
async def test_a_server_that_hangs_is_left(verb: str, kind: type[MailError], monkeypatch: pytest.MonkeyPatch) -> None:
    """In time for the drop's lease; with the whole message in its hands, it may have taken it."""
    monkeypatch.setattr(mail_server, "HANDED_OVER_WITHIN", 0.3)
    async with postbox() as box:
        box.answers[verb].append(HANG)
        with pytest.raises(kind):
            await server_at(url(box)).hand_over(LETTER)


async def test_nobody_there_is_not_now() -> None:
    """Somebody may be there in a moment."""
    with pytest.raises(MailBusyError) as error:
        await server_at(f"smtp://localhost:{free_port()}").hand_over(LETTER)
    assert fault_of(error) == MailFault.AWAY


async def mailed(box: Postbox) -> None:
    """A link, mailed to Dana."""
    mail = Mail(server_at(url(box)), "drops@example.com", "Acme", lambda: 1_790_000_000)
    link = "https://drops.example.com/s/" + "A" * 22 + "#1p." + "A" * 43 + ".AAAA"
    await mail.send(
        drop=bytes(16),
        sender="Maya",
        label="key",
        until=1_790_003_600,
        url=link,
        to="dana@example.com",
        by=float("inf"),
    )


async def test_a_lost_answer_is_the_same_letter_once_more() -> None:
    """Under one Message-ID and to the letter, so that a server, or a reader, can tell that it is one; and only once."""
    async with postbox() as box:
        box.answers["DATA"].append(BREAK)
        await mailed(box)
        assert len(box.arrived) == 2
        assert box.arrived[0].raw == box.arrived[1].raw
        assert message_from_bytes(box.arrived[0].raw)["Message-ID"]
        box.answers["DATA"] += [BREAK, BREAK, BREAK]
        with pytest.raises(MailUnansweredError):
            await mailed(box)
        assert len(box.arrived) == 4


async def test_what_was_not_taken_is_not_sent_again_by_itself() -> None:
    """A refusal is told at once."""
    async with postbox() as box:
        box.answers["RCPT"].append("550 no")
        with pytest.raises(MailRefusedError):
            await mailed(box)
        assert box.said.count("RCPT in clear") == 1


async def test_too_late_to_begin_is_not_begun() -> None:
    """A link that is mailed when its lease is nearly over could be dead on arrival."""
    async with postbox() as box:
        mail = Mail(server_at(url(box)), "drops@example.com", "Acme", lambda: 0)
        with pytest.raises(MailBusyError):
            await mail.send(
                drop=bytes(16), sender="M", label="k", until=1, url="https://x/s/", to="d@example.com", by=0.0
            )
        assert box.said == []


def test_what_is_held_is_shown_in_no_repr() -> None:
    """Neither the password nor an address nor the message."""
    server = server_at(f"smtps://{LOGIN}mail.example.com")
    assert USER not in repr(server).replace("drops.example.com", "")
    assert PASSWORD not in repr(server)
    assert server.trusted.verify_mode is ssl.CERT_REQUIRED
    assert "dana" not in repr(LETTER)
    assert "canary" not in repr(LETTER)
