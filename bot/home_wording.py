"""What the Home tab says, and the access log that opens from it."""

from typing import Final

from store.attention import Why
from store.listing import Section

TITLE: Final = "Credentials that you sent"
TITLE_OF_ALL: Final = "Credentials that anybody sent"
TITLE_OF_ONE: Final = "Credentials that one person sent"
SEND: Final = "Send a credential"
RECORDS: Final = "Records"
CODE: Final = "For code…"
TOKENS: Final = "Tokens"
FIRST_RUN: Final = (
    "*1.* Name whoever needs it, and type the secret into the form. Or type `/sendsecret @name` anywhere.\n"
    "*2.* They get a link that opens once. Give them its passphrase by phone or text, not in Slack.\n"
    "*3.* What became of it stands here. It is destroyed when it was opened, and you get a receipt."
)
FIRST_RUN_OUTSIDE: Final = (
    "*1.* Name whoever needs it. You type the secret on a page outside Slack. Or type `/sendsecret @name` anywhere.\n"
    "*2.* They get a link that opens once. Give them its passphrase by phone or text, not in Slack.\n"
    "*3.* What became of it stands here. It is destroyed when it was opened, and you get a receipt."
)
MAY_NOT_SEND: Final = (
    "Your account here cannot send anything by itself. If somebody asks you for a secret, you get a link to a page for "
    "it, and what you sent by that stands here."
)

SECTIONS: Final = {
    Section.ATTENTION: "Needs you",
    Section.OUTSTANDING: "Not opened yet",
    Section.HISTORY: "Over",
}
SECTIONS_OF_ALL: Final = {
    Section.ATTENTION: "Needs somebody",
    Section.OUTSTANDING: "Not opened yet",
    Section.HISTORY: "Over",
}
NOTHING: Final = {
    Section.ATTENTION: "Nothing needs you.",
    Section.OUTSTANDING: "Nothing is waiting to be opened.",
    Section.HISTORY: "Nothing is over yet.",
}
NOTHING_OF_ALL: Final = {
    Section.ATTENTION: "Nothing needs anybody.",
    Section.OUTSTANDING: "Nothing is waiting to be opened.",
    Section.HISTORY: "Nothing is over yet.",
}
NO_MORE: Final = "There is nothing more."
COUNTED: Final = "{name} ({count})"
OVER: Final = "over {count}"
OVERVIEW: Final = "Everything"
MINE: Final = "Mine"
EVERYBODYS: Final = "Everybody's"
SENT_BY: Final = "Sent by…"
NEWEST: Final = "Back to the newest"
OLDER: Final = "Older"
AGAIN: Final = "Look again"
MORE: Final = "There are more: press “{name}” above."

LATELY: Final = "In the last 30 days: {opened} opened, {unopened} ended unopened."
LATELY_IN: Final = "In the last 30 days: {opened} opened, half of them within {span}; {unopened} ended unopened."
SECONDS: Final = "a minute"
MINUTES: Final = "{count} minutes"
HOURS: Final = "{count} hours"
DAYS: Final = "{count} days"

ROW: Final = "*{label}* for *{recipient}*\n{standing}"
ROW_CLASS: Final = "*{label}* for *{recipient}* ({kind})\n{standing}"
ROW_OF_ALL: Final = "*{sender}* → *{recipient}* ({kind}) · {called} · `{short}`\n{standing}"
ROTATE_BY: Final = "{row}\nThe key is to be rotated by {day}."
ROTATED: Final = "{row}\nThe key was rotated {at}."
WHY: Final = {
    Why.SECOND_READER: "A second page gave the right passphrase",
    Why.PRESSED_BY_ANOTHER: "Somebody else pressed Open in {recipient}'s message",
    Why.NOT_EXPECTED: "{recipient} did not expect it",
    Why.DENIED: "{recipient} did not expect it, and it was opened",
    Why.NOT_ME: "Somebody with the link says: not me",
    Why.LOCKED: "Locked: {count} wrong passphrases",
    Why.WANTS_PASSPHRASE: "Somebody with the link asks for the passphrase",
    Why.WANTS_ANOTHER: "Somebody with the link asks for a new one",
    Why.WANTS_TRIES: "Somebody with the link asks for more tries",
    Why.LAST_HOUR: "Less than an hour left, and not opened",
    Why.UNVIEWED: "Not opened since {since}",
    Why.EXPIRED: "Expired unopened",
    Why.UNDELIVERED: "Did not arrive",
    Why.LOCKED_OUT: "Destroyed after too many wrong passphrases",
    Why.LOST: "Its key was lost",
    Why.ROTATE: "To be rotated by {day}",
}
LOG: Final = "Access log"

STORE_AWAY: Final = "I could not reach my store just now. Nothing is lost. Look again in a moment."
NOT_KNOWN: Final = "Slack did not say just now who you are, so that I show nothing. Look again in a moment."
RULES: Final = "The rules here: {rules}"

LOG_TITLE: Final = "Access log"
LOG_CLOSE: Final = "Close"
LOG_OF: Final = "*{sender}* → *{recipient}*"
LOG_FROM: Final = "{told} · from {network}, {browser}"
LOG_FROM_ONE: Final = "{told} · from {where}"
LOG_LEFT_OUT: Final = "The first {count} events are not shown. An auditor can have all of them in an evidence pack."
LOG_DAMAGED: Final = "{at} · what happened then cannot be read any more"
LOG_WHERE: Final = "Times are yours. “From” is the network, not the address, and the kind of browser."
LOG_LOOKING: Final = "Looking for every event…"
LOG_FAILED: Final = (
    "Something went wrong on my side. Nothing was changed. Close this and press again; if it happens again, tell "
    "whoever runs Sendsecret."
)
LOG_NOT_OPENED: Final = "Slack did not open the access log. Nothing was changed; press again."
