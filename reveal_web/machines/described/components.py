"""What stands in several answers."""

from typing import Final

from reveal_web.machines.described.shapes import Json, base64url, members, moment, or_null, text, whole, word
from store.record_doors import RecordDoor
from store.words import Delivery, Event, Outcome, RecordState, State

RECIPIENT_CLASSES: Final = ("member", "guest", "external", "email")

ID: Final = base64url(16, "Which drop; it opens nothing")
RECORD_ID: Final = base64url(16, "Which record; it opens nothing")
RID: Final = text("A receipt's id, under which everybody may read it", pattern="^[0-9a-f]{32}$")

SCHEMAS: Final[dict[str, Json]] = {
    "Drop": members(
        {
            "id": ID,
            "state": word(State, "Where it is in its life"),
            "outcome": or_null(word(Outcome, "How it ended; null before that")),
            "label": text("What the secret is, in its sender's words; `(erased)` where that is kept no more"),
            "recipient": members(
                {
                    "name": text("As one reads it; `(erased)` where that is kept no more"),
                    "class": text("How close they are: member, guest, external, or email for an address"),
                }
            ),
            "template": text("How it was handed over"),
            "delivery": word(Delivery, "Whether the link arrived"),
            "created_at": moment("When it was sealed"),
            "expires_at": moment("Until when it can be opened"),
            "paused_at": or_null(moment("When its recipient said that they did not expect it")),
            "claimed_at": or_null(moment("When it was opened")),
            "ended_at": or_null(moment("When it ended")),
            "rotate_by": or_null(moment("By when its key is to be changed at the provider")),
            "receipt": or_null(RID),
        },
        description="A drop as its sender sees it.  No link, no passphrase, no hint.",
    ),
    "Record": members(
        {
            "id": RECORD_ID,
            "door": word(RecordDoor, "Whether programs read it, with a key, or people, with link and passphrase"),
            "state": word(RecordState, "Whether it can be read, or how it ended"),
            "locked": {"type": "boolean", "description": "Whether the guesses at a page's passphrase are used up"},
            "label": or_null(text("What it is; null where that is kept no more")),
            "url": text("Where it is read; of a page without what opens it"),
            "rotate_url": or_null(text("The page on which the key is rotated at its provider")),
            "version": whole("Which key, or link, it has: 1, and one more with each rotation"),
            "reads": whole("How often it was read with its present key, or link"),
            "reads_left": or_null(whole("How often it can be read; null for any number")),
            "wrong_keys": whole("How often it was asked for with another key, or another passphrase"),
            "read_at": or_null(moment("When it was last read with its present key, or link")),
            "expires_at": moment("Until when it can be read"),
            "ended_at": or_null(moment("When it ended")),
        },
        description="A record as its owner sees it.  No key, no value.",
    ),
    "Step": members(
        {
            "event": word(Event, "What happened"),
            "n": whole("Its number among the drop's events"),
            "at": moment("When"),
            "facts": {
                "type": "object",
                "description": "What its entry in the log says in clear",
                "additionalProperties": {"type": ["string", "integer", "boolean", "null"]},
            },
            "network": or_null(text("From where somebody looked: a /24 or /48; null where nobody was seen, or erased")),
            "browser": or_null(text("With which family of browsers")),
        },
        description="One event of a drop.",
    ),
}

ID_PARAMETER: Final[Json] = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "An id, 22 characters.  What is no id is answered like an id that nobody has.",
    "schema": {"type": "string"},
}
