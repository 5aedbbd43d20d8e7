"""
What the form for e-mail addresses says in place of that for people, and what is wrong with what was entered.
"""

from typing import Final

from store.words import Way

ADDRESSES_EXAMPLE: Final = "dana@example.com"
ADDRESSES_HINT: Final = "E-mail addresses, one on each line, up to ten; each gets a link of its own."
OUTSIDE: Final = "Type it outside Slack; then by e-mail"
WAYS: Final = {Way.MAIL: "By e-mail", Way.SHOWN: "Show me the link; I pass it on"}
PROMISE: Final = (
    "Each address gets a link of its own. It opens once, then the secret is destroyed. Whoever reads that mailbox has "
    "the link, and cannot open it without the passphrase. Slack sees what you type here in transit."
)
PROMISE_SHOWN: Final = (
    "Each address gets a link of its own. It opens once, then the secret is destroyed. Whoever has the link cannot "
    "open it without the passphrase. Slack sees what you type here in transit."
)
NOT_SET_UP: Final = (
    ":warning: Sending e-mail is not set up here. I show you each link instead, and you send it yourself, by another "
    "way than the passphrase. (Whoever runs Sendsecret can set it up: SMTP_URL.)"
)
IS_IT_RIGHT: Final = (
    ":warning: *{who}* is an e-mail address, and I cannot know whose. Is it right, letter for letter? A slip sends the "
    "link to a stranger."
)

# Refusals in the form (plain text) -----------------------------------------------------------------------------------
NO_ADDRESS: Final = "Give at least one address."
TOO_MANY_ADDRESSES: Final = "Give at most ten addresses."
NOT_AN_ADDRESS: Final = (
    "Number {number} is not an e-mail address that I can write to. Put one on each line, like dana@example.com, "
    "without names or brackets."
)
MAIL_NOT_SET_UP: Final = (
    'Sending e-mail is not set up here. Nothing was sent. Choose "Show me the link" and send it yourself.'
)
MAIL_NOT_SET_UP_OUTSIDE: Final = (
    "Sending e-mail is not set up here, and what is typed outside Slack could not reach an address without it. Nothing "
    "was sent. Ask whoever runs Sendsecret to set it up (SMTP_URL)."
)
