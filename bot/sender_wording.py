"""
What the sender reads in their DM: how each drop stands, and news of it.

A sentence about a failure says what happened, what became of the secret, and what to do.
"""

from typing import Final

from store.words import Ask, Outcome, Way

STATUS: Final = "Your credential for {recipient}"
STATUS_WAITING: Final = "*{recipient}* has the link. It opens once, until {until}."
STATUS_OF_SEVERAL: Final = "Your credentials for {count} people"
STATUS_SHOWN: Final = "You have the link for *{recipient}*, to pass on yourself. It opens once, until {until}."
STATUS_KEPT: Final = (
    "The program that sealed this with your token has the link for *{recipient}*, to pass on; it never came to me. It "
    "opens once, until {until}."
)
STATUS_POSTED: Final = "The link for *{recipient}* stands in the conversation. It opens once, until {until}."
STATUS_MAILED: Final = (
    "The mail server took the link for *{recipient}*; I cannot know whether it arrived. It opens once, until {until}."
)
STATUS_PAUSED: Final = (
    "*Paused {at}:* *{recipient}* was not expecting this. Nobody can open it until you say that it is right. "
    "Call them before you do."
)
STATUS_PENDING: Final = "On its way to *{recipient}*…"
STATUS_UNLOCKED: Final = "*{recipient}* can try again; you allowed more tries. It opens once, until {until}."
STATUS_LOCKED: Final = (
    "*Locked:* five wrong passphrases in a row. Nobody has seen it. Ask *{recipient}* by phone whether these tries "
    "were theirs."
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
    Outcome.UNDELIVERED: "The link did not reach *{recipient}* and opens nothing. Destroyed {at}; send it again.",
    Outcome.LOCKED_OUT: "Destroyed {at} after too many wrong passphrases. Nobody opened it; send a new one.",
    Outcome.LOST: (
        "Its key was lost {at}: nobody can open it any more. Send a new one, and tell whoever runs Sendsecret."
    ),
}
STATUS_CLAIMED_BARE: Final = "Somebody with the link opened it {at}; waiting for the page to confirm."
ENDED_BARE: Final = ENDED | {
    Outcome.VIEWED: "Opened by somebody with the link {at}, confirmed by the page, and destroyed.",
    Outcome.RELEASED: (
        "Opened by somebody with the link {at} and destroyed. The page never confirmed that it could be read: ask "
        "*{recipient}* before you rely on it."
    ),
}
"""Of a drop without a passphrase."""
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
        "“{label}” did not reach {recipient}; its link opens nothing. It was destroyed {at}; send it again."
    ),
    Outcome.LOCKED_OUT: (
        "“{label}” for {recipient} was destroyed {at} after too many wrong passphrases. Nobody opened it."
    ),
    Outcome.LOST: "“{label}” for {recipient} can no longer be opened: its key was lost {at}. Send a new one.",
}
TELL_REVOKED_BY_ADMIN: Final = "An administrator revoked “{label}” for {recipient} {at}. Nobody opened it."
TELL_LOCKED: Final = (
    "Five wrong passphrases in a row for “{label}” {at}; it is locked and nobody has seen it. Ask {recipient} by phone "
    "whether these tries were theirs."
)
TELL_PAUSED: Final = (
    ":rotating_light: {recipient} was not expecting “{label}” and paused it {at}. Nobody has seen it. Call them: if it "
    "is right, let them open it; if it went to the wrong person, revoke it."
)
TELL_DENIED: Final = (
    ":rotating_light: {recipient} says that they were not expecting “{label}”, which was opened. Call them; if it was "
    "not them who opened it, rotate it."
)
TELL_UNEXPECTED: Final = (
    ":rotating_light: Somebody with the link to “{label}” says on its page that they were not expecting it. Nobody has "
    "opened it. Ask {recipient}; if it went to the wrong person, revoke it."
)
TELL_LOCKED_FOR_GOOD: Final = (
    "Fifteen wrong passphrases for “{label}” {at}; it is locked for good and nobody has seen it. Revoke it, and ask "
    "{recipient} before you send a new one."
)
TELL_PAUSED_BEFORE: Final = (
    ":rotating_light: {recipient} was not expecting “{label}” and paused it {at}. It is gone since, and nobody opened "
    "it. Call them before you send anything."
)
TELL_UNEXPECTED_BEFORE: Final = (
    "Somebody with the dead link to “{label}” says on its page that they were not expecting it. Nobody opened it. Ask "
    "{recipient} before you send anything."
)
TELL_NOT_ME: Final = (
    ":rotating_light: Somebody with the link to “{label}” says that it was not them. Ask {recipient}, and if "
    "it was opened, rotate it."
)
TELL_REFUSED: Final = (
    ":rotating_light: Somebody else pressed Open in {recipient}'s message about “{label}” {at}. They were not let in. "
    "Call {recipient}; if others can use their Slack, revoke it."
)
TELL_REFUSED_BEFORE: Final = (
    ":rotating_light: Somebody else pressed Open in {recipient}'s message about “{label}” {at}. They were not let in, "
    "and it cannot be opened any more. Call {recipient}: others may be able to use their Slack."
)
TELL_SECOND_READER: Final = (
    ":rotating_light: A second page gave the right passphrase for “{label}” {at}. It was shown nothing. "
    "Somebody else knows link and passphrase: ask {recipient}, and rotate it."
)
TELL_SECOND_READER_BARE: Final = (
    ":rotating_light: A second page tried to open “{label}” with the whole link {at}. It was shown nothing. Somebody "
    "else may have the link: ask {recipient}, and rotate it."
)
TELL_SECOND_TRY: Final = (
    "Somebody tried “{label}” again {at}, after it was opened. Nothing was shown; often it is {recipient}."
)
ASKED: Final = {
    Ask.PASSPHRASE: (
        "Somebody with the link to “{label}” asks for the passphrase. Call {recipient}; do not send it in Slack."
    ),
    Ask.AGAIN: "Somebody with the link to “{label}” asks for a new one. Ask {recipient} before you send it again.",
    Ask.TRIES: "Somebody with the link to “{label}” asks for more tries. Ask {recipient} before you allow them.",
}
ASKED_TOO_OFTEN: Final = (
    "Somebody with the link to “{label}” asks for more tries, and no more can be allowed. Revoke it, and ask "
    "{recipient} before you send a new one."
)
TELL_UNVIEWED: Final = {
    Way.DM: (
        "Nobody has opened “{label}” so far. {recipient} has had the link since {since}; it opens once, until {until}."
    ),
    Way.SHOWN: (
        "Nobody has opened “{label}” so far. You have had the link for {recipient} since {since}: did you pass it on? "
        "It opens once, until {until}."
    ),
    Way.HERE: (
        "Nobody has opened “{label}” so far. The link for {recipient} has stood in the conversation since {since}; it "
        "opens once, until {until}."
    ),
    Way.MAIL: (
        "Nobody has opened “{label}” so far. The mail server took the link for {recipient} {since}: ask them whether "
        "it arrived, also among spam. It opens once, until {until}."
    ),
}
TELL_UNVIEWED_KEPT: Final = (
    "Nobody has opened “{label}” so far. The program that sealed it with your token has had the link for {recipient} "
    "since {since}: was it passed on? It opens once, until {until}."
)
_LAST_HOUR: Final = "Less than an hour left: nobody has opened “{label}” for {recipient}. It is destroyed {until}."
TELL_HOUR_LEFT: Final = {
    Way.DM: _LAST_HOUR,
    Way.SHOWN: f"{_LAST_HOUR} You have the link yourself: did you pass it on?",
    Way.HERE: _LAST_HOUR,
    Way.MAIL: f"{_LAST_HOUR} Call them: I cannot know whether the mail arrived.",
}
TELL_HOUR_LEFT_KEPT: Final = f"{_LAST_HOUR} The program that sealed it with your token has the link: was it passed on?"
TELL_HOUR_LEFT_LOCKED: Final = (
    "Less than an hour left: “{label}” for {recipient} is locked, and nobody has opened it. It is destroyed {until}."
)
TELL_ROTATE: Final = (
    "The day has come to rotate “{label}”, which you handed over {since}. Rotate it at its provider: nothing here "
    "changes the key there. Then press Rotated."
)
TELL_ROTATED_BY_ADMIN: Final = "An administrator says that “{label}” was rotated at its provider."
