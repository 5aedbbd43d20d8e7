"""
What the window says after Send: how each link stands, and what to do with the passphrase.
"""

from typing import Final

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
