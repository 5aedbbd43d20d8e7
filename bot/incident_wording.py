"""
What is said when a laptop is gone: whose, what they were handed, and what is to be done about each.
"""

from typing import Final

TITLE: Final = "A laptop is gone"
CLOSE: Final = "Close"

WHOM: Final = (
    "*Whose laptop is gone?* Nothing was changed. Type `/sendsecret incident @dana`, choosing the name from Slack's "
    "list, or `/sendsecret incident dana@example.com`. You see everything that they were ever handed, and can revoke "
    "what is outstanding."
)
NOT_OPENED: Final = "Slack did not open the list. Nothing was changed. Type the command again."
LOOKING: Final = "Looking for everything that they were handed…"
STORE_AWAY: Final = (
    "I could not reach my store just now. Nothing more was changed. Close this and type the command again in a moment."
)
FAILED: Final = (
    "Something went wrong on my side. What was revoked by then stays so. Close this and type the command again; if it "
    "happens again, tell whoever runs Sendsecret."
)
WHO_ASKS: Final = (
    "Slack did not say just now who you are. Nothing was changed. Close this and type the command again in a moment."
)

HANDED: Final = "*Handed to {name}*"
COUNTED_BEFORE: Final = "How many are left is counted when you open this list again."
SUMMARY: Final = "Opened and not rotated: *{rotate}* · Outstanding: *{revoke}* · Nothing to do: *{nothing}*"
NOTHING: Final = "Nothing that is still on record was handed to them."
NOTHING_OWN: Final = "You handed nothing to them that is still on record."
OWN_ONLY: Final = (
    "You see only what you handed over yourself. Tell {people} at once: they see everything that this person has."
)
OWN_ONLY_NOBODY: Final = (
    "You see only what you handed over yourself. Tell whoever runs Sendsecret at once: they see everything that this "
    "person has."
)
AUDITOR: Final = "Auditors look and revoke nothing but their own. Ask {people} at once to revoke what is outstanding."
AUDITOR_NOBODY: Final = (
    "Auditors look and revoke nothing but their own. Ask whoever runs Sendsecret at once to revoke what is outstanding."
)
FOREIGN: Final = "Of another workspace, and not shown here: {count}."
TOKENS: Final = (
    "*Tokens for programs that still work: {count}*\n{lines}\nWhoever has the laptop can do what each is for: with "
    "`send`, send in this person's name; with `read`, see what this person sent, to whom, and what became of it, and "
    "no secret; with `revoke`, end what this person sent and nobody has opened. {end}"
)
TOKENS_TO_END: Final = "End them with the button above. Programs that need one stop until this person makes another."
TOKENS_ASK: Final = "Ask {people} at once to end them; this person can, too, with `/sendsecret token revoke all`."
TOKENS_ASK_NOBODY: Final = (
    "Ask whoever runs Sendsecret at once to end each with `sendsecret token revoke` and its name; this person ends "
    "them all with `/sendsecret token revoke all`."
)
END_TOKENS: Final = "End all tokens ({count})"
END_TOKENS_TITLE: Final = "End all their tokens?"
END_TOKENS_QUESTION: Final = (
    "Nobody can do anything with them any more, at once and for good. Programs that this person runs with them stop. "
    "What they have sent stays sent."
)
END_TOKENS_YES: Final = "End them"
END_TOKENS_NO: Final = "Keep them"
TOKENS_ENDED: Final = "*Tokens ended: {count}.* Whoever has one can do nothing with it any more."
TOKENS_ENDED_BEFORE: Final = "No token of this person's serves any more. Nothing was changed."
TOKENS_NOT_YOURS: Final = "Only administrators end somebody else's tokens. Nothing was changed."
TOKEN: Final = "• {name} for {scopes}, until {until}"

RECORDS: Final = (
    "*Records that they were handed or made*: whoever has what opens one reads a credential over and over, until it is "
    "revoked. Revoke those that live, and rotate each at its provider."
)
RECORDS_MORE: Final = "There are more of these: whoever runs Sendsecret gets all of them by `sendsecret incident`."

REVOKE: Final = "Revoke all outstanding ({count})"
REVOKE_TITLE: Final = "Revoke all of it?"
REVOKE_QUESTION: Final = (
    "Everything that you may revoke and they could still open is destroyed at once. It cannot be undone. Their senders "
    "are told."
)
REVOKE_YES: Final = "Revoke all"
REVOKE_NO: Final = "Keep it"
REVOKING: Final = (
    "*Revoking…* {done} of {count} so far. You can close this. If it stands still for minutes, type the command again: "
    "what was revoked stays revoked."
)
NONE_LEFT: Final = "Nothing that you may revoke is outstanding. Nothing was changed."
REVOKED: Final = "*Revoked and destroyed unopened: {count}.* Their senders are told."
OPENED: Final = "*Opened before I came to them: {count}.* It is too late for these: rotate them."
OVER: Final = "Over by themselves meanwhile, or revoked by somebody else: {count}."
UNFINISHED: Final = "*Not finished: {count}. Press the button again.* What was revoked stays revoked."
UNFINISHED_CUT: Final = (
    "*Not finished: I could not reach my store, and do not know how many are left.* Type the command again and press "
    "the button. What was revoked stays revoked."
)

WHAT: Final = "*{template}* · `{short}`"
WHAT_LABEL: Final = "*{label}* · `{short}`"
FROM: Final = "From {sender}, {at}"
TO_ROTATE: Final = "*Rotate it:* opened {at}"
ROTATED: Final = "Opened {at}, rotated {rotated}"
ROTATE_BY: Final = "to be rotated by {day} at the latest"
ROTATE_THERE: Final = "<{url}|rotate it there>"
UNTIL: Final = "{standing}; can be opened until {until}"

SHOWN: Final = "{first} to {last} of {count}"
FIRST: Final = "Back to the first"
NEXT: Final = "Next"

ERASED_MONTHS: Final = "Names of these months are erased, and what was handed over then is not in this list: {months}."
ERASED_LONG: Final = (
    "Names of {count} months, from {first} to {last}, are erased, and what was handed over then is not in this list."
)
FORGOTTEN: Final = (
    "Drops that name no recipient, because somebody was asked to be forgotten: {count}. Some may have been for this "
    "person."
)
OTHER_NAME: Final = (
    "What went to them by e-mail stands under their address, and what went to their Slack account under that: look at "
    "both."
)
NOT_MAY: Final = "Not yours to revoke, or Slack did not say who you are: {count}. They are open as before."
TAKE: Final = "As a page or a table"
TAKEN: Final = (
    "*To print, or for a spreadsheet:* both links work until {until}, for whoever has them. The list is made anew each "
    "time. {told}"
)
TOLD: Final = "The audit channel reads that you have it."
NOT_TOLD: Final = "No audit channel could be told that you have it."
PAGE: Final = "Page"
TABLE: Final = "CSV"
NOT_TO_TAKE: Final = "Only administrators and auditors take the list out of Slack. Nothing was changed."
AUDITED: Final = (
    "*{who}* took the list of what was handed to *{name}* out of Slack, as a page and a table; its links work for "
    "fifteen minutes"
)
COMMAND: Final = (
    "A table and a page to print: whoever runs Sendsecret types "
    "`sendsecret incident --person {person} --csv list.csv --page list.html` where it runs."
)
