"""The routes for whoever is logged in and makes, lists and revokes records; what comes back is a stranger's text."""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import quote, urlsplit

from sendsecret.sending import answers
from sendsecret.sending.login_file import Login
from sendsecret.talking.addresses import is_plain
from sendsecret.talking.exchange import NoAnswerError, Reply, Request, ask
from sendsecret.talking.refusals import Refused, not_ours, number_of, text_of
from sendsecret.talking.strangers_text import harmless

T = TypeVar("T")

_MOST_BYTES: Final = 512 * 1024
_AGENT: Final = "sendsecret-record"
# It is printed into a line that somebody pastes into a shell.
_SHELL_SAFE: Final = re.compile(r"[A-Za-z0-9:/._\[\]-]+")


@dataclass(frozen=True, slots=True)
class NotYet:
    """No bot has answered so far."""


@dataclass(frozen=True, slots=True)
class Made:
    """It is there: where its server is reached, and until when it is read (Unix seconds)."""

    public_url: str
    until: int


@dataclass(frozen=True, slots=True)
class Revoked:
    """Nobody reads it any more; `rotate_url` is the page of its provider, or empty."""

    rotate_url: str


@dataclass(frozen=True, slots=True)
class Line:
    """A record as its owner's list has it; times are Unix seconds, 0 for none."""

    id: str
    door: str
    is_locked: bool
    state: str
    label: str
    reads: int
    reads_left: int | None
    wrong_keys: int
    read_at: int
    expires_at: int
    ended_at: int


@dataclass(frozen=True, slots=True)
class Listed:
    """Some of them, newest first, and where the next page begins; empty where this is the last."""

    lines: list[Line]
    after: str


class RecordRoutes:
    """What a client says of records to its server; the token goes to each, a value or a key to none."""

    def __init__(self, login: Login, runner: asyncio.Runner) -> None:
        self._login = login
        self._runner = runner
        self.host = harmless(urlsplit(login.url).netloc)

    def make(self, body: bytes, path: str) -> Made | NotYet | Refused:
        """Hand in what is sealed and is to be read under this path; the same again is the same."""

        def read(reply: Reply, said: Mapping[str, object]) -> Made | NotYet:
            if reply.status == 202:
                return NotYet()
            url = text_of(said.get("url")).removesuffix(path)
            is_good = is_plain(url) and _SHELL_SAFE.fullmatch(url) and url.startswith(("https://", self._login.url))
            return Made(url if is_good else self._login.url, number_of(said.get("expires_at")))

        return self._ask("records", body, read)

    def revoke(self, record: str) -> Revoked | NotYet | Refused:
        """End one."""

        def read(reply: Reply, said: Mapping[str, object]) -> Revoked | NotYet:
            url = text_of(said.get("rotate_url"))
            return NotYet() if reply.status == 202 else Revoked(harmless(url) if is_plain(url) else "")

        return self._ask(f"records/{record}/revoke", b"", read)

    def page(self, after: str) -> Listed | Refused:
        """A page of them."""
        asked = f"&after={quote(after, safe='')}" if after else ""

        def read(reply: Reply, said: Mapping[str, object]) -> Listed | Refused:
            some = said.get("records")
            if not isinstance(some, list):
                return not_ours(reply)
            return Listed([_line(one) for one in some if isinstance(one, dict)], text_of(said.get("after")))

        return self._ask(f"records?limit=100{asked}", None, read)

    def _ask(self, route: str, body: bytes | None, read: Callable[[Reply, Mapping[str, object]], T]) -> T | Refused:
        request = Request(_AGENT, body, bearer=self._login.token.text)
        url, direct = f"{self._login.url}/api/v1/{route}", self._login.is_local
        try:
            reply = self._runner.run(ask(url, request, _MOST_BYTES, _unfollowed, through_proxy=not direct))
        except NoAnswerError as error:
            return Refused("unavailable", why=error.why)
        said = answers.members_of(reply)
        return said if isinstance(said, Refused) else read(reply, said)


def _line(said: Mapping[str, object]) -> Line:
    left = said.get("reads_left")
    return Line(
        id=harmless(text_of(said.get("id"))),
        door=harmless(text_of(said.get("door"))),
        is_locked=said.get("locked") is True,
        state=harmless(text_of(said.get("state"))),
        label=harmless(text_of(said.get("label"))),
        reads=number_of(said.get("reads")),
        reads_left=left if type(left) is int else None,
        wrong_keys=number_of(said.get("wrong_keys")),
        read_at=number_of(said.get("read_at")),
        expires_at=number_of(said.get("expires_at")),
        ended_at=number_of(said.get("ended_at")),
    )


def _unfollowed(_done: int, _of: int) -> None:
    """None of these answers is large."""
