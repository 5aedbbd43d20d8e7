"""
Every sentence that the bot says, whole: no sentence is glued from parts elsewhere.

`{name}` is filled by `mrkdwn.fill`, which escapes it, or by `str.format` where Slack shows plain text only.  A
sentence about a failure says what happened, what became of the secret, and what to do.
"""

from typing import Final

from store.formats.errors import PassphraseFault
from store.words import Ask, Outcome

# The command ---------------------------------------------------------------------------------------------------------
USAGE: Final = (
    "*How to hand over a secret*\n"
    "• `/sendsecret @person` opens a form. Put the secret there, not on the command line.\n"
    "• `/sendsecret` opens the same form with nobody chosen yet; up to ten people get a link each.\n"
    "The link opens once, behind a passphrase that you pass on by phone or text. Then the secret is destroyed."
)
NO_ADDRESSEE: Final = (
    "That names nobody, so nothing was sent or kept. "
    "*If it was a secret, it has been through Slack: rotate it.*\n"
    "To hand one over, type `/sendsecret @person`, choose the name from Slack's list, and use the form."
)
NOT_AVAILABLE: Final = {
    "request": "Asking somebody for a secret (`request`) is not available here. Nothing was sent or kept.",
    "incident": "`incident` is not available here. Nothing was changed.",
    "dispute": "`dispute` is not available here. Nothing was changed.",
    "evidence": "`evidence` is not available here. Nothing was changed.",
    "here": "Posting into this conversation (`here`) is not available. Type `/sendsecret @person` to use their DM.",
    "email": (
        "Handing over by e-mail is not available here. Nothing was sent or kept. "
        "If a secret stood on that line, it has been through Slack: rotate it."
    ),
}
TOO_MANY: Final = (
    "One form takes ten people at most. Nothing was sent or kept. "
    "If a secret stood on that line, it has been through Slack: rotate it."
)
TOO_LONG: Final = (
    "That is over 3,000 characters, more than a form in Slack can hold. Nothing was sent or kept. "
    "It has been through Slack: rotate it."
)
TRIGGER_MISSED: Final = (
    "Slack gives me 3 seconds to open the form and I missed them. Nothing was sent. Type the command again."
)
FORM_NOT_OPENED: Final = "Slack did not open the form. Nothing was sent. Type the command again in a moment."
OPENS_HERE_ONLY: Final = (
    "Not sent: links would open on this computer only, because PUBLIC_URL is on localhost. Nothing was kept. "
    "Whoever runs Sendsecret must set PUBLIC_URL to an address that others can reach."
)
MAY_NOT_SEND: Final = (
    "Only full members of this workspace can hand over secrets with Sendsecret. Nothing was sent or kept. "
    "Ask the person you work with here to do it."
)
SENDER_UNKNOWN: Final = "Slack did not say who you are just now. Nothing was sent. Press Send again."

# The form ------------------------------------------------------------------------------------------------------------
FORM_TITLE: Final = "Send a secret"
SEND: Final = "Send"
CANCEL: Final = "Cancel"
TRAVELLED: Final = (
    ":warning: You typed the secret on the command line, so it has been through Slack and may be in your app's "
    "history. If that matters, rotate it and paste the new one below."
)
REWRITTEN: Final = (
    ":warning: Slack has changed what you typed after the name, so I did not take it: paste it here. "
    "It has been through Slack; if that matters, rotate it."
)
PROMISE: Final = (
    "Each person gets a link in their DM. It opens once, then the secret is destroyed. Slack sees what you "
    "type here in transit."
)
RECIPIENTS: Final = "Who gets it"
RECIPIENTS_HINT: Final = "Up to ten people; each gets a link of their own."
LABEL: Final = "What it is"
LABEL_EXAMPLE: Final = "Stripe restricted key"
LABEL_HINT: Final = "Shown in the message and on the page. Not the secret itself."
SECRET: Final = "The secret"
PASSPHRASE: Final = "Passphrase"
PASSPHRASE_HINT: Final = (
    "Leave empty and we make eight digits (1 in 20,000,000 to be guessed within five tries). "
    "Or type something they already know; four digits are 1 in 2,000."
)
HINT: Final = "Hint for the passphrase"
HINT_EXAMPLE: Final = "Last four digits of your company phone"
HINT_HINT: Final = "Shown to whoever has the link."
EXPIRES: Final = "Expires after"
SEND_ANYWAY: Final = "Send anyway"
SEND_ANYWAY_LABEL: Final = "Please check"
GUEST: Final = ":warning: *{who}* is a guest of this workspace. Is that who you mean?"
OUTSIDER: Final = ":warning: *{who}* is from outside this company. Is that who you mean?"

