"""
What people read of records, the standing credentials of programs and people: the security team, and whoever made one.

Never a key or a value.
"""

from typing import Final

from store.words import Actor, RecordEnd

_NOT_AT_PROVIDER: Final = "This does not change the key at its provider"
MADE: Final = {
    Actor.SENDER: "{owner} made the record `{record}` for {recipient}: a program reads it with its key until {until}",
    Actor.ADMIN: "Record `{record}` made by whoever runs Sendsecret: a program reads it with its key until {until}",
}
MADE_BOUNDED: Final = {actor: f"{sentence}, {{most_reads}} times at most" for actor, sentence in MADE.items()}
MADE_PAGE: Final = {
    Actor.SENDER: (
        "{owner} made the record `{record}` for {recipient}: whoever has its link and its passphrase reads it until "
        "{until}"
    ),
    Actor.ADMIN: (
        "Record `{record}` made by whoever runs Sendsecret: whoever has its link and its passphrase reads it until "
        "{until}"
    ),
}
MADE_PAGE_BOUNDED: Final = {actor: f"{sentence}, {{most_reads}} times at most" for actor, sentence in MADE_PAGE.items()}
NOBODY_NAMED: Final = "nobody named"
SOMEBODY: Final = "Somebody"
READ: Final = "Record `{record}` read for the first time with its present key"
READ_PAGE: Final = "Record `{record}` read for the first time with its present link and passphrase"
REFUSED_PAGE: Final = (
    ":warning: A wrong passphrase was tried with the link of record `{record}` (so far: {count}); nothing shown. Tries "
    "left before it locks: {tries_left}"
)
LOCKED: Final = (
    ":rotating_light: *Record `{record}` is locked:* all tries at its passphrase are used up ({guesses} with this "
    "link). Nobody reads it until it is unlocked or rotated"
)
UNLOCKED: Final = {
    Actor.SENDER: "Record `{record}` unlocked by whoever made it: more tries at its passphrase",
    Actor.ADMIN: (
        "Record `{record}` unlocked by an administrator, or whoever runs Sendsecret: more tries at its passphrase"
    ),
}
REFUSED: Final = (
    ":warning: Record `{record}` was asked for with a wrong key (so far: {count}); nothing shown. Often a program that "
    "still has the key of before"
)
ROTATED: Final = {
    Actor.SENDER: (
        "Record `{record}` given another key by whoever made it; the one before reads nothing any more. "
        f"{_NOT_AT_PROVIDER}"
    ),
    Actor.ADMIN: (
        "Record `{record}` given another key by an administrator, or whoever runs Sendsecret; the one before reads "
        f"nothing any more. {_NOT_AT_PROVIDER}"
    ),
}
ROTATED_PAGE: Final = {
    Actor.SENDER: (
        "Record `{record}` given another link and passphrase by whoever made it; those of before read nothing any "
        f"more. {_NOT_AT_PROVIDER}"
    ),
    Actor.ADMIN: (
        "Record `{record}` given another link and passphrase by an administrator, or whoever runs Sendsecret; those of "
        f"before read nothing any more. {_NOT_AT_PROVIDER}"
    ),
}
REVOKED: Final = {
    Actor.SENDER: f"Record `{{record}}` revoked by whoever made it; nobody reads it any more. {_NOT_AT_PROVIDER}",
    Actor.ADMIN: (
        "Record `{record}` revoked by an administrator, or whoever runs Sendsecret; nobody reads it any more. "
        f"{_NOT_AT_PROVIDER}"
    ),
}
RENEWED: Final = {
    Actor.SENDER: "Whoever made the record `{record}` says that the key was rotated at its provider",
    Actor.ADMIN: "An administrator says that the key in the record `{record}` was rotated at its provider",
}
EXPIRED: Final = {
    RecordEnd.TIME: "Record `{record}` expired; nobody reads it any more",
    RecordEnd.READS: "Record `{record}` was read as often as it may be; nobody reads it any more",
    RecordEnd.LOST: ":rotating_light: *Record `{record}` is lost:* its key was found erased; nobody reads it any more",
}
IN_ESCROW: Final = "{what}. It is in escrow: our keyring can open it, too"
KEPT: Final = "{what}. Its credential is the one of before, which its escrow opened"
OTHER: Final = "Record `{record}`: {event}"
LABELLED: Final = "{what} ({label})"

# To whoever made it ---------------------------------------------------------------------------------------------------
YOURS_READ: Final = "*{label}*: a program has read it for the first time with its present key."
YOURS_REFUSED: Final = (
    ":warning: *{label}*: somebody tried a wrong key (so far: {count}). Nothing was shown. Most often it is a program "
    "that still has the key of before."
)
YOURS_READ_PAGE: Final = "*{label}*: somebody has read it for the first time with its present link and passphrase."
YOURS_REFUSED_PAGE: Final = (
    ":warning: *{label}*: somebody who has its link tried a wrong passphrase (so far: {count}). Nothing was shown. "
    "Most often it is a slip of the keyboard."
)
YOURS_LOCKED: Final = (
    ":lock: *{label}* is locked: all tries at its passphrase are used up, by whoever has its link. Nobody reads it "
    "until you unlock it, or give it another link under Records in my Home tab."
)
YOURS_LOCKED_FOR_GOOD: Final = (
    ":lock: *{label}* is locked: all tries at its passphrase are used up, by whoever has its link. It cannot be "
    "unlocked any more: give it another link under Records in my Home tab."
)
YOURS_OVER: Final = {
    RecordEnd.TIME: "*{label}* has expired: nobody reads it any more.",
    RecordEnd.READS: "*{label}* was read as often as it may be: nobody reads it any more.",
    RecordEnd.LOST: (
        ":rotating_light: *{label}* is lost: its key was found erased, and nobody reads it any more. Make another."
    ),
}
