"""What is said at the door of a drop, before anything is asked for or used up."""

from collections.abc import Callable
from typing import Final, NoReturn

from sendsecret.opening import wording
from sendsecret.opening.answers import Door
from sendsecret.opening.pasted_link import PastedLink
from sendsecret.opening.reader_routes import ReaderRoutes
from sendsecret.opening.stopping import CODES, StoppedError
from sendsecret.talking.patience import until_answered
from sendsecret.talking.refusals import Refused
from sendsecret.talking.strangers_text import harmless
from store.formats.errors import WrongHeaderError
from store.formats.header_v1 import Header
from store.formats.seal_v1 import check_header

Say = Callable[[str], None]

DOOR_SECONDS: Final = 5
_HOPELESS: Final = ("certificate", "proxy", "redirected")


def knock(pasted: PastedLink, routes: ReaderRoutes, say: Say) -> tuple[Door, Header]:
    """The door of a drop that can be opened now, and its header, which belongs to the link. Raises StoppedError."""

    def tell(answer: Refused, wait: float) -> None:
        say(f"{wording.WHY[answer.why or _known(answer.word)]}. Nothing is used up. Trying again in {wait:.0f} s.")

    say(f"Asking {pasted.host}…")
    answer = until_answered(routes.door, tell, DOOR_SECONDS, _HOPELESS)
    if isinstance(answer, Refused):
        turn_away(answer, "Nothing is used up. Run this again with the same link.")
    try:
        # Before anything else of the answer is believed or shown: a foreign header must not say who asks for what.
        header = check_header(pasted.link, answer.header)
    except WrongHeaderError:
        raise StoppedError("foreign-header", wording.FOREIGN) from None
    describe(header, answer, say)
    if answer.state in wording.REFUSED:
        raise StoppedError(answer.state, wording.REFUSED[answer.state])
    return answer, header


def describe(header: Header, door: Door, say: Say) -> None:
    """Who sent what, until when; each on a line of its own, which nothing in it can leave."""
    say(f"From:       {harmless(header.sender)}")
    say(f"What it is: {harmless(header.label)}{' (a file)' if header.kind == 'file' else ''}")
    say(f"Until:      {wording.moment(header.expires_at)}")
    if door.hint:
        say(f"Hint:       {harmless(door.hint)}")
    if door.state == "sealed":
        until = "the right passphrase is entered" if header.mode == "p" else "you open it"
        say(f"Nothing is used up until {until}. It opens once; after that it is destroyed.")


def turn_away(refused: Refused, unanswered: str, *, met: str = "") -> NoReturn:
    """Raises StoppedError for a refusal that ends it; `unanswered` is what follows where nobody of ours answered."""
    if refused.word == "not-found":
        raise StoppedError("not-found", f"{wording.DEAD} {wording.STRANGER}")
    if refused.word == "ended":
        sentence = wording.ended(refused.outcome, refused.at, met=met)
        raise StoppedError("ended", sentence, outcome=harmless(refused.outcome), at=refused.at)
    if refused.word == "verification-required" and met == "unsure":
        raise StoppedError(refused.word, wording.VERIFY_UNSURE)
    if refused.word in wording.REFUSED:
        problem = refused.word if refused.word in CODES else "unavailable"
        raise StoppedError(problem, wording.REFUSED[refused.word])
    why = refused.why or _known(refused.word)
    raise StoppedError("unavailable", f"{wording.WHY[why]}. {unanswered}", why=why or "no-answer")


def _known(word: str) -> str:
    return word if word in wording.WHY else ""
