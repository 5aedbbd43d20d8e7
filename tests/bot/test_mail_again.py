"""Handing a letter over again: what stays true of the first time, and how many are on their way at once."""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from bot.mail import Mail
from bot.mail_errors import MailBusyError, MailError, MailRefusedError, MailUnansweredError
from bot.mail_server import Letter, MailServer, Security
from bot.ways import Couriers, Outgoing, Turn, send_out
from store.formats.link_v1 import Link
from store.words import MailFault, Way

PUBLIC_URL = "https://drops.example.com"
UNANSWERED = MailUnansweredError(MailFault.UNANSWERED)
AWAY = MailBusyError(MailFault.AWAY, 0.01)
PUT_OFF = MailBusyError("smtp_mail_421", 0.01)
PUT_OFF_FOR_LONG = MailBusyError("smtp_mail_421", 3600.0)
REFUSED = MailRefusedError("smtp_rcpt_550")


@dataclass(frozen=True)
class Scripted(MailServer):
    """A server that fails as it is told, one failure a hand-over, and then takes what comes."""

    failures: list[MailError] = field(default_factory=list)
    handed: list[Letter] = field(default_factory=list)

    async def hand_over(self, letter: Letter) -> None:
        """The next failure."""
        self.handed.append(letter)
        if self.failures:
            raise self.failures.pop(0)


@dataclass(frozen=True)
class Crowded(MailServer):
    """A server that takes its time until it is told to go on."""

    inside: set[str] = field(default_factory=set)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def hand_over(self, letter: Letter) -> None:
        """Wait."""
        self.inside.add(letter.recipient)
        await self.go_on.wait()
        self.inside.discard(letter.recipient)


SOMEWHERE = ("localhost", 25, Security.NONE, ssl.create_default_context(), "drops")


def outgoing() -> Outgoing:
    """A link for Dana's address."""
    return Outgoing(
        link=Link(bytes(16), bytes(32), "p"),
        sender="Maya",
        label="key",
        until_ms=1_790_003_600_000,
        recipient_id="dana@example.com",
        recipient_name="dana@example.com",
        lease_over=0,
        way=Way.MAIL,
    )


async def sent(failures: list[MailError], seconds: float = 60.0) -> Scripted:
    """A link goes out by e-mail, with so much patience."""
    server = Scripted(*SOMEWHERE, failures=failures)
    mail = Mail(server, "drops@example.com", "Acme", lambda: 1_790_000_000)

    async def on_wait(_: float) -> None:
        """Nobody watches."""

    turn = Turn(asyncio.Semaphore(1), asyncio.get_running_loop().time() + seconds, on_wait)
    # The courier for Slack is not asked.
    await send_out(Couriers(None, mail), outgoing(), PUBLIC_URL, turn)  # type: ignore[arg-type]
    return server


@pytest.mark.parametrize(
    "failures",
    [
        [UNANSWERED, UNANSWERED],
        [UNANSWERED, PUT_OFF_FOR_LONG],
        [UNANSWERED, AWAY, PUT_OFF_FOR_LONG],
        [UNANSWERED, PUT_OFF, AWAY, PUT_OFF_FOR_LONG],
        [PUT_OFF, UNANSWERED, PUT_OFF_FOR_LONG],
        [UNANSWERED, REFUSED],
        [UNANSWERED, PUT_OFF, REFUSED],
    ],
)
async def test_what_may_have_arrived_is_never_called_unsent(failures: list[MailError]) -> None:
    """One lost answer, and whatever the server says afterwards, nobody knows whether it took the first letter."""
    with pytest.raises((MailUnansweredError, MailBusyError)) as error:
        await sent(list(failures))
    assert not isinstance(error.value, MailBusyError) or error.value.may_have_it


async def test_no_time_left_after_a_lost_answer_is_no_answer() -> None:
    """What ends the waiting then is the lease of the drop, and not the server."""
    with pytest.raises(MailBusyError) as error:
        await sent([UNANSWERED, *[PUT_OFF] * 1000], seconds=0.3)
    assert error.value.may_have_it


@pytest.mark.parametrize(
    ("failures", "code"), [([PUT_OFF, AWAY, PUT_OFF_FOR_LONG], "smtp_mail_421"), ([PUT_OFF, REFUSED], "smtp_rcpt_550")]
)
async def test_what_was_never_said_whole_is_unsent(failures: list[MailError], code: str) -> None:
    """There the server's own code says what is to be done."""
    with pytest.raises((MailBusyError, MailRefusedError)) as error:
        await sent(list(failures))
    assert error.value.code == code


async def test_a_lost_answer_and_a_busy_server_are_waited_for() -> None:
    """It still goes out, and every letter is the same."""
    server = await sent([UNANSWERED, PUT_OFF, AWAY])
    assert len(server.handed) == 4
    assert len(set(server.handed)) == 1


async def test_three_letters_are_on_their_way_at_once() -> None:
    """A server counts connections, and closes the door to who has too many; the others wait for room."""
    server = Crowded(*SOMEWHERE)
    mail = Mail(server, "drops@example.com", "Acme", lambda: 0)

    def letter(number: int, by: Callable[[], float]) -> "asyncio.Task[None]":
        link = f"{PUBLIC_URL}/s/{'A' * 22}"
        to = f"{number}@example.com"
        return asyncio.create_task(mail.send(drop=bytes(16), sender="M", label="k", until=1, url=link, to=to, by=by()))

    soon = [letter(number, lambda: float("inf")) for number in range(5)]
    while len(server.inside) < 3:  # noqa: ASYNC110 - the mail's act
        await asyncio.sleep(0)
    for _ in range(50):
        await asyncio.sleep(0)
    assert server.inside == {"0@example.com", "1@example.com", "2@example.com"}
    with pytest.raises(MailBusyError):
        await letter(9, lambda: asyncio.get_running_loop().time() + 0.01)
    server.go_on.set()
    await asyncio.gather(*soon)
    assert not server.inside
