"""
What people read about a secret that stood in a message, and that is sent by a link instead.

Nothing of the message is repeated anywhere.
"""

from typing import Final

# On top of the form ------------------------------------------------------------------------------------------------
LEAKED: Final = (
    ":warning: This is the text of that message: leave only the secret. It has been through Slack, and stays in the "
    "message until that is deleted: rotate it, and send the new one if you can."
)
LEAKED_REWRITTEN: Final = (
    ":warning: That message is not plain text, and Slack may have changed what was typed, so I did not take it: paste "
    "the secret here. It has been through Slack, and stays in the message until that is deleted: rotate it, and send "
    "the new one if you can."
)
LEAKED_TOO_LONG: Final = (
    ":warning: That message is over 3,000 characters, more than Slack's form takes. I have kept nothing of it. Send "
    "this form, and type or choose the secret on the page that I show you then. What stood there has been through "
    "Slack: rotate it."
)
LEAKED_NOT_TAKEN: Final = (
    ":warning: What has been through Slack is not to be sent here, so I did not take the text of that message. Rotate "
    "what stood there, and paste the new secret below."
)
LEAKED_OUTSIDE: Final = (
    ":warning: A secret is not to be typed into Slack here, so I did not take the text of that message. Rotate what "
    "stood there, and type the new one on the page that I show you when you have sent this form."
)

# After sending -----------------------------------------------------------------------------------------------------
YOURS_STANDS: Final = (
    ":warning: *Your message is still there*. As soon as a link has arrived I ask you in a DM to delete it: I cannot. "
    "What stood there has been through Slack, so rotate it."
)
THEIRS_STANDS: Final = (
    ":warning: *The message is still there*. As soon as a link has arrived I ask whoever wrote it, in a DM, to delete "
    "it. What stood there has been through Slack, so rotate it."
)
DELETE_YOURS: Final = (
    ":warning: *Now delete your message*: I cannot. I ask you in a DM as well. What stood there has been through "
    "Slack, so rotate it."
)
DELETE_THEIRS: Final = (
    ":warning: *The message is still there*: I ask whoever wrote it, in a DM, to delete it. What stood there has been "
    "through Slack, so rotate it."
)
DELETE_BY_APP: Final = (
    ":warning: *The message is still there*, and an app wrote it: ask whoever runs that app to delete it. What stood "
    "there has been through Slack, so rotate it."
)
LEFT_STANDING: Final = (
    ":warning: *The message in which it stood was left as it is*: nobody was asked to delete it, because no link has "
    "arrived. What stands there has been through Slack, so rotate it. Ask whoever wrote it to delete it, also when you "
    "send it again: I will not."
)
NOT_ASKED: Final = (
    ":warning: The link has arrived, but I cannot say that whoever wrote the message in which it stood was asked to "
    "delete it. Ask them yourself. What stood there has been through Slack, so rotate it."
)

# To whoever wrote the message ----------------------------------------------------------------------------------------
PLEASE_DELETE_TEXT: Final = "Please delete a message of yours"
PLEASE_DELETE: Final = (
    "*Please delete your message of {at}* in {place}. {who} has put what it is about behind a link, so that it need "
    "not stay in Slack. I cannot delete it for you: point at it, then More actions, Delete message."
)
PLEASE_DELETE_YOURS: Final = (
    "*Please delete your message of {at}* in {place}. What it is about is behind a link now, so that it need not stay "
    "in Slack. I cannot delete it for you: point at it, then More actions, Delete message."
)
SHOW_IT: Final = "Show the message"
IN_A_DM: Final = "a direct message"
SOMEWHERE: Final = "this workspace"

# Where the form is not opened ----------------------------------------------------------------------------------------
MAY_NOT_SEND: Final = (
    "Your account here is not one that can hand over secrets with Sendsecret. Nothing was sent or kept. If a secret "
    "stands in that message, it has been through Slack: have it rotated, and the message deleted."
)
TRIGGER_MISSED: Final = (
    "Slack gives me 3 seconds to open the form and I missed them. Nothing was sent. Choose it in the message's menu "
    "again."
)
FORM_NOT_OPENED: Final = (
    "Slack did not open the form. Nothing was sent. Choose it in the message's menu again in a moment."
)
OWN_MESSAGE: Final = (
    "That is a message of mine, and no secret stands in it. Nothing was sent. To send one, type `/sendsecret @person`."
)
