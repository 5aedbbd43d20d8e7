"""The routes for whoever has a token and makes records, which stand longer than a drop."""

from typing import Final

from reveal_web.machines.described.components import ID_PARAMETER, RECORD_ID
from reveal_web.machines.described.shapes import (
    RETRY_AFTER,
    Json,
    answer,
    base64url,
    body,
    members,
    moment,
    or_null,
    problems,
    ref,
    text,
    whole,
)
from reveal_web.machines.described.token_paths import OF_READING, PAGE_PARAMETERS
from reveal_web.machines.record_bodies import MOST_IN_HINT
from store import record_names
from store.formats import header_v1, record_v1
from store.formats.asked_page_v1 import DERIVED_BYTES
from store.record_doors import RecordDoor
from store.words import RecordState, Scope

_BOX: Final = text(
    "The padded value, as protocol.md, section 19, has it",
    pattern="^[A-Za-z0-9_-]+$",
    maxLength=-(-record_v1.MOST_BOX_BYTES * 4 // 3),
)

_SAID: Final = {
    "label": text("What it is, for the owner's own list", minLength=1, maxLength=record_names.MOST_IN_LABEL),
    "rotate_url": or_null(text("The page on which the key is rotated at its provider")),
    "lives_seconds": whole("For how long it can be read", maximum=record_names.MOST_SECONDS_OF_ONE),
    "most_reads": or_null(whole("How often; null for any number")),
}
_OF_KEY: Final = members(
    {
        "door": {"const": RecordDoor.API},
        "id": RECORD_ID,
        "proof": base64url(32, "What is kept of the record's key"),
        "wrapped_key": base64url(record_v1.WRAPPED_KEY_BYTES, "The data key under the record's key"),
        "box": _BOX,
        **_SAID,
    },
    optional=["door"],
    description="For programs: protocol.md, section 19.",
)
_OF_PAGE: Final = members(
    {
        "door": {"const": RecordDoor.PAGE},
        "id": RECORD_ID,
        "header": text("What is bound to the value, verbatim: what the page says of it", maxLength=header_v1.MAX_BYTES),
        "hint": or_null(text("A hint for the passphrase", minLength=1, maxLength=MOST_IN_HINT)),
        "link_proof": base64url(DERIVED_BYTES, "That somebody has the link"),
        "auth_token": base64url(DERIVED_BYTES, "That somebody knows the passphrase"),
        "commit": base64url(DERIVED_BYTES, "What binds the sealing to link and passphrase"),
        "wrapped_key": base64url(record_v1.WRAPPED_KEY_BYTES, "The data key under link and passphrase"),
        "box": _BOX,
        **_SAID,
    },
    description="For people: protocol.md, section 20.",
)

PATHS: Final[Json] = {
    "/api/v1/records": {
        "get": {
            "operationId": "listRecords",
            "summary": "The records that the token's owner has made, newest first",
            "security": [{"token": [Scope.READ]}],
            "parameters": PAGE_PARAMETERS,
            "responses": {
                "200": answer(
                    "Some of them.",
                    members(
                        {
                            "records": {"type": "array", "items": ref("Record"), "maxItems": 100},
                            "after": or_null(text("Where the next page begins")),
                        }
                    ),
                ),
                **problems(*OF_READING),
            },
        },
        "post": {
            "operationId": "makeRecord",
            "summary": "Make a record of what the client has sealed",
            "description": "The client draws id and key, or link and passphrase, and seals; the server has the value "
            "of one with a key when it is read, and that of a page never.  The bot makes it; its answer is waited for "
            "ten seconds.  The same request again is answered the same: the id is what makes it one.",
            "security": [{"token": [Scope.SEND]}],
            "requestBody": body({"oneOf": [_OF_KEY, _OF_PAGE]}),
            "responses": {
                "201": answer(
                    "It can be read.",
                    members(
                        {
                            "state": {"const": "made"},
                            "id": RECORD_ID,
                            "url": text("Where it is read; of a page without what opens it"),
                            "expires_at": moment("Until when"),
                        }
                    ),
                ),
                "202": answer(
                    "The bot has not answered so far.  It goes on for two minutes; send the same again.",
                    members({"state": {"const": "asked"}, "id": RECORD_ID}),
                    headers=RETRY_AFTER,
                ),
                **problems(
                    *("malformed", "too-large", "unsupported-type", "unacceptable-record", "id-taken", "may-not-send"),
                    *(
                        "too-many-records",
                        "sent-too-often",
                        "no-token",
                        "wrong-scope",
                        "wrong-origin",
                        "wrong-tokens",
                        "asked-too-often",
                        "unavailable",
                    ),
                    late_body=True,
                ),
            },
        },
    },
    "/api/v1/records/{id}": {
        "parameters": [ID_PARAMETER],
        "get": {
            "operationId": "readRecord",
            "summary": "How one record stands; not its value",
            "security": [{"token": [Scope.READ]}],
            "responses": {"200": answer("The record.", ref("Record")), **problems(*OF_READING, "not-found")},
        },
    },
    "/api/v1/records/{id}/revoke": {
        "parameters": [ID_PARAMETER],
        "post": {
            "operationId": "revokeRecord",
            "summary": "End a record: nobody reads it any more",
            "description": "The bot does it; its answer is waited for ten seconds.  Revoking what is revoked answers "
            "200 again.  This does not change the key at its provider: rotate it there.",
            "security": [{"token": [Scope.REVOKE]}],
            "responses": {
                "200": answer(
                    "Nobody reads it any more.",
                    members(
                        {
                            "state": {"const": RecordState.REVOKED},
                            "rotate_url": or_null(text("The page on which the key is rotated at its provider")),
                        }
                    ),
                ),
                "202": answer(
                    "The bot has not answered so far.  It goes on for two minutes; ask the same again, or look.",
                    members({"state": {"const": "asked"}, "look": text("Where the record can be looked at")}),
                    headers=RETRY_AFTER,
                ),
                **problems(*OF_READING, "not-found", "too-late"),
            },
        },
    },
}
