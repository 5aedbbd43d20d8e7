"""
From what is wished for to an order: asked for with the token, and waited for until the bot has answered.

Nothing of the secret is sealed before: who it is for, as the bot found them, is shown first.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Final, NoReturn

from sendsecret.sending import wording
from sendsecret.sending.answers import Declined, NotYet, Open
from sendsecret.sending.order_routes import OrderRoutes
from sendsecret.sending.stopping import StoppedError
from sendsecret.talking import terminal
from sendsecret.talking.patience import until_answered
from sendsecret.talking.refusals import Refused
from sendsecret.talking.strangers_text import harmless
from store.formats.asked_order_v1 import Wishes
from store.formats.order_link_v1 import OrderLink

Say = Callable[[str], None]

ASK_SECONDS: Final = 20
SAID_AFTER_SECONDS: Final = 10
MOST_SECONDS: Final = 60
_EVERY_SECONDS: Final = 0.4
_HOPELESS: Final = ("certificate", "proxy", "redirected")
_NOT_TAKEN: Final = {"malformed", "too-large"}
_YES: Final = {"y", "yes"}


@dataclass(frozen=True)
class Ordered:
    """An order that is open; `seen_at` is when the server said its time, on this computer's own clock of seconds."""

    link: OrderLink
    terms: Open
    seen_at: float

    @property
    def now(self) -> int:
        """The server's time, Unix seconds."""
        return self.terms.now + int(time.monotonic() - self.seen_at)


def order(routes: OrderRoutes, wishes: Wishes, say: Say) -> Ordered:
    """An order for just this. Raises StoppedError."""
    say(f"Asking {routes.host}…")
    found = _once(routes, wishes, say)
    if isinstance(found, Declined) and found.why == "confirm" and _is_meant(found, wishes):
        found = _once(routes, replace(wishes, anyway=True), say)
    if isinstance(found, Declined):
        _decline(found)
    terms = found.terms
    # What the server says is what the recipient will read: it must be what was asked for.
    if (terms.label, terms.hint, terms.lives_seconds) != (
        wishes.label.strip(), (wishes.hint or "").strip(), wishes.lives_seconds
    ):  # fmt: skip
        raise StoppedError("other-order", wording.OTHER_ORDER)
    kind = wording.KIND.get(terms.recipient_class, "somebody")
    say(f"From:       {harmless(terms.sender)}")
    say(f"To:         {harmless(terms.recipient)} ({kind})")
    say(f"What it is: {harmless(terms.label)}")
    return found


def turn_away(refused: Refused) -> NoReturn:
    """Raises StoppedError for a refusal before anything was handed in."""
    if refused.word == "no-token":
        raise StoppedError("no-token", wording.NO_TOKEN)
    if refused.word == "wrong-scope":
        raise StoppedError("wrong-scope", wording.WRONG_SCOPE)
    if refused.word in _NOT_TAKEN and not refused.why:
        raise StoppedError("refused", wording.NOT_TAKEN, why=refused.word)
    why = refused.why or (refused.word if refused.word in wording.WHY else "")
    raise StoppedError("unavailable", f"{wording.WHY[why]}. {wording.NOTHING}", why=why or refused.word)


def tell(say: Say) -> Callable[[Refused, float], None]:
    """Says why it is tried again."""

    def said(refused: Refused, wait: float) -> None:
        why = wording.WHY.get(refused.why or refused.word, wording.WHY[""])
        say(f"{why}. Trying again in {wait:.0f} s.")

    return said


def _once(routes: OrderRoutes, wishes: Wishes, say: Say) -> Ordered | Declined:
    link = until_answered(lambda: routes.ask_for(asdict(wishes)), tell(say), ASK_SECONDS, _HOPELESS)
    if isinstance(link, Refused):
        turn_away(link)
    began, is_said = time.monotonic(), False
    while time.monotonic() < began + MOST_SECONDS:
        seen = until_answered(lambda: routes.look(link), tell(say), ASK_SECONDS, _HOPELESS)
        match seen:
            case Open():
                return Ordered(link, seen, time.monotonic())
            case Declined():
                return seen
            case NotYet():
                if not is_said and time.monotonic() > began + SAID_AFTER_SECONDS:
                    say(wording.BOT_AWAY)
                    is_said = True
                time.sleep(_EVERY_SECONDS)
            case Refused(word="not-found"):
                break
            case Refused():
                turn_away(seen)
            case _:
                raise StoppedError("other-order", wording.OTHER_ORDER)
    raise StoppedError("no-bot", wording.NO_BOT)


def _is_meant(found: Declined, wishes: Wishes) -> bool:
    """Whether a person says so. Where nobody can be asked, nobody did."""
    if wishes.anyway or not terminal.is_there():
        return False
    try:
        return terminal.visible(wording.CONFIRM.format(names="; ".join(found.names))).strip().casefold() in _YES
    except EOFError:
        return False


def _decline(found: Declined) -> NoReturn:
    problem = "no-token" if found.why == "no-token" else "refused"
    why = found.why if found.why in wording.REFUSED else "other"
    raise StoppedError(problem, wording.refused(why, found.names), why=why, names=found.names)
