"""The routes for those who seal, as the protocol has them: whose token, ask, look, and the drop."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Final, TypeVar
from urllib.parse import urlsplit

from sendsecret.sending import answers
from sendsecret.sending.answers import Before, Known, Sealed, Standing
from sendsecret.sending.login_file import Login
from sendsecret.talking.exchange import NoAnswerError, OnShare, Reply, Request, ask
from sendsecret.talking.refusals import Refused
from store.formats.order_link_v1 import OrderLink

T = TypeVar("T")

MOST_BYTES: Final = 64 * 1024
_AGENT: Final = "sendsecret-send"


class OrderRoutes:
    """
    What a client says to its server. The token goes to two of the routes; secret, passphrase and link to none.

    `runner` is kept by the caller: prompts stand outside any event loop, so that Ctrl-C reaches them.
    """

    def __init__(self, login: Login, runner: asyncio.Runner) -> None:
        self._api = f"{login.url}/api/v1"
        self._bearer = login.token.text
        self._through_proxy = not login.is_local
        self._runner = runner
        self.host = urlsplit(login.url).netloc

    def whose(self) -> Known | Refused:
        """Whether the server takes the token; uses nothing up."""
        return self._ask("token", Request(_AGENT, bearer=self._bearer), answers.known)

    def ask_for(self, wishes: Mapping[str, object], key: str | None, attempt: str) -> OrderLink | Before | Refused:
        """Ask for an order; of those who ask with the same key, one attempt gets it, as often as it asks."""
        attempted = None if key is None else attempt
        request = Request(_AGENT, _encoded(wishes), bearer=self._bearer, idempotency_key=key, attempt=attempted)
        return self._ask("orders", request, answers.asked)

    def look(self, link: OrderLink) -> Standing | Refused:
        """How it stands; uses nothing up."""
        request = Request(_AGENT, _encoded({"token": link.token_text}))
        return self._ask(f"orders/{link.id_text}/look", request, answers.standing)

    def hand_in(self, link: OrderLink, body: bytes, on_sent: OnShare) -> Sealed | Refused:
        """Hand the drop in; the same again is the same."""
        request = Request(_AGENT, body, "application/octet-stream", on_sent=on_sent)
        return self._ask(f"orders/{link.id_text}/drop", request, answers.sealed)

    def _ask(self, route: str, request: Request, read: Callable[[Reply], T | Refused]) -> T | Refused:
        asked = ask(f"{self._api}/{route}", request, MOST_BYTES, _unfollowed, through_proxy=self._through_proxy)
        try:
            return read(self._runner.run(asked))
        except NoAnswerError as error:
            return Refused("unavailable", why=error.why)


def _encoded(members: Mapping[str, object]) -> bytes:
    # As they are: escaped, a label in another script would be three times as long.
    return json.dumps(members, ensure_ascii=False).encode()


def _unfollowed(_done: int, _of: int) -> None:
    """None of these answers is large."""
