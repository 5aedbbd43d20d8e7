"""
What the windows say in which a record is made, or rotated: fields, refusals, and what came of it.

`{name}` is filled by `str.format` where Slack shows plain text only, and else by `mrkdwn.fill`, which escapes it.
"""

from typing import Final

TITLE: Final = "A standing credential"
TITLE_AGAIN: Final = "Another key"
TITLE_AGAIN_PAGE: Final = "Another link"
MAKE: Final = "Make it"
ROTATE: Final = "Rotate"
CANCEL: Final = "Cancel"
DONE: Final = "Done"
I_HAVE_IT: Final = "I have it"
OPENING: Final = "Looking for this record…"

WHAT_FOR: Final = (
    "For a program that reads a credential at every start, or people who must look at it more than once: until it is "
    "rotated, revoked or over. For a person who needs it once, `/sendsecret @person` is better. Slack sees what you "
    "type here in transit."
)
AGAIN_FOR: Final = (
    "*{label}* gets another key. The one of before is dead at once, and programs that have it read nothing until they "
    "have the new one."
)
AGAIN_FOR_PAGE: Final = (
    "*{label}* gets another link and another passphrase. Those of before are dead at once, and whoever has them reads "
    "nothing until they have the new ones."
)
TYPE_AGAIN: Final = "Type the credential again, the same or a new one: nobody, I included, can open what is kept."
MAY_KEEP: Final = "It is in escrow: our keyring opens what is kept, so that you need not type the credential again."
NOT_TAKEN: Final = (
    ":warning: I did not take what you typed after the name. If it was a secret, it has been through Slack: rotate it, "
    "and paste the new one below."
)
DOOR: Final = "Who reads it"
DOORS: Final = {
    "api": "A program, with a key: a curl line reads it",
    "page": "People who must look more than once: a page with link and passphrase",
}
DOOR_HINT: Final = (
    "A page shows the credential until it ends, to whoever has link and passphrase. It is not destroyed when it is "
    "read. I make the passphrase: four words."
)
FOR_WHOM: Final = "Who it is for"
FOR_WHOM_HINT: Final = "One person: give each a record of their own, so that one can be ended without the others."
SECRET: Final = "The credential"
SECRET_HINT: Final = "Kept byte for byte; a line break at its end is part of it."
SECRET_HINT_KEPT: Final = (
    "Empty keeps the present one. A new one is kept byte for byte; a line break at its end is part of it."
)
HANDING: Final = "Who gets the key, or link and passphrase"
HANDINGS: Final = {
    "hand": "Hand it to them, as a link that opens once",
    "window": "Show it to me once, in this window",
    "page": "A link for me: a page that saves it as a file",
}
EXPIRES: Final = "Can be read for"
READS: Final = "Most reads"
READS_HINT: Final = "Empty: as often as they like. An answer that is lost on its way has been counted."
ROTATE_URL: Final = "Where the key is rotated at its provider"
ROTATE_URL_HINT: Final = "A page with https://. You are shown it when the record ends."
ESCROW: Final = "Escrow"
ESCROW_TICK: Final = "Our keyring can open this"
ESCROW_HINT: Final = (
    "Whoever holds our database, our keyring and its master key then reads it without key or passphrase; for that, "
    "rotating needs no credential. Without the tick nobody but its readers can open what is kept."
)
HINT_NOTE: Final = (
    "The passphrase and its hint are for the link that opens once, by which it is handed over; a window needs none."
)

MADE: Final = (
    ":white_check_mark: *{label}*: a program reads it with its key until {until}. My Home tab has it under Records."
)
MADE_BOUNDED: Final = (
    ":white_check_mark: *{label}*: a program reads it with its key until {until}, {most} times at most. My Home tab "
    "has it under Records."
)
MADE_PAGE: Final = (
    ":white_check_mark: *{label}*: this page shows the credential until {until}, to whoever has link and passphrase. "
    "It is not destroyed when it is read. My Home tab has it under Records."
)
MADE_PAGE_BOUNDED: Final = (
    ":white_check_mark: *{label}*: this page shows the credential until {until}, to whoever has link and passphrase, "
    "{most} times at most. My Home tab has it under Records."
)
IN_ESCROW: Final = "It is in escrow: our keyring can open it, too."
ESCROW_ENDED: Final = "It is not in escrow any more: the next time it is rotated, the credential is typed again."
KEPT: Final = "The credential is the one of before: its escrow opened it."
ROTATED: Final = (
    ":white_check_mark: *{label}* has another key. The one of before is dead; programs that have it get 401."
)
ROTATED_PAGE: Final = (
    ":white_check_mark: *{label}* has another link and another passphrase. Those of before are dead: that link is from "
    "now on like one that never was."
)
KEY_LEFT: Final = "What my keyring had for it before could not be overwritten just now; I repeat it every minute."
SHOWN: Final = (
    "This is shown only this once, in this window, and is kept nowhere. Copy it to where the program's secrets are, "
    "and only then close this. If it is lost, rotate the record.\n```{lines}```"
)
SHOWN_PAGE: Final = (
    "This is shown only this once, in this window, and is kept nowhere. Give both to one person, the passphrase in "
    "another way than the link, and only then close this. If one is lost, rotate the record.\n```{lines}```"
)
NOBODY_MADE: Final = (
    "*What opens it was handed to nobody, so the record was revoked again.* Nothing is left of it, and your "
    "credential was not read. Make it again."
)
NOBODY_LEFT: Final = (
    "*What opens it was handed to nobody, and I could not revoke the record just now.* Nobody can read it. Look under "
    "Records in my Home tab, and revoke it there."
)
NOBODY_ROTATED: Final = (
    "*What opens it now was handed to nobody, and what opened it before is dead.* The record is still there: rotate it "
    "once more."
)
PRESS_ROTATED: Final = "Once it is, press Rotated beside it under Records in my Home tab."
NOT_AT_PROVIDER: Final = "This does not change the key at its provider; rotate it there."
NOT_AT_PROVIDER_URL: Final = "This does not change the key at its provider; rotate it there: {url}"

