"""
What people read of records, the standing credentials that programs read: the security team, and whoever made one.

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
NOBODY_NAMED: Final = "nobody named"
SOMEBODY: Final = "Somebody"
READ: Final = "Record `{record}` read for the first time with its present key"
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
OTHER: Final = "Record `{record}`: {event}"
LABELLED: Final = "{what} ({label})"

# To whoever made it ---------------------------------------------------------------------------------------------------
YOURS_READ: Final = "*{label}*: a program has read it for the first time with its present key."
YOURS_REFUSED: Final = (
    ":warning: *{label}*: somebody tried a wrong key (so far: {count}). Nothing was shown. Most often it is a program "
    "that still has the key of before."
)
YOURS_OVER: Final = {
    RecordEnd.TIME: "*{label}* has expired: nobody reads it any more.",
    RecordEnd.READS: "*{label}* was read as often as it may be: nobody reads it any more.",
    RecordEnd.LOST: (
        ":rotating_light: *{label}* is lost: its key was found erased, and nobody reads it any more. Make another."
    ),
}
