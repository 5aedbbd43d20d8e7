"""
What the security team reads, one entry for each event.

Plain facts, in one line each.  What needs somebody at once begins with a siren; nothing else does, so that the siren
keeps its meaning.
"""

from typing import Final

from store.tokens import WhyEnded
from store.words import Ask, Event, LinkFault, Outcome, SealedBy, Way

PARENT: Final = "*{sender}* → *{recipient}* ({kind}) · `{short}`"
PARENT_TEXT: Final = "Drop {short}: {sender} to {recipient}"
TEMPLATE: Final = "template “{template}” · {sealed} {at} · expires {until}"
TEMPLATE_LABEL: Final = "“{label}” · template “{template}” · {sealed} {at} · expires {until}"
SEALED: Final = {
    SealedBy.BOT: "sealed",
    SealedBy.PAGE: "sealed outside Slack, in a page,",
    SealedBy.CLIENT: "sealed outside Slack, by a program,",
}
KINDS: Final = {"member": "member", "guest": "guest", "external": "outside this company", "email": "e-mail"}

PENDING: Final = "Sealed; the link is on its way"
WAITING: Final = {
    Way.DM: "Delivered; not opened yet",
    Way.SHOWN: "Link given to the sender, to pass on; not opened yet",
    Way.HERE: "Posted into a conversation; not opened yet",
    Way.MAIL: "Handed to the mail server; not opened yet",
}
WAITING_KEPT: Final = "Link kept by the sender's program, to pass on; not opened yet"
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
    Event.LEAK_REPLACED: (
        "Sent in place of a message in Slack in which it stood; that message stays until it is deleted"
    ),
    Event.NOT_ME: ":rotating_light: *A holder of the link says on its page: not me, or not expected* (so far: {count})",
    Event.RECEIPT: "Receipt issued",
    Event.RECIPIENT_VERIFIED: "The recipient's own Slack account pressed Open; it can be opened for ten minutes",
    Event.RECIPIENT_REFUSED: (
        ":rotating_light: *Somebody else pressed Open in the recipient's message* (so far: {count}); not let in"
    ),
    Event.REMINDED: "The sender has the recipient reminded",
    Event.UNVIEWED: "Not opened so far; the sender is told",
    Event.ROTATE_DUE: "The day has come to rotate the key at its provider; the sender is told",
}
HOUR_LEFT: Final = "Not opened so far, and less than an hour left; the sender is told"
ROTATED: Final = {
    "sender": "The sender says that the key was rotated at its provider",
    "admin": "An administrator says that the key was rotated at its provider",
}
DELIVERED: Final = {
    Way.DM: "Link delivered to the recipient's DM",
    Way.SHOWN: "Link given to the sender, who passes it on",
    Way.HERE: "Link posted into a conversation that the sender chose",
    Way.MAIL: "Link handed to the mail server, which cannot say whether it arrives",
}
DELIVERED_KEPT: Final = "Link kept by the program that sealed it with the sender's token; it never came to the bot"
PAUSED_BY_RECIPIENT: Final = (
    ":rotating_light: *The recipient was not expecting this*; paused until the sender says that it is right"
)
DENIED: Final = ":rotating_light: *The recipient says of the opened drop: I was not expecting this* (so far: {count})"
RESUMED: Final = "The sender says that it is right: no longer paused"
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
FORGOTTEN: Final = {
    "sender": "The sender was forgotten: name, label and reference are erased here and in the database",
    "recipient": "The recipient was forgotten: name, label, reference and network are erased here and in the database",
}
TOKEN_MADE: Final = (
    "Token `{token}` for the command line made for *{owner}*, until {until}: whoever has it can send in that name, and "
    "read nothing"
)
TOKEN_MADE_FOR: Final = {
    "sender": (
        "Token `{token}` made for *{owner}*, until {until}, for {scopes}: with `send` whoever has it sends in that "
        "name, with `read` they see what was sent in it and to whom, and no secret, with `revoke` they end it"
    ),
    "admin": (
        "Token `{token}` made for *{owner}* by whoever runs Sendsecret, until {until}, for {scopes}: with `send` "
        "whoever has it sends in that name, with `read` they see what was sent in it and to whom, and no secret, with "
        "`revoke` they end it"
    ),
}
TOKEN_ENDED: Final[dict[str, str]] = {
    "sender": "Token `{token}` of *{owner}* ended by its owner",
    "admin": "Token `{token}` of *{owner}* ended by whoever runs Sendsecret",
    WhyEnded.LEFT: "Token `{token}` of *{owner}* ended: its owner is no longer in the workspace",
    WhyEnded.MAY_NOT_SEND: "Token `{token}` of *{owner}* ended: its owner's account is one that can have none now",
    WhyEnded.INCIDENT: "Token `{token}` of *{owner}* ended by an administrator: what its owner had may be stolen",
}
TOKEN_FORGOTTEN: Final = "Token `{token}` ended: its owner was forgotten"
NO_OWNER: Final = "somebody whose name is kept no more"
UNDELIVERED_BECAUSE: Final = "Link not delivered: {why}"
LINK_FAULTS: Final[dict[str, str]] = {
    LinkFault.UNREADABLE: "Link not delivered: no delivery key opens what was sealed for this drop",
    LinkFault.FOREIGN: "*Link not delivered:* what was sealed for this drop is not its own link",
    LinkFault.UNORDERED: ":rotating_light: *Link not delivered:* the bot did not order this drop, or not like this",
    LinkFault.NOT_ALLOWED: "Link not delivered: what was ordered is no longer allowed by the policy",
    LinkFault.HERE_ONLY: "Link not delivered: PUBLIC_URL is on localhost",
}
SECOND_AT_DOOR: Final = "Dead link looked at (so far: {count}); nothing shown. Often the recipient"
SECOND_WRONG: Final = (
    "A page tried a passphrase at the dead link, wrong or too late to tell (so far: {count}); nothing shown"
)
SECOND_RIGHT: Final = (
    ":rotating_light: *A second page gave the right passphrase* (so far: {count}); nothing shown. Two holders "
    "know link and passphrase"
)
CLAIMED_BARE: Final = "Opened with the whole link, without a passphrase; released to one page"
SECOND_BARE: Final = (
    ":rotating_light: *A second page had the whole link* (so far: {count}); nothing shown. Two holders have it, or two "
    "pages of one"
)
ASKED: Final = {
    Ask.PASSPHRASE: "A holder of the link asked for the passphrase (so far: {count})",
    Ask.AGAIN: "A holder of the link asked for a new one (so far: {count})",
    Ask.TRIES: "A holder of the link asked for more tries (so far: {count})",
}
OTHER: Final = "{event}"

