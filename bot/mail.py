"""
Mailing a link: one letter for one address, handed to the mail server.

What the server may have taken without saying so is handed over once more under the same Message-ID: two letters with
one link are one drop, and none would be a secret that nobody gets.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from bot.mail_errors import MailBusyError, MailRefusedError, MailUnansweredError
from bot.mail_letter import Content, letter
from bot.mail_server import Letter, MailServer
from store.words import MailFault

_AT_ONCE: Final = 3


class Mail:
    """
    The mail of one workspace, sent as `sender`, an address that takes what bounces.  `now` is Unix seconds.

    It has room of its own: a mail server that hangs takes none of that for Slack.
    """

    def __init__(self, server: MailServer, sender: str, workspace: str, now: Callable[[], int]) -> None:
        self._server = server
        self._sender = sender
        self._workspace = workspace
        self._now = now
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def send(self, *, drop: bytes, sender: str, label: str, until: int, url: str, to: str, by: float) -> None:
        """
        Mail the link `url` of a drop to an address, beginning before the loop's time `by`; `until` is Unix seconds.

        Raises MailError.
        """
        content = Content(drop, sender, self._workspace, label, until, self._now(), url)
        mail = letter(content, self._sender, to)
        try:
            async with asyncio.timeout_at(by):
                await self._room.acquire()
        except TimeoutError:
            raise _too_late() from None
        try:
            # Where there is room at once, no time limit has a say.
            if asyncio.get_running_loop().time() > by:
                raise _too_late()
            await self._server.hand_over(mail)
        except MailUnansweredError:
            await self._once_more(mail)
        finally:
            self._room.release()

    async def _once_more(self, mail: Letter) -> None:
        """Whatever the server says to the second letter, it may have taken the first."""
        try:
            await self._server.hand_over(mail)
        except MailBusyError as busy:
            raise MailBusyError(busy.code, busy.seconds, may_have_it=True) from None
        except MailRefusedError:
            raise MailUnansweredError(MailFault.UNANSWERED) from None


def _too_late() -> MailBusyError:
    """The drop's lease is nearly over; a link mailed now could be dead on arrival."""
    return MailBusyError(MailFault.AWAY, 0.0)
