"""The routes for whoever has a token and reads or revokes."""

from typing import Final

from reveal_web.machines.described.components import ID_PARAMETER, RID
from reveal_web.machines.described.shapes import (
    RETRY_AFTER,
    Json,
    answer,
    members,
    moment,
    or_null,
    problems,
    ref,
    text,
    word,
)
from store.listing import Section
from store.words import Outcome, Scope, State

_REFUSED: Final = ("malformed", "no-token", "wrong-origin", "wrong-tokens", "unavailable")
OF_READING: Final = (*_REFUSED, "wrong-scope", "asked-too-often")


def _bearer(scope: Scope) -> list[Json]:
    return [{"token": [scope]}]


def _parameter(name: str, schema: Json, description: str) -> Json:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


PAGE_PARAMETERS: Final = [
    _parameter("limit", {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}, "How many at most"),
    _parameter("after", {"type": "string"}, "The `after` of the page before"),
]

PATHS: Final[Json] = {
    "/api/v1/token": {
        "get": {
            "operationId": "whoseToken",
            "summary": "Whether a token serves, until when, and for what",
            "security": [{"token": []}],
            "responses": {
                "200": answer(
                    "It serves.",
                    members(
                        {
                            "state": {"const": "valid"},
                            "until": moment("Until when"),
                            "scopes": {"type": "array", "items": word(Scope, "What it is for"), "uniqueItems": True},
                        }
                    ),
                ),
                **problems("malformed", "no-token", "wrong-tokens", "unavailable"),
            },
        }
    },
    "/api/v1/drops": {
        "get": {
            "operationId": "listDrops",
            "summary": "The drops that the token's owner has sent, newest first",
            "description": "A page may hold fewer than `limit`; go on for as long as `after` is not null.",
            "security": _bearer(Scope.READ),
            "parameters": [
                _parameter("section", word(Section, "As in the Home tab"), "Only what stands there"),
                _parameter("template", {"type": "string", "minLength": 1, "maxLength": 64}, "Only this template's"),
                *PAGE_PARAMETERS,
            ],
            "responses": {
                "200": answer(
                    "Some of them.",
                    members(
                        {
                            "drops": {"type": "array", "items": ref("Drop"), "maxItems": 100},
                            "after": or_null(text("Where the next page begins")),
                        }
                    ),
                ),
                **problems(*OF_READING),
            },
        }
    },
    "/api/v1/drops/{id}": {
        "parameters": [ID_PARAMETER],
        "get": {
            "operationId": "readDrop",
            "summary": "One drop",
            "security": _bearer(Scope.READ),
            "responses": {"200": answer("The drop.", ref("Drop")), **problems(*OF_READING, "not-found")},
        },
    },
    "/api/v1/drops/{id}/events": {
        "parameters": [ID_PARAMETER],
        "get": {
            "operationId": "readEvents",
            "summary": "What happened to a drop, oldest first",
            "security": _bearer(Scope.READ),
            "responses": {
                "200": answer("Every event.", members({"events": {"type": "array", "items": ref("Step")}})),
                **problems(*OF_READING, "not-found"),
            },
        },
    },
    "/api/v1/drops/{id}/receipt": {
        "parameters": [ID_PARAMETER],
        "get": {
            "operationId": "readReceipt",
            "summary": "The receipt of a drop that has ended",
            "security": _bearer(Scope.READ),
            "responses": {
                "200": answer(
                    "The receipt.",
                    members(
                        {
                            "rid": RID,
                            "url": text("Its page, which everybody may read"),
                            "jws": text("As it was signed: a compact EdDSA JWS"),
                        }
                    ),
                ),
                **problems(*OF_READING, "not-found", "no-receipt"),
            },
        },
    },
    "/api/v1/drops/{id}/revoke": {
        "parameters": [ID_PARAMETER],
        "post": {
            "operationId": "revokeDrop",
            "summary": "End a drop that nobody has opened, and destroy it",
            "description": "The bot does it; its answer is waited for ten seconds.  Revoking what is revoked answers "
            "200 again.  A drop that was opened is too late, and what is left of it is destroyed.",
            "security": _bearer(Scope.REVOKE),
            "responses": {
                "200": answer(
                    "Nobody can open it any more.",
                    members(
                        {
                            "state": word([State.ENDING, State.DESTROYED], "`ending` where its key is erased later"),
                            "outcome": {"const": Outcome.REVOKED},
                        }
                    ),
                ),
                "202": answer(
                    "The bot has not answered so far.  It goes on for two minutes; ask the same again, or look.",
                    members({"state": {"const": "asked"}, "look": text("Where the drop can be looked at")}),
                    headers=RETRY_AFTER,
                ),
                **problems(*OF_READING, "not-found", "too-late"),
            },
        },
    },
}