# Refusals in the form (plain text) -----------------------------------------------------------------------------------
NO_RECIPIENT: Final = "Choose at least one person."
TOO_MANY_CHOSEN: Final = "Choose at most ten people."
IS_BOT: Final = "{name} is an app, not a person. Choose somebody who can open the link."
IS_GONE: Final = "{name}'s account is deactivated. Choose somebody else."
IS_STRANGER: Final = (
    "{name} is outside this workspace and shares no channel with me. Invite me to a channel you both use, "
    "then send again."
)
IS_UNKNOWN: Final = (
    "Slack did not say who one of these people is. Nothing was sent. Press Send again, or choose somebody else."
)
NO_LABEL: Final = "Say in a few words what it is."
NO_SECRET: Final = "Paste the secret here."
HALF_CHARACTER: Final = "This holds half of a character, which cannot be handed over intact. Paste it again."
TELLS_SECRET: Final = "This holds the secret, or a part of it. Anybody may read this: take it out."
TELLS_PASSPHRASE: Final = "This holds the passphrase. Anybody with the link may read this: take it out."
PASSPHRASE_IS_SECRET: Final = "This is the secret itself. Choose something else, or leave it empty."
PASSPHRASE_SHORT: Final = "Too short: four characters at least. Leave it empty and we make one."
PASSPHRASE_FAULTS: Final[dict[PassphraseFault, str]] = {
    "surrogate": "This holds half of a character. Type it again.",
    "unassigned": "This holds a character that not every device knows. Use letters, digits and common signs.",
    "unprintable": "This holds a character that cannot be seen or typed. Type it by hand.",
    "empty": "Nothing visible is left of this. Type something else, or leave it empty and we make one.",
    "too-long": "Too long: 256 bytes at most.",
}
NO_EXPIRY: Final = "Choose how long the link may live."
TICK_TO_SEND: Final = 'Tick "Send anyway", or choose somebody else above.'
TOO_BUSY: Final = "I am busy and could not seal this in time. Nothing was sent. Press Send again."
STORE_AWAY: Final = "I could not store this. Nothing was sent. Press Send again in a moment."
UNEXPECTED: Final = "Something went wrong on my side. Nothing was sent. Press Send again in a moment."

# After sending -------------------------------------------------------------------------------------------------------
SENT_TITLE: Final = "Your secret"
DONE: Final = "Done"
PASS_ON: Final = "*Pass the passphrase on by phone or text, not in Slack.* It is shown only here, only now."
PASS_ON_EACH: Final = "*Pass each passphrase on by phone or text, not in Slack.* They are shown only here, only now."
OWN_PASSPHRASE: Final = "They need the passphrase that you chose. Pass it on by phone or text, not in Slack."
OWN_DIGITS: Final = (
    "They need the {count} digits that you chose: 1 in {odds} to be guessed within five tries by "
    "somebody with the link. "
    "Pass them on by phone or text, not in Slack."
)
PASSPHRASE_SHOWN: Final = "Passphrase: `{passphrase}`"
LOST_PASSPHRASE: Final = "Lost the passphrase? Revoke, and send it again: nobody can look it up."
ALREADY_SENT: Final = (
    "This form has been sent already. A passphrase that we made was shown in the first answer; "
    "if you did not see it, revoke and send it again."
)
PERSON: Final = "*{name}*"
PERSON_TITLE: Final = "*{name}* · {title}"
PERSON_CLASS: Final = "*{name}* · {kind}"
PERSON_TITLE_CLASS: Final = "*{name}* · {title} · {kind}"
KINDS: Final = {"guest": "guest", "external": "outside this company"}
SENDING: Final = "Sending…"
BEING_SENT: Final = "Is being sent; a message from me will say how it went."
SENT_UNTIL: Final = ":white_check_mark: Sent. The link opens once, until {until}."
NOT_STORED: Final = "Not sent: I was busy and could not seal this one in time. Send it again."
NOT_SENT_ENDED: Final = "Not sent: it ended before it arrived. Nobody can open it. Send it again."
REVOKE: Final = "Revoke (wrong person)"
REVOKE_TITLE: Final = "Revoke this link?"
REVOKE_QUESTION: Final = "The secret is destroyed at once. Whoever opens the link then is told that it is gone."
REVOKE_YES: Final = "Revoke"
REVOKE_NO: Final = "Keep it"