# Refusals (plain text) -----------------------------------------------------------------------------------------------
NO_PERSON: Final = "Choose who it is for, or have it shown to you below."
NO_READS: Final = "A whole number from 1 to 1,000,000, or nothing. No record was made."
NO_PAGE: Final = "The address of a page, with https:// and of at most 500 characters. No record was made."
PAGE_TELLS: Final = "This holds the credential, or a part of it. Others read this: take it out."
MADE_ALREADY: Final = "This window has done that already: look under Records in my Home tab."
BUSY: Final = "I am busy and could not do this in time. Press the button again: what was begun I end again."
BUSY_ROTATING: Final = (
    "I am busy, and this takes longer than a window can wait. The record may be given another key, or link, all the "
    "same: nobody would have it, and what opened it before would be dead. Press the button again in a moment."
)
AWAY: Final = "I could not reach my store just now. Look under Records in my Home tab before you press again."
RING_AWAY: Final = "My keyring cannot be used just now. Nothing was changed. Press again in a moment."
TOO_MANY: Final = (
    "You have {most} records that can be read, which is as many as anybody may have at once. No record was made. "
    "Revoke some under Records in my Home tab, then press again."
)
TOO_OFTEN: Final = (
    "You have made, sent or asked for {most} secrets within ten minutes, as many as anybody may. Nothing was changed. "
    "Press the button again in {wait}."
)
TOO_MANY_OPEN: Final = (
    "{most} secrets of yours are waiting to be opened or sealed, as many as anybody may have at once, and what opens "
    "this record would be one more. Nothing was changed. Revoke some in my Home tab, then press the button again."
)
NOT_SEALED: Final = (
    "What opens it could not be sealed in time, so the record was revoked again. Press the button again."
)
NOT_SEALED_LEFT: Final = (
    "What opens it could not be sealed, and the record not be revoked again just now. Nobody can read it: revoke it "
    "under Records in my Home tab."
)
NOT_SEALED_ROTATED: Final = (
    "What opens it now could not be sealed in time: nobody has it, and what opened it before is dead. Press the button "
    "again."
)
NOT_ESCROWED: Final = "It is not in escrow any more, so that I cannot keep it. Nothing was changed. Type it again."
UNOPENED: Final = (
    "What is kept cannot be opened: the master key of its escrow is away or damaged. Nothing was changed, and it is "
    "read as before. Type the credential, or tell whoever runs Sendsecret."
)
NO_MASTER: Final = (
    "It cannot be put in escrow: the master key is away or damaged. Nothing was changed. Take the tick off, or tell "
    "whoever runs Sendsecret."
)
SENDER_UNKNOWN: Final = "Slack did not say who you are just now. Nothing was changed. Press again."
MAY_NOT: Final = "Your account here is not one that can make records. Nothing was changed."
NOT_YOURS: Final = "This record is not yours, or has ended. Nothing was changed."
CHANGED: Final = "Somebody else has rotated or ended this record just now. Nothing was changed."
UNEXPECTED: Final = "Something went wrong on my side. Look under Records in my Home tab before you press again."

# Commands ------------------------------------------------------------------------------------------------------------
OUTSIDE_ONLY: Final = (
    "Secrets are not to be typed into Slack here, and this window needs that. Nothing was made. Whoever runs "
    "Sendsecret can make a record on the command line. If a secret stood on that line, it has been through Slack: "
    "rotate it."
)
ONE_PERSON: Final = (
    "A record is for one person: type `/sendsecret code @person`. Nothing was made. If a secret stood on "
    "that line, it has been through Slack: rotate it."
)
