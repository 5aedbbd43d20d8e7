"""The routes for whoever seals outside the bot."""

from typing import Final

from reveal_web.machines.ask_routes import MOST_IN
from reveal_web.machines.described.components import RECIPIENT_CLASSES
from reveal_web.machines.described.shapes import (
    Json,
    answer,
    base64url,
    body,
    members,
    moment,
    or_null,
    problems,
    text,
    whole,
    word,
)
from store.formats.asked_order_v1 import DELIVERIES
from store.words import Delivery, OrderKind, Outcome, Scope, State, Verify, Way

_ID: Final[Json] = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "An order's id, 22 characters.  What is no id is answered like an id that nobody has.",
    "schema": {"type": "string"},
}
_JSON: Final = ("malformed", "wrong-origin", "too-large", "unsupported-type", "unavailable")
_OF_TOKENS: Final = ("no-token", "wrong-scope", "wrong-tokens", "asked-too-often")
_TOKEN: Final = base64url(32, "The order's own token")
_KEY: Final[Json] = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Of all that is asked for under one key within a day one thing is made.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
}
_ATTEMPT: Final[Json] = {
    "name": "Idempotency-Attempt",
    "in": "header",
    "description": "With Idempotency-Key: whoever asks the same in the same attempt is given the same order.",
    "schema": {"type": "string", "pattern": "^[!-~]{16,255}$"},
}

_ASKED: Final = members({"state": {"const": "asked"}}, description="No bot has answered so far.")
_REFUSED: Final = members(
    {
        "state": {"const": "refused"},
        "why": text("A word for programs"),
        "names": {"type": "array", "items": text("Somebody whom it is about, or the bound that was met")},
        "retry_after_seconds": or_null(whole("After which there is room, where only that is in the way")),
    },
    description="The bot does not order it.",
)
_USED: Final = members(
    {"state": {"const": "used"}, "delivery": word(Delivery, "Whether the link arrived"), "recipient": text("To whom")},
    description="A drop was sealed under it.",
)
_OPEN: Final = members(
    {
        "state": {"const": "open"},
        "kind": word(OrderKind, "Who seals"),
        "sender": text("In whose name"),
        "recipient": text("For whom"),
        "recipient_class": word(RECIPIENT_CLASSES, "How close they are"),
        "label": text("What the secret is"),
        "hint": or_null(text("What the recipient is told about the passphrase")),
        "lives_seconds": whole("How long the drop lives"),
        "way": word(Way, "How the link comes to the recipient; `shown` where whoever seals hands it over"),
        "template": text("As what kind of credential it is handed over"),
        "passphrase": word(("own", "made"), "Whether whoever seals must bring one that the recipient knows"),
        "verify": word(Verify, "Whether the recipient must press a button in Slack first"),
        "on_lock": word(("lock", "destroy"), "What becomes of it when the guesses are used up"),
        "rotate_by": or_null(moment("When the key is to be rotated")),
        "variable": or_null(text("The environment variable for which it is meant")),
        "seconds_left": whole("How long the order serves"),
        "now": whole("The server's time, in Unix seconds"),
        "delivery_key": base64url(65, "The bot's delivery key"),
        "public_url": text("What stands in front of /s/ in the link"),
        "most_bytes": whole("How large a secret may be"),
    },
    description="A drop may be sealed under it.",
)


def _wish(name: str, description: str) -> Json:
    return text(description, maxLength=MOST_IN[name])


PATHS: Final[Json] = {
    "/api/v1/orders": {
        "post": {
            "operationId": "askForOrder",
            "summary": "Ask the bot for an order, under which one drop can be sealed",
            "security": [{"token": [Scope.SEND]}],
            "requestBody": body(
                members(
                    {
                        "to": _wish("to", "`@` and a handle or display name, a Slack user id, or an e-mail address"),
                        "label": or_null(_wish("label", "What the secret is; null for the template's")),
                        "hint": or_null(_wish("hint", "What the recipient is told about the passphrase")),
                        "lives_seconds": or_null(whole("How long the drop lives; null for the usual time", minimum=1)),
                        "reference": or_null(_wish("reference", "A ticket's number, or the like")),
                        "anyway": {"type": "boolean", "description": "A guest or somebody from outside is meant"},
                        "template": or_null(_wish("template", "The exact name of one; null for `anything`")),
                        "engagement_ends": or_null(_wish("engagement_ends", "A day as 2026-12-31, or `none`")),
                        "delivery": word(DELIVERIES, "Whether we deliver the link, or whoever seals hands it over"),
                    },
                    optional=("template", "engagement_ends", "delivery"),
                )
            ),
            "parameters": [_KEY, _ATTEMPT],
            "responses": {
                "200": answer(
                    "The same was asked for under this Idempotency-Key, and handed in.",
                    members(
                        {
                            "drop": base64url(16, "Which drop"),
                            "state": word([*State, *Outcome], "How it stands, or how it ended"),
                            "delivery": word(Delivery, "Whether the link arrived"),
                        }
                    ),
                ),
                "202": answer(
                    "Taken; look for the bot's answer.",
                    members(
                        {
                            "order": base64url(16, "Which order"),
                            "token": _TOKEN,
                            "public_url": text("What stands in front of /s/ in the link"),
                        }
                    ),
                ),
                **problems(*_JSON, *_OF_TOKENS, "idempotency-mismatch", "idempotency-running", late_body=True),
            },
        }
    },
    "/api/v1/orders/{id}/look": {
        "parameters": [_ID],
        "post": {
            "operationId": "lookAtOrder",
            "summary": "How an order stands; uses nothing up",
            "security": [],
            "requestBody": body(members({"token": _TOKEN})),
            "responses": {
                "200": answer("How it stands.", {"oneOf": [_OPEN, _USED, _REFUSED]}),
                "202": answer("Look again.", _ASKED),
                **problems(*_JSON, "not-found", "slow-down", late_body=True),
            },
        },
    },
    "/api/v1/orders/{id}/drop": {
        "parameters": [_ID],
        "post": {
            "operationId": "sealUnderOrder",
            "summary": "Hand in the drop that was sealed under an order",
            "description": "`uint32be n ‖ JSON[n] ‖ envelope`, as section 17 of the protocol has it.",
            "security": [],
            "requestBody": {
                "required": True,
                "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
            },
            "responses": {
                "201": answer("It is kept, and the bot delivers it.", members({"state": {"const": "sealed"}})),
                **problems(*_JSON, "not-found", "order-used", "unacceptable", "slow-down", "busy", late_body=True),
            },
        },
    },
}
