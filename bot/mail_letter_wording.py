"""
What the e-mail with a link says, in text and in HTML alike.

It comes from an address that its reader may never have seen, about a credential, with a link in it: just what they were
taught to distrust.  So it says how to tell, and asks for nothing.
"""

from typing import Final

FROM: Final = "{sender} via Sendsecret"
SUBJECT: Final = "{label}: opens once"
SENT: Final = "{sender} ({workspace} in Slack) sent you this credential:"
OPEN: Final = "Open"
OR_COPY: Final = "Or copy this address into your browser:"
PASSPHRASE: Final = (
    "You need the passphrase that {sender} gives you by phone or text. It is never in an e-mail, neither in this one "
    "nor in another."
)
ONCE: Final = (
    "It opens once, and is then destroyed. It expires on {until} ({span}). Link previews and mail scanners do not use "
    "it up: nothing is used up until the right passphrase is entered."
)
REAL: Final = "How to tell that this is real"
REASONS: Final = (
    "It comes from {sender}. If you are in doubt, call {sender} by a number that you know already.",
    "The link leads to {host}, and nowhere else.",
    "We never ask for a password, an account or a payment. The page asks for that one passphrase and for nothing more.",
)
UNEXPECTED: Final = (
    "Not expecting this? Leave it closed: the link's page has “I was not expecting this”, which tells {sender} and "
    "uses nothing up."
)
TERMINAL: Final = (
    "Without a browser, or without JavaScript: the command sendsecret open opens the same link in a terminal."
)
ABOUT: Final = "Sent by Sendsecret at {host} for {sender}. Replies do not reach {sender}."
SPANS: Final = {"minute": "in {count} minutes", "hour": "in {count} hours", "day": "in {count} days"}
SOON: Final = "in a minute"
