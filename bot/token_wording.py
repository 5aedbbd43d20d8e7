"""
What `/sendsecret token` answers, and what the window of tokens says that opens from the Home tab.

Each sentence is whole; a token that was typed by mistake is repeated in none of them.
"""

from typing import Final

from store.words import Scope

MADE: Final = (
    "*A token for the command line.* It is shown only this once, to you alone, and serves until {until}:\n{token}\n"
    "On your computer: `sendsecret login`, with {address} as the server. Whoever has it can send secrets in your name, "
    "and read none: treat it like a password, and end it with `/sendsecret token revoke` when you need it no more."
)
MADE_FOR: Final = (
    "*A token for {scopes}.* It is shown only this once, to you alone, and serves until {until}:\n{token}\n"
    "It is for programs, with {address} as the server. With `read` they see what you sent, to whom, and what became of "
    "it, and no secret; with `revoke` they end what nobody has opened; with `send` they send in your name. Treat it "
    "like a password, and end it with `/sendsecret token revoke` when you need it no more."
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
LINE: Final = "• {name} for {scopes}, made {made}, serves until {until}, last used {used}"
LINE_UNUSED: Final = "• {name} for {scopes}, made {made}, serves until {until}, never used"
REVOKED: Final = "Ended: {name}. Whoever has it can do nothing with it any more. What it has sent stays sent."
REVOKED_ALL: Final = "Ended: all your tokens, {count} of them. What they have sent stays sent."
NOT_YOURS: Final = (
    "You have no token of that name that serves. Nothing was changed. `/sendsecret token revoke` shows which you have."
)
USAGE: Final = (
    "`/sendsecret token` makes a token for the command line, `/sendsecret token send read` one for what you name "
    "(`send`, `read`, `revoke`), and `/sendsecret token revoke` shows yours and ends them. "
    "Nothing was changed. If a token stood on that line, it has been through Slack: end it."
)
REVOKE_WHICH: Final = (
    "`/sendsecret token revoke` and a token's name ends that one, and `/sendsecret token revoke` alone shows which you "
    "have. To make one that may revoke, name that last, as in `/sendsecret token read revoke`. Nothing was changed."
)
STORE_AWAY: Final = "I could not reach my store just now. Nothing was changed. Type the command again in a moment."

WINDOW: Final = "Tokens"
CLOSE: Final = "Close"
DONE: Final = "I have it"
LOOKING: Final = "Looking for your tokens…"
WHAT_FOR: Final = (
    "With a token a program acts in your name: `sendsecret send`, or a client of the API. Whoever has it can do what "
    "it is for, until it ends."
)
ROW: Final = "{name} for {scopes}, serves until {until}, last used {used}"
ROW_UNUSED: Final = "{name} for {scopes}, serves until {until}, never used"
NO_ROWS: Final = "You have no token that serves."
END: Final = "Revoke"
END_TITLE: Final = "Revoke this token?"
END_QUESTION: Final = "Whoever has it can do nothing with it any more. What it has sent stays sent."
END_YES: Final = "Revoke"
END_NO: Final = "Keep it"
MAKE: Final = "Make a token"
FOR: Final = "A new token is for"
SCOPES: Final = {
    Scope.SEND: "Sending in my name, as `sendsecret send` does",
    Scope.READ: "Reading what I sent, to whom, and what became of it; no secret",
    Scope.REVOKE: "Revoking what nobody has opened",
}
DAYS: Final = "Days until it ends"
DAYS_HINT: Final = "1 to 90"
SHOWN: Final = (
    "*A token for {scopes}.* It is shown only this once, and serves until {until}:\n{token}\nThe server is {address}. "
    "Whoever has the token can do in your name what it is for: treat it like a password."
)
ENDED_HERE: Final = "Ended: {name}. Whoever has it can do nothing with it any more."
ENDED_BEFORE: Final = "That token had ended already. Nothing was changed."
NO_SCOPE: Final = "Tick what it is to be for. No token was made."
NO_DAYS: Final = "A number from 1 to 90, please. No token was made."
TOO_MANY_HERE: Final = "You have as many tokens as anybody may. End one first. No other was made."
MADE_ALREADY: Final = "This window has made a token already. Close it, and open it again for another one."
MAY_NOT_NOW: Final = "Your account here is not one that can have a token. None was made."
WINDOW_UNKNOWN: Final = "Slack did not say who you are just now. Nothing was changed. Try again in a moment."
WINDOW_AWAY: Final = "I could not reach my store just now. Nothing was changed. Try again in a moment."
WINDOW_NOT_OPENED: Final = (
    "Slack did not let me open the window with your tokens. Nothing was changed. Press the button again, or type "
    "`/sendsecret token`."
)
