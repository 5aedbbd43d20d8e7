"""
What the form says: its fields, its warnings, and what is wrong with what was entered.

`{name}` is filled by `str.format` where Slack shows plain text only, and else by `mrkdwn.fill`, which escapes it.
"""

from typing import Final

from store.formats.errors import PassphraseFault
from store.words import Way

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
TOO_LONG: Final = (
    ":warning: What you typed is over 3,000 characters, more than Slack's form takes, and it has been through Slack: "
    "if that matters, rotate it. I have kept nothing of it. Send this form, and type or choose it on the page that I "
    "show you then."
)
NOT_TAKEN: Final = (
    ":warning: A secret is not to be typed into Slack here, so I did not take it. It has been through Slack: rotate "
    "it, and type the new one on the page that I show you when you have sent this form."
)
NOT_FROM_LINE: Final = (
    ":warning: What has been through Slack is not to be sent here, so I did not take what you typed after the name. "
    "Rotate it, and paste the new one below."
)
PROMISE_OUTSIDE: Final = (
    "No secret is typed here: when you have sent this form I show you a page for each person, where you type it. Each "
    "gets a link of their own; it opens once, then the secret is destroyed."
)
PROMISE: Final = (
    "Each person gets a link of their own. It opens once, then the secret is destroyed. Slack sees what you "
    "type here in transit."
)
PRESS_FIRST: Final = (
    "Before it opens, they press Open in my message to them, from their own Slack account; the link alone opens "
    "nothing."
)
PROMISE_HERE: Final = (
    "The message stays in the conversation; the link in it opens once and dies. Others there see who it is for, and "
    "cannot open it without the passphrase. Slack sees what you type here in transit."
)
FOR_CODE: Final = "For a program that reads it at every start: `/sendsecret code @person`."
RECIPIENTS: Final = "Who gets it"
RECIPIENTS_HINT: Final = "Up to ten people; each gets a link of their own."
RECIPIENT_HERE: Final = "One person in the conversation that you choose below."
LABEL: Final = "What it is"
LABEL_EXAMPLE: Final = "Stripe restricted key"
LABEL_HINT: Final = "Shown in the message and on the page. Not the secret itself."
SECRET: Final = "The secret"
SECRET_HINT: Final = 'Leave it empty only for "Type it outside Slack" below.'
PASSPHRASE: Final = "Passphrase"
PASSPHRASE_HINT: Final = (
    "Leave empty and we make eight digits (1 in 20,000,000 to be guessed within five tries). "
    "Or type something they already know; four digits are 1 in 2,000."
)
PASSPHRASE_HINT_LEAST: Final = (
    "Leave empty and we make eight digits (1 in 20,000,000 to be guessed within five tries). "
    "Or type something they already know, {least} characters at least."
)
HINT: Final = "Hint for the passphrase"
HINT_EXAMPLE: Final = "Last four digits of your company phone"
HINT_HINT: Final = "Shown to whoever has the link."
EXPIRES: Final = "Expires after"
DELIVERY: Final = "How the link gets there"
WAYS: Final = {Way.DM: "In their DM", Way.SHOWN: "Show me the link; I pass it on"}
OUTSIDE: Final = "Type it outside Slack; then in their DM"
OUTSIDE_HINT: Final = (
    "Type it outside Slack: a page on this computer or another takes text or a file and makes the passphrase; Slack "
    "sees neither."
)
CONVERSATION: Final = "Where to post it"
CONVERSATION_HINT: Final = "Channels shared with other companies are left out."
NO_CONVERSATION: Final = "Choose the conversation to post it into."
SEND_ANYWAY: Final = "Send anyway"
SEND_ANYWAY_LABEL: Final = "Please check"
GUEST: Final = ":warning: *{who}* is a guest of this workspace. Is that who you mean?"
OUTSIDER: Final = ":warning: *{who}* is from outside this company. Is that who you mean?"

# Refusals in the form (plain text) -----------------------------------------------------------------------------------
NO_RECIPIENT: Final = "Choose at least one person."
TOO_MANY_CHOSEN: Final = "Choose at most ten people."
ONE_CHOSEN: Final = "Choose one person: the link in a conversation is for one."
IS_BOT: Final = "{name} is an app, not a person. Choose somebody who can open the link."
IS_GONE: Final = "{name}'s account is deactivated. Choose somebody else."
IS_STRANGER: Final = (
    "{name} is outside this workspace and shares no channel with me. Invite me to a channel you both use and send "
    'again, or choose "Show me the link" below and send it to them yourself.'
)
IS_STRANGER_OUTSIDE: Final = (
    "{name} is outside this workspace and shares no channel with me. Nothing was sent. Invite me to a channel you both "
    "use and send again."
)
NOBODY_KNOWN: Final = (
    "Slack does not let me look people up ({code}). Nothing was sent. Tell whoever runs Sendsecret; pressing Send "
    "again will not help."
)
IS_STRANGER_HERE: Final = (
    "{name} is outside this workspace and shares no channel with me. Type `/sendsecret`, choose them there and "
    '"Show me the link", and send it to them yourself.'
)
IS_UNKNOWN: Final = (
    "Slack did not say who one of these people is. Nothing was sent. Press Send again, or choose somebody else."
)
NO_LABEL: Final = "Say in a few words what it is."
NO_SECRET: Final = 'Paste the secret here, or choose "Type it outside Slack" below.'
NO_SECRET_HERE: Final = "Paste the secret here."
TYPED_ANYWAY: Final = (
    "This has been through Slack now; if that matters, rotate it. Clear the field to type it outside Slack, or choose "
    "another way below. Nothing was sent."
)
PASSPHRASE_ANYWAY: Final = "The page outside Slack makes the passphrase and shows it there. Leave this empty."
OUTSIDE_ONLY: Final = (
    "Secrets are not to be typed into Slack here. Nothing was sent or kept. Close this form and type the command "
    "again. If a secret stands in it, that has been through Slack: rotate it."
)
DM_ONLY: Final = (
    "Here every recipient must press a button in Slack before the link opens, which only their DM with me can ask for. "
    "Nothing was sent. Choose people of this Slack, and a way that ends in their DM."
)
NOT_OUTSIDE: Final = (
    "{name} is outside this company, and secrets are not to be sent there from here. Nothing was sent. Ask whoever "
    "runs Sendsecret if that is to be otherwise."
)
HALF_CHARACTER: Final = "This holds half of a character, which cannot be handed over intact. Paste it again."
TELLS_SECRET: Final = "This holds the secret, or a part of it. Anybody may read this: take it out."
TELLS_PASSPHRASE: Final = "This holds the passphrase. Anybody with the link may read this: take it out."
PASSPHRASE_IS_SECRET: Final = "This is the secret itself. Choose something else, or leave it empty."
PASSPHRASE_SHORT: Final = "Too short: {least} characters at least. Leave it empty and we make one."
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
TOO_OFTEN: Final = (
    "You have sent or asked for {most} secrets within ten minutes, as many as anybody may. Nothing was sent, and what "
    "you sent before is as it was. Press Send again in {wait}."
)
TOO_MANY_OPEN: Final = (
    "{most} secrets of yours are waiting to be opened or sealed, as many as anybody may have at once. "
    "Nothing was sent. Revoke some in my Home tab, or wait until they are opened or expire; then press Send again."
)
UNEXPECTED: Final = "Something went wrong on my side. Nothing was sent. Press Send again in a moment."
