"""
What the recipient reads around the press that lets them in: the window after it, and why it lets nobody in.
"""

from typing import Final

TITLE: Final = "Open it now"
CLOSE: Final = "Close"
LET_IN: Final = (
    "*{sender}* sent you this credential. Open it within ten minutes, until {until}, with the passphrase that {sender} "
    "gives you. It opens once."
)
LET_IN_BARE: Final = (
    "*{sender}* sent you this credential. Open it within ten minutes, until {until}. It opens once, and needs no "
    "passphrase."
)
OPEN: Final = "Open"
CALM: Final = "Nothing is used up if the ten minutes go by: press Open in the message again."

NOT_FOR_YOU: Final = (
    "This is for {recipient}, who alone can open it, from their own Slack account. Nothing was opened. {sender} has "
    "been told, and it is on record for their security team."
)
CLAIMED: Final = (
    "It was opened {at}, and it opens only once. If that was not you, press “I was not expecting this”, and call "
    "{sender}."
)
LOCKED: Final = (
    "It is locked after too many wrong passphrases; the secret is still there. Call {sender}, who may be able to allow "
    "more tries. Then press Open again."
)
PAUSED: Final = (
    "It is paused, because somebody pressed “I was not expecting this”; the secret is still there. Call {sender}: when "
    "they have said that it is right, press Open again."
)
AGAIN: Final = "I could not let you in just now. Nothing is used up; press Open again."