# The recipient's message ---------------------------------------------------------------------------------------------
ARRIVED: Final = "{sender} sent you a credential"
ARRIVED_HOW: Final = (
    "*{sender}* sent you this credential. It opens once, expires {until}, and needs the passphrase that "
    "{sender} gives you."
)
ARRIVED_CALM: Final = "Nothing is used up until the right passphrase is entered. No account and nothing to install."
OPEN: Final = "Open"
TAKEN_BACK: Final = (
    "This link was taken back: it could not be recorded, and will open nothing. Ask *{sender}* for a new one."
)
GONE: Final = "The credential that {sender} sent you is gone"
TOMBSTONES: Final = {
    Outcome.VIEWED: "Opened {at} and destroyed. It came from *{sender}*.",
    Outcome.RELEASED: (
        "Opened {at} and destroyed; the page never confirmed that it could be read. "
        "If you do not have it, ask *{sender}* for a new one."
    ),
    Outcome.REVOKED: "*{sender}* took it back {at}. Nobody opened it.",
    Outcome.EXPIRED: "Expired {at}; nobody opened it. If you need it, ask *{sender}* for a new one.",
    Outcome.UNDELIVERED: "It did not arrive in time; since {at} nobody can open it. Ask *{sender}* for a new one.",
    Outcome.LOCKED_OUT: "Destroyed {at} after too many wrong passphrases. Ask *{sender}* for a new one.",
    Outcome.LOST: "Its key was lost {at}; it can no longer be opened by anybody. Ask *{sender}* for a new one.",
}

# The sender's messages -----------------------------------------------------------------------------------------------
STATUS: Final = "Your credential for {recipient}"
STATUS_WAITING: Final = "*{recipient}* has the link. It opens once, until {until}."
STATUS_PENDING: Final = "On its way to *{recipient}*…"
STATUS_UNLOCKED: Final = "*{recipient}* has the link and five more tries. It opens once, until {until}."
STATUS_LOCKED: Final = (
    "*Locked:* five wrong passphrases in a row. Nobody has seen it. Ask *{recipient}* before you allow more."
)
STATUS_LOCKED_FOR_GOOD: Final = (
    "*Locked for good* after fifteen wrong passphrases. Nobody has seen it. Revoke it and send a new one to "
    "*{recipient}*."
)
STATUS_CLAIMED: Final = "Somebody with the right passphrase opened it {at}; waiting for the page to confirm."
ENDED: Final = {
    Outcome.VIEWED: "Opened by somebody with the right passphrase {at}, confirmed by the page, and destroyed.",
    Outcome.RELEASED: (
        "Opened by somebody with the right passphrase {at} and destroyed. "
        "The page never confirmed that it could be read: ask *{recipient}* before you rely on it."
    ),
    Outcome.REVOKED: "Revoked {at} and destroyed. Nobody opened it.",
    Outcome.EXPIRED: "Expired {at} and destroyed. Nobody opened it.",
    Outcome.UNDELIVERED: "Did not reach *{recipient}*: Slack did not take the message. Destroyed {at}; send it again.",
    Outcome.LOCKED_OUT: "Destroyed {at} after too many wrong passphrases. Nobody opened it; send a new one.",
    Outcome.LOST: (
        "Its key was lost {at}: nobody can open it any more. Send a new one, and tell whoever runs Sendsecret."
    ),
}
ENDING: Final = {
    Outcome.REVOKED: "Revoked {at}; being destroyed. Nobody opened it.",
    Outcome.EXPIRED: "Expired {at}; being destroyed. Nobody opened it.",
    Outcome.UNDELIVERED: "Did not reach *{recipient}* {at}; being destroyed. Send it again.",
    Outcome.LOCKED_OUT: "Closed {at} after too many wrong passphrases; being destroyed. Nobody opened it.",
}
"""Nobody can open it any more, and its key is not erased yet."""

