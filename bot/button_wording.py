"""
What a press of a button is answered with.
"""

from typing import Final

from store.words import Outcome

REVOKED_NOW: Final = "Revoked. The secret is destroyed; nobody opened it."
TOO_LATE: Final = {
    Outcome.VIEWED: "Too late: it was opened {at}. Rotate it if that was the wrong person.",
    Outcome.RELEASED: "Too late: it was opened {at}. Rotate it if that was the wrong person.",
    Outcome.REVOKED: "It was revoked already, {at}. Nobody opened it.",
    Outcome.EXPIRED: "It had expired already, {at}. Nobody opened it.",
    Outcome.UNDELIVERED: "It never arrived and was destroyed {at}. Nobody opened it.",
    Outcome.LOCKED_OUT: "It was destroyed {at} after too many wrong passphrases. Nobody opened it.",
    Outcome.LOST: "Its key was lost {at}; nobody can open it any more.",
}
UNLOCKED_NOW: Final = "Five more tries allowed. Times that you can still do this: {left}."
UNLOCKED_LAST: Final = "Five more tries allowed, for the last time."
NOT_LOCKED: Final = "It is not locked: there are tries left. Nothing was changed."
NO_MORE_TRIES: Final = "No more tries can be allowed after fifteen. Revoke it and send a new one."
NOT_YOURS: Final = "Only the person who sent this can do that. Nothing was changed."
NO_SUCH_DROP: Final = "I do not know this one any more. Nothing was changed."
REVOKE_UNFINISHED: Final = "I could not finish that just now. Press the button again."
TRY_AGAIN: Final = "I could not reach my store just now. Nothing was changed; press the button again in a moment."
