"""
Handing a sealed drop in, and waiting until its link has arrived.

A lost answer is asked for again with the same bytes: the server takes the same drop once.  From the first byte on
nobody can say "nothing was sent" any more, unless the server does.
"""

import time
from typing import Final, NoReturn

from sendsecret.sending import wording
from sendsecret.sending.answers import Sealed, Used
from sendsecret.sending.order_routes import OrderRoutes
from sendsecret.sending.ordering import Say, tell
from sendsecret.sending.stopping import StoppedError
from sendsecret.talking.patience import until_answered
from sendsecret.talking.progress import Progress
from sendsecret.talking.refusals import Refused
from sendsecret.talking.strangers_text import harmless
from store.formats.order_link_v1 import OrderLink

HAND_IN_SECONDS: Final = 120
MOST_SECONDS: Final = 60
LOOK_SECONDS: Final = 20
_EVERY_SECONDS: Final = 0.5


class MaybeError(Exception):
    """It may have arrived or not; `was_stopped` by a person."""

    def __init__(self, *, was_stopped: bool) -> None:
        super().__init__("unsure")
        self.was_stopped = was_stopped


def hand_in(routes: OrderRoutes, link: OrderLink, body: bytes, say: Say) -> None:
    """Hand it in. Raises StoppedError where the server says that it did not take it, MaybeError where nobody knows."""
    progress, was_lost = Progress(), False

    def once() -> Sealed | Refused:
        nonlocal was_lost
        answer = routes.hand_in(link, body, progress.at)
        was_lost |= isinstance(answer, Refused) and answer.word == "unavailable"
        return answer

    try:
        answer = until_answered(once, tell(say), HAND_IN_SECONDS, ("certificate", "redirected"))
    except KeyboardInterrupt:
        raise MaybeError(was_stopped=True) from None
    if isinstance(answer, Refused):
        _turn_away(answer, was_lost=was_lost)


def delivery(routes: OrderRoutes, link: OrderLink, say: Say) -> str:
    """What became of it: delivered, undelivered, or pending where it takes longer than anybody waits."""
    until = time.monotonic() + MOST_SECONDS
    while time.monotonic() < until:
        seen = until_answered(lambda: routes.look(link), tell(say), LOOK_SECONDS)
        if isinstance(seen, Used) and seen.delivery in {"delivered", "undelivered"}:
            return seen.delivery
        if isinstance(seen, Refused):
            break
        time.sleep(_EVERY_SECONDS)
    return "pending"


def _turn_away(refused: Refused, *, was_lost: bool) -> NoReturn:
    match refused.word:
        case "order-used" | "not-found":
            raise StoppedError("refused", wording.ORDER_OVER, why="order-over")
        case "unacceptable":
            # The server's own words: of what was sent in clear, header and sizes, something did not fit.
            sentence = f"The server does not take it: {harmless(refused.objection)}. {wording.NOTHING}"
            raise StoppedError("refused", sentence, why="unacceptable")
        case "too-large" if not refused.why:
            raise StoppedError("too-large", wording.TOO_LARGE)
        case "malformed":
            raise StoppedError("refused", wording.NOT_TAKEN_SEALED, why="malformed")
        case "busy" if not was_lost:
            raise StoppedError("unavailable", f"{wording.WHY['busy']}. {wording.NOTHING}", why="busy")
    raise MaybeError(was_stopped=False)
