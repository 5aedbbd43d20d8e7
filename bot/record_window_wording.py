"""
What the window of records says that opens from the Home tab, what Home says of those that are over, and the answers.

Each sentence is whole.
"""

from typing import Final

from store.words import RecordState

WINDOW: Final = "Records"
CLOSE: Final = "Close"
LOOKING: Final = "Looking for your records…"
WHAT_FOR: Final = (
    "With a record a program reads a credential at every start, with a key of its own, or people look at it more than "
    "once, on a page with link and passphrase, until you end it."
)
NONE: Final = "You have no record. `/sendsecret code @person` makes one."
MORE: Final = "Older"
FIRST: Final = "Newest"
FOR_CODE: Final = "For code…"

ROW: Final = "*{label}* for {recipient} · `{record}`"
ROW_NOBODY: Final = "*{label}* · `{record}`"
ROW_UNNAMED: Final = "Record `{record}`"
UNREADABLE: Final = "(name unreadable)"
NEVER_READ: Final = "Until {until}, never read with its present key."
READ_ONCE: Final = "Until {until}, read once with its present key, {at}."
READ: Final = "Until {until}, read {count} times with its present key, last {at}."
NEVER_READ_PAGE: Final = "A page until {until}, never read with its present link and passphrase."
READ_ONCE_PAGE: Final = "A page until {until}, read once with its present link and passphrase, {at}."
READ_PAGE: Final = "A page until {until}, read {count} times with its present link and passphrase, last {at}."
LEFT: Final = "Reads left: {left}."
WRONG: Final = "Wrong keys so far: {count}."
WRONG_PAGE: Final = "Wrong passphrases so far: {count}."
IN_ESCROW: Final = "In escrow: our keyring can open it, too."
LOCKED: Final = (
    ":lock: *Locked: all tries at its passphrase are used up.* Nobody reads it until it is unlocked, or has another "
    "link."
)
LOCKED_FOR_GOOD: Final = (
    ":lock: *Locked: all tries at its passphrase are used up.* It cannot be unlocked any more: give it another link."
)
ENDED: Final = {
    RecordState.REVOKED: "Revoked {at}.",
    RecordState.EXPIRED: "Over since {at}.",
}
DUE: Final = "*Rotate the key at its provider, and press Rotated.*"
DUE_THERE: Final = "*Rotate the key at its provider, and press Rotated:* {url}"
RENEWED: Final = "Rotated at its provider, as was said {at}."

ROTATE: Final = "Another key…"
ROTATE_PAGE: Final = "Another link…"
REVOKE: Final = "Revoke"
REVOKE_TITLE: Final = "Revoke this record?"
REVOKE_QUESTION: Final = (
    "Programs that have its key read nothing any more. This cannot be undone, and does not change the key at its "
    "provider."
)
REVOKE_QUESTION_PAGE: Final = (
    "Whoever has its link and passphrase reads nothing any more. This cannot be undone, and does not change the key at "
    "its provider."
)
REVOKE_YES: Final = "Revoke"
REVOKE_NO: Final = "Keep it"
UNLOCK: Final = "Unlock"
UNLOCK_TITLE: Final = "Unlock this page?"
UNLOCK_QUESTION: Final = (
    "Five more tries at its passphrase, for whoever has the link. If it was not the one whom it is for, give it "
    "another link instead."
)
UNLOCK_YES: Final = "Unlock"
UNLOCK_NO: Final = "Leave it locked"
RENEW: Final = "Rotated"
RENEW_TITLE: Final = "Was the key rotated?"
RENEW_QUESTION: Final = (
    "Say so only once it has another key at its provider. It is on record, and cannot be taken back."
)
RENEW_YES: Final = "It was rotated"
RENEW_NO: Final = "Back"

REVOKED: Final = "Revoked: *{label}*. Nobody reads it any more. {provider}"
REVOKED_KEY_LEFT: Final = (
    "Revoked: *{label}*. Nobody reads it any more. What my keyring has for it could not be overwritten just now; I "
    "repeat it every minute. {provider}"
)
UNLOCKED: Final = {
    1: "Unlocked: *{label}*. Tries at its passphrase now: {tries}. After those it can be unlocked once more.",
    0: (
        "Unlocked: *{label}*. Tries at its passphrase now: {tries}. After those it stays locked until it has another "
        "link."
    ),
}
CANNOT_UNLOCK: Final = (
    "It is not locked, or was unlocked twice already, or fifteen tries at this link were wrong. Nothing was changed. "
    "Where it stays locked, give it another link."
)
RENEWED_NOW: Final = (
    "Noted that the key of *{label}* was rotated at its provider; that is on record. I cannot look whether the "
    "provider has a new key."
)
RENEWED_BEFORE: Final = "It is on record already that it was rotated. Nothing was changed."
ENDED_BEFORE: Final = "That record had ended already. Nothing was changed."
AWAY: Final = (
    "I could not reach my store just now, and do not know whether anything was changed. Look again in a moment."
)
NOT_OPENED: Final = (
    "Slack did not let me open the window with your records. Nothing was changed. Press the button again."
)

HOME_DUE: Final = "*{label}* is over, and the key at its provider is the one that was read. {standing}"
HOME_DUE_MORE: Final = "There are more of these under Records."
