"""
What `/sendsecret token` answers.

Each sentence is whole; a token that was typed by mistake is repeated in none of them.
"""

from typing import Final

MADE: Final = (
    "*A token for the command line.* It is shown only this once, to you alone, and serves until {until}:\n{token}\n"
    "On your computer: `sendsecret login`, with {address} as the server. Whoever has it can send secrets in your name, "
    "and read none: treat it like a password, and end it with `/sendsecret token revoke` when you need it no more."
)
NOT_SHOWN: Final = (
    "I made a token and Slack did not show it to you, so I ended it at once: nobody can use it, even if it "
    "still appears. Type `/sendsecret token` again."
)
TOO_MANY: Final = (
    "You have {count} tokens, as many as anybody may. No other was made. End one first: `/sendsecret token revoke`."
)
MAY_NOT: Final = (
    "Your account here is not one that can have a token for Sendsecret. None was made. Ask the person you work with "
    "here to send it."
)
UNKNOWN: Final = "Slack did not say who you are just now. Nothing was changed. Type the command again."
NONE: Final = "You have no token that serves. `/sendsecret token` makes one."
YOURS: Final = (
    "*Your tokens*\n{lines}\nTo end one: `/sendsecret token revoke` and its name. To end them all: "
    "`/sendsecret token revoke all`."
)
LINE: Final = "• {name}, made {made}, serves until {until}, last used {used}"
LINE_UNUSED: Final = "• {name}, made {made}, serves until {until}, never used"
REVOKED: Final = "Ended: {name}. Whoever has it can do nothing with it any more. What it has sent stays sent."
REVOKED_ALL: Final = "Ended: all your tokens, {count} of them. What they have sent stays sent."
NOT_YOURS: Final = (
    "You have no token of that name that serves. Nothing was changed. `/sendsecret token revoke` shows which you have."
)
USAGE: Final = (
    "`/sendsecret token` makes a token for the command line, `/sendsecret token revoke` shows yours and ends them. "
    "Nothing was changed. If a token stood on that line, it has been through Slack: end it."
)
STORE_AWAY: Final = "I could not reach my store just now. Nothing was changed. Type the command again in a moment."
