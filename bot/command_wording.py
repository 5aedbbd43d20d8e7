"""
What the bot answers to `/sendsecret` when it does not open the form.

Each sentence is whole; what was typed is repeated in none of them.
"""

from typing import Final

_TITLE: Final = "*How to hand over a secret*"
_FORM: Final = "• `/sendsecret @person` opens a form. Put the secret there, not on the command line."
_FORM_OUTSIDE: Final = (
    "• `/sendsecret @person` opens a form, and then a page outside Slack on which you type the secret. Never type it "
    "into Slack, not even on the command line."
)
_SEVERAL: Final = (
    "• `/sendsecret` asks what it is, and opens the same form with nobody chosen yet; up to ten people get a link each."
)
_TEMPLATES: Final = (
    "• `/sendsecret @person stripe` fills the form in for a Stripe key; `/sendsecret templates` shows which words "
    "there are."
)
_HERE: Final = "• `/sendsecret here @person` posts the link into a conversation that you choose."
_CODE: Final = "• `/sendsecret code @person` makes a key with which their program reads a credential at every start."
_REQUEST: Final = (
    "• `/sendsecret request @person what you need` asks somebody for a secret; without a name you get a link to pass "
    "on."
)
_MAIL: Final = "• `/sendsecret dana@example.com` opens the form for an e-mail address."
_TOKEN: Final = "• `/sendsecret token` is for sending from a terminal, where Slack never has the secret."
_ONCE: Final = (
    "The link opens once, behind a passphrase that you pass on by phone or text. Then the secret is destroyed."
)
_REPLACE: Final = (
    "• A secret stands in a message? In that message's menu choose *Replace with a link*, and send it by one instead."
)
_AFTERWARDS: Final = "*Afterwards*"
_HOME: Final = "• My Home tab shows what you sent, and how each stands."
_INCIDENT: Final = (
    "• `/sendsecret incident @person` when a laptop is gone: everything that person was handed, and an end to what is "
    "outstanding."
)
_DISPUTE: Final = "• `/sendsecret dispute` shows what became of one that you sent, step by step, and what that proves."
_REST: Final = f"{_REPLACE}\n{_TOKEN}\n\n{_ONCE}\n\n{_AFTERWARDS}\n{_HOME}\n{_DISPUTE}\n{_INCIDENT}"
# Only what can be done here: by whether secrets may be typed into Slack, and whether there is a mail server.
USAGE: Final = f"{_TITLE}\n{_FORM}\n{_TEMPLATES}\n{_SEVERAL}\n{_HERE}\n{_CODE}\n{_REQUEST}\n{_MAIL}\n{_REST}"
USAGE_WITHOUT_MAIL: Final = f"{_TITLE}\n{_FORM}\n{_TEMPLATES}\n{_SEVERAL}\n{_HERE}\n{_CODE}\n{_REQUEST}\n{_REST}"
USAGE_DM_ONLY: Final = f"{_TITLE}\n{_FORM}\n{_TEMPLATES}\n{_SEVERAL}\n{_CODE}\n{_REQUEST}\n{_REST}"
USAGE_OUTSIDE: Final = f"{_TITLE}\n{_FORM_OUTSIDE}\n{_TEMPLATES}\n{_SEVERAL}\n{_REQUEST}\n{_MAIL}\n{_REST}"
USAGE_OUTSIDE_WITHOUT_MAIL: Final = f"{_TITLE}\n{_FORM_OUTSIDE}\n{_TEMPLATES}\n{_SEVERAL}\n{_REQUEST}\n{_REST}"
# Behind the usage, for those who may.
EVIDENCE: Final = (
    "• `/sendsecret evidence last quarter` makes a pack of everything in a period, to be checked without us. You and "
    "the other auditors and administrators may."
)
NO_ADDRESSEE: Final = (
    "That names nobody, so nothing was sent or kept. "
    "*If it was a secret, it has been through Slack: rotate it.*\n"
    "To hand one over, type `/sendsecret @person`, choose the name from Slack's list, and use the form."
)
NO_MAIL: Final = (
    "Sending e-mail is not set up here, and what is typed outside Slack could not reach an address without it. Nothing "
    "was sent or kept. Ask whoever runs Sendsecret to set it up (SMTP_URL). If a secret stood on that line, it has "
    "been through Slack: rotate it."
)
NO_ADDRESSES: Final = (
    "Secrets are not to be sent to e-mail addresses from here. Nothing was sent or kept. Type `/sendsecret @person` "
    "for somebody of this workspace. If a secret stood on that line, it has been through Slack: rotate it."
)
DM_ONLY: Final = (
    "Here every recipient must press a button in Slack before the link opens, which only their DM with me can ask for. "
    "Nothing was sent or kept. Type `/sendsecret @person`. If a secret stood on that line, it has been through Slack: "
    "rotate it."
)
MIXED: Final = (
    "E-mail addresses go by themselves: one form is for people of this Slack or for addresses, and a link for a "
    "conversation is for somebody in it. Nothing was sent or kept. "
    "If a secret stood on that line, it has been through Slack: rotate it."
)
TOO_MANY: Final = (
    "One form takes ten people or addresses at most. Nothing was sent or kept. "
    "If a secret stood on that line, it has been through Slack: rotate it."
)
ONE_HERE: Final = (
    "A link posted into a conversation is for one person. Nothing was sent or kept. "
    "If a secret stood on that line, it has been through Slack: rotate it."
)
TOO_LONG: Final = (
    "That is over 3,000 characters, more than a form in Slack can hold. Nothing was sent or kept. "
    "It has been through Slack: rotate it. For one as long type `/sendsecret @person`, and choose “Type it outside "
    "Slack” in the form."
)
TOO_LONG_FOR_ALL: Final = (
    "That is over 3,000 characters, more than a form in Slack can hold, and here nothing like it is typed outside it. "
    "Nothing was sent or kept. It has been through Slack: rotate it. Ask whoever runs Sendsecret how to hand over one "
    "as long."
)
"""Where no page outside Slack is offered either."""
NEEDS_DM: Final = (
    "This opens only for somebody who presses a button in their own DM with me: type `/sendsecret @person`, and the "
    "same word behind it if there was one. Nothing was sent or kept. If a secret stood on that line, it has been "
    "through Slack: rotate it."
)
NOT_HERE: Final = (
    "Secrets are not to be typed into Slack here, and a link for a conversation needs that. Nothing was sent or kept. "
    "Type `/sendsecret @person`. If a secret stood on that line, it has been through Slack: rotate it."
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
    "Your account here is not one that can hand over secrets with Sendsecret. Nothing was sent or kept. "
    "Ask the person you work with here to do it."
)
SENDER_UNKNOWN: Final = "Slack did not say who you are just now. Nothing was sent. Press Send again."
