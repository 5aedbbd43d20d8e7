"""What `sendsecret record` says."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from store.record_doors import RecordDoor

NOTHING: Final = "Nothing was changed."

ASK_VALUE: Final = "The credential, one line (not shown while you type): "
NOT_TYPED: Final = f"It could not be read from this terminal; give it through a pipe or with < FILE. {NOTHING}"
UNREADABLE: Final = f"Standard input cannot be read. {NOTHING}"
EMPTY: Final = f"There is no credential: standard input is empty, or only spaces and line breaks. {NOTHING}"
NO_TEXT: Final = f"It is no UTF-8 text, and a record holds text alone. {NOTHING}"
TOO_LONG: Final = f"It is longer than 64 KiB, the most that a record holds. {NOTHING}"
ENDS_WITH_BREAK: Final = "It ends with a line break, which is kept: programs get it, too."
LABEL: Final = f"--label takes 1 to 100 letters and signs on one line. {NOTHING}"
LABEL_TELLS: Final = f"The label holds the credential, and others read it. {NOTHING} Say what it is in other words."
ROTATE_URL: Final = f"--rotate-url takes the address of a page, with https:// and of at most 500 characters. {NOTHING}"
NO_ID: Final = f"That is no record's id: `sendsecret record list` prints them. {NOTHING}"
UNKNOWN: Final = f"There is no such record, or it has ended already. {NOTHING}"
CHANGED: Final = (
    f"Somebody else has rotated or ended this record just now. {NOTHING} Look with `sendsecret record list`."
)
AWAY: Final = f"The keyring cannot be used just now: is KEYRING_DIR mounted? {NOTHING} Try again once it is."
NAMES_AWAY: Final = (
    "It cannot be given another link: the key of its month is not in KEYRING_DIR, so that nothing its page says can be "
    f"kept. {NOTHING} If the key cannot be put back, revoke the record and make another: sendsecret record revoke ID"
)
NAMELESS: Final = "Credential"
FOR_PAGES: Final = f"--from and --label are for a record with a page; this one is read with a key. {NOTHING}"
_NOT_KNOWN: Final = "It is not known whether anything was changed: look with `sendsecret record list`."
LOST_MADE: Final = f"{_NOT_KNOWN} If the record is there, revoke it: nobody can read it."
LOST_AGAIN: Final = f"{_NOT_KNOWN} Then run the same again: sendsecret record {{verb}} {{record}}"
STOPPED: Final = f"Stopped. {NOTHING}"
STOPPED_UNDERWAY: Final = "Stopped. {lost}"
REMAINS: Final = (
    "Nobody can read it, and the record could not be revoked again just now, as far as is known. Once the store is "
    "back: sendsecret record revoke {record}"
)
UNPRINTED: Final = "Standard output takes nothing, so that nobody can read it. {what}"
UNPRINTED_MADE: Final = "The record was revoked again; nothing is left of it."
UNPRINTED_ROTATED: Final = "What opened it before is dead all the same: rotate the record once more."

EMPTY_ESCROWED: Final = (
    f"There is no credential: standard input is empty, or only spaces and line breaks. {NOTHING} To keep the one that "
    "is there: --keep"
)
NOT_ESCROWED: Final = (
    "This record is not in escrow: without its key nobody can open what is kept, so that its credential is needed "
    f"again, through a pipe or with < FILE. {NOTHING}"
)
UNOPENED: Final = (
    "The credential cannot be kept: {why}. The record is read as before. To rotate it, give the credential again, "
    f"through a pipe or with < FILE. {NOTHING}"
)
UNREAL: Final = (
    f"It cannot stay in escrow as it is: {{why}}. {NOTHING} The record is read as before. To rotate it, choose: "
    "--escrow puts the credential that you give in escrow anew, --no-escrow takes the record out."
)
NO_MASTER: Final = (
    f"It cannot be put in escrow: {{why}}. {NOTHING} `sendsecret keys list` says which master keys there are, and "
    "`sendsecret keys rotate-master` makes one. Without escrow (for a rotation: --no-escrow) none is needed."
)

ESCROWED: Final = (
    "It is in escrow: our keyring can open this. Whoever holds the database, the keyring and the master key reads it "
    "without its key; so a rotation needs no credential."
)
ESCROW_ENDED: Final = "It is not in escrow any more: the next rotation needs the credential."
KEPT: Final = "The credential is the one of before; its escrow opened it."
_ANY_READS: Final = "as often as it likes"
_MOST_READS: Final = "{most} times at most"
_ONCE: Final = "once"

_UNLOCKED: Final = "Record {record} unlocked: {tries}. {then}"
_TRIES: Final = "{tries} more tries at its passphrase"
_LAST_TRY: Final = "one more try at its passphrase"
_UNLOCK_AGAIN: Final = "You can unlock it once more."
_UNLOCKED_LAST: Final = "After that it stays locked until you rotate it."
NO_PAGE: Final = f"This record is read with a key: it has no page, so there is nothing to unlock. {NOTHING}"
CANNOT_UNLOCK: Final = (
    f"It is not locked, or was unlocked twice already, or fifteen tries at this link were wrong. {NOTHING} Look with "
    "`sendsecret record list`; where it stays locked, give it another link: sendsecret record rotate ID"
)
LOST_UNLOCKED: Final = "It is not known whether it was unlocked: look with `sendsecret record list`."
PASSPHRASE: Final = (
    "--ask-passphrase and --passphrase-file exclude each other, are for --door page alone, and go without --hand-to: "
    f"what you chose you pass on yourself. {NOTHING}"
)
NOT_TYPED_PASSPHRASE: Final = f"The passphrase could not be read from this terminal. {NOTHING}"
PASSPHRASE_TELLS: Final = (
    f"The label holds the passphrase, and others read it. {NOTHING} Say what it is in other words."
)
PASSPHRASE_IS_IT: Final = f"The passphrase is the credential itself. {NOTHING} Choose another."
FROM: Final = f"--from takes 1 to 100 letters and signs on one line, and is for --door page alone. {NOTHING}"

REVOKED: Final = "Record {record} revoked: {label}. Nobody reads it any more."
KEY_LEFT: Final = (
    "Its key in the keyring could not be overwritten just now. That is repeated every minute while a program runs."
)
OLD_KEY_LEFT: Final = (
    "The old one in the keyring could not be overwritten just now. That is repeated every minute while a program runs."
)
NOT_AT_PROVIDER: Final = "This does not change the key at its provider; rotate it there{where}"
ERASED: Final = "(name erased)"
NAME_UNREADABLE: Final = "(name unreadable)"


@dataclass(frozen=True)
class Words:
    """What is said of that which opens a record, by its door."""

    made: str
    shown: str
    rotated: str
    handed: str
    not_handed_made: str
    not_handed_rotated: str
    perhaps_handed: str


KEY: Final = Words(
    made="Record {record} made: {label}. A program reads it with its key until {until}, {reads}.",
    shown="The key is shown this once, and kept nowhere. If it is lost: sendsecret record rotate {record}",
    rotated="Record {record} has another key: {label}. The one before is dead; programs that have it get 401.",
    handed="The key went to {to}, and stands nowhere else. If they lose it: sendsecret record rotate {record}",
    not_handed_made="The key was handed to nobody, so the record was revoked again; nothing is left of it.",
    not_handed_rotated=(
        "The new key was handed to nobody, and the one before is dead. The record is still there: run the same again."
    ),
    perhaps_handed=(
        "Whether the key arrived is not known: see above. If it did not: "
        "sendsecret record rotate {record} --hand-to {to}"
    ),
)
LINK: Final = Words(
    made=(
        "Record {record} made: {label}. Whoever has its link and its passphrase reads it until {until}, {reads}; it is "
        "not destroyed when it is read."
    ),
    shown=(
        "Link and passphrase are kept nowhere, and what is shown is shown this once. Give them to one person, the "
        "passphrase in another way than the link. If one is lost: sendsecret record rotate {record}"
    ),
    rotated="Record {record} has another link and passphrase: {label}. Those of before are dead.",
    handed=(
        "Link and passphrase went to {to}, and stand nowhere else. If they lose one: sendsecret record rotate {record}"
    ),
    not_handed_made=(
        "Link and passphrase were handed to nobody, so the record was revoked again; nothing is left of it."
    ),
    not_handed_rotated=(
        "The new link and passphrase were handed to nobody, and those of before are dead. The record is still there: "
        "run the same again."
    ),
    perhaps_handed=(
        "Whether link and passphrase arrived is not known: see above. If they did not: "
        "sendsecret record rotate {record} --hand-to {to}"
    ),
)

NONE: Final = "There is no record. `sendsecret record make` makes one."


def day(at: int) -> str:
    """A day of UTC; `at` is Unix seconds."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")