LOOKED_AT_AGAIN: Final = "The dead link was opened again {at}. Nothing was shown; often it is the recipient."
TELL: Final = {
    Outcome.VIEWED: "{recipient} has “{label}”: opened {at}, confirmed, destroyed.",
    Outcome.RELEASED: (
        "“{label}” was opened {at}, but the page never confirmed that it could be read. Ask {recipient} "
        "before you rely on it."
    ),
    Outcome.EXPIRED: "“{label}” for {recipient} expired {at} and was destroyed. Nobody opened it.",
    Outcome.UNDELIVERED: (
        "“{label}” did not reach {recipient}: Slack did not take the message. It was destroyed {at}; send it again."
    ),
    Outcome.LOCKED_OUT: (
        "“{label}” for {recipient} was destroyed {at} after too many wrong passphrases. Nobody opened it."
    ),
    Outcome.LOST: "“{label}” for {recipient} can no longer be opened: its key was lost {at}. Send a new one.",
}
TELL_REVOKED_BY_ADMIN: Final = "An administrator revoked “{label}” for {recipient} {at}. Nobody opened it."
TELL_LOCKED: Final = (
    "Five wrong passphrases in a row for “{label}” {at}; it is locked and nobody has seen it. Was that {recipient}?"
)
TELL_NOT_ME: Final = (
    ":rotating_light: Somebody with the link to “{label}” says that it was not them. Ask {recipient}, and if "
    "it was opened, rotate it."
)
TELL_SECOND_READER: Final = (
    ":rotating_light: A second page gave the right passphrase for “{label}” {at}. It was shown nothing. "
    "Somebody else knows link and passphrase: ask {recipient}, and rotate it."
)
TELL_SECOND_TRY: Final = (
    "Somebody tried “{label}” again {at}, after it was opened. Nothing was shown; often it is {recipient}."
)
ASKED: Final = {
    Ask.PASSPHRASE: (
        "Somebody with the link to “{label}” asks for the passphrase. Call {recipient}; do not send it in Slack."
    ),
    Ask.AGAIN: "Somebody with the dead link to “{label}” asks for a new one. Ask {recipient} before you send it again.",
    Ask.TRIES: "Somebody with the link to “{label}” asks for more tries. Ask {recipient} before you allow them.",
}
UNLOCK: Final = "Allow 5 more"

# Answers to buttons --------------------------------------------------------------------------------------------------
REVOKED_NOW: Final = "Revoked. The secret is destroyed; nobody opened it."
TOO_LATE: Final = {
    Outcome.VIEWED: "Too late: it was opened {at}. Rotate it if that was the wrong person.",
    Outcome.RELEASED: "Too late: it was opened {at}. Rotate it if that was the wrong person.",
    Outcome.REVOKED: "It was revoked already, {at}. Nobody opened it.",
    Outcome.EXPIRED: "It had expired already, {at}. Nobody opened it.",
    Outcome.UNDELIVERED: "It never arrived and was destroyed {at}. Nobody opened it.",
    Outcome.LOCKED_OUT: "It was destroyed {at} after too many wrong passphrases. Nobody opened it.",
    Outcome.LOST: "Its key was lost {at}; nobody can open it any more.",
}
UNLOCKED_NOW: Final = "Five more tries allowed. Times that you can still do this: {left}."
UNLOCKED_LAST: Final = "Five more tries allowed, for the last time."
NOT_LOCKED: Final = "It is not locked: there are tries left. Nothing was changed."
NO_MORE_TRIES: Final = "No more tries can be allowed after fifteen. Revoke it and send a new one."
NOT_YOURS: Final = "Only the person who sent this can do that. Nothing was changed."
NO_SUCH_DROP: Final = "I do not know this one any more. Nothing was changed."
REVOKE_UNFINISHED: Final = "I could not finish that just now. Press the button again."
TRY_AGAIN: Final = "I could not reach my store just now. Nothing was changed; press the button again in a moment."
