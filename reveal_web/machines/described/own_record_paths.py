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
from store import record_names
from store.formats import record_v1
from store.words import RecordState, Scope

_BOX: Final = text(
    "The padded value, as protocol.md, section 19, has it",
    pattern="^[A-Za-z0-9_-]+$",
    maxLength=-(-record_v1.MOST_BOX_BYTES * 4 // 3),
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
            "description": "The client draws id and key, and seals; the server never has the value before it is read. "
            "The bot makes it; its answer is waited for ten seconds.  The same request again is answered the same: the "
            "id is what makes it one.",
            "security": [{"token": [Scope.SEND]}],
            "requestBody": body(
                members(
                    {
                        "id": RECORD_ID,
                        "proof": base64url(32, "What is kept of the record's key"),
                        "wrapped_key": base64url(record_v1.WRAPPED_KEY_BYTES, "The data key under the record's key"),
                        "box": _BOX,
                        "label": text(
                            "What it is, for the owner's own list", minLength=1, maxLength=record_names.MOST_IN_LABEL
                        ),
                        "rotate_url": or_null(text("The page on which the key is rotated at its provider")),
                        "lives_seconds": whole("For how long it can be read", maximum=record_names.MOST_SECONDS_OF_ONE),
                        "most_reads": or_null(whole("How often; null for any number")),
                    }
                )
            ),
            "responses": {
                "201": answer(
                    "It can be read.",
                    members(
                        {
                            "state": {"const": "made"},
                            "id": RECORD_ID,
                            "url": text("Where its key reads it"),
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