# To administrators, in their DM.
_AUDIT_AWAY: Final = (
    ":rotating_light: I cannot write to the audit channel {channel}: Slack says `{code}`. Nothing is lost: every entry "
    "waits and will be posted in order."
)
_ANOTHER: Final = "or set AUDIT_CHANNEL to another."
_INVITE: Final = f"Invite me with `/invite @sendsecret`, {_ANOTHER}"
_UNARCHIVE: Final = f"Unarchive it, {_ANOTHER}"
_LET_ME_POST: Final = f"Let me post there, in the channel's posting permissions, {_ANOTHER}"
_NEW_TOKEN: Final = "Put a token that Slack accepts into SLACK_BOT_TOKEN and start me again."
_SCOPES: Final = "Install me again with the scopes of manifest.yml."
_TAB: Final = "Turn on the Messages tab in my app's settings, under App Home."
_NO_TOKEN: Final = (
    "account_inactive",
    "invalid_auth",
    "not_authed",
    "token_expired",
    "token_revoked",
)
_NO_POSTING: Final = (
    "restricted_action",
    "restricted_action_non_threadable_channel",
    "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel",
)
_AUDIT_CURES: Final = {
    "channel_not_found": _INVITE,
    "is_archived": _UNARCHIVE,
    "missing_scope": _SCOPES,
    "not_in_channel": _INVITE,
    **dict.fromkeys(_NO_POSTING, _LET_ME_POST),
    **dict.fromkeys(_NO_TOKEN, _NEW_TOKEN),
}
AUDIT_AWAY: Final = f"{_AUDIT_AWAY} Invite me with `/invite @sendsecret`, unarchive it, {_ANOTHER}"
AUDIT_AWAY_BY_CODE: Final = {code: f"{_AUDIT_AWAY} {cure}" for code, cure in _AUDIT_CURES.items()}
"""By Slack's own word for it (method chat.postMessage)."""
AUDIT_BACK: Final = (
    ":white_check_mark: I can write to the audit channel {channel} again. Entries posted late, in order: {count}."
)
AUDIT_STUCK: Final = (
    ":rotating_light: Slack does not take an entry for the audit channel {channel}: it says `{code}` to one about "
    "`{short}`. The entry waits, with those about the same after it, and is tried again; all others are posted. "
    "Tell whoever maintains Sendsecret."
)
_DMS_AWAY: Final = (
    ":rotating_light: I cannot write to people in their DMs: Slack says `{code}`. Nothing is lost: every message waits "
    "and will be posted in order."
)
DMS_AWAY: Final = f"{_DMS_AWAY} Look at my app's settings in Slack."
DMS_AWAY_BY_CODE: Final = {
    "messages_tab_disabled": f"{_DMS_AWAY} {_TAB}",
    "missing_scope": f"{_DMS_AWAY} {_SCOPES}",
    "restricted_action": f"{_DMS_AWAY} Let me post, in the workspace's settings.",
    **dict.fromkeys(_NO_TOKEN, f"{_DMS_AWAY} {_NEW_TOKEN}"),
}
"""To administrators, or where they cannot be reached in the audit channel."""
KEYS_ABSENT: Final = (
    ":rotating_light: The keys of {count} live drops or records are missing from the keyring. Nothing was changed, "
    "and no tries are used up. "
    "Is its folder mounted, or its server the right one?"
)
MASTERS_ABSENT: Final = (
    ":rotating_light: Master keys that records in escrow need are missing or damaged: {numbers}. Nothing was changed, "
    "and those records are read as before. Until the keys are back in `SIGNING_DIR/master`, rotating such a record "
    "takes its credential."
)
KEYRING_AWAY: Final = (
    ":rotating_light: The keyring cannot be read. Nothing was changed, and no tries are used up. No secret can be "
    "sent, and links may not open, until it can be read. Is its folder mounted, or its server up?"
)
KEYRING_EMPTIED: Final = (
    ":rotating_light: The server of the keyring has lost the keys of all links that were open, as a crash of it does. "
    "Nobody was shown anything by that. Those drops end as lost, each with its entry here, and their senders are told "
    "to send again. Records and names are kept."
)
KEYRING_UNTIDY: Final = (
    ":rotating_light: Deleted keys cannot be vacuumed away on the keyring's server. The drops have ended and nobody "
    "can open them, but the bytes of their keys may be in that server's files, for longer than their receipts say. It "
    "is tried again every few seconds."
)
CLOCK_WRONG: Final = (
    ":rotating_light: A request that Slack signed was {seconds} seconds away from the time of the computer that I run "
    "on. From 300 on I refuse every request. Nothing is lost. Set its clock by NTP; if the clock is right, somebody "
    "has sent me an old request again."
)

# To a sender, where no administrator could be told.
_SENT: Final = (
    "Sent. I cannot write to the audit channel {channel}: Slack says `{code}`. Nothing is lost: every entry waits and "
    "will be posted in order."
)
_TELL: Final = "Tell whoever runs Sendsecret."
AUDIT_AWAY_TO_SENDER: Final = f"{_SENT} {_TELL}"
_SENT_INVITE: Final = f"{_SENT} Invite me with `/invite @sendsecret`, or tell whoever runs Sendsecret."
AUDIT_AWAY_TO_SENDER_BY_CODE: Final = {
    "channel_not_found": _SENT_INVITE,
    "is_archived": f"{_SENT} Unarchive it, or tell whoever runs Sendsecret.",
    "not_in_channel": _SENT_INVITE,
}
