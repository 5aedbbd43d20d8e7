"""The routes for whoever holds a link; a token opens none of them, and what it says is in the protocol."""

from typing import Final

from reveal_web.machines.described.components import ID_PARAMETER
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
from store.words import Ask

PROOF: Final = {"link_proof": base64url(32, "That somebody holds the link")}
JSON: Final = (
    "malformed", "wrong-origin", "too-large", "unsupported-type", "not-found", "slow-down", "unavailable",
)  # fmt: skip
_LEFT: Final = {
    "sends_left": whole("How often this claim may ask again"),
    "seconds_left": whole("For how many seconds it may"),
}


def _operation(name: str, summary: str, said: Json, answers: Json, *more: str) -> Json:
    return {
        "parameters": [ID_PARAMETER],
        "post": {
            "operationId": name,
            "summary": summary,
            "security": [],
            "requestBody": body(members(said)),
            "responses": {**answers, **problems(*JSON, *more, late_body=True)},
        },
    }


_DOOR: Final = members(
    {
        "state": word(("sealed", "locked", "paused"), "Whether it can be opened"),
        "header": text("What is bound to the secret, verbatim"),
        "hint": or_null(text("The sender's hint for the passphrase")),
        "tries_left": whole("Guesses before it locks"),
        "retry_after_seconds": whole("Until the next guess may be made"),
        "variable": text("Under which name the secret goes into an environment"),
    },
    optional=("variable",),
)
_ENVELOPE: Final[Json] = {
    "description": "The envelope: as JSON, or its bytes alone where it is large.",
    "content": {
        "application/json": {
            "schema": members({"envelope": text("The envelope as base64url", pattern="^[A-Za-z0-9_-]*$"), **_LEFT})
        },
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
    },
}
_DONE: Final = members(
    {"state": {"const": "destroyed"}, "receipt": or_null(text("The address of its receipt"))},
)

PATHS: Final[Json] = {
    "/api/v1/drops/{id}/door": _operation(
        "lookAtDoor", "What one sees before claiming; uses nothing up", PROOF, {"200": answer("The door.", _DOOR)},
        "ended", "key-unreadable",
    ),
    "/api/v1/drops/{id}/claim": _operation(
        "claimDrop", "Take the one right to receive the envelope",
        {**PROOF, "auth_token": base64url(32, "That somebody knows the passphrase"),
         "claim": base64url(32, "Fresh for each typed passphrase")},
        {"200": _ENVELOPE},
        "ended", "locked", "paused", "wrong-passphrase", "verification-required", "too-soon", "key-unreadable",
    ),
    "/api/v1/drops/{id}/acknowledge": _operation(
        "acknowledgeDrop", "Say that it was opened; destroys the drop",
        {**PROOF, "claim": base64url(32, "The claim that won")}, {"200": answer("Destroyed.", _DONE)},
        "ended", "key-unreadable",
    ),
    "/api/v1/drops/{id}/not-me": _operation(
        "denyDrop", "Say that one did not expect this, or did not open it", PROOF,
        {"202": answer("Told.", members({}))}, "ended", "key-unreadable",
    ),
    "/api/v1/drops/{id}/ask": _operation(
        "askSender", "Ask the sender for something", {**PROOF, "what": word(Ask, "For what")},
        {"202": answer("Told.", members({}))}, "ended", "key-unreadable",
    ),
}  # fmt: skip
