"""
What the security team reads, one entry for each event.

Plain facts, in one line each.  What needs somebody at once begins with a siren; nothing else does, so that the siren
keeps its meaning.
"""

from typing import Final

from store.words import Ask, Event, Outcome, Way

PARENT: Final = "*{sender}* → *{recipient}* ({kind}) · `{short}`"
PARENT_TEXT: Final = "Drop {short}: {sender} to {recipient}"
TEMPLATE: Final = "template “{template}” · sealed {at} · expires {until}"
TEMPLATE_LABEL: Final = "“{label}” · template “{template}” · sealed {at} · expires {until}"
KINDS: Final = {"member": "member", "guest": "guest", "external": "outside this company"}

PENDING: Final = "Sealed; the link is on its way"
WAITING: Final = {
    Way.DM: "Delivered; not opened yet",
    Way.SHOWN: "Link shown to the sender, to pass on; not opened yet",
    Way.HERE: "Posted into a conversation; not opened yet",
}
PAUSED: Final = ":rotating_light: Paused {at}: the recipient did not expect it"
LOOKED_AT: Final = "Delivered; the page was looked at {at}, not opened yet"
LOCKED: Final = ":lock: Locked after {guesses} wrong passphrases"
CLAIMED: Final = "Opened {at}; not confirmed yet"
ENDED: Final = {
    Outcome.VIEWED: "Opened {at}, confirmed, destroyed",
    Outcome.RELEASED: ":warning: Opened {at}, never confirmed, destroyed",
    Outcome.REVOKED: "Revoked {at}, destroyed unopened",
    Outcome.EXPIRED: "Expired {at}, destroyed unopened",
    Outcome.UNDELIVERED: "Undelivered; destroyed unopened {at}",
    Outcome.LOCKED_OUT: ":lock: Too many wrong passphrases; destroyed unopened {at}",
    Outcome.LOST: ":rotating_light: Key lost {at}; destroyed unopened",
}

ENDING: Final = {
    Outcome.REVOKED: "Revoked {at}; being destroyed",
    Outcome.EXPIRED: "Expired {at}; being destroyed",
    Outcome.UNDELIVERED: "Undelivered {at}; being destroyed",
    Outcome.LOCKED_OUT: ":lock: Too many wrong passphrases {at}; being destroyed",
}
"""Nobody can open it any more, and its key is not erased yet."""

ENTRY: Final = "{at} · {what}"
EVENTS: Final[dict[Event, str]] = {
    Event.CREATED: "Sealed",
    Event.UNDELIVERED: "Link not delivered",
    Event.DOOR_OPENED: "Page looked at for the first time; nothing shown",
    Event.PASSPHRASE_FAILED: "Wrong passphrase; tries left: {tries_left}",
    Event.LOCKED: ":lock: *Locked* after {guesses} wrong passphrases",
    Event.UNLOCKED: "Unlocked by the sender: five more tries",
    Event.CLAIMED: "Right passphrase on try {guesses}; released to one page",
    Event.REDELIVERED: "Sent again to the same page (time {sends})",
    Event.ACKNOWLEDGED: "The page confirmed that it decrypted",
    Event.EXPIRED: "Expired",
    Event.NOT_ME: ":rotating_light: *A holder of the link says: that was not me* (so far: {count})",
    Event.RECEIPT: "Receipt issued",
    Event.RECIPIENT_VERIFIED: "The recipient's Slack account was verified",
    Event.RECIPIENT_REFUSED: ":rotating_light: *Somebody else pressed the recipient's button*",
    Event.REMINDED: "Reminder sent",
    Event.UNVIEWED: "Still not opened",
    Event.ROTATE_DUE: "Rotation is due",
    Event.ROTATED: "Rotated",
}
DELIVERED: Final = {
    Way.DM: "Link delivered to the recipient's DM",
    Way.SHOWN: "Link shown to the sender, who passes it on",
    Way.HERE: "Link posted into a conversation that the sender chose",
}
PAUSED_BY_RECIPIENT: Final = (
    ":rotating_light: *The recipient was not expecting this*; paused until the sender says that it is right"
)
DENIED: Final = ":rotating_light: *The recipient says of the opened drop: I was not expecting this* (so far: {count})"
RESUMED: Final = "The sender says that it is right; it can be opened again"
REVOKED: Final = {"sender": "Revoked by the sender", "admin": "Revoked by an administrator"}
DESTROYED: Final = {
    Outcome.VIEWED: "Destroyed: viewed",
    Outcome.RELEASED: ":warning: Destroyed: released, and never confirmed by the page",
    Outcome.REVOKED: "Destroyed: revoked",
    Outcome.EXPIRED: "Destroyed: expired",
    Outcome.UNDELIVERED: "Destroyed: undelivered",
    Outcome.LOCKED_OUT: ":lock: Destroyed: locked out",
    Outcome.LOST: ":rotating_light: *Destroyed: its key was lost*",
}
UNDELIVERED_BECAUSE: Final = "Link not delivered: {why}"
SECOND_AT_DOOR: Final = "Dead link opened again (so far: {count}); nothing shown. Often the recipient"
SECOND_WRONG: Final = "Second page tried a passphrase, wrong or too late to tell (so far: {count}); nothing shown"
SECOND_RIGHT: Final = (
    ":rotating_light: *A second page gave the right passphrase* (so far: {count}); nothing shown. Two holders "
    "know link and passphrase"
)
ASKED: Final = {
    Ask.PASSPHRASE: "A holder of the link asked for the passphrase (so far: {count})",
    Ask.AGAIN: "A holder of the link asked for a new one (so far: {count})",
    Ask.TRIES: "A holder of the link asked for more tries (so far: {count})",
}
OTHER: Final = "{event}"

# To administrators, in their DM.
AUDIT_AWAY: Final = (
    ":rotating_light: I cannot write to the audit channel {channel}: Slack says `{code}`. Nothing is "
    "lost: every entry waits and "
    "will be posted in order. Invite me with `/invite @sendsecret`, unarchive it, or set AUDIT_CHANNEL to another."
)
KEYS_ABSENT: Final = (
    ":rotating_light: The keys of {count} live drops are missing from the keyring. Nothing was changed, "
    "and no tries are used up. "
    "Is its folder mounted?"
)
CLOCK_WRONG: Final = (
    ":rotating_light: A request that Slack signed was {seconds} seconds away from the time of the computer that I run "
    "on. From 300 on I refuse every request. Nothing is lost. Set its clock by NTP; if the clock is right, somebody "
    "has sent me an old request again."
)