def door(word: str, *, is_locked: bool) -> str:
    """What stands behind a record's id in a list: nothing of the door for programs."""
    if word != RecordDoor.PAGE:
        return ""
    return "  page, locked" if is_locked else "  page"


def unlocked(record: str, tries: int, *, is_last: bool) -> str:
    """What is left after an unlocking."""
    left = _LAST_TRY if tries == 1 else _TRIES.format(tries=tries)
    return _UNLOCKED.format(record=record, tries=left, then=_UNLOCKED_LAST if is_last else _UNLOCK_AGAIN)


def line(
    record: str,
    stands: str,
    reads: int,
    read_at: str | None,
    reads_left: int | None,
    wrong: int,
    name: str,
    *,
    door: str = "",
    is_escrowed: bool = False,
) -> str:
    """A record in a list; `door` is said behind its id, nothing of the one for programs."""
    read = "never read" if read_at is None else f"read {reads} times, last {read_at}"
    left = "" if reads_left is None else f", {reads_left} left"
    tried = f"  wrong {'passphrases' if door else 'keys'} {wrong}" if wrong else ""
    return f"{record}{door}  {stands}  {read}{left}{tried}{'  escrow' if is_escrowed else ''}  {name}"


def how_often(reads: int | None) -> str:
    """How often it is read, within a sentence."""
    return {None: _ANY_READS, 1: _ONCE}.get(reads) or _MOST_READS.format(most=reads)
