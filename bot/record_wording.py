"""What the security team reads of records, the standing credentials of programs and people; never a key or a value."""

from typing import Final

from store.words import RecordEnd

MADE: Final = "Record `{record}` made by whoever runs Sendsecret: a program reads it with its key until {until}"
MADE_BOUNDED: Final = f"{MADE}, {{most_reads}} times at most"
MADE_PAGE: Final = (
    "Record `{record}` made by whoever runs Sendsecret: whoever has its link and its passphrase reads it until {until}"
)
MADE_PAGE_BOUNDED: Final = f"{MADE_PAGE}, {{most_reads}} times at most"
READ: Final = "Record `{record}` read for the first time with its present key"
READ_PAGE: Final = "Record `{record}` read for the first time with its present link and passphrase"
REFUSED_PAGE: Final = (
    ":warning: A wrong passphrase was tried with the link of record `{record}` (so far: {count}); nothing shown. Tries "
    "left before it locks: {tries_left}"
)
LOCKED: Final = (
    ":rotating_light: *Record `{record}` is locked:* all tries at its passphrase are used up ({guesses} with this "
    "link). Nobody reads it until whoever runs Sendsecret unlocks or rotates it"
)
UNLOCKED: Final = "Record `{record}` unlocked by whoever runs Sendsecret: five more tries at its passphrase"
REFUSED: Final = (
    ":warning: Record `{record}` was asked for with a wrong key (so far: {count}); nothing shown. Often a program that "
    "still has the key of before"
)
ROTATED: Final = (
    "Record `{record}` given another key by whoever runs Sendsecret; the one before reads nothing any more. This does "
    "not change the key at its provider"
)
ROTATED_PAGE: Final = (
    "Record `{record}` given another link and passphrase by whoever runs Sendsecret; those of before read nothing any "
    "more. This does not change the key at its provider"
)
REVOKED: Final = (
    "Record `{record}` revoked by whoever runs Sendsecret; nobody reads it any more. This does not change the key at "
    "its provider"
)
EXPIRED: Final = {
    RecordEnd.TIME: "Record `{record}` expired; nobody reads it any more",
    RecordEnd.READS: "Record `{record}` was read as often as it may be; nobody reads it any more",
    RecordEnd.LOST: ":rotating_light: *Record `{record}` is lost:* its key was found erased; nobody reads it any more",
}
IN_ESCROW: Final = "{what}. It is in escrow: our keyring can open it, too"
KEPT: Final = "{what}. Its credential is the one of before, which its escrow opened"
OTHER: Final = "Record `{record}`: {event}"
LABELLED: Final = "{what} ({label})"
