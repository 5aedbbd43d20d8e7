"""The routes for whoever holds the link of a record; what they say is in the protocol, and a token opens none."""

from typing import Final

from reveal_web.machines.described.reader_paths import JSON, PROOF
from reveal_web.machines.described.shapes import (
    Json,
    answer,
    base64url,
    body,
    members,
    or_null,
    problems,
    text,
    whole,
    word,
)
from reveal_web.machines.record_page_routes import LIVE, LOCKED

_ID: Final[Json] = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "A record's id, 22 characters.  One that programs read is answered like an id that nobody has.",
    "schema": {"type": "string"},
}
_LEFT: Final = {"reads_left": or_null(whole("How often it can be read from now on; null where there is no end"))}


def _operation(name: str, summary: str, said: Json, shape: Json, *more: str) -> Json:
    return {
        "parameters": [_ID],
        "post": {
            "operationId": name,
            "summary": summary,
            "security": [],
            "requestBody": body(members(said)),
            "responses": {"200": answer("Here.", shape), **problems(*JSON, *more, late_body=True)},
        },
    }


_DOOR: Final = members(
    {
        "state": word((LIVE, LOCKED), "Whether it can be read"),
        "header": text("What is bound to the value, verbatim"),
        "hint": or_null(text("A hint for the passphrase")),
        "tries_left": whole("Guesses that may be refused before it locks"),
        "retry_after_seconds": whole("Until the next guess may be made"),
        **_LEFT,
    }
)
_GIVEN: Final = members(
    {
        "sealed": text("What link and passphrase open, as base64url", pattern="^[A-Za-z0-9_-]*$"),
        "version": whole("Of which rotation, counted from 1; goes into opening it"),
        **_LEFT,
    }
)

PATHS: Final[Json] = {
    "/api/v1/records/{id}/door": _operation(
        "lookAtRecord", "What one sees before the passphrase; uses nothing up", PROOF, _DOOR, "ended", "key-unreadable"
    ),
    "/api/v1/records/{id}/view": _operation(
        "viewRecord", "Read a record with link and passphrase; counts one read",
        {**PROOF, "auth_token": base64url(32, "That somebody knows the passphrase"),
         "attempt": base64url(32, "Fresh for each typed passphrase")},
        _GIVEN,
        "ended", "locked", "wrong-passphrase", "too-soon", "key-unreadable",
    ),
}  # fmt: skip
