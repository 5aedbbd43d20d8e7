"""
From what is wished for to an order: asked for with the token, and waited for until the bot has answered.

Nothing of the secret is sealed before: who it is for, as the bot found them, is shown first.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Final, NoReturn

from sendsecret.sending import wording
from sendsecret.sending.answers import Before, Declined, NotYet, Open
from sendsecret.sending.order_routes import OrderRoutes
from sendsecret.sending.stopping import StoppedError
from sendsecret.talking import terminal
from sendsecret.talking.patience import until_answered
from sendsecret.talking.refusals import Refused
from store.formats.asked_order_v1 import LINK_BACK, NO_ENGAGEMENT, Wishes
from store.formats.order_link_v1 import OrderLink
from store.words import Way

Say = Callable[[str], None]

ASK_SECONDS: Final = 20
SAID_AFTER_SECONDS: Final = 10
MOST_SECONDS: Final = 60
_EVERY_SECONDS: Final = 0.4
_HOPELESS: Final = ("certificate", "proxy", "redirected")
_NOT_TAKEN: Final = {"malformed", "too-large"}
_YES: Final = {"y", "yes"}
ANYTHING: Final = "anything"
"""What is handed over where no template is named."""


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


def order(routes: OrderRoutes, wishes: Wishes, say: Say, key: str | None = None) -> Ordered | Before:
    """An order for just this, or what was made of it before under the same key. Raises StoppedError."""
    say(f"Asking {routes.host}…")
    found = _once(routes, wishes, say, key)
    if isinstance(found, Declined) and found.why == "confirm" and _is_meant(found, wishes):
        found = _once(routes, replace(wishes, anyway=True), say, key)
    if isinstance(found, Declined):
        _decline(found)
    if isinstance(found, Before):
        return found
    if not _is_for(wishes, found.terms):
        raise StoppedError("other-order", wording.OTHER_ORDER)
    for line in wording.ordered(found.terms, is_filled_in=wishes.template is not None):
        say(line)
    return found


def _is_for(wishes: Wishes, terms: Open) -> bool:
    """What the server says is what the recipient will read, and what becomes of it: it must be what was asked for."""
    asked = (
        (wishes.label and wishes.label.strip(), terms.label),
        (wishes.hint and wishes.hint.strip(), terms.hint),
        (wishes.template or ANYTHING, terms.template),
        (wishes.lives_seconds, terms.lives_seconds),
    )
    is_so = all(wish in (None, found) for wish, found in asked)
    # A link that nobody asked to keep would never reach its recipient; another one would not stay here.
    is_kept = (terms.way == Way.SHOWN) == (wishes.delivery == LINK_BACK)
    is_dated = wishes.engagement_ends in (None, NO_ENGAGEMENT) or terms.rotate_by > 0
    return is_so and is_kept and is_dated and terms.lives_seconds > 0


def turn_away(refused: Refused) -> NoReturn:
    """Raises StoppedError for a refusal before anything was handed in."""
    if refused.word == "no-token":
        raise StoppedError("no-token", wording.NO_TOKEN)
    if refused.word == "wrong-scope":
        raise StoppedError("wrong-scope", wording.WRONG_SCOPE)
    if refused.word == "idempotency-mismatch":
        raise StoppedError("refused", wording.refused(refused.word, []), why=refused.word)
    if refused.word == "idempotency-running":
        wait = refused.retry_after_seconds
        raise StoppedError("running", wording.RUNNING.format(wait=wait), retry_after_seconds=wait)
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


def _once(routes: OrderRoutes, wishes: Wishes, say: Say, key: str | None) -> Ordered | Declined | Before:
    # One for this question and its repetitions: an answer that was lost on the way is then given once more.
    attempt = secrets.token_urlsafe(32)

    def ask() -> OrderLink | Before | Refused:
        return routes.ask_for(asdict(wishes), key, attempt)

    link: OrderLink | Before | Refused = until_answered(ask, tell(say), ASK_SECONDS, _HOPELESS)
    if isinstance(link, Refused):
        turn_away(link)
    if isinstance(link, Before):
        return link
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
