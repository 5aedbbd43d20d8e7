"""
What the buttons on a drop say, what they ask before they act, and what a press is answered with.
"""

from enum import StrEnum
from typing import Final

from store.words import Outcome


class NotAgain(StrEnum):
    """
    Why a button does not start a drop again.

    Its sender was asked for it; it came by a link of theirs; it went to where the policy lets none go; a new one
    could not reach its address, because no secret may be typed into Slack and there is no mail server, or because its
    template asks for a press by now; or nothing would ask for the press that it needed, because its template is gone.
    """

    ASKED = "asked"
    OUTSIDE = "outside"
    BY_LINK = "by_link"
    NO_MAIL = "no_mail"
    NEEDS_DM = "needs_dm"
    TEMPLATE_GONE = "template_gone"


REVOKE: Final = "Revoke (wrong person)"
REVOKE_TITLE: Final = "Revoke this link?"
REVOKE_QUESTION: Final = "The secret is destroyed at once. Whoever opens the link then is told that it is gone."
REVOKE_YES: Final = "Revoke"
REVOKE_NO: Final = "Keep it"
BACK: Final = "Back"
UNLOCK: Final = "Allow 5 more"
UNLOCK_TITLE: Final = "Were these tries theirs?"
UNLOCK_QUESTION: Final = (
    "Ask {recipient} by phone whether these wrong tries were theirs. If they were not, somebody else has the link: "
    "revoke it instead."
)
UNLOCK_YES: Final = "Allow 5 more"
RESUME: Final = "It is right: let them open it"
RESUME_TITLE: Final = "Is it for them?"
RESUME_QUESTION: Final = (
    "{recipient} did not expect this. Call them first: if they do not know you or what it is for, revoke it instead."
)
RESUME_YES: Final = "Let them open it"
LOST: Final = "I lost the passphrase"
LOST_TITLE: Final = "Revoke and start again?"
LOST_QUESTION: Final = (
    "Nobody can look a passphrase up. This link is revoked at once, and the form opens again, filled in except for "
    "the secret."
)
LOST_BARE: Final = "Start again"
LOST_QUESTION_BARE: Final = "This link is revoked at once, and the form opens again, filled in except for the secret."
LOST_YES: Final = "Start again"
AGAIN: Final = "Send a new one"
REMIND: Final = "Remind them"
ROTATED: Final = "Rotated"
ROTATED_TITLE: Final = "Was it rotated?"
ROTATED_QUESTION: Final = (
    "Only if it was changed at its provider, and the old one opens nothing any more: nothing here changes it there."
)
ROTATED_YES: Final = "Yes, rotated"
PROVIDER: Final = "Rotate it there"
RECEIPT: Final = "Receipt"

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
UNLOCKED_PAUSED: Final = "Five more tries allowed. It is still paused until you say that it is right."
RESUMED_NOW: Final = "It can be opened again; they are told."
RESUMED_LOCKED: Final = "No longer paused. It is still locked: allow more tries, or revoke it."
REMINDED_NOW: Final = "{recipient} is being reminded, by a message from me that names you."
REMINDED_LATELY: Final = "{recipient} was reminded {at}. I do that once an hour at most; call them if you cannot wait."
REMIND_LOCKED: Final = "It is locked: they could not open it. Allow more tries first. Nobody was reminded."
REMIND_PAUSED: Final = "They were not expecting it: call them before you remind them. Nobody was reminded."
REMIND_YOURSELF: Final = (
    "Its link does not stand in Slack, and I keep none: ask {recipient} yourself. Nobody was reminded."
)
REMIND_LATER: Final = "It is still on its way to {recipient}. Nobody was reminded."
NOT_PAUSED: Final = "It is not paused. Nothing was changed."
NOT_LOCKED: Final = "It is not locked: there are tries left. Nothing was changed."
NO_MORE_TRIES: Final = "No more tries can be allowed after fifteen. Revoke it and send a new one."
PAUSED_NOW: Final = (
    "Paused. Nobody can open it until {sender} says that it is right, or takes it back. {sender} has been told, and it "
    "is on record for their security team. If you think somebody is posing as {sender}, call them."
)
PAUSED_ALREADY: Final = "It is paused already; nobody can open it. {sender} has been told."
DENIED: Final = (
    "It was opened {at}. {sender} has been told that you did not expect it, and it is on record for their security "
    "team. If it was not you who opened it, call {sender}."
)
OVER_ALREADY: Final = "It is gone already: nobody opened it, and nobody can."
NOT_FOR_YOU: Final = "Only the person that it is for can say that. Nothing was changed."
LOST_AND_REVOKED: Final = (
    "Revoked; nobody opened it. Slack did not open the form: type `/sendsecret` and the name or address to send a new "
    "one."
)
FORM_NOT_OPENED: Final = (
    "Slack did not open the form. Nothing was changed. Type `/sendsecret` and the name or address to send a new one."
)
LOST_AND: Final = {
    NotAgain.ASKED: (
        "Revoked; nobody opened it. To give it to {recipient} all the same, ask them to type `/sendsecret request` "
        "with your name once more."
    ),
    NotAgain.BY_LINK: (
        "Revoked; nobody opened it. It came by a link of yours, and I do not know whom to ask: type "
        "`/sendsecret request` once more for another link."
    ),
    NotAgain.OUTSIDE: (
        "Revoked; nobody opened it. {recipient} is outside this company, and secrets are not to be sent there from "
        "here. Ask whoever runs Sendsecret if that is to be otherwise."
    ),
    NotAgain.NO_MAIL: (
        "Revoked; nobody opened it. It was for an e-mail address. Sending e-mail is not set up here, and what is typed "
        "outside Slack could not reach an address without it: ask whoever runs Sendsecret to set it up (SMTP_URL)."
    ),
    NotAgain.NEEDS_DM: (
        "Revoked; nobody opened it. What is sent like this opens by now only for somebody who presses a button in "
        "Slack, which no e-mail can ask for. Type `/sendsecret @person`, or `/sendsecret templates` to choose another "
        "template."
    ),
    NotAgain.TEMPLATE_GONE: (
        "Revoked; nobody opened it. The template that it was sent by is not there any more, and with it the rule that "
        "its recipient must press first. Type `/sendsecret` and choose another template."
    ),
}
CANNOT_START: Final = {
    NotAgain.ASKED: (
        "You cannot start this by yourself, because you were asked for it. Ask {recipient} to type "
        "`/sendsecret request` with your name once more. Nothing was changed."
    ),
    NotAgain.BY_LINK: (
        "It came by a link of yours, and I do not know whom to ask: type `/sendsecret request` once more for another "
        "link. Nothing was changed."
    ),
    NotAgain.OUTSIDE: (
        "{recipient} is outside this company, and secrets are not to be sent there from here. Nothing was changed. Ask "
        "whoever runs Sendsecret if that is to be otherwise."
    ),
    NotAgain.NO_MAIL: (
        "It was for an e-mail address. Sending e-mail is not set up here, and what is typed outside Slack could not "
        "reach an address without it: ask whoever runs Sendsecret to set it up (SMTP_URL). Nothing was changed."
    ),
    NotAgain.NEEDS_DM: (
        "What is sent like this opens by now only for somebody who presses a button in Slack, which no e-mail can ask "
        "for. Nothing was changed. Type `/sendsecret @person`, or `/sendsecret templates` to choose another template."
    ),
    NotAgain.TEMPLATE_GONE: (
        "The template that this was sent by is not there any more, and with it the rule that its recipient must press "
        "first. Nothing was changed. Type `/sendsecret` and choose another template."
    ),
}
NOT_YOURS: Final = "Only the person who sent this can do that. Nothing was changed."
FORGOTTEN: Final = (
    "Who sent this and to whom was erased, so that I cannot fill in the form again. Type `/sendsecret` and the name "
    "or address to send a new one."
)
FORGOTTEN_LOG: Final = (
    "Who sent this was erased, so that I cannot tell whether you may read its log. Every event is kept, without names: "
    "ask whoever runs Sendsecret."
)
FORGOTTEN_WHO: Final = "Who sent this was erased, so that I cannot tell whether you may do that. Nothing was changed."
NO_SUCH_DROP: Final = "I do not know this one any more. Nothing was changed."
REVOKE_UNFINISHED: Final = "I could not finish that just now. Press the button again."
WHO_PRESSED: Final = "Slack did not say just now who you are. Nothing was changed; press the button again in a moment."
TRY_AGAIN: Final = "I could not reach my store just now. Nothing was changed; press the button again in a moment."
