"""
What the window says that has somebody type a secret outside Slack.
"""

from typing import Final

TITLE: Final = "Outside Slack"
CLOSE: Final = "Close"
INTRO: Final = (
    "*Nothing is sent yet.* Open the page, on this computer or another, and type or choose the secret there. The page "
    "seals it and shows you the passphrase to pass on; I bring the link to their DM."
)
INTRO_EACH: Final = (
    "*Nothing is sent yet.* Each person has a page of their own: open it, on this computer or another, and type or "
    "choose the secret there. The page seals it and shows you the passphrase to pass on; I bring the link to their DM."
)
TYPE_IT: Final = "Type it for {name}"
ONCE: Final = (
    "Each link works until {until}: whoever has it can seal one secret in your name, once. This window cannot be "
    "opened again; typing the command anew costs nothing."
)
