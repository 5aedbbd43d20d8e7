"""
What people read where a template is at work: in the step before the form, in the form, and of a secret that is another.

`{name}` is filled by `str.format` where Slack shows plain text only, and else by `mrkdwn.fill`, which escapes it.
"""

from typing import Final

STEP_TITLE: Final = "Send a secret"
NEXT: Final = "Next"
CANCEL: Final = "Cancel"
WHAT: Final = "What do you hand over?"
WHAT_HINT: Final = "It fills in the form for you. For something else, leave it at Anything else."
ANYTHING: Final = "Anything else"
OPTION: Final = "{label} ({word})"
WORD: Final = "Next time, one line does it: `/sendsecret @person {word}`. Each one's word stands behind it in brackets."
PASSPHRASE_HINT_WORDS: Final = (
    "Leave empty and we make three words (1 in 1,700,000,000 to be guessed within five tries). "
    "Or type something they already know; four digits are 1 in 2,000."
)
PASSPHRASE_HINT_OWN: Final = (
    "Type something they already know, and that nobody else does; four digits are 1 in 2,000 to be guessed within "
    "five tries."
)
NO_PASSPHRASE: Final = (
    "There is no passphrase: it opens only after they have pressed the button in Slack themselves, just before."
)
ENGAGEMENT: Final = "Engagement ends"
ENGAGEMENT_HINT: Final = (
    "Match the engagement, not infinity: let the key expire at the provider on this day. I remind you then to rotate "
    "it. Without a day I do not. If the day is so far off that your name is kept no more by then, only the audit "
    "channel is reminded."
)
SET_IT_THERE: Final = (
    "The link dies here; the key lives on at its provider. <{url}|Set its expiry, or rotate it, there>."
)
TICK_TO_SEND: Final = 'Tick "Send anyway", or paste another one above.'
TOO_BROAD: Final = ":warning: {says} Do you want to send it all the same?"
OTHER_FORMAT: Final = (
    ":warning: What you pasted does not look like this: {label}. Is it the right thing, and all of it? Do you want to "
    "send it all the same?"
)
OTHER_FORMAT_UNNAMED: Final = (
    ":warning: What you pasted does not look like what is usually sent this way. Is it the right thing, and all of it? "
    "Do you want to send it all the same?"
)

# Refusals in the form (plain text) -----------------------------------------------------------------------------------
PASSPHRASE_NEEDED: Final = "This goes with a passphrase that they already know: type it here."
ENGAGEMENT_DAY: Final = "Choose today or a day within the next ten years, or leave it empty."
NEEDS_DM: Final = (
    "This opens only for somebody who presses a button in their own DM with me, so that it can go there only. Nothing "
    "was sent."
)
GONE: Final = (
    "How this is handed over was changed while the form was open. Nothing was sent or kept. Close this form and type "
    "the command again."
)
