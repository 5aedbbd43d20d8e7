"""
What is said about rotating a key that was handed over: when to remind the sender, and what came of it.
"""

from typing import Final

ASK: Final = "Remind me to rotate this key on …"
SET: Final = "I remind you to rotate it {at}."
CHOOSE: Final = "Choose a day"
ON_RECORD: Final = "Rotated at its provider, as was said {at}."

WILL_REMIND: Final = (
    "I remind you on {day}, at nine in the morning of your time in Slack, if somebody has opened it by then. If your "
    "name is kept no more on that day, only the audit channel is reminded. Nothing here changes the key at its "
    "provider."
)
DAY_OVER: Final = (
    "On that day it is past nine in the morning, when I would remind you. Choose a later one. Nothing was changed."
)
TOO_FAR: Final = "Choose a day within the next ten years. Nothing was changed."
NO_DAY: Final = "No day was chosen. Nothing was changed."
ROTATED_ALREADY: Final = "It is on record already that it was rotated. Nothing was changed."
NOT_OPENED: Final = "Nobody has opened it, so that there is nothing to rotate because of it. Nothing was changed."
ROTATED_NOW: Final = (
    "Noted that it was rotated; that is on record for your security team. I cannot look whether the provider has a "
    "new key."
)
