"""
What is said in a dispute over one drop: which one, what became of it, and what of that is proven.

What is proven and what is not stand in letters of the same size.
"""

from typing import Final

TITLE: Final = "What became of it"
CLOSE: Final = "Close"
SHOW: Final = "Show"

WHICH: Final = (
    "*Which one is it about?* Nothing was changed. Type `/sendsecret dispute` alone to choose, or behind it the six "
    "characters that the audit channel shows, or the address of its receipt."
)
UNKNOWN: Final = (
    "I know none by that name that you may look at: its sender may, and administrators and auditors. Type "
    "`/sendsecret dispute` alone to choose. Nothing was changed."
)
ERASED: Final = (
    "Who handed this over, and to whom, was erased here with the names of its month, so that nobody can be shown its "
    "page. Its events and its receipt are kept, without names: a receipt still opens at its address, and whoever runs "
    "Sendsecret has the events. Nothing was changed."
)
NOT_OPENED: Final = "Slack did not open the page. Nothing was changed. Type the command again."
LOOKING: Final = "Looking it up…"
STORE_AWAY: Final = (
    "I could not reach my store just now. Nothing was changed. Close this and type the command again in a moment."
)
FAILED: Final = (
    "Something went wrong on my side. Nothing was changed. Close this and type the command again; if it happens again, "
    "tell whoever runs Sendsecret."
)
WHO_ASKS: Final = (
    "Slack did not say just now who you are. Nothing was changed. Close this and type the command again in a moment."
)
NONE_SENT: Final = "You have handed over nothing that is still on record. Type `/sendsecret @person` to begin."

CHOOSE: Final = "Which one?"
CHOOSE_HINT: Final = (
    "The latest hundred. For an older one type /sendsecret dispute, and behind it its six characters or the address of "
    "its receipt."
)
OPTION: Final = "{at} UTC · {recipient} · {what}"

WHAT: Final = "*{template}* · `{short}`"
WHAT_LABEL: Final = "*{label}* · `{short}`"
WHO: Final = "*{sender}* handed it to *{recipient}* ({kind}) {at}."
STANDS: Final = "{standing}."
WRONG: Final = "• Wrong passphrases: *{count}*"
NOT_ASKED: Final = "• Whose account opened it was not asked for: whoever had the link and the passphrase could open it"
VERIFIED: Final = (
    "• The recipient's own Slack account pressed its button last {at}; it could be opened for ten minutes after that"
)
NOT_VERIFIED: Final = (
    "• The recipient's own Slack account was to press its button first, and never did: nobody could open it"
)
NOT_VERIFIED_YET: Final = (
    "• The recipient's own Slack account is to press its button first, and has not so far: until it does, nobody can "
    "open it"
)
REFUSED: Final = "• Other accounts that pressed the recipient's button, in vain: *{count}*"
LOOKED: Final = "• The page of the link was first looked at {at}, {seen}; nothing was shown by that"
LOOKED_ERASED: Final = "• The page of the link was first looked at {at}; from where is not on record, or erased"
FROM: Final = "from {network}"
WITH: Final = "with {browser}"
FROM_WITH: Final = "from {network} with {browser}"
OPENED: Final = "• Opened {at}, {seen}"
OPENED_ERASED: Final = "• Opened {at}; from where is not on record, or erased"
NEVER_OPENED: Final = "• Never opened: it was given to no page"
AT_DOOR_UNOPENED: Final = (
    "• Its dead link was looked at afterwards, and nothing was shown: *{count}* times on record; often the recipient"
)
TRIED_UNOPENED: Final = "• A passphrase was typed after it was over, and nothing was shown: *{count}* times on record"
TRIED_UNOPENED_BARE: Final = (
    "• Somebody tried to open it after it was over, and nothing was shown: *{count}* times on record"
)
AT_DOOR: Final = "• Opened again afterwards, and nothing was shown: *{count}* times on record; often the recipient"
WRONG_AFTER: Final = "• Tried afterwards with another passphrase, or too late to tell: *{count}* times on record"
RIGHT_AFTER: Final = (
    "• :rotating_light: Tried afterwards with the *right* passphrase, and nothing was shown: *{count}* times on "
    "record. Two people, or two pages of one, had link and passphrase"
)
RIGHT_AFTER_BARE: Final = (
    "• :rotating_light: Tried afterwards with the *whole link*, and nothing was shown: *{count}* times on record. Two "
    "people, or two pages of one, had the link"
)
DENIED: Final = "• Somebody said “that was not me” or “I was not expecting this”: *{count}* times on record"

PROVES: Final = "*What this proves*"
PROVES_NOT: Final = "*What it does not prove*"
OPENED_PROVES: Final = (
    "The secret was given to one page and to no second one. Whoever opened it had the whole link and the right "
    "passphrase. The steps below are as they stand here; `sendsecret verify` checks their signatures and the log."
)
OPENED_BARE_PROVES: Final = (
    "The secret was given to one page and to no second one. Whoever opened it had the whole link; there was no "
    "passphrase. The steps below are as they stand here; `sendsecret verify` checks their signatures and the log."
)
UNOPENED_PROVES: Final = (
    "The secret was given to nobody, and its key is destroyed, or is being destroyed now. The steps below are as they "
    "stand here; `sendsecret verify` checks their signatures and the log."
)
OPEN_PROVES: Final = (
    "So far the secret was given to nobody. The steps below are as they stand here; `sendsecret verify` checks their "
    "signatures and the log."
)
VERIFIED_PROVES_NOT: Final = (
    "Who sat in front of the page: somebody had link and passphrase, within ten minutes after the recipient's account "
    "pressed its button. A network's prefix is shared by many, and a browser is what it called itself. What was done "
    "with the secret afterwards is not on record anywhere here."
)
VERIFIED_BARE_PROVES_NOT: Final = (
    "Who sat in front of the page: somebody had the link, within ten minutes after the recipient's account pressed its "
    "button. A network's prefix is shared by many, and a browser is what it called itself. What was done with the "
    "secret afterwards is not on record anywhere here."
)
OPENED_PROVES_NOT: Final = (
    "Who opened it: somebody with link and passphrase did. A network's prefix is shared by many, and a browser is what "
    "it called itself. What was done with the secret afterwards is not on record anywhere here."
)
UNOPENED_PROVES_NOT: Final = (
    "That nobody has the secret another way: what stood elsewhere before, or was passed on outside this link, is not "
    "on record here. Nor who looked at the page."
)
SEALED_ELSEWHERE: Final = (
    "That a passphrase went into its key: it was sealed outside Slack, and of that we have the word of the page or "
    "program that sealed it."
)
STEPS: Final = "*Every step*, in your local time"
NO_RECEIPT: Final = "It has no receipt so far: one is written when it ends."
