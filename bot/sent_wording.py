"""
What the window says after Send: how each link stands, and what to do with the passphrase.
"""

from typing import Final

SENT_TITLE: Final = "Your secret"
DONE: Final = "Done"
PASS_ON: Final = "*Pass the passphrase on by phone or text, not in Slack.* It is shown only here, only now."
PASS_ON_EACH: Final = "*Pass each passphrase on by phone or text, not in Slack.* They are shown only here, only now."
NOT_BY_MAIL: Final = "Never by e-mail either: whoever reads that mailbox would have link and passphrase."
NO_PASSPHRASE: Final = "There is no passphrase to pass on."
OWN_PASSPHRASE: Final = "They need the passphrase that you chose. Pass it on by phone or text, not in Slack."
OWN_DIGITS: Final = (
    "They need the {count} digits that you chose: 1 in {odds} to be guessed within five tries by "
    "somebody with the link. "
    "Pass them on by phone or text, not in Slack."
)
OWN_WORDS: Final = (
    "They need the words that you chose; capitals do not matter, a space or a dash between them does. "
    "Pass them on by phone or text, not in Slack."
)
PASTED_ONE: Final = "You pasted 1 character."
PASTED: Final = "You pasted {count:,} characters."
PASTED_LINES: Final = "You pasted {count:,} characters in {lines:,} lines."
ENDS_WITH_BREAK: Final = "It ends with a line break."
ENDS_WITH_SPACE: Final = "It ends with a space."
BEGINS_WITH_SPACE: Final = "It begins with a space or a line break."
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
KINDS: Final = {"guest": "guest", "external": "outside this company", "email": "e-mail"}
SENDING: Final = "Sending…"
SLOWED_MAIL: Final = "The mail server does not take it just now; I try again in {seconds} s."
SLOWED: Final = "Slack asked me to slow down; I try again in {seconds} s."
BEING_SENT: Final = "Is being sent; a message from me will say how it went."
POSTED_UNTIL: Final = ":white_check_mark: Posted. The link opens once, until {until}."
SHOWN_UNTIL: Final = (
    "Nobody has it yet: copy the link and send it yourself, by another way than the passphrase. It opens once, until "
    "{until}, and is shown only here, only now."
)
SHOWN_LINK: Final = "```{link}```"
SHOWN_BEFORE: Final = "The link was shown to you in the first answer. It opens once, until {until}."
MAILED_UNTIL: Final = (
    ":white_check_mark: Handed to the mail server. The link opens once, until {until}. If it bounces I may not hear of "
    "it: if they find nothing, not among spam either, look at the address and send a new one."
)
SENT_UNTIL: Final = ":white_check_mark: Sent. The link opens once, until {until}."
NOT_STORED: Final = "Not sent: I was busy and could not seal this one in time. Send it again."
NOT_STORED_TOO_OFTEN: Final = (
    "Not sent: you have sent or asked for {most} secrets within ten minutes, as many as anybody may. Send it again in "
    "{wait}."
)
NOT_STORED_TOO_MANY: Final = (
    "Not sent: {most} secrets of yours are waiting to be opened or sealed, as many as anybody may have at once. Revoke "
    "some in my Home tab, then send it again."
)
NOT_SENT_ENDED: Final = "Not sent: it ended before it arrived. Nobody can open it. Send it again."
