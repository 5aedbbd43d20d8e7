"""
What the recipient reads in Slack, from the link's arrival to its tombstone.
"""

from typing import Final

from store.words import Outcome

ARRIVED: Final = "{sender} sent you a credential"
ARRIVED_HOW: Final = (
    "*{sender}* sent you this credential. It opens once, expires {until}, and needs the passphrase that "
    "{sender} gives you."
)
ARRIVED_THERE: Final = "{sender} posted a credential for somebody here"
ARRIVED_HERE: Final = (
    "*{sender}* posted this credential for {recipient}. It opens once, expires {until}, and needs the passphrase that "
    "{sender} gives them."
)
ARRIVED_PRESS: Final = (
    "*{sender}* sent you this credential. It opens once, expires {until}, and needs the passphrase that {sender} gives "
    "you. Only your own Slack account can let you in: press Open here each time."
)
ARRIVED_PRESS_BARE: Final = (
    "*{sender}* sent you this credential. It opens once and expires {until}. Only your own Slack account can let you "
    "in: press Open here each time."
)
ARRIVED_BARE_CALM: Final = (
    "Looking at the page uses nothing up; it asks before it opens. No account and nothing to install."
)
ARRIVED_CALM: Final = "Nothing is used up until the right passphrase is entered. No account and nothing to install."
OPEN: Final = "Open"
NOT_EXPECTED: Final = "I was not expecting this"
NOT_EXPECTED_TITLE: Final = "Not expecting this?"
NOT_EXPECTED_QUESTION: Final = (
    "Nobody can open it then until the sender says that it is right. The sender is told, and it goes on record for "
    "their security team."
)
NOT_EXPECTED_YES: Final = "Pause it"
NOT_EXPECTED_NO: Final = "Back"
RESUMED: Final = (
    "*{sender}* says that “{label}” is right, and that it is for you. The link above can be opened again. "
    "If you are in doubt, call them."
)
RESUMED_HERE: Final = (
    "*{sender}* says that “{label}” is right, and that it is for you. The link that they posted can be opened again. "
    "If you are in doubt, call them."
)
UNLOCKED_HERE: Final = "*{sender}* allowed five more tries for “{label}”. The link that they posted works again."
UNLOCKED: Final = "*{sender}* allowed five more tries for “{label}”. The link above works again."
REMINDED: Final = (
    "*{sender}* is waiting for you to open “{label}”. The link above opens once, until {until}, with the passphrase "
    "that {sender} gives you."
)
REMINDED_HERE: Final = (
    "*{sender}* is waiting for you to open “{label}”. The link that they posted opens once, until {until}, with the "
    "passphrase that {sender} gives you."
)
RESUMED_PRESS: Final = (
    "*{sender}* says that “{label}” is right, and that it is for you. To open it, press Open in the message above. If "
    "you are in doubt, call them."
)
UNLOCKED_PRESS: Final = "*{sender}* allowed five more tries for “{label}”. Press Open in the message above."
REMINDED_PRESS: Final = (
    "*{sender}* is waiting for you to open “{label}”. Press Open in the message above: it opens once, until {until}, "
    "with the passphrase that {sender} gives you."
)
REMINDED_PRESS_BARE: Final = (
    "*{sender}* is waiting for you to open “{label}”. Press Open in the message above: it opens once, until {until}."
)
TAKEN_BACK: Final = (
    "This link was taken back: it could not be recorded, and will open nothing. Ask *{sender}* for a new one."
)
GONE: Final = "The credential that {sender} sent you is gone"
REVOKED_BY_ADMIN: Final = "An administrator took it back {at}. Nobody opened it. It came from *{sender}*."
TOMBSTONES: Final = {
    Outcome.VIEWED: "Opened {at} and destroyed. It came from *{sender}*.",
    Outcome.RELEASED: (
        "Opened {at} and destroyed; the page never confirmed that it could be read. "
        "If you do not have it, ask *{sender}* for a new one."
    ),
    Outcome.REVOKED: "*{sender}* took it back {at}. Nobody opened it.",
    Outcome.EXPIRED: "Expired {at}; nobody opened it. If you need it, ask *{sender}* for a new one.",
    Outcome.UNDELIVERED: "It did not arrive in time; since {at} nobody can open it. Ask *{sender}* for a new one.",
    Outcome.LOCKED_OUT: "Destroyed {at} after too many wrong passphrases. Ask *{sender}* for a new one.",
    Outcome.LOST: "Its key was lost {at}; it can no longer be opened by anybody. Ask *{sender}* for a new one.",
}
